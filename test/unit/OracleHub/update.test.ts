import { expect } from "chai";
import { encodeBytes32String } from "ethers";

import { connect } from "../../fixtures/connection.ts";
import {
  BEST,
  Class,
  FEED,
  MAXIMAL,
  Mode,
  OracleBench,
  PRICE,
  PULL_AGE,
  PUSH_AGE,
  feedArgs,
  packStore,
  readingWords,
  selector,
  termsOf,
  words,
} from "../../fixtures/oracles.ts";
import { MAX_63, MAX_64, usd } from "../../fixtures/units.ts";

const connection = await connect();
const { ethers, networkHelpers } = connection;
const bench = new OracleBench(connection);

const [PUSH, PULL, OTHER] = [0n, 1n, 2n];
const MAX_40 = (1n << 40n) - 1n;

/** Vote 0: a push source and a pulled one; vote 1: a pulled one. */
async function deployed() {
  const world = await bench.deployFeed([
    { classes: Class.Chainlink, push: true },
    { classes: Class.Chainlink },
    { classes: Class.RedStone },
  ]);
  const now = (await bench.now()) + 10_000n;
  return { ...world, now };
}

describe("OracleHub", () => {
  describe("update", () => {
    describe("when the store is empty", () => {
      it("keeps the reading in the vote's store and emits ReadingStored", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const { hub, now } = world;
        const reading = { price: PRICE, time: now - 7n, confidence: 12n, form: MAXIMAL | 9n };
        await expect(bench.update(world, OTHER, reading, now))
          .to.emit(hub, "ReadingStored")
          .withArgs(FEED, OTHER, PRICE, now - 7n, 12n, MAXIMAL | 9n);
        const expected = { ...reading, seenAt: now - 7n, maxAge: PULL_AGE, source: OTHER };
        expect(await hub.storeWord(FEED, 1n)).to.equal(packStore(expected));
        expect(await hub.storeWord(FEED, 0n)).to.equal(0n);
      });

      it("keeps the largest price, the least one, and every bit of the form", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const { hub, now: time } = world;
        for (const price of [MAX_63, 1n]) {
          const feed = encodeBytes32String(`price ${price}`);
          const sources = [...world.sources];
          await hub.connect(world.governor).createFeed(...feedArgs({ feed }, sources));
          const form = (1n << 22n) - 1n;
          await bench.at(time);
          await hub.update(feed, OTHER, readingWords({ price, time, confidence: 300n, form }));
          const kept = { price, time, seenAt: time, confidence: 300n, form };
          const expected = packStore({ ...kept, maxAge: PULL_AGE, source: OTHER });
          expect(await hub.storeWord(feed, 1n)).to.equal(expected);
        }
      });
    });

    describe("when the source is a push source", () => {
      it("is seen now, whatever its time", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const { hub, now } = world;
        const time = now - 3_000n;
        await bench.update(world, PUSH, { price: PRICE, time }, now);
        const kept = { price: PRICE, time, seenAt: now, maxAge: PUSH_AGE, source: PUSH };
        expect(await hub.storeWord(FEED, 0n)).to.equal(packStore(kept));
      });

      it("is read without a payload", async () => {
        const { hub, sources, now } = await networkHelpers.loadFixture(deployed);
        await sources[0]?.say({ price: PRICE, time: now, confidence: 1n, form: BEST });
        await bench.at(now);
        await expect(hub.update(FEED, PUSH, "0x"))
          .to.emit(hub, "ReadingStored")
          .withArgs(FEED, PUSH, PRICE, now, 1n, BEST);
      });

      it("may say the same again, which is news of when it was seen", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const { hub, now: time } = world;
        await bench.update(world, PUSH, { price: PRICE, time });
        await expect(bench.update(world, PUSH, { price: PRICE, time }, time + 100n))
          .to.emit(hub, "ReadingStored")
          .withArgs(FEED, PUSH, PRICE, time, 0n, BEST);
        const kept = { price: PRICE, time, maxAge: PUSH_AGE, source: PUSH };
        expect(await hub.storeWord(FEED, 0n)).to.equal(packStore({ ...kept, seenAt: time + 100n }));
      });

      it("may say something else of the same time: its word is what holds now", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const { hub, now: time } = world;
        await bench.update(world, PUSH, { price: PRICE, time });
        await bench.update(world, PUSH, { price: PRICE + 1n, time, form: 5n }, time + 9n);
        const kept = { price: PRICE + 1n, time, maxAge: PUSH_AGE, source: PUSH, form: 5n };
        expect(await hub.storeWord(FEED, 0n)).to.equal(packStore({ ...kept, seenAt: time + 9n }));
      });

      it("may not say an earlier time", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const { hub, now } = world;
        await bench.update(world, PUSH, { price: PRICE, time: now });
        await expect(bench.update(world, PUSH, { price: PRICE, time: now - 1n }, now + 9n))
          .to.be.revertedWithCustomError(hub, "NotNewer")
          .withArgs(now - 1n, now);
      });

      it("is not read again when another source of its vote said the same", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const { hub, now: time } = world;
        await bench.update(world, PULL, { price: PRICE, time });
        await expect(bench.update(world, PUSH, { price: PRICE, time }, time + 1n))
          .to.be.revertedWithCustomError(hub, "NotNewer")
          .withArgs(time, time);
      });
    });

    describe("when the store has a reading", () => {
      it("takes a later one, of any form and of any source of the vote", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const { hub, now } = world;
        await bench.update(world, PULL, { price: PRICE, time: now, form: BEST });
        await bench.update(world, PUSH, { price: usd(2_010), time: now + 1n, form: 1n });
        const kept = { price: usd(2_010), time: now + 1n, seenAt: now + 1n, form: 1n };
        const expected = packStore({ ...kept, maxAge: PUSH_AGE, source: PUSH });
        expect(await hub.storeWord(FEED, 0n)).to.equal(expected);
      });

      it("takes one of the same time with a greater form, not with the same or a lesser one", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const { hub, now: time } = world;
        await bench.update(world, PULL, { price: PRICE, time, form: 6n });
        for (const [form, price] of [
          [6n, PRICE - 1n],
          [6n, PRICE],
          [5n, PRICE - 1n],
        ] as const) {
          await expect(bench.update(world, PULL, { price, time, form }, time + 1n))
            .to.be.revertedWithCustomError(hub, "NotNewer")
            .withArgs(time, time);
        }
        await bench.update(world, PULL, { price: usd(2_020), time, form: 7n }, time + 1n);
        await bench.update(world, PULL, { price: usd(2_030), time, form: BEST }, time + 1n);
        const kept = { price: usd(2_030), time, seenAt: time, maxAge: PULL_AGE, source: PULL };
        expect(await hub.storeWord(FEED, 0n)).to.equal(packStore(kept));
      });

      it("refuses an older one, even of a greater form", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const { hub, now } = world;
        await bench.update(world, PULL, { price: PRICE, time: now, form: 1n });
        await expect(bench.update(world, PULL, { price: PRICE, time: now - 1n }, now + 1n))
          .to.be.revertedWithCustomError(hub, "NotNewer")
          .withArgs(now - 1n, now);
      });

      it("takes an older one of another source once the stored one counts no longer", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const { hub, now } = world;
        await bench.update(world, PULL, { price: usd(2_010), time: now });
        const reading = { price: PRICE, time: now - 100n };
        await expect(bench.update(world, PUSH, reading, now + PULL_AGE))
          .to.be.revertedWithCustomError(hub, "NotNewer")
          .withArgs(now - 100n, now);
        const seenAt = now + PULL_AGE + 1n;
        await bench.update(world, PUSH, reading, seenAt);
        const kept = { ...reading, seenAt, maxAge: PUSH_AGE, source: PUSH };
        expect(await hub.storeWord(FEED, 0n)).to.equal(packStore(kept));
      });

      it("takes no older one of the same source, which counts no longer either", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const { hub, now } = world;
        await bench.update(world, PULL, { price: PRICE, time: now });
        const reading = { price: PRICE, time: now - 1n };
        await expect(bench.update(world, PULL, reading, now + PULL_AGE + 1n))
          .to.be.revertedWithCustomError(hub, "ReadingTooOld")
          .withArgs(PULL_AGE + 2n, PULL_AGE);
      });

      it("is not locked by a reading that was refused as from the future", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const { hub, now } = world;
        await expect(bench.update(world, OTHER, { price: PRICE, time: MAX_40 }, now))
          .to.be.revertedWithCustomError(hub, "ReadingFromFuture")
          .withArgs(MAX_40, now + 5n);
        await expect(bench.update(world, OTHER, { price: PRICE, time: now + 1n })).to.emit(
          hub,
          "ReadingStored",
        );
      });
    });

    describe("when the feed or the source is not there", () => {
      it("refuses a feed that is not there", async () => {
        const { hub } = await networkHelpers.loadFixture(deployed);
        const feed = encodeBytes32String("none");
        await expect(hub.update(feed, 0n, "0x"))
          .to.be.revertedWithCustomError(hub, "FeedUnknown")
          .withArgs(feed);
      });

      it("refuses an index that is not there", async () => {
        const { hub } = await networkHelpers.loadFixture(deployed);
        for (const index of [3n, 255n]) {
          await expect(hub.update(FEED, index, "0x"))
            .to.be.revertedWithCustomError(hub, "SourceUnknown")
            .withArgs(index);
        }
      });
    });

    describe("when the reading breaks a rule", () => {
      it("refuses prices of 0, 2^63 and 2^64 − 1, before any other rule", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const { hub, now } = world;
        for (const price of [0n, MAX_63 + 1n, MAX_64]) {
          const reading = { price, time: MAX_40, confidence: 301n, form: 0n };
          await expect(bench.update(world, OTHER, reading, now))
            .to.be.revertedWithCustomError(hub, "PriceOutOfRange")
            .withArgs(price);
        }
      });

      it("refuses forms without a rank or with more than 22 bits", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const { hub, now } = world;
        for (const form of [0n, MAXIMAL, 1n << 22n, (1n << 24n) - 1n]) {
          await expect(bench.update(world, OTHER, { price: PRICE, time: now, form }, now))
            .to.be.revertedWithCustomError(hub, "FormInvalid")
            .withArgs(form);
        }
      });

      it("refuses them after times and confidences", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const { hub, now } = world;
        for (const { change, name } of [
          { change: { time: now + 6n }, name: "ReadingFromFuture" },
          { change: { time: now - PULL_AGE - 1n }, name: "ReadingTooOld" },
          { change: { confidence: 301n }, name: "ConfidenceTooWide" },
        ]) {
          const reading = { price: PRICE, time: now, form: 0n, ...change };
          await expect(bench.update(world, OTHER, reading, now)).to.be.revertedWithCustomError(
            hub,
            name,
          );
        }
      });

      const leads = [
        { index: PUSH, ahead: 0n },
        { index: OTHER, ahead: 5n },
      ];
      for (const { index, ahead } of leads) {
        it(`takes a time ${ahead} s ahead and refuses ${ahead + 1n} s of source ${index}`, async () => {
          const world = await networkHelpers.loadFixture(deployed);
          const { hub, now } = world;
          const time = now + ahead + 1n;
          await expect(bench.update(world, index, { price: PRICE, time }, now))
            .to.be.revertedWithCustomError(hub, "ReadingFromFuture")
            .withArgs(time, now + ahead);
          await expect(bench.update(world, index, { price: PRICE, time }, now + 1n)).to.emit(
            hub,
            "ReadingStored",
          );
          const vote = index === PUSH ? 0n : 1n;
          expect(((await hub.storeWord(FEED, vote)) >> 104n) & MAX_40).to.equal(now + 1n);
        });
      }

      const ages = [
        { index: PUSH, age: PUSH_AGE },
        { index: OTHER, age: PULL_AGE },
      ];
      for (const { index, age } of ages) {
        it(`takes one ${age} s old and refuses ${age + 1n} s of source ${index}`, async () => {
          const world = await networkHelpers.loadFixture(deployed);
          const { hub, now } = world;
          await expect(bench.update(world, index, { price: PRICE, time: now - age - 1n }, now))
            .to.be.revertedWithCustomError(hub, "ReadingTooOld")
            .withArgs(age + 1n, age);
          await expect(bench.update(world, index, { price: PRICE, time: now - age }, now)).to.emit(
            hub,
            "ReadingStored",
          );
        });
      }

      it("refuses a time of 0", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const { hub, now } = world;
        await expect(bench.update(world, OTHER, { price: PRICE, time: 0n, confidence: 301n }, now))
          .to.be.revertedWithCustomError(hub, "ReadingTooOld")
          .withArgs(now, PULL_AGE);
      });

      it("takes a confidence of 300 bps and refuses 301", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const { hub, now: time } = world;
        for (const confidence of [301n, (1n << 16n) - 1n]) {
          await expect(bench.update(world, OTHER, { price: PRICE, time, confidence }))
            .to.be.revertedWithCustomError(hub, "ConfidenceTooWide")
            .withArgs(confidence, 300n);
        }
        await expect(bench.update(world, OTHER, { price: PRICE, time, confidence: 300n })).to.emit(
          hub,
          "ReadingStored",
        );
      });
    });

    describe("when the source wants something", () => {
      it("passes on the value sent, and its refusal", async () => {
        const { hub, sources, now } = await networkHelpers.loadFixture(deployed);
        const [, , source] = sources;
        if (source === undefined) throw new Error("no source");
        await source.setFee(7n);
        const payload = readingWords({ price: PRICE, time: now });
        await bench.at(now);
        await expect(hub.update(FEED, OTHER, payload, { value: 6n }))
          .to.be.revertedWithCustomError(source, "WrongFee")
          .withArgs(6n, 7n);
        await bench.at(now + 1n);
        await expect(hub.update(FEED, OTHER, payload, { value: 7n })).to.changeEtherBalances(
          ethers,
          [hub, source],
          [0n, 7n],
        );
      });

      it("passes on the revert of a broken source", async () => {
        const { hub, sources } = await networkHelpers.loadFixture(deployed);
        const [source] = sources;
        if (source === undefined) throw new Error("no source");
        await source.setBroken(true);
        await expect(hub.update(FEED, PUSH, "0x"))
          .to.be.revertedWithCustomError(source, "Broken")
          .withArgs();
      });
    });

    describe("when the source refuses", () => {
      it("passes on its error with its arguments", async () => {
        const { hub, governor, sources } = await networkHelpers.loadFixture(deployed);
        const source = await bench.hostile({ classes: Class.Pyth });
        const feed = encodeBytes32String("refusing");
        await hub.connect(governor).createFeed(...feedArgs({ feed }, [source]));
        const errors = sources[0];
        if (errors === undefined) throw new Error("no source");
        const refuse = async (name: "SourcePriceInvalid" | "NoPastValues", args: bigint[]) => {
          const data = errors.interface.encodeErrorResult(name, args);
          await source.teach(selector.latest, Mode.Revert, data);
          return hub.update(feed, 0n, "0x");
        };
        await expect(refuse("SourcePriceInvalid", [-5n]))
          .to.be.revertedWithCustomError(errors, "SourcePriceInvalid")
          .withArgs(-5n);
        await expect(refuse("NoPastValues", []))
          .to.be.revertedWithCustomError(errors, "NoPastValues")
          .withArgs();
      });

      it("wants an answer that decodes", async () => {
        const { hub, governor, now } = await networkHelpers.loadFixture(deployed);
        const source = await bench.hostile({ classes: Class.Pyth });
        const feed = encodeBytes32String("dirty");
        await hub.connect(governor).createFeed(...feedArgs({ feed }, [source]));
        for (const answer of [
          "0x",
          words(PRICE, now),
          readingWords({ price: PRICE, time: now }).slice(0, -2),
          words(1n << 64n, now, 0n, BEST),
          words(PRICE, 1n << 40n, 0n, BEST),
          words(PRICE, now, 1n << 16n, BEST),
          words(PRICE, now, 0n, 1n << 24n),
        ]) {
          await source.teach(selector.latest, Mode.Data, answer);
          await expect(hub.update(feed, 0n, "0x")).to.be.revertedWithoutReason(ethers);
        }
        await networkHelpers.setCode(await source.getAddress(), "0x");
        await expect(hub.update(feed, 0n, "0x")).to.be.revertedWithoutReason(ethers);
        expect(await hub.storeWord(feed, 0n)).to.equal(0n);
      });
    });

    describe("when there is a payload", () => {
      it("hands it on as it is, whatever its length", async () => {
        const { hub, governor, now, sources } = await networkHelpers.loadFixture(deployed);
        const source = await bench.hostile({ classes: Class.Pyth });
        const feed = encodeBytes32String("payloads");
        await hub.connect(governor).createFeed(...feedArgs({ feed }, [source]));
        for (const [at, length] of [0, 1, 31, 32, 33, 64, 127].entries()) {
          const payload = `0x${"c5".repeat(length)}`;
          const call = sources[0]?.interface.encodeFunctionData("latest", [payload]) ?? "";
          const [time, price] = [now + BigInt(at), PRICE + BigInt(length)];
          await source.teach(call, Mode.Data, readingWords({ price, time }));
          await bench.at(time);
          await expect(hub.update(feed, 0n, payload))
            .to.emit(hub, "ReadingStored")
            .withArgs(feed, 0n, price, time, 0n, BEST);
        }
      });
    });

    describe("when the source calls back", () => {
      it("stores nothing of one that was disabled meanwhile", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const { hub, governor, manager, now: time } = world;
        const source = await ethers.deployContract("ReenteringSource", [
          termsOf({ classes: Class.Pyth }),
        ]);
        const others = [];
        for (const classes of [Class.Chainlink, Class.RedStone, Class.Own]) {
          others.push(await bench.source({ classes }));
        }
        const feed = encodeBytes32String("disabled");
        await hub.connect(governor).createFeed(...feedArgs({ feed }, [...others, source]));
        await manager.grantRole(2n, source, 0n);
        await source.arm(hub, hub.interface.encodeFunctionData("disable", [feed, 3n]));
        const payload = readingWords({ price: PRICE, time });
        for (const index of [0n, 1n, 2n]) {
          await bench.at(time);
          await hub.update(feed, index, payload);
        }
        await bench.at(time);
        const sent = await hub.update(feed, 3n, payload);
        await expect(sent).to.emit(hub, "SourceRetired").withArgs(feed, 3n);
        await expect(sent).not.to.emit(hub, "ReadingStored");
        expect(await hub.storeWord(feed, 3n)).to.equal(0n);
      });

      it("refuses update, poke and promote, and lets it read the spot", async () => {
        const { hub, governor, now: time } = await networkHelpers.loadFixture(deployed);
        const source = await ethers.deployContract("ReenteringSource", [
          termsOf({ classes: Class.Pyth }),
        ]);
        const feed = encodeBytes32String("reentered");
        await hub.connect(governor).createFeed(...feedArgs({ feed }, [source]));
        const payload = readingWords({ price: PRICE, time });
        const hooks = [
          hub.interface.encodeFunctionData("update", [FEED, OTHER, payload]),
          hub.interface.encodeFunctionData("poke", [FEED]),
          hub.interface.encodeFunctionData("promote", [FEED, OTHER]),
        ];
        for (const hook of hooks) {
          await source.arm(hub, hook);
          await bench.at(time);
          await expect(hub.update(feed, 0n, payload))
            .to.be.revertedWithCustomError(hub, "ReentrancyGuardReentrantCall")
            .withArgs();
        }
        await source.arm(hub, hub.interface.encodeFunctionData("spot", [FEED]));
        await bench.at(time);
        await expect(hub.update(feed, 0n, payload)).to.emit(hub, "ReadingStored");
      });
    });
  });
});
