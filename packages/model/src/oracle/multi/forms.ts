import { min } from "../../rounding.ts";

/** Bit of a form that says that nothing better can exist for its instant. */
export const FORM_MAXIMAL = 1n << 21n;
/** Bits of a form's rank. */
export const RANK_MASK = FORM_MAXIMAL - 1n;

const ALL_SIGNERS = (1n << 16n) - 1n;

/** Whether a form has 22 bits and a rank. */
export function isForm(form: bigint): boolean {
  return form >> 22n === 0n && rankOf(form) !== 0n;
}

/** Whether nothing better can exist. */
export function isMaximal(form: bigint): boolean {
  return (form & FORM_MAXIMAL) !== 0n;
}

/** Rank of a form. */
export function rankOf(form: bigint): bigint {
  return form & RANK_MASK;
}

/** The best there is, of a rank. */
export function maximalForm(rank: bigint): bigint {
  return FORM_MAXIMAL | rank;
}

/** Bits set in a mask. */
export function countBits(mask: bigint): bigint {
  let count = 0n;
  for (let rest = mask; rest !== 0n; rest &= rest - 1n) count += 1n;
  return count;
}

/** Form of a set of signers: more of them win, then the lower bitmap; maximal if they are all that stand. */
export function formOfSigners(bitmap: bigint, standing: bigint): bigint {
  const rank = (countBits(bitmap) << 16n) | (ALL_SIGNERS - bitmap);
  return bitmap === standing ? maximalForm(rank) : rank;
}

/** Form of what is made of two parts. */
export function weakerForm(a: bigint, b: bigint): bigint {
  return min(a, b);
}
