import type { Provider } from "ethers";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import type { NetworkConnection } from "hardhat/types/network";

import { deploymentOf } from "../../../deploy/modules/Deployment.ts";
import type { ChainParameters } from "../../../deploy/parameters/index.ts";
import type { Plan } from "../../../deploy/plan.ts";
import { auditAccess } from "../access/audit.ts";
import type { Compared } from "../access/difference.ts";
import { isInProcess } from "../connection.ts";
import { writeDeployment } from "../deploymentFile.ts";
import type { DeploymentFile } from "../deploymentFile.ts";
import { obey, parseRule, ruleText } from "../finality.ts";
import { note, paragraphs } from "../print.ts";
import type { Report } from "../print.ts";
import { signerAmong } from "../signers.ts";
import { UsageError } from "../usage.ts";
import type { DeployArguments } from "./arguments.ts";
import { carryOut } from "./carryOut.ts";
import { findingsOf } from "./check.ts";
import { costOf } from "./cost.ts";
import { journalIn } from "./journal.ts";
import { mend } from "./mend.ts";
import { settleNonce } from "./nonces.ts";
import { keepPlan, placesOf, plannedIn, reset } from "./places.ts";
import type { DeploymentPlaces } from "./places.ts";
import { chainOf, checkBalance, checkFeed, checkSame, planned, saysNothing } from "./prepare.ts";
import { recordOf } from "./record.ts";
import { rehearse } from "./rehearsal.ts";
import { passingText, planText, rehearsedText, standsText, wrongText } from "./report.ts";
import { settle } from "./settle.ts";

/** A deployment that is asked for. */
interface Asked {
  readonly args: DeployArguments;
  readonly hre: HardhatRuntimeEnvironment;
  readonly connection: NetworkConnection;
  readonly chain: ChainParameters;
  readonly deployer: string;
  readonly places: DeploymentPlaces;
}

/** Deploys on the chain of a connection, or goes on where it was stopped. */
export async function deployOn(
  args: DeployArguments,
  hre: HardhatRuntimeEnvironment,
  connection: NetworkConnection,
): Promise<Report> {
  const { ethers } = connection;
  const known = chainOf(hre, (await ethers.provider.getNetwork()).chainId);
  const rule = args.finality === undefined ? undefined : parseRule("--finality", args.finality);
  const chain = { ...known, finality: rule ?? known.finality };
  const { address: deployer } = signerAmong(await ethers.getSigners(), "--from", args.from);
  const places = placesOf(hre, args.deployments, chain);
  const asked = { args, hre, connection, chain, deployer, places };
  if (args.dryRun) return rehearsed(asked);
  if (isInProcess(hre)) return passing(asked);
  if (args.reset) await reset(places, chain);
  return deployed(asked);
}

/** What would be deployed, and what it would cost. */
async function rehearsed(asked: Asked): Promise<Report> {
  const { hre, connection, places } = asked;
  const plan = await planOf(asked);
  const { provider } = connection.ethers;
  const price = (await provider.getFeeData()).gasPrice ?? 0n;
  const measured = await rehearse(hre, plan);
  const done = new Set((await journalIn(places.folder))?.sent.map(({ future }) => future)).size;
  const before = done === 0 ? "" : `${done} transactions of it were sent before.`;
  return {
    json: { dryRun: true, plan, ...measured, price, wei: measured.gas * price, done },
    text: paragraphs(planText(plan), rehearsedText(measured, price), before),
  };
}

/** Deploys on a chain that ends with the process, of which nothing is written down. */
async function passing(asked: Asked): Promise<Report> {
  const { hre, connection, deployer } = asked;
  const plan = await planOf(asked);
  const module = deploymentOf(plan);
  const order = { hre, connection, module, folder: undefined, deployer, confirmations: 1 };
  const { contracts, sent } = await carryOut({ ...order, poll: 50 });
  return { json: { plan, contracts, sent }, text: passingText(contracts) };
}

async function deployed(asked: Asked): Promise<Report> {
  const { hre, connection, chain, deployer, places } = asked;
  const { folder, file: path } = places;
  const { provider } = connection.ethers;
  await checkDeployer(asked);
  await mend({ folder, chain, deployer, provider, requests: connection.provider });
  const plan = await planOf(asked);
  await checkFeed(provider, chain);
  const before = new Set((await journalIn(folder))?.sent.map(({ future }) => future)).size;
  if (before === 0 && !chain.local) await checkPurse(asked, plan);
  await keepPlan(places, plan);

  const automined = await isAutomined(connection);
  const confirmations = automined ? 1 : chain.confirmations;
  await settleNonce(provider, deployer, confirmations);
  const poll = Math.min(1_000, Math.max(100, chain.blockTimeMs / 2));
  const module = deploymentOf(plan);
  const order = { hre, connection, module, folder, deployer, confirmations, poll, before };
  const { contracts, sent } = await carryOut(order);

  const transactions = (await journalIn(folder))?.sent ?? [];
  const { finality } = plan.chain;
  obey(provider, finality);
  if (sent > 0) note(`Waiting until all is final: ${ruleText(finality)} …`);
  await settle(provider, transactions);
  const { root } = hre.config.paths;
  const file = await recordOf({ root, folder, plan, provider, contracts });
  await writeDeployment(path, file);
  const cost = await costOf(
    connection.provider,
    transactions.map(({ hash }) => hash),
  );
  const wrong = (await findingsOf(hre, provider, file)).filter((each) => each.wrong !== undefined);
  const access = await accessOf(provider, file);
  const differences = wrong.length + access.differences.length;
  const failure = {
    name: "DeploymentDiffers",
    message: `${differences} things are not as they should be: see deploy:check and access:audit.`,
  };
  return {
    json: { ...file, path, sent, cost, wrong, access },
    text: paragraphs(standsText(file, path, sent, cost), wrongText(wrong, access)),
    ...(differences === 0 ? {} : { failure }),
  };
}

/** Whether everybody has the access that `deploy/roles.ts` gives, and nobody more. */
async function accessOf(
  provider: Provider,
  { contracts, roles, code }: DeploymentFile,
): Promise<Compared> {
  const at = (name: string) => contracts[name] ?? "";
  const { differences, underway } = await auditAccess(
    provider,
    {
      manager: at("accessManager"),
      targets: {
        ledger: at("clearinghouse"),
        hub: at("oracleHub"),
        breaker: at("circuitBreaker"),
        bounties: at("bounties"),
      },
      holders: { safe: roles.admin, steward: roles.steward, guardian: roles.guardian },
    },
    code["accessManager"]?.block ?? 0,
  );
  return { differences, underway };
}

/** What is to be deployed: as it was begun, or else by options and environment. */
async function planOf({ args, connection, chain, deployer, places }: Asked): Promise<Plan> {
  const begun =
    (await journalIn(places.folder)) === undefined ? undefined : await plannedIn(places);
  const { provider } = connection.ethers;
  if (begun !== undefined && saysNothing(args)) {
    const { finality } = args.finality === undefined ? begun.chain : chain;
    return { ...begun, chain: { ...begun.chain, finality } };
  }
  const fresh = await planned(args, chain, deployer, provider);
  if (begun === undefined) return fresh;
  checkSame(begun, fresh, places.folder);
  return { ...begun, chain: { ...begun.chain, finality: chain.finality } };
}

/** Refuses another deployer than the one who began. */
async function checkDeployer({ deployer, places, chain }: Asked): Promise<void> {
  const begun = await plannedIn(places);
  if (begun === undefined || begun.deployer === deployer) return;
  throw new UsageError(
    `The deployment in ${places.folder} was begun by ${begun.deployer}, not ${deployer}: choose that account by --from${chain.local ? ", or pass --reset to forget it" : ""}.`,
  );
}

async function checkPurse({ hre, connection, deployer }: Asked, plan: Plan): Promise<void> {
  const { provider } = connection.ethers;
  const price = (await provider.getFeeData()).gasPrice ?? 0n;
  const { gas } = await rehearse(hre, plan);
  await checkBalance(provider, deployer, gas * price);
}

/** Whether a node mines what it is sent at once: then nothing would come to wait for. */
async function isAutomined({ provider }: NetworkConnection): Promise<boolean> {
  const told: unknown = await provider
    .request({ method: "hardhat_getAutomine" })
    .catch(() => false);
  return told === true;
}
