import { POLICY_BOUNDS } from "@certus/model";
import { expect } from "chai";

import { connect } from "../fixtures/connection.ts";
import { FEED } from "../fixtures/oracles.ts";
import { DAY, MINUTE } from "../fixtures/units.ts";
import { callOf } from "../helpers/defenders/fuzz.ts";
import { tighter } from "../helpers/defenders/powers.ts";
import { at, leave, scenesOf, told } from "../helpers/defenders/scene.ts";
import { bring } from "../helpers/defenders/stage.ts";
import type { Stage } from "../helpers/defenders/stage.ts";

const connection = await connect();
const { networkHelpers } = connection;

const opened = scenesOf(connection);

/** Dice that always fall on the last side: the greatest step. */
const GREEDY = (sides: number) => sides - 1;
const BPS = 10_000n;
/** Base fees, wei: of a quiet network, and of one that somebody has filled. */
const FEES = { quiet: 10n ** 7n, full: 10n ** 10n };

/** Ceiling of the market now, parts in 10,000 of its terms'. */
async function ceiling({ ledger, linear, linearTerms }: Stage): Promise<bigint> {
  const guard = await ledger.guardOf(linear);
  return (guard.ceiling * BPS) / linearTerms.ceiling;
}

describe("Attack", () => {
  describe("steward", () => {
    it("at worst, with somebody who fills blocks, leaves 6.25 % of the ceiling; closes and exits pass", async () => {
      const scene = await opened();
      const { stage } = scene;
      const { breaker, steward, stranger, linear, chain } = stage;
      const from = stranger.address;
      const look = async (fee: bigint) => {
        await bring(stage);
        await networkHelpers.setNextBlockBaseFeePerGas(fee);
        await chain.push("observe", { from, ...callOf(breaker, "observe", [FEED]) });
      };
      const days: string[] = [];
      for (let day = 0n; (await ceiling(stage)) > 2_500n; day++) {
        await at(scene, stage.begins + day * DAY);
        const policy = await tighter(stage, GREEDY);
        await chain.push("tighten", {
          from: steward.address,
          ...callOf(breaker, "tighten", [linear, policy]),
        });
        days.push(`${Number(await ceiling(stage)) / 100} %`);
      }
      expect((await breaker.watchOf(linear)).policy.floor).to.equal(POLICY_BOUNDS.min.floor);
      await look(FEES.quiet);
      const minutes: string[] = [];
      for (let ten = 0; ten < 6; ten++) {
        chain.advance(chain.time + 10n * MINUTE);
        await look(FEES.full * 2n ** BigInt(ten));
        await chain.push("adapt", { from, ...callOf(breaker, "adapt", [linear]) });
        minutes.push(`${Number(await ceiling(stage)) / 100} %`);
      }
      console.log(
        `        day by day ${days.join(", ")}; then every ten minutes ${minutes.join(", ")}`,
      );
      expect(await ceiling(stage)).to.equal(625n);
      expect(await told(scene)).to.equal(undefined);
      await leave(scene, false);
    });
  });
});
