import { expect } from "chai";
import fc from "fast-check";
import { MAX_INT64, applyEvent, dumpState, mostOwed, netQuantities } from "@certus/model";
import { biased } from "../../../test/helpers/arbitraries.ts";
import { TICK, createCampaign, createReplica } from "./helpers/campaign.ts";
import type { Campaign } from "./helpers/campaign.ts";
import { leave } from "./helpers/ending.ts";
import { checkInvariants } from "./helpers/invariants.ts";
import { steps, takeStep } from "./helpers/operations.ts";
import { PACKAGE_OPS } from "./helpers/packaging.ts";

/** Fills, so that there is something to wrap, and everything that packages do. */
const kinds = fc.constantFrom(
  ...["fillNew", "fillNew", "wrap", "wrap", "unwrap", "redeem", "redeem", "redeem"],
  ...Object.keys(PACKAGE_OPS),
);
const sequences = fc.array(
  fc.tuple(steps, kinds).map(([step, op]) => ({ ...step, op })),
  { maxLength: 60, size: "max" },
);
const prices = fc.oneof(biased(1n, 10n * TICK), biased(1n, MAX_INT64));

/** Zero sum in every series while a book lives, and a pool that pays whatever the price will be. */
function checkBooks({ ledger: { state }, books }: Campaign, price: bigint): void {
  for (const book of books) {
    const fixed = book.price > 0n;
    if (!fixed) {
      for (const quantity of netQuantities(state, book).values()) expect(quantity).to.equal(0n);
    }
    expect(mostOwed(state, book, fixed ? book.price : price) <= book.pool).to.equal(true);
  }
}

function replayed({ log }: Campaign): unknown {
  const replica = createReplica();
  for (const { event, time } of log) applyEvent(replica, event, time);
  return dumpState(replica);
}

describe("packages: any sequence", () => {
  it("keeps zero sum in every series, never overdraws the pool, and replays from its events", () => {
    const met = new Map(Object.keys(PACKAGE_OPS).map((name) => [name, 0]));
    fc.assert(
      fc.property(sequences, prices, (sequence, price) => {
        const campaign = createCampaign();
        for (const step of sequence) {
          const outcome = takeStep(campaign, step);
          if (outcome?.ok !== true) continue;
          met.set(step.op, (met.get(step.op) ?? 0) + 1);
          checkBooks(campaign, price);
        }
        checkInvariants(campaign.ledger);
        leave(campaign, price);
        checkBooks(campaign, price);
        expect(replayed(campaign)).to.deep.equal(dumpState(campaign.ledger.state));
      }),
      { numRuns: 1_000 },
    );
    expect(Math.min(...met.values()) > 5, JSON.stringify([...met])).to.equal(true);
  });
});
