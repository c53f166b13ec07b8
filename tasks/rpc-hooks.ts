import { setTimeout as sleep } from "node:timers/promises";

import type { NetworkHooks } from "hardhat/types/hooks";

import { patience } from "./lib/patience.ts";
import { failureOfNode, isRefusal, NodeFailure, refusalOfNode } from "./lib/nodeFailure.ts";

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
      const attempts = SENDING.test(method) ? 1 : patience.retries.length + 1;
      for (let attempt = 1; ; attempt++) {
        let why: string | undefined;
        let cause: unknown;
        try {
          const response = await next(context, connection, request);
          answered.add(connection);
          why = refusalOfNode(response);
          if (why === undefined) return response;
        } catch (error) {
          [why, cause] = [failureOfNode(error), error];
          // Where no node has answered yet there is none; Hardhat's own sentence says what to do.
          if (why === undefined || (isRefusal(error) && !answered.has(connection))) throw error;
        }
        if (attempt === attempts) throw new NodeFailure(method, why, attempts, cause);
        await sleep(patience.retries[attempt - 1]);
      }
    },
  };
};
