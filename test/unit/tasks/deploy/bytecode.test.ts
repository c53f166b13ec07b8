import { expect } from "chai";
import { concat, toBeHex, zeroPadValue } from "ethers";

import { differenceOf } from "../../../../tasks/lib/deploy/bytecode.ts";

const LIBRARY = "0x2279B7A0a67DB372996a5FaB50D91eAA73d2eBe6";
const OTHER = "0x8A791620dd6260079BF849Dc5567aDC3F2FdC318";
const ZERO = zeroPadValue("0x", 32);
const PUSH32 = "0x7f";
const PUSH2 = "0x61";

/** A build without gaps, but for those that are named. */
const built = (deployedBytecode: string, rest: object = {}) => ({
  deployedBytecode,
  deployedLinkReferences: {},
  ...rest,
});

describe("tasks/lib/deploy/bytecode", () => {
  it("finds nothing between equal codes", () => {
    expect(differenceOf("0x6001", built("0x6001"), {})).to.equal(undefined);
  });

  it("names the first byte that differs, and lengths that do", () => {
    expect(differenceOf("0x600200", built("0x600100"), {})).to.equal(
      "byte 1 of 3 is 0x02, in the build 0x01",
    );
    expect(differenceOf("0x60", built("0x6001"), {})).to.equal("the code has 1 bytes, the build 2");
    expect(differenceOf("0x", built("0x6001"), {})).to.equal("there is no code");
  });

  it("takes immutables for what they are, where the compiler says that they stand", () => {
    const code = (word: string) => concat([PUSH32, word, "0x50"]);
    const immutable = { immutableReferences: { "7": [{ start: 1, length: 32 }] } };
    expect(differenceOf(code(toBeHex(7, 32)), built(code(ZERO), immutable), {})).to.equal(
      undefined,
    );
    // The same word is a constant where the compiler names no immutable.
    const none = { immutableReferences: {} };
    expect(differenceOf(code(toBeHex(7, 32)), built(code(ZERO), none), {})).to.match(
      /^byte 32 of 34/,
    );
    // Behind the immutable everything counts.
    const changed = concat([PUSH32, toBeHex(7, 32), "0x51"]);
    expect(differenceOf(changed, built(code(ZERO), immutable), {})).to.match(/^byte 33 of 34/);
  });

  it("takes pushed words of zero for immutables in artifacts that do not say", () => {
    const code = (word: string) => concat([PUSH32, word, PUSH2, "0x7f00", "0x00"]);
    const wanted = built(code(ZERO));
    expect(differenceOf(code(toBeHex(9, 32)), wanted, {})).to.equal(undefined);
    // A byte 0x7f inside of what is pushed is no instruction, and zeros behind it are code.
    const data = concat([PUSH2, "0x7f00", ...Array.from({ length: 40 }, () => "0x00")]);
    const other = concat([PUSH2, "0x7f00", "0x01", ...Array.from({ length: 39 }, () => "0x00")]);
    expect(differenceOf(other, built(data), {})).to.equal(
      "byte 3 of 43 is 0x01, in the build 0x00",
    );
  });

  it("holds linked libraries to those that were linked", () => {
    const wanted = built(`0x73__$${"a".repeat(34)}$__50`, {
      immutableReferences: {},
      deployedLinkReferences: { "L.sol": { Listing: [{ start: 1, length: 20 }] } },
    });
    const code = concat(["0x73", LIBRARY, "0x50"]);
    expect(differenceOf(code, wanted, { Listing: LIBRARY })).to.equal(undefined);
    expect(differenceOf(code, wanted, { Listing: OTHER })).to.equal(
      `library Listing is ${LIBRARY}, not ${OTHER}`,
    );
    expect(differenceOf(code, wanted, {})).to.equal(
      `library Listing is ${LIBRARY}, not one that is known`,
    );
    const changed = concat(["0x73", LIBRARY, "0x51"]);
    expect(differenceOf(changed, wanted, { Listing: LIBRARY })).to.match(/^byte 21 of 22/);
  });
});
