import { packLeg } from "@certus/model";
import { setUp } from "./fixing.ts";
import { permit } from "./permits.ts";
import {
  ADMIN,
  ALICE,
  BOB,
  CAROL,
  EXPIRY,
  GUARD,
  NO_PROOF,
  OPERATOR,
  QUOTE,
  START,
  STRANGER,
  createScene,
  expectOk,
  from,
  leg,
  order,
  part,
  take,
} from "./scene.ts";
import type { Scene } from "./scene.ts";

/** Address of an oracle that keeps fixings. */
export const FEED_ORACLE = 0x13n;

/** Orders filled whole, in part and cancelled, in both books. */
function trade({ ledger, linear, inverse, alice, bob, carol }: Scene): void {
  const puts = [leg("put", 1700, 20), leg("put", 1800, -20), leg("put", 1900, -4)];
  const sold = order(alice, [part(linear, puts, { premium: 1_000_000n })], { units: 3n });
  expectOk(take(ledger, bob, sold, 2n));
  const calls = [part(inverse, [leg("call", 2500, -3)], { premium: -5_000n })];
  expectOk(take(ledger, alice, order(carol, calls, { nonce: 300n })));
  expectOk(ledger.cancel(from(BOB), bob, [1n, 129n]));
  expectOk(ledger.raiseEpoch(from(CAROL), carol));
  expectOk(ledger.setAccountOperator(from(ALICE), alice, OPERATOR, 3n, EXPIRY));
}

/** Packages that are held, that may be taken, and whose owner has an operator. */
function pack({ ledger, inverse, linear, alice, bob }: Scene): void {
  const call = [packLeg(leg("call", 2500, 1))];
  const calls = expectOk(ledger.wrap(from(ALICE), alice, inverse.book, call, 2n));
  expectOk(ledger.transfer(from(ALICE), CAROL, calls, 1n));
  const spread = [leg("put", 1700, -1), leg("put", 1800, 1)].map(packLeg);
  const spreads = expectOk(ledger.wrap(from(BOB), bob, linear.book, spread, 7n));
  expectOk(ledger.approve(from(BOB), STRANGER, spreads, 5n));
  expectOk(ledger.setOperator(from(CAROL), OPERATOR, true));
}

/**
 * A history after which a state has facts of every kind: two markets, trades, packages, guards, a permit, and one book
 * whose price is fixed and one of whose accounts is settled.
 */
export function tellHistory(): Scene {
  const scene = createScene({ cash: 10n ** 20n });
  const { ledger, linear, inverse, bob } = scene;
  ledger.world.oracles.set(FEED_ORACLE, setUp().oracle);
  trade(scene);
  pack(scene);
  const signature = permit(ledger, ALICE, 9n);
  expectOk(ledger.selfPermit(from(ALICE), QUOTE, 9n, EXPIRY, signature));
  const { market } = inverse.market;
  expectOk(ledger.setGuard(from(GUARD), market, 2n, START + 600n, 10n ** 25n));
  expectOk(ledger.retire(from(ADMIN), market));
  expectOk(ledger.fixPrice(from(STRANGER, EXPIRY), linear.book, NO_PROOF));
  expectOk(ledger.settle(from(STRANGER, EXPIRY), linear.book, [bob]));
  return scene;
}
