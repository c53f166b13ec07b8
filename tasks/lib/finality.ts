import { setTimeout as sleep } from "node:timers/promises";

import type { Provider, TransactionReceipt } from "ethers";

import { parametersOf } from "../../deploy/parameters/index.ts";
import type { FinalityRule } from "../../deploy/parameters/index.ts";
import { patience } from "./patience.ts";
import { note } from "./print.ts";
import { UsageError } from "./usage.ts";

/** Looks in a row at which a transaction that was there has to be missing before it is gone for good. */
const MISSES = 4;
/** The same of one that was never there: behind one address there are many nodes, which learn of it one by one. */
const UNSEEN = 30;
/** Looks between two remarks. */
const REMARKS = 30;

const rules = new WeakMap<object, FinalityRule>();

/** Makes everything that is sent through a provider wait by a rule. */
export function obey(provider: Provider, rule: FinalityRule): void {
  rules.set(provider, rule);
}

/** The rule of a provider; without one, mined is done. */
export function ruleOf(provider: Provider): FinalityRule {
  return rules.get(provider) ?? { kind: "confirmations", confirmations: 1 };
}

/** The rule of a chain for which no deployment's file says one. */
export function usualRule(chainId: bigint): FinalityRule {
  return parametersOf(chainId)?.finality ?? { kind: "confirmations", confirmations: 1 };
}

/** A rule in words: `safe head`, `12 confirmations`. */
export function ruleText(rule: FinalityRule): string {
  if (rule.kind === "tag") return `${rule.tag} head`;
  return `${rule.confirmations} confirmation${rule.confirmations === 1 ? "" : "s"}`;
}

/** A rule as `--finality` takes it: `safe`, `finalized`, or a number of confirmations. */
export function parseRule(name: string, text: string): FinalityRule {
  if (text === "safe" || text === "finalized") return { kind: "tag", tag: text };
  const confirmations = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (confirmations > 0) return { kind: "confirmations", confirmations };
  throw new UsageError(
    `${name}: ${JSON.stringify(text)} is no rule: write safe, finalized, or how many blocks, the own one counted.`,
  );
}

/** Waits until a transaction is in a block, however young. */
export function included(provider: Provider, hash: string): Promise<TransactionReceipt> {
  return waitFor(provider, hash, { kind: "confirmations", confirmations: 1 });
}

/** Waits until a transaction is final by the rule of its provider, and still there. */
export function final(provider: Provider, hash: string): Promise<TransactionReceipt> {
  return waitFor(provider, hash, ruleOf(provider));
}

async function waitFor(
  provider: Provider,
  hash: string,
  rule: FinalityRule,
): Promise<TransactionReceipt> {
  let block: number | undefined;
  let seen = false;
  let misses = 0;
  for (let look = 1; ; look++) {
    const receipt = await provider.getTransactionReceipt(hash);
    if (receipt !== null) {
      [block, seen, misses] = [receipt.blockNumber, true, 0];
      if (await isFinal(provider, receipt, rule)) return receipt;
    } else if ((await provider.getTransaction(hash)) !== null) {
      [seen, misses] = [true, 0];
    } else if (++misses === (seen ? MISSES : UNSEEN)) {
      throw gone(hash, block);
    }
    if (look % REMARKS === 0) note(waiting(hash, block, rule));
    await sleep(patience.poll);
  }
}

async function isFinal(
  provider: Provider,
  { blockNumber, blockHash }: TransactionReceipt,
  rule: FinalityRule,
): Promise<boolean> {
  if (rule.kind === "confirmations" && rule.confirmations === 1) return true;
  const height =
    rule.kind === "tag"
      ? ((await provider.getBlock(rule.tag))?.number ?? 0)
      : (await provider.getBlockNumber()) - rule.confirmations + 1;
  if (height < blockNumber) return false;
  // What is that deep has to be of the chain that got so long.
  return (await provider.getBlock(blockNumber))?.hash === blockHash;
}

function gone(hash: string, block: number | undefined): UsageError {
  const was =
    block === undefined
      ? "the node knows nothing of it"
      : `it was in block ${block}, and the chain was reorganised`;
  return new UsageError(
    `The transaction ${hash} is not on the chain: ${was}. What it did does not hold: look at the state, and run the task again.`,
  );
}

function waiting(hash: string, block: number | undefined, rule: FinalityRule): string {
  return block === undefined
    ? `${hash} is not mined yet …`
    : `${hash} is in block ${block}, waiting for the ${ruleText(rule)} …`;
}
