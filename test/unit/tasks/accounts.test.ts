import { expect } from "chai";

import { accountText, parseAccount, parseAddress } from "../../../tasks/lib/accounts.ts";
import { UsageError } from "../../../tasks/lib/usage.ts";

const OWNER = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";

describe("tasks/lib/accounts", () => {
  it("reads an owner, a sub-account and an id, and writes them", () => {
    const first = BigInt(OWNER) << 96n;
    expect(parseAccount("--account", OWNER)).to.equal(first);
    expect(parseAccount("--account", `${OWNER.toLowerCase()}:3`)).to.equal(first | 3n);
    expect(parseAccount("--account", `0x${(first | 3n).toString(16)}`)).to.equal(first | 3n);
    expect(accountText(first)).to.equal(OWNER);
    expect(accountText(first | 3n)).to.equal(`${OWNER}:3`);
  });

  for (const [text, message] of [
    ["", "is no account: write an address"],
    [`${OWNER}:x`, "is no account"],
    [`${OWNER}:1:2`, "is no account"],
    [`${OWNER}:${1n << 96n}`, "is no sub-account: they go up to"],
    ["0x1234", "is no address: write 0x and 40 digits"],
    [OWNER.replace("f39F", "F39f"), "its checksum is wrong"],
  ] as const) {
    it(`says what is wrong with ${JSON.stringify(text)}`, () => {
      expect(() => parseAccount("--account", text)).to.throw(UsageError, message);
    });
  }

  it("checks addresses alone", () => {
    expect(parseAddress("--taker", OWNER.toLowerCase())).to.equal(OWNER);
  });
});
