import { expect } from "chai";
import type { ContractTransactionResponse } from "ethers";

import { connect } from "../../fixtures/connection.ts";
import {
  BEST,
  CLOSINGS,
  FEED,
  FixingBench,
  Flag,
  KINDS,
  PRICE,
  Source,
  Step,
  T,
  packFixing,
  profileOf,
} from "../../fixtures/oracles.ts";
import type { MarkInput, ValueInput } from "../../fixtures/oracles.ts";
import { DAY, HOUR, MAX_63, usd } from "../../fixtures/units.ts";

const connection = await connect();
const { networkHelpers } = connection;
const bench = new FixingBench(connection);

const [C1, C2, C3, C4] = CLOSINGS;
const AFTER = T + 1n;
/** A form that is not maximal: what rests on it waits for a closing. */
const RANK = 7n;
const OLD_MARK = { time: T - DAY };
const YOUNG_MARK = { time: T - DAY + 1n };

/** Nothing is open. The one fixture: times here are absolute. */
async function deployed() {
  return bench.deploy();
}

async function opened(kind: bigint, mark?: MarkInput) {
  const world = await networkHelpers.loadFixture(deployed);
  return { ...world, ...(await bench.open(world, kind, mark)), kind };
}

type World = Awaited<ReturnType<typeof opened>>;

const VOTES = [Source.Pulled, Source.RedStone, Source.Own] as const;

/** Values of a slot, of as many classes as there are prices. */
const slotOf = (slot: bigint, prices: readonly bigint[], form = RANK): ValueInput[] =>
  prices.map((price, i) => ({ source: VOTES[i] ?? 0n, slot, price, form }));

/** A slot that is strong at a price. */
const strong = (slot: bigint, price: bigint, form = RANK): ValueInput[] =>
  slotOf(slot, [price + 9n, price - 9n, price], form);

const range = (from: number, to: number): bigint[] =>
  Array.from({ length: to - from }, (_, i) => BigInt(from + i));

async function submit(world: World, values: readonly ValueInput[], time = AFTER) {
  await bench.submit(world, world.kind, time, values);
}

/** Names and arguments of a transaction's events, in their order. */
async function eventsOf(
  { oracle }: World,
  sent: ContractTransactionResponse,
): Promise<unknown[][]> {
  const receipt = await sent.wait();
  return (receipt?.logs ?? []).map((log) => {
    const event = oracle.interface.parseLog(log);
    return [event?.name, ...((event?.args.toArray() ?? []) as unknown[])];
  });
}

async function expectTooEarly(world: World, time: bigint, closing: bigint): Promise<void> {
  await expect(bench.finalise(world, world.kind, time))
    .to.be.revertedWithCustomError(world.oracle, "TooEarlyToFix")
    .withArgs(time, closing);
}

/** It is final at this second, and was not a second before. */
async function expectSettled(
  world: World,
  offset: bigint,
  price: bigint,
  step: bigint,
  flags = 0n,
): Promise<void> {
  const { oracle, fixing, kind } = world;
  await expectTooEarly(world, T + offset - 1n, T + offset);
  await expect(bench.finalise(world, kind, T + offset))
    .to.emit(oracle, "PriceSettled")
    .withArgs(fixing, price, step, flags);
  expect((await oracle.price(FEED, world.profile, T))[0]).to.equal(price);
  expect((await oracle.fixingState(fixing)).step).to.equal(step);
}

describe("SettlementOracle", () => {
  describe("finalise", () => {
    it("wants the fixing open", async () => {
      const { oracle } = await networkHelpers.loadFixture(deployed);
      const fixing = await oracle.fixingId(FEED, profileOf(0n), T);
      await expect(oracle.finalise(FEED, profileOf(0n), T))
        .to.be.revertedWithCustomError(oracle, "FixingNotOpen")
        .withArgs(fixing);
    });

    it("returns the final price again and again, and changes nothing any more", async () => {
      const world = await opened(0n);
      const { oracle, profile, fixing } = world;
      await submit(world, slotOf(0n, [PRICE]));
      await bench.finalise(world, 0n, T + C3);
      const before = await bench.fixingWords(oracle, fixing);
      for (const time of [T + C3, T + C4, T + 1_000n * DAY]) {
        await bench.mineAt(time);
        expect(await oracle.finalise.staticCall(FEED, profile, T)).to.equal(PRICE);
        const receipt = await (await oracle.finalise(FEED, profile, T)).wait();
        expect(receipt?.logs).to.deep.equal([]);
      }
      expect(await bench.fixingWords(oracle, fixing)).to.deep.equal(before);
    });

    it("keeps nothing when there is no price yet", async () => {
      const world = await opened(0n);
      await expectTooEarly(world, T + C1, T + C2);
      const [header] = await bench.fixingWords(world.oracle, world.fixing);
      expect(header).to.equal(packFixing({}));
    });
  });

  describe("F0, at once", () => {
    const sample = [usd(2_000), usd(2_004), usd(2_001)];

    it("is the median of the one slot, from T + 1 s on", async () => {
      const world = await opened(0n);
      await expectTooEarly(world, T, T + C1);
      const values = slotOf(0n, sample, BEST);
      await submit(world, values, T + 1n);
      await expect(bench.finalise(world, 0n, T + 1n))
        .to.emit(world.oracle, "PriceSettled")
        .withArgs(world.fixing, usd(2_001), Step.F0, 0n);
      const [header] = await bench.fixingWords(world.oracle, world.fixing);
      expect(header).to.equal(packFixing({ price: usd(2_001), step: Step.F0 }));
    });

    it("is the floored mean of the medians of 7 slots", async () => {
      const world = await opened(1n);
      // 2,000 · 7 and 0 + 1 + … + 5 + 7 = 22 over 7.
      const values = [0n, 1n, 2n, 3n, 4n, 5n, 7n].flatMap((more, k) =>
        strong(BigInt(k), usd(2_000) + more, BEST),
      );
      await submit(world, values);
      await expect(bench.finalise(world, 1n, AFTER))
        .to.emit(world.oracle, "PriceSettled")
        .withArgs(world.fixing, usd(2_000) + 3n, Step.F0, 0n);
    });

    it("is the floored mean of the medians of 30 slots", async () => {
      const world = await opened(2n);
      // 0 + 10 + … + 290 = 4,350 over 30 = 145.
      const values = range(0, 30).flatMap((k) => strong(k, usd(2_000) + 10n * k, BEST));
      await submit(world, values);
      await expect(bench.finalise(world, 2n, AFTER))
        .to.emit(world.oracle, "PriceSettled")
        .withArgs(world.fixing, usd(2_000) + 145n, Step.F0, 0n);
    });

    for (const kind of [0n, 1n, 2n]) {
      it(`waits for every vote in every slot to be maximal, profile ${kind}`, async () => {
        const world = await opened(kind);
        const slots = KINDS[Number(kind)]?.slots ?? 0n;
        const values = range(0, Number(slots)).flatMap((k) => strong(k, PRICE, BEST));
        const last = { source: Source.Own, slot: slots - 1n, price: PRICE };
        await submit(world, values.slice(0, -1));
        await expectTooEarly(world, AFTER, T + C1);
        await submit(world, [{ ...last, form: RANK }], AFTER + 2n);
        await expectTooEarly(world, AFTER + 3n, T + C1);
        await submit(world, [last], AFTER + 4n);
        await bench.finalise(world, kind, AFTER + 5n);
        expect((await world.oracle.fixingState(world.fixing)).step).to.equal(Step.F0);
      });
    }

    it("waits for the better source of a vote whose push source is in", async () => {
      const world = await opened(0n);
      const values = slotOf(0n, sample, BEST).with(0, { source: Source.Push, price: PRICE });
      await submit(world, values);
      await expectTooEarly(world, AFTER, T + C1);
      await submit(world, [{ source: Source.Pulled, price: usd(2_002) }], AFTER + 2n);
      await expect(bench.finalise(world, 0n, AFTER + 3n))
        .to.emit(world.oracle, "PriceSettled")
        .withArgs(world.fixing, usd(2_002), Step.F0, 0n);
    });

    it("is possible between the first and the second closing, not any more at the second", async () => {
      for (const last of [T + C2 - 1n, T + C2]) {
        const world = await opened(0n);
        const { oracle, fixing } = world;
        const [first, ...others] = slotOf(0n, sample, BEST);
        if (first === undefined) throw new Error("no value");
        await submit(world, others);
        await submit(world, [{ ...first, form: RANK }], T + C1);
        expect((await oracle.fixingState(fixing)).stage).to.equal(1n);
        await submit(world, [first], T + C2 - 1n);
        const step = last === T + C2 ? Step.F1 : Step.F0;
        await expect(bench.finalise(world, 0n, last))
          .to.emit(oracle, "PriceSettled")
          .withArgs(fixing, usd(2_001), step, 0n);
      }
    });
  });

  describe("F1, at T + 2 h", () => {
    it("is the median of three classes of one slot", async () => {
      const world = await opened(0n);
      await submit(world, slotOf(0n, [usd(2_003), usd(2_000), usd(2_002)]));
      await expectSettled(world, C1, usd(2_002), Step.F1);
    });

    it("is the mean of 6 strong slots of 7, whatever the seventh says", async () => {
      for (const rest of [[], slotOf(6n, [usd(1_999)]), slotOf(6n, [usd(1_999), usd(1_999)])]) {
        const world = await opened(1n);
        // 0 + 1 + … + 5 = 15 over 6.
        const values = range(0, 6).flatMap((k) => strong(k, usd(2_000) + k));
        await submit(world, [...values, ...rest]);
        await expectSettled(world, C1, usd(2_000) + 2n, Step.F1);
      }
    });

    it("does not come with 5 strong slots of 7", async () => {
      const world = await opened(1n);
      await submit(world, [
        ...range(0, 5).flatMap((k) => strong(k, usd(2_000))),
        ...slotOf(5n, [usd(2_000), usd(2_000)]),
      ]);
      await expectTooEarly(world, T + C1, T + C2);
    });

    it("is the mean of 24 strong slots of 30", async () => {
      const world = await opened(2n);
      // 100 · (0 + … + 23) = 27,600 over 24 = 1,150.
      const values = range(0, 24).flatMap((k) => strong(k, usd(2_000) + 100n * k));
      await submit(world, [...values, ...slotOf(24n, [usd(1_990), usd(1_991)])]);
      await expectSettled(world, C1, usd(2_000) + 1_150n, Step.F1);
    });

    it("does not come with 23 strong slots of 30", async () => {
      const world = await opened(2n);
      await submit(
        world,
        range(0, 23).flatMap((k) => strong(k, usd(2_000))),
      );
      await expectTooEarly(world, T + C1, T + C2);
    });

    it("comes at T + 8 h when the slots become strong after T + 2 h", async () => {
      const world = await opened(0n);
      await submit(world, slotOf(0n, [usd(2_000), usd(2_004)]), T + C1);
      await submit(world, [{ source: Source.Own, price: usd(2_001), form: RANK }], T + C2 - 2n);
      await expectSettled(world, C2, usd(2_001), Step.F1);
      expect((await world.oracle.fixingState(world.fixing)).stage).to.equal(1n);
    });
  });

  describe("F2, at T + 8 h", () => {
    it("is the floored mean of two classes within 1 %", async () => {
      const world = await opened(0n);
      await submit(world, slotOf(0n, [usd(2_020), usd(2_000)]));
      await expectSettled(world, C2, usd(2_010), Step.F2);
      const other = await opened(0n);
      await submit(other, slotOf(0n, [PRICE + 4n, PRICE + 1n]));
      await expectSettled(other, C2, PRICE + 2n, Step.F2);
    });

    const clamped = [
      { mark: usd(2_000), price: usd(2_000), name: "the mark between them" },
      { mark: usd(1_980), price: usd(1_990), name: "the lower one above the mark" },
      { mark: usd(2_030), price: usd(2_010) + 1n, name: "the upper one below the mark" },
    ];
    for (const { mark, price, name } of clamped) {
      it(`is ${name}, when two classes are apart by more than 1 % and the mark is young`, async () => {
        const world = await opened(0n, { ...YOUNG_MARK, price: mark });
        // 1 % of 1,990 is 19.9.
        await submit(world, slotOf(0n, [usd(2_010) + 1n, usd(1_990)]));
        await expectSettled(world, C2, price, Step.F2);
      });
    }

    it("takes two classes 1 % apart for a pair whatever the mark", async () => {
      const world = await opened(0n, { ...OLD_MARK, price: usd(2_020) });
      await submit(world, slotOf(0n, [usd(2_000), usd(2_020)]));
      await expectSettled(world, C2, usd(2_010), Step.F2);
    });

    it("is the mean of strong slots and pairs of 7, without single ones", async () => {
      const world = await opened(1n, YOUNG_MARK);
      await submit(world, [
        ...range(0, 5).flatMap((k) => strong(k, usd(2_000))),
        // A pair of 2,010, and one that is apart: 2,000, the mark.
        ...slotOf(5n, [usd(2_008), usd(2_012)]),
        ...slotOf(6n, [usd(1_990), usd(2_015)]),
      ]);
      // (5 · 2,000 + 2,010 + 2,000) / 7
      await expectSettled(world, C2, usd(14_010) / 7n, Step.F2);

      const other = await opened(1n);
      await submit(other, [
        ...strong(0n, usd(2_000)),
        ...slotOf(1n, [usd(2_008), usd(2_012)]),
        ...slotOf(2n, [usd(2_050)]),
      ]);
      await expectSettled(other, C2, usd(2_005), Step.F2);
    });

    it("is the mean of strong slots and pairs of 30", async () => {
      const world = await opened(2n);
      await submit(world, [
        ...range(0, 10).flatMap((k) => strong(k, usd(2_000))),
        ...range(10, 15).flatMap((k) => slotOf(k, [usd(2_003), usd(2_009)])),
        ...range(15, 30).flatMap((k) => slotOf(k, [usd(2_060)])),
      ]);
      // (10 · 2,000 + 5 · 2,006) / 15 = 2,002
      await expectSettled(world, C2, usd(2_002), Step.F2);
    });
  });

  describe("F3, at T + 26 h", () => {
    it("is the value of a single class", async () => {
      const world = await opened(0n);
      await submit(world, slotOf(0n, [usd(2_017)]));
      await expectSettled(world, C3, usd(2_017), Step.F3);
    });

    it("is the mean of single values of 7 and of 30 slots", async () => {
      const world = await opened(1n);
      await submit(world, [...slotOf(0n, [usd(2_000)]), ...slotOf(6n, [usd(2_001)])]);
      await expectSettled(world, C3, usd(2_000.5), Step.F3);
      const other = await opened(2n);
      await submit(
        other,
        range(0, 30).flatMap((k) => slotOf(k, [usd(2_000) + k])),
      );
      await expectSettled(other, C3, usd(2_000) + 14n, Step.F3);
    });

    it("leaves out single classes beside two, whatever they say", async () => {
      const world = await opened(1n);
      await submit(
        world,
        [
          ...range(0, 3).flatMap((k) => strong(k, usd(2_000))),
          ...slotOf(3n, [usd(2_008), usd(2_008)]),
          ...slotOf(4n, [MAX_63]),
        ],
        T + C2,
      );
      await expectSettled(world, C3, usd(2_002), Step.F3, Flag.Jump);
    });

    it("leaves out single classes beside two that are apart, when the mark is old", async () => {
      const world = await opened(1n, OLD_MARK);
      await submit(world, [
        ...slotOf(0n, [usd(2_010)]),
        ...slotOf(1n, [usd(1_900), usd(1_950)]),
        ...slotOf(2n, [usd(2_010), usd(2_035)]),
        ...slotOf(3n, [MAX_63]),
      ]);
      // (1,950 + 2,010) / 2
      const flags = Flag.Jump;
      await expectSettled(world, C3, usd(1_980), Step.F3, flags);
    });

    it("is the median of two classes apart and an old mark, when nothing else counts", async () => {
      for (const [mark, price] of [
        [usd(2_000), usd(2_000)],
        [usd(1_980), usd(1_990)],
        [usd(2_030), usd(2_015)],
      ] as const) {
        const world = await opened(0n, { ...OLD_MARK, price: mark });
        await submit(world, slotOf(0n, [usd(2_015), usd(1_990)]));
        await expectSettled(world, C3, price, Step.F3);
      }
    });

    it("is the mean of such medians of 7 slots", async () => {
      const world = await opened(1n, OLD_MARK);
      await submit(world, [
        ...slotOf(0n, [usd(1_990), usd(2_015)]),
        ...slotOf(3n, [usd(2_006), usd(2_040)]),
        ...slotOf(6n, [usd(1_950), usd(1_991)]),
      ]);
      // (2,000 + 2,006 + 1,991) / 3
      await expectSettled(world, C3, usd(1_999), Step.F3);
    });

    it("is of a mark 24 h old at T, of one a second younger it is F2", async () => {
      const values = slotOf(0n, [usd(1_990), usd(2_015)]);
      const old = await opened(0n, OLD_MARK);
      await submit(old, values);
      await expectSettled(old, C3, PRICE, Step.F3);
      const young = await opened(0n, YOUNG_MARK);
      await submit(young, values);
      await expectSettled(young, C2, PRICE, Step.F2);
    });
  });

  describe("F4, at T + 72 h", () => {
    for (const kind of [0n, 1n, 2n]) {
      it(`is the mark when nothing came in, profile ${kind}`, async () => {
        const world = await opened(kind, { time: T - 40n * HOUR, price: usd(2_222) });
        await expectSettled(world, C4, usd(2_222), Step.F4);
        const [header] = await bench.fixingWords(world.oracle, world.fixing);
        expect(header).to.equal(
          packFixing({
            ...{ price: usd(2_222), mark: usd(2_222), markTime: T - 40n * HOUR },
            ...{ stage: 3n, step: Step.F4 },
          }),
        );
      });
    }
  });

  describe("closings that come late", () => {
    it("are all passed at once, each with a WindowClosed, on the values that are in", async () => {
      const world = await opened(0n);
      const { fixing } = world;
      const sent = await bench.finalise(world, 0n, T + C4 + 10n * DAY);
      expect(await eventsOf(world, sent)).to.deep.equal([
        ["WindowClosed", fixing, 1n],
        ["WindowClosed", fixing, 2n],
        ["WindowClosed", fixing, 3n],
        ["PriceSettled", fixing, PRICE, Step.F4, 0n],
      ]);
    });

    it("give the price of the first that gives one", async () => {
      const rows = [
        { prices: [PRICE, PRICE, PRICE], step: Step.F1, closed: 0 },
        { prices: [PRICE, PRICE], step: Step.F2, closed: 1 },
        { prices: [PRICE], step: Step.F3, closed: 2 },
      ];
      for (const { prices, step, closed } of rows) {
        const world = await opened(0n);
        const { oracle, fixing } = world;
        await submit(world, slotOf(0n, prices));
        const sent = await bench.finalise(world, 0n, T + C4);
        const windows = range(1, closed + 1).map((stage) => ["WindowClosed", fixing, stage]);
        expect(await eventsOf(world, sent)).to.deep.equal([
          ...windows,
          ["PriceSettled", fixing, PRICE, step, 0n],
        ]);
        expect((await oracle.fixingState(fixing)).stage).to.equal(BigInt(closed));
      }
    });
  });

  describe("flags", () => {
    /** Seven strong slots at these prices. */
    const seven = (prices: readonly bigint[]) =>
      prices.flatMap((price, k) => strong(BigInt(k), price, BEST));

    /** The flags delay F0 and F1 to T + 8 h, and the number is what it would have been. */
    async function expectDelayed(world: World, price: bigint, flags: bigint): Promise<void> {
      await expectTooEarly(world, AFTER + 1n, T + C1);
      await expectTooEarly(world, T + C1, T + C2);
      await expectSettled(world, C2, price, Step.F1, flags);
    }

    async function expectAtOnce(world: World, price: bigint): Promise<void> {
      await expect(bench.finalise(world, world.kind, AFTER + 1n))
        .to.emit(world.oracle, "PriceSettled")
        .withArgs(world.fixing, price, Step.F0, 0n);
    }

    describe("Mark", () => {
      for (const [price, flagged] of [
        [usd(2_060), false],
        [usd(2_060) + 1n, true],
        [usd(1_940), false],
        [usd(1_940) - 1n, true],
      ] as const) {
        for (const kind of [0n, 1n, 2n]) {
          it(`${flagged ? "delays" : "lets pass"} ${price} beside a mark of 2,000, profile ${kind}`, async () => {
            const world = await opened(kind);
            const slots = Number(KINDS[Number(kind)]?.slots ?? 0n);
            await submit(
              world,
              range(0, slots).flatMap((k) => slotOf(k, [price, price, price], BEST)),
            );
            if (flagged) await expectDelayed(world, price, Flag.Mark);
            else await expectAtOnce(world, price);
          });
        }
      }
    });

    describe("Apart", () => {
      const wide = (slot: bigint, top: bigint) => slotOf(slot, [PRICE, top, PRICE], BEST);

      it("delays one slot whose classes are apart by more than 3 %", async () => {
        const world = await opened(0n);
        await submit(world, wide(0n, usd(2_060)));
        await expectAtOnce(world, PRICE);
        const other = await opened(0n);
        await submit(other, wide(0n, usd(2_060) + 1n));
        await expectDelayed(other, PRICE, Flag.Apart);
      });

      for (const kind of [1n, 2n]) {
        it(`delays from three slots on, profile ${kind}`, async () => {
          const slots = Number(KINDS[Number(kind)]?.slots ?? 0n);
          const values = (count: number) => [
            ...range(0, count).flatMap((k) => wide(k, usd(2_060) + 1n)),
            ...range(count, slots).flatMap((k) => wide(k, usd(2_060))),
          ];
          const two = await opened(kind);
          await submit(two, values(2));
          await expectAtOnce(two, PRICE);
          const three = await opened(kind);
          await submit(three, values(3));
          await expectDelayed(three, PRICE, Flag.Apart);
        });
      }

      it("looks also at slots that do not make the number", async () => {
        const world = await opened(2n);
        await submit(world, [
          ...range(0, 24).flatMap((k) => slotOf(k, [PRICE, PRICE, PRICE], BEST)),
          ...range(24, 27).flatMap((k) => slotOf(k, [PRICE, usd(2_060) + 1n], BEST)),
        ]);
        await expectDelayed(world, PRICE, Flag.Apart);
      });
    });

    describe("Jump", () => {
      for (const [top, flagged] of [
        [usd(2_200), false],
        [usd(2_200) + 7n, true],
      ] as const) {
        it(`${flagged ? "delays" : "lets pass"} slots of 2,000 and ${top}`, async () => {
          const world = await opened(1n);
          const values = [top, ...Array<bigint>(6).fill(usd(2_000))];
          await submit(world, seven(values));
          const price = values.reduce((a, b) => a + b) / 7n;
          if (flagged) await expectDelayed(world, price, Flag.Jump);
          else await expectAtOnce(world, price);
        });
      }

      for (const [age, flagged] of [
        [HOUR, true],
        [HOUR + 1n, false],
      ] as const) {
        it(`${flagged ? "looks" : "does not look"} at a mark that is ${age} s old at T`, async () => {
          const world = await opened(1n, { time: T - age });
          // 2,202 is 10.1 % above the mark, and 9.8 % above the other slots.
          const values = [usd(2_202), ...Array<bigint>(6).fill(usd(2_005))];
          await submit(world, seven(values));
          const price = values.reduce((a, b) => a + b) / 7n;
          if (flagged) await expectDelayed(world, price, Flag.Jump);
          else await expectAtOnce(world, price);
        });
      }

      it("looks also at slots that count but do not make the number", async () => {
        for (const [single, flagged] of [
          [usd(2_200), false],
          [usd(2_200) + 1n, true],
        ] as const) {
          const world = await opened(1n);
          await submit(world, [
            ...range(0, 6).flatMap((k) => slotOf(k, [PRICE, PRICE, PRICE])),
            ...slotOf(6n, [single]),
          ]);
          if (!flagged) await expectSettled(world, C1, PRICE, Step.F1, 0n);
          else {
            await expectTooEarly(world, T + C1, T + C2);
            await expectSettled(world, C2, PRICE, Step.F1, Flag.Jump);
          }
        }
      });

      it("does not look at two classes apart beside an old mark, which do not count", async () => {
        const world = await opened(1n, OLD_MARK);
        await submit(world, [
          ...range(0, 6).flatMap((k) => slotOf(k, [PRICE, PRICE, PRICE])),
          ...slotOf(6n, [usd(1_000), usd(1_500)]),
        ]);
        await expectSettled(world, C1, PRICE, Step.F1, 0n);
      });
    });

    it("are told all three together, and change no number", async () => {
      const world = await opened(0n, { time: T - HOUR });
      await submit(world, slotOf(0n, [usd(1_000), usd(1_100), usd(1_200)], BEST));
      await expectDelayed(world, usd(1_100), Flag.Mark | Flag.Apart | Flag.Jump);
    });

    it("are told with F2 and F3 too, which wait for nothing more", async () => {
      const pair = await opened(0n);
      await submit(pair, slotOf(0n, [usd(1_500), usd(1_510)]));
      await expectSettled(pair, C2, usd(1_505), Step.F2, Flag.Mark);
      const single = await opened(0n, { time: T - HOUR });
      await submit(single, slotOf(0n, [usd(1_500)]));
      await expectSettled(single, C3, usd(1_500), Step.F3, Flag.Mark | Flag.Jump);
      const apart = await opened(0n, OLD_MARK);
      await submit(apart, slotOf(0n, [usd(1_500), usd(2_500)]));
      await expectSettled(apart, C3, PRICE, Step.F3, Flag.Apart);
    });
  });
});
