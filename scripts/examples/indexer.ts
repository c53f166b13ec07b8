/**
 * An indexer in small: reads all events of a ledger, turns them into state, and prints what each book holds and the state's
 * root. It believes its node and does not notice a fork; `npm run replay` does not believe it and does.
 *
 *   npx node scripts/examples/indexer.ts http://127.0.0.1:8545 0x…
 */
import { readFile } from "node:fs/promises";

import { applyCall, createState, stateRoot } from "@certus/model";
import type { LedgerEvent } from "@certus/model";
import { isAddress, JsonRpcProvider, toBeHex } from "ethers";
import type { Log } from "ethers";

import type { AbiEntry } from "../lib/abi.ts";
import { isOther, LedgerLogs } from "../lib/events.ts";

const ABI = new URL("../../packages/contracts/abi/IClearinghouse.json", import.meta.url);

async function main([rpc, ledger]: readonly string[]): Promise<void> {
  if (rpc === undefined || ledger === undefined || !isAddress(ledger)) {
    throw new Error("say where: npx node scripts/examples/indexer.ts RPC_URL LEDGER_ADDRESS");
  }
  const provider = new JsonRpcProvider(rpc, undefined, { cacheTimeout: -1 });
  const decoder = new LedgerLogs(JSON.parse(await readFile(ABI, "utf8")) as AbiEntry[]);
  const { chainId } = await provider.getNetwork();

  // The ledger's first event names its treasury: nothing but where it stands must be known beforehand.
  const state = createState({ chainId, ledger: BigInt(ledger), treasury: 0n });
  const logs = await provider.getLogs({ address: ledger, fromBlock: 0, toBlock: "latest" });
  for (const call of callsOf(logs)) {
    const block = await provider.getBlock(call[0].blockNumber);
    const events = call.flatMap((log) => eventIn(decoder, log));
    applyCall(state, events, BigInt(block?.timestamp ?? 0));
  }

  for (const { book, pool, fees, price } of state.books.values()) {
    console.log(`book ${toBeHex(book, 32)}: pool ${pool}, fees ${fees}, settled at ${price}`);
  }
  console.log(`state root ${toBeHex(stateRoot(state), 32)}`);
  provider.destroy();
}

/** Logs by transaction: whoever owes something in the middle of one must not at its end. */
function callsOf(all: readonly Log[]): [Log, ...Log[]][] {
  const calls = new Map<string, [Log, ...Log[]]>();
  for (const log of all) {
    const call = calls.get(log.transactionHash);
    if (call === undefined) calls.set(log.transactionHash, [log]);
    else call.push(log);
  }
  return [...calls.values()];
}

/** The event in a log, in the model's words; nothing where the model has none. */
function eventIn(decoder: LedgerLogs, { topics, data }: Log): LedgerEvent[] {
  const event = decoder.decode(topics.map(digits), digits(data));
  if (event === undefined) throw new Error(`the ledger declares no event ${topics[0]}`);
  return isOther(event) ? [] : [event];
}

function digits(hex: string): string {
  return hex.slice(2);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(`indexer: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
