import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import type { NetworkConnection } from "hardhat/types/network";

import { deploymentOf } from "../../../deploy/modules/Deployment.ts";
import { isInProcess } from "../connection.ts";
import { parseRule } from "../finality.ts";
import { paragraphs } from "../print.ts";
import type { Report } from "../print.ts";
import { signerAmong } from "../signers.ts";
import type { DeployArguments } from "./arguments.ts";
import { checkDeployer, checkPurse, planOf } from "./asked.ts";
import type { Asked } from "./asked.ts";
import { carryOut } from "./carryOut.ts";
import { finish } from "./finish.ts";
import { journalIn } from "./journal.ts";
import { locked } from "./lock.ts";
import { mend } from "./mend.ts";
import { settleNonce } from "./nonces.ts";
import { keepPlan, placesOf, reset } from "./places.ts";
import { chainOf, checkFeed } from "./prepare.ts";
import { rehearse } from "./rehearsal.ts";
import { passingText, planText, rehearsedText } from "./report.ts";
import { checkVerifiable } from "./verify.ts";

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
  if (args.verify) checkVerifiable(hre, chain, args);
  if (isInProcess(hre)) return passing(asked);
  return locked(places.folder, async () => {
    if (args.reset) await reset(places, chain);
    return deployed(asked);
  });
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
  const { folder } = places;
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
  return finish(asked, plan, await carryOut(order));
}

/** Whether a node mines what it is sent at once: then nothing would come to wait for. */
async function isAutomined({ provider }: NetworkConnection): Promise<boolean> {
  const told: unknown = await provider
    .request({ method: "hardhat_getAutomine" })
    .catch(() => false);
  return told === true;
}
