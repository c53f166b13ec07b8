/**
 * The model's side: ledger, hub and breaker, and what stands around them.
 *
 * @module
 */
import {
  CircuitBreaker,
  Ledger,
  MAX_UINT256,
  OracleHub,
  accountOf,
  approve,
  bookOf,
  breakerAuthority,
  createToken,
  emptyHubWorld,
  emptyWorld,
  marketIdOf,
  marketOf,
  mint,
} from "@certus/model";
import type {
  AccountId,
  Address,
  BookId,
  BreakerAuthority,
  MarketId,
  Pending,
  RestrictedBreakerFunction,
  Round,
  SettlementOracle,
  Terms,
  UptimeReads,
} from "@certus/model";

import { ROLES } from "../../../deploy/roles.ts";
import { CHAIN_ID, GENESIS_TIME } from "../chain/chain.ts";
import { ACTORS, TREASURIES } from "../world/actors.ts";
import type { Knobs } from "./knobs.ts";
import { ALL_SOURCES, AT, FEEDS, HOLDERS, SOURCE_AT, TOKENS, WARDEN } from "./places.ts";
import type { FeedKey } from "./places.ts";

/** When a run begins. */
export const START = GENESIS_TIME + 10_000n;
/** What the settlement oracle says. */
export const SETTLEMENT = { priceExp: 0n, fixing: 7n, mark: 1_000n, price: 2_100_00000000n };
/** What each owner has of each token at first. */
export const PURSE = 1n << 120n;
/** Who owns accounts. */
export const OWNERS = [ACTORS.alice.address, ACTORS.bob.address, ACTORS.carol.address] as const;
/** The accounts that trade. */
export const ACCOUNTS: readonly AccountId[] = OWNERS.map((owner) => accountOf(owner, 0n));
/** When the books expire: soon, and after weeks. */
export const EXPIRIES = [START + 40_000n, START + 40_000n + 40n * 86_400n] as const;

/** An oracle that always says the same. */
class ScriptedOracle implements SettlementOracle {
  planDescribe(): { readonly priceExp: bigint; readonly maxCeiling: bigint } {
    return { priceExp: SETTLEMENT.priceExp, maxCeiling: (1n << 112n) - 1n };
  }

  planOpen(): Pending<{ readonly fixing: bigint; readonly mark: bigint }> {
    const { fixing, mark } = SETTLEMENT;
    return { returned: { fixing, mark }, events: [], commit: () => () => undefined };
  }

  planFix(): Pending<bigint> {
    return { returned: SETTLEMENT.price, events: [], commit: () => () => undefined };
  }
}

/** The sequencer's uptime feed, whose mock answers a round that it does not have with zeros. */
export class Uptime {
  readonly #rounds: Pick<Round, "answer" | "startedAt">[] = [];
  readable = true;
  /** What the hub reads. */
  readonly reads: UptimeReads = {
    latestRoundData: () => this.#roundOf(this.latest),
    getRoundData: (id) => this.#roundOf(id),
  };

  /** Number of the last round. */
  get latest(): bigint {
    return BigInt(this.#rounds.length);
  }

  /** Writes the next round. */
  push(answer: bigint, startedAt: bigint): void {
    this.#rounds.push({ answer, startedAt });
  }

  #roundOf(roundId: bigint): Round | undefined {
    if (!this.readable) return undefined;
    const round = this.#rounds[Number(roundId) - 1] ?? { answer: 0n, startedAt: 0n };
    return { roundId, ...round, updatedAt: round.startedAt, answeredInRound: roundId };
  }
}

/** Terms of the markets: a linear and an inverse one that the breaker guards, and one that somebody else does. */
function termsOf({ late, ceilings }: Knobs): readonly Terms[] {
  const linear: Terms = {
    feed: FEEDS.ether.name,
    token: AT.quote,
    style: 0n,
    num: 1n,
    den: 100n,
    strikeTick: 100_000_000n,
    priceExp: 0n,
    oracle: AT.oracle,
    profile: 0n,
    guard: AT.breaker,
    gridAnchor: EXPIRIES[0],
    gridPeriod: 86_400n,
    horizon: 8_640_000n,
    lastTrade: 600n,
    feePerLot: 3n,
    ceiling: ceilings[0],
    marginMode: 0n,
    salt: 0n,
  };
  const inverse: Terms = {
    ...linear,
    feed: late ? FEEDS.late.name : linear.feed,
    token: AT.base,
    style: 1n,
    num: 1_000_000_000_000_000n,
    den: 1n,
    ceiling: ceilings[1],
  };
  return [linear, inverse, { ...linear, guard: ACTORS.dave.address }];
}

/** Functions of the breaker that are restricted, by role. */
const BREAKER_FUNCTIONS: ReadonlyMap<bigint, readonly RestrictedBreakerFunction[]> = new Map(
  ROLES.map(({ id, functions }) => [
    id,
    functions.flatMap(([target, name]) =>
      target === "breaker" ? [name as RestrictedBreakerFunction] : [],
    ),
  ]),
);

/** Roles that have a function of the breaker. */
export const BREAKER_ROLES = ROLES.filter(({ id }) => BREAKER_FUNCTIONS.get(id)?.length);

function heldAuthority(): BreakerAuthority {
  const authority = breakerAuthority();
  for (const { id, holder } of ROLES) {
    for (const name of BREAKER_FUNCTIONS.get(id) ?? []) authority[name].add(HOLDERS[holder]);
  }
  return authority;
}

/** Ledger, hub and breaker of a run. */
export class BreakerTwin {
  readonly knobs: Knobs;
  readonly uptime = new Uptime();
  readonly ledger: Ledger;
  readonly hub: OracleHub;
  readonly breaker: CircuitBreaker;
  readonly terms: readonly Terms[];
  /** Markets of the terms; the breaker guards the first two. */
  readonly markets: readonly MarketId[];
  /** Books of the first two markets. */
  readonly books: readonly BookId[];

  constructor(knobs: Knobs) {
    this.knobs = knobs;
    this.terms = termsOf(knobs);
    this.markets = this.terms.map((terms) => marketOf(marketIdOf(terms)));
    this.ledger = this.#createLedger();
    const hubWorld = emptyHubWorld(knobs.sequencer ? this.uptime.reads : undefined);
    hubWorld.authority.createFeed.add(HOLDERS.safe);
    for (const { place, terms } of ALL_SOURCES) {
      hubWorld.sources.set(SOURCE_AT.get(place) ?? 0n, terms);
    }
    this.hub = new OracleHub(hubWorld);
    this.uptime.push(0n, START - 100_000n);
    for (const feed of ["ether", "coin", "odd"] as const) this.createFeed(START, feed);
    this.breaker = new CircuitBreaker({
      address: AT.breaker,
      ledger: this.ledger,
      hub: this.hub,
      authority: heldAuthority(),
      blockTime: knobs.blockTime,
    });
    this.books = this.markets
      .slice(0, 2)
      .flatMap((market) => EXPIRIES.map((at) => bookOf(market, at)));
  }

  #createLedger(): Ledger {
    const world = emptyWorld();
    for (const address of TOKENS) {
      const token = createToken();
      for (const owner of OWNERS) {
        mint(token, owner, PURSE);
        approve(token, owner, AT.ledger, MAX_UINT256);
      }
      world.tokens.set(address, token);
      world.code.add(address);
    }
    world.oracles.set(AT.oracle, new ScriptedOracle());
    world.code.add(AT.oracle);
    for (const allowed of Object.values(world.authority)) allowed.add(HOLDERS.safe);
    const genesis = { chainId: CHAIN_ID, ledger: AT.ledger, treasury: TREASURIES[0] ?? 0n };
    const ledger = new Ledger(genesis, world);
    const env = { now: START, sender: HOLDERS.safe };
    const must = ({ ok }: { readonly ok: boolean }): void => {
      if (!ok) throw new Error("the model refuses the set-up");
    };
    for (const terms of this.terms) must(ledger.list(env, terms));
    for (const market of this.markets.slice(0, 2)) {
      for (const expiry of EXPIRIES) must(ledger.openBook(env, market, expiry));
    }
    return ledger;
  }

  /** What a feed is created with: arguments of the hub's function. */
  feedTerms(key: FeedKey) {
    const { name, base, priceExp, sources } = FEEDS[key];
    const { votes, quorum, dailyVol, lateVol } = this.knobs;
    const of = {
      ether: { quorum, dailyVol, count: votes },
      late: { quorum: 3n, dailyVol: lateVol, count: 3 },
      coin: { quorum: 3n, dailyVol: 50n, count: 3 },
      odd: { quorum: 3n, dailyVol: 50n, count: 3 },
    }[key];
    const chosen = sources.slice(0, of.count);
    if (key === "ether" && this.knobs.warden) chosen.push(WARDEN);
    const addresses = chosen.map(({ place }) => SOURCE_AT.get(place) ?? 0n);
    const quote = sources[0]?.terms.quote ?? 0n;
    const unit = { base, quote, priceExp, quorum: of.quorum, dailyVol: of.dailyVol };
    return { name, unit, sources: addresses };
  }

  /** Creates a feed, by who may. */
  createFeed(now: bigint, key: FeedKey) {
    const { name, unit, sources } = this.feedTerms(key);
    return this.hub.createFeed({ now, sender: HOLDERS.safe }, name, unit, sources);
  }

  /** Gives a role to somebody, or takes it. */
  setRole(id: bigint, who: Address, granted: boolean): void {
    const { authority } = this.breaker.setup;
    for (const name of BREAKER_FUNCTIONS.get(id) ?? []) {
      if (granted) authority[name].add(who);
      else authority[name].delete(who);
    }
  }
}
