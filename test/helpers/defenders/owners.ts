import { ZeroAddress } from "ethers";

import { ledgerCalls } from "../../../scripts/demo/chain.ts";
import { orderArgument, sign } from "../../fixtures/fills.ts";
import { put, putSeries } from "../../fixtures/ids.ts";
import { MAX_112, MAX_127, usd } from "../../fixtures/units.ts";
import { PUT } from "../../fixtures/wraps.ts";
import { proofsAt, tried } from "./stage.ts";
import type { Stage } from "./stage.ts";

/** Strike of everything here. */
const K = usd(2_000);
/** Lots × price units to base units of the linear market. */
const SCALE = 10_000n;

/** A call that can be made again and again. */
interface Standing {
  readonly from: string;
  readonly data: string;
}

/** Owners who do what they are entitled to, whatever an attacker does; what fails is a finding. */
export class Owners {
  readonly #stage: Stage;
  #opens: Standing | undefined;
  readonly #closes = new Map<bigint, Standing>();
  /** Accounts of others that may have collateral in a book: an attacker can give it away. */
  readonly others = new Set<bigint>();
  /** What was refused that must not be. */
  readonly findings: string[] = [];
  /** Books that have been settled and paid out. */
  settled = 0;

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  /** Signs orders: one that opens in the last book, one in every book that closes. */
  async begin(): Promise<void> {
    const { books } = this.#stage;
    this.#opens = await this.#standing(books.at(-1)?.book ?? 0n, 100n, -1n);
    for (const [index, { book }] of books.entries()) {
      this.#closes.set(book, await this.#standing(book, 200n + BigInt(index), 1n));
    }
  }

  /** What new risk would be told now; undefined if it would be taken. */
  async shut(): Promise<string | undefined> {
    if (this.#opens === undefined) throw new Error("nothing is signed yet");
    const { chain, address: to } = this.#stage;
    return (await chain.ask("open", { ...this.#opens, to }))?.reason;
  }

  /** Cash out, collateral down to what is required, legs between accounts, packages away, and unless halted a close. */
  async everyday(halted: boolean): Promise<void> {
    const { books, chain, maker, taker, quoteAddress } = this.#stage;
    const [from, to] = [taker.account, taker.account + 1n];
    // Others have sent transactions meanwhile, some by a clock of their own.
    await chain.synchronise();
    for (const { address, account } of [maker, taker]) {
      await this.#must(address, "withdraw", [account, quoteAddress, 7n, address]);
    }
    for (const { book, expiry } of books) {
      if (expiry <= chain.time) continue;
      await this.#must(maker.address, "free", [maker.account, book, 1n]);
      const legs = [put(K, 1n)];
      await this.#must(taker.address, "transferLegs", [from, to, book, legs, 0n]);
      await this.#must(taker.address, "transferLegs", [to, from, book, legs, 0n]);
      const id = putSeries(book, K);
      await this.#must(taker.address, "transfer", [taker.address, id, 1n]);
      if (!halted) await this.#send("a close", this.#closes.get(book));
    }
  }

  /** The price, the settlement, and to the unit what each side and each package is owed; at once. */
  async settle(book: bigint, expiry: bigint): Promise<void> {
    const { chain, ledger, maker, taker, stranger } = this.#stage;
    const anyone = stranger.address;
    await chain.synchronise();
    await this.#must(anyone, "fixPrice", [book, proofsAt(this.#stage, expiry)]);
    const { settlementPrice } = await ledger.bookOf(book);
    const worth = settlementPrice < K ? K - settlementPrice : 0n;
    const accounts = [maker.account, taker.account];
    const before = await Promise.all(accounts.map((account) => ledger.positionOf(account, book)));
    await this.#must(anyone, "settle", [book, accounts]);
    for (const [index, { address, account }] of [maker, taker].entries()) {
      const { collateral = 0n, legs = [] } = before[index] ?? {};
      const lots = legs.reduce((sum, leg) => sum + BigInt.asIntN(64, leg), 0n);
      await this.#paid(address, collateral + floored(lots * worth, SCALE), () =>
        this.#must(address, "claim", [account, [book], true]),
      );
    }
    const packages = await ledger.balanceOf(taker.address, putSeries(book, K));
    await this.#paid(taker.address, floored(packages * worth, SCALE), () =>
      this.#must(taker.address, "redeem", [book, [...PUT], packages, taker.address]),
    );
    await this.#must(anyone, "pushFees", [book]);
    let { pool } = await ledger.bookOf(book);
    for (const account of this.others) {
      if (!accounts.includes(account)) pool -= (await ledger.positionOf(account, book)).collateral;
    }
    // What is left is what flooring has kept.
    if (pool > 3n) this.findings.push(`${pool} are left in the book of ${expiry}`);
    this.settled++;
  }

  async #paid(address: string, owed: bigint, act: () => Promise<void>): Promise<void> {
    const { quote } = this.#stage;
    const before = await quote.balanceOf(address);
    await act();
    const got = (await quote.balanceOf(address)) - before;
    if (got !== owed) this.findings.push(`${address} got ${got} of ${owed}`);
  }

  async #must(from: string, name: string, args: readonly unknown[]): Promise<void> {
    const data = ledgerCalls.encodeFunctionData(name as "batch", args as [string[]]);
    await this.#send(name, { from, data });
  }

  async #send(what: string, standing: Standing | undefined): Promise<void> {
    if (standing === undefined) throw new Error(`${what}: nothing is signed`);
    const { chain, address: to } = this.#stage;
    const refused = await tried(() => chain.push(what, { ...standing, to }));
    if (refused !== undefined) this.findings.push(`${chain.time}: ${refused}`);
  }

  /** The maker's order of one lot of the put, ready to be taken once more. */
  async #standing(book: bigint, nonce: bigint, lots: bigint): Promise<Standing> {
    const { maker, taker, begins } = this.#stage;
    const order = {
      account: maker.account,
      nonce,
      epoch: 0n,
      units: 1_000n,
      minFill: 1n,
      signedAt: begins,
      deadline: (1n << 40n) - 1n,
      taker: ZeroAddress,
      parts: [{ book, legs: [put(K, lots)], premium: usd(1), maxDraw: MAX_112 }],
    };
    const signature = await sign(this.#stage, order);
    const limits = [{ maxPay: MAX_127, maxDraw: MAX_112 }];
    const args = [
      taker.account,
      orderArgument(order),
      maker.address,
      signature,
      1n,
      limits,
    ] as const;
    const data = ledgerCalls.encodeFunctionData("fill", [...args]);
    return { from: taker.address, data };
  }
}

/** Toward minus infinity. */
function floored(value: bigint, by: bigint): bigint {
  return value >= 0n ? value / by : -((-value + by - 1n) / by);
}
