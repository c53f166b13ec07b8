import { expect } from "chai";
import { toBeHex, ZeroHash } from "ethers";

import { storageChanges } from "../../../../tasks/lib/multisig/storage.ts";

const AT = "0x2279B7A0a67DB372996a5FaB50D91eAA73d2eBe6";
const word = (value: number) => toBeHex(value, 32);

describe("tasks/lib/multisig/storage", () => {
  it("tells words that are written, changed and cleared, and nothing else", () => {
    const address = AT.toLowerCase();
    const trace = {
      pre: {
        [address]: { balance: "0x1", storage: { [word(1)]: word(5), [word(2)]: word(6) } },
        "0x0000000000000000000000000000000000000001": { nonce: 1 },
      },
      post: { [address]: { storage: { [word(1)]: "0x7", [word(3)]: word(8) } } },
    };
    expect(storageChanges(trace)).to.deep.equal([
      { address: AT, slot: word(1), before: word(5), after: word(7) },
      { address: AT, slot: word(2), before: word(6), after: ZeroHash },
      { address: AT, slot: word(3), before: ZeroHash, after: word(8) },
    ]);
  });

  it("tells nothing of a trace that is none", () => {
    for (const trace of [null, {}, { pre: 1 }, "0x"]) {
      expect(storageChanges(trace)).to.deep.equal([]);
    }
  });
});
