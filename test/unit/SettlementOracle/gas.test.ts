import { expect } from "chai";

import { connect } from "../../fixtures/connection.ts";
import {
  CLOSINGS,
  FEED,
  FixingBench,
  KINDS,
  OPENED,
  PRICE,
  Source,
  Step,
  T,
  gasInside,
  profileOf,
} from "../../fixtures/oracles.ts";

const connection = await connect();
const { networkHelpers } = connection;
const bench = new FixingBench(connection);

/** All profiles are open. The one fixture: times here are absolute. */
async function deployed() {
  const world = await bench.deploy();
  const fixings: string[] = [];
  for (const kind of [0n, 1n, 2n]) fixings.push((await bench.open(world, kind)).fixing);
  return { ...world, fixings };
}

const values = (slots: bigint) =>
  [Source.Pulled, Source.RedStone, Source.Own].flatMap((source) =>
    Array.from({ length: Number(slots) }, (_, k) => ({ source, slot: BigInt(k), price: PRICE })),
  );

describe("SettlementOracle", () => {
  describe("gas, cold, of a feed with three votes", () => {
    it("opens within 58,500 and joins within 26,500", async () => {
      const { oracle } = await networkHelpers.loadFixture(deployed);
      const profile = profileOf(0n, 1n);
      await bench.at(OPENED);
      expect(await gasInside(oracle.open(FEED, profile, T))).to.be.lessThan(58_500n);
      await bench.at(OPENED);
      expect(await gasInside(oracle.open(FEED, profile, T))).to.be.lessThan(26_500n);
    });

    for (const [kind, submitting, fixing, late] of [
      [0n, 81_000n, 18_000n, 25_500n],
      [1n, 344_000n, 40_000n, 42_500n],
      [2n, 1_350_000n, 121_000n, 119_000n],
    ] as const) {
      const { slots } = KINDS[Number(kind)] ?? { slots: 0n };
      it(`takes ${3n * slots} values within ${submitting}, beside what their verification costs`, async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const gas = await gasInside(bench.submit(world, kind, T + 1n, values(slots)));
        expect(gas).to.be.lessThan(submitting);
      });

      it(`fixes at once on ${slots} slots within ${fixing}`, async () => {
        const world = await networkHelpers.loadFixture(deployed);
        await bench.submit(world, kind, T + 1n, values(slots));
        const gas = await gasInside(bench.finalise(world, kind, T + 1n));
        const { step } = await world.oracle.fixingState(world.fixings[Number(kind)] ?? "");
        expect(step).to.equal(Step.F0);
        expect(gas).to.be.lessThan(fixing);
      });

      it(`closes four windows late on ${slots} empty slots within ${late}`, async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const gas = await gasInside(bench.finalise(world, kind, T + CLOSINGS[3]));
        expect(gas).to.be.lessThan(late);
      });
    }
  });
});
