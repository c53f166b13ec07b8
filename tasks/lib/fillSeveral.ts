import type { ContractTransactionReceipt } from "ethers";

import { decodeError } from "../../packages/contracts/src/errors/decode.ts";
import type { Part } from "../../packages/contracts/src/orders/types.ts";
import { parseWhole } from "./decimals.ts";
import { fillsIn, fillsText, skipsIn } from "./fills.ts";
import type { Filling } from "./fills.ts";
import { complete, limitsOf, limitsText, orUnlimited, UNLIMITED } from "./limits.ts";
import type { SignedOrder } from "./orderFile.ts";
import { tokensOf } from "./orderReport.ts";
import type { PartToken } from "./orderReport.ts";
import { previewOf, unitsLeft } from "./preview.ts";
import { paragraphs } from "./print.ts";
import type { Report } from "./print.ts";
import { reasonOf, Refused } from "./refusals.ts";
import { eventsIn, mined, minedJson, minedText } from "./send.ts";
import type { Session } from "./session.ts";
import { amountOf, amountText } from "./tokens.ts";
import type { Amount, Token } from "./tokens.ts";
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
  const open = given.map(orUnlimited);
  const found = await ledger.fillMany
    .staticCall(account, fills, least, most, open)
    .catch(async (error: unknown) => {
      // The ledger tells why it skipped an order in events, which a call that reverts does not leave.
      const { name, data } = decodeError(error);
      if (name !== "UnitsShort") throw error;
      const refused = await refusals(session, filling, orders, tokens);
      throw new Refused(data, tokens, refusedText(refused));
    });
  if (args.dryRun) {
    const refused = await refusals(session, filling, orders, tokens);
    return dryReport(found.units, found.paid, { tokens, refused });
  }
  const draws = await drawsOf(session, account, orders[0]?.order.parts ?? [], found);
  const limits = complete(given, () =>
    limitsText(
      found.paid.map((maxPay, i) => ({ maxPay, maxDraw: draws[i] ?? 0n })),
      tokens,
    ),
  );
  await ledger.fillMany.staticCall(account, fills, least, most, limits);
  const receipt = await mined(await ledger.fillMany(account, fills, least, most, limits));
  const done = fillsIn(session, receipt, tokens);
  const skipped = await skipsIn(session, receipt, tokens);
  const drawn = drawnIn(session, receipt, account, tokens);
  return {
    json: { fills: done, skipped, drawn, transaction: minedJson(receipt) },
    text: paragraphs(
      fillsText(done, drawn),
      skipped.map(({ maker, reason }) => `Passed over ${maker}: ${reason}`).join("\n"),
      minedText(receipt),
    ),
  };
}

/** What was drawn of the taker, which `fillMany` does at its end, once a part. */
function drawnIn(
  session: Session,
  receipt: ContractTransactionReceipt,
  account: bigint,
  tokens: readonly PartToken[],
): Amount[] {
  const drawn = eventsIn(session, receipt, "Allocated", (arg) => ({
    book: arg("book") as bigint,
    of: arg("account") as bigint,
    delta: arg("delta") as bigint,
  })).filter(({ of }) => of === account);
  return tokens.map((token) => {
    const base = drawn.find(({ book }) => book === token.book)?.delta ?? 0n;
    return amountOf(token, base);
  });
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
  const refused = previews.flatMap(({ refusal }, i) =>
    refusal === "0x" ? [] : [{ orderHash: orders[i]?.hash, refusal }],
  );
  return Promise.all(
    refused.map(async ({ orderHash, refusal }) => ({
      orderHash,
      reason: await reasonOf(session, refusal, tokens),
    })),
  );
}

/** What would be drawn of the taker: the orders are of one shape, so that their units are those of one. */
async function drawsOf(
  { lens, ledger }: Session,
  account: bigint,
  parts: readonly Part[],
  { units, paid }: { readonly units: bigint; readonly paid: readonly bigint[] },
): Promise<bigint[]> {
  return Promise.all(
    parts.map(async ({ book, legs }, i) => {
      const [{ current }, { collateral }] = await Promise.all([
        lens.requirementAfter(account, book, legs, -units),
        ledger.positionOf(account, book),
      ]);
      const shortfall = current - (collateral - (paid[i] ?? 0n));
      return shortfall > 0n ? shortfall : 0n;
    }),
  );
}

function refusedText(refused: Awaited<ReturnType<typeof refusals>>): string {
  return refused
    .map(({ orderHash, reason }) => `Alone, ${orderHash} is refused: ${reason}`)
    .join("\n");
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
      refusedText(refused),
    ),
  };
}
