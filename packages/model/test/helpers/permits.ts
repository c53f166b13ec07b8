import { permitDigest, permitNonceOf } from "@certus/model";
import type { Ledger, Permit, Signature } from "@certus/model";
import { EXPIRY, LEDGER, PERMIT_DOMAIN, QUOTE } from "./scene.ts";

/** An owner's signature of a permit for the ledger: of the quote token and its next nonce unless told otherwise. */
export function permit(
  { world }: Ledger,
  owner: bigint,
  value: bigint,
  changes: Partial<Permit> & { readonly by?: bigint; readonly domain?: bigint } = {},
): Signature {
  const { by = owner, domain = PERMIT_DOMAIN, ...given } = changes;
  const token = world.tokens.get(QUOTE);
  const nonce = token === undefined ? 0n : permitNonceOf(token, owner);
  const said = { owner, spender: LEDGER, value, nonce, deadline: EXPIRY, ...given };
  return { kind: "ecdsa", by, digest: permitDigest(domain, said) };
}
