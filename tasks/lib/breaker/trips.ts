import type { TriggerRow } from "@certus/model";
import type { ContractTransactionReceipt, ContractTransactionResponse } from "ethers";

import { ICircuitBreaker__factory } from "../../../packages/contracts/src/generated/bindings/factories/ICircuitBreaker__factory.ts";
import { NEXT_BLOCK } from "../oracle/hubs.ts";
import { marketLabel } from "../markets.ts";
import type { Report } from "../print.ts";
import { mined, minedJson, minedText } from "../send.ts";
import type { Session } from "../session.ts";
import { idOf, timeOf } from "../shapes.ts";
import type { Acting } from "../signers.ts";
import { shownTime } from "../times.ts";
import { amountOf, amountText } from "../tokens.ts";
import { attempt } from "./attempts.ts";
import type { Guarded } from "./breakers.ts";
import { shortfallProof } from "./shortfall.ts";
import { isMove } from "./triggers.ts";
import { levelName } from "./words.ts";

/** Who trips which market why. */
export interface Tripping {
  readonly session: Session;
  readonly guarded: Guarded;
  readonly row: TriggerRow;
  readonly actor: Acting;
  readonly dryRun: boolean;
}

/** Trips a market, gives the notice that has to come first, or says when to come back; throws what the breaker refuses. */
export async function tripped(tripping: Tripping): Promise<Report> {
  const { session, guarded, row } = tripping;
  if (row.name === "Shortfall") return trippedShort(tripping);
  const { breaker, market } = guarded;
  const { feed } = await breaker.contract.watchOf(market, NEXT_BLOCK);
  const tried = await attempt(breaker, market, row, feed, session.now);
  switch (tried.kind) {
    case "refused":
      throw tried.cause;
    case "wait":
      return waiting(tripping, tried.from, tried.to);
    case "notice":
      return noticed(tripping);
    case "trip": {
      const contract = breaker.contract.connect(tripping.actor);
      const call = () => contract.trip(market, row.index, tried.hint);
      const extra = isMove(row) ? { hint: tried.hint } : {};
      return sent(tripping, tried, call, extra);
    }
  }
}

async function trippedShort(tripping: Tripping): Promise<Report> {
  const { session, guarded, actor } = tripping;
  const { market, breaker, token } = guarded;
  const { books, accounts, owed, balance } = await shortfallProof(session, guarded);
  const contract = breaker.contract.connect(actor);
  const lists: [bigint, bigint[], bigint[]] = [market, [...books], [...accounts]];
  const found = await contract.tripShortfall.staticCall(...lists, NEXT_BLOCK);
  const extra = {
    owed: amountOf(token, owed),
    balance: amountOf(token, balance),
    books: books.map(idOf),
    accounts: accounts.map(idOf),
  };
  const call = () => contract.tripShortfall(...lists);
  const report = await sent(tripping, found, call, extra);
  const why = `${books.length} books and ${accounts.length} accounts are owed ${amountText(token, owed)}, and the ledger has ${amountText(token, balance)}.`;
  return { ...report, text: `${why}\n${report.text}` };
}

/** A level that a trip would set. */
interface Level {
  readonly level: bigint;
  readonly until: bigint;
}

async function sent(
  { guarded, row, dryRun }: Tripping,
  { level, until }: Level,
  call: () => Promise<ContractTransactionResponse>,
  extra: Readonly<Record<string, unknown>>,
): Promise<Report> {
  const json = { market: idOf(guarded.market), trigger: row.name, ...extra };
  const what = `market ${marketLabel(guarded)} for ${row.name}`;
  if (dryRun) {
    const set = { level: levelName(level), until: timeOf(until) };
    const text = `Would trip ${what}: ${levelName(level)} until ${shownTime(until)} UTC.`;
    return { json: { ...json, ...set, dryRun: true }, text };
  }
  const receipt = await mined(await call());
  const told = trippedIn(receipt) ?? { level, until };
  const set = { level: levelName(told.level), until: timeOf(told.until) };
  const text = `Tripped ${what}: ${set.level} until ${shownTime(told.until)} UTC.\n${minedText(receipt)}`;
  return { json: { ...json, ...set, transaction: minedJson(receipt) }, text };
}

async function noticed({ guarded, row, actor, session, dryRun }: Tripping): Promise<Report> {
  const { market, breaker } = guarded;
  const contract = breaker.contract.connect(actor);
  const what = `notice of ${row.name} in market ${marketLabel(guarded)}`;
  const json = { market: idOf(market), trigger: row.name, noticed: true };
  if (dryRun) {
    const from = session.now + row.noticeMin;
    return {
      json: { ...json, from: timeOf(from), dryRun: true },
      text: `Would give ${what}; it can be tripped ${row.noticeMin / 60n} min later, if that holds on.`,
    };
  }
  const receipt = await mined(await contract.notice(market, row.index));
  const { from, to } = await breaker.contract.noticeOf(market, row.index);
  return {
    json: { ...json, from: timeOf(from), to: timeOf(to), transaction: minedJson(receipt) },
    text: `Gave ${what}: come back between ${shownTime(from)} and ${shownTime(to)} UTC.\n${minedText(receipt)}`,
  };
}

function waiting({ guarded, row }: Tripping, from: bigint, to: bigint): Report {
  return {
    json: {
      market: idOf(guarded.market),
      trigger: row.name,
      noticed: false,
      from: timeOf(from),
      to: timeOf(to),
    },
    text: `Notice of ${row.name} stands in market ${marketLabel(guarded)}: come back between ${shownTime(from)} and ${shownTime(to)} UTC.`,
  };
}

const breakerEvents = ICircuitBreaker__factory.createInterface();

function trippedIn({ logs }: ContractTransactionReceipt): Level | undefined {
  for (const log of logs) {
    const found = breakerEvents.parseLog(log);
    if (found?.name !== "Tripped") continue;
    const arg = (name: string) => found.args.getValue(name) as bigint;
    return { level: arg("level"), until: arg("until") };
  }
  return undefined;
}
