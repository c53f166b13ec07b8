import type { LedgerEvent, OracleEvent } from "@certus/model";

import { LedgerLogs, OracleLogs, isOther } from "../lib/events.ts";
import type { OtherEvent } from "../lib/events.ts";
import type { AbiEntry } from "../lib/abi.ts";
import { HistoryFault } from "./errors.ts";
import type { RpcLog } from "./node.ts";

/** Where an event stands in the chain. */
export interface At {
  readonly block: number;
  readonly transaction: string;
  /** Number of the log in its block. */
  readonly log: number;
}

/** What one transaction told: of the ledger, in order, and of the oracles. */
export interface Call {
  readonly block: number;
  readonly transaction: string;
  readonly events: LedgerEvent[];
  /** Numbers of the events' logs in their block. */
  readonly logs: number[];
  readonly others: OtherEvent[];
  readonly fixings: OracleTold[];
}

/** An event of an oracle. */
export interface OracleTold {
  readonly oracle: bigint;
  readonly log: number;
  readonly event: OracleEvent;
}

/** An event's place as a sentence has it. */
export function tellAt({ block, transaction, log }: At): string {
  return `block ${block}, transaction ${transaction}, log ${log}`;
}

function digits(text: string): string {
  return text.slice(2);
}

/** Makes calls out of logs: decodes them and puts those of one transaction together. */
export class CallReader {
  readonly #ledger: string;
  readonly #ledgerLogs: LedgerLogs;
  readonly #oracleLogs: OracleLogs;

  /**
   * @param ledger - Its address, in small letters; all other logs are oracles'.
   * @param abis - Of IClearinghouse and of ChainlinkSettlement.
   */
  constructor(
    ledger: string,
    abis: { readonly ledger: readonly AbiEntry[]; readonly oracle: readonly AbiEntry[] },
  ) {
    this.#ledger = ledger;
    this.#ledgerLogs = new LedgerLogs(abis.ledger);
    this.#oracleLogs = new OracleLogs(abis.oracle);
  }

  /** The calls behind logs. Throws a `HistoryFault` if they are out of order, or one is no event. */
  read(logs: readonly RpcLog[]): readonly Call[] {
    const calls: Call[] = [];
    let call: Call | undefined;
    let before: At = { block: -1, transaction: "", log: -1 };
    for (const log of logs) {
      const at = {
        block: Number(log.blockNumber),
        transaction: log.transactionHash,
        log: Number(log.logIndex),
      };
      if (at.block < before.block || (at.block === before.block && at.log <= before.log)) {
        const event = this.#nameOf(log);
        const what = at.block === before.block && at.log === before.log ? "comes twice" : "is late";
        throw new HistoryFault(`${event} (${tellAt(at)}) ${what}`);
      }
      before = at;
      if (call?.transaction !== at.transaction || call.block !== at.block) {
        const { block, transaction } = at;
        call = { block, transaction, events: [], logs: [], others: [], fixings: [] };
        calls.push(call);
      }
      this.#add(call, log, at);
    }
    return calls;
  }

  #add(call: Call, log: RpcLog, at: At): void {
    if (log.address.toLowerCase() !== this.#ledger) {
      const event = decoded(this.#oracleLogs, log, at, "the oracle");
      call.fixings.push({ oracle: BigInt(log.address), log: at.log, event });
      return;
    }
    const event = decoded(this.#ledgerLogs, log, at, "the ledger");
    if (isOther(event)) {
      call.others.push(event);
      return;
    }
    call.events.push(event);
    call.logs.push(at.log);
  }

  #nameOf(log: RpcLog): string {
    const table = log.address.toLowerCase() === this.#ledger ? this.#ledgerLogs : this.#oracleLogs;
    return table.decode(log.topics.map(digits), digits(log.data))?.name ?? "an unknown event";
  }
}

function decoded<E>(
  table: { decode(topics: readonly string[], data: string): E | undefined },
  log: RpcLog,
  at: At,
  whose: string,
): E {
  let event: E | undefined;
  try {
    event = table.decode(log.topics.map(digits), digits(log.data));
  } catch (error) {
    throw new HistoryFault(`${tellAt(at)}: ${whose}'s log has no sense: ${String(error)}`);
  }
  if (event === undefined) {
    throw new HistoryFault(`${tellAt(at)}: ${whose} declares no event ${log.topics[0] ?? ""}`);
  }
  return event;
}
