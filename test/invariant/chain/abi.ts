/**
 * The codec of the campaign, which scripts share.
 *
 * @module
 */
export * from "../../../scripts/lib/abi.ts";
