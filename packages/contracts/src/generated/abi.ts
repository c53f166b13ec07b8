import {
  IClearinghouse__factory,
  ILens__factory,
  ChainlinkSettlement__factory,
  AccessManager__factory,
} from "./bindings/index.ts";

/** ABI of `IClearinghouse`, typed as it is written. */
export const clearinghouseAbi: typeof IClearinghouse__factory.abi = IClearinghouse__factory.abi;
/** ABI of `ILens`, typed as it is written. */
export const lensAbi: typeof ILens__factory.abi = ILens__factory.abi;
/** ABI of `ChainlinkSettlement`, typed as it is written. */
export const chainlinkSettlementAbi: typeof ChainlinkSettlement__factory.abi =
  ChainlinkSettlement__factory.abi;
/** ABI of `AccessManager`, typed as it is written. */
export const accessManagerAbi: typeof AccessManager__factory.abi = AccessManager__factory.abi;
