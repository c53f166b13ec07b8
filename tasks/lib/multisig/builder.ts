import { FunctionFragment, Interface } from "ethers";
import type { ParamType } from "ethers";

import { toJson } from "../print.ts";
import { UsageError } from "../usage.ts";
import { checksumOf, checksumsOf } from "./builderChecksum.ts";
import { encoded, functionOf } from "./calls.ts";
import type { Call } from "./calls.ts";
import { address, isFields, list, record, text, whole } from "./fields.ts";
import type { Fields } from "./fields.ts";
import { valueIn } from "./inputs.ts";

/** Version of the files of Safe's Transaction Builder. */
const VERSION = "1.0";

/** What a file of Safe's Transaction Builder is made of. */
export interface Batch {
  readonly chainId: bigint;
  readonly safe: string;
  readonly name: string;
  /** Unix seconds. */
  readonly createdAt: bigint;
  readonly calls: readonly Call[];
}

/** Calls as a file that Safe's Transaction Builder imports; their data is told beside, for people, where it is known. */
export function builderJson({ chainId, safe, name, createdAt, calls }: Batch): Fields {
  const file = {
    version: VERSION,
    chainId: chainId.toString(),
    createdAt: Number(createdAt) * 1_000,
    meta: {
      name,
      description: "",
      txBuilderVersion: "",
      createdFromSafeAddress: safe,
      createdFromOwnerAddress: "",
    },
    transactions: calls.map(transactionJson),
  };
  return { ...file, meta: { ...file.meta, checksum: checksumOf(file) } };
}

function transactionJson({ to, value, data }: Call): Fields {
  const fragment = functionOf(data);
  const told = fragment === undefined ? undefined : methodJson(fragment, data);
  return {
    to,
    value: value.toString(),
    data,
    contractMethod: told?.contractMethod ?? null,
    contractInputsValues: told?.contractInputsValues ?? null,
  };
}

function methodJson(fragment: FunctionFragment, data: string) {
  const values = new Interface([fragment]).decodeFunctionData(fragment, data);
  const { name, payable, inputs } = JSON.parse(fragment.format("json")) as Fields;
  return {
    contractMethod: { inputs, name, payable: payable === true },
    contractInputsValues: Object.fromEntries(
      fragment.inputs.map((type, i) => [type.name, inputText(type, values[i])]),
    ),
  };
}

/** A value as the builder's form has it: a text, JSON for lists and structs. */
function inputText(type: ParamType, value: unknown): string {
  const shown = plain(type, value);
  return typeof shown === "string" ? shown : toJson(shown);
}

function plain(type: ParamType, value: unknown): unknown {
  if (type.isArray()) {
    const { arrayChildren: child } = type;
    return [...(value as readonly unknown[])].map((entry) => plain(child, entry));
  }
  if (!type.isTuple()) return String(value);
  return type.components.map((field, i) => plain(field, (value as readonly unknown[])[i]));
}

/**
 * The calls of a file of Safe's Transaction Builder.
 *
 * @throws UsageError that says what is wrong with it, or that it was changed after its checksum was made.
 */
export function parseBuilder(
  path: string,
  content: string,
  here: Pick<Batch, "chainId" | "safe">,
): Call[] {
  try {
    const file = record("the file", JSON.parse(content));
    if (file["version"] !== VERSION) throw new Error(`its version is not ${VERSION}`);
    if (whole(file, "chainId") !== here.chainId) {
      throw new Error(`it is for chain ${String(file["chainId"])}, this is ${here.chainId}`);
    }
    checkMeta(file, here.safe);
    const entries = list(file, "transactions");
    if (entries.length === 0) throw new Error("it has no transactions");
    return entries.map((entry, i) => callIn(`transactions[${i}]`, entry));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`--import-builder: ${path}: ${why}.`);
  }
}

function checkMeta(file: Fields, safe: string): void {
  const meta = isFields(file["meta"]) ? file["meta"] : {};
  const { checksum, createdFromSafeAddress: maker } = meta;
  if (typeof checksum === "string" && !checksumsOf(file).includes(checksum)) {
    throw new Error("its checksum is another: somebody has changed it since it was exported");
  }
  if (
    typeof maker === "string" &&
    maker !== "" &&
    address(meta, "createdFromSafeAddress") !== safe
  ) {
    throw new Error(`it was made for the Safe ${maker}, this is ${safe}`);
  }
}

function callIn(name: string, entry: unknown): Call {
  const fields = record(name, entry);
  const { data, contractMethod, contractInputsValues } = fields;
  const call = { to: address(fields, "to"), value: whole(fields, "value") };
  const given = typeof data === "string" && data !== "" ? data.toLowerCase() : undefined;
  const method = isFields(contractMethod)
    ? methodData(name, contractMethod, isFields(contractInputsValues) ? contractInputsValues : {})
    : undefined;
  if (given !== undefined && method !== undefined && given !== method) {
    throw new Error(`${name} says one thing in data and another in contractInputsValues`);
  }
  const bytes = given ?? method ?? "0x";
  if (/^0x(?:[\da-f]{2})*$/.test(bytes)) return { ...call, data: bytes };
  throw new Error(`${name}.data is no hex`);
}

function methodData(name: string, method: Fields, values: Fields): string {
  const called = text(method, "name");
  const fragment = FunctionFragment.from({
    type: "function",
    name: called,
    inputs: list(method, "inputs"),
    outputs: [],
  });
  const inputs = fragment.inputs.map((type) =>
    valueIn(`${name}, ${called}.${type.name}`, type, values[type.name]),
  );
  return encoded(fragment, inputs);
}
