/**
 * The chain's side: what is deployed once, and what each run begins with.
 *
 * @module
 */
import { termsWords } from "@certus/model";
import type { Address } from "@certus/model";

import { toWord } from "../../../scripts/lib/abi.ts";
import type { Value } from "../../../scripts/lib/abi.ts";
import { ROLES } from "../../../deploy/roles.ts";
import { answeringBySelector } from "../chain/bytecode.ts";
import { link } from "../chain/build.ts";
import { Chain, quantity } from "../chain/chain.ts";
import type { Sent } from "../chain/chain.ts";
import { TREASURIES } from "../world/actors.ts";
import { Interfaces } from "../world/deploy.ts";
import { BreakerInterfaces } from "./build.ts";
import type { BreakerBuild, Part } from "./build.ts";
import { ALL_SOURCES, ANYONE, AT, DEPLOYED, DEPLOYER, HOLDERS, TOKENS } from "./places.ts";
import type { FeedKey } from "./places.ts";
import { EXPIRIES, OWNERS, PURSE, SETTLEMENT, START } from "./twin.ts";
import type { BreakerTwin } from "./twin.ts";

/** A chain keeps something of every transaction: after so many it is replaced. */
const MOST_TRANSACTIONS = 4_000;
/** Time of the genesis block. */
const GENESIS = START - 1_000n;

const words = (...values: readonly bigint[]): string => values.map(toWord).join("");

/** Ledger, hub, breaker and what stands around them, on a chain. */
export class BreakerWorld {
  readonly chain: Chain;
  readonly interfaces: BreakerInterfaces;
  /** The ledger's, for its own calls. */
  readonly ledger: Interfaces;
  readonly build: BreakerBuild;

  constructor(
    chain: Chain,
    build: BreakerBuild,
    interfaces: BreakerInterfaces,
    ledger: Interfaces,
  ) {
    [this.chain, this.build] = [chain, build];
    [this.interfaces, this.ledger] = [interfaces, ledger];
  }

  /** Sends a call in a block of a time. */
  async send(
    now: bigint,
    from: Address,
    to: Address,
    [part, name]: readonly [Part | "ledger", string],
    args: readonly Value[],
  ): Promise<Sent> {
    await this.chain.setTime(now);
    return this.chain.send(from, to, this.interfaces.method(part, name).encode(args));
  }

  /** The same of what must succeed. */
  async must(...call: Parameters<BreakerWorld["send"]>): Promise<void> {
    const sent = await this.send(...call);
    if (sent.ok) return;
    const { name, args } = this.interfaces.errors.decode(sent.data);
    throw new Error(`${call[3].join(".")} of the set-up reverts with ${name}(${args.join(", ")})`);
  }

  /** A block of a time in which nothing happens. */
  async mine(now: bigint): Promise<void> {
    const { baseFee } = this.chain;
    if (baseFee !== undefined) {
      await this.chain.request("hardhat_setNextBlockBaseFeePerGas", quantity(baseFee));
    }
    await this.chain.request("evm_mine", quantity(now));
  }

  /** Deploys what every run finds. */
  async deploy(): Promise<void> {
    const { chain, build, interfaces } = this;
    const { ledger } = build;
    const codes: Readonly<Record<string, string>> = {
      manager: ledger.manager.bytecode + words(HOLDERS.safe),
      listing: link(ledger.listing, {}),
      annex: link(ledger.annex, { Listing: AT.listing }),
      ledger: ledger.ledger.bytecode + words(AT.manager, TREASURIES[0] ?? 0n, AT.annex),
      quote: interfaces.creation("token", ledger.token.bytecode, ["", "", 6n]),
      base: interfaces.creation("token", ledger.token.bytecode, ["", "", 18n]),
      ...Object.fromEntries(
        ALL_SOURCES.map(({ place, terms }) => {
          const { classes, push, priceExp, maxAge, maxAhead, base, quote } = terms;
          const args = [[classes, push, priceExp, maxAge, maxAhead, base, quote]];
          const { bytecode } = build.contracts.source;
          return [place, interfaces.creation("source", bytecode, args)];
        }),
      ),
    };
    for (const place of DEPLOYED) await chain.mustSend(DEPLOYER, undefined, codes[place] ?? "");
    await chain.setCode(AT.relay, ledger.relay.deployedBytecode);
    await chain.setCode(AT.uptime, ledger.aggregator.deployedBytecode);
    await chain.setSlot(AT.uptime, "0", toWord(0n));
    const { priceExp, fixing, mark, price } = SETTLEMENT;
    const { oracle } = this.ledger;
    const answers = new Map([
      [oracle("describe").selector, words(priceExp, (1n << 112n) - 1n)],
      [oracle("open").selector, words(fixing, mark)],
      [oracle("fix").selector, words(price)],
    ]);
    await chain.setCode(AT.oracle, answeringBySelector(answers));
    for (const token of TOKENS) {
      for (const owner of OWNERS) {
        await this.must(START - 500n, owner, token, ["token", "mint"], [owner, PURSE]);
        const all = [AT.ledger, (1n << 256n) - 1n];
        await this.must(START - 500n, owner, token, ["token", "approve"], all);
      }
    }
  }

  /** Deploys hub and breaker of a run, creates its feeds, lists its markets and gives the roles. */
  async begin(twin: BreakerTwin): Promise<void> {
    const { chain, build, interfaces } = this;
    const { sequencer, blockTime, baseFee } = twin.knobs;
    const { hub, breaker } = build.contracts;
    const hubArguments = [AT.manager, sequencer ? AT.uptime : 0n];
    await chain.setTime(START);
    const hubCode = interfaces.creation("hub", hub.bytecode, hubArguments);
    await chain.mustSend(DEPLOYER, undefined, hubCode);
    await chain.setTime(START);
    const args = [AT.ledger, AT.hub, AT.manager, blockTime];
    const breakerCode = interfaces.creation("breaker", breaker.bytecode, args);
    await chain.mustSend(DEPLOYER, undefined, breakerCode);
    const { safe } = HOLDERS;
    const targets = { ledger: AT.ledger, hub: AT.hub, breaker: AT.breaker } as const;
    for (const { id, holder, functions } of ROLES) {
      if (id === 0n) continue;
      for (const [target, name] of functions) {
        if (target === "bounties") continue;
        const { selector } = interfaces.method(target, name);
        const role = [targets[target], [BigInt(`0x${selector}`) << 224n], id];
        await this.must(START, safe, AT.manager, ["manager", "setTargetFunctionRole"], role);
      }
      await this.setRole(START, id, HOLDERS[holder], true);
    }
    const round = [1n, 0n, START - 100_000n, START - 100_000n];
    await this.must(START, ANYONE, AT.uptime, ["aggregator", "updateRoundData"], round);
    for (const key of ["ether", "coin", "odd"] as const) await this.createFeed(START, twin, key);
    for (const terms of twin.terms) {
      await this.must(START, safe, AT.ledger, ["ledger", "list"], [[...termsWords(terms)]]);
    }
    for (const market of twin.markets.slice(0, 2)) {
      for (const expiry of EXPIRIES) {
        await this.must(START, safe, AT.ledger, ["ledger", "openBook"], [market, expiry]);
      }
    }
    chain.baseFee = baseFee;
  }

  /** Creates a feed, by who may. */
  createFeed(now: bigint, twin: BreakerTwin, key: FeedKey): Promise<void> {
    const { name, unit, sources } = twin.feedTerms(key);
    const { base, quote, priceExp, quorum, dailyVol } = unit;
    const args = [name, base, quote, priceExp, quorum, dailyVol, sources];
    return this.must(now, HOLDERS.safe, AT.hub, ["hub", "createFeed"], args);
  }

  /** Gives a role to somebody, or takes it. */
  setRole(now: bigint, id: bigint, who: Address, granted: boolean): Promise<void> {
    const name = granted ? "grantRole" : "revokeRole";
    const args = granted ? [id, who, 0n] : [id, who];
    return this.must(now, HOLDERS.safe, AT.manager, ["manager", name], args);
  }
}

/** Deploys once and starts every run from there. */
export class BreakerHost {
  readonly #build: BreakerBuild;
  readonly #interfaces: BreakerInterfaces;
  readonly #ledger: Interfaces;
  #world: BreakerWorld | undefined;
  #snapshot = "";

  constructor(build: BreakerBuild) {
    this.#build = build;
    this.#interfaces = new BreakerInterfaces(build);
    this.#ledger = new Interfaces(build.ledger);
  }

  /** A chain on which a run begins. */
  async fresh(twin: BreakerTwin): Promise<BreakerWorld> {
    let world = this.#world;
    if (world === undefined || world.chain.transactions > MOST_TRANSACTIONS) {
      const chain = await Chain.create({ time: GENESIS, lean: true });
      world = new BreakerWorld(chain, this.#build, this.#interfaces, this.#ledger);
      await world.deploy();
      this.#world = world;
    } else {
      world.chain.baseFee = undefined;
      await world.chain.revert(this.#snapshot);
    }
    this.#snapshot = await world.chain.snapshot();
    await world.begin(twin);
    return world;
  }
}
