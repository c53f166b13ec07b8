import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { expect } from "chai";

import { root } from "../../scripts/lib/proc.ts";
import { startTasksWorld } from "./tasks.support.ts";
import type { TasksWorld } from "./tasks.support.ts";

const PAGE = "docs/integrate.md";
const TASK = "npx hardhat ";

/** The commands of the page's blocks for the shell, as lists of words. */
async function commands(names: Readonly<Record<string, string>>): Promise<string[][]> {
  const page = await readFile(join(root, PAGE), "utf8");
  const blocks = [...page.matchAll(/^```sh\n([^]*?)^```/gm)].map(([, block = ""]) =>
    block.trimEnd(),
  );
  return blocks
    .flatMap((block) => block.split("\n"))
    .map((line) => {
      if (!line.startsWith(TASK)) throw new Error(`${PAGE}: "${line}" is no task`);
      const named = line.replaceAll(/\$([A-Z]+)/g, (whole, name: string) => names[name] ?? whole);
      const words = named.slice(TASK.length).match(/"[^"]*"|\S+/g) ?? [];
      return words.map((word) => word.replaceAll('"', ""));
    });
}

describe("docs/integrate.md", function () {
  this.timeout(120_000);

  let world: TasksWorld;

  before(async () => {
    world = await startTasksWorld();
  });

  after(() => world?.close());

  it("holds a trade by hand, to its last payment, that goes through as it stands", async () => {
    const expiry = new Date(Number(world.expiry) * 1_000).toISOString().slice(0, 10);
    const all = await commands({ EXPIRY: expiry, FILE: join(world.folder, "order.json") });
    const shown = new Map<string, string>();
    for (const [name = "", ...args] of all) {
      const { code, stdout, stderr } = await world.task(name, ...args);
      expect(code, `${name} ${args.join(" ")}: ${stderr}`).to.equal(0);
      shown.set(name, stdout);
    }
    expect(shown.get("account:show")).to.contain("P2400").and.to.contain("P2300");
    // Four units of a spread of 100 lots, half in the money; a quarter of it in packages.
    expect(shown.get("claim")).to.contain("200 USDC");
    expect(shown.get("redeem")).to.contain("50 USDC");
    expect(shown.get("account:withdraw")).to.contain("Sent 5099.2 USDC");
  });
});
