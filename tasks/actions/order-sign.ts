import { hexlify, randomBytes } from "ethers";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { marketOf } from "../../packages/contracts/src/ids.ts";
import { buildOrder, MAX_PARTS } from "../../packages/contracts/src/orders/build.ts";
import { signOrder } from "../../packages/contracts/src/orders/sign.ts";
import { hashOrder, orderDomain } from "../../packages/contracts/src/orders/typedData.ts";
import type { PartInput } from "../../packages/contracts/src/orders/types.ts";
import type { ActingArguments } from "../lib/arguments.ts";
import { bookText, openBookBy, phaseOf } from "../lib/books.ts";
import type { Book } from "../lib/books.ts";
import { parseAmount, parseSigned, parseWhole, PRICE_DECIMALS } from "../lib/decimals.ts";
import { parseLegs } from "../lib/legs.ts";
import { byPart } from "../lib/limits.ts";
import { orderFileJson, writeOrderFile } from "../lib/orderFile.ts";
import type { SignedOrder } from "../lib/orderFile.ts";
import { orderText, tokensOf } from "../lib/orderReport.ts";
import { unitDraw } from "../lib/unitMoney.ts";
import { note, toJson } from "../lib/print.ts";
import type { Report } from "../lib/print.ts";
import { run } from "../lib/run.ts";
import type { Session } from "../lib/session.ts";
import { accountOf, actorOf, addressOf, checkScope } from "../lib/signers.ts";
import { parseTime } from "../lib/times.ts";
import { listed, required, UsageError } from "../lib/usage.ts";

interface Arguments extends ActingArguments {
  readonly book: string | undefined;
  readonly legs: string | undefined;
  readonly premium: string | undefined;
  readonly maxDraw: string | undefined;
  readonly units: string | undefined;
  readonly minFill: string;
  readonly deadline: string;
  readonly nonce: string | undefined;
  readonly taker: string | undefined;
  readonly account: string | undefined;
  readonly out: string | undefined;
}

const MOST_UNITS = (1n << 64n) - 1n;
/** How an order carries a premium. */
const PREMIUM = { side: "receiver", bits: 64n } as const;
const MOST_NONCE = (1n << 256n) - 1n;

export default (args: Arguments, hre: HardhatRuntimeEnvironment) => run(args, hre, sign);

async function sign(session: Session, args: Arguments): Promise<Report> {
  const signer = await actorOf(session, args);
  const account = await accountOf(session, "--account", args.account, signer);
  await checkScope(session, account, signer, "trade");
  const { chainId, ledger, ledgerAddress, now, blockTime } = session;
  const units = parseWhole("--units", required("--units", args.units, UNITS_HINT), 1n, MOST_UNITS);
  const deadline = parseTime("--deadline", args.deadline, now);
  if (deadline < now)
    throw new UsageError(`--deadline: ${args.deadline} has passed on this chain.`);
  const order = buildOrder({
    account,
    nonce: nonceOf(args.nonce),
    epoch: await ledger.epochOf(account),
    units,
    minFill: parseWhole("--min-fill", args.minFill, 1n, units),
    signedAt: blockTime,
    deadline,
    ...(args.taker === undefined ? {} : { taker: await addressOf(session, "--taker", args.taker) }),
    parts: await partsOf(session, args),
  });
  const signature = await signOrder(signer, order, orderDomain(chainId, ledgerAddress));
  const hash = hashOrder(order);
  return reported(session, args.out, {
    chainId,
    ledger: ledgerAddress,
    hash,
    signer: signer.address,
    signature,
    order,
  });
}

/** Without a file the document is the result itself, so that the output can be kept as one. */
async function reported(
  session: Session,
  out: string | undefined,
  signed: SignedOrder,
): Promise<Report> {
  const text = orderText(signed, await tokensOf(session, signed.order.parts));
  const json = orderFileJson(signed);
  if (out === undefined) {
    note(text);
    return { json, text: toJson(json) };
  }
  await writeOrderFile(out, signed);
  return { json, text: `${text}\nWritten to ${out}.` };
}

const UNITS_HINT = "say how many units may be filled in all, each of the legs and the premium";

function nonceOf(text: string | undefined): bigint {
  if (text === undefined) return BigInt(hexlify(randomBytes(16)));
  return parseWhole("--nonce", text, 0n, MOST_NONCE);
}

async function partsOf(session: Session, args: Arguments): Promise<PartInput[]> {
  const hint = "name the book of each part, as in 1@2026-12-25; book:list shows them";
  const names = listed("--book", required("--book", args.book, hint), ";");
  if (names.length > MAX_PARTS) {
    throw new UsageError(
      `--book: ${names.length} parts are too many: an order has at most ${MAX_PARTS}.`,
    );
  }
  const legs = byPart("--legs", required("--legs", args.legs, LEGS_HINT), names.length);
  const premiums = byPart(
    "--premium",
    required("--premium", args.premium, PREMIUM_HINT),
    names.length,
  );
  const draws = args.maxDraw === undefined ? [] : byPart("--max-draw", args.maxDraw, names.length);
  const books = await Promise.all(names.map((name) => openBookBy(session, "--book", name)));
  const twice = books.find(({ book }, i) => books.slice(0, i).some((other) => other.book === book));
  if (twice !== undefined) {
    throw new UsageError(`--book: ${bookText(twice.book)} has two parts: merge them into one.`);
  }
  for (const book of books) checkTrading(book);
  return Promise.all(
    books.map((book, i) => {
      const packed = parseLegs("--legs", legs[i] ?? "");
      const text = premiums[i] ?? "";
      const premium = parseSigned("--premium", text, PRICE_DECIMALS, PREMIUM);
      return partOf(session, book, { legs: packed, premium, draw: draws[i] });
    }),
  );
}

/** Nobody can fill an order in a book that has expired; where only closing is possible, the maker should know. */
function checkTrading({ book, view }: Book): void {
  const phase = phaseOf(view);
  if (phase === "expired" || phase === "fixed") {
    throw new UsageError(`--book: ${bookText(book)} has expired: book:list shows those to come.`);
  }
  if (phase === "trading") return;
  const what = phase === "halted" ? "nothing fills" : "only fills that close positions go through";
  note(`Mind that in ${bookText(book)} ${what} for the time being: book:list shows its phase.`);
}

const LEGS_HINT = 'say what the maker receives a unit, as in "+1 P2800, -2 C3200.5"';
const PREMIUM_HINT = 'say what the maker receives a unit, as in 12.5, or "pay 12.5"';

interface PartTerms {
  readonly legs: bigint[];
  readonly premium: bigint;
  readonly draw: string | undefined;
}

async function partOf(
  session: Session,
  { book, token }: Book,
  part: PartTerms,
): Promise<PartInput> {
  const { legs, premium, draw } = part;
  // Also refuses legs that the book does not list, before anybody signs for them.
  const [requirement, terms] = await Promise.all([
    session.lens.requirement(book, legs),
    session.ledger.termsOf(marketOf(book)),
  ]);
  const maxDraw =
    draw === undefined
      ? unitDraw(terms, requirement, premium)
      : parseAmount("--max-draw", draw, token.decimals);
  return { book, legs, premium, maxDraw };
}
