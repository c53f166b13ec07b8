import { hashMessage, recoverAddress, Signature } from "ethers";

import { UsageError } from "../usage.ts";

/** Safe's mark of signatures over the hash as a message, as `eth_sign` makes them. */
const AS_MESSAGE = 4;

/** Who has signed a hash, by a signature as a Safe takes it. */
function signerOf(hash: string, signature: string): string | undefined {
  const v = Number.parseInt(signature.slice(-2), 16);
  const message = v > 30;
  const plain = `${signature.slice(0, -2)}${(message ? v - AS_MESSAGE : v).toString(16).padStart(2, "0")}`;
  try {
    return recoverAddress(
      message ? hashMessage(Buffer.from(hash.slice(2), "hex")) : hash,
      Signature.from(plain),
    );
  } catch {
    return undefined;
  }
}

/** Refuses a signature that is not its owner's. */
export function checkSignature(hash: string, owner: string, signature: string): void {
  const signer = signerOf(hash, signature);
  if (signer === owner) return;
  const found = signer === undefined ? "nobody's" : `${signer}'s`;
  throw new Error(`the signature of ${owner} is ${found} or of something else`);
}

/** What is signed, by its hash. */
interface Signed {
  readonly hash: string;
  readonly signatures: ReadonlyMap<string, string>;
}

/** The proposal of several files, with the signatures of all of them. */
export function merged<Proposal extends Signed>(
  proposals: readonly Proposal[],
  paths: readonly string[],
): Proposal {
  const [first, ...others] = proposals;
  if (first === undefined) throw new UsageError("--file names no file.");
  const signatures = new Map(first.signatures);
  others.forEach((other, i) => {
    if (other.hash !== first.hash) {
      throw new UsageError(
        `--file: ${paths[i + 1]} is another transaction (${other.hash}) than ${paths[0]} (${first.hash}): only files of one can be merged.`,
      );
    }
    for (const [owner, signature] of other.signatures) signatures.set(owner, signature);
  });
  return { ...first, signatures };
}
