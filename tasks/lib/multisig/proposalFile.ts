import { readText, writeShared } from "../files.ts";
import { toJson } from "../print.ts";
import { listed, required, UsageError } from "../usage.ts";
import { record, requireSame, whole, address, hex, list, text, word } from "./fields.ts";
import type { Fields } from "./fields.ts";
import { proposalOf, toldCalls } from "./proposal.ts";
import type { Proposal, SafeData } from "./proposal.ts";
import { checkSignature } from "./signatures.ts";
import type { Told } from "./told.ts";

/** What kind of file it is; raised when its fields change. */
const FORMAT = "certus-multisig-1";

/** A proposal for its file. */
export function proposalJson(proposal: Proposal) {
  const { chainId, safe, version, data, functions, hash, signatures } = proposal;
  return {
    format: FORMAT,
    chainId: chainId.toString(),
    safe,
    version,
    nonce: Number(data.nonce),
    calls: toldCalls(proposal).map(callJson),
    functions: [...functions],
    transaction: transactionJson(data),
    safeTxHash: hash,
    signatures: [...signatures].map(([owner, signature]) => ({ owner, signature })),
  };
}

interface CallJson {
  readonly to: string;
  readonly value: string;
  readonly text: string;
  readonly signature: string | null;
  readonly calls: readonly CallJson[];
}

/** A call for a document. */
export function callJson({ to, value, signature, text: said, inner }: Told): CallJson {
  return { to, value: value.toString(), text: said, signature, calls: inner.map(callJson) };
}

function transactionJson({ nonce, operation, ...data }: SafeData) {
  const { to, value, data: bytes, safeTxGas, baseGas, gasPrice, gasToken, refundReceiver } = data;
  return {
    ...{ to, value, data: bytes, operation: Number(operation) },
    ...{ safeTxGas, baseGas, gasPrice, gasToken, refundReceiver, nonce: Number(nonce) },
  };
}

/** Writes a proposal; one that stands there already is overwritten only if it is `over` that is told. */
export function writeProposal(path: string, proposal: Proposal, over = false): Promise<void> {
  return writeShared(path, toJson(proposalJson(proposal)), over);
}

/** The paths that `--file` names. */
export function filesOf(option: string | undefined): string[] {
  const hint = "name a file that multisig:propose wrote, several with commas between";
  return listed("--file", required("--file", option, hint), ",");
}

/** A proposal out of its file. */
export async function readProposal(path: string): Promise<Proposal> {
  const content = await readText("--file", path);
  try {
    return parseProposal(content);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`--file: ${path} is no proposal that could be trusted: ${why}.`);
  }
}

/**
 * A proposal out of its file's text. All that the file says beside the transaction is worked out anew and compared.
 *
 * @throws Error that names the field that is missing or wrong, or what somebody has changed.
 */
export function parseProposal(content: string): Proposal {
  const file = record("the file", JSON.parse(content));
  if (file["format"] !== FORMAT) throw new Error(`its format is not ${FORMAT}`);
  const data = dataIn(record("transaction", file["transaction"]));
  const safe = { chainId: whole(file, "chainId"), safe: address(file, "safe") };
  const functions = list(file, "functions").map(String);
  const bare = proposalOf({ ...safe, version: text(file, "version") }, data, functions);
  requireSame("safeTxHash", file["safeTxHash"], bare.hash);
  requireSame("nonce", file["nonce"], Number(data.nonce));
  checkPlain(data);
  const { calls } = proposalJson(bare);
  requireSame("calls", file["calls"], calls);
  return { ...bare, signatures: signaturesIn(bare, list(file, "signatures")) };
}

function dataIn(fields: Fields): SafeData {
  const amount = (name: string) => whole(fields, name).toString();
  const operation = whole(fields, "operation");
  if (operation > 1n) throw new Error("operation is neither 0 nor 1");
  return {
    to: address(fields, "to"),
    value: amount("value"),
    data: hex(fields, "data"),
    operation: Number(operation),
    safeTxGas: amount("safeTxGas"),
    baseGas: amount("baseGas"),
    gasPrice: amount("gasPrice"),
    gasToken: address(fields, "gasToken"),
    refundReceiver: address(fields, "refundReceiver"),
    nonce: Number(whole(fields, "nonce")),
  };
}

/** Nothing here pays whoever executes: what asks for it was not made here, and could pay anything to anybody. */
function checkPlain(data: SafeData): void {
  const paying = ["safeTxGas", "baseGas", "gasPrice", "gasToken", "refundReceiver"] as const;
  const wrong = paying.find((name) => BigInt(data[name]) !== 0n);
  if (wrong !== undefined) throw new Error(`${wrong} is not 0, which would pay whoever executes`);
}

function signaturesIn(proposal: Proposal, entries: readonly unknown[]): Map<string, string> {
  const signatures = new Map<string, string>();
  entries.forEach((entry, i) => {
    const fields = record(`signatures[${i}]`, entry);
    const [owner, signature] = [address(fields, "owner"), word(fields, "signature", 65)];
    if (signatures.has(owner)) throw new Error(`${owner} has signed twice in it`);
    checkSignature(proposal.hash, owner, signature);
    signatures.set(owner, signature);
  });
  return signatures;
}
