import type { BatchableCall, BatchableName, Env, Ledger, Outcome } from "@certus/model";

/** One call as it was made. */
export interface Made {
  readonly env: Env;
  readonly call: BatchableCall;
}

const NAMES: { readonly [N in BatchableName]: true } = {
  deposit: true,
  depositToBook: true,
  withdraw: true,
  allocate: true,
  free: true,
  fill: true,
  fillMany: true,
  transferLegs: true,
  wrap: true,
  unwrap: true,
  redeem: true,
  cancel: true,
  settle: true,
  claim: true,
  fixPrice: true,
  selfPermit: true,
};

/** A ledger whose calls that a batch could make are handed to somebody; all others reach it as they are. */
export function intercept(ledger: Ledger, made: (made: Made) => Outcome<unknown>): Ledger {
  return new Proxy(ledger, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== "function") return member;
      if (!Object.hasOwn(NAMES, name)) return member.bind(target) as unknown;
      return (env: Env, ...args: readonly unknown[]) =>
        made({ env, call: { name, args } as unknown as BatchableCall });
    },
  });
}

/** A ledger that makes each such call in a batch of its own. */
export function batching(ledger: Ledger): Ledger {
  return intercept(ledger, ({ env, call }) => {
    const outcome = ledger.batch(env, [call]);
    return outcome.ok ? { ...outcome, returned: outcome.returned[0] } : outcome;
  });
}
