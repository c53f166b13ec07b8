/**
 * The transition function of Certus in pure TypeScript: bigint, no clock, no input or output.
 *
 * @module
 */
export * from "./constants.ts";
export * from "./errors.ts";
export * from "./events.ts";
export * from "./ledger.ts";
export * from "./oracle/errors.ts";
export * from "./oracle/interface.ts";
export * from "./state.ts";
export * from "./types.ts";
export * from "./world/tokens.ts";
export * from "./world/world.ts";
