import { join } from "node:path";

import { BrowserProvider, toQuantity } from "ethers";
import type { Log } from "ethers";
import { createHardhatRuntimeEnvironment } from "hardhat/hre";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { refusalIn } from "../answers.ts";
import type { Session } from "../session.ts";
import type { Call } from "./calls.ts";
import { storageChanges } from "./storage.ts";
import type { SlotChange } from "./storage.ts";

/** How a call ended on the fork. */
export type Outcome =
  | { readonly ok: true; readonly logs: readonly Log[]; readonly storage: readonly SlotChange[] }
  | { readonly ok: false; readonly error: unknown };

/** A copy of the chain in this process, on which anything can be tried; the chain itself never hears of it. */
export interface Fork {
  readonly provider: BrowserProvider;
  /** Calls in somebody's name, in a block of its own. */
  readonly act: (from: string, call: Call) => Promise<Outcome>;
  /** Moves the clock forward, never back. */
  readonly until: (time: bigint) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Below the most that a transaction may have since Osaka, 2^24. */
const GAS = toQuantity(16_000_000);

/** Copies the chain of a session, as it is at its latest block. */
export async function openFork(session: Session, hre: HardhatRuntimeEnvironment): Promise<Fork> {
  const chainId = Number(session.chainId);
  const blockNumber = await session.provider.getBlockNumber();
  const { root, cache } = hre.config.paths;
  // An environment without the project's build, which Hardhat would else load for its stack traces: megabytes, seconds.
  const environment = await createHardhatRuntimeEnvironment(
    {
      paths: { cache, artifacts: join(cache, "no-artifacts") },
      chainDescriptors: {
        [chainId]: {
          name: `fork of ${chainId}`,
          chainType: "generic",
          hardforkHistory: { prague: { blockNumber: 0 } },
        },
      },
      networks: {
        fork: {
          type: "edr-simulated",
          chainType: "generic",
          chainId,
          allowBlocksWithSameTimestamp: true,
          forking: { url: session.url, blockNumber },
        },
      },
    },
    {},
    root,
  );
  const connection = await environment.network.create("fork");
  const provider = new BrowserProvider(connection.provider, undefined, { cacheTimeout: -1 });
  const send = (method: string, ...params: unknown[]): Promise<unknown> =>
    provider.send(method, params);
  let time = session.now;
  const until = async (wanted: bigint) => {
    if (wanted > time) time = wanted;
    await send("evm_setNextBlockTimestamp", toQuantity(time));
    await send("evm_mine");
  };
  const act = async (from: string, { to, value, data }: Call): Promise<Outcome> => {
    await send("hardhat_impersonateAccount", from);
    await send("hardhat_setNextBlockBaseFeePerGas", "0x0");
    await send("evm_setNextBlockTimestamp", toQuantity(time));
    const transaction = { from, to, value: toQuantity(value), data, gas: GAS, gasPrice: "0x0" };
    try {
      const hash = String(await send("eth_sendTransaction", transaction));
      const receipt = await provider.getTransactionReceipt(hash);
      const tracer = { tracer: "prestateTracer", tracerConfig: { diffMode: true } };
      const storage = storageChanges(await send("debug_traceTransaction", hash, tracer));
      return { ok: true, logs: receipt?.logs ?? [], storage };
    } catch (error) {
      if (refusalIn(error, data) === undefined) throw error;
      return { ok: false, error };
    }
  };
  const close = async () => {
    provider.destroy();
    await connection.close();
  };
  return { provider, act, until, close };
}
