import { resolve, sep } from "node:path";

import type { SolidityHooks } from "hardhat/types/hooks";

import { makeErasable } from "../scripts/lib/erasable.ts";

export default async (): Promise<Partial<SolidityHooks>> => ({
  /** The hook of the typechain plugin, on which this one depends, has run before. */
  processArtifactsAfterSuccessfulBuild: async (context) => {
    const { outDir } = context.config.typechain;
    if (outDir === undefined || context.globalOptions.noTypechain) return;
    await makeErasable(resolve(context.config.paths.root, outDir));
  },

  /** Warnings about code of other people's packages are not ours to act on; errors always pass. */
  getCompilationJobErrors: async (context, job, output, next) => {
    const errors = await next(context, job, output);
    return errors.filter(
      ({ severity, formattedMessage }) =>
        severity !== "warning" || !formattedMessage?.includes(`${sep}node_modules${sep}`),
    );
  },
});
