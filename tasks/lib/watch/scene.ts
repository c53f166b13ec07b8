import { ChainNode } from "../../../scripts/replay/node.ts";
import type { BlockRef } from "../../../scripts/replay/node.ts";
import type { Progress } from "../../../scripts/replay/progress.ts";
import { readProtocol } from "../../../scripts/replay/protocol.ts";
import { GENTLE, RpcClient } from "../../../scripts/replay/rpc.ts";
import { chooseStart } from "../../../scripts/replay/target.ts";
import { allMarkets } from "../markets.ts";
import { note } from "../print.ts";
import type { Session } from "../session.ts";
import { UsageError } from "../usage.ts";
import { Activity } from "./activity.ts";
import { Checker } from "./checker.ts";
import { Conditions } from "./conditions.ts";
import { Contracts } from "./contracts.ts";
import { Look } from "./look.ts";
import { LedgerNames } from "./names.ts";
import { EventOnlooker } from "./onlooker.ts";
import { OperationBook } from "./operations.ts";
import type { WatchOptions } from "./options.ts";
import type { Output } from "./output.ts";
import { Replicator } from "./replicator.ts";
import { Others } from "./told.ts";
import { Trail } from "./trail.ts";

/** Everything that a watch works with. */
export interface Scene {
  readonly chainId: bigint;
  /** The ledger, in small letters. */
  readonly ledger: string;
  readonly node: ChainNode;
  readonly options: WatchOptions;
  readonly output: Output;
  readonly progress: Progress | undefined;
  /** Says something on stderr. */
  readonly say: (text: string) => void;
  readonly contracts: Contracts;
  readonly others: Others;
  readonly activity: Activity;
  readonly onlooker: EventOnlooker;
  readonly operations: OperationBook;
  readonly replicator: Replicator;
  readonly checker: Checker;
  readonly look: Look;
  readonly conditions: Conditions;
  readonly names: LedgerNames;
  readonly trail: Trail;
  /** The first block that can matter. */
  readonly start: number;
}

/** What a watch is opened with. */
export interface SceneWanted {
  readonly session: Session;
  readonly options: WatchOptions;
  readonly output: Output;
  readonly progress: Progress | undefined;
  /** The first block, if it was given. */
  readonly from: number | undefined;
}

/** The loop does its own waiting: a request is given up soon. */
const TRIES = 2;
/** Blocks remembered beyond those that a reorganisation may give up. */
const SPARE = 64;

/** Finds out what there is to watch. */
export async function openScene(wanted: SceneWanted): Promise<Scene> {
  const { session, options, output, progress, from } = wanted;
  const ledger = session.ledgerAddress.toLowerCase();
  const node = new ChainNode(new RpcClient(session.url, { ...GENTLE, tries: TRIES }));
  const chainId = await node.chainId();
  const head = await headOf(node);
  const contracts = new Contracts(ledger);
  contracts.manage(BigInt(await session.ledger.authority()));
  const markets = await allMarkets(session);
  const named = markets.map(({ view: { terms } }) => ({
    oracle: BigInt(terms.oracle),
    guard: BigInt(terms.guard),
  }));
  await contracts.learn(node, named, head);
  const activity = new Activity(options.limits.window);
  const onlooker = new EventOnlooker(activity);
  const protocol = protocolHere();
  const replicator = new Replicator({ chainId, address: ledger }, protocol, contracts, onlooker);
  return {
    chainId,
    ledger,
    node,
    options,
    output,
    progress,
    say: (text) => {
      progress?.clear();
      note(text);
    },
    contracts,
    others: new Others(),
    activity,
    onlooker,
    operations: new OperationBook(),
    replicator,
    checker: new Checker(node, replicator),
    look: new Look(node, contracts),
    conditions: new Conditions(),
    names: new LedgerNames(session, () => replicator.now.state),
    trail: new Trail(options.limits.reorgDepth + SPARE),
    start: await startOf(node, { ledger, oracles: contracts.single, from }, head),
  };
}

async function headOf(node: ChainNode): Promise<BlockRef> {
  const number = await node.head();
  const [header] = await node.headers([number]);
  if (header === undefined) throw new UsageError(`The node has no block ${number}, its own head.`);
  return header;
}

function protocolHere() {
  try {
    return readProtocol();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(
      `The contracts' build is missing or old (${why}): run npm run build, the replica needs it.`,
    );
  }
}

async function startOf(
  node: ChainNode,
  wanted: Parameters<typeof chooseStart>[1],
  head: BlockRef,
): Promise<number> {
  try {
    return await chooseStart(node, wanted, head);
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "UsageError") throw error;
    throw new UsageError(`${error.message.replace("--from ", "--from-block ")}.`);
  }
}
