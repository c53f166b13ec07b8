import type { Context } from "../context.ts";
import { keccakText, keccakWords } from "../keccak.ts";
import type { Address, Signature } from "../types.ts";
import { setEntry, undoAll } from "../undo.ts";
import type { Undo } from "../undo.ts";
import { saveAllowance, approve } from "./tokens.ts";
import type { Token } from "./tokens.ts";

const PERMIT_TYPEHASH = keccakText(
  "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)",
);

/** What an EIP-2612 permit says. */
export interface Permit {
  readonly owner: Address;
  readonly spender: Address;
  /** What the spender may take, base units. */
  readonly value: bigint;
  readonly nonce: bigint;
  /** Last second of the permit. */
  readonly deadline: bigint;
}

/** What is signed for a permit: keccak256(0x1901 ‖ the token's domain separator ‖ struct hash). */
export function permitDigest(domain: bigint, permit: Permit): bigint {
  const { owner, spender, value, nonce, deadline } = permit;
  const hash = keccakWords([PERMIT_TYPEHASH, owner, spender, value, nonce, deadline]);
  return keccakWords([domain, hash], [0x19, 0x01]);
}

/** The nonce that the next permit of an owner must carry; 0 for a token without permits. */
export function permitNonceOf(token: Token, owner: Address): bigint {
  return token.permits?.nonces.get(owner) ?? 0n;
}

/**
 * Whether a token would grant the ledger a permit of the caller.
 *
 * @returns What does it; nothing where the token refuses, whatever its reason.
 */
export function planPermit(
  { state, world, env }: Context,
  address: Address,
  value: bigint,
  deadline: bigint,
  signature: Signature,
): (() => Undo) | undefined {
  const token = world.tokens.get(address);
  if (token?.permits === undefined || env.now > deadline) return undefined;
  const { domain, nonces } = token.permits;
  const [owner, spender] = [env.sender, state.ledger];
  const nonce = permitNonceOf(token, owner);
  const digest = permitDigest(domain, { owner, spender, value, nonce, deadline });
  const proven =
    signature.kind === "ecdsa" && signature.by === owner && signature.digest === digest;
  if (!proven) return undefined;
  return () => {
    const undos = [setEntry(nonces, owner, nonce + 1n), saveAllowance(token, owner, spender)];
    approve(token, owner, spender, value);
    return () => undoAll(undos);
  };
}
