import { readText } from "../files.ts";
import { listed, required, UsageError } from "../usage.ts";
import { ACTIONS } from "./actions/index.ts";
import { isFields } from "./fields.ts";
import type { Fields } from "./fields.ts";
import { parsePairs } from "./given.ts";

/** What options say that a proposal is to do. */
export interface RequestArguments {
  readonly action: string | undefined;
  readonly args: string | undefined;
  readonly to: string | undefined;
  readonly value: string | undefined;
  readonly data: string | undefined;
  readonly signature: string | undefined;
}

/** An action by its name, with what it is given. */
export interface Request {
  readonly action: string;
  readonly values: Fields;
}

/** Actions that there are, by their names. */
type Known = Readonly<Record<string, unknown>>;

const hintOf = (actions: Known) =>
  `name what to do: ${Object.keys(actions).join(", ")}; several with ; between, or a JSON file of [{ "action": …, "args": { … } }]; or make any call by --to`;

/**
 * The actions that options ask for, in their order.
 *
 * @param actions - Those that there are; a Safe's if left out.
 */
export async function requestsIn(
  args: RequestArguments,
  actions: Known = ACTIONS,
): Promise<Request[]> {
  const raw = ["to", "value", "data", "signature"] as const;
  const extra = raw.find((name) => args[name] !== undefined);
  if (args.action === undefined && args.to !== undefined) return [callIn(args)];
  const action = required("--action", args.action, hintOf(actions));
  if (extra !== undefined) {
    throw new UsageError(`--${extra} belongs to a call without --action: leave one of them out.`);
  }
  if (action.endsWith(".json")) {
    if (args.args === undefined) return fileIn(action, await readText("--action", action), actions);
    throw new UsageError("--args: the file of --action has them already: leave it out.");
  }
  const names = listed("--action", action, ";");
  const values = valuesIn(args.args, names.length);
  return names.map((name, i) => ({
    action: known("--action", name, actions),
    values: values[i] ?? {},
  }));
}

function known(option: string, name: string, actions: Known): string {
  if (actions[name] !== undefined) return name;
  throw new UsageError(`${option}: ${JSON.stringify(name)} is no action: ${hintOf(actions)}.`);
}

function callIn({ to, value, data, signature, args }: RequestArguments): Request {
  if (data !== undefined && (signature !== undefined || args !== undefined)) {
    throw new UsageError("--data holds all of the call: leave out --signature and --args.");
  }
  if (signature === undefined && args !== undefined) {
    throw new UsageError('--args needs --signature, the function, as in "f(uint256)".');
  }
  const values = args === undefined ? undefined : positional(args);
  const given = { to, value, data, signature, values };
  const entries = Object.entries(given).filter(([, it]) => it !== undefined);
  return { action: "call", values: Object.fromEntries(entries) };
}

/** Values in their order: a list of JSON, or with commas between. */
function positional(text: string): unknown[] {
  if (!text.trim().startsWith("[")) return listed("--args", text, ",");
  const values = json("--args", text);
  if (Array.isArray(values)) return values;
  throw new UsageError("--args is no list of JSON.");
}

function valuesIn(text: string | undefined, count: number): Fields[] {
  if (text === undefined) return [];
  const trimmed = text.trim();
  if (!/^[{[]/.test(trimmed)) return parts(trimmed.split(";").map(parsePairs), count);
  const value = json("--args", trimmed);
  const entries: unknown[] = Array.isArray(value) ? value : [value];
  if (entries.every(isFields)) return parts(entries, count);
  throw new UsageError("--args: write an object of JSON for each action, in a list if several.");
}

function parts(found: Fields[], count: number): Fields[] {
  if (found.length <= count) return found;
  throw new UsageError(
    `--args: ${found.length} parts for ${count} actions: write one for each, with ; between.`,
  );
}

function fileIn(path: string, text: string, actions: Known): Request[] {
  const entries = json("--action", text);
  if (!Array.isArray(entries) || entries.length === 0) {
    throw new UsageError(`--action: ${path} holds no list of actions.`);
  }
  return (entries as unknown[]).map((entry, i) => {
    const { action, args = {} } = isFields(entry) ? entry : {};
    if (typeof action === "string" && isFields(args)) {
      return { action: known(`--action: ${path}, entry ${i + 1}`, action, actions), values: args };
    }
    throw new UsageError(
      `--action: ${path}, entry ${i + 1} is not written as { "action": …, "args": { … } }.`,
    );
  });
}

function json(option: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${option} is no JSON: ${String(error)}.`);
  }
}
