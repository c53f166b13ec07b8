import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { decodeError } from "../../packages/contracts/src/errors/decode.ts";
import type { SendingArguments } from "../lib/arguments.ts";
import { bookJson, bookText, openBookBy, phaseOf } from "../lib/books.ts";
import { formatPrice } from "../lib/decimals.ts";
import {
  endingJson,
  endingText,
  fixingJson,
  LANE_COLUMNS,
  laneRow,
  missingJson,
  missingText,
  proofJson,
} from "../lib/oracle/fixingReport.ts";
import {
  closingsOf,
  endingOf,
  fixingOf,
  isDecided,
  windowEnd,
  withValues,
} from "../lib/oracle/fixings.ts";
import type { Fixing } from "../lib/oracle/fixings.ts";
import { NEXT_BLOCK } from "../lib/oracle/hubs.ts";
import { findProofs } from "../lib/oracle/proofs.ts";
import type { Findings, FoundProof, ProofArguments } from "../lib/oracle/proofs.ts";
import { facts, note, paragraphs, table } from "../lib/print.ts";
import { run } from "../lib/run.ts";
import { mined, minedJson } from "../lib/send.ts";
import type { Mined } from "../lib/send.ts";
import type { Session } from "../lib/session.ts";
import { priceOf } from "../lib/shapes.ts";
import { actorOf } from "../lib/signers.ts";
import type { Acting } from "../lib/signers.ts";
import { shownTime } from "../lib/times.ts";
import { required, UsageError } from "../lib/usage.ts";

interface Arguments extends SendingArguments, ProofArguments {
  readonly book: string | undefined;
}

/** Proofs that a transaction brings: about 100,000 gas each. */
const CHUNK = 20;

export default (args: Arguments, hre: HardhatRuntimeEnvironment) =>
  run(args, hre, async (session) => {
    const name = required("--book", args.book, "book:list shows the books that have expired");
    const { book, view } = await openBookBy(session, "--book", name);
    const before = await fixingOf(session, book);
    checkBegun(session, before, book);
    const actor = await actorOf(session, args);
    const findings = await lookedFor(session, before, args, actor);
    const transactions = args.dryRun ? [] : await submitted(before, findings.found, actor);
    const fixed =
      phaseOf(view) === "fixed"
        ? { price: view.settlementPrice }
        : await fixedNow(session, { book, actor, dryRun: args.dryRun });
    if (fixed?.transaction !== undefined) transactions.push(fixed.transaction);
    const fixing = transactions.length === 0 ? before : await fixingOf(session, book);
    const expected = args.dryRun ? withValues(before.lanes, findings.found) : fixing.lanes;
    const ending = endingOf(fixing, expected, session.now);
    const json = {
      ...bookJson(book),
      ...fixingJson(fixing),
      proofs: findings.found.map(proofJson),
      missing: findings.missing.map(missingJson),
      ending: endingJson(ending),
      settlementPrice: fixed === undefined ? null : priceOf(fixed.price),
      ...(args.dryRun ? { dryRun: true } : { transactions }),
    };
    const outcome = outcomeText(fixed, args.dryRun, endingText(ending, session.now));
    return { json, text: text(before, book, findings, { outcome, dryRun: args.dryRun }) };
  });

/** Before the first slot's time there is nothing that could be proven. */
function checkBegun({ now }: Session, { lanes }: Fixing, book: bigint): void {
  const first = lanes.reduce((least, { time }) => (time < least ? time : least), 1n << 40n);
  if (first < now) return;
  throw new UsageError(
    `--book: it is too early to prove anything of ${bookText(book)}: its first slot is at ${shownTime(first)} UTC, and now it is ${shownTime(now)}.`,
  );
}

/** What can be brought, as long as it would be looked at. */
async function lookedFor(
  session: Session,
  fixing: Fixing,
  args: ProofArguments,
  actor: Acting,
): Promise<Findings> {
  const { now } = session;
  if (!isDecided(fixing, now) && now < windowEnd(fixing)) {
    return findProofs(session, fixing, args, actor);
  }
  const why = isDecided(fixing, now) ? "The price is decided" : "The window for values is over";
  note(`${why}: no value is taken any more.`);
  return { found: [], missing: [] };
}

async function submitted(
  { oracle, feed, profile, expiry }: Fixing,
  found: readonly FoundProof[],
  actor: Acting,
): Promise<Mined[]> {
  const transactions: Mined[] = [];
  const from = oracle.connect(actor);
  for (let start = 0; start < found.length; start += CHUNK) {
    const proofs = found.slice(start, start + CHUNK).map(({ source, slot, fee, payload }) => ({
      source: source.index,
      slot,
      fee,
      payload,
    }));
    const value = proofs.reduce((sum, { fee }) => sum + fee, 0n);
    const call = [feed.id, profile, expiry, proofs, actor.address] as const;
    await from.submit.staticCall(...call, { value, ...NEXT_BLOCK });
    const receipt = await mined(await from.submit(...call, { value }));
    transactions.push(minedJson(receipt));
  }
  return transactions;
}

interface Fixed {
  readonly price: bigint;
  readonly transaction?: Mined;
}

/** Refusals that only say that the time has not come. */
const NOT_YET: ReadonlySet<string> = new Set(["NotExpired", "TooEarlyToFix"]);

/** Fixes the book at the ledger if its price can be final; nothing if it is too early. */
async function fixedNow(
  { ledger }: Session,
  { book, actor, dryRun }: { book: bigint; actor: Acting; dryRun: boolean },
): Promise<Fixed | undefined> {
  const from = ledger.connect(actor);
  try {
    const price = await from.fixPrice.staticCall(book, "0x", NEXT_BLOCK);
    if (dryRun) return { price };
    const receipt = await mined(await from.fixPrice(book, "0x"));
    return { price, transaction: minedJson(receipt) };
  } catch (error) {
    if (NOT_YET.has(decodeError(error).name)) return undefined;
    throw error;
  }
}

function outcomeText(fixed: Fixed | undefined, dryRun: boolean, ending: string): string {
  if (fixed === undefined) return ending;
  const price = formatPrice(fixed.price);
  if (fixed.transaction !== undefined) return `Fixed at ${price}. ${ending}`;
  return dryRun ? `Would fix it at ${price}. ${ending}` : `It is fixed at ${price}.`;
}

function text(
  fixing: Fixing,
  book: bigint,
  { found, missing }: Findings,
  { outcome, dryRun }: { outcome: string; dryRun: boolean },
): string {
  const { feed, state, lanes } = fixing;
  const closings = closingsOf(fixing).map(({ name, time }) => `${name} ${shownTime(time)}`);
  const sent = `${found.length} ${found.length === 1 ? "value" : "values"}`;
  return paragraphs(
    facts([
      ["book", bookText(book)],
      ["feed", `${feed.name}, of the hub ${feed.hubAddress}`],
      ["fixing", fixing.id],
      ["mark", `${formatPrice(state.mark)} of ${shownTime(state.markTime)} UTC`],
      ["closings (UTC)", closings.join(", ")],
    ]),
    table(
      LANE_COLUMNS,
      lanes.map((lane) => laneRow(fixing, lane, found)),
    ),
    missingText(missing),
    found.length === 0 ? undefined : `${dryRun ? "Would bring" : "Brought"} ${sent}.`,
    outcome,
  );
}
