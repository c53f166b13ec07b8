import { keccak256, toBeHex, AbiCoder } from "ethers";

import { layoutsOf, readArtifact, slotsOf } from "../../scripts/lib/artifacts.ts";
import { deployLens } from "../../scripts/lib/deploy.ts";
import {
  deployThreeClasses,
  profileOf,
  pulledPayloads,
} from "../../scripts/lib/oracle/threeClasses.ts";
import type { ThreeClasses } from "../../scripts/lib/oracle/threeClasses.ts";
import { withSecond } from "../fixtures/takes.ts";
import type { ManyWorld } from "../fixtures/takes.ts";
import { usd } from "../fixtures/units.ts";
import { deployOpen, listMarket, now } from "../fixtures/world.ts";
import { startReplayNode } from "./replayNode.ts";

/** A node that other processes reach, with open books of which one settles on three classes of sources. */
export interface WatchWorld extends ManyWorld {
  readonly url: string;
  readonly lens: string;
  readonly classes: ThreeClasses;
  /** Brings readings of all three classes of now. */
  readonly read: () => Promise<void>;
  /** Number of the newest block. */
  readonly head: () => Promise<number>;
  /** Mines so many blocks, one by one: `hardhat_mine` makes blocks without parents. */
  readonly mine: (blocks: number) => Promise<void>;
  /** Mines a block so many seconds later. */
  readonly pass: (seconds: bigint) => Promise<void>;
  /** Writes a word of a contract past all of its functions. */
  readonly tamper: (contract: string, slot: bigint, word: bigint) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Slot of a value in a mapping of mappings, or of a mapping. */
export function slotIn(base: bigint, ...keys: readonly bigint[]): bigint {
  const coder = AbiCoder.defaultAbiCoder();
  return keys.reduce(
    (slot, key) => BigInt(keccak256(coder.encode(["uint256", "uint256"], [key, slot]))),
    base,
  );
}

/** Slot of a variable of the ledger. */
export function ledgerSlot(label: string): bigint {
  const [layout] = layoutsOf([readArtifact("contracts/Annex.sol", "Annex")]);
  const slot = layout && slotsOf(layout)[label];
  if (slot === undefined) throw new Error(`the ledger has no variable ${label}`);
  return slot;
}

/** Starts the node and puts all on it. */
export async function startWatchWorld(): Promise<WatchWorld> {
  const node = await startReplayNode();
  const { connection, url } = node;
  const { provider } = connection;
  const world = await withSecond(await deployOpen(connection));
  const lens = await (await deployLens(world.admin, world.ledger)).getAddress();
  const manager = await world.manager.getAddress();
  const classes = await deployThreeClasses(connection.ethers, world.admin, manager);
  const read = async (): Promise<void> => {
    await classes.aggregator.updateAnswer(usd(2_000));
    await classes.hub.poke(classes.feed);
    const payloads = pulledPayloads(classes, await now(world), usd(2_000));
    await classes.hub.update(classes.feed, 1, payloads.redstone);
    await classes.hub.update(classes.feed, 2, payloads.own);
  };
  await read();
  const market = await listMarket(world, {
    ...world.linearTerms,
    feed: classes.feed,
    oracle: await classes.oracle.getAddress(),
    profile: profileOf(0, world.linearTerms.ceiling),
  });
  await world.ledger.openBook(market, world.expiry);
  const mine = async (blocks: number): Promise<void> => {
    for (let left = blocks; left > 0; left--) await provider.request({ method: "evm_mine" });
  };
  return {
    ...world,
    url,
    lens,
    classes,
    read,
    head: () => connection.ethers.provider.getBlockNumber(),
    mine,
    pass: async (seconds) => {
      await provider.request({ method: "evm_increaseTime", params: [Number(seconds)] });
      await mine(1);
    },
    tamper: async (contract, slot, word) => {
      const params = [contract, toBeHex(slot), toBeHex(word, 32)];
      await provider.request({ method: "hardhat_setStorageAt", params });
    },
    close: node.close,
  };
}
