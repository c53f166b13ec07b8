import { expect } from "chai";
import { encodeBytes32String } from "ethers";
import type { BaseContract } from "ethers";

import type { HostileFeed } from "../../../types/ethers-contracts/index.ts";
import { connect } from "../../fixtures/connection.ts";
import {
  BEST,
  Class,
  FEED,
  GAS_NEEDED,
  Mode,
  OracleBench,
  PRICE,
  PUSH_AGE,
  feedArgs,
  readingWords,
  selector,
  termsOf,
  words,
} from "../../fixtures/oracles.ts";
import { MAX_63, usd } from "../../fixtures/units.ts";

const connection = await connect();
const { ethers, networkHelpers } = connection;
const bench = new OracleBench(connection);

const NO_REASON = "0x00000000";
const BAD = 3n;
/** The same feed with one in the hostile source's place that is not read. */
const GOOD_FEED = encodeBytes32String("good");
/** Gas of a bad source: 147,500 for its answer, and what it takes to find it, to call it and to tell. */
const COST = 155_000n;

/** Three good push sources of a vote each, a hostile one, and a pulled one. */
async function deployed() {
  const world = await bench.deployHub();
  const [first, second, third] = [
    await bench.source({ classes: Class.Chainlink, push: true }),
    await bench.source({ classes: Class.RedStone, push: true }),
    await bench.source({ classes: Class.Own, push: true }),
  ];
  const bad = await bench.hostile({ classes: Class.Pyth, push: true });
  const pulled = await bench.source({ classes: 16n });
  const sources = [first, second, third, bad, pulled];
  const own = world.hub.connect(world.governor);
  await own.createFeed(...feedArgs({}, sources));
  const unread = await bench.source({ classes: Class.Pyth });
  const readable = [first, second, third, unread, pulled];
  await own.createFeed(...feedArgs({ feed: GOOD_FEED }, readable));
  const time = (await bench.now()) + 10_000n;
  const dollars = [2_000, 2_001, 2_002];
  for (const [i, source] of [first, second, third].entries()) {
    await source.say({ price: usd(dollars[i] ?? 0), time, confidence: 0n, form: BEST });
  }
  return { ...world, own, good: [first, second, third] as const, bad, pulled, time };
}

type World = Awaited<ReturnType<typeof deployed>>;

async function passes(sent: Promise<unknown>): Promise<boolean> {
  return sent.then(
    () => true,
    () => false,
  );
}

function selectorOf(contract: BaseContract, name: string): string {
  const fragment = contract.interface.getError(name);
  if (fragment === null) throw new Error(`no error ${name}`);
  return fragment.selector;
}

const error = (
  world: World,
  name:
    | "PriceOutOfRange"
    | "NotNewer"
    | "FormInvalid"
    | "ReadingFromFuture"
    | "ReadingTooOld"
    | "ConfidenceTooWide",
): string => selectorOf(world.hub, name);

describe("OracleHub", () => {
  describe("poke", () => {
    describe("when every push source answers", () => {
      it("stores what each says, and says how many it stored", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const { hub, bad, time } = world;
        await bad.teach(selector.latest, Mode.Data, readingWords({ price: usd(2_003), time }));
        await bench.mineAt(time - 1n);
        await bench.at(time);
        const poked = await hub.poke(FEED);
        for (const [i, dollars] of [2_000, 2_001, 2_002, 2_003].entries()) {
          await expect(poked)
            .to.emit(hub, "ReadingStored")
            .withArgs(FEED, BigInt(i), usd(dollars), time, 0n, BEST);
        }
        await expect(poked).not.to.emit(hub, "ReadingDropped");
        expect(await hub.poke.staticCall(FEED)).to.equal(4n);
        expect((await hub.spot(FEED)).mid).to.equal((usd(2_001) + usd(2_002)) / 2n);
        expect(await hub.storeWord(FEED, 4n)).to.equal(0n);
      });

      it("reads a push guard too, and no source in shadow or disabled", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const { hub, own, time } = world;
        const guard = await bench.source({ classes: Class.Guard, push: true });
        const shadow = await bench.source({ classes: 32n, push: true });
        await own.addSource(FEED, guard);
        await own.addSource(FEED, shadow);
        await guard.say({ price: usd(1_990), time, confidence: 0n, form: BEST });
        await shadow.say({ price: usd(1_990), time, confidence: 0n, form: BEST });
        await bench.at(time);
        await hub.poke(FEED);
        await hub.connect(world.steward).disable(FEED, BAD);
        const poked = await hub.poke(FEED);
        await expect(poked).not.to.emit(hub, "ReadingDropped");
        await expect(poked)
          .to.emit(hub, "ReadingStored")
          .withArgs(FEED, 5n, usd(1_990), time, 0n, BEST);
        expect((await hub.shadow(FEED, 6n)).time).to.equal(0n);
      });

      it("does nothing to a feed without push sources", async () => {
        const { hub, own } = await networkHelpers.loadFixture(deployed);
        const feed = encodeBytes32String("pulled");
        await own.createFeed(...feedArgs({ feed }, [await bench.source()]));
        expect(await hub.poke.staticCall(feed)).to.equal(0n);
      });

      it("wants a feed that is there", async () => {
        const { hub } = await networkHelpers.loadFixture(deployed);
        const feed = encodeBytes32String("none");
        await expect(hub.poke(feed))
          .to.be.revertedWithCustomError(hub, "FeedUnknown")
          .withArgs(feed);
      });
    });

    describe("when a source is bad", () => {
      const dirty = 1n << 255n;
      const cases: readonly {
        readonly name: string;
        readonly teach: (bad: HostileFeed, time: bigint) => Promise<unknown>;
        readonly reason: (world: World) => string;
      }[] = [
        {
          name: "reverts without a reason",
          teach: (bad) => bad.teach(selector.latest, Mode.Revert, "0x"),
          reason: () => NO_REASON,
        },
        {
          name: "reverts with 3 bytes",
          teach: (bad) => bad.teach(selector.latest, Mode.Revert, "0x112233"),
          reason: () => NO_REASON,
        },
        {
          name: "reverts with 4 bytes",
          teach: (bad) => bad.teach(selector.latest, Mode.Revert, "0x11223344"),
          reason: () => "0x11223344",
        },
        {
          name: "reverts with more words than a reading has",
          teach: (bad) => bad.teach(selector.latest, Mode.Revert, `0x${"a5".repeat(200)}`),
          reason: () => "0xa5a5a5a5",
        },
        {
          name: "burns all gas",
          teach: (bad) => bad.teach(selector.latest, Mode.BurnGas, "0x"),
          reason: () => NO_REASON,
        },
        {
          name: "returns a bomb",
          teach: (bad) => bad.teach(selector.latest, Mode.ReturnBomb, "0x"),
          reason: (world) => error(world, "PriceOutOfRange"),
        },
        {
          name: "reverts with a bomb",
          teach: (bad) => bad.teach(selector.latest, Mode.RevertBomb, "0x"),
          reason: () => NO_REASON,
        },
        {
          name: "returns 64 bytes",
          teach: (bad, time) => bad.teach(selector.latest, Mode.Data, words(PRICE, time)),
          reason: () => NO_REASON,
        },
        {
          name: "returns 127 bytes",
          teach: (bad, time) =>
            bad.teach(
              selector.latest,
              Mode.Data,
              readingWords({ price: PRICE, time }).slice(0, -2),
            ),
          reason: () => NO_REASON,
        },
        {
          name: "has no code any more",
          teach: async (bad) => networkHelpers.setCode(await bad.getAddress(), "0x"),
          reason: () => NO_REASON,
        },
        {
          name: "has a dirty price",
          teach: (bad, time) =>
            bad.teach(selector.latest, Mode.Data, words(dirty | PRICE, time, 0n, BEST)),
          reason: (world) => error(world, "PriceOutOfRange"),
        },
        {
          name: "has a dirty time",
          teach: (bad, time) =>
            bad.teach(selector.latest, Mode.Data, words(PRICE, (1n << 40n) | time, 0n, BEST)),
          reason: (world) => error(world, "ReadingFromFuture"),
        },
        {
          name: "has the greatest time of all",
          teach: (bad) => bad.teach(selector.latest, Mode.Data, words(PRICE, -1n, 0n, BEST)),
          reason: (world) => error(world, "ReadingFromFuture"),
        },
        {
          name: "has a dirty confidence",
          teach: (bad, time) =>
            bad.teach(selector.latest, Mode.Data, words(PRICE, time, 1n << 16n, BEST)),
          reason: (world) => error(world, "ConfidenceTooWide"),
        },
        {
          name: "has a dirty form",
          teach: (bad, time) =>
            bad.teach(selector.latest, Mode.Data, words(PRICE, time, 0n, dirty | BEST)),
          reason: (world) => error(world, "FormInvalid"),
        },
        {
          name: "says a price of 0",
          teach: (bad, time) => bad.teach(selector.latest, Mode.Data, words(0n, time, 0n, BEST)),
          reason: (world) => error(world, "PriceOutOfRange"),
        },
        {
          name: "says a negative price",
          teach: (bad, time) => bad.teach(selector.latest, Mode.Data, words(-1n, time, 0n, BEST)),
          reason: (world) => error(world, "PriceOutOfRange"),
        },
        {
          name: "says a price of 2^63",
          teach: (bad, time) =>
            bad.teach(selector.latest, Mode.Data, words(MAX_63 + 1n, time, 0n, BEST)),
          reason: (world) => error(world, "PriceOutOfRange"),
        },
        {
          name: "is ahead by a second",
          teach: (bad, time) =>
            bad.teach(selector.latest, Mode.Data, words(PRICE, time + 1n, 0n, BEST)),
          reason: (world) => error(world, "ReadingFromFuture"),
        },
        {
          name: "is 3,901 s old",
          teach: (bad, time) =>
            bad.teach(selector.latest, Mode.Data, words(PRICE, time - PUSH_AGE - 1n, 0n, BEST)),
          reason: (world) => error(world, "ReadingTooOld"),
        },
      ];

      for (const { name, teach, reason } of cases) {
        it(`drops one that ${name}, at a bounded cost, and the mid stays`, async () => {
          const world = await networkHelpers.loadFixture(deployed);
          const { hub, bad, time } = world;
          await teach(bad, time);
          await bench.at(time);
          const without = await (await hub.poke(GOOD_FEED)).wait();
          await bench.at(time);
          const poked = await hub.poke(FEED);
          await expect(poked).to.emit(hub, "ReadingDropped").withArgs(FEED, BAD, reason(world));
          const { mid, live, status } = await hub.spot(FEED);
          expect([mid, live, status]).to.deep.equal([usd(2_001), 3n, 0n]);
          expect(await hub.storeWord(FEED, BAD)).to.equal(0n);
          const used = ((await poked.wait())?.gasUsed ?? 0n) - (without?.gasUsed ?? 0n);
          expect(used).to.be.lessThan(COST);
        });
      }

      it("drops a reading that is not newer, and stores the others", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const { hub, good, bad, time } = world;
        await bad.teach(selector.latest, Mode.Revert, "0x");
        await bench.at(time);
        await hub.poke(FEED);
        await good[1].say({ price: usd(2_500), time: time - 1n, confidence: 0n, form: BEST });
        const poked = await hub.poke(FEED);
        await expect(poked)
          .to.emit(hub, "ReadingDropped")
          .withArgs(FEED, 1n, error(world, "NotNewer"));
        expect(await hub.poke.staticCall(FEED)).to.equal(2n);
        expect((await hub.spot(FEED)).mid).to.equal(usd(2_001));
      });

      it("says the first four bytes of its error, also of one with arguments", async () => {
        const { hub, good, time } = await networkHelpers.loadFixture(deployed);
        await good[0].setBroken(true);
        await good[1].setFee(1n);
        await bench.at(time);
        const poked = await hub.poke(FEED);
        await expect(poked)
          .to.emit(hub, "ReadingDropped")
          .withArgs(FEED, 0n, selectorOf(good[0], "Broken"));
        await expect(poked)
          .to.emit(hub, "ReadingDropped")
          .withArgs(FEED, 1n, selectorOf(good[0], "WrongFee"));
      });

      it("survives four bombs of each kind at once", async () => {
        const { hub, own, time } = await networkHelpers.loadFixture(deployed);
        const feed = encodeBytes32String("hostile");
        const sources: HostileFeed[] = [];
        for (const mode of [Mode.BurnGas, Mode.ReturnBomb, Mode.RevertBomb, Mode.Revert]) {
          for (let i = 0; i < 4; ++i) {
            const hostile = await bench.hostile({ classes: 1n << BigInt(i), push: true });
            await hostile.teach(selector.latest, mode, "0x");
            sources.push(hostile);
          }
        }
        await own.createFeed(...feedArgs({ feed }, sources));
        await bench.at(time);
        const receipt = await (await hub.poke(feed)).wait();
        expect(receipt?.logs.length).to.equal(16);
        expect((await hub.spot(feed)).live).to.equal(0n);
      });
    });

    describe("when a source calls back", () => {
      it("drops it with the guard's refusal", async () => {
        const { hub, own, time } = await networkHelpers.loadFixture(deployed);
        const source = await ethers.deployContract("ReenteringSource", [
          termsOf({ classes: Class.Pyth, push: true }),
        ]);
        await source.say({ price: PRICE, time, confidence: 0n, form: BEST });
        const feed = encodeBytes32String("reentered");
        await own.createFeed(...feedArgs({ feed }, [source]));
        const reason = selectorOf(hub, "ReentrancyGuardReentrantCall");
        for (const hook of [
          hub.interface.encodeFunctionData("poke", [feed]),
          hub.interface.encodeFunctionData("update", [feed, 0n, "0x"]),
          hub.interface.encodeFunctionData("promote", [feed, 0n]),
        ]) {
          await source.arm(hub, hook);
          await bench.at(time);
          await expect(hub.poke(feed)).to.emit(hub, "ReadingDropped").withArgs(feed, 0n, reason);
        }
      });
    });

    describe("when there is too little gas", () => {
      it("reverts GasStarved for one source or the other, and stores nothing", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const { hub, bad, time } = world;
        await bad.teach(selector.latest, Mode.BurnGas, "0x");
        const errors = await ethers.getContractAt("ILibraryErrors", hub);
        const before = await networkHelpers.takeSnapshot();
        let [starved, gasLimit] = [0, 190_000n];
        for (; starved < 100; ++starved, gasLimit += 5_000n) {
          await bench.at(time);
          const poked = hub.poke(FEED, { gasLimit });
          if (await passes(poked)) break;
          await expect(poked)
            .to.be.revertedWithCustomError(errors, "GasStarved")
            .withArgs((left: bigint) => left <= GAS_NEEDED, GAS_NEEDED);
          for (const vote of [0n, 1n, 2n]) expect(await hub.storeWord(FEED, vote)).to.equal(0n);
          await before.restore();
        }
        // Enough for all: the bad one was dropped, and every good one is in.
        expect((await hub.spot(FEED)).live).to.equal(3n);
        expect(starved).to.be.greaterThan(5);
      });
    });
  });
});
