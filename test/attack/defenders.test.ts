import { expect } from "chai";
import fc from "fast-check";

import { Chain } from "../../scripts/demo/chain.ts";
import { connect } from "../fixtures/connection.ts";
import { delayOf } from "../fixtures/governance.ts";
import { ADMIN } from "../helpers/defenders/admin.ts";
import { campaignTold, runCampaign } from "../helpers/defenders/campaign.ts";
import type { Campaign } from "../helpers/defenders/campaign.ts";
import { GUARDIAN, KEEPER, STEWARD, WATCHER } from "../helpers/defenders/powers.ts";
import type { Attacker } from "../helpers/defenders/powers.ts";
import { openStage } from "../helpers/defenders/stage.ts";

const connection = await connect();
const { networkHelpers } = connection;

const RUNS = Number(process.env["FUZZ_RUNS"] ?? 1);
const SEED = Number(process.env["FUZZ_SEED"] ?? 20_260_105);

/** Milliseconds; a run takes a few seconds, or more of them beside others. */
const PATIENCE = 120_000;

const opened = () => openStage(connection);
/** Campaigns of an attacker, each from the same beginning. */
async function attacked(name: string, attacker: Attacker, holds: (campaign: Campaign) => void) {
  const property = fc.asyncProperty(fc.nat(), async (seed) => {
    const world = await networkHelpers.loadFixture(opened);
    const stage = { ...world, chain: Chain.over(connection, world.begins) };
    const campaign = await runCampaign(stage, attacker, seed);
    console.log(campaignTold(name, seed, campaign));
    expect(campaign.findings).to.deep.equal([]);
    expect(campaign.settled).to.equal(4);
    holds(campaign);
  });
  await fc.assert(property, { numRuns: RUNS, seed: SEED, endOnFailure: true });
}

describe("Attack", () => {
  describe(`defenders (${RUNS} runs, seed ${SEED})`, function () {
    this.timeout(RUNS * PATIENCE);

    it("a guardian shuts a market for at most twelve hours in any seven days, and stops no exit", async () => {
      await attacked("guardian", GUARDIAN, ({ shut }) => {
        expect(shut.worstWeek).to.be.at.most(12);
      });
    });
    it("a captured admin changes nothing before its delays are over, and stops no exit", async () => {
      await attacked("admin", ADMIN, ({ shut, begins }) => {
        expect(shut.first === undefined || shut.first >= begins + delayOf("LISTER")).to.equal(true);
      });
    });
    it("a steward stops no close and no exit, and leaves at least 6.25 % of the ceiling", async () => {
      await attacked("steward", STEWARD, ({ shut, ceiling }) => {
        expect(shut.all).to.equal(0);
        expect(ceiling).to.be.at.least(625n);
      });
    });
    it("a keeper shuts nothing with honest prices", async () => {
      await attacked("keeper", KEEPER, ({ shut, ceiling }) => {
        expect(shut.all).to.equal(0);
        expect(ceiling).to.be.at.least(5_000n);
      });
    });
    it("a watcher who cries wolf shuts nothing that is answered", async () => {
      await attacked("watcher", WATCHER, ({ shut, ceiling }) => {
        expect(shut.all).to.equal(0);
        expect(ceiling).to.be.at.least(5_000n);
      });
    });
  });
});
