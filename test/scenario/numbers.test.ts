import { requirement } from "@certus/model";
import { expect } from "chai";
import { VoidSigner, ZeroAddress } from "ethers";

import { black76 } from "../../scripts/demo/black76.ts";
import { faultsOf } from "../../scripts/demo/faults.ts";
import { decimal, signed } from "../../scripts/demo/format.ts";
import { packageIdOf } from "../../scripts/demo/packages.ts";
import type { Redemption } from "../../scripts/demo/packages.ts";
import { breakevens, profitCurve } from "../../scripts/demo/profit.ts";
import { indexFrom, walk } from "../../scripts/demo/series.ts";
import { leastPayout } from "../../scripts/demo/settle.ts";
import type { BookResult } from "../../scripts/demo/settle.ts";
import { STRATEGIES, dealOf, strikeStep } from "../../scripts/demo/strategies.ts";
import { strikeTickFor } from "../../scripts/demo/terms.ts";

const USD = 10n ** 8n;
const LINEAR = { inverse: false, num: 1n, den: 10_000n };
const INVERSE = { inverse: true, num: 10n ** 16n, den: 1n };
const leg = (isCall: boolean, strike: bigint, quantity: bigint) => ({
  strike: strike * USD,
  isCall,
  quantity,
});

describe("the demo's prices", () => {
  it("agree with published Black-76 values", () => {
    // Haug, The Complete Guide to Option Pricing Formulas: a call and a put on a future.
    const quote = { forward: 19, vol: 0.28, years: 0.75, rate: 0.1 };
    expect(black76(quote, true, 19).toFixed(4)).to.equal("1.7011");
    expect(black76(quote, false, 19).toFixed(4)).to.equal("1.7011");
  });

  it("are the discounted intrinsic value without time or volatility", () => {
    const quote = { forward: 110, vol: 0.5, years: 0, rate: 0.1 };
    expect([black76(quote, true, 100), black76(quote, false, 100)]).to.deep.equal([10, 0]);
  });

  it("are struck on round numbers that a strike tick divides, legs sorted and apart", () => {
    for (const price of [85n, 1_234n, 2_500n, 4_999n, 120_000n].map((whole) => whole * USD)) {
      const step = strikeStep(price);
      expect(step % strikeTickFor(price)).to.equal(0n);
      expect(step * 40n <= price && price < step * 101n).to.equal(true);
      for (const { name } of STRATEGIES) {
        for (const { legs } of dealOf(name, { price, left: 604_800n }).parts) {
          for (const { strike } of legs) expect(strike % step).to.equal(0n);
          const keys = legs.map(({ strike, isCall }) => `${strike} ${isCall}`);
          expect(new Set(keys).size).to.equal(legs.length);
        }
      }
    }
  });

  it("make a box cost its discounted width", () => {
    const [part] = dealOf("long box", { price: 2_500n * USD, left: 604_800n }).parts;
    if (!part) throw new Error("a box has one part");
    expect(requirement(LINEAR, part.legs)).to.equal(0n);
    const strikes = part.legs.map(({ strike }) => strike);
    const width = 100n * ((strikes.at(-1) ?? 0n) - (strikes[0] ?? 0n));
    const discount = Number(-part.premium) / Number(width);
    expect(discount.toFixed(6)).to.equal(Math.exp((-0.04 * 7) / 365).toFixed(6));
  });
});

describe("the demo's numbers", () => {
  it("show rounded amounts, thousands apart", () => {
    expect(decimal(1_234_567_895n, 6, 2)).to.equal("1,234.57");
    expect(decimal(-1_999n, 6, 2)).to.equal("0.00");
    expect(decimal(-5_000n, 6, 2)).to.equal("-0.01");
    expect(decimal(1n, 6, 6)).to.equal("0.000001");
    expect(decimal(1_234_567n, 0, 0)).to.equal("1,234,567");
    expect(signed(5n, 0, 0)).to.equal("+5");
    expect(signed(-5n, 0, 0)).to.equal("-5");
  });

  it("find the least payout of a position", () => {
    const condor = [leg(false, 80n, 100n), leg(false, 90n, -100n), leg(true, 110n, -100n)];
    const legs = [...condor, leg(true, 120n, 100n)];
    const needed = requirement(LINEAR, legs);
    expect(leastPayout(LINEAR, needed + 7n, legs)).to.equal(7n);
    expect(leastPayout(LINEAR, 7n, [leg(false, 80n, 100n)])).to.equal(7n);
    expect(leastPayout(INVERSE, 7n, [leg(true, 80n, 100n)])).to.equal(7n);
    const short = leastPayout(INVERSE, 10n ** 18n, [leg(true, 80n, -100n)]);
    // A call in an inverse book comes as near to the whole underlying as the highest price brings it.
    expect(short >= 0n && short < 10n ** 9n).to.equal(true);
  });

  it("find where a profit turns", () => {
    const legs = [leg(true, 100n, 100n), leg(true, 120n, -100n)];
    const holding = { scale: LINEAR, legs, collateral: 0n, paidIn: 5_000_000n };
    const curve = profitCurve(holding, { from: 90n * USD, to: 130n * USD });
    expect(breakevens(curve)).to.deep.equal([{ price: 105n * USD, rising: true }]);
  });

  it("walk the same way from the same seed", () => {
    const input = { start: 0n, price: 100, hours: 24, vol: 0.6, seed: 1 };
    const rounds = walk(input);
    expect(rounds).to.have.length(25);
    expect(rounds[0]).to.deep.equal({ time: 0n, answer: 100n * USD });
    expect(walk(input)).to.deep.equal(rounds);
    expect(walk({ ...input, seed: 2 })[24]).to.not.deep.equal(rounds[24]);
    expect([indexFrom(rounds, 3_600n), indexFrom(rounds, 3_601n)]).to.deep.equal([1, 2]);
    expect(indexFrom(rounds, 10n ** 9n)).to.equal(25);
  });
});

describe("the demo's check of a book", () => {
  const signer = new VoidSigner(ZeroAddress);
  const party = { name: "someone", address: ZeroAddress, account: 1n, signer };
  const token = { address: ZeroAddress, symbol: "USDC", decimals: 6 };
  const share = (quantity: bigint, collateral: bigint, payout: bigint) => {
    const legs = [leg(false, 100n, quantity)];
    const needed = requirement(LINEAR, legs);
    return { party, legs, collateral, payout, requirement: needed, least: 0n };
  };
  // A put of 1 ETH at 100, settled at 90: 10 USDC change sides.
  const sound: Omit<BookResult, "faults"> = {
    market: {
      name: "linear",
      id: 1n,
      token,
      scale: LINEAR,
      strikeTick: USD,
      feePerLot: 0n,
      profile: "0x",
    },
    expiry: 1n,
    book: 1n,
    price: 90n * USD,
    proved: 90n * USD,
    pool: 100_000_000n,
    payouts: 100_000_000n,
    redemptions: [],
    dust: 0n,
    fees: 0n,
    settled: 2,
    short: false,
    shares: [share(100n, 0n, 10_000_000n), share(-100n, 100_000_000n, 90_000_000n)],
  };

  const put = [leg(false, 100n, 1n)];
  const pack = {
    id: packageIdOf(sound.book, put),
    market: sound.market,
    book: sound.book,
    legs: put,
    holder: { name: "a holder", address: ZeroAddress },
    amount: 100n,
  };
  const redemption = { pack, payout: 10_000_000n, received: 10_000_000n };
  /** The same put, held as packages. */
  const wrapped = {
    ...sound,
    payouts: 90_000_000n,
    redemptions: [redemption],
    settled: 1,
    shares: sound.shares.slice(1),
  };

  it("passes a sound one", () => {
    expect(faultsOf(sound)).to.deep.equal([]);
    expect(faultsOf(wrapped)).to.deep.equal([]);
  });

  it("finds whatever does not add up", () => {
    const [long, writer] = sound.shares;
    if (!long || !writer) throw new Error("two shares are given");
    const broken: readonly (readonly [Partial<BookResult>, RegExp])[] = [
      [{ pool: sound.pool + 1n }, /pool 100000001 is not payouts/],
      [{ payouts: sound.pool + 1n, dust: -1n }, /dust -1 of 2 accounts/],
      [{ payouts: sound.pool - 3n, dust: 3n }, /dust 3 of 2 accounts/],
      [{ settled: 1 }, /1 of 2 accounts were settled/],
      [{ short: true }, /not everyone could be paid/],
      [{ proved: 91n * USD }, /settled at 9000000000, proved was 9100000000/],
      [{ price: 80n * USD }, /was paid 10000000, not 20000000/],
      [{ shares: [long, { ...writer, least: 95_000_000n }] }, /less than its worst case/],
      [{ shares: [long, { ...writer, requirement: writer.collateral + 1n }] }, /is not covered/],
      [{ shares: [long] }, /collateral 0 is not the pool/],
      [{ shares: [long] }, /1 series do not add up to zero/],
    ];
    for (const [change, message] of broken) {
      expect(faultsOf({ ...sound, ...change }).join("\n")).to.match(message);
    }
  });

  it("finds whatever is wrong with a redemption", () => {
    const broken: readonly (readonly [Redemption, RegExp])[] = [
      [{ ...redemption, payout: 9_999_999n }, /redemptions 9999999 \+ dust 0/],
      [{ ...redemption, payout: 9_999_999n }, /a holder redeemed 9999999, not 10000000/],
      [{ ...redemption, received: 1n }, /a holder redeemed 10000000 and received 1/],
      [{ ...redemption, pack: { ...pack, id: 7n } }, /package 7 has other legs/],
      [{ ...redemption, pack: { ...pack, amount: 99n } }, /1 series do not add up to zero/],
    ];
    for (const [change, message] of broken) {
      const faults = faultsOf({ ...wrapped, redemptions: [change] });
      expect(faults.join("\n")).to.match(message);
    }
    expect(faultsOf({ ...wrapped, redemptions: [] }).join("\n")).to.match(/do not add up to zero/);
  });
});
