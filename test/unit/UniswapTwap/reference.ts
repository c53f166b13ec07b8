/** Prices of ticks, told plainly: powers of 1.0001 in fixed point, with far more digits than a pool has. */

const BITS = 512n;
const UNIT = 1n << BITS;

const times = (a: bigint, b: bigint): bigint => (a * b) >> BITS;

/** 1.0001^tick · 2^512. */
function power(tick: bigint): bigint {
  let base = (UNIT * 10_001n) / 10_000n;
  let result = UNIT;
  for (let rest = tick < 0n ? -tick : tick; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = times(result, base);
    base = times(base, base);
  }
  return tick < 0n ? (UNIT * UNIT) / result : result;
}

function squareRoot(value: bigint): bigint {
  if (value < 2n) return value;
  let root = 1n << BigInt((value.toString(2).length + 1) >> 1);
  for (;;) {
    const next = (root + value / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

/** The root price of a tick as a pool has it: √1.0001^tick · 2^96, rounded up. */
export function rootPrice(tick: bigint): bigint {
  return squareRoot(power(tick) >> (BITS - 192n)) + 1n;
}

/** 1.0001^tick · 10^exponent, floored. */
export function priceOf(tick: bigint, exponent: bigint): bigint {
  const scaled = exponent < 0n ? power(tick) / 10n ** -exponent : power(tick) * 10n ** exponent;
  return scaled >> BITS;
}

/** ⌊a / b⌋ toward −∞, b > 0. */
export function floorDiv(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a < 0n && quotient * b !== a ? quotient - 1n : quotient;
}
