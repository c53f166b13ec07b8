import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { auditAccess } from "../lib/access/audit.ts";
import { partiesOf } from "../lib/access/parties.ts";
import type { PartyArguments } from "../lib/access/parties.ts";
import { accessReport } from "../lib/access/report.ts";
import type { CommonArguments } from "../lib/arguments.ts";
import { note } from "../lib/print.ts";
import { run } from "../lib/run.ts";

type Arguments = CommonArguments & PartyArguments;

export default async (args: Arguments, hre: HardhatRuntimeEnvironment) => {
  let differing = 0;
  const result = await run(args, hre, async (session) => {
    const { provider, fromBlock } = session;
    const parties = await partiesOf(session, args, hre);
    const audit = await auditAccess(provider, parties, fromBlock);
    differing = audit.differences.length;
    return accessReport(audit.state, parties, audit);
  });
  if (!result.success || differing === 0) return result;
  const message = `The chain differs from deploy/roles.ts in ${differing} respects.`;
  note(message);
  return { success: false, error: { name: "AccessDiffers", message } } as const;
};
