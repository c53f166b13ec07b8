import { HALT_WINDOW, LEVEL_HALTED, LEVEL_NORMAL, LEVEL_RESTRICTED } from "../constants.ts";
import { refuse } from "../errors.ts";
import { sequencerState } from "../oracle/multi/sequencer.ts";
import { transact } from "../oracle/multi/transaction.ts";
import { findMarket } from "../state.ts";
import type { AccountId, BookId, MarketId } from "../types.ts";
import { conditionOf, isMove, moveOf } from "./evidence.ts";
import type { Finding } from "./evidence.ts";
import { healthySince } from "./observations.ts";
import { requireShortfall } from "./shortfall.ts";
import type { TriggerName, TriggerRow } from "./table.ts";
import {
  indexOf,
  levelIn,
  requireRow,
  rowOf,
  stayOf,
  withEpisode,
  withFloor,
  withLevel,
} from "./watch.ts";
import type { MarketWatch } from "./watch.ts";
import { Watching } from "./watching.ts";
import type { BreakerOutcome, Tx } from "./watching.ts";

/** Observations of health that end a level, over how many seconds, and how old the last one may be. */
const HEALTH = { observations: 3n, span: 600n, age: 120n };

/** What a trip answers. */
export interface Tripped {
  readonly level: bigint;
  readonly until: bigint;
}

/** A notice: since when, and from when to when it may trip. */
export interface Notice {
  readonly since: bigint;
  readonly from: bigint;
  readonly to: bigint;
}

/** What was measured, and whether it halts. */
type Measured = Pick<Finding, "measured" | "halts">;

/** Notices, trips with evidence, and releases. */
export abstract class Tripping extends Watching {
  /** Says that a condition holds. Anyone. */
  notice(now: bigint, market: MarketId, trigger: TriggerName): BreakerOutcome<void> {
    return transact((tx: Tx) => {
      const watch = this.require(market);
      if ((rowOf(trigger)?.noticeMin ?? 0n) === 0n) {
        refuse("TriggerUnavailable", market, indexOf(trigger));
      }
      const { since, to } = this.#notice(now, watch, trigger);
      if (since !== 0n && now <= to) refuse("NoticeStands", indexOf(trigger), since);
      this.#requireCondition(now, market, watch, trigger, now);
      tx.set(this.markets, market, withNotice(watch, trigger, now));
      tx.emit("NoticeGiven", { market, trigger: indexOf(trigger) });
    });
  }

  /** Takes a notice back whose condition holds no longer. Anyone. */
  answer(now: bigint, market: MarketId, trigger: TriggerName): BreakerOutcome<void> {
    return transact((tx: Tx) => {
      const watch = this.require(market);
      const since = watch.notices.get(trigger) ?? 0n;
      const index = indexOf(trigger);
      if (since === 0n || trigger === "Apart") refuse("NothingToAnswer", index);
      const scene = { hub: this.setup.hub, now, market, watch };
      if (conditionOf(scene, trigger, since).holds) refuse("NothingToAnswer", index);
      tx.set(this.markets, market, withNotice(watch, trigger, 0n));
      tx.emit("NoticeAnswered", { market, trigger: index });
    });
  }

  /** Trips a market with evidence. Anyone. */
  trip(now: bigint, market: MarketId, trigger: TriggerName, hint: bigint): BreakerOutcome<Tripped> {
    return transact((tx: Tx) => {
      const row = rowOf(trigger);
      if (row === undefined || row.name === "Shortfall" || row.who !== "anyone") {
        return refuse("TriggerUnavailable", market, indexOf(trigger));
      }
      const watch = this.require(market);
      const { measured, halts } = this.#evidence(now, market, watch, row, hint);
      const noticed = row.noticeMin === 0n ? watch : withNotice(watch, trigger, now);
      const off = trigger === "Depeg" ? { ...noticed, depegUntil: now + row.stay } : noticed;
      // The second halt of any seven days is kept for the guardian and a shortfall.
      const may = halts && !this.#halted(market, now, "newerHalt");
      return this.#trip(tx, now, market, off, row, { measured, halts: may });
    });
  }

  /** Trips a market whose collateral the ledger has too little of. Anyone. */
  tripShortfall(
    now: bigint,
    market: MarketId,
    books: readonly BookId[],
    accounts: readonly AccountId[],
  ): BreakerOutcome<Tripped> {
    return transact((tx: Tx) => {
      const watch = this.require(market);
      const row = requireRow("Shortfall");
      const measured = requireShortfall(this.setup.ledger, watch.token, books, accounts);
      const halts = !this.#halted(market, now, "olderHalt");
      return this.#trip(tx, now, market, watch, row, { measured, halts });
    });
  }

  /** Ends what is in force early, when health was observed. Anyone. */
  release(now: bigint, market: MarketId): BreakerOutcome<void> {
    return transact((tx: Tx) => {
      const watch = this.require(market);
      const { trigger, feed, trippedAt } = watch;
      const releasable = rowOf(trigger)?.releasable === true;
      if (levelIn(watch, now) === LEVEL_NORMAL || !releasable) {
        refuse("NotReleasable", market, indexOf(trigger));
      }
      const seen = this.seen(feed);
      const { count, span } = healthySince(seen, trippedAt);
      const enough = count >= HEALTH.observations && span >= HEALTH.span;
      if (!enough || now > seen.lastTime + HEALTH.age) refuse("NotHealthy", count, span);
      const { status } = this.setup.hub.spotNow(now, feed);
      if (status !== 0n) refuse("SpotUnhealthy", feed, status);
      this.end(tx, now, market, watch);
    });
  }

  /** A notice; zeros for none. */
  noticeOf(now: bigint, market: MarketId, trigger: TriggerName): BreakerOutcome<Notice> {
    return transact(() => this.#notice(now, this.require(market), trigger));
  }

  /** A notice during which the sequencer was down is none where votes were asked for: nobody could answer. */
  #notice(now: bigint, { notices }: MarketWatch, trigger: TriggerName): Notice {
    const since = notices.get(trigger) ?? 0n;
    const row = rowOf(trigger);
    const votes = trigger === "FewVotes" || trigger === "NoVotes";
    if (since === 0n || row === undefined || (votes && this.#wasDown(now, since))) {
      return { since: 0n, from: 0n, to: 0n };
    }
    return { since, from: since + row.noticeMin, to: since + row.noticeMax };
  }

  #wasDown(now: bigint, since: bigint): boolean {
    const { uptime } = this.setup.hub.world;
    if (uptime === undefined) return false;
    const state = sequencerState(uptime, now);
    return state.down || state.since > since;
  }

  /** What a condition that holds comes to. */
  #requireCondition(
    now: bigint,
    market: MarketId,
    watch: MarketWatch,
    trigger: TriggerName,
    since: bigint,
  ): Finding {
    const scene = { hub: this.setup.hub, now, market, watch };
    const found = conditionOf(scene, trigger, since);
    const { holds, measured, threshold } = found;
    if (!holds) refuse("NoEvidence", indexOf(trigger), measured, threshold);
    return found;
  }

  #evidence(
    now: bigint,
    market: MarketId,
    watch: MarketWatch,
    { name, noticeMin }: TriggerRow,
    hint: bigint,
  ): Measured {
    if (isMove(name)) {
      const scene = { hub: this.setup.hub, now, market, watch };
      return { measured: moveOf(scene, this.seen(watch.feed), name, hint), halts: false };
    }
    if (noticeMin === 0n) return this.#requireCondition(now, market, watch, name, now);
    const { since, from, to } = this.#notice(now, watch, name);
    if (since === 0n || now < from || now > to) refuse("NoticeMissing", indexOf(name), from, to);
    return this.#requireCondition(now, market, watch, name, since);
  }

  #trip(
    tx: Tx,
    now: bigint,
    market: MarketId,
    watch: MarketWatch,
    row: TriggerRow,
    { measured, halts }: Measured,
  ): Tripped {
    const current = levelIn(watch, now);
    const level = halts && current !== LEVEL_HALTED ? row.level : LEVEL_RESTRICTED;
    const begun = row.escalates ? withEpisode(watch, now) : watch;
    const until = now + this.#stayOf(row, begun, now);
    const trigger = indexOf(row.name);
    tx.emit("Tripped", { market, trigger, level, until, measured });
    if (level > current || (level === current && until > watch.until)) {
      const next = withLevel(begun, now, row.name, level, until);
      this.write(tx, now, market, row.releasable ? next : withFloor(next, until));
      return { level, until };
    }
    // What is firm is kept for when the rest ends.
    if (row.releasable || until <= watch.firmUntil) refuse("AlreadyTripped", current, watch.until);
    tx.set(this.markets, market, withFloor(begun, until));
    return { level, until };
  }

  #stayOf(row: TriggerRow, { escalation }: MarketWatch, now: bigint): bigint {
    const { uptime } = this.setup.hub.world;
    if (row.name === "Sequencer" && uptime !== undefined) {
      const { down, since, grace } = sequencerState(uptime, now);
      if (!down) return since + grace - now;
    }
    return stayOf(row, escalation);
  }

  /** Whether the ledger remembers a halt of the last seven days in a place. */
  #halted(market: MarketId, now: bigint, place: "olderHalt" | "newerHalt"): boolean {
    const halt = findMarket(this.setup.ledger.state, market)?.guard[place] ?? 0n;
    return halt !== 0n && now < halt + HALT_WINDOW;
  }
}

function withNotice(watch: MarketWatch, trigger: TriggerName, since: bigint): MarketWatch {
  return { ...watch, notices: new Map(watch.notices).set(trigger, since) };
}
