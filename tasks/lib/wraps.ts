import type { ContractTransactionReceipt } from "ethers";

import { ownerOf } from "../../packages/contracts/src/ids.ts";
import { accountText } from "./accounts.ts";
import { bookJson, bookText } from "./books.ts";
import { packedLegsText } from "./legs.ts";
import type { Report } from "./print.ts";
import { minedJson, minedText } from "./send.ts";
import { idOf } from "./shapes.ts";

/** Packages that become of an account's legs, or turn back into them. */
interface Wrapping {
  readonly account: bigint;
  readonly book: bigint;
  readonly id: bigint;
  readonly legs: readonly bigint[];
  readonly amount: bigint;
  readonly way: "wrap" | "unwrap";
  /** Nothing of a dry run. */
  readonly receipt: ContractTransactionReceipt | undefined;
}

/** What would become of legs or packages, or has become of them. */
export function wrapReport({ account, book, id, legs, amount, way, receipt }: Wrapping): Report {
  const json = {
    ...bookJson(book),
    account: idOf(account),
    package: idOf(id),
    legs: packedLegsText(legs),
    amount,
    holder: ownerOf(account),
  };
  const what =
    way === "wrap"
      ? `${amount} packages of ${packedLegsText(legs)} in ${bookText(book)}, id ${idOf(id)}, for ${ownerOf(account)}`
      : `${amount} packages ${idOf(id)} into ${packedLegsText(legs)} each, for ${accountText(account)}`;
  const [would, done] = way === "wrap" ? ["make", "Made"] : ["turn", "Turned"];
  if (receipt === undefined) {
    return { json: { ...json, dryRun: true }, text: `Would ${would} ${what}.` };
  }
  return {
    json: { ...json, transaction: minedJson(receipt) },
    text: `${done} ${what}.\n${minedText(receipt)}`,
  };
}
