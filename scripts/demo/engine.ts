import { bookOf } from "@certus/model";

import type { FeedRound } from "../lib/roundHints.ts";
import { ledgerCalls, Refused } from "./chain.ts";
import type { Round } from "./series.ts";
import { proofOf, settleBook } from "./settle.ts";
import type { BookResult } from "./settle.ts";
import type { Deal, Spot } from "./strategies.ts";
import { trade } from "./trade.ts";
import type { Party, Venue } from "./venue.ts";

/** An order to be traded when a pair of books has opened. */
export interface Ticket {
  readonly deal: Deal;
  readonly customer: Party;
  readonly maker: "customer" | "desk";
  readonly units: bigint;
}

/** What is to be replayed. */
export interface Plan {
  /** In the order of their times. */
  readonly rounds: readonly Round[];
  readonly expiries: readonly bigint[];
  /** How long before its expiry a pair of books is opened, seconds. */
  readonly period: bigint;
  /** What is traded in the books of an expiry, the index of which is given. */
  readonly tickets: (venue: Venue, spot: Spot, index: number) => readonly Ticket[];
  /** Payouts go to wallets, else to free cash. */
  readonly toWallet: boolean;
}

/** Something that happened at a time of the chain, unix seconds. */
interface Happening<Kind extends string> {
  readonly kind: Kind;
  readonly at: bigint;
}

/** A round went out on the feed. */
export interface Published extends Happening<"published"> {
  readonly round: Round;
}

/** The books of an expiry are open. */
export interface Opened extends Happening<"opened"> {
  readonly expiry: bigint;
  /** How much later than planned, seconds. */
  readonly late: bigint;
}

/** The ledger refused. An opening is tried again unless a `notOpened` follows, a fixing always, an order never. */
export interface Refusal extends Happening<"refused"> {
  readonly expiry: bigint;
  readonly error: Refused;
}

/** The books of an expiry were never opened. */
export interface NotOpened extends Happening<"notOpened"> {
  readonly expiry: bigint;
}

/** An order was filled. */
export interface Traded extends Happening<"traded"> {
  readonly expiry: bigint;
  readonly ticket: Ticket;
}

/** The price of an expiry is final in every book. */
export interface Fixed extends Happening<"fixed"> {
  readonly expiry: bigint;
  /** The round that was proved. */
  readonly round: FeedRound;
  /** Whether it was at most 3,900 s old at expiry. */
  readonly fresh: boolean;
}

/** Everyone in a book has been settled and paid. */
export interface Settled extends Happening<"settled"> {
  readonly result: BookResult;
}

/** What a replay tells, in the order in which it happens. */
export type EngineEvent = Published | Opened | Refusal | NotOpened | Traded | Fixed | Settled;

/** Someone fixes the price five minutes after expiry: no later round need be out by then. */
const FIX_AFTER = 300n;
/** From when on a round older than 3,900 s settles. */
const STALE_DELAY = 86_400n;

/**
 * Replays rounds and expiries on a venue: publishes every round at its time, opens each pair of books a period ahead,
 * trades, fixes, settles and claims. What the ledger refuses is retried when it can be different: an opening with the
 * next round, a price that rests on a stale round a day after expiry. Meanwhile everything else goes on.
 */
export async function replay(
  venue: Venue,
  plan: Plan,
  notify: (event: EngineEvent) => void,
): Promise<void> {
  await new Engine(venue, plan, notify).run();
}

class Engine {
  readonly #venue: Venue;
  readonly #plan: Plan;
  readonly #notify: (event: EngineEvent) => void;
  readonly #agenda = new Agenda();
  /** Expiries whose books wait for a fresh round. */
  readonly #waiting = new Set<bigint>();
  #nonce = 0n;

  constructor(venue: Venue, plan: Plan, notify: (event: EngineEvent) => void) {
    this.#venue = venue;
    this.#plan = plan;
    this.#notify = notify;
    for (const expiry of plan.expiries) {
      this.#agenda.add(this.#plannedFor(expiry), () => this.#open(expiry));
    }
  }

  async run(): Promise<void> {
    const rounds = this.#plan.rounds;
    let next = 0;
    while (!this.#agenda.empty || this.#waiting.size > 0) {
      const round = rounds[next];
      const due = this.#agenda.due;
      if (round !== undefined && (due === undefined || round.time <= due)) {
        next++;
        await this.#venue.publish(round);
        this.#notify({ kind: "published", at: round.time, round });
        for (const expiry of [...this.#waiting]) await this.#open(expiry);
      } else if (due !== undefined) {
        this.#venue.chain.advance(due);
        await this.#agenda.take()();
      } else {
        const at = this.#venue.chain.time;
        for (const expiry of this.#waiting) this.#notify({ kind: "notOpened", at, expiry });
        return;
      }
    }
  }

  /** A period ahead, or with the first round if the history begins later. */
  #plannedFor(expiry: bigint): bigint {
    const first = this.#plan.rounds[0]?.time ?? 0n;
    const ahead = expiry - this.#plan.period;
    return ahead > first ? ahead : first;
  }

  async #open(expiry: bigint): Promise<void> {
    const { chain } = this.#venue;
    const error = await this.#openBooks(expiry);
    if (error) {
      this.#notify({ kind: "refused", expiry, at: chain.time, error });
      if (error.reason === "MarkTooOld") {
        this.#waiting.add(expiry);
        return;
      }
      this.#waiting.delete(expiry);
      // Too near to the expiry by now, or past it: this pair of books is passed over.
      if (error.reason !== "TooSoon") throw error;
      this.#notify({ kind: "notOpened", at: chain.time, expiry });
      return;
    }
    this.#waiting.delete(expiry);
    const late = chain.time - this.#plannedFor(expiry);
    this.#notify({ kind: "opened", expiry, at: chain.time, late });
    await this.#trade(expiry);
    this.#agenda.add(expiry + FIX_AFTER, () => this.#fix(expiry));
  }

  /** Opens the books of every market; the first refusal, if there is one. They rest on one feed: all or none. */
  async #openBooks(expiry: bigint): Promise<Refused | undefined> {
    const { chain, ledger, markets, parties } = this.#venue;
    for (const market of markets) {
      const data = ledgerCalls.encodeFunctionData("openBook", [market.id, expiry]);
      const from = parties[0]?.address ?? ledger;
      try {
        await chain.send("openBook", { from, to: ledger, data });
      } catch (error) {
        if (error instanceof Refused) return error;
        throw error;
      }
    }
    return undefined;
  }

  async #trade(expiry: bigint): Promise<void> {
    const venue = this.#venue;
    const [desk] = venue.parties;
    if (desk === undefined) throw new Error("the venue has no parties");
    const spot = { price: venue.answer, left: expiry - venue.chain.time };
    const index = this.#plan.expiries.indexOf(expiry);
    for (const ticket of this.#plan.tickets(venue, spot, index)) {
      const at = venue.chain.time;
      try {
        await trade(venue, { ...ticket, desk, expiry, nonce: this.#nonce++ });
        this.#notify({ kind: "traded", at, expiry, ticket });
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        this.#notify({ kind: "refused", at, expiry, error });
      }
    }
  }

  async #fix(expiry: bigint): Promise<void> {
    const { chain, ledger, markets, parties } = this.#venue;
    const { proof, round, fresh } = await proofOf(this.#venue, expiry);
    const from = parties[0]?.address ?? ledger;
    try {
      for (const market of markets) {
        const args = [bookOf(market.id, expiry), proof] as const;
        const data = ledgerCalls.encodeFunctionData("fixPrice", [...args]);
        await chain.send("fixPrice", { from, to: ledger, data });
      }
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.#notify({ kind: "refused", expiry, at: chain.time, error });
      if (error.reason !== "TooEarlyToFix" || chain.time >= expiry + STALE_DELAY) throw error;
      this.#agenda.add(expiry + STALE_DELAY, () => this.#fix(expiry));
      return;
    }
    this.#notify({ kind: "fixed", at: chain.time, expiry, round, fresh });
    for (const market of markets) {
      const fixing = { expiry, answer: round.answer };
      const result = await settleBook(this.#venue, market, fixing, this.#plan.toWallet);
      this.#notify({ kind: "settled", at: chain.time, result });
    }
  }
}

/** Things to do, each at its time; of equal times the one added first. */
class Agenda {
  readonly #entries: { readonly at: bigint; readonly task: () => Promise<void> }[] = [];

  get empty(): boolean {
    return this.#entries.length === 0;
  }

  /** Time of the next thing to do. */
  get due(): bigint | undefined {
    return this.#entries[0]?.at;
  }

  add(at: bigint, task: () => Promise<void>): void {
    const place = this.#entries.findIndex((entry) => entry.at > at);
    this.#entries.splice(place < 0 ? this.#entries.length : place, 0, { at, task });
  }

  take(): () => Promise<void> {
    const entry = this.#entries.shift();
    if (entry === undefined) throw new Error("nothing is left to do");
    return entry.task;
  }
}
