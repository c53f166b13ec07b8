import { accountOf } from "@certus/model";
import type { Scale } from "@certus/model";
import type { Signer } from "ethers";

import Local from "../../deploy/modules/Local.ts";
import {
  MockV3Aggregator__factory,
  TestToken__factory,
} from "../../types/ethers-contracts/index.ts";
import { deployThreeClasses } from "../lib/oracle/threeClasses.ts";
import { Chain, eventsOf, ledgerCalls } from "./chain.ts";
import { MultiSource } from "./multiSource.ts";
import type { OracleChoice, Pricing } from "./pricing.ts";
import type { Round } from "./series.ts";
import { SingleFeed } from "./singleFeed.ts";
import { marketTerms } from "./terms.ts";
import type { MarketTerms } from "./terms.ts";

/** A token of the chain. */
export interface Token {
  readonly address: string;
  readonly symbol: string;
  readonly decimals: number;
}

/** A listed market. */
export interface Market {
  readonly name: "linear" | "inverse";
  /** Its key in every call. */
  readonly id: bigint;
  readonly token: Token;
  readonly scale: Scale;
  readonly strikeTick: bigint;
  readonly feePerLot: bigint;
  /** How its prices are formed, 32 bytes. */
  readonly profile: string;
}

/** Someone with an address. */
export interface Person {
  readonly name: string;
  readonly address: string;
}

/** Someone with an account in the ledger. */
export interface Party extends Person {
  readonly account: bigint;
  readonly signer: Signer;
}

/** How a venue is set up. */
export interface VenueSetup {
  /** Time of the chain's first block, unix seconds. */
  readonly start: bigint;
  /** Answer of the feed when it is deployed; stale by the time of the first round if `start` is. */
  readonly answer: bigint;
  readonly strikeTick: bigint;
  /** Where the markets get their prices: several sources if left out. */
  readonly oracle?: OracleChoice | undefined;
  /** By which kind of profile each market settles on several sources: one sample if left out. */
  readonly kinds?: Readonly<Record<Market["name"], number>>;
  /** Distance of expiries, seconds. */
  readonly period: bigint;
  /** Who trades. The first one quotes to the others. */
  readonly names: readonly string[];
  /** Who has neither tokens nor free cash. */
  readonly strangers?: readonly string[];
  /** Free cash that each of them pays in, whole tokens. */
  readonly funds: { readonly usdc: bigint; readonly weth: bigint };
}

const aggregatorCalls = MockV3Aggregator__factory.createInterface();
const tokenCalls = TestToken__factory.createInterface();
const MAX_UINT256 = (1n << 256n) - 1n;

/** A chain with the protocol on it, both markets listed, a push feed to publish on and parties with free cash. */
export class Venue {
  readonly chain: Chain;
  readonly ledger: string;
  readonly pricing: Pricing;
  readonly markets: readonly Market[];
  readonly parties: readonly Party[];
  readonly strangers: readonly Person[];
  readonly #aggregator: string;
  readonly #deployer: string;
  /** The mock's constructor has published round 1. */
  #rounds = 1n;
  #answer: bigint;

  private constructor(
    base: Base,
    markets: readonly Market[],
    parties: readonly Party[],
    strangers: readonly Person[],
  ) {
    this.chain = base.chain;
    this.ledger = base.ledger;
    this.pricing = base.pricing;
    this.markets = markets;
    this.parties = parties;
    this.strangers = strangers;
    this.#aggregator = base.aggregator;
    this.#deployer = base.deployer;
    this.#answer = base.setup.answer;
  }

  /** Deploys `deploy/modules/Local.ts` on a fresh chain, lists the markets and funds the parties. */
  static async open(setup: VenueSetup): Promise<Venue> {
    const base = await deploy(setup);
    try {
      const markets: Market[] = [];
      for (const name of ["linear", "inverse"] as const) markets.push(await list(base, name));
      const parties = await introduce(base);
      return new Venue(base, markets, parties, await strangersOf(base));
    } catch (error) {
      await base.chain.close();
      throw error;
    }
  }

  /** The feed's last answer, 8 decimals. */
  get answer(): bigint {
    return this.#answer;
  }

  /** Number of rounds published after deployment. */
  get rounds(): number {
    return Number(this.#rounds - 1n);
  }

  /** Publishes a round at its own time. */
  async publish({ time, answer }: Round): Promise<void> {
    this.chain.advance(time);
    const args = [++this.#rounds, answer, time, time] as const;
    const data = aggregatorCalls.encodeFunctionData("updateRoundData", [...args]);
    await this.chain.push("publish", { from: this.#deployer, to: this.#aggregator, data });
    this.#answer = answer;
    this.pricing.published({ time, answer });
  }

  /** The party of a name. */
  party(name: string): Party {
    const found = this.parties.find((party) => party.name === name);
    if (found === undefined) throw new Error(`nobody here is called ${name}`);
    return found;
  }

  /** The market of a name. */
  market(name: Market["name"]): Market {
    const found = this.markets.find((market) => market.name === name);
    if (found === undefined) throw new Error(`no ${name} market is listed`);
    return found;
  }

  /** Free cash of a party in a token, base units. */
  async cash(party: Party, token: Token): Promise<bigint> {
    const args = [party.account, token.address];
    const [cash] = await this.chain.read(this.ledger, ledgerCalls, "cashOf", args);
    return cash as bigint;
  }

  /** What the ledger holds of a token, base units. */
  holdings(token: Token): Promise<bigint> {
    return this.wallet(this.ledger, token);
  }

  /** What an address holds of a token, base units. */
  async wallet(address: string, token: Token): Promise<bigint> {
    const [held] = await this.chain.read(token.address, tokenCalls, "balanceOf", [address]);
    return held as bigint;
  }
}

interface Base {
  readonly setup: VenueSetup;
  readonly chain: Chain;
  readonly deployer: string;
  readonly ledger: string;
  readonly pricing: Pricing;
  readonly aggregator: string;
  readonly usdc: Token;
  readonly weth: Token;
}

async function deploy(setup: VenueSetup): Promise<Base> {
  const chain = await Chain.start(setup.start);
  const { ethers, ignition } = chain.connection;
  const parameters = { Local: { initialAnswer: setup.answer } };
  const deployed = await ignition.deploy(Local, { parameters });
  const [deployer] = await ethers.getSigners();
  if (deployer === undefined) throw new Error("the network has no accounts");
  const [oracle, proxy, aggregator, manager] = (await Promise.all(
    [deployed.oracle, deployed.feed, deployed.aggregator, deployed.manager].map((contract) =>
      contract.getAddress(),
    ),
  )) as [string, string, string, string];
  const pricing =
    setup.oracle === "single"
      ? new SingleFeed(chain, oracle, proxy)
      : await severalSources(setup, chain, deployer, manager, { aggregator, proxy });
  await chain.synchronise();
  return {
    setup,
    chain,
    deployer: deployer.address,
    ledger: await deployed.ledger.getAddress(),
    pricing,
    aggregator,
    usdc: { address: await deployed.usdc.getAddress(), symbol: "USDC", decimals: 6 },
    weth: { address: await deployed.weth.getAddress(), symbol: "WETH", decimals: 18 },
  };
}

/** Deploys the hub and its sources beside the push feed that is there; the deployer proves prices. */
async function severalSources(
  { kinds = { linear: 0, inverse: 0 } }: VenueSetup,
  chain: Chain,
  deployer: Signer & { readonly address: string },
  manager: string,
  pushFeed: { readonly aggregator: string; readonly proxy: string },
): Promise<Pricing> {
  const { ethers } = chain.connection;
  const classes = await deployThreeClasses(ethers, deployer, manager, { pushFeed });
  const { feed, base, signers, chainId, addresses } = classes;
  const [oracle, hub] = await Promise.all([classes.oracle.getAddress(), classes.hub.getAddress()]);
  const signed = { feed, base, signers, chainId, addresses };
  return new MultiSource(chain, deployer.address, { ...signed, oracle, hub, kinds });
}

async function list(base: Base, name: Market["name"]): Promise<Market> {
  const token = name === "linear" ? base.usdc : base.weth;
  const terms: MarketTerms = marketTerms(name, {
    feed: base.pricing.feed,
    oracle: base.pricing.oracle,
    profile: base.pricing.profileOf(name),
    token: token.address,
    strikeTick: base.setup.strikeTick,
    period: base.setup.period,
  });
  const data = ledgerCalls.encodeFunctionData("list", [terms]);
  const call = { from: base.deployer, to: base.ledger, data };
  const [listed] = eventsOf(await base.chain.send("list", call), "MarketListed");
  if (listed === undefined) throw new Error(`the ${name} market was not listed`);
  const { num, den, strikeTick, feePerLot, profile } = terms;
  const scale = { inverse: name === "inverse", num, den };
  return {
    name,
    id: listed.args.getValue("market") as bigint,
    token,
    scale,
    strikeTick,
    feePerLot,
    profile,
  };
}

/** Mints, approves and deposits for everyone. */
async function introduce(base: Base): Promise<readonly Party[]> {
  const { names, funds } = base.setup;
  const signers = await base.chain.connection.ethers.getSigners();
  const parties: Party[] = [];
  for (const [index, name] of names.entries()) {
    // The first signer deploys and lists; it does not trade.
    const signer = signers[index + 1];
    if (signer === undefined) throw new Error(`no signer is left for ${name}`);
    const { address } = signer;
    const party = { name, address, account: accountOf(BigInt(address), 0n), signer };
    await fund(base, party, base.usdc, funds.usdc);
    await fund(base, party, base.weth, funds.weth);
    parties.push(party);
  }
  return parties;
}

/** Addresses behind those of the parties. */
async function strangersOf({ setup, chain }: Base): Promise<readonly Person[]> {
  const { names, strangers = [] } = setup;
  const signers = await chain.connection.ethers.getSigners();
  return strangers.map((name, index) => {
    const signer = signers[names.length + 1 + index];
    if (signer === undefined) throw new Error(`no signer is left for ${name}`);
    return { name, address: signer.address };
  });
}

async function fund(base: Base, party: Party, token: Token, whole: bigint): Promise<void> {
  const { chain, ledger } = base;
  const from = party.address;
  const amount = whole * 10n ** BigInt(token.decimals);
  const mint = tokenCalls.encodeFunctionData("mint", [from, amount]);
  await chain.push("mint", { from, to: token.address, data: mint });
  const approve = tokenCalls.encodeFunctionData("approve", [ledger, MAX_UINT256]);
  await chain.push("approve", { from, to: token.address, data: approve });
  const deposit = [party.account, token.address, amount] as const;
  const data = ledgerCalls.encodeFunctionData("deposit", [...deposit]);
  await chain.send("deposit", { from, to: ledger, data });
}
