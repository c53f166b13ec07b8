import { ErrorFragment, Interface, toBeHex } from "ethers";
import type { ErrorDescription } from "ethers";

import { ERRORS } from "../generated/errors.ts";
import { panicReason } from "./panics.ts";
import { revertDataIn } from "./revertData.ts";

/** A value that an error carries. */
export type ErrorArgument = bigint | string | boolean | readonly ErrorArgument[];

/**
 * What was found. `typed`: an error of Certus, its access manager or a token. `panic` and `message`: Solidity's own.
 * `unknown`: revert data that nothing here declares. `empty`: a revert without data. `none`: no revert data at all.
 */
export type ErrorKind = "typed" | "panic" | "message" | "unknown" | "empty" | "none";

/** A revert in words. */
export interface DecodedError {
  /** What was found. */
  readonly kind: ErrorKind;
  /** Name of the error. */
  readonly name: string;
  /** Its values by their names. */
  readonly args: Readonly<Record<string, ErrorArgument>>;
  /** `Name(type,…)`, or nothing if the error has none. */
  readonly signature: string;
  /** Why the call was refused. */
  readonly why: string;
  /** What to do. */
  readonly remedy: string;
  /** All of it in one line. */
  readonly sentence: string;
  /** The revert data, `0x` if there is none. */
  readonly data: string;
}

type Words = Pick<DecodedError, "why" | "remedy">;

const calls = new Interface(ERRORS.map(({ error }) => error));

const words: ReadonlyMap<string, Words> = new Map(
  ERRORS.map((entry) => [ErrorFragment.from(entry.error).selector, entry]),
);

/** Identifiers are easier to read in hex, amounts in decimals. */
function shown(value: ErrorArgument): string {
  if (typeof value === "bigint") {
    return value >> 128n > 0n ? toBeHex(value) : value.toString();
  }
  return typeof value === "object" ? `[${value.map(shown).join(", ")}]` : String(value);
}

function sentenceOf(name: string, { why, remedy }: Words, args: DecodedError["args"]): string {
  const values = Object.entries(args).map(([key, value]) => `${key} ${shown(value)}`);
  const tail = values.length === 0 ? "" : ` (${values.join(", ")})`;
  return `${name}: ${why} ${remedy}${tail}`;
}

function untyped(kind: ErrorKind, name: string, text: Words, data = "0x"): DecodedError {
  const sentence = sentenceOf(name, text, {});
  return { kind, name, args: {}, signature: "", ...text, sentence, data };
}

function argumentOf(value: unknown): ErrorArgument {
  if (typeof value === "bigint" || typeof value === "boolean") return value;
  return Array.isArray(value) ? value.map(argumentOf) : String(value);
}

function argsOf({ fragment, args }: ErrorDescription): DecodedError["args"] {
  return Object.fromEntries(
    fragment.inputs.map(({ name }, i) => [name || `arg${i}`, argumentOf(args[i])]),
  );
}

/** Error(string), Panic(uint256), or what the catalogue says. */
function explained(error: ErrorDescription): Words & { kind: ErrorKind } {
  if (error.signature === "Panic(uint256)") {
    const why = panicReason(BigInt(String(error.args[0])));
    return { kind: "panic", why, remedy: "Report it, with the call that led to it." };
  }
  if (error.signature === "Error(string)") {
    const why = `A contract said: ${JSON.stringify(String(error.args[0]))}.`;
    return {
      kind: "message",
      why,
      remedy: "Look at the contract that was called on the way, a token most likely.",
    };
  }
  const text = words.get(error.selector);
  if (text === undefined) throw new Error(`no words for ${error.signature}`);
  return { kind: "typed", why: text.why, remedy: text.remedy };
}

/** Names of the values of Solidity's own errors, which have none. */
const OWN_NAMES: Readonly<Record<string, string>> = {
  "Panic(uint256)": "code",
  "Error(string)": "message",
};

function typed(data: string): DecodedError | undefined {
  try {
    const error = calls.parseError(data);
    if (error === null) return undefined;
    const { kind, why, remedy } = explained(error);
    const own = OWN_NAMES[error.signature];
    const args = own === undefined ? argsOf(error) : { [own]: argumentOf(error.args[0]) };
    const { name, signature } = error;
    // A message is in its reason already.
    const sentence = sentenceOf(name, { why, remedy }, kind === "message" ? {} : args);
    return { kind, name, args, signature, why, remedy, sentence, data };
  } catch {
    // A known selector before words that are not its arguments.
    return undefined;
  }
}

/** A message of whatever was thrown, if it has one. */
function messageOf(error: unknown): string | undefined {
  try {
    if (typeof error === "string") return error;
    if (typeof error !== "object" || error === null) return undefined;
    const { shortMessage, message } = error as { shortMessage?: unknown; message?: unknown };
    return [shortMessage, message].find((text) => typeof text === "string");
  } catch {
    return undefined;
  }
}

function nothing(error: unknown): DecodedError {
  const message = messageOf(error);
  return untyped("none", "NoRevertData", {
    why: `There is no revert data in ${message === undefined ? "this" : JSON.stringify(message)}.`,
    remedy:
      "If a transaction was mined and failed, simulate the same call by `staticCall` to learn why.",
  });
}

function unknown(data: string): DecodedError {
  const selector = data.slice(0, 10);
  return untyped(
    "unknown",
    "UnknownError",
    {
      why: `No error known here has this encoding; it begins with ${selector}.`,
      remedy: "Ask the contract that was called on the way, a token or a wallet, for its ABI.",
    },
    data,
  );
}

const EMPTY: Words = {
  why: "The call was refused without a reason.",
  remedy:
    "Look at the gas limit, at whether the address holds a contract on this chain, and at the token.",
};

/**
 * Says in words why a call was refused. Never throws.
 *
 * @param errorOrData - What ethers, a wallet or a node threw, however deeply it hides the revert data; or the data itself,
 * as hex or bytes: a call's answer, or the `reason` of the ledger's event `FillSkipped`.
 */
export function decodeError(errorOrData: unknown): DecodedError {
  const found = revertDataIn(errorOrData);
  for (const data of found) {
    const decoded = typed(data);
    if (decoded !== undefined) return decoded;
  }
  const [first] = found;
  if (first === undefined) return nothing(errorOrData);
  const some = found.find((data) => data !== "0x");
  return some === undefined ? untyped("empty", "EmptyRevert", EMPTY) : unknown(some);
}
