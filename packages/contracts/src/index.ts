/**
 * What an integrator of Certus needs: ABIs, typed bindings for ethers v6, orders and their signatures, identifiers,
 * addresses, and errors in words.
 *
 * @module
 */
export { addresses, addressesOf } from "./addresses.ts";
export type { Deployment } from "./addresses.ts";
export type { ErrorEntry } from "./errors/catalogue.ts";
export { decodeError } from "./errors/decode.ts";
export type { DecodedError, ErrorArgument, ErrorKind } from "./errors/decode.ts";
export * from "./generated/abi.ts";
export * from "./generated/bindings/index.ts";
export type * from "./generated/bindings/IClearinghouse.ts";
export { ERRORS } from "./generated/errors.ts";
export * from "./ids.ts";
export { buildOrder, MAX_PARTS } from "./orders/build.ts";
export * from "./orders/legs.ts";
export * from "./orders/sign.ts";
export * from "./orders/typedData.ts";
export type * from "./orders/types.ts";
export type { Integer } from "./ranges.ts";
