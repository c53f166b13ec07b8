import { expect } from "chai";
import fc from "fast-check";
import { applyEvent, findBook, positionOf, requirement } from "@certus/model";
import type { BatchCall, Env, Ledger, ModelError, State } from "@certus/model";
import { dumpAll } from "./helpers/batches.ts";
import { createCampaign, createReplica } from "./helpers/campaign.ts";
import type { Campaign, Step } from "./helpers/campaign.ts";
import { at } from "./helpers/choices.ts";
import { steps, takeStep } from "./helpers/operations.ts";
import { batching, intercept } from "./helpers/proxies.ts";
import { raisedBy } from "./helpers/raised.ts";
import { ALICE } from "./helpers/scene.ts";

const sequences = fc.array(steps, { maxLength: 40, size: "max" });
const longer = fc.array(steps, { minLength: 30, maxLength: 60, size: "max" });
/** What a batch may answer where the call by itself names a shortfall of the taker. */
const SHORT = ["DrawTooSmall", "Undercovered"];

/** A campaign after some steps. */
function advanced(sequence: readonly Step[]): Campaign {
  const campaign = createCampaign();
  for (const step of sequence) takeStep(campaign, step);
  return campaign;
}

/** Calls that pass one after another, and the books in which they raise open interest, first raised first. */
interface Passing {
  readonly calls: readonly BatchCall[];
  readonly raised: readonly bigint[];
}

/** The calls that steps make by Alice's hand and that pass one after another, made on a campaign. */
function passing(campaign: Campaign, sequence: readonly Step[]): Passing {
  const calls: BatchCall[] = [];
  const raised: bigint[] = [];
  const { ledger, now } = campaign;
  const replica = createReplica();
  for (const { event, time } of campaign.log) applyEvent(replica, event, time);
  const alice: Env = { sender: ALICE, now };
  const handed = intercept(ledger, ({ env, call }) => {
    if (env.sender !== ALICE || env.now !== now) return { ok: true, returned: undefined, ...NONE };
    const outcome = ledger.batch(alice, [call]);
    if (outcome.ok) {
      calls.push(call);
      raised.push(...raisedBy(replica, outcome.events, now));
    }
    return outcome;
  });
  const orders = [...campaign.orders];
  const copy = { ...campaign, ledger: handed, orders, log: [] };
  for (const step of sequence.filter(({ op }) => IN_PLACE.includes(op))) takeStep(copy, step);
  return { calls, raised };
}

/** The first of these books whose pool stands above its ceiling. */
function aboveCeiling({ state }: Ledger, books: readonly bigint[]): ModelError | undefined {
  for (const id of books) {
    const book = findBook(state, id);
    if (book === undefined) continue;
    const { pool } = book;
    const { ceiling } = book.market.guard;
    if (pool > ceiling) return { name: "CeilingReached", args: [id, pool, ceiling] };
  }
  return undefined;
}

const NONE = { events: [], oracleEvents: [] } as const;
/** Steps that neither let time pass nor make calls that no batch makes. */
const IN_PLACE = [
  "deposit",
  "depositToBook",
  "withdraw",
  "allocate",
  "free",
  "fillNew",
  "fillPart",
  "fillOld",
  "fillBack",
  "fillMany",
  "transferLegs",
  "cancel",
  "claim",
];

/** Owners with a position that is not covered. */
function shortOwners(state: State): readonly bigint[] {
  const short = [...state.accounts.values()].filter((account) =>
    [...state.books.values()].some((book) => {
      const { collateral, legs, settled } = positionOf(account, book);
      return !settled && collateral < requirement(book.market.scale, legs);
    }),
  );
  return [...new Set(short.map(({ account }) => account >> 96n))];
}

/** Who calls in the steps that may leave a position short on the way. */
function callerOf({ accounts }: Campaign, { op, who }: Step): bigint | undefined {
  if (op === "batch") return at(accounts, who) >> 96n;
  return op === "fillMany" ? at(accounts, who + 3) >> 96n : undefined;
}

describe("batch: any calls", () => {
  it("a batch of one call is the call", () => {
    const met = { ok: 0, refused: 0, deferred: 0 };
    fc.assert(
      fc.property(sequences, (sequence) => {
        const [alone, within] = [createCampaign(), createCampaign()];
        const batched = { ...within, ledger: batching(within.ledger) };
        for (const step of sequence) {
          const [call, batch] = [takeStep(alone, step), takeStep(batched, step)];
          expect(batch?.ok, step.op).to.equal(call?.ok);
          const short = call?.ok === false && SHORT.includes(call.error.name);
          if (!short) expect(batch).to.deep.equal(call);
          met[call?.ok ? "ok" : short ? "deferred" : "refused"]++;
          expect(dumpAll(within.ledger)).to.deep.equal(dumpAll(alone.ledger));
        }
      }),
      { numRuns: 60 },
    );
    expect(Math.min(...Object.values(met)) > 20, JSON.stringify(met)).to.equal(true);
  });

  it("a batch is its calls in turn but for a ceiling at its end, and one that fails changes nothing", () => {
    let most = 0;
    const met = { passed: 0, above: 0 };
    fc.assert(
      fc.property(sequences, longer, (before, after) => {
        const [turn, batch] = [advanced(before), advanced(before)];
        const { calls, raised } = passing(turn, after);
        most = Math.max(most, calls.length);
        const { ledger, accounts, now } = batch;
        const untouched = dumpAll(ledger);
        const failing: BatchCall = { name: "allocate", args: [accounts[0] ?? 0n, 0n, 0n] };
        const env = { sender: ALICE, now };
        const failed = ledger.batch(env, [...calls, failing]);
        expect(failed).to.deep.equal({ ok: false, error: { name: "ZeroAmount", args: [] } });
        expect(dumpAll(ledger)).to.deep.equal(untouched);
        expect(batch.oracle.commits).to.equal(turn.oracle.commits);
        const outcome = ledger.batch(env, calls);
        // Calls in turn may lift a pool above its ceiling behind the fill that raised open interest; a batch may not.
        const above = aboveCeiling(turn.ledger, raised);
        met[above === undefined ? "passed" : "above"]++;
        if (above === undefined) expect(outcome.ok).to.equal(true);
        else expect(outcome).to.deep.equal({ ok: false, error: above });
        const end = above === undefined ? dumpAll(turn.ledger) : untouched;
        expect(dumpAll(ledger)).to.deep.equal(end);
      }),
      { numRuns: 240 },
    );
    expect(Math.min(...Object.values(met)) > 0, JSON.stringify(met)).to.equal(true);
    expect(most > 6, `${most} calls in the longest batch`).to.equal(true);
  });

  it("leaves nobody short on the way but accounts of the caller", () => {
    let deferred = 0;
    fc.assert(
      fc.property(sequences, (sequence) => {
        const campaign = createCampaign();
        const replica = createReplica();
        let seen = 0;
        for (const step of sequence) {
          takeStep(campaign, step);
          const caller = callerOf(campaign, step);
          for (const { event, time } of campaign.log.slice(seen)) {
            applyEvent(replica, event, time);
            const short = shortOwners(replica);
            if (short.length > 0) expect(short, step.op).to.deep.equal([caller]);
            deferred += short.length;
          }
          seen = campaign.log.length;
          expect(shortOwners(replica), "after the call").to.deep.equal([]);
        }
      }),
      { numRuns: 150 },
    );
    expect(deferred > 10, `${deferred} short on the way`).to.equal(true);
  });
});
