/** `value` base units with `decimals` decimals as a number with thousands marks, rounded to `places` (half away from 0). */
export function decimal(value: bigint, decimals: number, places: number): string {
  const cut = 10n ** BigInt(Math.max(0, decimals - places));
  const size = value < 0n ? -value : value;
  const rounded = (size + cut / 2n) / cut;
  const shown = Math.min(places, decimals);
  const digits = rounded.toString().padStart(shown + 1, "0");
  const whole = digits.slice(0, digits.length - shown).replace(/\B(?=(\d{3})+$)/g, ",");
  const sign = value < 0n && rounded !== 0n ? "-" : "";
  return shown === 0 ? `${sign}${whole}` : `${sign}${whole}.${digits.slice(-shown)}`;
}

/** The same with its sign always shown. */
export function signed(value: bigint, decimals: number, places: number): string {
  const text = decimal(value, decimals, places);
  return text.startsWith("-") ? text : `+${text}`;
}

/** A price of 8 decimals to the cent. */
export function price(value: bigint): string {
  return decimal(value, 8, 2);
}

/** Unix seconds as `2026-01-09 08:00`, UTC. */
export function time(seconds: bigint): string {
  return isoOf(seconds).slice(0, 16).replace("T", " ");
}

/** Unix seconds as `2026-01-09`, UTC. */
export function day(seconds: bigint): string {
  return isoOf(seconds).slice(0, 10);
}

/** A length of time as `26 h 5 min`. */
export function span(seconds: bigint): string {
  const hours = seconds / 3_600n;
  const minutes = (seconds % 3_600n) / 60n;
  if (hours === 0n) return `${minutes} min`;
  return minutes === 0n ? `${hours} h` : `${hours} h ${minutes} min`;
}

function isoOf(seconds: bigint): string {
  return new Date(Number(seconds) * 1_000).toISOString();
}
