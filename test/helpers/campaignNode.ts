/**
 * A process that does a random run of the campaign and serves its chain to others. A process has but one EDR, which in
 * Mocha's is Hardhat's. Prints one line of JSON when it is ready, and ends when it is told to.
 *
 *   node test/helpers/campaignNode.ts seed commands
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { stateRoot } from "@certus/model";
import { toBeHex } from "ethers";

import { readBuild } from "../invariant/chain/build.ts";
import type { Chain } from "../invariant/chain/chain.ts";
import { Generator } from "../invariant/generate/generator.ts";
import { drawKnobs } from "../invariant/generate/knobs.ts";
import { Host } from "../invariant/run/host.ts";
import { AT } from "../invariant/world/places.ts";
import { bodyOf } from "./rpcProxy.ts";
import type { RpcCall } from "./rpcProxy.ts";

/** What the process tells of itself. */
export interface CampaignNode {
  readonly url: string;
  readonly ledger: string;
  readonly oracle: string;
  /** Root of the state that the model came to by transitions, not by events. */
  readonly root: string;
}

/** Serves a chain of this process to others. */
async function serve(chain: Chain): Promise<string> {
  const answer = async ({ id, method, params }: RpcCall): Promise<unknown> => {
    try {
      return { jsonrpc: "2.0", id, result: await chain.request(method, ...params) };
    } catch (error) {
      return { jsonrpc: "2.0", id, error: { code: -32_000, message: String(error) } };
    }
  };
  const server = createServer((request, response) => {
    const respond = async (): Promise<void> => {
      const asked = JSON.parse(await bodyOf(request)) as RpcCall | RpcCall[];
      const answers: unknown[] = [];
      for (const call of [asked].flat()) answers.push(await answer(call));
      response.end(JSON.stringify(Array.isArray(asked) ? answers : answers[0]));
    };
    respond().catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}`;
}

/** Does a run and serves what it came to. */
async function play(seed: number, commands: number): Promise<CampaignNode> {
  // Runs that write states by force leave no history.
  const knobs = drawKnobs(seed, 16).find(({ flavour }) => flavour !== "forced");
  if (knobs === undefined) throw new Error(`seed ${seed} draws none but forced runs`);
  const run = await new Host(readBuild()).fresh();
  const generator = new Generator(knobs, run.twin);
  for (let step = 0; step < commands; step++) await run.step(generator.next());
  return {
    url: await serve(run.stage.chain),
    ledger: toBeHex(AT.ledger, 20),
    oracle: toBeHex(AT.oracle, 20),
    root: toBeHex(stateRoot(run.state), 32),
  };
}

// A whole run of the tests imports every file here.
if (import.meta.main) {
  const [seed = 0, commands = 0] = process.argv.slice(2).map(Number);
  console.log(JSON.stringify(await play(seed, commands)));
}
