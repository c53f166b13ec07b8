import { spawn } from "node:child_process";
import { join } from "node:path";

import { expect } from "chai";

import { root } from "../../scripts/lib/proc.ts";

/** Runs the campaign of breakers, in a process of its own: one process has but one chain engine. */
function runBreakers(...args: readonly string[]): Promise<{ code: number | null; output: string }> {
  const script = join(root, "scripts/breakers.ts");
  const child = spawn(process.execPath, [script, ...args], { cwd: root });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, output }));
  });
}

describe("npm run breakers", function () {
  this.timeout(180_000);

  it("finds no difference in its small profile", async () => {
    const { code, output } = await runBreakers("--profile", "small");
    expect(output).to.match(/\n\d+ passed, 0 failed\n$/);
    expect(code).to.equal(0);
  });

  it("says what it takes", async () => {
    const help = await runBreakers("--help");
    expect(help.output).to.match(/^npm run breakers -- \[options\]/);
    expect(help.code).to.equal(0);
    const wrong = await runBreakers("--runs", "none");
    expect(wrong.output).to.contain('--runs takes a whole number from 1 on, not "none"');
    expect(wrong.code).to.equal(2);
  });
});
