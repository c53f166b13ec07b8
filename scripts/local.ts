/**
 * Puts all that a first trade needs on a node that runs beside: the protocol, a weekly linear market of ETH in test USDC, and
 * 1,000,000 USDC for each of the node's first four accounts. Running it again changes nothing but the balances.
 *
 *   npx hardhat node
 *   npx hardhat run scripts/local.ts --network localhost
 */
import { zeroPadValue } from "ethers";
import { network } from "hardhat";

import Local from "../deploy/modules/Local.ts";
import { IClearinghouse__factory, TestToken__factory } from "../types/ethers-contracts/index.ts";
import { marketTerms } from "./demo/terms.ts";

const FUNDED = 4;
const FUNDS = 10n ** 12n;
const WEEK = 604_800n;
const TEN_DOLLARS = 10n ** 9n;

const { ignition, ethers } = await network.create();
const { ledger, lens, oracle, usdc, feed } = await ignition.deploy(Local);
const [deployer, ...others] = await ethers.getSigners();
if (deployer === undefined) throw new Error("the network has no accounts");
const clearinghouse = IClearinghouse__factory.connect(await ledger.getAddress(), deployer);
const token = TestToken__factory.connect(await usdc.getAddress(), deployer);

const terms = marketTerms("linear", {
  feed: zeroPadValue(await feed.getAddress(), 32),
  oracle: await oracle.getAddress(),
  token: await token.getAddress(),
  strikeTick: TEN_DOLLARS,
  period: WEEK,
});
if ((await clearinghouse.queryFilter(clearinghouse.filters.MarketListed())).length === 0) {
  await (await clearinghouse.list(terms)).wait();
}
for (const { address } of [deployer, ...others].slice(0, FUNDED)) {
  await (await token.mint(address, FUNDS)).wait();
}
console.log(`ledger ${await clearinghouse.getAddress()}`);
console.log(`lens   ${await lens.getAddress()}`);
console.log(`oracle ${await oracle.getAddress()}`);
console.log("market 1: ETH in USDC, weekly; `npx hardhat book:list` shows its calendar");
