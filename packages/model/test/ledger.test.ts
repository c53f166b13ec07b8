import { expect } from "chai";
import fc from "fast-check";
import { MAX_INT64, applyEvent, digestState, dumpState } from "@certus/model";
import { biased } from "../../../test/helpers/arbitraries.ts";
import { TICK, createCampaign, createReplica } from "./helpers/campaign.ts";
import type { Campaign } from "./helpers/campaign.ts";
import { leave } from "./helpers/ending.ts";
import { checkInvariants } from "./helpers/invariants.ts";
import { OP_NAMES, steps, takeStep } from "./helpers/operations.ts";
import { dumpTokens } from "./helpers/refusals.ts";

const sequences = fc.array(steps, { maxLength: 100, size: "max" });
const endings = fc.oneof(biased(1n, 10n * TICK), biased(1n, MAX_INT64));

function dumpAll({ ledger }: Campaign): unknown {
  return [digestState(ledger.state), dumpTokens(ledger.world)];
}

function checkReplay({ ledger, log }: Campaign): void {
  const replica = createReplica();
  for (const { event, time } of log) applyEvent(replica, event, time);
  expect(dumpState(replica), "replayed from genesis").to.deep.equal(dumpState(ledger.state));
}

/** Errors that a campaign meets often; if one is missing, the campaign has stopped going there. */
const COMMON = [
  "BookExpired",
  "CashShort",
  "CeilingReached",
  "CollateralShort",
  "DrawTooSmall",
  "InExternalCall",
  "MarketHalted",
  "NotPermitted",
  "NotSettled",
  "OrderFilledUp",
  "RiskRestricted",
  "SameAccount",
  "Undercovered",
  "UnitsBound",
];

describe("ledger", () => {
  describe("any sequence of calls", () => {
    /** How often each operation passed, and how often each error ended one. */
    const met = new Map<string, number>();

    it("keeps every invariant, refuses without a trace, replays from events, pays everyone", function () {
      this.timeout(120_000);
      fc.assert(
        fc.property(sequences, endings, (sequence, price) => {
          const campaign = createCampaign();
          for (const step of sequence) {
            const before = dumpAll(campaign);
            const outcome = takeStep(campaign, step);
            if (outcome === undefined) continue;
            const name = outcome.ok ? step.op : outcome.error.name;
            met.set(name, (met.get(name) ?? 0) + 1);
            if (outcome.ok) checkInvariants(campaign.ledger);
            else expect(dumpAll(campaign), `${step.op}: ${name}`).to.deep.equal(before);
          }
          checkReplay(campaign);
          leave(campaign, price);
          checkInvariants(campaign.ledger);
          checkReplay(campaign);
        }),
        { numRuns: 350 },
      );
    });

    it("was not idle: every operation passed, and the common refusals were met", () => {
      const idle = [...OP_NAMES, ...COMMON].filter((name) => (met.get(name) ?? 0) < 3);
      // The one calls nothing, the other is always refused.
      expect(idle).to.deep.equal(["wait", "reenter"]);
    });
  });
});
