/** A contract that integrators get an ABI and typed bindings of. */
export interface Bound {
  /** Fully qualified name of the artifact. */
  readonly artifact: string;
  /** What the package calls it. */
  readonly name: string;
  /** What the package calls its ABI, typed as it is written. */
  readonly constant: string;
}

/** All of them. To bind another contract, name it here and run `npm run bindings`. */
export const CONTRACTS: readonly Bound[] = [
  {
    artifact: "contracts/interfaces/IClearinghouse.sol:IClearinghouse",
    name: "IClearinghouse",
    constant: "clearinghouseAbi",
  },
  {
    artifact: "contracts/interfaces/ILens.sol:ILens",
    name: "ILens",
    constant: "lensAbi",
  },
  {
    artifact: "contracts/oracle/ChainlinkSettlement.sol:ChainlinkSettlement",
    name: "ChainlinkSettlement",
    constant: "chainlinkSettlementAbi",
  },
  {
    artifact: "contracts/oracle/OracleHub.sol:OracleHub",
    name: "OracleHub",
    constant: "oracleHubAbi",
  },
  {
    artifact: "contracts/oracle/SettlementOracle.sol:SettlementOracle",
    name: "SettlementOracle",
    constant: "settlementOracleAbi",
  },
  {
    artifact: "contracts/interfaces/IPriceSource.sol:IPriceSource",
    name: "IPriceSource",
    constant: "priceSourceAbi",
  },
  {
    artifact: "contracts/interfaces/IChainlinkPush.sol:IChainlinkPush",
    name: "IChainlinkPush",
    constant: "chainlinkPushAbi",
  },
  {
    artifact: "contracts/interfaces/IDataStreams.sol:IDataStreams",
    name: "IDataStreams",
    constant: "dataStreamsAbi",
  },
  {
    artifact: "contracts/interfaces/IRedStone.sol:IRedStone",
    name: "IRedStone",
    constant: "redStoneAbi",
  },
  {
    artifact: "contracts/interfaces/ISignedFeed.sol:ISignedFeed",
    name: "ISignedFeed",
    constant: "signedFeedAbi",
  },
  {
    artifact: "contracts/interfaces/ICircuitBreaker.sol:ICircuitBreaker",
    name: "ICircuitBreaker",
    constant: "circuitBreakerAbi",
  },
  {
    artifact: "contracts/interfaces/IBounties.sol:IBounties",
    name: "IBounties",
    constant: "bountiesAbi",
  },
  {
    artifact: "@openzeppelin/contracts/access/manager/AccessManager.sol:AccessManager",
    name: "AccessManager",
    constant: "accessManagerAbi",
  },
];
