/**
 * Deploys on chains of this machine that have the ids of public ones, kills the deployment with every one of its transactions,
 * each before the node has it, before anybody hears of it and after, starts it again, and compares what stands then with an
 * undisturbed deployment. Last, one deployment is killed with each of its transactions in turn.
 *
 *   node scripts/deploy-campaign.ts                            all three chains
 *   node scripts/deploy-campaign.ts --chain sepolia --every 5  one of them, with every fifth transaction
 */
import { parseArgs } from "node:util";

import { CHAINS } from "../deploy/parameters/index.ts";
import type { ChainParameters } from "../deploy/parameters/index.ts";
import { CANONICAL_ENTRY_POINT, CANONICAL_SAFE } from "../tasks/lib/deploy/shared.ts";
import { deployKilled, disturbance, documentOf, MOMENTS } from "../test/helpers/killing.ts";
import type { Moment } from "../test/helpers/killing.ts";
import { startTestnet } from "../test/helpers/testnet.ts";
import type { Testnet } from "../test/helpers/testnet.ts";

/** Chains at a time. */
const JOBS = 2;
/** Who governs is said once; whoever goes on reads it in the plan. */
const BEGIN = ["--solo"];

/** How a chain came off. */
interface Tally {
  readonly chain: string;
  readonly transactions: number;
  readonly kills: number;
  readonly failures: readonly string[];
  readonly seconds: number;
}

const { values } = parseArgs({
  options: { chain: { type: "string" }, every: { type: "string", default: "1" } },
});
const every = Number(values.every);
const chosen = CHAINS.filter(({ local, name }) => !local && (values.chain ?? name) === name);
if (chosen.length === 0 || !Number.isInteger(every) || every < 1) {
  throw new Error("--chain is a public chain of deploy/parameters, --every a number from 1 on");
}

/** One kill, one start, one comparison. */
async function killOnce(testnet: Testnet, all: number, nth: number, moment: Moment) {
  await testnet.again();
  const { signal, sent, stderr } = await deployKilled(testnet, BEGIN, nth, moment);
  const reached = moment === "unsent" ? nth - 1 : nth;
  if (signal !== "SIGKILL" || sent !== reached) return `it was not killed there: ${stderr}`;
  return disturbance(testnet, documentOf(await deployKilled(testnet, [])), all);
}

/** One deployment, killed with each of its transactions. */
async function killAlways(testnet: Testnet, all: number) {
  await testnet.again();
  for (let nth = 0; nth < all; nth++) {
    // One that was killed before it sent has got nowhere: it is killed once more, later.
    const moments: readonly Moment[] = nth % 3 === 0 ? ["unsent", "unheard"] : ["heard"];
    for (const moment of moments) {
      const { signal, stderr } = await deployKilled(testnet, nth === 0 ? BEGIN : [], 1, moment);
      if (signal !== "SIGKILL") return `transaction ${nth + 1} was not sent: ${stderr}`;
    }
  }
  return disturbance(testnet, documentOf(await deployKilled(testnet, [])), all);
}

async function campaignOn(chain: ChainParameters): Promise<Tally> {
  const began = Date.now();
  // One of the chains has none of the contracts that everybody shares, and does not mine at once.
  const testnet =
    chain.name === "arbitrumSepolia"
      ? await startTestnet(chain, { safe: undefined, entryPoint: undefined }, 50)
      : await startTestnet(chain, { safe: CANONICAL_SAFE, entryPoint: CANONICAL_ENTRY_POINT });
  const failures: string[] = [];
  const tried = async (what: string, work: () => Promise<string | undefined>) => {
    const wrong = await work().catch((error: unknown) => String(error));
    if (wrong !== undefined) failures.push(`${chain.name}, ${what}: ${wrong}`);
    console.log(`${chain.name}: ${what}: ${wrong ?? "as if nothing had happened"}`);
  };
  try {
    const { sent: transactions } = documentOf(await deployKilled(testnet, BEGIN));
    let kills = 0;
    for (let nth = 1; nth <= transactions; nth += every) {
      for (const moment of MOMENTS) {
        kills++;
        await tried(`killed with transaction ${nth} of ${transactions}, ${moment}`, () =>
          killOnce(testnet, transactions, nth, moment),
        );
      }
    }
    if (every === 1) {
      kills += transactions;
      await tried("killed with every transaction", () => killAlways(testnet, transactions));
    }
    const seconds = Math.round((Date.now() - began) / 1_000);
    return { chain: chain.name, transactions, kills, failures, seconds };
  } finally {
    await testnet.close();
  }
}

const tallies: Tally[] = [];
const waiting = [...chosen];
await Promise.all(
  Array.from({ length: JOBS }, async () => {
    for (let chain = waiting.shift(); chain !== undefined; chain = waiting.shift()) {
      tallies.push(await campaignOn(chain));
    }
  }),
);
for (const { chain, transactions, kills, failures, seconds } of tallies) {
  const outcome = failures.length === 0 ? "none failed" : `${failures.length} FAILED`;
  console.log(`${chain}: ${transactions} transactions, ${kills} kills, ${outcome}, ${seconds} s`);
}
const failed = tallies.flatMap(({ failures }) => failures);
for (const failure of failed) console.error(failure);
const kills = tallies.reduce((sum, each) => sum + each.kills, 0);
console.log(`${kills - failed.length} passed, ${failed.length} failed`);
process.exitCode = failed.length === 0 ? 0 : 1;
