import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";
import { network } from "hardhat";
import { createHardhatRuntimeEnvironment } from "hardhat/hre";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { CHAINS } from "../../deploy/parameters/index.ts";
import userConfig from "../../hardhat.config.ts";
import { root } from "../../scripts/lib/proc.ts";
import { startOpenChain } from "../helpers/deployedChain.ts";
import type { OpenChain } from "../helpers/deployedChain.ts";
import { runTask, taskJson, taskRefusal } from "../helpers/taskRunner.ts";
import type { TaskOptions } from "../helpers/taskRunner.ts";
import { DEPLOYER, environmentOf, startTestnet } from "../helpers/testnet.ts";
import type { Testnet } from "../helpers/testnet.ts";

const SECOND = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
const NONE = { safe: undefined, entryPoint: undefined };
const sepolia = CHAINS.find(({ name }) => name === "sepolia");
if (sepolia === undefined) throw new Error("there are no parameters of sepolia");

describe("deploy, asked for what cannot be", function () {
  this.timeout(120_000);

  describe("on a public chain", () => {
    let testnet: Testnet;
    let hre: HardhatRuntimeEnvironment;
    const set: string[] = [];
    const sepoliaOnly = () =>
      createHardhatRuntimeEnvironment(userConfig, { network: "sepolia" }, root);

    before(async () => {
      testnet = await startTestnet(sepolia, NONE);
      hre = await sepoliaOnly();
    });

    beforeEach(() => {
      environment(environmentOf(sepolia, testnet.url));
    });

    afterEach(() => {
      for (const name of set.splice(0)) Reflect.deleteProperty(process.env, name);
    });

    after(() => testnet?.close());

    function environment(variables: Readonly<Record<string, string>>): void {
      for (const [name, value] of Object.entries(variables)) {
        process.env[name] = value;
        set.push(name);
      }
    }

    const options = (more: TaskOptions): TaskOptions => ({
      ...{ from: "0", deployments: testnet.folder, noCompile: true },
      ...more,
    });
    const refusal = (more: TaskOptions = { solo: true }) =>
      taskRefusal("deploy", options(more), hre);

    it("says which variable lacks, and which key is none", async () => {
      // Within tests, but for those on a CI server, the keystore plugin has a sentence of its own.
      environment({ CI: "true" });
      // An environment reads a variable once.
      const anew = async () => taskRefusal("deploy", options({ solo: true }), await sepoliaOnly());
      Reflect.deleteProperty(process.env, "DEPLOYER_KEY");
      expect(await anew()).to.contain(
        "DEPLOYER_KEY is not set, which the network needs: npx hardhat keystore set DEPLOYER_KEY, or an environment variable of that name.",
      );
      environment({ DEPLOYER_KEY: "0x12" });
      expect(await anew()).to.contain("a key is 0x and 64 hex digits, see DEPLOYER_KEY.");
      Reflect.deleteProperty(process.env, "SEPOLIA_RPC_URL");
      expect(await anew()).to.contain("SEPOLIA_RPC_URL is not set");
    });

    it("wants to be told who governs, by options or by the environment", async () => {
      const needed = "--steward (or CERTUS_STEWARD), --guardians (or CERTUS_GUARDIANS)";
      expect(await refusal({ owners: DEPLOYER })).to.contain(`Who governs is not said: ${needed}.`);
      environment({ CERTUS_STEWARD: SECOND, CERTUS_GUARDIANS: SECOND, CERTUS_OWNERS: "me" });
      expect(await refusal({})).to.contain('--owners: "me" is no address');
    });

    it("says what would be deployed and what it would cost, and sends nothing", async () => {
      const { provider } = testnet.connection.ethers;
      const before = await provider.getTransactionCount(DEPLOYER);
      const owners = { owners: `${DEPLOYER},${SECOND}`, steward: SECOND, guardians: SECOND };
      const told = await taskJson("deploy", options({ ...owners, dryRun: true }), hre);
      expect(told).to.deep.include({ dryRun: true, transactions: 33, done: 0 });
      expect(BigInt(String(told["wei"]))).to.equal(
        BigInt(String(told["gas"])) * BigInt(String(told["price"])),
      );
      // No transaction is above the bound of a transaction's gas since Osaka.
      expect(Number(told["largest"])).to.be.lessThan(2 ** 24);
      const text = await runTask("deploy", options({ ...owners, dryRun: true }), hre);
      expect(text.stdout).to.contain(`a new Safe, 2 of ${DEPLOYER}, ${SECOND}`);
      expect(text.stdout).to.contain("It takes 33 transactions and ");
      expect(await provider.getTransactionCount(DEPLOYER)).to.equal(before);
      const written = await readdir(testnet.folder, { recursive: true });
      expect(written.filter((name) => name.includes("json"))).to.deep.equal([]);
    });

    it("does not begin what the deployer cannot pay to the end", async () => {
      const { networkHelpers } = testnet.connection;
      const snapshot = await networkHelpers.takeSnapshot();
      await networkHelpers.setBalance(DEPLOYER, 10n ** 15n);
      expect(await refusal()).to.match(
        /^0xf39F\w+ has 0\.001 ETH, and the deployment takes about 0\.\d+ ETH/m,
      );
      await snapshot.restore();
    });

    it("does not begin where the feed does not answer", async () => {
      const { networkHelpers } = testnet.connection;
      const snapshot = await networkHelpers.takeSnapshot();
      const proxy = sepolia.feed?.proxy ?? "";
      await networkHelpers.setCode(proxy, "0x");
      expect(await refusal()).to.contain(`The feed ${proxy} (docs.chain.link`);
      await snapshot.restore();
    });

    it("forgets nothing that stands for good, and takes rules and URLs for what they are", async () => {
      expect(await refusal({ solo: true, reset: true })).to.contain(
        "--reset is for chains that one throws away",
      );
      expect(await refusal({ solo: true, finality: "soon" })).to.contain('--finality: "soon"');
      expect(await refusal({ solo: true, verify: true, rpc: testnet.url })).to.contain(
        "--verify: the plugin asks the node of the network itself",
      );
    });
  });

  describe("on a local chain", () => {
    let chain: OpenChain;

    before(async () => {
      chain = await startOpenChain();
      await chain.deploy();
    });

    after(() => chain?.close());

    const refusal = (more: TaskOptions) =>
      taskRefusal("deploy", {
        ...{ rpc: chain.url, deployments: chain.deployments, from: "0", noCompile: true },
        ...more,
      });

    it("goes on with the same deployer and the same governors only", async () => {
      expect(await refusal({ from: "1" })).to.match(
        /was begun by 0xf39F\w+, not 0x7099\w+: choose that account by --from, or pass --reset/,
      );
      expect(await refusal({ steward: SECOND, owners: SECOND })).to.contain(
        "The deployment was begun with another safe, steward: leave those options out",
      );
    });

    it("does not work on one deployment from two processes, and minds none that is dead", async () => {
      const lock = join(chain.deployments, "journals", "certus-localhost.lock");
      await writeFile(lock, String(process.ppid));
      expect(await refusal({})).to.contain(
        `Another deploy, process ${process.ppid}, is at work on this deployment: wait for it.`,
      );
      // No process has a number that large.
      await writeFile(lock, String(2 ** 30));
      expect((await chain.deploy())["sent"]).to.equal(0);
      expect(await readFile(lock, "utf8").catch(() => "none")).to.equal("none");
    });

    it("has no explorer there", async () => {
      expect(await refusal({ verify: true })).to.contain(
        "--verify: no explorer of localhost (31337) is configured",
      );
    });

    it("knows the chain by its id", async () => {
      const at = async (chainId: number) => {
        const server = await network.createServer(
          { network: "default", override: { chainId } },
          "127.0.0.1",
        );
        const { address, port } = await server.listen();
        try {
          return await refusal({ rpc: `http://${address}:${port}` });
        } finally {
          await server.close();
        }
      };
      expect(await at(999)).to.contain(
        "The node is of chain 999, of which there are no parameters: there are those of localhost (31337), sepolia (11155111)",
      );
      expect(await at(84_532)).to.contain(
        "The node is of chain 84532, baseSepolia, and --network says localhost: pass --network baseSepolia",
      );
    });

    it("says what to do where no node answers", async () => {
      const folder = await mkdtemp(join(tmpdir(), "certus-other-"));
      try {
        expect(await refusal({ deployments: folder, rpc: "http://127.0.0.1:1" })).to.contain(
          "No node answers for the network localhost",
        );
      } finally {
        await rm(folder, { recursive: true });
      }
    });
  });

  it("deploys on a chain that ends with the task, too, and writes nothing down", async () => {
    const hre = await createHardhatRuntimeEnvironment(userConfig, { network: "default" }, root);
    const told = await taskJson("deploy", { from: "0", noCompile: true }, hre);
    expect(told["sent"]).to.equal(38);
    expect(told["contracts"]).to.have.property("clearinghouse");
  });
});
