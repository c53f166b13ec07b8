import { isHexString } from "ethers";

import { operationOf } from "../../../scripts/lib/guardian/userOperation.ts";
import { readText, writeShared } from "../files.ts";
import { address, hex, list, record, requireSame, whole } from "../multisig/fields.ts";
import type { Fields } from "../multisig/fields.ts";
import { callJson } from "../multisig/proposalFile.ts";
import { toJson } from "../print.ts";
import { listed, required, UsageError } from "../usage.ts";
import { callsOf, gasOf, nonceOf, proposalOf, toldCalls } from "./proposal.ts";
import type { GuardianProposal } from "./proposal.ts";

/** What kind of file it is; raised when its fields change. */
const FORMAT = "certus-guardian-1";
/** The most that the entry point takes for any number of gas. */
const MOST_GAS = (1n << 120n) - 1n;

/** A proposal for its file. */
export function proposalJson(proposal: GuardianProposal) {
  const { chainId, guardian, entryPoint, operation, functions, hash, signatures } = proposal;
  const { key, sequence } = nonceOf(proposal);
  const { verification, call, preVerification, maxFee, priorityFee } = gasOf(proposal);
  return {
    format: FORMAT,
    chainId: chainId.toString(),
    guardian,
    entryPoint,
    nonceKey: key.toString(),
    sequence: sequence.toString(),
    calls: toldCalls(proposal).map(callJson),
    functions: [...functions],
    operation: {
      nonce: operation.nonce.toString(),
      callData: operation.callData,
      verificationGas: verification.toString(),
      callGas: call.toString(),
      preVerificationGas: preVerification.toString(),
      maxFeePerGas: maxFee.toString(),
      maxPriorityFeePerGas: priorityFee.toString(),
    },
    operationHash: hash,
    signatures: [...signatures].map(([signer, signature]) => ({ signer, signature })),
  };
}

/** Writes a proposal; one that stands there already is overwritten only if it is `over` that is told. */
export function writeProposal(
  path: string,
  proposal: GuardianProposal,
  over = false,
): Promise<void> {
  return writeShared(path, toJson(proposalJson(proposal)), over);
}

/** The paths that `--file` names. */
export function filesOf(option: string | undefined): string[] {
  const hint = "name a file that guardian:propose wrote, several with commas between";
  return listed("--file", required("--file", option, hint), ",");
}

/** A proposal out of its file. */
export async function readProposal(path: string): Promise<GuardianProposal> {
  const content = await readText("--file", path);
  try {
    return parseProposal(content);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`--file: ${path} is no operation that could be trusted: ${why}.`);
  }
}

/**
 * A proposal out of its file's text. All that the file says beside the operation is worked out anew and compared; whose
 * signatures they are is for the chain to say.
 *
 * @throws Error that names the field that is missing or wrong, or what somebody has changed.
 */
export function parseProposal(content: string): GuardianProposal {
  const file = record("the file", JSON.parse(content));
  if (file["format"] !== FORMAT) throw new Error(`its format is not ${FORMAT}`);
  const where = {
    chainId: whole(file, "chainId"),
    guardian: address(file, "guardian"),
    entryPoint: address(file, "entryPoint"),
  };
  // Neither code for a new account nor anybody else who pays: the fields for both stay empty.
  const operation = operationIn(where.guardian, record("operation", file["operation"]));
  const functions = list(file, "functions").map(String);
  const bare = proposalOf(where, operation, functions);
  callsOf(bare);
  const said = proposalJson(bare);
  for (const name of ["operationHash", "nonceKey", "sequence", "calls"] as const) {
    requireSame(name, file[name], said[name]);
  }
  return { ...bare, signatures: signaturesIn(list(file, "signatures")) };
}

function operationIn(guardian: string, fields: Fields) {
  const gas = (name: string) => {
    const value = whole(fields, name);
    if (value <= MOST_GAS) return value;
    throw new Error(`${name} is more than the entry point takes`);
  };
  return operationOf(guardian, whole(fields, "nonce"), hex(fields, "callData"), {
    verification: gas("verificationGas"),
    call: gas("callGas"),
    preVerification: gas("preVerificationGas"),
    maxFee: gas("maxFeePerGas"),
    priorityFee: gas("maxPriorityFeePerGas"),
  });
}

/** Bytes of an address, the shortest of signers. */
const SHORTEST = 20;

function signaturesIn(entries: readonly unknown[]): Map<string, string> {
  const signatures = new Map<string, string>();
  entries.forEach((entry, i) => {
    const fields = record(`signatures[${i}]`, entry);
    const [signer, signature] = [hex(fields, "signer"), hex(fields, "signature")];
    if (!isHexString(signer) || signer.length < 2 + 2 * SHORTEST) {
      throw new Error(`signatures[${i}].signer is shorter than an address`);
    }
    if (signatures.has(signer)) throw new Error(`${signer} has signed twice in it`);
    signatures.set(signer, signature);
  });
  return signatures;
}
