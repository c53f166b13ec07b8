import { encodePackages, feedPackage, newestSet } from "../../../scripts/lib/oracle/redstone.ts";
import {
  LOCAL_PAIR,
  LOCAL_SIGNERS,
  pulledOwn,
  pulledRedstone,
} from "../../../scripts/lib/oracle/localSigners.ts";
import {
  encodeObservations,
  feedDomain,
  observerOf,
} from "../../../scripts/lib/oracle/signedFeed.ts";
import { FeedReadError, findHintsAt } from "../../../scripts/lib/roundHints.ts";
import { readerOf } from "../rounds.ts";
import type { Session } from "../session.ts";
import { iso } from "../times.ts";
import { UsageError } from "../usage.ts";
import type { Said, SignedPackage } from "./said.ts";
import type { Network, Source } from "./sources.ts";

/** The chain of `hardhat node`. */
const LOCAL_CHAIN = 31_337n;
/** Seconds that a report of an instant may span. */
const WIDEST_REPORT = 10n;

/** A payload for a source and the fee that goes with it, wei; or what is lacking. */
export type Payload =
  { readonly payload: string; readonly fee: bigint } | { readonly lacks: string };

/** From where payloads come: what was said, and on a local chain what its signers may be made to say. */
export interface Origin {
  readonly said: Said;
  /** What local signers sign for a time, 8 decimals; nothing if they do not sign. */
  readonly localPrice: ((time: bigint) => Promise<bigint>) | undefined;
}

/** Refuses local keys where they are worth nothing. */
export function checkLocal({ chainId }: Session): void {
  if (chainId === LOCAL_CHAIN) return;
  throw new UsageError(
    `--local-signers is for local chains, whose keys everybody knows; this is chain ${chainId}.`,
  );
}

/** Whether a source's signers are those of `localSigners.ts`. */
export function signsLocally(network: Network): boolean {
  if (network.kind !== "RedStone" && network.kind !== "own signers") return false;
  const wanted = network.kind === "RedStone" ? LOCAL_SIGNERS.redstone : LOCAL_SIGNERS.own;
  const same = network.signers.join() === wanted.join();
  return same && (network.kind !== "RedStone" || network.dataFeedId === LOCAL_PAIR.base);
}

/**
 * What a source takes for its value of a time.
 *
 * @param time - Unix time asked for; nothing for the newest that was said, which makes a reading.
 */
export async function payloadOf(
  session: Session,
  source: Source,
  { said, localPrice }: Origin,
  time?: bigint,
): Promise<Payload> {
  const { network } = source;
  const found = await payloadSaid(session, source, said, time);
  if (!("lacks" in found) || localPrice === undefined || !signsLocally(network)) return found;
  const at = time ?? session.now;
  const price = await localPrice(at);
  if (network.kind === "RedStone") return { payload: pulledRedstone(at, price), fee: 0n };
  const feed = { chainId: session.chainId, addresses: { own: source.address } };
  return { payload: pulledOwn(feed, at, price), fee: 0n };
}

async function payloadSaid(
  session: Session,
  source: Source,
  said: Said,
  time: bigint | undefined,
): Promise<Payload> {
  const { network } = source;
  switch (network.kind) {
    case "Chainlink push":
      return time === undefined ? { payload: "0x", fee: 0n } : hints(session, network.proxy, time);
    case "RedStone":
      return packages(network, said.packages, time);
    case "own signers":
      return observations(session, source.address, network, said, time);
    case "Data Streams":
      return report(network, said, time);
    case "other":
      return { lacks: "a payload: this source is not known here" };
  }
}

/** Rounds of a push feed, read as they stand now. */
async function hints(session: Session, proxy: string, time: bigint): Promise<Payload> {
  try {
    const found = await findHintsAt(readerOf(session), proxy, time);
    if (found !== undefined) return { payload: found.proof, fee: 0n };
    return { lacks: `a round of the hour before ${iso(time)}: the feed was silent` };
  } catch (error) {
    if (error instanceof FeedReadError) return { lacks: `an answer: ${error.message}` };
    throw error;
  }
}

function packages(
  { dataFeedId, signers, quorum }: Extract<Network, { kind: "RedStone" }>,
  given: readonly SignedPackage[],
  time: bigint | undefined,
): Payload {
  const about = given.flatMap((signed) => feedPackage(signed, dataFeedId) ?? []);
  const milliseconds = time === undefined ? undefined : time * 1_000n;
  const set = newestSet(signers, about, quorum, milliseconds);
  if (set !== undefined) {
    const payload = encodePackages(
      signers,
      set.map(({ signed }) => signed),
    );
    return { payload, fee: 0n };
  }
  const names = given.flatMap(({ dataPackage }) =>
    dataPackage.dataPoints.map((point) => point.dataFeedId),
  );
  const of = `packages of ${quorum} of ${signers.length} signers of ${dataFeedId}`;
  return {
    lacks: lacking(of, time, {
      what: "packages",
      other: about.length === 0 ? [...new Set(names)] : [],
      times: about.map((one) => one.time / 1_000n),
    }),
  };
}

async function observations(
  { chainId }: Session,
  address: string,
  network: Extract<Network, { kind: "own signers" }>,
  { observations: given }: Said,
  time: bigint | undefined,
): Promise<Payload> {
  const { signers, quorum, pair, contract } = network;
  const context = { domain: feedDomain(chainId, address), pair };
  const genuine = given.filter((one) => {
    try {
      return observerOf(context, one).toLowerCase() === one.signer.toLowerCase();
    } catch {
      return false;
    }
  });
  const newest = genuine.reduce((latest, one) => (one.time > latest ? one.time : latest), 0n);
  const standing = await contract.standing(time ?? newest);
  const counting = signers.filter((_, bit) => ((standing >> BigInt(bit)) & 1n) === 1n);
  const set = newestSet(counting, genuine, quorum, time);
  if (set !== undefined) return { payload: encodeObservations(signers, set), fee: 0n };
  const of = `observations of ${quorum} of ${signers.length} own signers`;
  const foreign = given.length - genuine.length;
  return {
    lacks: lacking(of, time, {
      what: "observations",
      other: foreign > 0 ? [`${foreign} whose signature is not for this source and chain`] : [],
      times: genuine.map((one) => one.time),
    }),
  };
}

async function report(
  { feedId, contract }: Extract<Network, { kind: "Data Streams" }>,
  { reports: given }: Said,
  time: bigint | undefined,
): Promise<Payload> {
  const about = given.filter((one) => one.feedId.toLowerCase() === feedId.toLowerCase());
  const fitting = about.filter(
    ({ validFrom, observedAt }) =>
      time === undefined ||
      (validFrom <= time && time <= observedAt && observedAt - validFrom <= WIDEST_REPORT),
  );
  const [best] = fitting.toSorted((a, b) => Number(b.observedAt - a.observedAt));
  if (best !== undefined) {
    return { payload: best.payload, fee: await contract.fee(best.payload) };
  }
  const of = `a report of the feed ${feedId}`;
  return {
    lacks: lacking(of, time, {
      what: "reports",
      other: about.length === 0 ? given.map((one) => one.feedId) : [],
      times: about.map((one) => one.observedAt),
    }),
  };
}

const MOST_TIMES = 4;

/** What is lacking, and what was brought instead. */
function lacking(
  of: string,
  time: bigint | undefined,
  { what, other, times }: { what: string; other: readonly string[]; times: readonly bigint[] },
): string {
  const at = time === undefined ? "" : ` for ${iso(time)}`;
  const distinct = [...new Set(times)].sort((a, b) => Number(b - a));
  const shown = distinct.slice(0, MOST_TIMES).map((one) => {
    const count = times.filter((candidate) => candidate === one).length;
    return `${count} for ${iso(one)}`;
  });
  const more = distinct.length > MOST_TIMES ? ", …" : "";
  const brought = [...shown, ...other.map((one) => `some of ${one}`)].join(", ");
  return `${of}${at}${brought === "" ? "" : `; the ${what} given are ${brought}${more}`}`;
}
