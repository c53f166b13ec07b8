import { decodeError } from "../../../packages/contracts/src/errors/decode.ts";
import { ENTRY_POINT, GUARDIAN } from "./abi.ts";
import { signerText } from "./account.ts";

/** What the guardian refuses about its own keys, in words. */
const OWN: Readonly<Record<string, (value: string) => string>> = {
  AccountUnauthorized: (sender) =>
    `${sender} is not the guardian itself; only its own operation can.`,
  MultiSignerERC7913AlreadyExists: (signer) => `${signerText(signer)} is a signer already.`,
  MultiSignerERC7913NonexistentSigner: (signer) => `${signerText(signer)} is no signer.`,
  MultiSignerERC7913InvalidSigner: (signer) => `${signer} is shorter than an address.`,
  MultiSignerERC7913ZeroThreshold: () => "At least one key has to sign.",
  MultiSignerERC7913UnreachableThreshold: () =>
    "Fewer signers would be left than have to sign: set the threshold first.",
};

/** Words for errors of the guardian's account, which is OpenZeppelin's; nothing for any other. */
export function guardianRefusal(data: string): string | undefined {
  const found = parsed(() => GUARDIAN.parseError(data));
  if (found === undefined) return undefined;
  const [value] = found.args.toArray() as unknown[];
  return `${found.name}: ${OWN[found.name]?.(String(value)) ?? ""}`;
}

/** What the codes of ERC-4337 mean here, by their first letters. */
const CODES: Readonly<Record<string, string>> = {
  AA21: "The guardian's deposit does not pay for it: guardian:deposit.",
  AA23: "The guardian could not check its signatures, for want of gas most likely: propose it again with more --verification-gas.",
  AA24: "The guardian does not take its signatures: let its signers of now sign.",
  AA25: "Its nonce was used meanwhile: guardian:status tells which is next.",
  AA26: "Checking its signatures takes more gas than it allows: propose it again with more --verification-gas.",
  AA95: "The transaction has too little gas: send it again.",
};

/** Why the entry point does not take an operation, in a sentence; nothing if it is not the entry point that refuses. */
export function entryPointRefusal(error: unknown): string | undefined {
  const { data } = decodeError(error);
  const found = parsed(() => ENTRY_POINT.parseError(data));
  if (found?.name !== "FailedOp" && found?.name !== "FailedOpWithRevert") return undefined;
  const said = String(found.args.getValue("reason"));
  return `The entry point refuses it (${said}). ${CODES[said.slice(0, 4)] ?? "docs of ERC-4337 tell the code."}`;
}

function parsed<Found>(parse: () => Found | null): Found | undefined {
  try {
    return parse() ?? undefined;
  } catch {
    return undefined;
  }
}
