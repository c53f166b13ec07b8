import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { ContractFactory, HDNodeWallet } from "ethers";
import { config, network } from "hardhat";

import { packagedArtifact, SAFE_ARTIFACTS } from "../../deploy/parts/packaged.ts";
import { deployLens } from "../../scripts/lib/deploy.ts";
import type { GovernedArguments } from "../../tasks/lib/governed.ts";
import type { Proposal } from "../../tasks/lib/multisig/proposal.ts";
import { proposalJson } from "../../tasks/lib/multisig/proposalFile.ts";
import { toJson } from "../../tasks/lib/print.ts";
import { START } from "../fixtures/connection.ts";
import { deployGoverned } from "../fixtures/governance.ts";
import type { Governed } from "../fixtures/governance.ts";
import { deploySafe } from "../fixtures/safe.ts";
import type { Signer } from "../fixtures/world.ts";
import { commandApart, tasksOn } from "./tasks.support.ts";
import type { Json, TaskRunner } from "./tasks.support.ts";

type Options = Readonly<Record<string, unknown>>;

/** The Safe's signers among the node's accounts; two of them are needed. */
export const SIGNERS = ["8", "9", "10"] as const;
/** Signatures that the Safe needs. */
export const THRESHOLD = 2;

const ACCOUNTS = HDNodeWallet.fromPhrase(`${"test ".repeat(11)}junk`, "", "m/44'/60'/0'/0");

/** An account of Hardhat's node, whose keys everybody knows. */
export function accountAt(index: number): HDNodeWallet {
  return ACCOUNTS.deriveChild(index);
}

/** Tasks on a chain under its governance, which other processes reach. */
export interface MultisigWorld extends TaskRunner {
  readonly governed: Governed;
  readonly url: string;
  readonly lens: string;
  readonly manager: string;
  /** A Safe of the same signers that may do nothing. */
  readonly otherSafe: string;
  /** Addresses of `SIGNERS`. */
  readonly owners: readonly [string, string, string];
  /** Options that name the deployment, as actions take them. */
  readonly named: Readonly<Record<string, string>>;
  /** The same as a shell has them. */
  readonly flags: readonly string[];
  /** A folder of this world, and the path of a file in it. */
  readonly folder: string;
  readonly file: (name: string) => string;
  /** A task's document, or its refusal, without a process of its own. */
  readonly here: (name: string, options: Options) => Promise<Json>;
  readonly refused: (name: string, options: Options) => Promise<string>;
  /** Proposes into a file, lets two sign, and executes. */
  readonly through: (name: string, options: Options) => Promise<Json>;
  /** Lets two sign a file, and executes it. */
  readonly carry: (path: string, hash: unknown) => Promise<Json>;
  /** Writes a proposal that no task would write. */
  readonly planted: (name: string, proposal: Proposal) => Promise<string>;
  readonly close: () => Promise<void>;
}

/** Starts a chain, deploys everything, and hands it over to a Safe. */
export async function startMultisigWorld(): Promise<MultisigWorld> {
  const initialDate = new Date(Number(START) * 1_000);
  const server = await network.createServer({ override: { initialDate } }, "127.0.0.1");
  const { address, port } = await server.listen();
  const url = `http://${address}:${port}`;
  const connection = await network.create({ network: "localhost", override: { url } });
  const deploymentId = `multisig-${process.pid}`;
  const folder = await mkdtemp(join(tmpdir(), "certus-multisig-"));
  const close = async () => {
    await connection.close();
    await server.close();
    await rm(folder, { recursive: true, force: true });
    const journal = join(config.paths.ignition, "deployments", deploymentId);
    await rm(journal, { recursive: true, force: true });
  };
  try {
    const governed = await deployGoverned(connection, deploymentId);
    const signers = (await connection.ethers.getSigners()).filter((_, i) =>
      SIGNERS.some((index) => Number(index) === i),
    );
    const other = await deploySafe(connection, signers, 1);
    const lens = await (await deployLens(governed.admin, governed.ledger)).getAddress();
    const { breaker, bounties, hub } = governed.targets;
    const multiSend = await deployMultiSend(governed.admin);
    const named = { safe: governed.safe.address, hub, breaker, bounties, multiSend };
    const [first, second, third] = signers.map((signer) => signer.address);
    if (!first || !second || !third) throw new Error("no signers");
    return {
      ...{ governed, url, lens, named, folder, close },
      manager: await governed.manager.getAddress(),
      otherSafe: other.address,
      owners: [first, second, third],
      // Signers sit at machines of their own.
      ...helpers(tasksOn(url, lens, commandApart), named, folder),
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function deployMultiSend(deployer: Signer): Promise<string> {
  const { abi, bytecode } = packagedArtifact(SAFE_ARTIFACTS.multiSendCallOnly);
  const contract = await new ContractFactory([...abi], bytecode, deployer).deploy();
  return contract.getAddress();
}

function helpers(runner: TaskRunner, named: Readonly<Record<string, string>>, folder: string) {
  const flags = Object.entries(named).flatMap(([name, value]) => [
    `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
    value,
  ]);
  const file = (name: string) => join(folder, name);
  const here = (name: string, options: Options) => runner.jsonHere(name, { ...named, ...options });
  const refused = (name: string, options: Options) =>
    runner.refusalHere(name, { ...named, ...options });
  const carry = async (path: string, hash: unknown) => {
    for (const from of SIGNERS.slice(0, THRESHOLD)) {
      await here("multisig:sign", { file: path, hash, from });
    }
    return here("multisig:execute", { file: path });
  };
  const through = async (name: string, options: Options) => {
    const { safeTxHash } = await here("multisig:propose", { ...options, out: file(name) });
    return carry(file(name), safeTxHash);
  };
  const planted = async (name: string, proposal: Proposal) => {
    await writeFile(file(name), toJson(proposalJson(proposal)));
    return file(name);
  };
  return { ...runner, flags, file, here, refused, through, carry, planted };
}

/** Options of a governed deployment as actions take them, those that are left out not known. */
export function partsOf(parts: Readonly<Record<string, string>>): GovernedArguments {
  const all = ["safe", "manager", "hub", "breaker", "bounties", "multiSend"] as const;
  return Object.fromEntries(all.map((part) => [part, parts[part]]));
}
