import { expect } from "chai";

import { connect } from "../../fixtures/connection.ts";
import { MAXIMAL, MAX_PRICE, latestOf, setNow } from "../../fixtures/sources.ts";
import { usd } from "../ChainlinkSettlement/support.ts";
import { NOW, ONE, both, deployProduct, said, saying } from "./support.ts";

const connection = await connect();
const { ethers, networkHelpers } = connection;

async function deployed() {
  return {
    pushed: await deployProduct(connection),
    pulled: await deployProduct(connection, { push: false }, { push: false }),
    mixed: await deployProduct(connection, { push: false }),
    mixedOther: await deployProduct(connection, {}, { push: false }),
  };
}

async function load() {
  const world = await networkHelpers.loadFixture(deployed);
  await setNow(connection, NOW);
  return world;
}

describe("Product", () => {
  describe("latest", () => {
    describe("when both legs are pushed", () => {
      it("multiplies the prices, adds the widths, takes the older time and the weaker form", async () => {
        const { a, b, source } = (await load()).pushed;
        await a.say(said({ price: 99_950_000n, time: NOW - 5_000n, confidence: 7n, form: 9n }));
        await b.say(said({ price: usd(2_345.67), time: NOW - 3n, confidence: 12n }));
        expect(await latestOf(source)).to.deep.equal({
          price: (99_950_000n * usd(2_345.67)) / ONE,
          time: NOW - 5_000n,
          confidence: 19n,
          form: 9n,
        });
      });

      it("reverts with PayloadNotEmpty for a payload and WrongFee for value", async () => {
        const { a, b, source } = (await load()).pushed;
        await a.say(said());
        await b.say(said());
        await expect(latestOf(source, both("0x", "0x")))
          .to.be.revertedWithCustomError(source, "PayloadNotEmpty")
          .withArgs(160n);
        await expect(latestOf(source, "0x", 3n))
          .to.be.revertedWithCustomError(source, "WrongFee")
          .withArgs(3n, 0n);
      });

      it("passes on what a leg reverts with", async () => {
        const { a, b, source } = (await load()).pushed;
        await a.say(said());
        await b.say(said());
        for (const leg of [a, b]) {
          await leg.setBroken(true);
          await expect(latestOf(source)).to.be.revertedWithCustomError(leg, "Broken");
          await leg.setBroken(false);
        }
        expect((await latestOf(source)).price).to.equal(ONE);
      });
    });

    describe("when a leg is not pushed", () => {
      const [first, second] = [said({ price: 3n * ONE }), said({ price: 5n * ONE })];

      it("hands each leg its payload", async () => {
        const { pulled } = await load();
        const payload = both(saying(first), saying(second));
        expect((await latestOf(pulled.source, payload)).price).to.equal(15n * ONE);
      });

      it("hands a pushed leg an empty one", async () => {
        const { mixed, mixedOther } = await load();
        await mixed.b.say(second);
        const payload = both(saying(first), "0x");
        expect((await latestOf(mixed.source, payload)).price).to.equal(15n * ONE);
        await mixedOther.a.say(first);
        const other = both("0x", saying(second));
        expect((await latestOf(mixedOther.source, other)).price).to.equal(15n * ONE);
      });

      it("is of the pulled leg's time: the pushed one speaks of now", async () => {
        const { mixed, mixedOther, pulled } = await load();
        const [older, newer] = [said({ time: NOW - 50n }), said({ time: NOW - 20n })];
        await mixed.b.say(older);
        expect((await latestOf(mixed.source, both(saying(newer), "0x"))).time).to.equal(NOW - 20n);
        await mixedOther.a.say(older);
        const other = both("0x", saying(newer));
        expect((await latestOf(mixedOther.source, other)).time).to.equal(NOW - 20n);
        const payload = both(saying(newer), saying(older));
        expect((await latestOf(pulled.source, payload)).time).to.equal(NOW - 50n);
      });

      it("sends each leg its fee", async () => {
        const { a, b, source } = (await load()).pulled;
        await a.setFee(30n);
        await b.setFee(12n);
        await source.latest(both(saying(first), saying(second), 30n), { value: 42n });
        const balances = [a, b, source].map((at) => ethers.provider.getBalance(at));
        expect(await Promise.all(balances)).to.deep.equal([30n, 12n, 0n]);
      });

      it("reverts with WrongFee of the leg that is sent another, and FeeBeyondValue", async () => {
        const { a, b, source } = (await load()).pulled;
        await a.setFee(30n);
        await b.setFee(12n);
        const call = (feeA: bigint, value: bigint) =>
          latestOf(source, both(saying(first), saying(second), feeA), value);
        for (const [feeA, value, sent, fee] of [
          [29n, 42n, 29n, 30n],
          [30n, 41n, 11n, 12n],
          [30n, 43n, 13n, 12n],
          [0n, 0n, 0n, 30n],
        ] as const) {
          await expect(call(feeA, value))
            .to.be.revertedWithCustomError(a, "WrongFee")
            .withArgs(sent, fee);
        }
        await expect(call(43n, 42n))
          .to.be.revertedWithCustomError(source, "FeeBeyondValue")
          .withArgs(43n, 42n);
      });

      it("reverts on a payload that is none", async () => {
        const { source } = (await load()).pulled;
        await expect(latestOf(source, "0x")).to.be.revertedWithoutReason(ethers);
      });
    });

    describe("when a leg is old", () => {
      it("takes each at its own maximal age", async () => {
        const { a, b, source } = (await load()).pushed;
        await a.say(said({ time: NOW + 100n - 90_000n }));
        await b.say(said({ time: NOW + 100n - 60n }));
        await setNow(connection, NOW + 100n);
        expect((await latestOf(source)).time).to.equal(NOW + 100n - 90_000n);
      });

      it("reverts with LegTooOld one second later", async () => {
        const { a, b, source } = (await load()).pushed;
        await a.say(said({ time: NOW + 100n - 90_000n }));
        await b.say(said({ time: NOW + 100n }));
        await setNow(connection, NOW + 101n);
        await expect(latestOf(source))
          .to.be.revertedWithCustomError(source, "LegTooOld")
          .withArgs(0n, 90_001n, 90_000n);
        await a.say(said({ time: NOW + 100n }));
        await setNow(connection, NOW + 161n);
        await expect(latestOf(source))
          .to.be.revertedWithCustomError(source, "LegTooOld")
          .withArgs(1n, 61n, 60n);
      });

      it("counts a time ahead as age 0", async () => {
        const { a, b, source } = (await load()).pushed;
        await a.say(said({ time: NOW + 1_000n }));
        await b.say(said({ time: NOW + 2_000n }));
        expect((await latestOf(source)).time).to.equal(NOW + 1_000n);
      });
    });

    it("states 65,535 bps for anything wider", async () => {
      const { a, b, source } = (await load()).pushed;
      await b.say(said({ confidence: 2n }));
      for (const [confidence, sum] of [
        [65_533n, 65_535n],
        [65_534n, 65_535n],
        [65_535n, 65_535n],
      ] as const) {
        await a.say(said({ confidence }));
        expect((await latestOf(source)).confidence).to.equal(sum);
      }
    });

    const forms: [a: bigint, b: bigint, weaker: bigint][] = [
      [MAXIMAL | 7n, MAXIMAL | 5n, MAXIMAL | 5n],
      [MAXIMAL | 1n, 900_000n, 900_000n],
      [900_000n, 800_000n, 800_000n],
      [3n, MAXIMAL | 9n, 3n],
    ];
    for (const [formA, formB, weaker] of forms) {
      it(`has form ${weaker} of ${formA} and ${formB}`, async () => {
        const { a, b, source } = (await load()).pushed;
        await a.say(said({ form: formA }));
        await b.say(said({ form: formB }));
        expect((await latestOf(source)).form).to.equal(weaker);
      });
    }

    const prices: [a: bigint, b: bigint, product: bigint][] = [
      [1n, ONE, 1n],
      [1n, 2n * ONE - 1n, 1n],
      [MAX_PRICE, ONE, MAX_PRICE],
      [123_456_789n, 987_654_321n, 1_219_326_311n],
    ];
    for (const [priceA, priceB, product] of prices) {
      it(`gives ${product} for ${priceA} and ${priceB}`, async () => {
        const { a, b, source } = (await load()).pushed;
        await a.say(said({ price: priceA }));
        await b.say(said({ price: priceB }));
        expect((await latestOf(source)).price).to.equal(product);
      });
    }

    const refused: [a: bigint, b: bigint, product: bigint][] = [
      [1n, ONE - 1n, 0n],
      [0n, MAX_PRICE, 0n],
      [MAX_PRICE, ONE + 1n, MAX_PRICE + MAX_PRICE / ONE],
      [(1n << 64n) - 1n, (1n << 64n) - 1n, ((1n << 64n) - 1n) ** 2n / ONE],
    ];
    for (const [priceA, priceB, product] of refused) {
      it(`reverts with SourcePriceInvalid for ${priceA} and ${priceB}`, async () => {
        const { a, b, source } = (await load()).pushed;
        await a.say(said({ price: priceA }));
        await b.say(said({ price: priceB }));
        await expect(latestOf(source))
          .to.be.revertedWithCustomError(source, "SourcePriceInvalid")
          .withArgs(product);
      });
    }
  });
});
