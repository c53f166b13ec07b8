import { addLegs, payout } from "@certus/model";
import type { Leg } from "@certus/model";

import { legsOf, packageIdOf, redeemedIn } from "./packages.ts";
import type { BookResult } from "./settle.ts";

/** What does not add up in a book that has paid out. */
export function faultsOf(result: Omit<BookResult, "faults">): string[] {
  const { market, price, pool, payouts, redemptions, dust, settled, shares } = result;
  const redeemed = redeemedIn(redemptions);
  const paid = payouts + redeemed;
  const claimants = shares.length + redemptions.length;
  const faults: string[] = [];
  const demand = (holds: boolean, text: string) => holds || faults.push(text);
  demand(price === result.proved, `settled at ${price}, proved was ${result.proved}`);
  demand(
    pool === paid + dust,
    `pool ${pool} is not payouts ${payouts} + redemptions ${redeemed} + dust ${dust}`,
  );
  demand(
    dust >= 0n && dust <= BigInt(claimants),
    `dust ${dust} of ${claimants} accounts and packages`,
  );
  demand(settled === shares.length, `${settled} of ${shares.length} accounts were settled`);
  demand(!result.short, "not everyone could be paid in full");
  let owed = 0n;
  let open: readonly Leg[] = [];
  for (const share of shares) {
    owed += share.collateral;
    open = addLegs(open, share.legs, 1n);
    const { name } = share.party;
    const expected = payout(market.scale, share.collateral, share.legs, price);
    demand(share.payout === expected, `${name} was paid ${share.payout}, not ${expected}`);
    demand(share.payout >= share.least, `${name} was paid less than its worst case ${share.least}`);
    demand(share.collateral >= share.requirement, `${name} is not covered`);
  }
  for (const { pack, payout: given, received } of redemptions) {
    open = addLegs(open, pack.legs, pack.amount);
    const { name } = pack.holder;
    const expected = payout(market.scale, 0n, legsOf(pack), price);
    demand(given === expected, `${name} redeemed ${given}, not ${expected}`);
    demand(received === given, `${name} redeemed ${given} and received ${received}`);
    demand(pack.id === packageIdOf(result.book, pack.legs), `package ${pack.id} has other legs`);
  }
  demand(owed === pool, `collateral ${owed} is not the pool ${pool}`);
  demand(
    open.length === 0,
    `${open.length} series do not add up to zero over accounts and packages`,
  );
  return faults;
}
