/**
 * How fast `npm run replay` reads a history from a node and rebuilds it: some 20,000 events, most of them fills, on a
 * local node in this process; the replay runs in another.
 */
import { toBeHex } from "ethers";

import { batch, fillData } from "../test/fixtures/batches.ts";
import { accountOf } from "../test/fixtures/ids.ts";
import { usdc } from "../test/fixtures/units.ts";
import { deployOpen } from "../test/fixtures/world.ts";
import type { World } from "../test/fixtures/world.ts";
import { startReplayNode } from "../test/helpers/replayNode.ts";
import { jsonIn, runReplay } from "../test/helpers/replayProcess.ts";

/** Calls of one batch. */
const CALLS = 120;
/** Batches of deposits, each to another account. */
const DEPOSITS = 40;
/** Batches of fills, those of a batch of one order. */
const FILLS = 135;

/** Owners that nobody is. */
const FIRST_OWNER = 0x10_0000;

async function deposits(world: World): Promise<void> {
  const { ledger, quoteAddress } = world;
  for (let round = 0; round < DEPOSITS; round++) {
    const calls = Array.from({ length: CALLS }, (_, index) => {
      const account = accountOf(toBeHex(FIRST_OWNER + round * CALLS + index, 20));
      return ledger.interface.encodeFunctionData("deposit", [account, quoteAddress, usdc(0.5)]);
    });
    await batch(world, calls);
  }
}

async function fills(world: World): Promise<void> {
  for (let round = 0; round < FILLS; round++) {
    const order = { nonce: 1_000n + BigInt(round), units: BigInt(CALLS) };
    const one = await fillData(world, { order, units: 1n });
    await batch(world, new Array<string>(CALLS).fill(one));
  }
}

const node = await startReplayNode();
try {
  const world = await deployOpen(node.connection);
  const start = performance.now();
  await deposits(world);
  await fills(world);
  const made = (performance.now() - start) / 1_000;
  const replayed = await runReplay("--rpc", node.url, "--ledger", world.address, "--json");
  const { events, seconds, equal, comparison } = jsonIn(replayed);
  const rate = Math.round(events / seconds).toLocaleString("en");
  console.log(`history of ${events} events made in ${made.toFixed(1)} s`);
  console.log(
    `replay ${rate} events a second (${events} in ${seconds.toFixed(2)} s), ` +
      `${comparison?.words ?? 0} words ${equal ? "equal" : "DIFFERENT"}`,
  );
  if (!equal) process.exitCode = 1;
} finally {
  await node.close();
}
