import { formatEther } from "ethers";

import type { Plan } from "../../../deploy/plan.ts";
import type { Compared } from "../access/difference.ts";
import type { DeploymentFile } from "../deploymentFile.ts";
import { ruleText } from "../finality.ts";
import { facts, paragraphs, table } from "../print.ts";
import type { Finding } from "./check.ts";
import { costText } from "./cost.ts";
import type { Cost } from "./cost.ts";
import type { Rehearsed } from "./rehearsal.ts";
import type { Shown } from "./verify.ts";

/** A plan as people read it. */
export function planText({ chain, deployer, safe, steward, guardian, ownSigners, shared }: Plan) {
  const { name, chainId, feed, redStone, finality, uptimeFeed } = chain;
  const admin =
    "address" in safe
      ? `the Safe ${safe.address}`
      : `a new Safe, ${safe.threshold} of ${safe.owners.join(", ")}`;
  return facts([
    ["chain", `${name} (${chainId})`],
    ["deployer", deployer],
    ["admin", admin],
    ["steward", steward],
    ["guardian", `${guardian.threshold} of ${guardian.signers.join(", ")}`],
    ["own signers", ownSigners.length === 0 ? "none" : ownSigners.join(", ")],
    [
      "ETH / USD",
      feed === undefined ? "a feed that anyone may write" : `${feed.proxy} (${feed.source})`,
    ],
    ["sequencer's feed", BigInt(uptimeFeed) === 0n ? "none" : uptimeFeed],
    ["RedStone", redStone === undefined ? "signers whose keys everybody knows" : redStone.source],
    ["Safe 1.5.0", shared.safe === undefined ? "deployed as well" : "the chain's own"],
    ["entry point 0.8", shared.entryPoint === undefined ? "deployed as well" : "the chain's own"],
    ["done means", ruleText(finality)],
  ]);
}

/** What a deployment would take. */
export function rehearsedText({ transactions, gas, largest }: Rehearsed, price: bigint): string {
  return `It takes ${transactions} transactions and ${costText({ gas, wei: gas * price })} at today's price of ${formatEther(price * 10n ** 9n)} gwei; the largest takes ${largest.toLocaleString("en-US")} gas. On a rollup its charge for data is added. Nothing was sent.`;
}

/** What stands now. */
export function standsText(
  { contracts, code, block, finality, roles }: DeploymentFile,
  path: string,
  sent: number,
  cost: Cost,
): string {
  const rows = Object.entries(contracts).map(([name, address]) => [
    name,
    address,
    String(code[name]?.block ?? (code[name]?.shared === true ? "shared" : "")),
  ]);
  const now = sent === 0 ? "Nothing was to be done." : `Sent ${sent} transactions.`;
  return paragraphs(
    table(["contract", "address", ">block"], rows),
    facts([
      ["admin", roles.admin],
      ["steward", roles.steward],
      ["guardian", roles.guardian],
      ["ledger since block", String(block)],
      ["final by", ruleText(finality)],
      ["cost in all", `${cost.transactions} transactions, ${costText(cost)}`],
      ["written to", path],
    ]),
    now,
  );
}

/** What to do next with a deployment, as commands. */
export function nextText({ chain: { name, local } }: Plan): string {
  const network = local ? "" : ` --network ${name}`;
  const lines = [
    `npx hardhat token:faucet --token USDC${network}`,
    `npx hardhat market:list${network}`,
  ];
  // The market of three classes knows no price until somebody has brought readings.
  if (local) lines.push("npx hardhat oracle:update --feed ETH-USD --local-signers 2500");
  return `Next:\n${lines.map((line) => `  ${line}`).join("\n")}`;
}

/** Findings as a table, those that are wrong first. */
export function findingsText(findings: readonly Finding[]): string {
  const wrong = findings.filter((each) => each.wrong !== undefined);
  const rows = [...wrong, ...findings.filter((each) => each.wrong === undefined)].map(
    ({ kind, what, wrong: why }) => [kind, what, why ?? "as it should be"],
  );
  return table(["", "what", "finding"], rows);
}

/** What a deployment that is done turns out to lack; empty if it lacks nothing. */
export function wrongText(wrong: readonly Finding[], { differences }: Compared): string {
  const rows = differences.map(({ kind, what, found, expected }) => [kind, what, found, expected]);
  return paragraphs(
    wrong.length === 0 ? "" : findingsText(wrong),
    rows.length === 0 ? "" : table(["access", "of", "found", "expected"], rows),
  );
}

/** Where sources are shown; empty if nobody was to be shown any. */
export function shownText(shown: readonly Shown[]): string {
  if (shown.length === 0) return "";
  const rows = shown.map(({ contract, verified, refused }) => [
    contract,
    verified.join(", "),
    refused.join("\n"),
  ]);
  return table(["source", "shown by", "not by"], rows);
}

/** What stood on a chain that ends with the process. */
export function passingText(contracts: Readonly<Record<string, string>>): string {
  return paragraphs(
    table(["contract", "address"], Object.entries(contracts)),
    "It ends with this task: npx hardhat node starts a chain that stays.",
  );
}
