import { packLeg, packageBalanceOf, packageId } from "@certus/model";
import type { Book, Env, Leg, Outcome } from "@certus/model";
import {
  BOB,
  EXPIRY,
  NO_PROOF,
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

/** A put spread that is held long: it never owes anything. */
export const SPREAD: readonly Leg[] = [leg("put", 1700, -1), leg("put", 1800, 1)];
/** Legs several times. */
export function times(legs: readonly Leg[], many: bigint): readonly Leg[] {
  return legs.map((each) => ({ ...each, quantity: many * each.quantity }));
}

/** A scene in which Bob has bought legs of Alice. */
export function bought(
  legs: readonly Leg[],
  of: (scene: Scene) => Book = ({ linear }) => linear,
): Scene {
  const scene = createScene();
  const sold = order(scene.alice, [part(of(scene), times(legs, -1n))]);
  expectOk(take(scene.ledger, scene.bob, sold));
  return scene;
}

/** What of whose is wrapped or unwrapped: one spread of Bob's by his hand, unless told otherwise. */
export interface Packing {
  readonly env?: Env;
  readonly account?: bigint;
  readonly book?: bigint;
  readonly legs?: readonly Leg[];
  readonly amount?: bigint;
}

function argumentsOf({ linear, bob }: Scene, packing: Packing) {
  const {
    env = from(BOB),
    account = bob,
    book = linear.book,
    legs = SPREAD,
    amount = 1n,
  } = packing;
  return [env, account, book, legs.map(packLeg), amount] as const;
}

/** The call that wraps. */
export function wrapping(scene: Scene, packing: Packing = {}): () => Outcome<bigint> {
  return () => scene.ledger.wrap(...argumentsOf(scene, packing));
}

/** The call that unwraps. */
export function unwrapping(scene: Scene, packing: Packing = {}): () => Outcome<bigint> {
  return () => scene.ledger.unwrap(...argumentsOf(scene, packing));
}

/** Id of a package of legs in a book. */
export function idOf(book: Book, legs: readonly Leg[] = SPREAD): bigint {
  return packageId(book.book, legs.map(packLeg));
}

/** How many packages of legs somebody holds, of spreads in the linear book unless told otherwise. */
export function packagesOf(
  scene: Scene,
  holder: bigint,
  legs = SPREAD,
  book = scene.linear,
): bigint {
  return packageBalanceOf(scene.ledger.state, holder, idOf(book, legs));
}

/** Fixes the price of a book, in whole prices, at its expiry. */
export function fix({ ledger, oracle }: Scene, book: Book, price: bigint): void {
  oracle.price = price * 10n ** 8n;
  expectOk(ledger.fixPrice(from(STRANGER, EXPIRY), book.book, NO_PROOF));
}
