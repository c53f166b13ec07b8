import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { connect } from "../lib/connection.ts";
import { foldersOf, fileOf } from "../lib/deploymentFile.ts";
import { findingsOf } from "../lib/deploy/check.ts";
import { findingsText } from "../lib/deploy/report.ts";
import { paragraphs } from "../lib/print.ts";
import { told } from "../lib/run.ts";
import { UsageError } from "../lib/usage.ts";

interface Arguments {
  readonly rpc: string | undefined;
  readonly deployments: string | undefined;
  readonly noCompile: boolean;
  readonly json: boolean;
}

export default (args: Arguments, hre: HardhatRuntimeEnvironment) =>
  told(args.json, async () => {
    if (!args.noCompile) await hre.tasks.getTask("build").run({ quiet: true, noTests: true });
    const connection = await connect(args, hre, false);
    try {
      const { provider } = connection.ethers;
      const { chainId } = await provider.getNetwork();
      const known = await fileOf(chainId, foldersOf(hre.config.paths.root, args.deployments));
      if (known === undefined) {
        throw new UsageError(
          `No deployment on chain ${chainId} is written down: npx hardhat deploy makes one, --deployments names another folder.`,
        );
      }
      const findings = await findingsOf(hre, provider, known.file);
      const differences = findings.filter(({ wrong }) => wrong !== undefined).length;
      const verdict =
        differences === 0
          ? `All ${findings.length} are as they should be.`
          : `${differences} of ${findings.length} are not as they should be.`;
      return {
        json: { chainId, path: known.path, differences, findings },
        text: paragraphs(findingsText(findings), verdict),
        ...(differences === 0
          ? {}
          : { failure: { name: "DeploymentDiffers", message: `${known.path}: ${verdict}` } }),
      };
    } finally {
      await connection.close();
    }
  });
