import { expect } from "chai";
import fc from "fast-check";

import { connect } from "../../fixtures/connection.ts";
import {
  Class,
  FEED,
  OracleBench,
  PRICE,
  PULL_AGE,
  PUSH_AGE,
  pack,
  packStore,
  readingWords,
} from "../../fixtures/oracles.ts";
import { DAY, MAX_63, usd } from "../../fixtures/units.ts";
import { biased } from "../../helpers/arbitraries.ts";

const connection = await connect();
const { networkHelpers } = connection;
const bench = new OracleBench(connection);

const RUNS = Number(process.env["FUZZ_RUNS"] ?? 30);
const SEED = Number(process.env["FUZZ_SEED"] ?? 20_260_105);

/** Vote 0: a push source and a pulled one; vote 1 a pulled one; a guard; one in shadow. */
async function deployed() {
  const world = await bench.deployFeed(
    [
      { classes: Class.Chainlink, push: true },
      { classes: Class.Chainlink },
      { classes: Class.Own | Class.Pyth },
      { classes: Class.Guard },
    ],
    { quorum: 5n, dailyVol: 700n },
  );
  const shadow = await bench.source({ classes: Class.RedStone, push: true });
  await world.hub.connect(world.governor).addSource(FEED, shadow);
  const start = (await bench.now()) + 10_000n;
  return { ...world, sources: [...world.sources, shadow], start };
}

describe("OracleHub", () => {
  describe("storage", () => {
    it("has a feed's terms, its votes' classes and its sets of sources in two words", async () => {
      const { hub } = await networkHelpers.loadFixture(deployed);
      const first = await bench.feedSlot("quorum");
      expect(await bench.feedSlot("guards")).to.equal(first);
      expect(await bench.read(hub, first)).to.equal(
        pack([
          [5n, 8n],
          [0n, 8n],
          [700n, 16n],
          [5n, 8n],
          [4n, 8n],
          [0b100n, 8n],
          [0b00111n, 32n],
          [0b10001n, 32n],
          [0b01000n, 32n],
        ]),
      );
      expect(await bench.read(hub, await bench.feedSlot("classes"))).to.equal(
        pack([
          [Class.Chainlink, 16n],
          [Class.Own | Class.Pyth, 16n],
          [Class.Guard, 16n],
          [Class.RedStone, 16n],
        ]),
      );
    });

    it("has a source in one word: address, vote, bounds of its time, where it stands, its judges", async () => {
      const { hub, sources } = await networkHelpers.loadFixture(deployed);
      const rows = [
        { vote: 0n, push: 1n, counted: 1n, judges: 0b1010n },
        { vote: 0n, push: 0n, counted: 1n, judges: 0b1010n },
        { vote: 1n, push: 0n, counted: 1n, judges: 0b1001n },
        { vote: 2n, push: 0n, counted: 1n, judges: 0n },
        { vote: 3n, push: 1n, counted: 0n, judges: 0b0011n },
      ];
      for (const [i, { vote, push, counted, judges }] of rows.entries()) {
        const address = BigInt((await sources[i]?.getAddress()) ?? 0n);
        const fields = [
          [address, 160n],
          [vote, 8n],
          [push === 1n ? PUSH_AGE : PULL_AGE, 24n],
          [push === 1n ? 0n : 5n, 8n],
          [push, 1n],
          [counted, 1n],
          [0n, 6n],
          [judges, 8n],
        ] as const;
        const word = await bench.read(hub, await bench.feedSlot("sources", BigInt(i)));
        expect(word).to.equal(pack(fields));
      }
    });

    it("keeps that word in step when sources are added, promoted and disabled", async () => {
      const world = await networkHelpers.loadFixture(deployed);
      const { hub, governor, start } = world;
      const own = hub.connect(governor);
      const word = async (index: bigint) => bench.read(hub, await bench.feedSlot("sources", index));
      const standing = async () => {
        const words = await Promise.all([0n, 1n, 2n, 3n, 4n].map(word));
        return words.map((each) => [(each >> 201n) & 3n, each >> 208n]);
      };
      await own.addSource(FEED, await bench.source({ classes: 1n << 6n }));
      await own.addSource(FEED, await bench.source({ classes: Class.Guard }));
      await own.addSource(FEED, await bench.source({ classes: 1n << 6n }));
      expect(await standing()).to.deep.equal([
        [1n, 0b11010n],
        [1n, 0b11010n],
        [1n, 0b11001n],
        [1n, 0n],
        [0n, 0b10011n],
      ]);
      const proven = { first: start - 8n * DAY, last: start - DAY, samples: 500n, within: 500n };
      await bench.writeShadow(world, 4n, { price: PRICE, time: start - DAY, ...proven });
      await bench.at(start);
      await hub.promote(FEED, 4n);
      expect((await standing())[4]).to.deep.equal([1n, 0b10011n]);
      const five = await bench.deployVotes(4);
      await bench.updateAll(five, [PRICE, PRICE, PRICE, PRICE], start + 10n);
      await five.hub.connect(five.steward).disable(FEED, 1n);
      expect((await bench.read(five.hub, await bench.feedSlot("sources", 1n))) >> 201n).to.equal(
        (0b1101n << 7n) | 0b10n,
      );
    });

    it("has a record in shadow in one word: price, time, first, last, samples, within", async () => {
      const world = await networkHelpers.loadFixture(deployed);
      const { hub, start } = world;
      const slot = await bench.feedSlot("shadows", 4n);
      await bench.update(world, 4n, { price: PRICE, time: start });
      const seen = [
        [PRICE, 64n],
        [start, 40n],
      ] as const;
      expect(await bench.read(hub, slot)).to.equal(pack(seen));
    });

    it("has a vote's newest reading in the word that docs/oracles.md describes", async () => {
      const reading = fc.record({
        index: fc.constantFrom(1n, 2n, 3n),
        price: biased(1n, MAX_63),
        age: biased(-5n, PULL_AGE),
        confidence: biased(0n, 300n),
        form: fc
          .tuple(fc.boolean(), biased(1n, (1n << 21n) - 1n))
          .map(([maximal, rank]) => (maximal ? rank | (1n << 21n) : rank)),
        wait: fc.bigInt(0n, 40n),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(reading, { minLength: 1, maxLength: 8 }), async (readings) => {
          const world = await networkHelpers.loadFixture(deployed);
          const { hub, start } = world;
          const newest = new Map<bigint, { time: bigint; form: bigint }>();
          let now = start;
          for (const { index, age, wait, ...said } of readings) {
            now += wait;
            const [time, vote] = [now - age, index - 1n];
            const stored = newest.get(vote);
            const newer =
              stored === undefined ||
              time > stored.time ||
              (time === stored.time && said.form > stored.form);
            const slot = await bench.feedSlot("stores", vote);
            const before = await bench.read(hub, slot);
            await bench.at(now);
            const sent = hub.update(FEED, index, readingWords({ ...said, time }));
            if (newer) {
              await sent;
              newest.set(vote, { time, form: said.form });
            } else {
              await expect(sent)
                .to.be.revertedWithCustomError(hub, "NotNewer")
                .withArgs(time, stored.time);
            }
            const seenAt = time > now ? now : time;
            const kept = packStore({ ...said, time, seenAt, maxAge: PULL_AGE, source: index });
            const word = await bench.read(hub, slot);
            // Two votes and a guard: nobody is ever judged.
            expect(word).to.equal(newer ? kept : before);
            expect(await hub.storeWord(FEED, vote)).to.equal(word);
          }
        }),
        { numRuns: RUNS, seed: SEED },
      );
    });

    it("does not depend on the order in which readings of different times come", async () => {
      const prices = fc.uniqueArray(fc.bigInt(usd(1_990), usd(2_010)), {
        minLength: 2,
        maxLength: 6,
      });
      await fc.assert(
        fc.asyncProperty(prices, fc.infiniteStream(fc.nat()), async (said, chance) => {
          const world = await networkHelpers.loadFixture(deployed);
          const { hub, start } = world;
          const readings = said.map((price, i) => ({ price, time: start - BigInt(i) }));
          const order = readings
            .map((reading) => ({ reading, key: chance.next().value as number }))
            .sort((a, b) => a.key - b.key);
          for (const { reading } of order) {
            await bench.update(world, 2n, reading, start).catch(() => undefined);
          }
          const [price = 0n] = said;
          const kept = { price, time: start, seenAt: start, maxAge: PULL_AGE, source: 2n };
          expect(await hub.storeWord(FEED, 1n)).to.equal(packStore(kept));
        }),
        { numRuns: RUNS, seed: SEED },
      );
    });
  });
});
