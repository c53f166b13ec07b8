import type { Env, ErrorArguments, ErrorName, Leg, Limit, Order, Part } from "@certus/model";
import { expectNothing } from "./refusals.ts";
import { ALICE, BOB, OPEN_LIMIT, from, leg, order, part, sign } from "./scene.ts";
import type { Scene } from "./scene.ts";

/** Bob takes from Alice; whatever is not told otherwise is right. */
export interface Attempt {
  readonly legs?: readonly Leg[];
  readonly part?: Partial<Part>;
  readonly order?: Partial<Order>;
  readonly units?: bigint;
  readonly limits?: readonly Limit[];
  readonly env?: Env;
}

/** What Bob's fill of an order by Alice would do. */
export function attempt({ ledger, linear, alice, bob }: Scene, given: Attempt) {
  const parts = [part(linear, given.legs ?? [leg("put", 1800, -1)], given.part)];
  const signed = order(alice, parts, given.order);
  const limits = given.limits ?? signed.parts.map(() => OPEN_LIMIT);
  const env = given.env ?? from(BOB);
  return () =>
    ledger.fill(env, bob, signed, ALICE, sign(ledger, signed), given.units ?? 1n, limits);
}

/** Asserts that such a fill is refused with exactly this error, without a trace. */
export function refused<N extends ErrorName>(
  scene: Scene,
  given: Attempt,
  name: N,
  ...args: ErrorArguments[N]
): void {
  expectNothing(scene.ledger, attempt(scene, given), name, ...args);
}
