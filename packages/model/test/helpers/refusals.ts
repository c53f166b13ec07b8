import { expect } from "chai";
import { digestState } from "@certus/model";
import type { ErrorArguments, ErrorName, Ledger, Outcome, World } from "@certus/model";

/** Asserts that a call was refused with exactly this error. */
export function expectRefused<N extends ErrorName>(
  outcome: { readonly ok: true } | { readonly ok: false; readonly error: object },
  name: N,
  ...args: ErrorArguments[N]
): void {
  const seen = outcome.ok ? "the call succeeded" : outcome.error;
  expect(seen).to.deep.equal({ name, args });
}

/** Balances, allowances and permits of every token, for comparing worlds. */
export function dumpTokens(world: World): unknown {
  return [...world.tokens].map(([address, { balances, allowances, permits }]) => [
    address,
    [...balances].filter(([, balance]) => balance !== 0n),
    [...allowances].map(([owner, spenders]) => [owner, [...spenders]]),
    [...(permits?.nonces ?? [])],
  ]);
}

/** Asserts that a call is refused with exactly this error, and that neither the state nor the world has moved. */
export function expectNothing<N extends ErrorName>(
  ledger: Ledger,
  call: () => Outcome<unknown>,
  name: N,
  ...args: ErrorArguments[N]
): void {
  const before = [digestState(ledger.state), dumpTokens(ledger.world)];
  expectRefused(call(), name, ...args);
  expect([digestState(ledger.state), dumpTokens(ledger.world)], "nothing moved").to.deep.equal(
    before,
  );
}
