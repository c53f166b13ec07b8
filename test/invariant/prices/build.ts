import { ErrorTable, EventTable, Method } from "../../../scripts/lib/abi.ts";
import type { AbiEntry, Value } from "../../../scripts/lib/abi.ts";
import { layoutsOf, readArtifact, slotsOf } from "../../../scripts/lib/artifacts.ts";
import type { StorageLayout } from "../../../scripts/lib/artifacts.ts";
import type { Contract } from "../chain/build.ts";

/** Contracts whose code is what the campaign is about. */
export const SUBJECTS = {
  hub: ["contracts/oracle/OracleHub.sol", "OracleHub"],
  oracle: ["contracts/oracle/SettlementOracle.sol", "SettlementOracle"],
  push: ["contracts/oracle/sources/ChainlinkPush.sol", "ChainlinkPush"],
  redstone: ["contracts/oracle/sources/RedStone.sol", "RedStone"],
  own: ["contracts/oracle/sources/SignedFeed.sol", "SignedFeed"],
} as const;

const CHAINLINK = "@chainlink/contracts/src/v0.8";

/** What stands around them. */
const SURROUNDINGS = {
  scripted: ["contracts/mocks/ScriptedSource.sol", "ScriptedSource"],
  relay: ["contracts/mocks/Sequence.sol", "Sequence"],
  manager: ["@openzeppelin/contracts/access/manager/AccessManager.sol", "AccessManager"],
  aggregator: [`${CHAINLINK}/shared/mocks/MockV3Aggregator.sol`, "MockV3Aggregator"],
  proxy: [
    `${CHAINLINK}/data-feeds/test/helpers/DataFeedsLegacyAggregatorProxy.sol`,
    "DataFeedsLegacyAggregatorProxy",
  ],
} as const;

/** Name of a contract whose code is what the campaign is about. */
export type Subject = keyof typeof SUBJECTS;
/** Name of any contract of the campaign. */
export type Part = Subject | keyof typeof SURROUNDINGS;

/** All that the campaign deploys, and where its words lie. */
export interface PriceBuild {
  readonly contracts: Readonly<Record<Part, Contract>>;
  /** Slot of the hub's feeds by name. */
  readonly feedsSlot: bigint;
  /** Of a feed's stores and shadows, counted from the feed's own slot. */
  readonly storesOffset: bigint;
  readonly shadowsOffset: bigint;
  /** Slot of the oracle's fixings by id. */
  readonly fixingsSlot: bigint;
}

/** Where a member of a struct lies. */
function memberOffset({ types }: StorageLayout, struct: string, member: string): bigint {
  const found = Object.values(types ?? {}).find(({ label }) => label === `struct ${struct}`);
  const slot = found?.members?.find(({ label }) => label === member)?.slot;
  if (slot === undefined) throw new Error(`the build knows no ${member} of ${struct}`);
  return BigInt(slot);
}

/** Reads what `hardhat build` left in `artifacts/`. */
export function readPriceBuild(): PriceBuild {
  const entries = Object.entries({ ...SUBJECTS, ...SURROUNDINGS });
  const contracts = Object.fromEntries(
    entries.map(([part, [source, name]]) => {
      const { abi, bytecode, deployedBytecode, linkReferences } = readArtifact(source, name);
      const code = { bytecode: bytecode.slice(2), deployedBytecode: deployedBytecode.slice(2) };
      return [part, { abi, ...code, linkReferences }];
    }),
  ) as Record<Part, Contract>;
  const [hub, oracle] = layoutsOf([
    readArtifact(...SUBJECTS.hub),
    readArtifact(...SUBJECTS.oracle),
  ]);
  if (hub === undefined) throw new Error("the build holds no layout of the hub");
  const [feedsSlot, fixingsSlot] = [slotsOf(hub)["_feeds"], slotsOf(oracle)["_fixings"]];
  if (feedsSlot === undefined || fixingsSlot === undefined) {
    throw new Error("the build names no slot of feeds or fixings");
  }
  const storesOffset = memberOffset(hub, "Feeds.Feed", "stores");
  const shadowsOffset = memberOffset(hub, "Feeds.Feed", "shadows");
  return { contracts, feedsSlot, storesOffset, shadowsOffset, fixingsSlot };
}

/** The interfaces of the contracts, ready to use. */
export class PriceInterfaces {
  readonly events: EventTable;
  /** Names of an event's fields, in their order. */
  readonly fields: ReadonlyMap<string, readonly string[]>;
  readonly errors: ErrorTable;
  readonly #methods = new Map<string, Method>();
  readonly #constructors = new Map<string, Method>();

  constructor({ contracts }: PriceBuild) {
    const entries = Object.entries(contracts);
    const all = [...entries].flatMap(([, { abi }]) => abi);
    this.errors = new ErrorTable(all);
    const own = [...contracts.hub.abi, ...contracts.oracle.abi];
    this.events = new EventTable(own);
    this.fields = new Map(own.filter(({ type }) => type === "event").map(namesOf));
    for (const [part, { abi }] of entries) {
      for (const entry of abi) {
        if (entry.type === "function") {
          this.#methods.set(`${part}.${entry.name ?? ""}`, new Method(entry));
        }
        if (entry.type === "constructor") this.#constructors.set(part, new Method(entry));
      }
    }
  }

  /** A function of a contract. */
  method(part: Part, name: string): Method {
    const method = this.#methods.get(`${part}.${name}`);
    if (method === undefined) throw new Error(`${part} has no function ${name}`);
    return method;
  }

  /** A contract's creation code with its arguments, as hex digits. */
  creation({ contracts }: PriceBuild, part: Part, args: readonly Value[]): string {
    const encoded = this.#constructors.get(part)?.encode(args).slice(8) ?? "";
    return contracts[part].bytecode + encoded;
  }
}

function namesOf({ name = "", inputs = [] }: AbiEntry): [string, readonly string[]] {
  return [name, inputs.map((input) => input.name)];
}
