import { SettlementOracle__factory } from "../../../packages/contracts/src/generated/bindings/factories/SettlementOracle__factory.ts";
import type {
  FixingStateStructOutput,
  SettlementOracle,
} from "../../../packages/contracts/src/generated/bindings/SettlementOracle.ts";
import { expiryOf, marketOf } from "../../../packages/contracts/src/ids.ts";
import { bitsOf } from "../../../packages/model/src/oracle/multi/fixings.ts";
import { isMaximal, RANK_MASK } from "../../../packages/model/src/oracle/multi/forms.ts";
import {
  CLOSINGS,
  closingTime,
  endAtClosing,
  endEarly,
  FLAG,
} from "../../../packages/model/src/oracle/multi/ladder.ts";
import type { LadderEnding, Samples } from "../../../packages/model/src/oracle/multi/ladder.ts";
import { encodeLane } from "../../../packages/model/src/oracle/multi/lanes.ts";
import { samplingOf, slotTime } from "../../../packages/model/src/oracle/multi/profile.ts";
import type { Sampling } from "../../../packages/model/src/oracle/multi/profile.ts";
import { slotOf } from "../../../packages/model/src/oracle/multi/slots.ts";
import type { Value } from "../../../packages/model/src/oracle/multi/sources.ts";
import { bookText } from "../books.ts";
import type { Session } from "../session.ts";
import { UsageError } from "../usage.ts";
import { feedAt, hubBehind, NEXT_BLOCK } from "./hubs.ts";
import type { Feed } from "./hubs.ts";
import { classNames, sourcesOf } from "./sources.ts";
import type { Network, Source } from "./sources.ts";

export type { Value } from "../../../packages/model/src/oracle/multi/sources.ts";

/** Closing after which no value is taken any more: C3. */
const LAST_SUBMISSION = 3n;
/** Bits of a rank of signers that are its bitmap, complemented. */
const BITMAP_BITS = 16n;

/** The value of one vote in one slot, if it has one. */
export interface Lane {
  readonly vote: number;
  readonly slot: number;
  /** Unix time of the slot. */
  readonly time: bigint;
  readonly value: Value | undefined;
}

/** The fixing of a book, as it stands. */
export interface Fixing {
  readonly oracle: SettlementOracle;
  readonly oracleAddress: string;
  readonly feed: Feed;
  readonly id: string;
  readonly profile: string;
  readonly expiry: bigint;
  readonly sampling: Sampling;
  readonly state: FixingStateStructOutput;
  /** Frozen sources, whatever has become of them. */
  readonly sources: readonly Source[];
  /** Names of the classes of each frozen vote. */
  readonly classes: ReadonlyMap<number, readonly string[]>;
  /** Of every frozen vote in every slot, the expiry first. */
  readonly lanes: readonly Lane[];
}

/** The fixing of a book whose market settles on several sources. */
export async function fixingOf(session: Session, book: bigint): Promise<Fixing> {
  const terms = await session.ledger.termsOf(marketOf(book));
  const { oracle: oracleAddress, profile } = terms;
  const hub = await hubBehind(session, oracleAddress);
  if (hub === undefined) {
    throw new UsageError(
      `--book: ${bookText(book)} settles on a single feed, not on several sources: book:fix finds its proof.`,
    );
  }
  const expiry = expiryOf(book);
  const oracle = SettlementOracle__factory.connect(oracleAddress, session.provider);
  const feed = feedAt(session, hub, terms.feed);
  const id = await oracle.fixingId(terms.feed, profile, expiry);
  const [state, { votes: reports }, all] = await Promise.all([
    oracle.fixingState(id),
    feed.hub.report(terms.feed, NEXT_BLOCK),
    sourcesOf(session, feed),
  ]);
  const sampling = samplingOf(BigInt(profile));
  if (sampling === undefined) throw new Error(`the profile ${profile} is not known here`);
  const votes = bitsOf(state.votes).map(Number);
  const frozen = new Set(bitsOf(state.sources).map(Number));
  return {
    oracle,
    oracleAddress,
    feed,
    id,
    profile,
    expiry,
    sampling,
    state,
    sources: all.filter(({ index }) => frozen.has(index)),
    classes: new Map(votes.map((vote) => [vote, classNames(reports[vote]?.classes ?? 0n)])),
    lanes: await lanesOf(oracle, id, { votes, sampling, expiry }),
  };
}

async function lanesOf(
  oracle: SettlementOracle,
  id: string,
  { votes, sampling, expiry }: { votes: readonly number[]; sampling: Sampling; expiry: bigint },
): Promise<Lane[]> {
  const slots = Array.from({ length: Number(sampling.slots) }, (_, slot) => slot);
  const places = slots.flatMap((slot) => votes.map((vote) => ({ slot, vote })));
  return Promise.all(
    places.map(async ({ slot, vote }) => {
      const [price, form] = await oracle.provenValue(id, sampling.slots, vote, slot);
      const time = slotTime(sampling, expiry, BigInt(slot));
      return { vote, slot, time, value: form === 0n ? undefined : { price, form } };
    }),
  );
}

/** The lanes with further values in them; each keeps the greater. */
export function withValues(
  lanes: readonly Lane[],
  values: readonly (Value & Pick<Lane, "vote" | "slot">)[],
): Lane[] {
  return lanes.map((lane) => {
    const offered = values.filter(({ vote, slot }) => vote === lane.vote && slot === lane.slot);
    return offered.reduce<Lane>(
      (kept, value) => (isBetter(value, kept) ? { ...kept, value } : kept),
      lane,
    );
  });
}

/** Whether a value would replace that of a lane. */
export function isBetter({ price, form }: Value, { value }: Pick<Lane, "value">): boolean {
  return value === undefined || encodeLane({ price, form }) > encodeLane(value);
}

/** A form as it counts: a push source beside a better one is never maximal. */
export function demotedForm({ state }: Fixing, { push, vote }: Source, form: bigint): bigint {
  const demoted = ((state.demoted >> BigInt(vote)) & 1n) === 1n;
  return push && demoted ? form & RANK_MASK : form;
}

/** A form in words. */
export function formText(form: bigint, network: Network | undefined): string {
  const maximal = isMaximal(form);
  if (network?.kind === "RedStone" || network?.kind === "own signers") {
    const count = (form & RANK_MASK) >> BITMAP_BITS;
    return `${count} of ${network.signers.length} signers${maximal ? ", maximal" : ""}`;
  }
  return maximal ? "maximal" : "not maximal";
}

/** A number that a fixing ends with, and from when on. */
export interface Ending extends LadderEnding {
  /** Unix time from which it can be had; nothing if it is final. */
  readonly at: bigint | undefined;
}

/** When the window for values ends. */
export function windowEnd({ expiry, state }: Fixing): bigint {
  return closingTime(expiry, LAST_SUBMISSION, state.prolonged);
}

/** The closings, by their names. */
export function closingsOf({ expiry, state }: Fixing): { name: string; time: bigint }[] {
  return CLOSINGS.map((_, i) => ({
    name: `C${i + 1}`,
    time: closingTime(expiry, BigInt(i + 1), state.prolonged),
  }));
}

/** What a fixing ends with if nothing more than these lanes comes. */
export function endingOf(fixing: Fixing, lanes: readonly Lane[], now: bigint): Ending {
  const { state, expiry } = fixing;
  if (state.settlementPrice !== 0n) {
    return { price: state.settlementPrice, step: state.step, flags: 0n, at: undefined };
  }
  // What is due is closed before anything else happens, on what is in.
  const due = dueClosings(fixing, now);
  const already = samplesOf(fixing, fixing.lanes);
  for (const closing of due) {
    const ending = endAtClosing(already, closing);
    if (ending !== undefined)
      return { ...ending, at: closingTime(expiry, closing, state.prolonged) };
  }
  const samples = samplesOf(fixing, lanes);
  const next = state.stage + BigInt(due.length) + 1n;
  const early = next <= 2n && now > expiry ? endEarly(samples) : undefined;
  if (early !== undefined) return { ...early, at: now };
  for (let closing = next; closing <= CLOSINGS.length; closing++) {
    const ending = endAtClosing(samples, closing);
    if (ending !== undefined)
      return { ...ending, at: closingTime(expiry, closing, state.prolonged) };
  }
  throw new Error("the last closing gives a price in any case");
}

/** Whether a closing that is due gives the price, so that no value is looked at any more. */
export function isDecided(fixing: Fixing, now: bigint): boolean {
  const samples = samplesOf(fixing, fixing.lanes);
  return (
    fixing.state.settlementPrice !== 0n ||
    dueClosings(fixing, now).some((closing) => endAtClosing(samples, closing) !== undefined)
  );
}

/** Numbers of the closings that have come and were not closed yet. */
function dueClosings({ expiry, state }: Fixing, now: bigint): bigint[] {
  return CLOSINGS.map((_, i) => BigInt(i + 1)).filter(
    (closing) => closing > state.stage && now >= closingTime(expiry, closing, state.prolonged),
  );
}

function samplesOf({ state, sampling, expiry }: Fixing, lanes: readonly Lane[]): Samples {
  const mark = { price: state.mark, time: state.markTime };
  const slots = Array.from({ length: Number(sampling.slots) }, (_, slot) => {
    const values = lanes.flatMap((lane) => (lane.slot === slot ? (lane.value ?? []) : []));
    return slotOf(
      values.map(({ price }) => price),
      mark,
      expiry,
    );
  });
  const complete = lanes.every(({ value }) => value !== undefined && isMaximal(value.form));
  return { slots, mark, expiry, complete };
}

/** Names of what is odd about a number. */
export function flagNames(flags: bigint): string[] {
  const names = [
    [FLAG.mark, "Mark"],
    [FLAG.apart, "Apart"],
    [FLAG.jump, "Jump"],
  ] as const;
  return names.flatMap(([bit, name]) => ((flags & bit) === 0n ? [] : [name]));
}
