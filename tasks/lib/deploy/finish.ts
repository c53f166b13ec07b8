import type { Provider } from "ethers";

import type { Plan } from "../../../deploy/plan.ts";
import { auditAccess } from "../access/audit.ts";
import type { Compared } from "../access/difference.ts";
import { writeDeployment } from "../deploymentFile.ts";
import type { DeploymentFile } from "../deploymentFile.ts";
import { obey, ruleText } from "../finality.ts";
import { note, paragraphs } from "../print.ts";
import type { Report } from "../print.ts";
import type { Asked } from "./asked.ts";
import type { Done } from "./carryOut.ts";
import { findingsOf } from "./check.ts";
import { costOf } from "./cost.ts";
import { journalIn } from "./journal.ts";
import { recordOf } from "./record.ts";
import { nextText, shownText, standsText, wrongText } from "./report.ts";
import { settle } from "./settle.ts";
import { showSources } from "./verify.ts";
import type { Shown } from "./verify.ts";

/** What comes when everything is sent: waits until it is final, writes it down, and looks whether it is as it should be. */
export async function finish(asked: Asked, plan: Plan, { contracts, sent }: Done): Promise<Report> {
  const { hre, connection, places } = asked;
  const { folder, file: path } = places;
  const { provider } = connection.ethers;
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
  const shown = asked.args.verify ? await showSources(hre, folder) : [];
  const failure = failureOf(wrong.length + access.differences.length, shown);
  return {
    json: { ...file, path, sent, cost, wrong, access, ...(asked.args.verify ? { shown } : {}) },
    text: paragraphs(
      standsText(file, path, sent, cost),
      wrongText(wrong, access),
      shownText(shown),
      failure === undefined ? nextText(plan) : "",
    ),
    ...(failure === undefined ? {} : { failure }),
  };
}

/** Why the command fails although everything was sent. */
function failureOf(differences: number, shown: readonly Shown[]): Report["failure"] {
  if (differences > 0) {
    const message = `${differences} things are not as they should be: see deploy:check and access:audit.`;
    return { name: "DeploymentDiffers", message };
  }
  const hidden = shown.filter(({ verified }) => verified.length === 0).length;
  if (hidden === 0) return undefined;
  const message = `The sources of ${hidden} of ${shown.length} contracts are on no explorer: run deploy --verify again.`;
  return { name: "SourcesNotShown", message };
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
