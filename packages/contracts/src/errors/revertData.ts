/** Under these names errors of ethers, of wallets and of nodes carry the revert data or another error. */
const CARRIERS = [
  "data",
  "raw",
  "error",
  "originalError",
  "innerError",
  "cause",
  "info",
  "result",
  "return",
  "returnData",
  "output",
  "body",
  "responseBody",
  "message",
  "details",
] as const;

/** More than any error seen; ends the search in a structure that feeds on itself. */
const MOST_NODES = 256;

const HEX_BYTES = /^0x(?:[0-9a-f]{2})*$/i;
const HEX_IN_TEXT = /0x[0-9a-f]{8,}/gi;

/** Bytes that look like an encoded error: a selector and whole words. */
function isErrorShaped(hex: string): boolean {
  return HEX_BYTES.test(hex) && (hex.length - 2) % 64 === 8;
}

function hexOf(bytes: Uint8Array): string {
  return `0x${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Bytes in a text: all of it, or what a node wrote behind a message. */
function bytesIn(text: string): string[] {
  if (HEX_BYTES.test(text)) return [text];
  return (text.match(HEX_IN_TEXT) ?? []).filter(isErrorShaped);
}

/** What an object holds under the names above; a `data` that is an object is searched as a whole. */
function carried(node: object): unknown[] {
  const found: unknown[] = [];
  for (const name of CARRIERS) {
    const value = (node as Readonly<Record<string, unknown>>)[name];
    found.push(value);
    if (name === "data" && typeof value === "object" && value !== null) {
      found.push(...(Object.values(value) as unknown[]));
    }
  }
  return found;
}

/** What a value leads to; an object that refuses to be read leads nowhere. */
function next(node: unknown): { bytes: readonly string[]; further: readonly unknown[] } {
  try {
    if (node instanceof Uint8Array) return { bytes: [hexOf(node)], further: [] };
    if (typeof node === "string") {
      return node.trimStart().startsWith("{")
        ? { bytes: [], further: [parsed(node)] }
        : { bytes: bytesIn(node), further: [] };
    }
    if (typeof node === "object" && node !== null) return { bytes: [], further: carried(node) };
  } catch {
    // Getters and proxies of strangers may throw.
  }
  return { bytes: [], further: [] };
}

/**
 * Every piece of revert data in a value, the outermost first: the value itself if it is hex or bytes, else what it and
 * the errors in it carry.
 */
export function revertDataIn(value: unknown): string[] {
  const seen = new Set<unknown>([value]);
  const found: string[] = [];
  for (const node of seen) {
    const { bytes, further } = next(node);
    found.push(...bytes);
    for (const child of further) {
      if (child !== undefined && child !== null && seen.size < MOST_NODES) seen.add(child);
    }
  }
  const shaped = found.filter(isErrorShaped);
  return [...shaped, ...found.filter((hex) => !isErrorShaped(hex))];
}
