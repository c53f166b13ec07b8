import { dataSlice, getAddress, toBeHex } from "ethers";

import type { Built } from "./artifacts.ts";

/** Where in code something stands that the build cannot know, bytes. */
interface Gap {
  readonly start: number;
  readonly length: number;
}

const PUSH1 = 0x60;
const PUSH32 = 0x7f;
const WORD = 32;

/**
 * Compares deployed code with the build's: equal but for immutables, whose values the build cannot know, and for linked libraries,
 * which have to be those that were linked.
 *
 * @param libraries - Addresses of linked libraries by their names.
 * @returns What differs, in words; nothing if nothing does.
 */
export function differenceOf(
  code: string,
  built: Built,
  libraries: Readonly<Record<string, string>>,
): string | undefined {
  const [actual, wanted] = [bytesOf(code), bytesOf(built.deployedBytecode)];
  if (actual.length === 0) return "there is no code";
  if (actual.length !== wanted.length) {
    return `the code has ${actual.length} bytes, the build ${wanted.length}`;
  }
  for (const { start, length } of immutablesOf(built, wanted)) {
    actual.fill(0, start, start + length);
    wanted.fill(0, start, start + length);
  }
  for (const { name, start, length } of linksOf(built)) {
    const linked = getAddress(dataSlice(code, start, start + length));
    const known = libraries[name];
    if (known === undefined || getAddress(known) !== linked) {
      return `library ${name} is ${linked}, not ${known ?? "one that is known"}`;
    }
    actual.fill(0, start, start + length);
    wanted.fill(0, start, start + length);
  }
  const place = actual.findIndex((byte, index) => byte !== wanted[index]);
  if (place === -1) return undefined;
  const [is, was] = [actual[place] ?? 0, wanted[place] ?? 0].map((byte) => toBeHex(byte));
  return `byte ${place} of ${actual.length} is ${is}, in the build ${was}`;
}

/** Placeholders of libraries are no hex; they are compared apart. */
function bytesOf(code: string): Uint8Array {
  return Buffer.from(code.slice(2).replaceAll(/__.{36}__/g, "0".repeat(40)), "hex");
}

function linksOf({ deployedLinkReferences }: Built): (Gap & { readonly name: string })[] {
  return Object.values(deployedLinkReferences).flatMap((libraries) =>
    Object.entries(libraries).flatMap(([name, gaps]) => gaps.map((gap) => ({ ...gap, name }))),
  );
}

/**
 * Where immutables stand. Older artifacts do not say; there they are the words that are pushed as 32 bytes of zero, which the
 * compiler never writes for a constant.
 */
function immutablesOf({ immutableReferences }: Built, code: Uint8Array): readonly Gap[] {
  if (immutableReferences !== undefined) return Object.values(immutableReferences).flat();
  const gaps: Gap[] = [];
  for (let at = 0; at < code.length;) {
    const opcode = code[at] ?? 0;
    const size = opcode >= PUSH1 && opcode <= PUSH32 ? opcode - PUSH1 + 1 : 0;
    const start = at + 1;
    if (size === WORD && code.subarray(start, start + WORD).every((byte) => byte === 0)) {
      gaps.push({ start, length: WORD });
    }
    at = start + size;
  }
  return gaps;
}
