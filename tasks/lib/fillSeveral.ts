import { decodeError } from "../../packages/contracts/src/errors/decode.ts";
import { parseWhole } from "./decimals.ts";
import { fillsIn, fillsText, skipsIn } from "./fills.ts";
import type { Filling } from "./fills.ts";
import { complete, limitsOf, limitsText, UNLIMITED } from "./limits.ts";
import type { Limit } from "./limits.ts";
import type { SignedOrder } from "./orderFile.ts";
import { tokensOf } from "./orderReport.ts";
import { previewOf, unitsLeft } from "./preview.ts";
import { paragraphs } from "./print.ts";
import type { Report } from "./print.ts";
import { mined, minedJson, minedText } from "./send.ts";
import type { Session } from "./session.ts";
import { amountOf, amountText } from "./tokens.ts";
import type { Token } from "./tokens.ts";
import { required, UsageError } from "./usage.ts";

const MOST = (1n << 64n) - 1n;

/** What the whole call may take. */
interface Bounds {
  readonly least: bigint;
  readonly most: bigint;
}

/** Fills several orders of one shape in one `fillMany`: those that cannot be filled are passed over, and say why. */
export async function fillSeveral(
  session: Session,
  filling: Filling,
  orders: readonly SignedOrder[],
): Promise<Report> {
  const { args, actor, account } = filling;
  const { least, most } = boundsOf(filling);
  const tokens = await tokensOf(session, orders[0]?.order.parts ?? []);
  const given = limitsOf(args, tokens);
  const fills = orders.map(({ order, signer, signature }) => ({ order, signer, signature }));
  const ledger = session.ledger.connect(actor);
  const open = given.map(({ maxPay, maxDraw }) => ({
    maxPay: maxPay ?? UNLIMITED.maxPay,
    maxDraw: maxDraw ?? UNLIMITED.maxDraw,
  }));
  const found = await ledger.fillMany.staticCall(account, fills, least, most, open);
  if (args.dryRun) {
    const refused = await refusals(session, filling, orders, tokens);
    return dryReport(found.units, found.paid, { tokens, refused });
  }
  const draws = given.some(({ maxDraw }) => maxDraw === undefined)
    ? await drawsOf(session, filling, orders, found.units)
    : [];
  const limits = complete(given, () =>
    limitsText(
      found.paid.map((maxPay, i) => ({ maxPay, maxDraw: draws[i] ?? 0n })),
      tokens,
    ),
  );
  await ledger.fillMany.staticCall(account, fills, least, most, limits);
  const receipt = await mined(await ledger.fillMany(account, fills, least, most, limits));
  const done = fillsIn(session, receipt, tokens);
  const skipped = skipsIn(session, receipt);
  return {
    json: { fills: done, skipped, transaction: minedJson(receipt) },
    text: paragraphs(
      fillsText(done),
      skipped.map(({ maker, reason }) => `Passed over ${maker}: ${reason}`).join("\n"),
      minedText(receipt),
    ),
  };
}

function boundsOf({ args: { units, minUnits, maxUnits } }: Filling): Bounds {
  if (units !== undefined) {
    throw new UsageError(
      "--units is for one order: pass --max-units, and --min-units, for several.",
    );
  }
  const hint = "say how many units to take in all";
  const most = parseWhole("--max-units", required("--max-units", maxUnits, hint), 1n, MOST);
  return { least: parseWhole("--min-units", minUnits ?? "1", 1n, most), most };
}

/** Orders that could not be filled by themselves, with the sentences why. */
async function refusals(
  session: Session,
  { actor, account }: Filling,
  orders: readonly SignedOrder[],
  tokens: readonly Token[],
) {
  const previews = await Promise.all(
    orders.map(async (signed) => {
      const units = (await unitsLeft(session, signed)) || signed.order.units;
      const limits = tokens.map(() => UNLIMITED);
      return previewOf(session, signed, { caller: actor.address, account, units, limits });
    }),
  );
  return previews.flatMap(({ refusal }, i) =>
    refusal === "0x" ? [] : [{ orderHash: orders[i]?.hash, reason: decodeError(refusal).sentence }],
  );
}

/** At most what would be drawn: order by order as if each came alone, in their order, up to the units. */
async function drawsOf(
  session: Session,
  { actor, account }: Filling,
  orders: readonly SignedOrder[],
  wanted: bigint,
): Promise<bigint[]> {
  const draws: bigint[] = [];
  let rest = wanted;
  for (const signed of orders) {
    const left = await unitsLeft(session, signed);
    const units = left < rest ? left : rest;
    if (units === 0n) continue;
    const limits: Limit[] = signed.order.parts.map(() => UNLIMITED);
    const taking = { caller: actor.address, account, units, limits };
    const { refusal, parts } = await previewOf(session, signed, taking);
    if (refusal !== "0x") continue;
    parts.forEach(({ taker }, i) => (draws[i] = (draws[i] ?? 0n) + taker.draw));
    rest -= units;
  }
  return draws;
}

function dryReport(
  units: bigint,
  paid: readonly bigint[],
  { tokens, refused }: { tokens: readonly Token[]; refused: Awaited<ReturnType<typeof refusals>> },
): Report {
  const amounts = tokens.map((token, i) => ({ token, base: paid[i] ?? 0n }));
  const pays = amounts.map(({ token, base }) => amountText(token, base)).join("; ");
  return {
    json: {
      dryRun: true,
      units,
      paid: amounts.map(({ token, base }) => amountOf(token, base)),
      refused,
    },
    text: paragraphs(
      `${units} units would be filled, for which the taker pays ${pays}, fees included.`,
      refused
        .map(({ orderHash, reason }) => `Alone, ${orderHash} is refused: ${reason}`)
        .join("\n"),
    ),
  };
}
