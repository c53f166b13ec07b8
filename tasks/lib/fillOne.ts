import { parseWhole } from "./decimals.ts";
import { drawnBy, fillsIn, fillsText } from "./fills.ts";
import type { Filling } from "./fills.ts";
import { complete, limitsOf, limitsText, orUnlimited } from "./limits.ts";
import type { SignedOrder } from "./orderFile.ts";
import { tokensOf } from "./orderReport.ts";
import { exactLimits, previewOf, previewReport } from "./preview.ts";
import type { Report } from "./print.ts";
import { Refused } from "./refusals.ts";
import { mined, minedJson, minedText } from "./send.ts";
import type { Session } from "./session.ts";
import { required, UsageError } from "./usage.ts";

/** Fills one order, all of the units or nothing. */
export async function fillOne(
  session: Session,
  { args, actor, account }: Filling,
  signed: SignedOrder,
): Promise<Report> {
  if (args.minUnits !== undefined || args.maxUnits !== undefined) {
    throw new UsageError(
      "--min-units and --max-units are for several orders: pass --units for one.",
    );
  }
  const hint = "say how many units to take; order:check tells how many are left";
  const units = parseWhole("--units", required("--units", args.units, hint), 1n, (1n << 64n) - 1n);
  const tokens = await tokensOf(session, signed.order.parts);
  const given = limitsOf(args, tokens);
  const taking = { caller: actor.address, account, units };
  const filled = given.map(orUnlimited);
  const preview = await previewOf(session, signed, { ...taking, limits: filled });
  if (args.dryRun) {
    const { json, text } = await previewReport(session, preview, units, tokens);
    return { json: { dryRun: true, ...json }, text };
  }
  if (preview.refusal !== "0x") throw new Refused(preview.refusal, tokens);
  const limits = complete(given, () => limitsText(exactLimits(preview), tokens));
  const ledger = session.ledger.connect(actor);
  const { order, signer, signature } = signed;
  await ledger.fill.staticCall(account, order, signer, signature, units, limits);
  const receipt = await mined(await ledger.fill(account, order, signer, signature, units, limits));
  const fills = fillsIn(session, receipt, tokens);
  return {
    json: { fills, drawn: fills.flatMap(drawnBy), transaction: minedJson(receipt) },
    text: `${fillsText(fills, fills.flatMap(drawnBy))}\n${minedText(receipt)}`,
  };
}
