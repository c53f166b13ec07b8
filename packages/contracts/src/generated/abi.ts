import {
  IClearinghouse__factory,
  ILens__factory,
  ChainlinkSettlement__factory,
  OracleHub__factory,
  SettlementOracle__factory,
  IPriceSource__factory,
  IChainlinkPush__factory,
  IDataStreams__factory,
  IRedStone__factory,
  ISignedFeed__factory,
  ICircuitBreaker__factory,
  IBounties__factory,
  AccessManager__factory,
} from "./bindings/index.ts";

/** ABI of `IClearinghouse`, typed as it is written. */
export const clearinghouseAbi: typeof IClearinghouse__factory.abi = IClearinghouse__factory.abi;
/** ABI of `ILens`, typed as it is written. */
export const lensAbi: typeof ILens__factory.abi = ILens__factory.abi;
/** ABI of `ChainlinkSettlement`, typed as it is written. */
export const chainlinkSettlementAbi: typeof ChainlinkSettlement__factory.abi =
  ChainlinkSettlement__factory.abi;
/** ABI of `OracleHub`, typed as it is written. */
export const oracleHubAbi: typeof OracleHub__factory.abi = OracleHub__factory.abi;
/** ABI of `SettlementOracle`, typed as it is written. */
export const settlementOracleAbi: typeof SettlementOracle__factory.abi =
  SettlementOracle__factory.abi;
/** ABI of `IPriceSource`, typed as it is written. */
export const priceSourceAbi: typeof IPriceSource__factory.abi = IPriceSource__factory.abi;
/** ABI of `IChainlinkPush`, typed as it is written. */
export const chainlinkPushAbi: typeof IChainlinkPush__factory.abi = IChainlinkPush__factory.abi;
/** ABI of `IDataStreams`, typed as it is written. */
export const dataStreamsAbi: typeof IDataStreams__factory.abi = IDataStreams__factory.abi;
/** ABI of `IRedStone`, typed as it is written. */
export const redStoneAbi: typeof IRedStone__factory.abi = IRedStone__factory.abi;
/** ABI of `ISignedFeed`, typed as it is written. */
export const signedFeedAbi: typeof ISignedFeed__factory.abi = ISignedFeed__factory.abi;
/** ABI of `ICircuitBreaker`, typed as it is written. */
export const circuitBreakerAbi: typeof ICircuitBreaker__factory.abi = ICircuitBreaker__factory.abi;
/** ABI of `IBounties`, typed as it is written. */
export const bountiesAbi: typeof IBounties__factory.abi = IBounties__factory.abi;
/** ABI of `AccessManager`, typed as it is written. */
export const accessManagerAbi: typeof AccessManager__factory.abi = AccessManager__factory.abi;
