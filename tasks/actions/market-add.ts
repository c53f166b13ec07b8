import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import type { SendingArguments } from "../lib/arguments.ts";
import { readText } from "../lib/files.ts";
import { checkLister } from "../lib/listers.ts";
import { allMarkets, marketBy } from "../lib/markets.ts";
import { marketFacts, marketJson } from "../lib/marketReport.ts";
import { facts, paragraphs } from "../lib/print.ts";
import { refusedIn } from "../lib/refusals.ts";
import { run } from "../lib/run.ts";
import { mined, minedJson, minedText } from "../lib/send.ts";
import { idOf } from "../lib/shapes.ts";
import { actorOf } from "../lib/signers.ts";
import { parseTerms, termsFields, tokenField } from "../lib/termsFile.ts";
import { erc20 } from "../lib/tokenChoice.ts";
import { required } from "../lib/usage.ts";

interface Arguments extends SendingArguments {
  readonly terms: string | undefined;
}

export default (args: Arguments, hre: HardhatRuntimeEnvironment) =>
  run(args, hre, async (session) => {
    const hint = "name a JSON file of terms; market:show --json prints those of a market";
    const path = required("--terms", args.terms, hint);
    const fields = termsFields(path, await readText("--terms", path));
    const token = await erc20(session, `${path}, token`, tokenField(path, fields));
    const terms = parseTerms(path, fields, token.decimals, session.now);
    const actor = await actorOf(session, args);
    await checkLister(session, actor);

    const ledger = session.ledger.connect(actor);
    const { market, marketId } = await refusedIn([token], ledger.list.staticCall(terms));
    if (args.dryRun) {
      const number = (await allMarkets(session)).length + 1;
      const view = { retired: false, level: 0n, until: 0n, ceiling: terms.ceiling, terms };
      const shown = { number, market, marketId, token, view };
      return {
        json: { dryRun: true, ...marketJson(shown) },
        text: paragraphs(facts(marketFacts(shown)), "The ledger would list it."),
      };
    }
    const receipt = await mined(await ledger.list(terms));
    const added = await marketBy(session, "--terms", idOf(market));
    return {
      json: { ...marketJson(added), transaction: minedJson(receipt) },
      text: paragraphs(facts(marketFacts(added)), `Listed.\n${minedText(receipt)}`),
    };
  });
