import { appendFile } from "node:fs/promises";
import { join } from "node:path";

import { expect } from "chai";
import { keccak256 } from "ethers";
import { createHardhatRuntimeEnvironment } from "hardhat/hre";

import { CHAINS } from "../../deploy/parameters/index.ts";
import userConfig from "../../hardhat.config.ts";
import { root } from "../../scripts/lib/proc.ts";
import { CANONICAL_ENTRY_POINT, CANONICAL_SAFE } from "../../tasks/lib/deploy/shared.ts";
import { deployKilled, disturbance } from "../helpers/killing.ts";
import type { Deployed, Moment } from "../helpers/killing.ts";
import { taskJson } from "../helpers/taskRunner.ts";
import { environmentOf, startTestnet } from "../helpers/testnet.ts";
import type { Testnet } from "../helpers/testnet.ts";

const SHARED = { safe: CANONICAL_SAFE, entryPoint: CANONICAL_ENTRY_POINT };
const NONE = { safe: undefined, entryPoint: undefined };

/** Keccak of the code of Safe's MultiSend 1.5.0 wherever it is, as Safe publishes it. */
const MULTI_SEND = "0xca1147a12963172a93910c5cb2bfa5ad0e941c7f03fc7eb017dd06a8ea4e5604";

/** Writes into the journal that Ignition has given up a transaction, as it does after some hours. */
async function giveUp({ chain, folder }: Testnet, futureId: string): Promise<void> {
  const type = "ONCHAIN_INTERACTION_TIMEOUT";
  const line = JSON.stringify({ futureId, networkInteractionId: 1, type });
  await appendFile(join(folder, "journals", `certus-${chain.name}`, "journal.jsonl"), `\n${line}`);
}

/** Goes on in this process; who governs need not be said once more. */
async function resumed({ chain, url, folder }: Testnet): Promise<Deployed> {
  const variables = environmentOf(chain, url);
  Object.assign(process.env, variables);
  try {
    const { name } = chain;
    const hre = await createHardhatRuntimeEnvironment(userConfig, { network: name }, root);
    const options = { from: "0", deployments: folder, noCompile: true };
    return (await taskJson("deploy", options, hre)) as unknown as Deployed;
  } finally {
    for (const variable of Object.keys(variables)) Reflect.deleteProperty(process.env, variable);
  }
}

describe("deploy, killed and started again", function () {
  this.timeout(120_000);

  const cases: readonly {
    readonly name: string;
    readonly shared: typeof SHARED | typeof NONE;
    readonly nth: number;
    readonly moment: Moment;
    readonly transactions: number;
    /** Milliseconds between blocks, where transactions are not mined at once. */
    readonly interval?: number;
  }[] = [
    { name: "sepolia", shared: SHARED, nth: 7, moment: "unheard", transactions: 23 },
    {
      name: "arbitrumSepolia",
      shared: NONE,
      nth: 18,
      moment: "unsent",
      transactions: 33,
      interval: 50,
    },
    // The last transaction hands everything over; once more, and nobody could do it. This one is given up on top.
    { name: "baseSepolia", shared: SHARED, nth: 23, moment: "heard", transactions: 23 },
  ];

  for (const { name, shared, nth, moment, transactions, interval } of cases) {
    it(`makes one deployment on a chain of ${name}'s id: transaction ${nth}, ${moment}`, async () => {
      const chain = CHAINS.find((each) => each.name === name);
      if (chain === undefined) throw new Error(`there are no parameters of ${name}`);
      const testnet = await startTestnet(chain, shared, interval);
      try {
        const ended = await deployKilled(testnet, ["--solo"], nth, moment);
        expect(ended.signal, ended.stderr).to.equal("SIGKILL");
        expect(ended.sent).to.equal(moment === "unsent" ? nth - 1 : nth);
        if (name === "baseSepolia") await giveUp(testnet, "Deployment#handOver");
        const document = await resumed(testnet);
        expect(await disturbance(testnet, document, transactions)).to.equal(undefined);
        expect(document.sent).to.equal(transactions - ended.sent);
        if (shared === SHARED) {
          const { provider } = testnet.connection.ethers;
          const code = await provider.getCode(document.contracts["multiSend"] ?? "");
          expect(keccak256(code)).to.equal(MULTI_SEND);
        }
      } finally {
        await testnet.close();
      }
    });
  }
});
