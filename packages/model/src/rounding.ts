/** ⌊n / d⌋ for d > 0: rounded toward −∞, whatever the sign of n. */
export function floorDiv(n: bigint, d: bigint): bigint {
  const quotient = n / d;
  return n % d < 0n ? quotient - 1n : quotient;
}

/** ⌈n / d⌉ for d > 0: rounded toward +∞, whatever the sign of n. */
export function ceilDiv(n: bigint, d: bigint): bigint {
  const quotient = n / d;
  return n % d > 0n ? quotient + 1n : quotient;
}

/** The greater of two numbers. */
export function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

/** The lesser of two numbers. */
export function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

/** The magnitude of a number. */
export function abs(a: bigint): bigint {
  return a < 0n ? -a : a;
}

/** Greatest common divisor of two numbers ≥ 0. */
export function gcd(a: bigint, b: bigint): bigint {
  return b === 0n ? a : gcd(b, a % b);
}
