import {
  ChainlinkSettlement,
  Ledger,
  MAX_UINT256,
  approve,
  createFeed,
  createToken,
  emptyWorld,
  mint,
  readsOf,
} from "@certus/model";
import type {
  Address,
  Feed,
  FeedReads,
  Genesis,
  Pending,
  Round,
  SettlementOracle,
  Token,
} from "@certus/model";

import { CHAIN_ID } from "../chain/chain.ts";
import { ACTORS, PAYERS, RELAY, TREASURIES, WALLET } from "./actors.ts";
import { permitDomain } from "./permits.ts";
import { AT, FEEDS, FOREIGN, MAX_CEILING, TOKENS, aggregatorAt } from "./places.ts";

/** What the scripted oracles say of their unit. */
export const SCRIPTED_PRICE_EXP = 2n;
/** The fixing and the mark that scripted oracles answer. */
export const SCRIPTED_OPENING = { fixing: 7n, mark: 1_000n } as const;
/** The prices that scripted oracles fix. */
export const SCRIPTED_PRICES: ReadonlyMap<Address, bigint> = new Map([
  [FOREIGN.zeroOracle, 0n],
  [FOREIGN.topOracle, (1n << 64n) - 1n],
]);

/** Balance of everybody who is not poor. */
export const RICH = 1n << 240n;
/** Paul's balance of each token. */
export const POOR = 1_234_567n;
/** What Fred lets the ledger take. */
export const FRUGAL = 9_876_543_210n;

/** What a payer lets the ledger take at genesis. */
export function allowanceAtGenesis(payer: Address): bigint {
  return payer === ACTORS.fred.address ? FRUGAL : MAX_UINT256;
}

/** What a payer has of each token at genesis. */
export function balanceAtGenesis(payer: Address): bigint {
  return payer === ACTORS.paul.address ? POOR : RICH;
}

/** The model's side of the campaign. */
export interface Twin {
  readonly ledger: Ledger;
  readonly oracle: ChainlinkSettlement;
  /** Feeds by the address of their proxy. */
  readonly feeds: ReadonlyMap<Address, Feed>;
  /** Whether the ERC-1271 wallet accepts at present. */
  wallet: { accepts: boolean };
}

/** An oracle that always says the same. */
class ScriptedOracle implements SettlementOracle {
  readonly #price: bigint;

  constructor(price: bigint) {
    this.#price = price;
  }

  planDescribe(): { readonly priceExp: bigint; readonly maxCeiling: bigint } {
    return { priceExp: SCRIPTED_PRICE_EXP, maxCeiling: MAX_CEILING };
  }

  planOpen(): Pending<typeof SCRIPTED_OPENING> {
    return { returned: SCRIPTED_OPENING, events: [], commit: () => () => undefined };
  }

  planFix(): Pending<bigint> {
    return { returned: this.#price, events: [], commit: () => () => undefined };
  }
}

/** The real proxy puts its phase into the id even of a round that is not there. */
function proxyReads(feed: Feed): FeedReads {
  const reads = readsOf(feed);
  const latestRoundData = (): Round | undefined => {
    const round = reads.latestRoundData();
    if (round === undefined || round.roundId !== 0n) return round;
    const roundId = feed.current << 64n;
    return { ...round, roundId, answeredInRound: roundId };
  };
  return { ...reads, latestRoundData };
}

function fundedToken(address: Address): Token {
  const token = createToken(permitDomain(address));
  for (const payer of PAYERS) {
    mint(token, payer, balanceAtGenesis(payer));
    approve(token, payer, AT.ledger, allowanceAtGenesis(payer));
  }
  return token;
}

/** Nothing of it ever arrives; everybody has some and allows all of it. */
function lossyToken(): Token {
  const token = createToken();
  token.loss = MAX_UINT256;
  for (const address of [...Object.values(ACTORS).map((actor) => actor.address), WALLET, RELAY]) {
    mint(token, address, MAX_UINT256);
    approve(token, address, AT.ledger, MAX_UINT256);
  }
  return token;
}

/** What the ledger is created with. */
export function genesis(): Genesis {
  return { chainId: CHAIN_ID, ledger: AT.ledger, treasury: TREASURIES[0] ?? 0n };
}

/** The model's ledger, as the chain's is after its set-up. */
export function createTwin(): Twin {
  const world = emptyWorld();
  const feeds = new Map<Address, Feed>();
  for (const { proxy, decimals } of FEEDS) {
    const feed = createFeed(decimals, aggregatorAt(proxy, 1n));
    for (const phase of feed.phases.values()) phase.missing = "zeros";
    feeds.set(proxy, feed);
  }
  const oracle = new ChainlinkSettlement(
    new Map([...feeds].map(([proxy, feed]) => [proxy, proxyReads(feed)])),
  );
  for (const token of TOKENS) world.tokens.set(token, fundedToken(token));
  world.tokens.set(FOREIGN.lossy, lossyToken());
  world.oracles.set(AT.oracle, oracle);
  for (const [address, price] of SCRIPTED_PRICES) {
    world.oracles.set(address, new ScriptedOracle(price));
  }
  const code = [AT.oracle, ...TOKENS, FOREIGN.lossy, FOREIGN.calling, ...SCRIPTED_PRICES.keys()];
  for (const address of code) world.code.add(address);
  for (const allowed of Object.values(world.authority)) allowed.add(ACTORS.admin.address);
  return { ledger: new Ledger(genesis(), world), oracle, feeds, wallet: { accepts: true } };
}
