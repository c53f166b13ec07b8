import { createServer } from "node:http";
import type { IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/** One request of a batch, or the only one. */
export interface RpcCall {
  readonly id: unknown;
  readonly method: string;
  readonly params: readonly unknown[];
}

/** Answers a request in the node's place, or changes what the node answers. */
export interface Meddler {
  /** Before the requests go to the node. Throws `CUT` to cut the connection: the node learns of nothing. */
  readonly before?: (calls: readonly RpcCall[]) => Promise<void>;
  /** When the node has done what was asked. Throws `CUT` to cut the connection: nobody learns of it. */
  readonly after?: (calls: readonly RpcCall[]) => Promise<void>;
  /** The result to give, made of the node's. Throws an `RpcRefusal` to refuse. */
  readonly change?: (call: RpcCall, result: unknown) => unknown;
  /** A status to answer with instead of anything. */
  readonly status?: (calls: readonly RpcCall[]) => number | undefined;
}

/** Makes the proxy answer a request with an error. */
export class RpcRefusal extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/** Makes the proxy cut a connection without an answer. */
export const CUT = new Error("cut");

/** A server that passes JSON-RPC on to a node and meddles with it. */
export interface RpcProxy {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** All of a request. */
export async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const chunk of request) body += String(chunk);
  return body;
}

/** Starts a proxy in front of a node. */
export async function startProxy(node: string, meddler: Meddler): Promise<RpcProxy> {
  const { before, after, change, status } = meddler;
  const changed = (call: RpcCall | undefined, answer: Record<string, unknown>): unknown => {
    if (call === undefined || change === undefined || !("result" in answer)) return answer;
    try {
      return { ...answer, result: change(call, answer["result"]) };
    } catch (error) {
      if (!(error instanceof RpcRefusal)) throw error;
      const { id } = answer;
      return { jsonrpc: "2.0", id, error: { code: error.code, message: error.message } };
    }
  };
  const handle = async (body: string): Promise<string> => {
    const parsed = JSON.parse(body) as RpcCall | RpcCall[];
    const calls = Array.isArray(parsed) ? parsed : [parsed];
    await before?.(calls);
    const headers = { "content-type": "application/json" };
    const response = await fetch(node, { method: "POST", headers, body });
    const answered = (await response.json()) as Record<string, unknown> | Record<string, unknown>[];
    await after?.(calls);
    const answers = Array.isArray(answered) ? answered : [answered];
    const results = answers.map((each) =>
      changed(
        calls.find(({ id }) => id === each["id"]),
        each,
      ),
    );
    return JSON.stringify(Array.isArray(answered) ? results : results[0]);
  };
  const server = createServer((request, response) => {
    const answer = async (): Promise<void> => {
      const body = await bodyOf(request);
      const parsed = JSON.parse(body) as RpcCall | RpcCall[];
      const refused = status?.(Array.isArray(parsed) ? parsed : [parsed]);
      if (refused !== undefined) {
        response.writeHead(refused).end("not now");
        return;
      }
      response.writeHead(200, { "content-type": "application/json" }).end(await handle(body));
    };
    answer().catch((error: unknown) => {
      if (error === CUT) request.socket.destroy();
      else response.writeHead(500).end(String(error));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${port}`, close };
}
