/** What JSON can hold. */
export type Json =
  string | number | boolean | null | readonly Json[] | { readonly [k: string]: Json };

/**
 * One line for each place where two values differ. Lists are compared as sets of lines, so that one
 * more entry shows up as one line and not as a shift of everything behind it; a list whose order
 * alone differs is reported as such.
 */
export function differences(before: Json, after: Json, path = ""): string[] {
  if (isObject(before) && isObject(after)) {
    return [...new Set([...Object.keys(before), ...Object.keys(after)])].sort().flatMap((key) => {
      const at = path === "" ? key : `${path}.${key}`;
      const [a, b] = [before[key], after[key]];
      if (a === undefined) return [`+ ${at} ${show(b)}`];
      if (b === undefined) return [`- ${at} ${show(a)}`];
      return differences(a, b, at);
    });
  }
  const [a, b] = [JSON.stringify(before), JSON.stringify(after)];
  if (a === b) return [];
  if (!Array.isArray(before) || !Array.isArray(after)) return [`${path}: ${a} -> ${b}`];
  const [old, now] = [before.map(show), after.map(show)];
  const lines = [
    ...old.filter((line) => !now.includes(line)).map((line) => `- ${path} ${line}`),
    ...now.filter((line) => !old.includes(line)).map((line) => `+ ${path} ${line}`),
  ];
  return lines.length > 0 ? lines : [`${path}: same entries, other order or number`];
}

function isObject(value: Json): value is { readonly [k: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function show(value: Json | undefined): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
