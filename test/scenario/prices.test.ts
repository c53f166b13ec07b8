import { spawn } from "node:child_process";
import { join } from "node:path";

import { expect } from "chai";

import { root } from "../../scripts/lib/proc.ts";

/** Runs the campaign of prices, in a process of its own: one process has but one chain engine. */
function runPrices(...args: readonly string[]): Promise<{ code: number | null; output: string }> {
  const script = join(root, "scripts/prices.ts");
  const child = spawn(process.execPath, [script, ...args], { cwd: root });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, output }));
  });
}

describe("npm run prices", function () {
  this.timeout(180_000);

  it("finds no difference in its small profile", async () => {
    const { code, output } = await runPrices("--profile", "small");
    expect(output).to.match(/\n\d+ passed, 0 failed\n$/);
    expect(code).to.equal(0);
  });

  it("says what it takes", async () => {
    const help = await runPrices("--help");
    expect(help.output).to.match(/^npm run prices -- \[options\]/);
    expect(help.code).to.equal(0);
    const wrong = await runPrices("--orders", "none");
    expect(wrong.output).to.contain('--orders takes a whole number from 1 on, not "none"');
    expect(wrong.code).to.equal(2);
  });
});
