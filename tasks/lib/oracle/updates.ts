import { ErrorFragment, isHexString } from "ethers";

import { OracleHub__factory } from "../../../packages/contracts/src/generated/bindings/factories/OracleHub__factory.ts";
import { ERRORS } from "../../../packages/contracts/src/generated/errors.ts";
import { formatPrice, parseDecimal, PRICE_DECIMALS } from "../decimals.ts";
import { readText } from "../files.ts";
import { mined, minedJson, minedText } from "../send.ts";
import type { Mined } from "../send.ts";
import type { Session } from "../session.ts";
import { priceOf, timeOf } from "../shapes.ts";
import type { Acting } from "../signers.ts";
import { shownTime } from "../times.ts";
import { UsageError } from "../usage.ts";
import { NEXT_BLOCK } from "./hubs.ts";
import type { Feed } from "./hubs.ts";
import { checkLocal, payloadOf, signsLocally } from "./payloads.ts";
import type { Origin, Payload } from "./payloads.ts";
import { saidBy, SILENCE } from "./said.ts";
import { sourceBy, sourceLabel } from "./sources.ts";
import type { Source } from "./sources.ts";

/** Which readings are brought. */
export interface BringingArguments {
  readonly source: string | undefined;
  readonly payload: string | undefined;
  readonly localSigners: string | undefined;
}

/** A reading for a source. */
interface Update {
  readonly source: Source;
  readonly payload: string;
  readonly fee: bigint;
}

/** A reading, or a look at all sources that are read. */
export interface Bringing {
  readonly what: string;
  readonly call: Update | "poke";
  /** What must go through before it is sent: a poke itself drops what it cannot use. */
  readonly tried: readonly Update[];
}

/** What came of bringing readings. */
export interface Brought {
  readonly readings: readonly Reading[];
  readonly transactions: readonly Mined[];
  /** For people. */
  readonly lines: readonly string[];
}

/** Brings readings one after the other, each simulated before it is sent. */
export async function bring(
  feed: Feed,
  sources: readonly Source[],
  bringing: readonly Bringing[],
  actor: Acting,
): Promise<Brought> {
  const [readings, transactions, lines]: [Reading[], Mined[], string[]] = [[], [], []];
  for (const one of bringing) {
    await simulated(feed, one, actor);
    const found = await sent(feed, one, actor);
    readings.push(...found.readings);
    transactions.push(found.transaction);
    lines.push(...found.readings.map((reading) => readingText(sources, reading)), found.text);
  }
  return { readings, transactions, lines };
}

/** What is to be sent, in order. */
export async function bringings(
  session: Session,
  feed: Feed,
  sources: readonly Source[],
  args: BringingArguments,
): Promise<Bringing[]> {
  const chosen = args.source === undefined ? undefined : sourceBy(feed, sources, args.source);
  if (args.payload !== undefined) {
    if (args.localSigners !== undefined) {
      throw new UsageError("--payload and --local-signers are two ways to say it: choose one.");
    }
    const source = chosen ?? sourceBy(feed, sources, undefined);
    return [bringing(source, await payloadIn(session, source, args.payload))];
  }
  const localPrice = localPriceOf(session, args.localSigners);
  const origin: Origin = { said: SILENCE, localPrice };
  if (chosen !== undefined) {
    if (isPoked(chosen)) {
      return [{ ...poke([chosen]), tried: [{ source: chosen, payload: "0x", fee: 0n }] }];
    }
    if (localPrice !== undefined && !chosen.push && !signsLocally(chosen.network)) {
      throw new UsageError(
        `--local-signers: the signers of source ${sourceLabel(chosen)} are not those of a local chain.`,
      );
    }
    return [bringing(chosen, await payloadOf(session, chosen, origin))];
  }
  const pushed = sources.filter(isPoked);
  const signed = localPrice === undefined ? [] : signedLocally(sources);
  const found = await Promise.all(
    signed.map(async (source) => bringing(source, await payloadOf(session, source, origin))),
  );
  if (pushed.length + found.length > 0)
    return [...(pushed.length > 0 ? [poke(pushed)] : []), ...found];
  throw new UsageError(
    `${feed.name} has no source that is only read: say which one by --source, and what its network signed by --payload.`,
  );
}

/** The sources that local keys sign for, each vote's first and all in shadow: a second one would say nothing newer. */
function signedLocally(sources: readonly Source[]): Source[] {
  const local = sources.filter(({ network }) => signsLocally(network));
  return local.filter(
    ({ stage, vote, index }) =>
      stage === "shadow" ||
      local.find((one) => one.stage === "voting" && one.vote === vote)?.index === index,
  );
}

/** Whether `poke` reads a source: not in its shadow. */
function isPoked({ push, stage }: Source): boolean {
  return push && stage === "voting";
}

function poke(sources: readonly Source[]): Bringing {
  return { what: `what ${sources.map(sourceLabel).join(", ")} says now`, call: "poke", tried: [] };
}

function bringing(source: Source, found: Payload): Bringing {
  if ("lacks" in found) {
    throw new UsageError(
      `Source ${sourceLabel(source)} needs ${found.lacks}: bring it with --payload, in hex or a file.`,
    );
  }
  const update = { source, ...found };
  return { what: `a reading of ${sourceLabel(source)}`, call: update, tried: [update] };
}

/** The payload that `--payload` means: hex, a file of hex, or a file of what was signed. */
async function payloadIn(session: Session, source: Source, given: string): Promise<Payload> {
  if (isHexString(given.trim())) return withFee(source, given.trim());
  const text = await readText("--payload", given);
  if (isHexString(text.trim())) return withFee(source, text.trim());
  const said = saidBy("--payload", given, text);
  return payloadOf(session, source, { said, localPrice: undefined });
}

async function withFee({ network }: Source, payload: string): Promise<Payload> {
  const fee = network.kind === "Data Streams" ? await network.contract.fee(payload) : 0n;
  return { payload, fee };
}

function localPriceOf(session: Session, text: string | undefined): Origin["localPrice"] {
  if (text === undefined) return undefined;
  checkLocal(session);
  const price = parseDecimal("--local-signers", text, PRICE_DECIMALS);
  if (price > 0n && price < 1n << 63n) return async () => price;
  throw new UsageError(
    `--local-signers: ${text} is no price: it must be above 0 and below 92233720368.`,
  );
}

/** Refuses what the hub would refuse. */
export async function simulated(
  { hub, id }: Feed,
  { tried }: Bringing,
  actor: Acting,
): Promise<void> {
  for (const { source, payload, fee } of tried) {
    const overrides = { value: fee, ...NEXT_BLOCK };
    await hub.connect(actor).update.staticCall(id, source.index, payload, overrides);
  }
}

/** What became of a reading. */
export interface Reading {
  readonly source: number;
  readonly outcome: "stored" | "dropped" | "sampled";
  readonly price: bigint;
  readonly time: bigint;
  /** Why it was dropped. */
  readonly reason: string;
}

async function sent({ hub, id }: Feed, { call }: Bringing, actor: Acting) {
  const from = hub.connect(actor);
  const response =
    call === "poke"
      ? await from.poke(id)
      : await from.update(id, call.source.index, call.payload, { value: call.fee });
  const receipt = await mined(response);
  const readings = receipt.logs.flatMap((log) => readingIn(log) ?? []);
  return { readings, transaction: minedJson(receipt), text: minedText(receipt) };
}

const hubEvents = OracleHub__factory.createInterface();

function readingIn(log: { topics: readonly string[]; data: string }): Reading | undefined {
  const found = hubEvents.parseLog(log);
  const arg = (name: string) => found?.args.getValue(name) as bigint;
  const none = { price: 0n, time: 0n, reason: "" };
  switch (found?.name) {
    case "ReadingStored":
      return {
        ...none,
        source: Number(arg("index")),
        outcome: "stored",
        price: arg("price"),
        time: arg("time"),
      };
    case "ReadingDropped":
      return {
        ...none,
        source: Number(arg("index")),
        outcome: "dropped",
        reason: wordsOf(String(arg("reason"))),
      };
    case "ShadowSampled":
      return { ...none, source: Number(arg("index")), outcome: "sampled", price: arg("price") };
    default:
      return undefined;
  }
}

/** What an error is about, by its selector alone. */
function wordsOf(selector: string): string {
  const found = ERRORS.find(({ error }) => ErrorFragment.from(error).selector === selector);
  return found === undefined ? selector : `${ErrorFragment.from(found.error).name}: ${found.why}`;
}

/** A reading for a document. */
export function readingJson({ source, outcome, price, time, reason }: Reading) {
  return {
    source,
    outcome,
    price: price === 0n ? null : priceOf(price),
    time: time === 0n ? null : timeOf(time),
    reason: reason === "" ? null : reason,
  };
}

function readingText(
  sources: readonly Source[],
  { source, outcome, price, time, reason }: Reading,
) {
  const known = sources[source];
  const name = known === undefined ? String(source) : sourceLabel(known);
  if (outcome === "dropped") return `${name}: dropped, ${reason}`;
  if (outcome === "sampled") return `${name}: sampled in shadow at ${formatPrice(price)}`;
  return `${name}: ${formatPrice(price)} of ${shownTime(time)} UTC`;
}
