import { spawn } from "node:child_process";
import { join } from "node:path";

import { expect } from "chai";

import { root } from "../../scripts/lib/proc.ts";

/** Runs a campaign's script in a process of its own: one process has but one chain engine. */
function runCampaign(
  script: string,
  args: readonly string[],
): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, [join(root, script), ...args], { cwd: root });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, output }));
  });
}

/**
 * Tests of a campaign with a profile for every day.
 *
 * @param name - As `npm run` knows it.
 * @param count - Its option that takes a whole number from 1 on.
 */
export function describeCampaign(name: string, count: string): void {
  const script = `scripts/${name}.ts`;

  describe(`npm run ${name}`, function () {
    this.timeout(180_000);

    it("finds no difference in its small profile", async () => {
      const { code, output } = await runCampaign(script, ["--profile", "small"]);
      expect(output).to.match(/\n\d+ passed, 0 failed\n$/);
      expect(code).to.equal(0);
    });

    it("says what it takes", async () => {
      const help = await runCampaign(script, ["--help"]);
      expect(help.output).to.match(new RegExp(`^npm run ${name} -- \\[options\\]`));
      expect(help.code).to.equal(0);
      const wrong = await runCampaign(script, [`--${count}`, "none"]);
      expect(wrong.output).to.contain(`--${count} takes a whole number from 1 on, not "none"`);
      expect(wrong.code).to.equal(2);
    });
  });
}
