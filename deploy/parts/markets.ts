import type {
  ArgumentType,
  CallableContractFuture,
  Future,
  IgnitionModuleBuilder,
} from "@nomicfoundation/ignition-core";
import { toBeHex } from "ethers";

import { marketTerms } from "../../scripts/demo/terms.ts";
import { FEED } from "../../scripts/lib/oracle/localFeed.ts";

const TEN_DOLLARS = 10n ** 9n;
const WEEK = 604_800n;
/** Largest pool of a book at which open interest still rises: 1,000,000 USDC, or 400 WETH. */
const CEILING = { linear: 10n ** 12n, inverse: 400n * 10n ** 18n };

/** What markets hang on. */
interface Listed {
  readonly ledger: CallableContractFuture<string>;
  readonly chainlinkSettlement: CallableContractFuture<string>;
  readonly settlementOracle: CallableContractFuture<string>;
  readonly chainlinkPush: CallableContractFuture<string>;
  readonly circuitBreaker: CallableContractFuture<string>;
  readonly usdc: CallableContractFuture<string>;
  readonly weth: CallableContractFuture<string>;
}

type Style = "linear" | "inverse";

/** A name of a market's feed and who settles on it, known or not yet. */
interface Settled {
  readonly feed: Exclude<ArgumentType, unknown[]>;
  readonly oracle: CallableContractFuture<string>;
}

/**
 * Lists the first markets of ETH in USD, weekly and guarded by the breaker: a linear and an inverse one on the single feed, and
 * where three classes vote a linear one on them.
 *
 * @param threeClasses - Whether they do.
 * @param after - What has to be done before: the breaker takes a feed of the hub when it begins to watch a market.
 */
export function marketsIn(
  m: IgnitionModuleBuilder,
  listed: Listed,
  threeClasses: boolean,
  after: Future[],
) {
  const { ledger, circuitBreaker, usdc, weth } = listed;
  const front = m.contractAt("IClearinghouse", ledger, { id: "Front" });
  const list = (id: string, style: Style, { feed, oracle }: Settled) => {
    const token = style === "linear" ? usdc : weth;
    const ceiling = CEILING[style];
    const profile = toBeHex(ceiling << 8n, 32);
    const input = { feed, oracle, profile, token, strikeTick: TEN_DOLLARS, period: WEEK };
    const terms = { ...marketTerms<ArgumentType>(style, input), ceiling, guard: circuitBreaker };
    const done = m.call(front, "list", [terms], { id: `list${id}`, after });
    const market = m.readEventArgument(done, "MarketListed", "market", { id: `market${id}` });
    return { done, enrolled: m.call(circuitBreaker, "enroll", [market], { id: `enroll${id}` }) };
  };
  const single = { feed: feedWord(m, listed.chainlinkPush), oracle: listed.chainlinkSettlement };
  const several = { feed: FEED.name, oracle: listed.settlementOracle };
  // What can be done at the same time Ignition does by the order of ids.
  const linear = list("1Linear", "linear", single);
  const inverse = list("2Inverse", "inverse", single);
  const more = threeClasses ? [list("3ThreeClasses", "linear", several)] : [];
  return [linear, inverse, ...more].flatMap(({ done, enrolled }) => [done, enrolled]);
}

/** How the push source says whose rounds it reads, with the address taken for the word that it comes as. */
const PUSH_IN_WORDS = {
  _format: "hh3-artifact-1",
  contractName: "PushInWords",
  sourceName: "deploy/parts/markets.ts",
  abi: [
    {
      type: "function",
      name: "proxy",
      stateMutability: "view",
      inputs: [],
      outputs: [{ name: "", type: "bytes32" }],
    },
  ],
  bytecode: "0x",
  deployedBytecode: "0x",
  linkReferences: {},
  deployedLinkReferences: {},
} as const;

/** The single feed as terms name it: the address of its proxy as a word, which is what the push source answers with. */
function feedWord(m: IgnitionModuleBuilder, chainlinkPush: CallableContractFuture<string>) {
  const words = m.contractAt("PushInWords", PUSH_IN_WORDS, chainlinkPush);
  return m.staticCall(words, "proxy");
}
