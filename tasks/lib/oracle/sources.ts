import { decodeBytes32String } from "ethers";

import { IChainlinkPush__factory } from "../../../packages/contracts/src/generated/bindings/factories/IChainlinkPush__factory.ts";
import { IDataStreams__factory } from "../../../packages/contracts/src/generated/bindings/factories/IDataStreams__factory.ts";
import { IRedStone__factory } from "../../../packages/contracts/src/generated/bindings/factories/IRedStone__factory.ts";
import { ISignedFeed__factory } from "../../../packages/contracts/src/generated/bindings/factories/ISignedFeed__factory.ts";
import type { IDataStreams } from "../../../packages/contracts/src/generated/bindings/IDataStreams.ts";
import type { ISignedFeed } from "../../../packages/contracts/src/generated/bindings/ISignedFeed.ts";
import { isContractFault } from "../answers.ts";
import { parseWhole } from "../decimals.ts";
import type { Session } from "../session.ts";
import { required, UsageError } from "../usage.ts";
import type { Feed } from "./hubs.ts";

/** What a source reads or verifies, with what is asked of it there. */
export type Network =
  | { readonly kind: "Chainlink push"; readonly proxy: string }
  | { readonly kind: "Data Streams"; readonly feedId: string; readonly contract: IDataStreams }
  | SignerNetwork<"RedStone", { readonly dataFeedId: string }>
  | SignerNetwork<"own signers", { readonly pair: string; readonly contract: ISignedFeed }>
  | { readonly kind: "other" };

type SignerNetwork<Kind extends string, More> = More & {
  readonly kind: Kind;
  readonly signers: readonly string[];
  /** Fewest signers that make a value. */
  readonly quorum: number;
};

/** Where a source stands in its feed, by the hub's numbers. */
const STAGES = ["none", "shadow", "voting", "disabled"] as const;

/** A source of a feed. */
export interface Source {
  readonly index: number;
  readonly address: string;
  readonly vote: number;
  readonly push: boolean;
  readonly guard: boolean;
  readonly stage: (typeof STAGES)[number];
  /** Seconds up to which a reading counts, and by which it may be ahead. */
  readonly maxAge: bigint;
  readonly maxAhead: bigint;
  readonly network: Network;
}

/** Names of the independence classes, by bit. */
const CLASSES: Readonly<Record<number, string>> = {
  0: "Chainlink",
  1: "RedStone",
  2: "own signers",
  3: "Pyth",
  15: "guard",
};
const CLASS_BITS = 16;

/** Names of the classes of a set. */
export function classNames(classes: bigint): string[] {
  return Array.from({ length: CLASS_BITS }, (_, bit) => bit)
    .filter((bit) => ((classes >> BigInt(bit)) & 1n) === 1n)
    .map((bit) => CLASSES[bit] ?? `class ${bit}`);
}

/** Every source of a feed, by index. */
export async function sourcesOf(session: Session, feed: Feed): Promise<Source[]> {
  const terms = await feed.hub.feedTerms(feed.id);
  const indices = Array.from({ length: Number(terms.sources) }, (_, index) => index);
  return Promise.all(indices.map((index) => sourceAt(session, feed, index)));
}

/** The source that `--source` means. */
export function sourceBy(feed: Feed, sources: readonly Source[], option: string | undefined) {
  const known = sources.map(sourceLabel).join(", ");
  const text = required("--source", option, `${feed.name} has ${known}`);
  const index = Number(parseWhole("--source", text, 0n, 255n));
  const source = sources[index];
  if (source !== undefined) return source;
  throw new UsageError(`--source: ${feed.name} has no source ${index}: it has ${known}.`);
}

/** `1 (RedStone)`. */
export function sourceLabel({ index, network }: Pick<Source, "index" | "network">): string {
  return `${index} (${network.kind})`;
}

async function sourceAt(session: Session, { hub, id }: Feed, index: number): Promise<Source> {
  // By position: ethers' results are arrays, whose `push` is a method.
  const [address, vote, push, guard, stage, maxAge, maxAhead] = await hub.source(id, index);
  const network = await networkOf(session, address);
  return {
    index,
    address,
    vote: Number(vote),
    push,
    guard,
    stage: STAGES[Number(stage)] ?? "none",
    maxAge,
    maxAhead,
    network,
  };
}

/** What a source is, told by what it answers. */
async function networkOf(session: Session, address: string): Promise<Network> {
  const found = await Promise.all(
    [pushAt, redstoneAt, ownAt, streamsAt].map(async (look) => {
      try {
        return await look(session, address);
      } catch (error) {
        if (!isContractFault(error)) throw error;
        return undefined;
      }
    }),
  );
  return found.find((network) => network !== undefined) ?? { kind: "other" };
}

async function pushAt({ provider }: Session, address: string): Promise<Network> {
  const proxy = await IChainlinkPush__factory.connect(address, provider).proxy();
  return { kind: "Chainlink push", proxy };
}

async function redstoneAt({ provider }: Session, address: string): Promise<Network> {
  const source = IRedStone__factory.connect(address, provider);
  const [dataFeedId, signers, quorum] = await Promise.all([
    source.dataFeedId(),
    source.signers(),
    source.quorum(),
  ]);
  return {
    kind: "RedStone",
    dataFeedId: decodeBytes32String(dataFeedId),
    signers: [...signers],
    quorum: Number(quorum),
  };
}

async function ownAt({ provider }: Session, address: string): Promise<Network> {
  const contract = ISignedFeed__factory.connect(address, provider);
  const [pair, signers, quorum] = await Promise.all([
    contract.pair(),
    contract.signers(),
    contract.quorum(),
  ]);
  return {
    kind: "own signers",
    pair,
    contract,
    signers: [...signers],
    quorum: Number(quorum),
  };
}

async function streamsAt({ provider }: Session, address: string): Promise<Network> {
  const contract = IDataStreams__factory.connect(address, provider);
  const [feedId] = await Promise.all([contract.feedId(), contract.verifierProxy()]);
  return { kind: "Data Streams", feedId, contract };
}
