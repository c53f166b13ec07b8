import { bookOf } from "@certus/model";

import { Agenda } from "./agenda.ts";
import { ledgerCalls, Refused } from "./chain.ts";
import type { EngineEvent, Ticket } from "./events.ts";
import { handOver, wrapHalf } from "./packages.ts";
import type { Package } from "./packages.ts";
import { DEGRADED } from "./pricing.ts";
import type { Round } from "./series.ts";
import { settleBook } from "./settle.ts";
import type { Spot } from "./strategies.ts";
import { trade } from "./trade.ts";
import type { Market, Party, Person, Venue } from "./venue.ts";

/** Half of what a party holds in a book is wrapped, and handed over. */
export interface HandOver {
  readonly from: Party;
  readonly to: Person;
  readonly market: Market;
  /** How long after the opening of the book it is wrapped and handed over, seconds. */
  readonly wrapAfter: bigint;
  readonly sendAfter: bigint;
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
  /** What is handed over in the books of every expiry; nothing if left out. */
  readonly handOver?: (venue: Venue) => HandOver;
  /** Payouts go to wallets, else to free cash. */
  readonly toWallet: boolean;
}

/** Someone fixes the price five minutes after expiry: no later round need be out by then. */
const FIX_AFTER = 300n;

/**
 * Replays rounds and expiries on a venue: publishes every round at its time, opens each pair of books a period ahead,
 * trades, moves marks, fixes, settles and claims. What is refused is retried when it can be different: an opening with
 * the next round, a price when the refusal says. Meanwhile everything else goes on.
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
  /** Packages in somebody's hands. */
  readonly #packages = new Set<Package>();
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
      if (DEGRADED.has(error.reason)) {
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
    this.#planHandOver(expiry);
    for (const sharing of this.#fixings()) this.#planFixing(expiry, sharing);
  }

  /** The markets, by the profile that their prices share. */
  #fixings(): readonly (readonly Market[])[] {
    const { markets } = this.#venue;
    const profiles = new Set(markets.map(({ profile }) => profile));
    return [...profiles].map((wanted) => markets.filter(({ profile }) => profile === wanted));
  }

  #planFixing(expiry: bigint, sharing: readonly Market[]): void {
    const { chain, pricing } = this.#venue;
    for (const before of pricing.marks) {
      const at = expiry - before;
      if (at > chain.time) this.#agenda.add(at, () => this.#moveMark(expiry, sharing));
    }
    this.#agenda.add(expiry + FIX_AFTER, () => this.#fix(expiry, sharing));
  }

  async #moveMark(expiry: bigint, sharing: readonly Market[]): Promise<void> {
    const { chain, pricing } = this.#venue;
    try {
      await pricing.moveMark(profileOf(sharing), expiry);
      this.#notify({ kind: "marked", at: chain.time, expiry, markets: sharing });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.#notify({ kind: "refused", at: chain.time, expiry, error });
      if (!DEGRADED.has(error.reason)) throw error;
    }
  }

  /** Opens the books of every market; the first refusal, if there is one. They rest on one feed: all or none. */
  async #openBooks(expiry: bigint): Promise<Refused | undefined> {
    const { chain, ledger, markets, parties, pricing } = this.#venue;
    await pricing.bring();
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
        const fills = await trade(venue, { ...ticket, desk, expiry, nonce: this.#nonce++ });
        this.#notify({ kind: "traded", at, expiry, ticket, fills });
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        this.#notify({ kind: "refused", at, expiry, error });
      }
    }
  }

  #planHandOver(expiry: bigint): void {
    const { chain } = this.#venue;
    const planned = this.#plan.handOver?.(this.#venue);
    if (planned === undefined) return;
    const { from, to, market, wrapAfter, sendAfter } = planned;
    const opened = chain.time;
    this.#agenda.add(opened + wrapAfter, async () => {
      const pack = await wrapHalf(this.#venue, from, market, bookOf(market.id, expiry));
      this.#packages.add(pack);
      this.#notify({ kind: "wrapped", at: chain.time, pack });
      this.#agenda.add(opened + sendAfter, async () => {
        const sent = await handOver(this.#venue, pack, to);
        this.#packages.delete(pack);
        this.#packages.add(sent);
        this.#notify({ kind: "sent", at: chain.time, from, pack: sent });
      });
    });
  }

  async #fix(expiry: bigint, sharing: readonly Market[]): Promise<void> {
    const { chain, ledger, pricing, parties } = this.#venue;
    const profile = profileOf(sharing);
    const from = parties[0]?.address ?? ledger;
    const proof = await pricing.proofOf(profile, expiry);
    try {
      for (const market of sharing) {
        const args = [bookOf(market.id, expiry), proof] as const;
        const data = ledgerCalls.encodeFunctionData("fixPrice", [...args]);
        await chain.send("fixPrice", { from, to: ledger, data });
      }
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.#notify({ kind: "refused", expiry, at: chain.time, error });
      const [, again] = error.args;
      if (error.reason !== "TooEarlyToFix" || typeof again !== "bigint") throw error;
      if (again <= chain.time) throw error;
      await pricing.keep(profile, expiry);
      this.#agenda.add(again, () => this.#fix(expiry, sharing));
      return;
    }
    const basis = await pricing.basisOf(profile, expiry);
    this.#notify({ kind: "fixed", at: chain.time, expiry, markets: sharing, basis });
    for (const market of sharing) {
      const book = bookOf(market.id, expiry);
      const packages = [...this.#packages].filter((pack) => pack.book === book);
      const fixing = { expiry, proved: basis.price, packages };
      const result = await settleBook(this.#venue, market, fixing, this.#plan.toWallet);
      this.#notify({ kind: "settled", at: chain.time, result });
      for (const redemption of result.redemptions) {
        this.#notify({ kind: "redeemed", at: chain.time, redemption });
      }
    }
  }
}

/** The profile of markets that share one. */
function profileOf([market]: readonly Market[]): string {
  if (market === undefined) throw new Error("a fixing has a market");
  return market.profile;
}
