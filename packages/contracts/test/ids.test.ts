import * as model from "@certus/model";
import { expect } from "chai";
import fc from "fast-check";
import { getAddress, toBeHex } from "ethers";

import {
  accountId,
  bookId,
  expiryOf,
  isBookId,
  marketKey,
  marketOf,
  ownerOf,
  packageId,
  parseSeries,
  seriesId,
  subOf,
} from "../src/ids.ts";
import { packLeg, unpackLeg } from "../src/orders/legs.ts";

const MAX_63 = (1n << 63n) - 1n;
const word = (bits: number) => fc.bigInt(0n, (1n << BigInt(bits)) - 1n);
const strike = fc.bigInt(1n, MAX_63);
const book = fc
  .tuple(word(151), fc.bigInt(1n, (1n << 40n) - 1n))
  .map(([market, expiry]) => bookId(market << 104n, expiry));

describe("ids", () => {
  it("agree with the model's", () => {
    fc.assert(
      fc.property(word(256), word(160), word(96), book, fc.boolean(), strike, (...drawn) => {
        const [marketId, owner, sub, at, isCall, price] = drawn;
        const address = getAddress(toBeHex(owner, 20));
        const account = accountId(address, sub);
        expect(account).to.equal(model.accountOf(owner, sub));
        expect([ownerOf(account), subOf(account)]).to.deep.equal([address, sub]);
        expect(marketKey(toBeHex(marketId, 32))).to.equal(model.marketOf(marketId));
        expect(marketOf(at)).to.equal(model.marketOfBook(at));
        expect(expiryOf(at)).to.equal(model.expiryOfBook(at));
        expect(bookId(marketOf(at), expiryOf(at))).to.equal(at);
        const series = seriesId(at, isCall, price);
        expect(series).to.equal(model.seriesOf(at, isCall, price));
        expect(parseSeries(series)).to.deep.equal({ book: at, isCall, strike: price });
      }),
    );
  });

  it("pack legs as the model does", () => {
    const quantity = fc.oneof(fc.bigInt(1n, MAX_63), fc.bigInt(-MAX_63, -1n));
    fc.assert(
      fc.property(strike, fc.boolean(), quantity, (price, isCall, lots) => {
        const leg = { strike: price, isCall, quantity: lots };
        expect(packLeg(leg)).to.equal(model.packLeg(leg));
        expect(unpackLeg(packLeg(leg))).to.deep.equal(leg);
      }),
    );
  });

  it("tell books from markets and series", () => {
    const at = bookId(7n << 104n, 9);
    expect([isBookId(at), isBookId(7n << 104n), isBookId(at | 1n)]).to.deep.equal([
      true,
      false,
      false,
    ]);
    expect(isBookId(at | (1n << 255n))).to.equal(false);
  });

  it("name a package of one leg of +1 by its series, others by a hash", () => {
    const at = bookId(7n << 104n, 9);
    const one = { strike: 5n, isCall: true, quantity: 1n };
    expect(packageId(at, [one])).to.equal(seriesId(at, true, 5n));
    const two = packageId(at, [{ ...one, quantity: 2n }]);
    expect(two >> 255n).to.equal(1n);
    expect(packageId(at, [one, { ...one, strike: 4n }])).to.equal(
      packageId(at, [{ ...one, strike: 4n }, one]),
    );
  });

  for (const [why, act, message] of [
    ["an expiry of 0", () => bookId(1n << 104n, 0), /^expiry must be/],
    ["a market id for a key", () => bookId(1n << 255n, 1), /is no market's key/],
    ["a market for a book", () => seriesId(1n << 104n, true, 1n), /^book \d+ is none/],
    ["a sub-account too large", () => accountId(`0x${"11".repeat(20)}`, 1n << 96n), /^sub must/],
    ["an owner that is no address", () => accountId("0x1"), /address/],
  ] as const) {
    it(`refuse ${why}`, () => {
      expect(act).to.throw(TypeError, message);
    });
  }
});
