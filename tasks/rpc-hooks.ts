import { setTimeout as sleep } from "node:timers/promises";

import type { NetworkHooks } from "hardhat/types/hooks";

import { failureOfNode, isRefusal, NodeFailure } from "./lib/nodeFailure.ts";

/** Milliseconds between two attempts. */
const WAITS = [250, 500, 1_000, 2_000];

/** What changes the chain: asked twice, it might be done twice. */
const SENDING = /^eth_send|^(evm|hardhat)_/;

/**
 * Nodes over HTTP drop connections, time out, and answer with 429 or 5xx. What only reads is asked again, a few times; what sends
 * is not, and the failure says that the node may have taken it.
 */
export default async (): Promise<Partial<NetworkHooks>> => {
  const answered = new WeakSet<object>();
  return {
    onRequest: async (context, connection, request, next) => {
      if (connection.networkConfig.type !== "http") return next(context, connection, request);
      const { method } = request;
      const attempts = SENDING.test(method) ? 1 : WAITS.length + 1;
      for (let attempt = 1; ; attempt++) {
        try {
          const response = await next(context, connection, request);
          answered.add(connection);
          return response;
        } catch (error) {
          const why = failureOfNode(error);
          if (why === undefined) throw error;
          // Where no node has answered yet there is none; Hardhat's own sentence says what to do.
          if (isRefusal(error) && !answered.has(connection)) throw error;
          if (attempt === attempts) throw new NodeFailure(method, why, attempts, error);
          await sleep(WAITS[attempt - 1]);
        }
      }
    },
  };
};
