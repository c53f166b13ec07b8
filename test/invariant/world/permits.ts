import { keccakWords } from "@certus/model";
import type { Address } from "@certus/model";

/** What a token's permits are signed under: any word of its own will do. */
export function permitDomain(token: Address): bigint {
  return keccakWords([token, 0x2612n]);
}

/** Where a token keeps the nonces of its permits: behind whatever OpenZeppelin's keeps. */
export const PERMIT_NONCES_SLOT = 0x70n;
