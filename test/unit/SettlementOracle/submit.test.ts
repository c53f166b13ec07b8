import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { connect } from "../../fixtures/connection.ts";
import {
  BEST,
  CLOSINGS,
  Class,
  FEED,
  FixingBench,
  KINDS,
  MAXIMAL,
  OPENED,
  PRICE,
  Source,
  Step,
  T,
  encodeFeed,
  feedArgs,
  packFixing,
  packLane,
  profileOf,
  readingWords,
  slotTime,
  termsOf,
} from "../../fixtures/oracles.ts";
import { HOUR, MAX_63, MAX_64, usd } from "../../fixtures/units.ts";

const connection = await connect();
const { ethers, networkHelpers } = connection;
const bench = new FixingBench(connection);

const AFTER = T + 60n;
const [C1, C2, C3] = CLOSINGS;
const RANK = 7n;

/** All three profiles are open. The one fixture: times here are absolute. */
async function deployed() {
  const world = await bench.deploy();
  const fixings: string[] = [];
  for (const kind of [0n, 1n, 2n]) fixings.push((await bench.open(world, kind)).fixing);
  const [first = "", second = "", third = ""] = fixings;
  const [, , , , alice, bob] = await ethers.getSigners();
  if (alice === undefined || bob === undefined) throw new Error("no signers");
  return { ...world, fixings: [first, second, third] as const, alice, bob };
}

type World = Awaited<ReturnType<typeof deployed>>;

const provenValue = async (world: World, vote: bigint) =>
  bench.laneOf(world, world.fixings[0], 1n, vote, 0n);

describe("SettlementOracle", () => {
  describe("submit", () => {
    describe("when the value is the first of its lane", () => {
      it("keeps it and emits ValueAccepted", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const { oracle, fixings, alice } = world;
        const values = [
          { source: Source.Pulled, price: usd(2_001), form: MAXIMAL | 3n },
          { source: Source.RedStone, price: usd(2_002), form: RANK },
        ];
        const sent = await bench.submit(world, 0n, AFTER, values, alice.address);
        await expect(sent)
          .to.emit(oracle, "ValueAccepted")
          .withArgs(fixings[0], 0n, 0n, usd(2_001), MAXIMAL | 3n, alice.address);
        await expect(sent)
          .to.emit(oracle, "ValueAccepted")
          .withArgs(fixings[0], 1n, 0n, usd(2_002), RANK, alice.address);
        expect(await provenValue(world, 0n)).to.deep.equal({
          price: usd(2_001),
          form: MAXIMAL | 3n,
        });
        expect(await provenValue(world, 1n)).to.deep.equal({ price: usd(2_002), form: RANK });
        expect(await provenValue(world, 2n)).to.deep.equal({ price: 0n, form: 0n });
      });

      it("keeps the least and the largest price, and every bit of the form", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const all = (1n << 22n) - 1n;
        await bench.submit(world, 0n, AFTER, [
          { source: Source.RedStone, price: 1n, form: all },
          { source: Source.Own, price: MAX_63, form: 1n },
        ]);
        expect(await provenValue(world, 1n)).to.deep.equal({ price: 1n, form: all });
        expect(await provenValue(world, 2n)).to.deep.equal({ price: MAX_63, form: 1n });
      });

      it("asks the source for the slot's time", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const { oracle, sources, fixings } = world;
        for (const [kind, slot, time] of [
          [0n, 0n, T],
          [1n, 6n, T - 1_800n],
          [2n, 29n, T - 1_740n],
        ] as const) {
          const value = { source: Source.Own, slot, price: PRICE };
          const now = AFTER + 2n * kind;
          await expect(bench.submit(world, kind, now, [{ ...value, time: time - 1n }]))
            .to.be.revertedWithCustomError(sources[3] ?? oracle, "ProofForOtherTime")
            .withArgs(time - 1n, time);
          await expect(bench.submit(world, kind, now + 1n, [{ ...value, time }]))
            .to.emit(oracle, "ValueAccepted")
            .withArgs(fixings[Number(kind)], 2n, slot, PRICE, BEST, ZeroAddress);
        }
      });
    });

    describe("when the lane has a value", () => {
      const held = { price: usd(2_000), form: RANK };
      const rows = [
        {
          name: "a greater form, whatever the price",
          price: usd(2_500),
          form: RANK + 1n,
          wins: true,
        },
        { name: "a maximal form of a lower rank", price: usd(2_500), form: BEST, wins: true },
        { name: "the same form and a lower price", price: usd(2_000) - 1n, form: RANK, wins: true },
        { name: "the same once more", price: usd(2_000), form: RANK, wins: false },
        {
          name: "the same form and a higher price",
          price: usd(2_000) + 1n,
          form: RANK,
          wins: false,
        },
        { name: "a lesser form, whatever the price", price: 1n, form: RANK - 1n, wins: false },
      ];
      for (const { name, wins, ...value } of rows) {
        it(`${wins ? "takes" : "leaves, without an error,"} ${name}`, async () => {
          const world = await networkHelpers.loadFixture(deployed);
          const { oracle } = world;
          await bench.submit(world, 0n, AFTER, [{ source: Source.Own, ...held }]);
          const sent = bench.submit(world, 0n, AFTER + 1n, [{ source: Source.Own, ...value }]);
          if (wins) await expect(sent).to.emit(oracle, "ValueAccepted");
          else await expect(sent).not.to.emit(oracle, "ValueAccepted");
          expect(await provenValue(world, 2n)).to.deep.equal(wins ? value : held);
        });
      }

      it("leaves the other lanes of its word as they are", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const { oracle, fixings } = world;
        const values = [0n, 1n, 2n, 3n].map((slot) => ({
          ...{ source: Source.Pulled, slot, price: usd(2_000) + slot, form: RANK },
        }));
        await bench.submit(world, 1n, AFTER, values);
        await bench.submit(world, 1n, AFTER, [{ source: Source.Pulled, slot: 1n, price: 5n }]);
        const words = await bench.fixingWords(oracle, fixings[1]);
        const lane = (slot: bigint) => packLane(usd(2_000) + slot, RANK);
        expect(words[1]).to.equal(lane(0n) | (packLane(5n) << 85n) | (lane(2n) << 170n));
        expect(words[2]).to.equal(lane(3n));
      });
    });

    describe("when a push source has a better one beside it", () => {
      it("takes the maximal bit from its value", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const { oracle, fixings } = world;
        await expect(
          bench.submit(world, 0n, AFTER, [
            { source: Source.Push, price: PRICE, form: MAXIMAL | 5n },
          ]),
        )
          .to.emit(oracle, "ValueAccepted")
          .withArgs(fixings[0], 0n, 0n, PRICE, 5n, ZeroAddress);
      });

      it("lets the better one win in either order", async () => {
        const push = { source: Source.Push, price: usd(1_900), form: MAXIMAL | 999n };
        const pulled = { source: Source.Pulled, price: usd(2_000), form: BEST };
        for (const values of [
          [push, pulled],
          [pulled, push],
        ]) {
          const world = await networkHelpers.loadFixture(deployed);
          await bench.submit(world, 0n, AFTER, values);
          expect(await provenValue(world, 0n)).to.deep.equal({ price: usd(2_000), form: BEST });
        }
      });

      it("leaves it to a push source that is alone in its vote", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const { oracle, hub } = world;
        const feed = encodeFeed("alone");
        const terms = [Class.Chainlink, Class.RedStone, Class.Own];
        const sources = [];
        for (const classes of terms) sources.push(await bench.source({ classes, push: true }));
        await hub.connect(world.governor).createFeed(...feedArgs({ feed }, sources));
        const time = OPENED + 1_000n;
        for (const source of sources) {
          await source.say({ price: PRICE, time, confidence: 0n, form: BEST });
        }
        await bench.at(time);
        await hub.poke(feed);
        await oracle.open(feed, profileOf(0n), T);
        await bench.at(AFTER);
        const proof = bench.proof(0n, { source: 0n, price: PRICE });
        await oracle.submit(feed, profileOf(0n), T, [proof], ZeroAddress);
        const fixing = await oracle.fixingId(feed, profileOf(0n), T);
        expect(await bench.laneOf(world, fixing, 1n, 0n, 0n)).to.deep.equal({
          price: PRICE,
          form: BEST,
        });
      });
    });

    describe("when somebody is credited", () => {
      it("gives 1 point for a value and 2 for a maximal one", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const { oracle, fixings, alice } = world;
        const values = [
          { source: Source.RedStone, price: PRICE, form: RANK },
          { source: Source.Own, price: PRICE, form: BEST },
          { source: Source.Push, price: PRICE, form: BEST },
        ];
        await bench.submit(world, 0n, AFTER, values, alice.address);
        expect(await oracle.pointsOf(fixings[0], alice.address)).to.equal(4n);
        expect(await oracle.pointsOf(fixings[1], alice.address)).to.equal(0n);
      });

      it("gives the difference for a better one, and nothing for another of its worth", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const { oracle, fixings, alice, bob } = world;
        const submit = (price: bigint, form: bigint, who: string) =>
          bench.submit(world, 0n, AFTER, [{ source: Source.Own, price, form }], who);
        const points = async () => [
          await oracle.pointsOf(fixings[0], alice.address),
          await oracle.pointsOf(fixings[0], bob.address),
        ];
        await submit(PRICE, RANK, alice.address);
        await submit(PRICE, RANK + 1n, bob.address);
        expect(await points()).to.deep.equal([1n, 0n]);
        await submit(PRICE, BEST, bob.address);
        expect(await points()).to.deep.equal([1n, 1n]);
        await submit(PRICE - 1n, BEST, alice.address);
        await submit(PRICE, BEST, alice.address);
        expect(await points()).to.deep.equal([1n, 1n]);
      });

      it("credits nobody at the zero address", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const { oracle, fixings } = world;
        await bench.submit(world, 0n, AFTER, [{ source: Source.Own, price: PRICE }]);
        expect(await oracle.pointsOf(fixings[0], ZeroAddress)).to.equal(0n);
      });
    });

    describe("when sources want fees", () => {
      async function withFees() {
        const world = await networkHelpers.loadFixture(deployed);
        await world.sources[2]?.setFee(3n);
        await world.sources[3]?.setFee(4n);
        const values = [
          { source: Source.RedStone, price: PRICE, fee: 3n },
          { source: Source.Own, price: PRICE, fee: 4n },
        ];
        return { world, values };
      }

      it("passes them on, all of the value sent", async () => {
        const { world, values } = await withFees();
        const { oracle, sources } = world;
        await expect(
          bench.submit(world, 0n, AFTER, values, ZeroAddress, 7n),
        ).to.changeEtherBalances(
          ethers,
          [oracle, sources[2] ?? "", sources[3] ?? ""],
          [0n, 3n, 4n],
        );
      });

      it("refuses more than they are", async () => {
        const { world, values } = await withFees();
        await expect(bench.submit(world, 0n, AFTER, values, ZeroAddress, 8n))
          .to.be.revertedWithCustomError(world.oracle, "FeesMismatch")
          .withArgs(8n, 7n);
        await expect(bench.submit(world, 0n, AFTER + 1n, [], ZeroAddress, 1n))
          .to.be.revertedWithCustomError(world.oracle, "FeesMismatch")
          .withArgs(1n, 0n);
      });

      it("refuses less, also when the oracle holds some by accident", async () => {
        const { world, values } = await withFees();
        const { oracle } = world;
        await expect(bench.submit(world, 0n, AFTER, values, ZeroAddress, 6n)).to.revert(ethers);
        await networkHelpers.setBalance(await oracle.getAddress(), 100n);
        await expect(bench.submit(world, 0n, AFTER + 1n, values, ZeroAddress, 6n))
          .to.be.revertedWithCustomError(oracle, "FeesMismatch")
          .withArgs(6n, 7n);
        await bench.at(AFTER + 2n);
        await expect(oracle.fix(FEED, profileOf(0n), T, bench.proofBytes(0n, values)))
          .to.be.revertedWithCustomError(oracle, "FeesMismatch")
          .withArgs(0n, 7n);
      });

      it("passes on a source's refusal of another fee", async () => {
        const { world } = await withFees();
        const { sources, oracle } = world;
        const values = [{ source: Source.Own, price: PRICE, fee: 5n }];
        await expect(bench.submit(world, 0n, AFTER, values, ZeroAddress, 5n))
          .to.be.revertedWithCustomError(sources[3] ?? oracle, "WrongFee")
          .withArgs(5n, 4n);
      });
    });

    describe("when it is refused", () => {
      const value = { source: Source.Own, price: PRICE };

      it("wants the fixing open", async () => {
        const { oracle } = await networkHelpers.loadFixture(deployed);
        const profile = profileOf(0n, 1n);
        const fixing = await oracle.fixingId(FEED, profile, T);
        await expect(oracle.submit(FEED, profile, T, [], ZeroAddress))
          .to.be.revertedWithCustomError(oracle, "FixingNotOpen")
          .withArgs(fixing);
      });

      it("refuses anything once the price is final", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const { oracle } = world;
        const all = [Source.Pulled, Source.RedStone, Source.Own];
        await bench.submit(
          world,
          0n,
          AFTER,
          all.map((source) => ({ source, price: PRICE })),
        );
        await bench.finalise(world, 0n, AFTER);
        await expect(bench.submit(world, 0n, AFTER, [{ source: 9n, price: 0n }]))
          .to.be.revertedWithCustomError(oracle, "FixingFinal")
          .withArgs(PRICE);
      });

      it("takes values until the last second before T + 26 h", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const { oracle } = world;
        await expect(bench.submit(world, 0n, T + C3 - 1n, [value])).to.emit(
          oracle,
          "ValueAccepted",
        );
        const end = T + C3;
        await expect(bench.submit(world, 1n, end, [{ ...value, source: 9n }]))
          .to.be.revertedWithCustomError(oracle, "FixingWindowOver")
          .withArgs(end, end);
        // The lane that is filled gave a price at that very second.
        await expect(bench.submit(world, 0n, end + 1n, [value]))
          .to.be.revertedWithCustomError(oracle, "FixingFinal")
          .withArgs(PRICE);
      });

      it("takes one of the frozen sources alone, before it looks at the slot", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        for (const source of [4n, 31n, 32n, 255n]) {
          await expect(bench.submit(world, 0n, AFTER, [{ source, slot: 9n, price: PRICE }]))
            .to.be.revertedWithCustomError(world.oracle, "SourceNotInFixing")
            .withArgs(source);
        }
      });

      it("takes slots of the profile alone", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        for (const [i, { slots }] of KINDS.entries()) {
          for (const slot of [slots, 255n]) {
            await expect(bench.submit(world, BigInt(i), AFTER, [{ ...value, slot, time: T }]))
              .to.be.revertedWithCustomError(world.oracle, "SlotUnknown")
              .withArgs(slot, slots);
          }
        }
      });

      it("takes no value of a slot that is not over", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        for (const [kind, slot] of [
          [2n, 29n],
          [2n, 1n],
          [1n, 0n],
          [0n, 0n],
        ] as const) {
          const time = slotTime(kind, slot);
          await expect(bench.submit(world, kind, time, [{ ...value, slot }]))
            .to.be.revertedWithCustomError(world.oracle, "TooEarlyToFix")
            .withArgs(time, time + 1n);
          if (time !== T || kind === 0n) {
            await expect(bench.submit(world, kind, time + 1n, [{ ...value, slot }])).to.emit(
              world.oracle,
              "ValueAccepted",
            );
          }
        }
      });

      it("passes on the source's own refusal", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const [source] = world.sources.slice(-1);
        if (source === undefined) throw new Error("no source");
        await source.setBroken(true);
        await expect(bench.submit(world, 0n, AFTER, [value]))
          .to.be.revertedWithCustomError(source, "Broken")
          .withArgs();
      });

      it("refuses prices of 0, 2^63 and 2^64 − 1", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        for (const price of [0n, MAX_63 + 1n, MAX_64]) {
          await expect(bench.submit(world, 0n, AFTER, [{ ...value, price, form: 0n }]))
            .to.be.revertedWithCustomError(world.oracle, "ValueOutOfRange")
            .withArgs(price);
        }
      });

      it("refuses forms without a rank or with more than 22 bits", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        for (const form of [0n, MAXIMAL, 1n << 22n, (1n << 24n) - 1n]) {
          await expect(bench.submit(world, 0n, AFTER, [{ ...value, form }]))
            .to.be.revertedWithCustomError(world.oracle, "ValueFormInvalid")
            .withArgs(form);
        }
      });

      it("keeps nothing of a call whose last proof is refused", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const { oracle, fixings, alice } = world;
        const values = [value, { source: Source.RedStone, price: 0n }];
        await expect(bench.submit(world, 0n, AFTER, values, alice.address))
          .to.be.revertedWithCustomError(oracle, "ValueOutOfRange")
          .withArgs(0n);
        expect(await provenValue(world, 2n)).to.deep.equal({ price: 0n, form: 0n });
        expect(await oracle.pointsOf(fixings[0], alice.address)).to.equal(0n);
      });
    });

    describe("when a closing is due", () => {
      it("passes it first, and keeps that, with WindowClosed", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const { oracle, fixings } = world;
        const sent = await bench.submit(world, 0n, T + C2, []);
        for (const stage of [1n, 2n]) {
          await expect(sent).to.emit(oracle, "WindowClosed").withArgs(fixings[0], stage);
        }
        const [header] = await bench.fixingWords(oracle, fixings[0]);
        expect(header).to.equal(packFixing({ stage: 2n }));
      });

      it("settles on the values that were in: a later one does not change the number", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const { oracle, fixings } = world;
        const prices = [usd(2_000), usd(2_001), usd(2_002)];
        const sources = [Source.Pulled, Source.RedStone, Source.Own];
        const values = sources.map((source, i) => ({
          ...{ source, price: prices[i] ?? 0n, form: RANK },
        }));
        await bench.submit(world, 0n, T + C1 - 1n, values);
        // Of a greater form, so that it would replace the value in the middle.
        const late = { source: Source.RedStone, price: usd(1_999), form: BEST };
        await expect(bench.submit(world, 0n, T + C1, [late]))
          .to.be.revertedWithCustomError(oracle, "FixingFinal")
          .withArgs(usd(2_001));
        await bench.at(T + C1 + HOUR);
        const sent = await oracle.fix(FEED, profileOf(0n), T, bench.proofBytes(0n, [late]));
        await expect(sent).not.to.emit(oracle, "ValueAccepted");
        await expect(sent)
          .to.emit(oracle, "PriceSettled")
          .withArgs(fixings[0], usd(2_001), Step.F1, 0n);
      });

      it("takes a value in the last second before", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const sources = [Source.Pulled, Source.RedStone];
        await bench.submit(
          world,
          0n,
          T + 1n,
          sources.map((source) => ({ source, price: usd(2_000), form: RANK })),
        );
        const last = { source: Source.Own, price: usd(2_010), form: RANK };
        await bench.submit(world, 0n, T + C1 - 1n, [last]);
        await bench.finalise(world, 0n, T + C1);
        expect((await world.oracle.price(FEED, profileOf(0n), T))[0]).to.equal(usd(2_000));
        expect((await world.oracle.fixingState(world.fixings[0])).step).to.equal(Step.F1);
      });
    });

    describe("when a source calls back", () => {
      it("refuses every function that changes a fixing", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const { oracle, hub } = world;
        const source = await ethers.deployContract("ReenteringSource", [
          termsOf({ classes: Class.Chainlink }),
        ]);
        const feed = encodeFeed("reentered");
        const others = world.sources.slice(2);
        await hub.connect(world.governor).createFeed(...feedArgs({ feed }, [source, ...others]));
        const time = OPENED + 1_000n;
        for (const index of [0n, 1n, 2n]) {
          await bench.at(time);
          await hub.update(feed, index, readingWords({ price: PRICE, time }));
        }
        const profile = profileOf(0n);
        await bench.at(time);
        await oracle.open(feed, profile, T);
        const proofs = [bench.proof(0n, { source: 0n, price: PRICE })];
        const bytes = bench.proofBytes(0n, [{ source: 0n, price: PRICE }]);
        const calls = [
          oracle.interface.encodeFunctionData("submit", [feed, profile, T, proofs, ZeroAddress]),
          oracle.interface.encodeFunctionData("fix", [feed, profile, T, bytes]),
          oracle.interface.encodeFunctionData("finalise", [feed, profile, T]),
          oracle.interface.encodeFunctionData("open", [feed, profile, T]),
          oracle.interface.encodeFunctionData("refreshMark", [feed, profile, T]),
          oracle.interface.encodeFunctionData("noteOutage", [feed, profile, T]),
          oracle.interface.encodeFunctionData("proposeSuccessor", [feed, profile, T, 0n]),
          oracle.interface.encodeFunctionData("confirmSuccessor", [feed, profile, T, 0n]),
        ];
        await bench.mineAt(AFTER);
        for (const call of calls) {
          await source.arm(oracle, call);
          await expect(oracle.submit(feed, profile, T, proofs, ZeroAddress))
            .to.be.revertedWithCustomError(oracle, "ReentrancyGuardReentrantCall")
            .withArgs();
          await expect(oracle.fix(feed, profile, T, bytes))
            .to.be.revertedWithCustomError(oracle, "ReentrancyGuardReentrantCall")
            .withArgs();
        }
        // Views answer, and the hub is another contract: a source may bring a reading on the way.
        const views = [oracle.interface.encodeFunctionData("price", [feed, profile, T])];
        const reading = readingWords({ price: PRICE, time: AFTER });
        await source.arm(oracle, views[0] ?? "0x");
        await oracle.submit(feed, profile, T, proofs, ZeroAddress);
        await source.arm(hub, hub.interface.encodeFunctionData("update", [feed, 1n, reading]));
        await expect(oracle.submit(feed, profile, T, proofs, ZeroAddress)).to.emit(
          hub,
          "ReadingStored",
        );
      });
    });
  });

  describe("provenValue", () => {
    it("is 0 for slots and votes that are not there", async () => {
      const world = await networkHelpers.loadFixture(deployed);
      const { fixings } = world;
      await bench.submit(world, 2n, AFTER, [{ source: Source.Own, slot: 29n, price: PRICE }]);
      expect(await bench.laneOf(world, fixings[2], 30n, 2n, 29n)).to.deep.equal({
        price: PRICE,
        form: BEST,
      });
      for (const [slots, vote, slot] of [
        [30n, 2n, 28n],
        [30n, 2n, 30n],
        [30n, 7n, 29n],
        [30n, 8n, 0n],
        [30n, 255n, 0n],
        [0n, 0n, 0n],
        [255n, 1n, 0n],
      ] as const) {
        const answer = await bench.laneOf(world, fixings[2], slots, vote, slot);
        expect(answer).to.deep.equal({ price: 0n, form: 0n });
      }
    });
  });
});
