import { MAX_UINT256, permitNonceOf } from "@certus/model";
import type { Address } from "@certus/model";

import type { Actions } from "../run/command.ts";
import { ACTORS, ACTOR_AT, PAYERS } from "../world/actors.ts";
import { FOREIGN, TOKENS } from "../world/places.ts";
import type { Draft, Scene } from "./scene.ts";

/** A permit in the making. */
export type PermitDraft = Draft & { readonly kind: "selfPermit" };

/** A permit of somebody's for a token, signed well: the next nonce, the amount that is asked for. */
export function soundPermit(scene: Scene, sender: Address, token: Address): PermitDraft {
  const { dice, now, twin } = scene;
  const known = twin.ledger.world.tokens.get(token);
  const nonce = known === undefined ? 0n : permitNonceOf(known, sender);
  const amount = dice.chance(0.7) ? MAX_UINT256 : dice.magnitude(100);
  const deadline = now + dice.between(20n, 100_000n);
  const signing = { by: sender, value: amount, nonce };
  return { kind: "selfPermit", sender, token, amount, deadline, signing };
}

type Spoiler = (scene: Scene, permit: Actions["selfPermit"]) => Partial<Actions["selfPermit"]>;

/** Each makes a permit one that no token takes. */
const SPOILERS: readonly Spoiler[] = [
  ({ dice, now }) => ({ deadline: now - dice.between(1n, 9n) }),
  (_scene, { signing }) => ({ signing: { ...signing, by: ACTORS.sam.address } }),
  (_scene, { signing }) => ({ signing: { ...signing, nonce: signing.nonce + 1n } }),
  // Shown before: somebody has been faster.
  (_scene, { signing: { nonce, ...rest } }) => ({
    signing: { ...rest, nonce: nonce > 0n ? nonce - 1n : 7n },
  }),
  (_scene, { signing }) => ({ signing: { ...signing, value: signing.value ^ 1n } }),
  () => ({ token: FOREIGN.nobody }),
  () => ({ token: FOREIGN.lossy }),
  () => ({ token: FOREIGN.calling }),
];

/** Somebody with a key who pays, mostly one whose tokens the ledger may not take without limit. */
export function permitter({ dice }: Scene): Address {
  const keyed = PAYERS.filter((payer) => ACTOR_AT.has(payer));
  return dice.chance(0.6) ? ACTORS.fred.address : dice.pick(keyed);
}

/** selfPermit: good mostly, else such that the token refuses it. */
export function draftPermit(scene: Scene): Draft {
  const { dice } = scene;
  const sound = soundPermit(scene, permitter(scene), dice.pick(TOKENS));
  return dice.chance(0.4) ? { ...sound, ...dice.pick(SPOILERS)(scene, sound) } : sound;
}
