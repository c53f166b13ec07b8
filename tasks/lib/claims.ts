import type { ClaimViewStructOutput } from "../../packages/contracts/src/generated/bindings/ILens.ts";
import { bookJson, bookText } from "./books.ts";
import type { Session } from "./session.ts";
import { shownTime } from "./times.ts";
import { amountOf, amountText, tokensAt } from "./tokens.ts";
import type { Token } from "./tokens.ts";

/** Steps until an account is paid, by the numbers of the lens. */
const STEPS = ["nothing", "awaitExpiry", "awaitPrice", "settle", "claim"] as const;

/** What is next until an account is paid. */
export type Step = (typeof STEPS)[number];

/** What an account can claim in a book, or what is to be done before. */
export interface Claimable {
  readonly book: bigint;
  readonly step: Step;
  readonly token: Token;
  readonly from: bigint;
  readonly amount: bigint;
}

/** What becomes claimable of an account in some open books, where anything does. */
export async function claimableOf(
  session: Session,
  account: bigint,
  books: readonly bigint[],
): Promise<Claimable[]> {
  const views = await session.lens.claimable(account, [...books]);
  const tokens = await tokensAt(
    session,
    views.map(({ token }) => token),
  );
  return views
    .map((view) => claimOf(view, tokens.get(view.token)))
    .filter(({ step }) => step !== "nothing");
}

function claimOf(view: ClaimViewStructOutput, token: Token | undefined): Claimable {
  const step = STEPS[Number(view.step)];
  if (step === undefined || token === undefined) {
    throw new Error(`the lens tells a step ${view.step} that is not known here`);
  }
  return { book: view.book, step, token, from: view.from, amount: view.amount };
}

/** For a document. */
export function claimJson({ book, step, token, amount }: Claimable) {
  return {
    ...bookJson(book),
    step,
    amount: amountOf(token, amount),
    final: step === "settle" || step === "claim",
  };
}

const NEXT: Readonly<Record<Step, string>> = {
  nothing: "nothing",
  awaitExpiry: "wait for the expiry",
  awaitPrice: "book:fix",
  settle: "settle",
  claim: "claim",
};

/** Columns of `claimRow`. */
export const CLAIM_COLUMNS = ["book (UTC)", "next", ">pays"];

/** For people. */
export function claimRow({ book, step, token, from, amount }: Claimable): string[] {
  const final = step === "settle" || step === "claim";
  const until = from === 0n ? "" : `, ${shownTime(from)}`;
  const pays = `${final ? "" : "at least "}${amountText(token, amount)}`;
  return [bookText(book), `${NEXT[step]}${until}`, pays];
}
