import type { Policy } from "@certus/model";
import { ZeroHash } from "ethers";

import { formatDecimal, formatPrice } from "../decimals.ts";
import { marketLabel, shortMarket } from "../markets.ts";
import { feedName } from "../oracle/hubs.ts";
import { facts, paragraphs, table } from "../print.ts";
import { refusalText } from "../refusals.ts";
import type { Session } from "../session.ts";
import { shownTime } from "../times.ts";
import { amountText } from "../tokens.ts";
import { adviceOf } from "./advice.ts";
import { evidenceBudget, guardianBudget, haltBudget } from "./budgets.ts";
import type { Budget } from "./budgets.ts";
import type { Guarded } from "./breakers.ts";
import { levelNow } from "./status.ts";
import type { Watched } from "./status.ts";
import { bps, triggerName } from "./triggers.ts";
import { attemptText, levelName } from "./words.ts";

const PEG_DECIMALS = 4;
/** Four times the whole: stress takes a quarter of a threshold at most. */
const FOURFOLD = 40_000n;

/** A market for people. */
export async function watchedText(session: Session, watched: Watched): Promise<string> {
  const { guarded, now, guard, watch, stress, ceiling, feed, notices } = watched;
  const { token, breaker } = guarded;
  const level = levelNow(watch, now);
  const rows = await Promise.all(
    watched.tried.map(async (one) => [one.row.name, await attemptText(session, one)]),
  );
  return paragraphs(
    facts([
      ["market", `${marketLabel(guarded)}, guarded by ${breaker.address}`],
      ["feed", feedText(watch.feed, watch.tokenFeed)],
      ["level", levelText(watched)],
      ["firm until", watch.firmUntil > now ? `${shownTime(watch.firmUntil)} UTC` : undefined],
      ["last tripped", lastText(watched)],
      ["halts left", budgetText(haltBudget(guard, now), "of two in seven days")],
      ["by evidence", budgetText(evidenceBudget(guard, now), "of one in seven days")],
      ["guardian", budgetText(guardianBudget(watch, now), "of two in seven days")],
      [
        "ceiling",
        `${amountText(token, guard.ceiling)} of ${amountText(token, guarded.view.terms.ceiling)}`,
      ],
      [
        "",
        guard.ceiling === ceiling
          ? undefined
          : `${amountText(token, ceiling)} ought to be in force`,
      ],
      ["tightness", bps(watch.tightness)],
      ["stress", stressText(stress)],
      ["thresholds", policyText(watch.policy, watch.tightness)],
      ["observed", feed === undefined ? undefined : observedText(feed)],
      ...notices.map(({ row, from, to }): [string, string] => [
        "notice",
        `${row.name}, can trip from ${shownTime(from)} to ${shownTime(to)} UTC`,
      ]),
    ]),
    table(["trigger", "now"], rows),
    level === 0n
      ? undefined
      : watched.release === undefined
        ? "It can be released."
        : `No release: ${await refusalText(session, watched.release)}`,
    adviceOf(watched).join("\n"),
  );
}

/** Columns of `watchedRow`. */
export const WATCHED_COLUMNS = ["market", "level", "why", ">tightness", "ceiling", "to be done"];

/** A market in a line. */
export function watchedRow(watched: Watched): string[] {
  const { guarded, now, watch, guard, tried } = watched;
  const possible = tried.filter(({ attempt }) => attempt.kind !== "refused");
  return [
    `${guarded.number} ${shortMarket(guarded.market)}`,
    levelText(watched),
    levelNow(watch, now) === 0n ? "" : triggerName(watch.trigger),
    bps(watch.tightness),
    amountText(guarded.token, guard.ceiling),
    possible.map(({ row, attempt }) => `${row.name}: ${attempt.kind}`).join(", "),
  ];
}

/** A guarded market that nobody has enrolled, in a line. */
export function strangerRow({ number, market, token, view }: Guarded): string[] {
  return [
    `${number} ${shortMarket(market)}`,
    "not watched yet",
    "",
    "",
    amountText(token, view.ceiling),
    "breaker:observe --enroll",
  ];
}

function budgetText({ left, from }: Budget, whole: string): string {
  const next = from === undefined ? "" : `, the next from ${shownTime(from)} UTC`;
  return `${left} ${whole}${next}`;
}

function policyText(policy: Policy, tightness: bigint): string {
  const tight = (value: bigint): string => bps((value * (FOURFOLD - tightness)) / FOURFOLD);
  const { apart, farApart, move, depegBelow, pegAbove, ceiling, floor } = policy;
  const peg = (value: bigint): string => formatDecimal(value, PEG_DECIMALS);
  return (
    `apart ${tight(apart)}, far apart ${tight(farApart)}, move ${tight(move)}; ` +
    `off the peg below ${peg(depegBelow)}, back at ${peg(pegAbove)}; ` +
    `ceiling ${bps(ceiling)}, of which stress leaves ${bps(floor)}`
  );
}

function feedText(feed: string, tokenFeed: string): string {
  const own = feed === ZeroHash ? "none: no trigger of prices" : feedName(feed);
  return tokenFeed === ZeroHash ? own : `${own}; of the collateral ${feedName(tokenFeed)}`;
}

function levelText({ watch, now }: Watched): string {
  const level = levelNow(watch, now);
  if (level === 0n) return "normal";
  return `${levelName(level)} until ${shownTime(watch.until)} UTC, for ${triggerName(watch.trigger)}`;
}

function lastText({ watch }: Watched): string | undefined {
  if (watch.trippedAt === 0n) return undefined;
  const often = watch.escalation === 0n ? "" : `, stays ${4n ** watch.escalation} times as long`;
  return `${shownTime(watch.trippedAt)} UTC, for ${triggerName(watch.trigger)}${often}`;
}

function stressText({ volatility, faults, network, whole }: Watched["stress"]): string {
  return `${bps(whole)}: volatility ${bps(volatility)}, votes ${bps(faults)}, network ${bps(network)}`;
}

function observedText({ count, lastPrice, lastTime, lastAny }: NonNullable<Watched["feed"]>) {
  if (count === 0n) return "never";
  const healthy =
    lastTime === 0n
      ? "none healthy"
      : `${formatPrice(lastPrice)} at ${shownTime(lastTime)} UTC, the last healthy one`;
  return `${count} times, last at ${shownTime(lastAny)} UTC; ${healthy}`;
}
