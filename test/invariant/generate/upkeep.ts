import { findAccount } from "@certus/model";
import type { AccountId, Address } from "@certus/model";

import { assemble } from "./fill.ts";
import { newOrder } from "./orders.ts";
import { ACCOUNTS, ACTORS, OPERATORS, TREASURIES } from "../world/actors.ts";
import { AT } from "../world/places.ts";
import { TRADE, anyAccount, callerFor, ownerCaller } from "./scene.ts";
import type { Draft, Planned, Scene } from "./scene.ts";

/** cancel: nonces of known orders, used and unused, several at once, some twice. */
export function draftCancel(scene: Scene): Draft {
  const { dice, orders } = scene;
  const known = dice.maybe(orders)?.order;
  const account = known?.account ?? anyAccount(scene);
  const used = [...(findAccount(scene.state, account)?.nonces.keys() ?? [])];
  const nonces = dice.weighted<readonly bigint[]>([
    [4, known === undefined ? [] : [known.nonce]],
    [2, dice.some(used, 2 / (used.length + 1))],
    [1, [dice.bits(256), dice.bits(8)]],
    [1, known === undefined ? [] : [known.nonce, known.nonce + 1n, known.nonce]],
    [0.3, []],
  ]);
  return { kind: "cancel", sender: callerFor(scene, account, TRADE), account, nonces };
}

/** raiseEpoch: of an account that has orders, seldom. */
export function draftRaiseEpoch(scene: Scene): Draft {
  const account = scene.dice.pick(ACCOUNTS);
  return { kind: "raiseEpoch", sender: callerFor(scene, account, TRADE), account };
}

/** A fill of an order that an operator signed, about when the grant ends. */
function fillAtEnd(account: AccountId, signer: Address, at: bigint): Planned {
  return (scene) => {
    if (at < scene.now) return undefined;
    const then = { ...scene, now: at };
    const taking = scene.dice.pick(ACCOUNTS.filter((other) => other !== account));
    const known = newOrder(then, taking, { account, signer });
    scene.nextNonce = then.nextNonce;
    return known && { ...assemble(then, known, taking), at };
  };
}

/** setAccountOperator: grants that last, grants that end at once, revocations. */
export function draftSetOperator(scene: Scene): Draft {
  const { dice, now } = scene;
  const account = anyAccount(scene);
  const operator = dice.chance(0.04) ? 0n : dice.pick([...OPERATORS, ACTORS.oscar.address]);
  const scopes = dice.weighted([
    [4, 3n],
    [2, 1n],
    [1.5, 2n],
    [1.5, 0n],
    [0.3, 4n],
    [0.1, 255n],
  ]);
  const until = dice.weighted([
    [6, now + dice.between(100n, 500_000n)],
    [2, now + dice.between(1n, 60n)],
    [1, dice.near(now)],
    [0.5, 0n],
    [0.5, (1n << 40n) - 1n],
  ]);
  const sender = ownerCaller(scene, account);
  if ((scopes & TRADE) !== 0n && until > now && until < now + 100n && dice.chance(0.6)) {
    scene.plan.push(fillAtEnd(account, operator, dice.near(until)));
  }
  return { kind: "setAccountOperator", sender, account, operator, scopes, until };
}

/** setTreasury. */
export function draftSetTreasury({ dice }: Scene): Draft {
  const sender = dice.chance(0.2) ? ACTORS.sam.address : ACTORS.admin.address;
  const treasury = dice.weighted([
    [8, dice.pick(TREASURIES)],
    [1, 0n],
    [1, AT.ledger],
  ]);
  return { kind: "setTreasury", sender, treasury };
}
