import { Contract, ZeroAddress } from "ethers";

import { ICircuitBreaker__factory } from "../../../packages/contracts/src/generated/bindings/factories/ICircuitBreaker__factory.ts";
import { OracleHub__factory } from "../../../packages/contracts/src/generated/bindings/factories/OracleHub__factory.ts";
import type { ICircuitBreaker } from "../../../packages/contracts/src/generated/bindings/ICircuitBreaker.ts";
import type { OracleHub } from "../../../packages/contracts/src/generated/bindings/OracleHub.ts";
import { isContractFault } from "../answers.ts";
import { marketBy, marketLabel } from "../markets.ts";
import type { Market } from "../markets.ts";
import { hubBehind } from "../oracle/hubs.ts";
import type { Session } from "../session.ts";
import { UsageError } from "../usage.ts";

/** A circuit breaker of the session's ledger. */
export interface Breaker {
  readonly address: string;
  readonly contract: ICircuitBreaker;
  /** Whose prices are evidence. */
  readonly hub: OracleHub;
  readonly hubAddress: string;
}

/** A market that a breaker guards. */
export interface Guarded extends Market {
  readonly breaker: Breaker;
}

const LEDGER_CALL = ["function LEDGER() view returns (address)"];

/** The breaker at an address; nothing if none of this ledger is there. */
export async function breakerAt(session: Session, address: string): Promise<Breaker | undefined> {
  if (address === ZeroAddress) return undefined;
  const { provider, ledgerAddress } = session;
  const contract = ICircuitBreaker__factory.connect(address, provider);
  try {
    const ledger: unknown = await new Contract(address, LEDGER_CALL, provider).getFunction(
      "LEDGER",
    )();
    if (ledger !== ledgerAddress) return undefined;
    await contract.networkWatch();
  } catch (error) {
    if (!isContractFault(error)) throw error;
    return undefined;
  }
  const hubAddress = await hubBehind(session, address);
  if (hubAddress === undefined) return undefined;
  const hub = OracleHub__factory.connect(hubAddress, provider);
  return { address, contract, hub, hubAddress };
}

/** The guarded market that is meant. */
export async function guardedBy(session: Session, name: string, text: string): Promise<Guarded> {
  const market = await marketBy(session, name, text);
  const { guard } = market.view.terms;
  const breaker = await breakerAt(session, guard);
  if (breaker !== undefined) return { ...market, breaker };
  const label = marketLabel(market);
  throw new UsageError(
    guard === ZeroAddress
      ? `${name}: market ${label} was listed without a guard: nobody can trip it.`
      : `${name}: the guard of market ${label}, ${guard}, is no circuit breaker of this ledger.`,
  );
}

/** Those of some markets that breakers guard. */
export async function guardedAmong(
  session: Session,
  markets: readonly Market[],
): Promise<Guarded[]> {
  const guards = [...new Set(markets.map(({ view }) => view.terms.guard))];
  const found = new Map(
    await Promise.all(
      guards.map(async (guard) => [guard, await breakerAt(session, guard)] as const),
    ),
  );
  return markets.flatMap((market) => {
    const breaker = found.get(market.view.terms.guard);
    return breaker === undefined ? [] : [{ ...market, breaker }];
  });
}
