import { zeroPadValue } from "ethers";

import { findHints } from "../lib/roundHints.ts";
import type { RoundHints } from "../lib/roundHints.ts";
import type { Chain } from "./chain.ts";
import { price, span } from "./format.ts";
import type { Basis, Pricing } from "./pricing.ts";
import { profileOf } from "./terms.ts";

/** The feed of the demo never leaves its first phase. */
const PHASE = 1n;

/** Prices by the proved last round of one push feed. */
export class SingleFeed implements Pricing {
  readonly oracle: string;
  readonly feed: string;
  readonly lines: readonly string[];
  /** The mark only matters where the feed dies. */
  readonly marks = [];
  readonly #chain: Chain;

  constructor(chain: Chain, oracle: string, proxy: string) {
    this.#chain = chain;
    this.oracle = oracle;
    this.feed = zeroPadValue(proxy, 32);
    this.lines = [`oracle    ${oracle}: a single feed`, `feed      ${proxy}`];
  }

  profileOf(): string {
    return profileOf(0);
  }

  published(): void {
    // The feed itself is all there is.
  }

  async bring(): Promise<void> {
    // The oracle reads the feed.
  }

  async moveMark(): Promise<void> {
    // There is none to be moved.
  }

  async proofOf(_profile: string, expiry: bigint): Promise<string> {
    return (await this.#hints(expiry)).proof;
  }

  async keep(): Promise<void> {
    // A round is proved when its time has come.
  }

  async basisOf(_profile: string, expiry: bigint): Promise<Basis> {
    const { round, fresh } = await this.#hints(expiry);
    const { answer, updatedAt, id } = round;
    const age = fresh ? "" : `, ${span(expiry - updatedAt)} old`;
    return {
      price: answer,
      step: fresh ? "round" : "old round",
      observed: updatedAt,
      text: `${price(answer)} by the last round up to the expiry, ${id}${age}`,
    };
  }

  async #hints(expiry: bigint): Promise<RoundHints> {
    const found = await findHints(this.#chain, this.feed, expiry, PHASE);
    if (found === undefined) throw new Error(`the feed has no round up to ${expiry}`);
    return found;
  }
}
