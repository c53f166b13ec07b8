/**
 * Finds the proof of what a Chainlink push feed said at a time: that with which a fixing of the single-feed oracle
 * settles (`findHints`), and that of a push source's value (`findHintsAt`).
 *
 * The rule is in docs/oracle-single-feed.md: for each phase, from the current one down to the first that has a fresh
 * candidate, the id of its last complete round up to the time, or 0. The contract checks what is found here, so a
 * wrong answer can only be refused.
 *
 * @module
 */
import { AbiCoder, Interface, isCallException } from "ethers";

const MAX_AGE = 3_900n;
const ANSWER_BOUND = 1n << 96n;
const UINT80 = 1n << 80n;
const PHASE_OFFSET = 64n;
const FIRST_PHASE = 1n;
const WORD = 64; // hex digits
/** The contract gives a read 150,000; the rest is for what a network charges beside the execution. */
const GAS_LIMIT = 1_000_000n;

const proxyCalls = new Interface([
  "function phaseId() view returns (uint16)",
  "function phaseAggregators(uint16 phase) view returns (address)",
  "function latestRound() view returns (uint256)",
  "function getRoundData(uint80 id) view returns (uint80, int256, uint256, uint256, uint80)",
]);

/** What is needed of a node; every ethers provider has it. */
export interface RoundReader {
  call(request: {
    to: string;
    data: string;
    gasLimit: bigint;
    blockTag: string | number;
  }): Promise<string>;
}

/** A complete round. */
export interface FeedRound {
  /** Proxy round id: phase << 64 | aggregator round. */
  readonly id: bigint;
  /** Price with the decimals of the feed. */
  readonly answer: bigint;
  /** Unix time of the answer, in seconds. */
  readonly updatedAt: bigint;
}

/** A proof and what it proves. */
export interface RoundHints {
  /** One hint a phase, the current phase first. */
  readonly hints: readonly bigint[];
  /** The hints as `fix` of the single-feed oracle and `valueAt` of a push source take them. */
  readonly proof: string;
  /** The round whose answer becomes the price. */
  readonly round: FeedRound;
  /**
   * True: good at once, or from T + 300 s if a phase ends without a later round. False: a fixing is final with it from
   * T + 24 h, a push source has no value.
   */
  readonly fresh: boolean;
}

/** The feed did not answer a call without which no proof can be found. */
export class FeedReadError extends Error {
  readonly feed: string;
  readonly call: string;

  constructor(feed: string, call: string) {
    super(`The feed ${feed} does not answer ${call}: settle on the mark once its time has come.`);
    this.name = "FeedReadError";
    this.feed = feed;
    this.call = call;
  }
}

/**
 * Finds the hints for a fixing by binary search over the rounds of each phase.
 *
 * Reads about 2·log2(rounds) rounds a phase. Give a block number as `blockTag` when the feed may move meanwhile.
 *
 * @param reader - Node to read from.
 * @param feed - The proxy's address, or its bytes32 name.
 * @param expiry - Unix time of the fixing, in seconds.
 * @param lowest - `phase` of `fixingState`; it can have risen since the event FixingOpened.
 * @param blockTag - State to read, the latest if absent.
 * @returns The proof, or undefined if no phase has a complete round up to the expiry.
 */
export async function findHints(
  reader: RoundReader,
  feed: string,
  expiry: bigint,
  lowest: bigint,
  blockTag: string | number = "latest",
): Promise<RoundHints | undefined> {
  const proxy = new PhaseProxy(reader, `0x${feed.slice(-40)}`, blockTag);
  const current = await proxy.currentPhase();
  const hints: bigint[] = [];
  let best: FeedRound | undefined;
  for (let phase = current; phase >= lowest; phase--) {
    const round = await lastRound(proxy, phase, await proxy.latestRound(phase, current), expiry);
    hints.push(round?.id ?? 0n);
    // Strictly newer, so that of equal times the higher phase stays.
    if (round && (!best || round.updatedAt > best.updatedAt)) best = round;
    if (best && expiry - best.updatedAt <= MAX_AGE) break;
  }
  if (!best) return undefined;
  const fresh = expiry - best.updatedAt <= MAX_AGE;
  return { hints, proof: encodeHints(hints), round: best, fresh };
}

/**
 * Finds the hints with which a push source gives its value of a time: those of `findHints`, down to the first phase.
 *
 * @param reader - Node to read from.
 * @param proxy - The proxy's address: `proxy()` of the source.
 * @param time - Unix time asked for, in seconds.
 * @param blockTag - State to read, the latest if absent.
 * @returns The proof, or undefined if no phase has a round that is fresh at that time: the source has no value of it.
 */
export async function findHintsAt(
  reader: RoundReader,
  proxy: string,
  time: bigint,
  blockTag: string | number = "latest",
): Promise<RoundHints | undefined> {
  const found = await findHints(reader, proxy, time, FIRST_PHASE, blockTag);
  return found?.fresh === true ? found : undefined;
}

/** The proof as `fix` and `valueAt` take it. */
export function encodeHints(hints: readonly bigint[]): string {
  return AbiCoder.defaultAbiCoder().encode(["uint80[]"], [hints]);
}

/** The last complete round of a phase with updatedAt ≤ expiry, given that updatedAt never goes down within it. */
async function lastRound(
  proxy: PhaseProxy,
  phase: bigint,
  latest: bigint,
  expiry: bigint,
): Promise<FeedRound | undefined> {
  let best: FeedRound | undefined;
  let known = 0n; // no round of (best, known] counts
  let after = latest + 1n; // no round from here on is of use
  while (known + 1n < after) {
    const middle = (known + after) / 2n;
    const [number, round] = await completeAtOrBelow(proxy, phase, middle, known);
    if (round && round.updatedAt > expiry) {
      after = number;
    } else {
      best = round ?? best;
      known = middle;
    }
  }
  return best;
}

/** The complete round with the highest number in (above, from], if there is one. */
async function completeAtOrBelow(
  proxy: PhaseProxy,
  phase: bigint,
  from: bigint,
  above: bigint,
): Promise<[number: bigint, round: FeedRound | undefined]> {
  for (let number = from; number > above; number--) {
    const round = await proxy.completeRound((phase << PHASE_OFFSET) | number);
    if (round) return [number, round];
  }
  return [above, undefined];
}

/** The reads of a proxy at one state. */
class PhaseProxy {
  readonly #reader: RoundReader;
  readonly #proxy: string;
  readonly #blockTag: string | number;

  constructor(reader: RoundReader, proxy: string, blockTag: string | number) {
    this.#reader = reader;
    this.#proxy = proxy;
    this.#blockTag = blockTag;
  }

  async currentPhase(): Promise<bigint> {
    const [phase] = await this.#words(this.#proxy, "phaseId", [], 1);
    if (phase === undefined) throw new FeedReadError(this.#proxy, "phaseId()");
    return phase;
  }

  /** Number of the last round of a phase, 0 if it has none. */
  async latestRound(phase: bigint, current: bigint): Promise<bigint> {
    let target = this.#proxy;
    if (phase !== current) {
      const [aggregator] = await this.#words(this.#proxy, "phaseAggregators", [phase], 1);
      if (aggregator === undefined) {
        throw new FeedReadError(this.#proxy, `phaseAggregators(${phase})`);
      }
      if (aggregator === 0n) return 0n;
      target = `0x${aggregator.toString(16).padStart(40, "0")}`;
    }
    const [latest] = await this.#words(target, "latestRound", [], 1);
    if (latest === undefined) throw new FeedReadError(target, "latestRound()");
    return BigInt.asUintN(64, latest);
  }

  /** The round if the contract would count it: readable, answered, priced. */
  async completeRound(id: bigint): Promise<FeedRound | undefined> {
    const [roundId, word, , updatedAt, answeredInRound] = await this.#words(
      this.#proxy,
      "getRoundData",
      [id],
      5,
    );
    if (word === undefined || updatedAt === undefined || answeredInRound === undefined)
      return undefined;
    const answer = BigInt.asIntN(256, word);
    const complete =
      roundId === id &&
      answer > 0n &&
      answer < ANSWER_BOUND &&
      updatedAt !== 0n &&
      answeredInRound >= id &&
      answeredInRound < UINT80;
    return complete ? { id, answer, updatedAt } : undefined;
  }

  /** The words a call returns, or none if it reverts or returns fewer than `count`. */
  async #words(
    to: string,
    name: string,
    args: readonly bigint[],
    count: number,
  ): Promise<bigint[]> {
    const data = proxyCalls.encodeFunctionData(name, args);
    let returned: string;
    try {
      const blockTag = this.#blockTag;
      returned = await this.#reader.call({ to, data, gasLimit: GAS_LIMIT, blockTag });
    } catch (error) {
      // A revert is the feed's answer; a node that does not answer is not.
      if (isRevert(error)) return [];
      throw error;
    }
    if (returned.length < 2 + count * WORD) return [];
    return Array.from({ length: count }, (_, i) =>
      BigInt(`0x${returned.slice(2 + i * WORD, 2 + (i + 1) * WORD)}`),
    );
  }
}

/** A call that was executed and failed: as ethers tells it, or as Hardhat's own provider does, with its data. */
function isRevert(error: unknown): boolean {
  if (isCallException(error)) return true;
  return error instanceof Error && "data" in error && typeof error.data === "string";
}
