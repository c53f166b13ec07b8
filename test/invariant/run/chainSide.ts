import { toWord } from "../../../scripts/lib/abi.ts";
import type { Build } from "../chain/build.ts";
import type { Chain } from "../chain/chain.ts";
import { ACTORS, WALLET } from "../world/actors.ts";
import { placeAggregator, WALLET_CODES } from "../world/deploy.ts";
import type { Interfaces } from "../world/deploy.ts";
import { AT, aggregatorAt } from "../world/places.ts";
import type { Twin } from "../world/twin.ts";
import type { WorldAction } from "./command.ts";
import { feedOf, isLive, nextRound } from "./modelSide.ts";
import type { LedgerStorage } from "./storage.ts";

/** What changing the chain's world takes. */
export interface Stage {
  readonly chain: Chain;
  readonly build: Build;
  readonly interfaces: Interfaces;
  readonly storage: LedgerStorage;
}

/** Does to the chain's world what a command says. Runs before the model's: round numbers are read from the model. */
export async function changeChain(stage: Stage, twin: Twin, action: WorldAction): Promise<void> {
  const { chain, interfaces } = stage;
  switch (action.kind) {
    case "wait":
      return;
    case "round": {
      const feed = feedOf(twin, action.proxy);
      if (!isLive(feed)) return;
      const number = nextRound(feed, action.skipped);
      const update = interfaces.aggregator("updateRoundData");
      const data = update.encode([number, action.answer, action.updatedAt, action.updatedAt]);
      const aggregator = aggregatorAt(action.proxy, feed.current);
      return chain.mustSend(ACTORS.deployer.address, aggregator, data);
    }
    case "phase":
      return changePhase(stage, feedOf(twin, action.proxy).current + 1n, action);
    case "wallet":
      return chain.setCode(WALLET, WALLET_CODES[action.mode]);
    case "force":
      return force(stage, twin, action);
  }
}

async function changePhase(
  { chain, build, interfaces }: Stage,
  phase: bigint,
  { proxy, dead, decimals }: WorldAction & { readonly kind: "phase" },
): Promise<void> {
  if (!dead) await placeAggregator(chain, build, proxy, phase, decimals);
  const aggregator = [aggregatorAt(proxy, phase)];
  const { address: owner } = ACTORS.deployer;
  await chain.mustSend(owner, proxy, interfaces.proxy("proposeAggregator").encode(aggregator));
  await chain.mustSend(owner, proxy, interfaces.proxy("confirmAggregator").encode(aggregator));
}

/** Writes collateral and pool straight into the ledger's words. */
async function force(
  { chain, storage }: Stage,
  { ledger: { state } }: Twin,
  { account, book, collateral, pool }: WorldAction & { readonly kind: "force" },
): Promise<void> {
  const [header] = storage.position(state, account, book, 0);
  const { slot, word } = storage.book(state, book);
  if (header === undefined || header.word === 0n) return;
  const keep = (kept: bigint, low: bigint): string => toWord(((kept >> 112n) << 112n) | low);
  await chain.setSlot(AT.ledger, toWord(header.slot), keep(header.word, collateral));
  await chain.setSlot(AT.ledger, toWord(slot), keep(word, pool));
}
