import hardhatToolboxMochaEthers from "@nomicfoundation/hardhat-toolbox-mocha-ethers";
import { configVariable, defineConfig } from "hardhat/config";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";

import { rpcPlugin } from "./tasks/rpc-plugin.ts";
import { typesPlugin } from "./tasks/types-plugin.ts";
import { tasks } from "./tasks/index.ts";

/** A compiler from the package registry: nothing is downloaded when the contracts are built. */
const compiler = (version: string, packageName: string) => ({
  version,
  path: fileURLToPath(import.meta.resolve(`${packageName}/soljson.js`)),
});

const outputSelection = { "*": { "*": ["storageLayout"] } };

/** What the ledger and everything beside it is compiled with. */
const main = {
  ...compiler("0.8.37", "solc"),
  settings: {
    evmVersion: "cancun",
    viaIR: true,
    optimizer: { enabled: true, runs: 800 },
    metadata: { bytecodeHash: "none" },
    outputSelection,
  },
};

/** Chainlink's phase proxy is pinned to exactly this compiler by its pragma. */
const chainlink = {
  ...compiler("0.8.26", "solc-0.8.26"),
  settings: {
    evmVersion: "cancun",
    optimizer: { enabled: true, runs: 1_000_000 },
    outputSelection,
  },
};

/** Chainlink's verifier of Data Streams is pinned to this compiler, which knows no EVM after Paris. */
const streams = {
  ...compiler("0.8.19", "solc-0.8.19"),
  settings: {
    evmVersion: "paris",
    optimizer: { enabled: true, runs: 1_000_000 },
    outputSelection,
  },
};

// One profile under both names: gas and size are measured on the very code that is deployed.
const profile = { compilers: [main, chainlink, streams], isolated: false };

const counted = process.env["CERTUS_TEST_COUNTS"] !== undefined;

const testnet = (chainType: "l1" | "generic" | "op", url: string) => ({
  type: "http" as const,
  chainType,
  url: configVariable(url),
  accounts: [configVariable("DEPLOYER_KEY")],
  timeout: 60_000,
});

export default defineConfig({
  plugins: [hardhatToolboxMochaEthers, typesPlugin, rpcPlugin],
  tasks,
  paths: {
    ignition: "./deploy",
    tests: { mocha: "./test", solidity: "./test/solidity" },
  },
  solidity: {
    profiles: { default: profile, production: profile },
    npmFilesToBuild: [
      "@chainlink/contracts/src/v0.8/shared/mocks/MockV3Aggregator.sol",
      "@chainlink/contracts/src/v0.8/data-feeds/test/helpers/DataFeedsLegacyAggregatorProxy.sol",
      "@chainlink/contracts/src/v0.8/llo-feeds/v0.5.0/FeeManager.sol",
      "@chainlink/contracts/src/v0.8/llo-feeds/v0.5.0/RewardManager.sol",
      "@chainlink/contracts/src/v0.8/llo-feeds/v0.5.0/Verifier.sol",
      "@chainlink/contracts/src/v0.8/llo-feeds/v0.5.0/VerifierProxy.sol",
      "@chainlink/contracts/src/v0.8/shared/mocks/WERC20Mock.sol",
      "@openzeppelin/contracts/access/manager/AccessManager.sol",
      "@openzeppelin/contracts/utils/cryptography/verifiers/ERC7913P256Verifier.sol",
      "@openzeppelin/contracts/utils/cryptography/verifiers/ERC7913WebAuthnVerifier.sol",
      "@pythnetwork/pyth-sdk-solidity/MockPyth.sol",
    ],
  },
  // Blockscout and Sourcify take no key.
  verify: { etherscan: { apiKey: configVariable("ETHERSCAN_API_KEY") } },
  typechain: { outDir: "types/ethers-contracts" },
  test: {
    mocha: {
      timeout: 60_000,
      // A run that is counted is a whole run: no test singled out, none skipped.
      forbidOnly: counted,
      forbidPending: counted,
      // A file a process, as many at once as there are cores; mocha itself would leave one core idle.
      parallel: counted,
      jobs: Math.max(2, availableParallelism()),
      require: [fileURLToPath(import.meta.resolve("./scripts/lib/loose-rejections.cjs"))],
      reporter: fileURLToPath(import.meta.resolve("./scripts/lib/count-reporter.cjs")),
    },
  },
  networks: {
    default: {
      type: "edr-simulated",
      chainType: "l1",
      allowBlocksWithSameTimestamp: true,
    },
    localhost: {
      type: "http",
      chainType: "l1",
      url: "http://127.0.0.1:8545",
    },
    sepolia: testnet("l1", "SEPOLIA_RPC_URL"),
    arbitrumSepolia: testnet("generic", "ARBITRUM_SEPOLIA_RPC_URL"),
    baseSepolia: testnet("op", "BASE_SEPOLIA_RPC_URL"),
  },
});
