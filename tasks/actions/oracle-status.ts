import { decodeBytes32String } from "ethers";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import type { VoteReportStructOutput } from "../../packages/contracts/src/generated/bindings/OracleHub.ts";
import type { CommonArguments } from "../lib/arguments.ts";
import { formatPrice } from "../lib/decimals.ts";
import { feedBy, NEXT_BLOCK } from "../lib/oracle/hubs.ts";
import type { FeedArguments } from "../lib/oracle/hubs.ts";
import { classNames, sourceLabel, sourcesOf } from "../lib/oracle/sources.ts";
import type { Source } from "../lib/oracle/sources.ts";
import { faultsOf, standingOf, verdictOf, verdictText } from "../lib/oracle/status.ts";
import { facts, paragraphs, table } from "../lib/print.ts";
import { run } from "../lib/run.ts";
import type { Session } from "../lib/session.ts";
import { priceOrNull, timeOf } from "../lib/shapes.ts";
import { shownTime } from "../lib/times.ts";

interface Arguments extends CommonArguments, FeedArguments {}

export default (args: Arguments, hre: HardhatRuntimeEnvironment) =>
  run(args, hre, async (session) => {
    const feed = await feedBy(session, args);
    const { hub, hubAddress, id, name } = feed;
    const [{ current, votes }, terms, sequencer, sources] = await Promise.all([
      hub.report(id, NEXT_BLOCK),
      hub.feedTerms(id),
      sequencerOf(feed),
      sourcesOf(session, feed),
    ]);
    const { mid, low, high, live, faults, status } = current;
    const wrong = faultsOf(status);
    const all = [...votes].map((vote, number) => voteOf(session, sources, vote, number));
    const [base, quote] = [terms.base, terms.quote].map(decodeBytes32String);
    const json = {
      hub: hubAddress,
      feed: { id, name },
      pair: { base, quote, priceExp: Number(terms.priceExp) },
      quorum: Number(terms.quorum),
      dailyVolBps: Number(terms.dailyVol),
      spot: {
        mid: priceOrNull(mid),
        low: priceOrNull(low),
        high: priceOrNull(high),
        live: Number(live),
        faults: Number(faults),
        status: Number(status),
      },
      wrong,
      votes: all,
      sources: sources.map(sourceJson),
      sequencer,
    };
    const text = paragraphs(
      facts([
        ["feed", `${name}, of the hub ${hubAddress}`],
        ["pair", `${base} in ${quote}${terms.priceExp === 0n ? "" : `, for 10^${terms.priceExp}`}`],
        ["middle", mid === 0n ? "none" : formatPrice(mid)],
        ["band", mid === 0n ? undefined : `${formatPrice(low)} to ${formatPrice(high)}`],
        ["votes", `${live} live, ${terms.quorum} wanted; ${faults} may lie`],
        ["sequencer", sequencer === null ? undefined : sequencer.text],
        ["status", wrong.length === 0 ? "undegraded" : wrong.map((one) => one.name).join(", ")],
      ]),
      wrong.map(({ name: bit, means, remedy }) => `${bit}: ${means} ${remedy}`).join("\n"),
      table(
        ["vote", "source", ">price", "time (UTC)", ">age, s", ">± bps", "standing", ""],
        all.map(voteRow),
      ),
      silent(sources, all),
    );
    return { json, text };
  });

type Vote = ReturnType<typeof voteOf>;

function voteOf(
  { now }: Session,
  sources: readonly Source[],
  report: VoteReportStructOutput,
  number: number,
) {
  const { classes, price, time, seenAt, confidence, standing, since } = report;
  const verdict = verdictOf(report.verdict);
  const known = verdict === "empty" ? undefined : sources[Number(report.source)];
  return {
    vote: number,
    classes: classNames(classes),
    source: known === undefined ? null : { index: known.index, kind: known.network.kind },
    price: priceOrNull(price),
    time: time === 0n ? null : timeOf(time),
    age: time === 0n ? null : Number(now > time ? now - time : 0n),
    seenAt: seenAt === 0n ? null : timeOf(seenAt),
    confidenceBps: Number(confidence),
    standing: standingOf(standing),
    since: since === 0n ? null : timeOf(since),
    verdict,
    why: verdictText(verdict, known?.maxAge),
  };
}

function voteRow(vote: Vote): string[] {
  const { source, price, time, age, confidenceBps, standing, since, why } = vote;
  return [
    `${vote.vote} ${vote.classes.join(" + ")}`,
    source === null ? "" : `${source.index} ${source.kind}`,
    price?.price ?? "",
    time === null ? "" : shownTime(BigInt(time.unix)),
    age === null ? "" : String(age),
    price === null ? "" : String(confidenceBps),
    since === null ? standing : `${standing} since ${shownTime(BigInt(since.unix))}`,
    why,
  ];
}

function sourceJson({
  index,
  address,
  vote,
  push,
  guard,
  stage,
  maxAge,
  maxAhead,
  network,
}: Source) {
  const read = push ? "push" : "pull";
  const ages = { maxAge: Number(maxAge), maxAhead: Number(maxAhead) };
  return { index, address, kind: network.kind, read, vote, guard, stage, ...ages };
}

/** Sources that no vote speaks for now. */
function silent(sources: readonly Source[], votes: readonly Vote[]): string {
  const speaking = new Set(votes.map(({ source }) => source?.index));
  return sources
    .filter(({ index }) => !speaking.has(index))
    .map((source) => `Source ${sourceLabel(source)}, ${source.stage}: ${source.address}`)
    .join("\n");
}

async function sequencerOf({ hub }: Awaited<ReturnType<typeof feedBy>>) {
  const { exists, down, read, since, grace } = await hub.sequencer(NEXT_BLOCK);
  if (!exists) return null;
  const until = since + grace;
  const text = down
    ? `down${since === 0n ? "" : ` since ${shownTime(since)} UTC`}`
    : `up since ${shownTime(since)} UTC, trusted from ${shownTime(until)} UTC`;
  return {
    down,
    read,
    since: since === 0n ? null : timeOf(since),
    trustedFrom: down ? null : timeOf(until),
    text: read ? text : "its uptime feed cannot be read",
  };
}
