import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { bookId } from "../../packages/contracts/src/ids.ts";
import type { SendingArguments } from "../lib/arguments.ts";
import { bookJson, bookText, expiryBy, gridOf } from "../lib/books.ts";
import { formatPrice } from "../lib/decimals.ts";
import { marketBy } from "../lib/markets.ts";
import { run } from "../lib/run.ts";
import { eventsIn, mined, minedJson, minedText } from "../lib/send.ts";
import { idOf, priceOf } from "../lib/shapes.ts";
import { actorOf } from "../lib/signers.ts";
import { required } from "../lib/usage.ts";

interface Arguments extends SendingArguments {
  readonly market: string | undefined;
  readonly expiry: string | undefined;
}

export default (args: Arguments, hre: HardhatRuntimeEnvironment) =>
  run(args, hre, async (session) => {
    const market = required("--market", args.market, "market:list shows the markets there are");
    const time = required("--expiry", args.expiry, "book:list shows the expiries to come");
    const { market: key, view } = await marketBy(session, "--market", market);
    const grid = { market: key, ...gridOf(view.terms) };
    const expiry = await expiryBy(session, "--expiry", time, grid);
    const book = bookId(key, expiry);
    const ledger = session.ledger.connect(await actorOf(session, args));

    await ledger.openBook.staticCall(key, expiry);
    if (args.dryRun) {
      return { json: { ...bookJson(book), dryRun: true }, text: `${bookText(book)} would open.` };
    }
    const receipt = await mined(await ledger.openBook(key, expiry));
    const [opened] = eventsIn(session, receipt, "BookOpened", (arg) => ({
      mark: arg("mark") as bigint,
    }));
    const mark = opened?.mark ?? 0n;
    return {
      json: { ...bookJson(book), mark: priceOf(mark), transaction: minedJson(receipt) },
      text: `Opened ${bookText(book)}, id ${idOf(book)}, at the mark ${formatPrice(mark)}.\n${minedText(receipt)}`,
    };
  });
