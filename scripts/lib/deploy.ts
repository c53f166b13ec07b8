import type { Signer } from "ethers";

import {
  AccessManager__factory,
  Annex__factory,
  ChainlinkSettlement__factory,
  Clearinghouse__factory,
  DataFeedsLegacyAggregatorProxy__factory,
  IClearinghouse__factory,
  Lens__factory,
  Listing__factory,
  MockV3Aggregator__factory,
} from "../../types/ethers-contracts/index.ts";
import type {
  AccessManager,
  ChainlinkSettlement,
  DataFeedsLegacyAggregatorProxy,
  IClearinghouse,
  Lens,
  MockV3Aggregator,
} from "../../types/ethers-contracts/index.ts";

/** A deployed protocol. */
export interface Certus {
  readonly manager: AccessManager;
  readonly ledger: IClearinghouse;
  readonly oracle: ChainlinkSettlement;
}

/** A Chainlink feed for local chains: the real phase proxy over a mock aggregator. */
export interface LocalFeed {
  readonly proxy: DataFeedsLegacyAggregatorProxy;
  readonly aggregator: MockV3Aggregator;
}

/** Deploys without a journal, for tests and benchmarks; people deploy through `deploy/modules`. */
export async function deployCertus(admin: Signer, treasury: string): Promise<Certus> {
  const manager = await new AccessManager__factory(admin).deploy(await admin.getAddress());
  const listing = await new Listing__factory(admin).deploy();
  const libraries = {
    "project/contracts/libraries/Listing.sol:Listing": await listing.getAddress(),
  };
  const annex = await new Annex__factory(libraries, admin).deploy();
  const front = await new Clearinghouse__factory(admin).deploy(
    await manager.getAddress(),
    treasury,
    await annex.getAddress(),
  );
  const ledger = IClearinghouse__factory.connect(await front.getAddress(), admin);
  const oracle = await new ChainlinkSettlement__factory(admin).deploy();
  return { manager, ledger, oracle };
}

/** Deploys a lens on a ledger: apart, so that benchmarks, which need none, keep the addresses that they are measured with. */
export async function deployLens(deployer: Signer, ledger: IClearinghouse): Promise<Lens> {
  return new Lens__factory(deployer).deploy(ledger);
}

/** Deploys a mock aggregator behind the phase proxy. */
export async function deployFeed(
  deployer: Signer,
  decimals: number,
  answer: bigint,
): Promise<LocalFeed> {
  const aggregator = await new MockV3Aggregator__factory(deployer).deploy(decimals, answer);
  const proxy = await new DataFeedsLegacyAggregatorProxy__factory(deployer).deploy(
    await aggregator.getAddress(),
  );
  return { proxy, aggregator };
}
