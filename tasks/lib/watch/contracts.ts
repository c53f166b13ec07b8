import type { State } from "@certus/model";

import { SettlementOracle__factory } from "../../../packages/contracts/src/generated/bindings/factories/SettlementOracle__factory.ts";
import { readArtifact } from "../../../scripts/lib/artifacts.ts";
import type { BlockRef, ChainNode } from "../../../scripts/replay/node.ts";
import { asked } from "./asked.ts";
import { addressName } from "./names.ts";

/** What the markets of a ledger name. */
export interface Named {
  readonly oracle: bigint;
  readonly guard: bigint;
}

/** An oracle with several sources, and the hub behind it. */
export interface MultiOracle {
  readonly address: string;
  readonly hub: string;
}

const multiCalls = SettlementOracle__factory.createInterface();

/** The contracts whose events are read beside the ledger's, and what kind they are of. */
export class Contracts {
  readonly #ledger: string;
  readonly #single = new Set<string>();
  readonly #multi = new Map<string, MultiOracle>();
  readonly #strange = new Set<string>();
  readonly #guards = new Set<string>();
  readonly #managers = new Set<string>();

  /** @param ledger - Its address, in small letters. */
  constructor(ledger: string) {
    this.#ledger = ledger;
  }

  /** Addresses whose events are read, in small letters. */
  get addresses(): readonly string[] {
    return [this.#ledger, ...this.#single, ...this.#guards, ...this.#managers];
  }

  /** Single-feed oracles whose code is this repository's: their fixings are followed, too. */
  get single(): readonly string[] {
    return [...this.#single];
  }

  /** Oracles of neither kind: nothing is known of how they keep fixings. */
  get strange(): readonly string[] {
    return [...this.#strange];
  }

  /** The several-source oracle at an address, if it is one. */
  multi(oracle: bigint): MultiOracle | undefined {
    return this.#multi.get(small(oracle));
  }

  /** Whether the ledger or a single-feed oracle speaks at an address, which the replica applies. */
  isReplicated(address: string): boolean {
    return address === this.#ledger || this.#single.has(address);
  }

  /** Whether an access manager speaks at an address. */
  isManager(address: string): boolean {
    return this.#managers.has(address);
  }

  /** Whether a market's guard speaks at an address. */
  isGuard(address: string): boolean {
    return this.#guards.has(address);
  }

  /** Takes note of the ledger's access manager. */
  manage(authority: bigint): void {
    if (authority !== 0n) this.#managers.add(small(authority));
  }

  /** Takes note of what markets name. Answers whether a single-feed oracle is new. */
  async learn(node: ChainNode, named: readonly Named[], block: BlockRef): Promise<boolean> {
    let isNew = false;
    for (const { oracle, guard } of named) {
      if (guard !== 0n) this.#guards.add(small(guard));
      const address = small(oracle);
      if (this.#single.has(address) || this.#multi.has(address) || this.#strange.has(address)) {
        continue;
      }
      const hub = await hubOf(node, address, block);
      if (hub !== undefined) this.#multi.set(address, { address, hub });
      else if (await isSingle(node, address, block)) this.#single.add(address);
      else this.#strange.add(address);
      isNew ||= this.#single.has(address);
    }
    return isNew;
  }
}

/** What the markets of a state name. */
export function namedIn({ markets }: State): Named[] {
  return [...markets.values()].map(({ terms: { oracle, guard } }) => ({ oracle, guard }));
}

function small(address: bigint): string {
  return addressName(address).toLowerCase();
}

async function hubOf(
  node: ChainNode,
  contract: string,
  block: BlockRef,
): Promise<string | undefined> {
  const found = await asked(node, { contract, calls: multiCalls, name: "HUB", block });
  return found === undefined ? undefined : String(found[0]);
}

async function isSingle(node: ChainNode, oracle: string, { number }: BlockRef): Promise<boolean> {
  const { deployedBytecode } = readArtifact(
    "contracts/oracle/ChainlinkSettlement.sol",
    "ChainlinkSettlement",
  );
  return (await node.code(oracle, number)) === deployedBytecode;
}
