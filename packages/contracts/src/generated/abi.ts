import { IClearinghouse__factory } from "./bindings/index.ts";
import { ChainlinkSettlement__factory } from "./bindings/index.ts";
import { AccessManager__factory } from "./bindings/index.ts";

/** ABI of `IClearinghouse`, typed as it is written. */
export const clearinghouseAbi = IClearinghouse__factory.abi;
/** ABI of `ChainlinkSettlement`, typed as it is written. */
export const chainlinkSettlementAbi = ChainlinkSettlement__factory.abi;
/** ABI of `AccessManager`, typed as it is written. */
export const accessManagerAbi = AccessManager__factory.abi;
