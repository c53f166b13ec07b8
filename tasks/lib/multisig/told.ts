import { FunctionFragment, getAddress, Interface } from "ethers";
import type { Result } from "ethers";

import { batchIn } from "./batches.ts";
import type { Call } from "./calls.ts";
import { encoded, functionOf } from "./calls.ts";
import { fieldsText, valueText, withoutCalls } from "./values.ts";

/** A call in words. The same data is always told in the same words: they hold nothing of the chain or of who looks. */
export interface Told extends Call {
  /** `name(type,…)`; null of a call that is not known. */
  readonly signature: string | null;
  readonly text: string;
  /** Values in the order of the signature. */
  readonly values: Result | undefined;
  /** Calls that it carries: what a schedule schedules, what a batch holds. */
  readonly inner: readonly Told[];
}

/** More than any call that makes sense has inside each other. */
const DEEPEST = 6;

/**
 * Tells a call, through all ABIs of the project, of Safe and of tokens.
 *
 * @param hints - `name(type,…)` as the proposer says it, for functions that are not among them.
 */
export function told(call: Call, hints: readonly string[] = [], depth = 0): Told {
  const { data } = call;
  const plain = { ...call, signature: null, values: undefined, inner: [] };
  if (data === "0x") return { ...plain, text: "no call" };
  const known = functionOf(data);
  const fragment = known ?? hinted(hints, data);
  const values = fragment === undefined ? undefined : valuesIn(fragment, data);
  if (fragment === undefined || values === undefined) {
    return { ...plain, text: `unknown call ${data}` };
  }
  const signature = fragment.format("sighash");
  const inner = depth < DEEPEST ? innerOf(call, signature, values) : [];
  const shown = inner.length === 0 ? valueText : withoutCalls;
  const remark = known === undefined ? ", as the proposer names it" : "";
  const text = `${fragment.name}(${fieldsText(fragment.inputs, values, shown)})${remark}`;
  return { ...call, signature, text, values, inner: inner.map((it) => told(it, hints, depth + 1)) };
}

function hinted(hints: readonly string[], data: string): FunctionFragment | undefined {
  return hints
    .map((hint) => FunctionFragment.from(hint))
    .find(({ selector }) => selector === data.slice(0, 10));
}

/** Values of a call, unless other data would mean the same: then somebody hides something in it. */
function valuesIn(fragment: FunctionFragment, data: string): Result | undefined {
  try {
    const values = new Interface([fragment]).decodeFunctionData(fragment, data);
    return encoded(fragment, values.toArray()) === data ? values : undefined;
  } catch {
    return undefined;
  }
}

/** Calls inside a call, by its signature. */
const INNER: Readonly<Record<string, (call: Call, values: Result) => readonly Call[]>> = {
  "schedule(address,bytes,uint48)": (_, [target, data]) => [callOf(target, data)],
  "execute(address,bytes)": ({ value }, [target, data]) => [callOf(target, data, value)],
  "cancel(address,address,bytes)": (_, [, target, data]) => [callOf(target, data)],
  "multicall(bytes[])": ({ to }, [calls]) =>
    [...(calls as readonly string[])].map((data) => callOf(to, data)),
  "multiSend(bytes)": ({ data }) => batchIn(data) ?? [],
};

function innerOf(call: Call, signature: string, values: Result): readonly Call[] {
  return INNER[signature]?.(call, values) ?? [];
}

function callOf(to: unknown, data: unknown, value = 0n): Call {
  return { to: getAddress(String(to)), value, data: String(data) };
}
