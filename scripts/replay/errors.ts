/** The node cannot be reached, lacks what is asked of it, or contradicts itself. */
export class NodeError extends Error {
  override readonly name = "NodeError";
}

/** What a node answered to one request instead of a result. */
export class RpcError extends Error {
  override readonly name = "RpcError";
  readonly code: number;

  constructor(method: string, code: number, message: string) {
    super(`${method}: ${message} (${code})`);
    this.code = code;
  }
}

/** The events make no history: one of them cannot have happened after those before it. */
export class HistoryFault extends Error {
  override readonly name = "HistoryFault";
}

/** The node's chain is no longer the one that was read. */
export class Reorganised extends Error {
  override readonly name = "Reorganised";
}
