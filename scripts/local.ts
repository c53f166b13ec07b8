/**
 * Puts all that a first trade needs on a node that runs beside: the protocol, a weekly linear market of ETH in test USDC, and
 * 1,000,000 USDC for each of the node's first four accounts. Running it again changes nothing but the balances.
 *
 *   npx hardhat node
 *   npx hardhat run scripts/local.ts --network localhost
 */
import { network } from "hardhat";

import { deployLocal } from "./lib/localMarket.ts";

const FUNDED = 4;
const FUNDS = 10n ** 12n;

const { ledger, lens, oracle, usdc, list, mint } = await deployLocal(await network.create());
if ((await ledger.queryFilter(ledger.filters.MarketListed())).length === 0) await list("linear");
await mint(usdc, FUNDS, FUNDED);
console.log(`ledger ${await ledger.getAddress()}`);
console.log(`lens   ${lens}`);
console.log(`oracle ${oracle}`);
console.log("market 1: ETH in USDC, weekly; `npx hardhat book:list` shows its calendar");
