import { ZeroAddress } from "ethers";

import { ledgerCalls } from "../../../../scripts/demo/chain.ts";
import type { Call, Refused } from "../../../../scripts/demo/chain.ts";
import { orderDomain, signOrder } from "../../../../scripts/lib/orders.ts";
import { bookOf, put } from "../../../fixtures/ids.ts";
import { MAX_112, MAX_127 } from "../../../fixtures/units.ts";
import type { Actor, GuardedWorld } from "./world.ts";

/** What became of an action: `ok`, or the name of the refusal. */
export type Ended = string;

/** Lots of 0.01 in the maker's first order of a book; what is closed later is taken from them. */
const LOTS = 100n;
/** Far more than is ever bought back. */
const PLENTY = 1_000n;
const CHAIN_ID = 31_337n;
const DOLLAR = 10n ** 8n;

interface Offer {
  readonly book: bigint;
  readonly nonce: bigint;
  /** Lots that the maker receives per unit; negative: gives. */
  readonly lots: bigint;
  readonly units: bigint;
  readonly premium: bigint;
}

/** The two books of a market with positions in them, and orders that open and close. */
export class Trades {
  readonly #world: GuardedWorld;
  readonly #strike: bigint;
  /** A book that expires as the crash begins, and one far beyond it. */
  readonly settling: bigint;
  readonly lasting: bigint;
  #opening: Call | undefined;
  #closing: Call | undefined;

  constructor(world: GuardedWorld, strike: bigint, expiries: readonly [bigint, bigint]) {
    this.#world = world;
    this.#strike = strike - (strike % DOLLAR);
    [this.settling, this.lasting] = expiries.map((expiry) => bookOf(world.market, expiry)) as [
      bigint,
      bigint,
    ];
  }

  /** Opens both books; the maker writes puts in each of them. */
  async begin(): Promise<void> {
    const { chain, ledger, market, keeper } = this.#world;
    for (const [index, book] of [this.settling, this.lasting].entries()) {
      const args = [market, (book >> 64n) & ((1n << 40n) - 1n)] as const;
      const data = ledgerCalls.encodeFunctionData("openBook", [...args]);
      await chain.push("openBook", { from: keeper, to: ledger, data });
      const offer = { book, nonce: BigInt(index) + 1n, units: LOTS, premium: DOLLAR };
      await chain.push("fill", await this.#fill({ ...offer, lots: -1n }, LOTS));
    }
    const offer = { book: this.lasting, units: PLENTY, premium: DOLLAR };
    this.#opening = await this.#fill({ ...offer, nonce: 10n, lots: -1n }, 1n);
    this.#closing = await this.#fill({ ...offer, nonce: 11n, lots: 1n }, 1n);
  }

  /** Whether new risk could be taken now. */
  async opens(): Promise<Ended> {
    return ended(await this.#world.chain.ask("fill", required(this.#opening)));
  }

  /** Takes new risk. */
  open(): Promise<Ended> {
    return this.#attempt(required(this.#opening));
  }

  /** The maker buys back what it wrote. */
  close(): Promise<Ended> {
    return this.#attempt(required(this.#closing));
  }

  /** Takes free cash out. */
  withdraw(): Promise<Ended> {
    const { ledger, token, taker } = this.#world;
    const args = [taker.account, token, 7n, taker.address] as const;
    const data = ledgerCalls.encodeFunctionData("withdraw", [...args]);
    return this.#attempt({ from: taker.address, to: ledger, data });
  }

  /** Ends the book that has expired: price, settlement, and both sides' money in their wallets. */
  async settle(proof: string): Promise<Readonly<Record<string, Ended>>> {
    const { ledger, keeper, maker, taker } = this.#world;
    const book = this.settling;
    const anyone = (data: string) => this.#attempt({ from: keeper, to: ledger, data });
    const accounts = [maker.account, taker.account];
    const claim = ({ address, account }: Actor) => {
      const data = ledgerCalls.encodeFunctionData("claim", [account, [book], true]);
      return this.#attempt({ from: address, to: ledger, data });
    };
    return {
      fixPrice: await anyone(ledgerCalls.encodeFunctionData("fixPrice", [book, proof])),
      settle: await anyone(ledgerCalls.encodeFunctionData("settle", [book, accounts])),
      "claim (maker)": await claim(maker),
      "claim (taker)": await claim(taker),
    };
  }

  async #attempt(call: Call): Promise<Ended> {
    const refused = await this.#world.chain.ask("attempt", call);
    if (refused === undefined) await this.#world.chain.push("attempt", call);
    return ended(refused);
  }

  async #fill({ book, nonce, lots, units, premium }: Offer, taken: bigint): Promise<Call> {
    const { chain, ledger, maker, taker } = this.#world;
    const legs = [put(this.#strike, lots)];
    const order = {
      account: maker.account,
      nonce,
      epoch: 0n,
      units,
      minFill: 1n,
      signedAt: chain.time,
      deadline: (1n << 40n) - 1n,
      taker: ZeroAddress,
      parts: [{ book, legs, premium, maxDraw: MAX_112 }],
    };
    const signer = await chain.connection.ethers.getSigner(maker.address);
    const signature = await signOrder(signer, orderDomain(CHAIN_ID, ledger), order);
    const limits = [{ maxPay: MAX_127, maxDraw: MAX_112 }];
    const args = [taker.account, order, maker.address, signature, taken, limits];
    return {
      from: taker.address,
      to: ledger,
      data: ledgerCalls.encodeFunctionData("fill", args as never),
    };
  }
}

function ended(refused: Refused | undefined): Ended {
  return refused?.reason ?? "ok";
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("nothing is open yet");
  return value;
}
