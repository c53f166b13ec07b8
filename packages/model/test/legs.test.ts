import { expect } from "chai";
import fc from "fast-check";
import {
  addLegs,
  bookWord,
  compareLegs,
  guardWord,
  headerWord,
  legSlotWords,
  noncesWord,
  operatorWord,
  packLeg,
  partialWord,
  quantityIn,
  scaleWord,
} from "@certus/model";
import type { Account, Nonce } from "@certus/model";
import { ticks, vectors } from "../../../test/helpers/arbitraries.ts";
import { createScene, expectOk, from, GUARD, leg, START } from "./helpers/scene.ts";

const pairs = fc
  .tuple(fc.boolean(), ticks)
  .chain(([inverse, tick]) => fc.tuple(vectors(inverse, tick), vectors(inverse, tick)));

describe("legs", () => {
  describe("compareLegs", () => {
    it("orders by strike, then the put before the call", () => {
      const sorted = [leg("put", 1, 1), leg("call", 1, 1), leg("put", 2, 1)];
      expect([...sorted].reverse().sort(compareLegs)).to.deep.equal(sorted);
    });
  });

  describe("addLegs", () => {
    it("nets by series and drops what comes to nothing", () => {
      const held = [leg("put", 1, 2), leg("call", 1, 1), leg("put", 3, -4)];
      const moved = [leg("put", 1, -1), leg("put", 2, 5), leg("put", 3, 2)];
      expect(addLegs(held, moved, 2n)).to.deep.equal([leg("call", 1, 1), leg("put", 2, 10)]);
    });

    it("adds up series by series and stays sorted", () => {
      fc.assert(
        fc.property(pairs, fc.bigInt(-3n, 3n), ([held, moved], times) => {
          const sum = addLegs(held, moved, times);
          for (const series of [...held, ...moved]) {
            const expected = quantityIn(held, series) + times * quantityIn(moved, series);
            expect(quantityIn(sum, series)).to.equal(expected);
          }
          expect(sum.every(({ quantity }) => quantity !== 0n)).to.equal(true);
          const ascends = sum.slice(1).every((each, at) => compareLegs(sum[at] ?? each, each) < 0);
          expect(ascends).to.equal(true);
        }),
      );
    });

    it("does not care which vector came first, and takes back what it gave", () => {
      fc.assert(
        fc.property(pairs, ([one, two]) => {
          expect(addLegs(one, two, 1n)).to.deep.equal(addLegs(two, one, 1n));
          expect(addLegs(addLegs(one, two, 1n), two, -1n)).to.deep.equal(one);
        }),
      );
    });
  });
});

describe("words", () => {
  const legs = [leg("put", 1, 1), leg("call", 1, -2), leg("put", 3, 3), leg("put", 4, 4)];
  const packed = legs.map(packLeg);

  describe("headerWord", () => {
    it("holds collateral, flags, count and the first leg", () => {
      const word = headerWord({ collateral: 7n, settled: false, legs });
      expect(word).to.equal(7n | (4n << 120n) | ((packed[0] ?? 0n) << 128n));
      expect(headerWord({ collateral: 7n, settled: true, legs: [] })).to.equal(7n | (1n << 112n));
    });
  });

  describe("legSlotWords", () => {
    it("pairs the other legs, the odd one alone in the low half", () => {
      const [, one = 0n, two = 0n, three = 0n] = packed;
      expect(legSlotWords({ collateral: 0n, settled: false, legs })).to.deep.equal([
        one | (two << 128n),
        three,
      ]);
      expect(
        legSlotWords({ collateral: 0n, settled: false, legs: legs.slice(0, 1) }),
      ).to.deep.equal([]);
    });
  });

  describe("bookWord, scaleWord and guardWord", () => {
    it("put every field at its place", () => {
      const { ledger, linear, inverse } = createScene({
        linear: { lastTrade: 86_400n, num: 7n, den: 3n },
      });
      Object.assign(linear, { pool: 1n, fees: 2n, price: 3n });
      expect(bookWord(linear)).to.equal(1n | (2n << 112n) | (3n << 192n) | (1n << 255n));
      const { terms, guard } = linear.market;
      const scale = 7n | (3n << 64n) | (terms.feePerLot << 128n) | (terms.strikeTick << 192n);
      expect(scaleWord(linear.market)).to.equal(scale);
      expect(scaleWord(inverse.market) >> 255n).to.equal(1n);
      const market = linear.market.market;
      const fresh = terms.ceiling | (86_400n << 234n) | (1n << 252n);
      expect(guardWord(linear.market)).to.equal(fresh);
      expectOk(ledger.setGuard(from(GUARD), market, 2n, START + 5n, 9n));
      expectOk(ledger.setGuard(from(GUARD, START + 1n), market, 2n, START + 6n, 9n));
      guard.retired = true;
      const times = ((START + 6n) << 112n) | (START << 152n) | ((START + 1n) << 192n);
      const flags = (2n << 232n) | (86_400n << 234n) | (1n << 251n) | (1n << 252n);
      expect(guardWord(linear.market)).to.equal(9n | times | flags);
    });
  });

  describe("noncesWord, partialWord and operatorWord", () => {
    it("put every field at its place", () => {
      const nonces = new Map<bigint, Nonce>([
        [0n, { state: "partial", hashTop: 5n, filled: 6n }],
        [127n, { state: "filled" }],
        [128n, { state: "cancelled" }],
      ]);
      const account: Account = {
        account: 1n,
        epoch: 0n,
        cash: new Map(),
        positions: new Map(),
        operators: new Map(),
        nonces,
      };
      expect(noncesWord(account, 0n)).to.equal(1n | (3n << 254n));
      expect(noncesWord(account, 1n)).to.equal(2n);
      expect(partialWord(nonces.get(0n))).to.equal((5n << 64n) | 6n);
      expect(partialWord(nonces.get(127n))).to.equal(0n);
      const operator = { scopes: 3n, until: 4n, since: 5n };
      expect(operatorWord(operator)).to.equal(3n | (4n << 8n) | (5n << 48n));
    });
  });
});
