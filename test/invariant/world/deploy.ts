import { MAX_UINT256 } from "@certus/model";

import { ErrorTable, EventTable, Method, toWord } from "../../../scripts/lib/abi.ts";
import type { AbiEntry } from "../../../scripts/lib/abi.ts";
import { answering, answeringBySelector, callingBack } from "../chain/bytecode.ts";
import { link } from "../chain/build.ts";
import type { Build } from "../chain/build.ts";
import { Chain } from "../chain/chain.ts";
import { permitToken } from "../chain/permitToken.ts";
import { ACTORS, PAYERS, RELAY, TREASURIES, WALLET } from "./actors.ts";
import { PERMIT_NONCES_SLOT, permitDomain } from "./permits.ts";
import {
  AT,
  DEPLOYED,
  FEEDS,
  FOREIGN,
  MAX_CEILING,
  TOKENS,
  aggregatorAt,
  codeOf,
} from "./places.ts";
import type { Place } from "./places.ts";
import {
  SCRIPTED_OPENING,
  SCRIPTED_PRICES,
  SCRIPTED_PRICE_EXP,
  allowanceAtGenesis,
  balanceAtGenesis,
} from "./twin.ts";

/** First four bytes of ERC-1271's question, which are also the answer of a wallet that agrees. */
const MAGIC = "1626ba7e";

/** The interfaces of what is deployed, ready to use. */
export class Interfaces {
  readonly ledger: (name: string) => Method;
  readonly token: (name: string) => Method;
  readonly proxy: (name: string) => Method;
  readonly aggregator: (name: string) => Method;
  readonly relay: (name: string) => Method;
  readonly lens: (name: string) => Method;
  readonly ledgerEvents: EventTable;
  readonly oracleEvents: EventTable;
  readonly errors: ErrorTable;
  /** Functions of the oracle that scripted oracles answer. */
  readonly oracle: (name: string) => Method;

  constructor(build: Build) {
    this.ledger = methodsOf(build.ledgerAbi);
    this.token = methodsOf(build.token.abi);
    this.proxy = methodsOf(build.proxy.abi);
    this.aggregator = methodsOf(build.aggregator.abi);
    this.oracle = methodsOf(build.oracle.abi);
    this.relay = methodsOf(build.relay.abi);
    this.lens = methodsOf(build.lens.abi);
    this.ledgerEvents = new EventTable(build.ledgerAbi);
    this.oracleEvents = new EventTable(build.oracle.abi);
    const { oracle, token, manager } = build;
    const foreign = [oracle, token, manager].flatMap(({ abi }) => abi);
    this.errors = new ErrorTable([...build.ledgerAbi, ...foreign]);
  }
}

function methodsOf(abi: readonly AbiEntry[]): (name: string) => Method {
  const methods = new Map(
    abi
      .filter(({ type }) => type === "function")
      .map((entry) => [entry.name ?? "", new Method(entry)]),
  );
  return (name) => {
    const method = methods.get(name);
    if (method === undefined) throw new Error(`there is no function ${name}`);
    return method;
  };
}

function words(...values: readonly bigint[]): string {
  return values.map(toWord).join("");
}

/** An empty string argument's tail, after heads of the given number of words. */
function tokenArguments(decimals: bigint): string {
  return words(0x60n, 0x80n, decimals, 0n, 0n);
}

function creationCode(build: Build): Readonly<Record<Place, string>> {
  const [feedA, feedB] = FEEDS.map(({ proxy }) => aggregatorAt(proxy, 1n));
  const { bytecode: proxy } = build.proxy;
  return {
    manager: build.manager.bytecode + words(ACTORS.admin.address),
    listing: link(build.listing, {}),
    annex: link(build.annex, { Listing: AT.listing }),
    ledger: build.ledger.bytecode + words(AT.manager, TREASURIES[0] ?? 0n, AT.annex),
    oracle: build.oracle.bytecode,
    quote: build.token.bytecode + tokenArguments(6n),
    base: build.token.bytecode + tokenArguments(18n),
    proxyA: proxy + words(feedA ?? 0n),
    proxyB: proxy + words(feedB ?? 0n),
    lens: build.lens.bytecode + words(AT.ledger),
  };
}

/** Puts an aggregator without rounds at the address of a feed's phase. */
export async function placeAggregator(
  chain: Chain,
  build: Build,
  proxy: bigint,
  phase: bigint,
  decimals: bigint,
): Promise<void> {
  const at = aggregatorAt(proxy, phase);
  await chain.setCode(at, build.aggregator.deployedBytecode);
  await chain.setSlot(at, "0", toWord(decimals));
}

/** How the wallet answers: it agrees, or in one of several ways it does not. */
export const WALLET_CODES = {
  agrees: answering(MAGIC.padEnd(64, "0")),
  refuses: answering("ffffffff".padEnd(64, "0")),
  dirty: answering(`${MAGIC}${"0".repeat(55)}1`),
  short: answering(MAGIC),
  reverts: "5f5ffd",
} as const;

async function placeForeigners(chain: Chain, interfaces: Interfaces): Promise<void> {
  await chain.setCode(FOREIGN.lossy, answering(toWord(1n)));
  await chain.setCode(FOREIGN.calling, callingBack(interfaces.ledger("treasury").selector));
  await chain.setCode(WALLET, WALLET_CODES.agrees);
  const { fixing, mark } = SCRIPTED_OPENING;
  for (const [address, price] of SCRIPTED_PRICES) {
    const answers = new Map([
      [interfaces.oracle("describe").selector, words(SCRIPTED_PRICE_EXP, MAX_CEILING)],
      [interfaces.oracle("open").selector, words(fixing, mark)],
      [interfaces.oracle("fix").selector, words(price)],
    ]);
    await chain.setCode(address, answeringBySelector(answers));
  }
}

/** Teaches the tokens to take permits. */
async function grantPermits(chain: Chain, build: Build): Promise<void> {
  const allowances = build.tokenSlots["_allowances"];
  if (allowances === undefined) throw new Error("the token keeps no allowances");
  for (const token of TOKENS) {
    const code = codeOf(token);
    await chain.setCode(code, await chain.code(token));
    const domain = permitDomain(token);
    const program = permitToken({ code, domain, allowances, nonces: PERMIT_NONCES_SLOT });
    await chain.setCode(token, program);
  }
}

async function fund(chain: Chain, interfaces: Interfaces): Promise<void> {
  const mint = interfaces.token("mint");
  const approve = interfaces.token("approve");
  for (const token of TOKENS) {
    for (const payer of PAYERS) {
      const allowance = allowanceAtGenesis(payer);
      await chain.mustSend(payer, token, mint.encode([payer, balanceAtGenesis(payer)]));
      await chain.mustSend(payer, token, approve.encode([AT.ledger, allowance]));
    }
  }
}

/** A chain on which everything is deployed and funded, at its genesis time. */
export async function deployWorld(build: Build, interfaces: Interfaces): Promise<Chain> {
  const chain = await Chain.create();
  for (const { proxy, decimals } of FEEDS) await placeAggregator(chain, build, proxy, 1n, decimals);
  const codes = creationCode(build);
  for (const place of DEPLOYED) {
    await chain.mustSend(ACTORS.deployer.address, undefined, codes[place]);
  }
  await placeForeigners(chain, interfaces);
  await chain.setCode(RELAY, build.relay.deployedBytecode);
  await grantPermits(chain, build);
  await fund(chain, interfaces);
  const supply = await chain.call(AT.quote, interfaces.token("totalSupply").encode([]));
  if (BigInt(`0x${supply}`) === 0n || BigInt(`0x${supply}`) === MAX_UINT256) {
    throw new Error("the tokens were not minted");
  }
  return chain;
}
