/**
 * Puts all that a first trade needs on a node that runs beside: the protocol, two weekly linear markets of ETH in test USDC,
 * one that settles on a Chainlink feed and one on three classes of sources, and 1,000,000 USDC for each of the node's first
 * four accounts. Running it again changes nothing but the balances and the hub's readings.
 *
 *   npx hardhat node
 *   npx hardhat run scripts/local.ts --network localhost
 */
import { network } from "hardhat";

import { deployLocal } from "./lib/localMarket.ts";

const FUNDED = 4;
const FUNDS = 10n ** 12n;

/** What the feed says first, 8 decimals. */
const PRICE = 2_500n * 10n ** 8n;

const { ledger, lens, oracle, hub, settlement, usdc, list, read, mint } = await deployLocal(
  await network.create(),
);
const { length: listed } = await ledger.queryFilter(ledger.filters.MarketListed());
if (listed === 0) await list("linear");
if (listed < 2) await list("linear", "three classes");
await read(PRICE);
await mint(usdc, FUNDS, FUNDED);
console.log(`ledger ${await ledger.getAddress()}`);
console.log(`lens   ${lens}`);
console.log(`oracle ${oracle}`);
console.log(`hub    ${await hub.getAddress()}, its settlement oracle ${settlement}`);
console.log("market 1: ETH in USDC, weekly; `npx hardhat book:list` shows its calendar");
console.log(
  "market 2: the same on three classes of sources; `npx hardhat oracle:status` shows them",
);
