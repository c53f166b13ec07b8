import { TRIGGERS } from "@certus/model";
import { expect } from "chai";

import { BreakerBench, Trigger, reverts } from "../../fixtures/breaker.ts";
import type { BreakerWorld } from "../../fixtures/breaker.ts";
import { connect } from "../../fixtures/connection.ts";
import { PRICE } from "../../fixtures/oracles.ts";
import { HOUR, usd } from "../../fixtures/units.ts";

const connection = await connect();
const { networkHelpers } = connection;
const bench = new BreakerBench(connection);

const watched = () => bench.deployWatched();

const { FewVotes, NoVotes, Apart, Depeg } = Trigger;
/** Both ends are three per cent from each other, and no two votes agree, so that nobody is judged. */
const THREE_APART = { push: usd(2_000), redstone: usd(2_030), own: usd(2_060) };

/** How each condition is brought about at a time, and what is measured then. */
const CONDITIONS = [
  {
    trigger: FewVotes,
    name: "FewVotes",
    arise: async () => undefined,
    end: (world: BreakerWorld, time: bigint) => bench.say(world, time, PRICE),
  },
  {
    trigger: NoVotes,
    name: "NoVotes",
    arise: async () => undefined,
    end: (world: BreakerWorld, time: bigint) => bench.say(world, time, PRICE),
  },
  {
    trigger: Apart,
    name: "Apart",
    arise: (world: BreakerWorld, time: bigint) => bench.say(world, time, THREE_APART),
    end: (world: BreakerWorld, time: bigint) => bench.say(world, time, PRICE),
  },
  {
    trigger: Depeg,
    name: "Depeg",
    arise: (world: BreakerWorld, time: bigint) => bench.say(world, time, usd(0.9699), world.coin),
    end: (world: BreakerWorld, time: bigint) => bench.say(world, time, usd(0.97), world.coin),
  },
] as const;

/** What the table says of a trigger. */
function rowOf(name: string) {
  const row = TRIGGERS.find((each) => each.name === name);
  if (row === undefined) throw new Error(`the table has no ${name}`);
  return row;
}

describe("CircuitBreaker", () => {
  describe("notice", () => {
    for (const { trigger, name, arise } of CONDITIONS) {
      describe(`of ${name}`, () => {
        const { noticeMin, noticeMax } = rowOf(name);

        it("is taken from anyone while the condition holds, and tells when it is good", async () => {
          const world = await networkHelpers.loadFixture(watched);
          const { breaker, linear, inverse } = world;
          const time = world.start + 2n * HOUR;
          expect([...(await breaker.noticeOf(linear, trigger))]).to.deep.equal([0n, 0n, 0n]);
          await arise(world, time);
          await expect(bench.notice(world, time, trigger))
            .to.emit(breaker, "NoticeGiven")
            .withArgs(linear, trigger);
          const expected = [time, time + noticeMin, time + noticeMax];
          expect([...(await breaker.noticeOf(linear, trigger))]).to.deep.equal(expected);
          expect([...(await breaker.noticeOf(inverse, trigger))]).to.deep.equal([0n, 0n, 0n]);
        });

        it("stands to the last second that it is good for, and is given anew after it", async () => {
          const world = await networkHelpers.loadFixture(watched);
          const { breaker } = world;
          const time = world.start + 2n * HOUR;
          const last = time + noticeMax;
          await arise(world, time);
          await bench.notice(world, time, trigger);
          await arise(world, last);
          const again = bench.notice(world, last, trigger);
          await reverts(breaker, again, "NoticeStands", [trigger, time]);
          await expect(bench.notice(world, last + 1n, trigger)).to.emit(breaker, "NoticeGiven");
          expect((await breaker.noticeOf(world.linear, trigger)).since).to.equal(last + 1n);
        });
      });
    }

    it("needs the condition to hold", async () => {
      const world = await networkHelpers.loadFixture(watched);
      const { breaker, start } = world;
      const time = start + 2n * HOUR;
      await bench.say(world, time, PRICE);
      await bench.say(world, time, usd(0.97), world.coin);
      const rows = [
        { trigger: FewVotes, args: [FewVotes, 3n, 3n] },
        { trigger: NoVotes, args: [NoVotes, 3n, 2n] },
        { trigger: Apart, args: [Apart, 0n, 300n] },
        { trigger: Depeg, args: [Depeg, 9_700n, 9_700n] },
      ];
      for (const { trigger, args } of rows) {
        await reverts(breaker, bench.notice(world, time, trigger), "NoEvidence", args);
      }
    });

    it("is taken of nothing else", async () => {
      const world = await networkHelpers.loadFixture(watched);
      const { breaker, linear, inverse } = world;
      const others = [0n, ...TRIGGERS.filter(({ noticeMin }) => noticeMin === 0n).map(indexOf)];
      expect(others).to.have.lengthOf(8);
      for (const trigger of others) {
        const args = [linear, trigger];
        await reverts(breaker, breaker.notice(linear, trigger), "TriggerUnavailable", args);
      }
      // The other market's collateral has no feed.
      const unpriced = breaker.notice(inverse, Depeg);
      await reverts(breaker, unpriced, "TriggerUnavailable", [inverse, Depeg]);
    });

    it("of the collateral needs a quorum of this minute, apart or not", async () => {
      const world = await networkHelpers.loadFixture(watched);
      const { breaker, coin, start } = world;
      const time = start + 2n * HOUR;
      await bench.say(world, time, { push: usd(0.9), redstone: usd(0.95) }, coin);
      const call = bench.notice(world, time, Depeg);
      await reverts(breaker, call, "NoAgreement", [2n, 3n, 555n]);
      await bench.say(world, time + 1n, { own: usd(1) }, coin);
      await expect(bench.notice(world, time + 1n, Depeg)).to.emit(breaker, "NoticeGiven");
    });

    for (const [name, trigger] of [
      ["FewVotes", FewVotes],
      ["NoVotes", NoVotes],
    ] as const) {
      it(`of ${name} is none while the sequencer is down, and if it was down since`, async () => {
        const world = await networkHelpers.loadFixture(watched);
        const { breaker, linear, start } = world;
        const time = start + 2n * HOUR;
        await bench.notice(world, time, trigger);
        await bench.at(time + 60n);
        await bench.setSequencer(world, true, time + 50n);
        await bench.mineAt(time + 60n);
        expect([...(await breaker.noticeOf(linear, trigger))]).to.deep.equal([0n, 0n, 0n]);
        const down = bench.trip(world, time + 700n, trigger);
        await reverts(breaker, down, "NoticeMissing", [trigger, 0n, 0n]);
        // Up again a second after the notice: still nobody could answer all the time.
        await bench.at(time + 700n);
        await bench.setSequencer(world, false, time + 1n);
        const since = bench.trip(world, time + 700n, trigger);
        await reverts(breaker, since, "NoticeMissing", [trigger, 0n, 0n]);
        await bench.setSequencer(world, false, time);
        await expect(bench.trip(world, time + 710n, trigger)).to.emit(breaker, "Tripped");
      });
    }

    it("of anything else does not mind the sequencer", async () => {
      const world = await networkHelpers.loadFixture(watched);
      const time = world.start + 2n * HOUR;
      await bench.say(world, time, THREE_APART);
      await bench.notice(world, time, Apart);
      await bench.setSequencer(world, true, time);
      await expect(bench.trip(world, time + 60n, Apart)).to.emit(world.breaker, "Tripped");
    });
  });

  describe("answer", () => {
    for (const { trigger, name, arise, end } of CONDITIONS) {
      if (name === "Apart") continue;
      it(`takes a notice of ${name} back when it holds no longer, for anyone`, async () => {
        const world = await networkHelpers.loadFixture(watched);
        const { breaker, linear } = world;
        const time = world.start + 2n * HOUR;
        await arise(world, time);
        await bench.notice(world, time, trigger);
        await bench.at(time + 10n);
        await reverts(breaker, breaker.answer(linear, trigger), "NothingToAnswer", [trigger]);
        await end(world, time + 20n);
        await bench.at(time + 20n);
        await expect(breaker.answer(linear, trigger))
          .to.emit(breaker, "NoticeAnswered")
          .withArgs(linear, trigger);
        expect([...(await breaker.noticeOf(linear, trigger))]).to.deep.equal([0n, 0n, 0n]);
        await reverts(breaker, breaker.answer(linear, trigger), "NothingToAnswer", [trigger]);
      });
    }

    it("counts whoever was good at any time since the notice", async () => {
      const world = await networkHelpers.loadFixture(watched);
      const { breaker, linear, start } = world;
      const time = start + 2n * HOUR;
      await bench.notice(world, time, FewVotes);
      await bench.say(world, time + 10n, { push: PRICE });
      await bench.say(world, time + 400n, { redstone: PRICE });
      await bench.say(world, time + 800n, { own: PRICE });
      // Not two of them are good at the same time.
      await bench.at(time + 5_000n);
      await expect(breaker.answer(linear, FewVotes)).to.emit(breaker, "NoticeAnswered");
    });

    it("takes no notice of votes apart back, whatever they say", async () => {
      const world = await networkHelpers.loadFixture(watched);
      const { breaker, linear, start } = world;
      const time = start + 2n * HOUR;
      await bench.say(world, time, THREE_APART);
      await bench.notice(world, time, Apart);
      await bench.say(world, time + 61n, PRICE);
      await bench.at(time + 61n);
      await reverts(breaker, breaker.answer(linear, Apart), "NothingToAnswer", [Apart]);
    });

    it("has nothing to take back without a notice", async () => {
      const { breaker, linear } = await networkHelpers.loadFixture(watched);
      for (const trigger of Object.values(Trigger)) {
        await reverts(breaker, breaker.answer(linear, trigger), "NothingToAnswer", [trigger]);
      }
    });
  });
});

function indexOf({ index }: { readonly index: number }): bigint {
  return BigInt(index);
}
