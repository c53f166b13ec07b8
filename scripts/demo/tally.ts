import type { EngineEvent, Fixed } from "./events.ts";
import { DEGRADED } from "./pricing.ts";
import type { Step } from "./pricing.ts";
import type { BookResult } from "./settle.ts";

/** Base units by the symbol of their token. */
export type Amounts = Readonly<Record<string, bigint>>;

/** What a replay comes to. */
export interface Summary {
  readonly expiries: number;
  /** Expiries whose books could not be opened in time. */
  readonly notOpened: number;
  /** Expiries whose books opened later than planned, for want of fresh prices. */
  readonly openedLate: number;
  readonly books: number;
  /** Books by what their price rests on. */
  readonly steps: Readonly<Partial<Record<Step, number>>>;
  readonly orders: number;
  readonly accountsSettled: number;
  readonly refusals: Readonly<Record<string, number>>;
  readonly dust: Amounts;
  readonly fees: Amounts;
  readonly largestRequirement: Amounts;
  readonly booksShort: number;
  readonly rounds: number;
  readonly transactions: number;
  readonly chains: number;
  readonly seconds: number;
  /** What did not come out as it should; empty if all did. */
  readonly faults: readonly string[];
}

/** What gaps of prices lead to; any other refusal is a fault. */
const EXPECTED: ReadonlySet<string> = new Set([...DEGRADED, "TooSoon", "TooEarlyToFix"]);

/** Adds up what the engine tells. */
export class Tally {
  readonly #refusals = new Map<string, number>();
  readonly #dust = new Map<string, bigint>();
  readonly #fees = new Map<string, bigint>();
  readonly #largest = new Map<string, bigint>();
  readonly #steps = new Map<Step, number>();
  readonly #faults: string[] = [];
  readonly #counts = {
    notOpened: 0,
    openedLate: 0,
    books: 0,
    orders: 0,
    settled: 0,
    short: 0,
  };

  /** Takes an event in. */
  add(event: EngineEvent): void {
    const counts = this.#counts;
    switch (event.kind) {
      case "published":
      case "marked":
      case "wrapped":
      case "sent":
      case "redeemed":
        return;
      case "opened":
        if (event.late > 0n) counts.openedLate++;
        return;
      case "refused": {
        const { reason, message } = event.error;
        this.#refusals.set(reason, (this.#refusals.get(reason) ?? 0) + 1);
        if (!EXPECTED.has(reason)) this.#faults.push(`expiry ${event.expiry}: ${message}`);
        return;
      }
      case "notOpened":
        counts.notOpened++;
        return;
      case "traded":
        counts.orders++;
        return;
      case "fixed":
        this.#addFixing(event);
        return;
      case "settled":
        this.#addBook(event.result);
        return;
    }
  }

  /** Takes in what was found wrong outside of any book. */
  fault(text: string): void {
    this.#faults.push(text);
  }

  /** The sums, with what only the runner knows. */
  summary(
    run: Pick<Summary, "expiries" | "rounds" | "transactions" | "chains" | "seconds">,
  ): Summary {
    const { settled, short, ...counts } = this.#counts;
    return {
      ...run,
      ...counts,
      steps: Object.fromEntries([...this.#steps].sort(([a], [b]) => (a < b ? -1 : 1))),
      accountsSettled: settled,
      refusals: Object.fromEntries(this.#refusals),
      dust: Object.fromEntries(this.#dust),
      fees: Object.fromEntries(this.#fees),
      largestRequirement: Object.fromEntries(this.#largest),
      booksShort: short,
      faults: this.#faults,
    };
  }

  #addFixing({ basis, markets }: Fixed): void {
    this.#steps.set(basis.step, (this.#steps.get(basis.step) ?? 0) + markets.length);
  }

  #addBook({ market, expiry, dust, fees, settled, shares, short, faults }: BookResult): void {
    const { symbol } = market.token;
    this.#counts.books++;
    this.#counts.settled += settled;
    if (short) this.#counts.short++;
    this.#dust.set(symbol, (this.#dust.get(symbol) ?? 0n) + dust);
    this.#fees.set(symbol, (this.#fees.get(symbol) ?? 0n) + fees);
    let largest = this.#largest.get(symbol) ?? 0n;
    for (const { requirement } of shares) if (requirement > largest) largest = requirement;
    this.#largest.set(symbol, largest);
    for (const fault of faults) this.#faults.push(`${market.name} book of ${expiry}: ${fault}`);
  }
}
