import { accountOf } from "@certus/model";

import { ledgerCalls } from "./chain.ts";
import { price } from "./format.ts";
import { fillText, legsText } from "./lines.ts";
import { balanceOf } from "./packages.ts";
import type { Redemption } from "./packages.ts";
import { amount } from "./report.ts";
import type { Check } from "./report.ts";
import type { StoryResult } from "./storyReport.ts";
import { LOTS_PER_ETH } from "./terms.ts";
import type { Venue } from "./venue.ts";

/** How the packages came about, what they are, and who was paid what for them. */
export function packageLines({ results, takes }: StoryResult): readonly string[] {
  const lines: string[] = [];
  for (const { price: settlement, redemptions } of results) {
    for (const { pack, payout } of redemptions) {
      const { holder, market, legs, amount: count, id } = pack;
      const paid = `${amount(payout, market.token)} ${market.token.symbol}`;
      const fills = takes.flatMap((take) => take.fills);
      lines.push(
        `\nthe wrapped condor`,
        ...fills.map((fill) => `made      ${fillText(fill)}`),
        `package   ${legsText(legs, 1n)}, a lot each`,
        `id        0x${id.toString(16)}`,
        `handed    ${count} packages, ${count / LOTS_PER_ETH} ETH, to the ${holder.name} at ${holder.address}`,
        `redeemed  at ${price(settlement)} for ${paid}, by the ${holder.name}, who has paid the ledger nothing`,
      );
    }
  }
  return lines;
}

/** That every package is gone, and that it took no account to be paid. */
export async function packageChecks({ venue, results }: StoryResult): Promise<readonly Check[]> {
  const checks: Check[] = [];
  for (const redemption of results.flatMap(({ redemptions }) => redemptions)) {
    const { name } = redemption.pack.holder;
    checks.push(
      { text: "no package is left", holds: (await leftOf(venue, redemption)) === 0n },
      { text: `the ${name} was paid without an account`, holds: await isBlank(venue, redemption) },
    );
  }
  if (checks.length === 0) checks.push({ text: "a package was redeemed", holds: false });
  return checks;
}

async function leftOf(venue: Venue, { pack }: Redemption): Promise<bigint> {
  let left = 0n;
  for (const person of [...venue.parties, ...venue.strangers]) {
    left += await balanceOf(venue, person, pack.id);
  }
  return left;
}

/** The holder's account has neither cash nor a position, and its wallet holds the payout and nothing else. */
async function isBlank(venue: Venue, { pack, payout }: Redemption): Promise<boolean> {
  const { chain, ledger } = venue;
  const { holder, market, book } = pack;
  const account = accountOf(BigInt(holder.address), 0n);
  const [cash] = await chain.read(ledger, ledgerCalls, "cashOf", [account, market.token.address]);
  const position = await chain.read(ledger, ledgerCalls, "positionOf", [account, book]);
  const collateral = position.getValue("collateral") as bigint;
  const legs = position.getValue("legs") as bigint[];
  const wallet = await venue.wallet(holder.address, market.token);
  return cash === 0n && collateral === 0n && legs.length === 0 && wallet === payout;
}
