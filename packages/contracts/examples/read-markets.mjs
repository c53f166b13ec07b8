// What can be traded: every market and its books of the next weeks, read from the lens. No key is needed.
//
//   RPC_URL=… LENS=… node read-markets.mjs
//
// What each field means, and in which units, stands in interfaces/ILens.sol and types/Views.sol of the package.
import { JsonRpcProvider } from "ethers";
import { ILens__factory } from "@certus/contracts";

const STYLES = ["linear", "inverse"];
const LEVELS = ["normal", "restricted", "halted"];
const PHASES = ["unopened", "trading", "closing", "halted", "expired", "fixed"];
const PAGE = 100;

async function main(provider, address) {
  const lens = ILens__factory.connect(address, provider);
  const { timestamp } = await provider.getBlock("latest");
  const [markets] = await lens.markets(0, PAGE);
  for (const { market, retired, level, terms } of markets) {
    const standing = retired ? "retired" : LEVELS[Number(level)];
    console.log(`market ${market}: ${STYLES[Number(terms.style)]}, ${standing}`);
    // The first expiries from now on, opened or not.
    const [books] = await lens.calendar(market, timestamp, 2);
    for (const { book, expiry, phase, pool } of books) {
      const date = new Date(Number(expiry) * 1_000).toISOString();
      console.log(`  ${date} ${PHASES[Number(phase)]}, pool ${pool}, book ${book}`);
    }
  }
}

const { RPC_URL, LENS } = process.env;
if (!RPC_URL || !LENS) throw new Error("RPC_URL and LENS are not both set");
const provider = new JsonRpcProvider(RPC_URL);
try {
  await main(provider, LENS);
} finally {
  provider.destroy();
}
