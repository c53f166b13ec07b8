import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import type { SendingArguments } from "../lib/arguments.ts";
import { feedBy, NEXT_BLOCK } from "../lib/oracle/hubs.ts";
import type { FeedArguments } from "../lib/oracle/hubs.ts";
import { sourceBy, sourceLabel, sourcesOf } from "../lib/oracle/sources.ts";
import { facts, paragraphs } from "../lib/print.ts";
import { run } from "../lib/run.ts";
import { mined, minedJson, minedText } from "../lib/send.ts";
import { priceOrNull, timeOf } from "../lib/shapes.ts";
import { actorOf } from "../lib/signers.ts";
import { DAY, shownTime } from "../lib/times.ts";

interface Arguments extends SendingArguments, FeedArguments {
  readonly source: string | undefined;
  readonly promote: boolean;
}

/** What the hub wants of a source in shadow; docs/oracles.md. */
const LONG_ENOUGH = 7n * DAY;
const MANY_ENOUGH = 500n;
const WITHIN_PERCENT = 99n;

export default (args: Arguments, hre: HardhatRuntimeEnvironment) =>
  run(args, hre, async (session) => {
    const feed = await feedBy(session, args);
    const source = sourceBy(feed, await sourcesOf(session, feed), args.source);
    const { hub, id, name } = feed;
    const record = await hub.shadow(id, source.index, NEXT_BLOCK);
    const { price, time, first, last, samples, within, proven } = record;
    const left = {
      samples: Number(samples < MANY_ENOUGH ? MANY_ENOUGH - samples : 0n),
      seconds: Number(secondsLeft(first, session.now)),
    };
    const shadowed = source.stage === "shadow";
    const json = {
      feed: { id, name },
      source: source.index,
      kind: source.network.kind,
      stage: source.stage,
      price: priceOrNull(price),
      time: time === 0n ? null : timeOf(time),
      first: first === 0n ? null : timeOf(first),
      last: last === 0n ? null : timeOf(last),
      samples: Number(samples),
      within: Number(within),
      withinPercent: samples === 0n ? null : shareOf(within, samples),
      left,
      promotable: shadowed && proven,
    };
    const text = facts([
      ["source", `${sourceLabel(source)} of ${name}, ${source.address}`],
      ["stage", source.stage],
      ["last price", json.price?.price],
      ["samples", samples === 0n ? "none yet" : `${samples}, ${left.samples} left`],
      ["within 1 %", samples === 0n ? undefined : `${within}, ${json.withinPercent} %`],
      ["since", first === 0n ? undefined : `${shownTime(first)} UTC, ${spanText(left.seconds)}`],
      ["may be promoted", verdict(shadowed, json, { within, samples })],
    ]);
    if (!args.promote) return { json, text };
    const from = hub.connect(await actorOf(session, args));
    await from.promote.staticCall(id, source.index, NEXT_BLOCK);
    if (args.dryRun) {
      return { json: { ...json, dryRun: true }, text: paragraphs(text, "Would promote it.") };
    }
    const receipt = await mined(await from.promote(id, source.index));
    return {
      json: { ...json, stage: "voting", promotable: false, transaction: minedJson(receipt) },
      text: `Source ${sourceLabel(source)} votes in ${name} from now on.\n${minedText(receipt)}`,
    };
  });

function secondsLeft(first: bigint, now: bigint): bigint {
  if (first === 0n) return LONG_ENOUGH;
  const end = first + LONG_ENOUGH;
  return end > now ? end - now : 0n;
}

/** A share in percent, two decimals, floored. */
function shareOf(part: bigint, whole: bigint): number {
  return Number((part * 10_000n) / whole) / 100;
}

function spanText(seconds: number): string {
  return seconds === 0 ? "long enough" : `${(seconds / Number(DAY)).toFixed(1)} d left`;
}

function verdict(
  shadowed: boolean,
  { promotable, left }: { promotable: boolean; left: { samples: number; seconds: number } },
  { within, samples }: { within: bigint; samples: bigint },
): string {
  if (!shadowed) return "no: it is not in shadow";
  if (promotable) return "yes, by --promote";
  const agreeing = within * 100n >= samples * WITHIN_PERCENT;
  const missing = [
    left.seconds > 0 ? spanText(left.seconds) : "",
    left.samples > 0 ? `${left.samples} samples left, one in 300 s counts` : "",
    agreeing ? "" : `fewer than ${WITHIN_PERCENT} % are within 1 %`,
  ];
  return `no: ${missing.filter((one) => one !== "").join("; ")}`;
}
