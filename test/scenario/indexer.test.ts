import { expect } from "chai";

import { root } from "../../scripts/lib/proc.ts";
import { startLocalChain } from "../helpers/localChain.ts";
import type { LocalChain } from "../helpers/localChain.ts";
import { output } from "../helpers/processes.ts";
import { jsonIn, runReplay } from "../helpers/replayProcess.ts";

const EXAMPLE = "scripts/examples/indexer.ts";

describe("scripts/examples/indexer", function () {
  this.timeout(60_000);

  let chain: LocalChain;

  before(async () => {
    chain = await startLocalChain();
  });

  after(() => chain?.close());

  it("comes to the state that a replay comes to", async () => {
    const { url, ledger, book } = chain;
    const printed = await output(process.execPath, [EXAMPLE, url, ledger], { cwd: root });
    const replay = jsonIn(await runReplay("--rpc", url, "--ledger", ledger, "--json"));
    expect(printed).to.contain(`state root ${replay.comparison?.root}`);
    expect(printed).to.match(new RegExp(`^book 0x0*${book.toString(16)}: pool 0, fees 0`, "m"));
  });

  it("says what it wants", async () => {
    const failure = await output(process.execPath, [EXAMPLE, chain.url], { cwd: root }).catch(
      String,
    );
    expect(failure).to.contain("indexer: say where: npx node scripts/examples/indexer.ts RPC_URL");
  });
});
