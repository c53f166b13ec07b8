import type { Policy } from "@certus/model";
import { ZeroHash } from "ethers";

import { formatDecimal } from "../decimals.ts";
import { feedName } from "../oracle/hubs.ts";
import type { Session } from "../session.ts";
import { idOf, priceOrNull, timeOf } from "../shapes.ts";
import { amountOf } from "../tokens.ts";
import { adviceOf } from "./advice.ts";
import { evidenceBudget, guardianBudget, haltBudget } from "./budgets.ts";
import type { Budget } from "./budgets.ts";
import { levelNow } from "./status.ts";
import type { Watched } from "./status.ts";
import { triggerName } from "./triggers.ts";
import { attemptJson, attemptText, levelName } from "./words.ts";

/** Seconds in which a change of thresholds may be rolled back. */
const ROLL_BACK = 259_200n;
const PEG_DECIMALS = 4;

/** A market for a document. */
export async function watchedJson(session: Session, watched: Watched) {
  const { guarded, now, guard, watch, stress, ceiling, feed, network, notices } = watched;
  const { token, breaker } = guarded;
  const level = levelNow(watch, now);
  const tried = await Promise.all(
    watched.tried.map(async (one) => ({
      trigger: one.row.name,
      ...attemptJson(one.attempt),
      text: await attemptText(session, one),
    })),
  );
  return {
    market: idOf(guarded.market),
    number: guarded.number,
    breaker: breaker.address,
    hub: breaker.hubAddress,
    feed: named(watch.feed),
    tokenFeed: named(watch.tokenFeed),
    level: levelName(level),
    until: level === 0n ? null : timeOf(watch.until),
    why: level === 0n ? null : triggerName(watch.trigger),
    firmUntil: watch.firmUntil > now ? timeOf(watch.firmUntil) : null,
    last:
      watch.trippedAt === 0n
        ? null
        : { ...timeOf(watch.trippedAt), trigger: triggerName(watch.trigger) },
    escalation: Number(watch.escalation),
    ledger: {
      level: levelName(levelNow(guard, now)),
      ceiling: amountOf(token, guard.ceiling),
    },
    ceilings: {
      terms: amountOf(token, guarded.view.terms.ceiling),
      inForce: amountOf(token, ceiling),
    },
    budgets: {
      halts: budgetJson(haltBudget(guard, now)),
      haltsByEvidence: budgetJson(evidenceBudget(guard, now)),
      guardian: budgetJson(guardianBudget(watch, now)),
    },
    tightnessBps: Number(watch.tightness),
    stressBps: {
      volatility: Number(stress.volatility),
      votes: Number(stress.faults),
      network: Number(stress.network),
      whole: Number(stress.whole),
    },
    thresholds: policyJson(watch.policy),
    rollBackUntil: rollBackEnd(watched),
    notices: notices.map(({ row, since, from, to }) => ({
      trigger: row.name,
      since: timeOf(since),
      from: timeOf(from),
      to: timeOf(to),
    })),
    observations:
      feed === undefined
        ? null
        : {
            count: Number(feed.count),
            price: priceOrNull(feed.lastPrice),
            last: feed.lastAny === 0n ? null : timeOf(feed.lastAny),
            lastHealthy: feed.lastTime === 0n ? null : timeOf(feed.lastTime),
          },
    network: {
      lastBlock: Number(network.lastBlock),
      baseFee: network.baseFee,
      gapStressBps: Number(network.gapStress),
      feeStressBps: Number(network.feeStress),
    },
    triggers: tried,
    releasable: level !== 0n && watched.release === undefined,
    advice: adviceOf(watched),
  };
}

function named(feed: string): { id: string; name: string } | null {
  return feed === ZeroHash ? null : { id: feed, name: feedName(feed) };
}

function budgetJson({ left, from }: Budget) {
  return { left, from: from === undefined ? null : timeOf(from) };
}

function policyJson({ apart, farApart, move, depegBelow, pegAbove, ceiling, floor }: Policy) {
  return {
    apartBps: Number(apart),
    farApartBps: Number(farApart),
    moveBps: Number(move),
    depegBelow: formatDecimal(depegBelow, PEG_DECIMALS),
    pegAbove: formatDecimal(pegAbove, PEG_DECIMALS),
    ceilingBps: Number(ceiling),
    floorBps: Number(floor),
  };
}

function rollBackEnd({ watch, now }: Watched) {
  const end = watch.policySince + ROLL_BACK;
  return watch.previous.apart !== 0n && end > now ? timeOf(end) : null;
}
