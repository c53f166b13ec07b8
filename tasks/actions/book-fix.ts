import { isHexString } from "ethers";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { ChainlinkSettlement__factory } from "../../packages/contracts/src/generated/bindings/factories/ChainlinkSettlement__factory.ts";
import { expiryOf, marketOf } from "../../packages/contracts/src/ids.ts";
import { FeedReadError, findHints } from "../../scripts/lib/roundHints.ts";
import type { SendingArguments } from "../lib/arguments.ts";
import { bookJson, bookText, openBookBy } from "../lib/books.ts";
import { formatPrice } from "../lib/decimals.ts";
import { hubBehind } from "../lib/oracle/hubs.ts";
import { note } from "../lib/print.ts";
import { readerOf } from "../lib/rounds.ts";
import { run } from "../lib/run.ts";
import { mined, minedJson, minedText } from "../lib/send.ts";
import type { Session } from "../lib/session.ts";
import { priceOf } from "../lib/shapes.ts";
import { actorOf } from "../lib/signers.ts";
import { required, UsageError } from "../lib/usage.ts";

interface Arguments extends SendingArguments {
  readonly book: string | undefined;
  readonly proof: string | undefined;
}

export default (args: Arguments, hre: HardhatRuntimeEnvironment) =>
  run(args, hre, async (session) => {
    const name = required("--book", args.book, "book:list shows the books that have expired");
    const { book } = await openBookBy(session, "--book", name);
    const ledger = session.ledger.connect(await actorOf(session, args));
    const proof = await proofOf(session, book, args.proof);
    const price = await ledger.fixPrice.staticCall(book, proof);
    const json = { ...bookJson(book), settlementPrice: priceOf(price), proof };
    const what = `${bookText(book)} at ${formatPrice(price)}`;
    if (args.dryRun) return { json: { ...json, dryRun: true }, text: `Would fix ${what}.` };
    const receipt = await mined(await ledger.fixPrice(book, proof));
    return {
      json: { ...json, transaction: minedJson(receipt) },
      text: `Fixed ${what}.\n${minedText(receipt)}`,
    };
  });

/** The last round up to the expiry, in every phase that counts; nothing before the expiry, so that the ledger says so. */
async function proofOf(session: Session, book: bigint, given: string | undefined): Promise<string> {
  if (given !== undefined) {
    if (isHexString(given)) return given;
    throw new UsageError("--proof is no hex: write 0x and digits, or leave it out.");
  }
  const expiry = expiryOf(book);
  if (session.now < expiry) return "0x";
  const { oracle, feed, profile } = await session.ledger.termsOf(marketOf(book));
  if ((await hubBehind(session, oracle)) !== undefined) {
    note("The book settles on several sources: oracle:prove brings their values.");
    return "0x";
  }
  const settlement = ChainlinkSettlement__factory.connect(oracle, session.provider);
  const fixing = await settlement.fixingId(feed, profile, expiry);
  const { phase } = await settlement.fixingState(fixing);
  try {
    // Without any round the mark is all there is, and the oracle says when.
    return (await findHints(readerOf(session), feed, expiry, phase))?.proof ?? "0x";
  } catch (error) {
    if (error instanceof FeedReadError) return "0x";
    throw error;
  }
}
