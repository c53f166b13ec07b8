import { setTimeout as sleep } from "node:timers/promises";

import { NodeError, RpcError } from "./errors.ts";

/** One request of a node. */
export interface Request {
  readonly method: string;
  readonly params: readonly unknown[];
}

/** How a client treats its node. */
export interface RpcOptions {
  /** Requests of one batch at most. */
  readonly batch: number;
  /** Batches in flight at most. */
  readonly parallel: number;
  /** Milliseconds that an answer may take. */
  readonly timeout: number;
  /** Tries of a request that fails for reasons that may pass. */
  readonly tries: number;
}

/** What most public nodes bear. */
export const GENTLE: RpcOptions = { batch: 250, parallel: 3, timeout: 60_000, tries: 7 };

const FIRST_WAIT = 200;
const LONGEST_WAIT = 8_000;

/** Status of HTTP: content too large. */
const TOO_LARGE = 413;

const RATE_LIMITED = /rate.?limit|too many requests|capacity|throttl|try again/i;

/** A failure that may pass. */
class Transient extends Error {}

/** The node takes no batch of this size. */
class BatchRefused extends Error {}

interface Answer {
  readonly id?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly code?: number; readonly message?: string };
}

/** Talks JSON-RPC over HTTP: tries again what may pass, and asks for many things at once. */
export class RpcClient {
  readonly #url: string;
  readonly #options: RpcOptions;
  /** Requests of one batch at most: falls to what the node takes. */
  #batch: number;
  #id = 0;

  constructor(url: string, options: RpcOptions = GENTLE) {
    this.#url = url;
    this.#options = options;
    this.#batch = options.batch;
  }

  /** One request. Throws an `RpcError` if the node refuses it, a `NodeError` if there is no answer. */
  async call(
    method: string,
    params: readonly unknown[],
    tries = this.#options.tries,
  ): Promise<unknown> {
    const [result] = await this.#persist([{ method, params }], tries);
    return result;
  }

  /** Many requests, in batches; results in the order of the requests. */
  async all(requests: readonly Request[]): Promise<readonly unknown[]> {
    const { parallel } = this.#options;
    const results: unknown[] = new Array<unknown>(requests.length);
    let next = 0;
    const work = async (): Promise<void> => {
      while (next < requests.length) {
        const from = next;
        next = from + this.#batch;
        const some = await this.#halving(requests.slice(from, next));
        some.forEach((result, index) => (results[from + index] = result));
      }
    };
    await Promise.all(Array.from({ length: parallel }, work));
    return results;
  }

  async #halving(requests: readonly Request[]): Promise<readonly unknown[]> {
    try {
      return await this.#persist(requests, this.#options.tries);
    } catch (error) {
      if (!(error instanceof BatchRefused)) throw error;
      const half = Math.ceil(requests.length / 2);
      this.#batch = Math.min(this.#batch, half);
      const first = await this.#halving(requests.slice(0, half));
      return [...first, ...(await this.#halving(requests.slice(half)))];
    }
  }

  async #persist(requests: readonly Request[], tries: number): Promise<readonly unknown[]> {
    for (let wait = FIRST_WAIT, left = tries; ; wait = Math.min(2 * wait, LONGEST_WAIT)) {
      try {
        return await this.#send(requests);
      } catch (error) {
        if (!(error instanceof Transient)) throw error;
        if (--left <= 0) throw new NodeError(`${this.#url}: ${error.message}`);
        await sleep(wait);
      }
    }
  }

  async #send(requests: readonly Request[]): Promise<readonly unknown[]> {
    const first = this.#id + 1;
    const bodies = requests.map((request) => ({ jsonrpc: "2.0", id: ++this.#id, ...request }));
    const isBatch = bodies.length > 1;
    const answer = await this.#post(JSON.stringify(isBatch ? bodies : bodies[0]), isBatch);
    const answers = Array.isArray(answer) ? (answer as Answer[]) : [answer as Answer];
    const [only] = answers;
    if (answers.length === 1 && only?.error !== undefined) {
      const refused = refusal(only.error, requests[0]);
      throw isBatch && refused instanceof RpcError ? new BatchRefused() : refused;
    }
    const results: unknown[] = new Array<unknown>(requests.length);
    let given = 0;
    for (const { id, result, error } of answers) {
      const index = Number(id) - first;
      if (error !== undefined) throw refusal(error, requests[index]);
      if (result === undefined || !(index in requests)) continue;
      results[index] = result;
      given++;
    }
    if (given !== requests.length) throw new Transient("an answer without its results");
    return results;
  }

  async #post(body: string, isBatch: boolean): Promise<unknown> {
    let status: number;
    let text: string;
    try {
      const response = await fetch(this.#url, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body,
        signal: AbortSignal.timeout(this.#options.timeout),
      });
      status = response.status;
      text = await response.text();
    } catch (error) {
      throw new Transient(causeOf(error));
    }
    if (isBatch && status === TOO_LARGE) throw new BatchRefused();
    try {
      return JSON.parse(text);
    } catch {
      throw new Transient(`HTTP ${status}, and no JSON`);
    }
  }
}

function refusal(
  { code = 0, message = "no message" }: NonNullable<Answer["error"]>,
  request: Request | undefined,
): Error {
  const { method = "a batch" } = request ?? {};
  if (code === 429 || RATE_LIMITED.test(message)) return new Transient(message);
  return new RpcError(method, code, message);
}

/** Why `fetch` failed: it wraps what the system said. */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (cause instanceof Error) return "code" in cause ? String(cause.code) : cause.message;
  return error.message;
}
