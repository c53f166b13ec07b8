import { spawn } from "node:child_process";
import { once } from "node:events";

import { expect } from "chai";

import { root } from "../../scripts/lib/proc.ts";
import type { CampaignNode } from "../helpers/campaignNode.ts";
import { jsonIn, runReplay } from "../helpers/replayProcess.ts";

const SEEDS = [20, 21];
const COMMANDS = 150;

/** Starts a node that has a random run of the campaign behind it. */
async function start(seed: number): Promise<CampaignNode & { readonly stop: () => void }> {
  const args = ["test/helpers/campaignNode.ts", `${seed}`, `${COMMANDS}`];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
  const [line] = (await Promise.race([once(child.stdout, "data"), once(child, "exit")])) as [
    unknown,
  ];
  if (child.exitCode !== null) throw new Error(`the node ended with ${child.exitCode}`);
  return { ...(JSON.parse(String(line)) as CampaignNode), stop: () => child.kill() };
}

describe("npm run replay, on what the campaign leaves", function () {
  this.timeout(120_000);

  for (const seed of SEEDS) {
    it(`comes to the state of a random run, seed ${seed}`, async () => {
      const { url, ledger, oracle, root: expected, stop } = await start(seed);
      try {
        const contracts = ["--ledger", ledger, "--oracle", oracle];
        const replayed = await runReplay("--rpc", url, ...contracts, "--json");
        const { fault, comparison } = jsonIn(replayed);
        expect(fault).to.equal(undefined);
        expect(comparison?.differences.map(({ text }) => text)).to.deep.equal([]);
        expect(comparison?.root).to.equal(expected);
        expect(replayed.code).to.equal(0);
      } finally {
        stop();
      }
    });
  }
});
