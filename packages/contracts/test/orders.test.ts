import { expect } from "chai";
import { Wallet, ZeroAddress } from "ethers";

import { accountId, bookId } from "../src/ids.ts";
import { buildOrder } from "../src/orders/build.ts";
import { packLeg, packLegs, scaleLegs, unpackLeg } from "../src/orders/legs.ts";
import { signOrder } from "../src/orders/sign.ts";
import { orderDigest, orderDomain } from "../src/orders/typedData.ts";
import type { OrderInput, PartInput } from "../src/orders/types.ts";

const wallet = new Wallet(`0x${"01".repeat(32)}`);
const MARKET = 5n << 104n;
const BOOK = bookId(MARKET, 1_000);
const NEXT = bookId(MARKET, 2_000);
const put = (strike: bigint, quantity: bigint) => ({ strike, isCall: false, quantity });
const call = (strike: bigint, quantity: bigint) => ({ strike, isCall: true, quantity });
const PART: PartInput = { book: BOOK, legs: [put(100n, -1n)], premium: 5n };

function input(patch: Partial<OrderInput> = {}, part: Partial<PartInput> = {}): OrderInput {
  return {
    account: accountId(wallet.address),
    nonce: 1,
    epoch: 0,
    units: 10,
    signedAt: 100,
    deadline: 200,
    parts: [{ ...PART, ...part }],
    ...patch,
  };
}

describe("legs", () => {
  it("pack into strike, right and lots, and back", () => {
    for (const leg of [put(1n, -1n), call(2n ** 63n - 1n, 1n - 2n ** 63n), call(7n, 3n)]) {
      expect(unpackLeg(packLeg(leg))).to.deep.equal(leg);
    }
    expect(packLeg(call(1n, -1n))).to.equal((1n << 65n) | (1n << 64n) | (2n ** 64n - 1n));
  });

  it("are sorted by strike, puts before calls", () => {
    const legs = [call(2n, 1n), put(3n, 1n), call(1n, 1n), put(2n, 1n)];
    expect(packLegs(legs).map(unpackLeg)).to.deep.equal([
      call(1n, 1n),
      put(2n, 1n),
      call(2n, 1n),
      put(3n, 1n),
    ]);
  });

  it("may be given packed", () => {
    expect(packLegs([packLeg(put(2n, 1n)), put(1n, 1n)])).to.deep.equal(
      packLegs([put(1n, 1n), put(2n, 1n)]),
    );
  });

  it("change sides", () => {
    expect(scaleLegs(packLegs([put(1n, 2n), call(1n, -1n)]), -1).map(unpackLeg)).to.deep.equal([
      put(1n, -2n),
      call(1n, 1n),
    ]);
  });

  for (const [why, act, message] of [
    ["no strike", () => packLeg(put(0n, 1n)), /^leg\.strike must be between 1 and \d+, not 0$/],
    ["no lots", () => packLeg(put(1n, 0n)), /^leg\.quantity must not be 0/],
    ["too many lots", () => packLeg(put(1n, -(1n << 63n))), /^leg\.quantity must be between/],
    ["half a lot", () => packLeg({ ...put(1n, 1n), quantity: 0.5 }), /safe integer, not 0\.5$/],
    ["a word too wide", () => unpackLeg(1n << 128n), /^packed leg must be between/],
    ["a series twice", () => packLegs([put(1n, 1n), put(1n, 2n)]), /put at 1 twice/],
    ["no legs", () => packLegs([]), /^legs must be 1 to 32, not 0$/],
    ["a product too large", () => scaleLegs([packLeg(put(1n, 1n << 62n))], 2), /^legs\[0\]/],
  ] as const) {
    it(`refuse ${why}`, () => {
      expect(act).to.throw(TypeError, message);
    });
  }
});

describe("buildOrder", () => {
  it("fills in what may be left out and takes numbers for bigints", () => {
    expect(buildOrder(input())).to.deep.equal({
      account: accountId(wallet.address),
      nonce: 1n,
      epoch: 0n,
      units: 10n,
      minFill: 1n,
      signedAt: 100n,
      deadline: 200n,
      taker: ZeroAddress,
      parts: [{ book: BOOK, legs: [packLeg(put(100n, -1n))], premium: 5n, maxDraw: 0n }],
    });
  });

  it("sorts parts by book and leaves its argument as it was", () => {
    const parts = [{ ...PART, book: NEXT }, PART];
    expect(buildOrder(input({ parts })).parts.map(({ book }) => book)).to.deep.equal([BOOK, NEXT]);
    expect(parts.map(({ book }) => book)).to.deep.equal([NEXT, BOOK]);
  });

  for (const [why, patch, message] of [
    ["a negative nonce", { nonce: -1n }, /^nonce must be between 0 and \d+, not -1$/],
    ["an account without an owner", { account: 7n }, /^account has no owner: 7$/],
    ["no units", { units: 0n }, /^units must be between 1/],
    ["too many units", { units: 1n << 64n }, /^units must be between/],
    ["a least fill above the size", { minFill: 11n }, /^minFill must be between 0 and 10, not 11$/],
    ["an epoch too large", { epoch: 2 ** 32 }, /^epoch must be/],
    ["a time too large", { deadline: 2 ** 40 }, /^deadline must be/],
    ["a deadline before the signature", { deadline: 99 }, /^deadline 99 is before signedAt 100$/],
    ["a taker that is no address", { taker: "0x12" }, /^taker must be an address, not "0x12"$/],
    ["a number that is not safe", { nonce: 2 ** 53 }, /^nonce must be a bigint or a safe integer/],
    ["no parts", { parts: [] }, /^parts must be 1 to 4, not 0$/],
    ["one book twice", { parts: [PART, PART] }, /^parts hold book \d+ twice/],
  ] as const) {
    it(`refuses ${why}`, () => {
      expect(() => buildOrder(input(patch))).to.throw(TypeError, message);
    });
  }

  for (const [why, part, message] of [
    ["a market for a book", { book: MARKET }, /^parts\[0\]\.book is no book/],
    ["a series for a book", { book: BOOK | 1n }, /^parts\[0\]\.book is no book/],
    ["33 legs", { legs: Array.from({ length: 33 }, (_, i) => put(BigInt(i + 1), 1n)) }, /not 33$/],
    ["a bad leg", { legs: [put(1n, 0n)] }, /^parts\[0\]\.legs\[0\]\.quantity/],
    ["a premium too large", { premium: 1n << 63n }, /^parts\[0\]\.premium must be between/],
    ["a negative draw", { maxDraw: -1n }, /^parts\[0\]\.maxDraw must be between/],
  ] as const) {
    it(`refuses ${why}`, () => {
      expect(() => buildOrder(input({}, part))).to.throw(TypeError, message);
    });
  }

  it("says what stands where a list should", () => {
    const legs = JSON.parse("null") as [];
    expect(() => buildOrder(input({}, { legs }))).to.throw(
      TypeError,
      /^parts\[0\]\.legs must be a list, not null$/,
    );
  });

  it("says which text stands where a number should", () => {
    const nonce = JSON.parse('"7"') as bigint;
    expect(() => buildOrder(input({ nonce }))).to.throw(TypeError, /not "7"$/);
  });
});

describe("signOrder", () => {
  it("signs the digest, whatever signer it is given", async () => {
    const order = buildOrder(input());
    const domain = orderDomain(1n, `0x${"22".repeat(20)}`);
    const signature = await signOrder(wallet, order, domain);
    expect(signature).to.equal(wallet.signingKey.sign(orderDigest(order, domain)).serialized);
  });
});
