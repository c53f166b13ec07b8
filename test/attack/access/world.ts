import type { BaseContract, Interface } from "ethers";

import { ROLES } from "../../../deploy/roles.ts";
import { deployLens } from "../../../scripts/lib/deploy.ts";
import { IClearinghouse__factory } from "../../../types/ethers-contracts/index.ts";
import type { Connection } from "../../fixtures/connection.ts";
import { deployGoverned } from "../../fixtures/governance.ts";
import type { Governed } from "../../fixtures/governance.ts";
import { OracleBench } from "../../fixtures/oracles.ts";
import { safeSends } from "../../fixtures/safe.ts";
import { DAY } from "../../fixtures/units.ts";
import type { Signer } from "../../fixtures/world.ts";
import { deployPush } from "../../unit/ChainlinkPush/support.ts";
import { deployStreams } from "../../unit/DataStreams/support.ts";
import { deployProduct } from "../../unit/Product/support.ts";
import { deployPyth } from "../../unit/Pyth/support.ts";
import { deploySource } from "../../unit/RedStone/support.ts";
import { deployFeed } from "../../unit/SignedFeed/support.ts";
import { deployPool } from "../../unit/UniswapTwap/support.ts";

/** A contract as it is called from outside. */
export interface Callable {
  readonly address: string;
  readonly abi: Interface;
}

/** Every contract there is under governance, and somebody who has one role and nothing else, for each role. */
export interface AccessWorld extends Governed {
  /** By the contract's name, as the table has it. */
  readonly contracts: Readonly<Record<string, Callable>>;
  /** A source that the hub could take. */
  readonly adding: string;
  /** By the role's name. */
  readonly members: Readonly<Record<string, Signer>>;
  /** Who calls, by what it is. */
  readonly callers: Readonly<Record<string, string>>;
}

/** The first account that the governed deployment leaves free. */
const FREE = 12;

export async function deployAccess(connection: Connection): Promise<AccessWorld> {
  const governed = await deployGoverned(connection);
  const { ledger, admin, manager, hub, settlement, chainlink, bounties, breaker } = governed;
  const lens = await deployLens(admin, ledger);
  const adapters = {
    ChainlinkPush: (await deployPush(connection)).source,
    DataStreams: (await deployStreams(connection)).source,
    Product: (await deployProduct(connection)).source,
    Pyth: (await deployPyth(connection)).source,
    RedStone: (await deploySource(connection)).source,
    SignedFeed: (await deployFeed(connection)).feed,
    UniswapTwap: (await deployPool(connection)).source,
  };
  const faucet = await connection.ethers.deployContract("FaucetToken", ["Test", "TEST", 6, 1n]);
  const all: Readonly<Record<string, BaseContract>> = {
    ...{ Lens: lens, OracleHub: hub, SettlementOracle: settlement, ChainlinkSettlement: chainlink },
    ...{ Bounties: bounties, CircuitBreaker: breaker, Guardian: governed.guardian.guardian },
    ...{ AccessManager: manager, FaucetToken: faucet, ...adapters },
    // Both halves of the ledger at its one address.
    IClearinghouse: IClearinghouse__factory.connect(governed.address, admin),
  };
  const contracts: Record<string, Callable> = {};
  for (const [name, contract] of Object.entries(all)) {
    contracts[name] = { address: await contract.getAddress(), abi: contract.interface };
  }
  const members = await grantOneEach(governed);
  const { stranger, maker, holders, safe } = governed;
  const adding = await new OracleBench(connection).source({ classes: 1n });
  return {
    ...governed,
    contracts,
    members,
    adding: await adding.getAddress(),
    callers: {
      stranger: stranger.address,
      "the deployer": admin.address,
      "an owner of an account": maker.address,
      "the Safe": holders.safe,
      "an owner of the Safe": safe.signing[0]?.address ?? "",
      "the steward": holders.steward,
      "the guardian": holders.guardian,
      ...Object.fromEntries(ROLES.map(({ name }) => [name, memberOf(members, name).address])),
    },
  };
}

/** Who has a role here and nothing else. */
export function memberOf(members: Readonly<Record<string, Signer>>, role: string): Signer {
  const member = members[role];
  if (member === undefined) throw new Error(`nobody has the role ${role}`);
  return member;
}

/** The Safe grants every role to an account of its own, with the role's delay: a week to grant, a week until it counts. */
async function grantOneEach(governed: Governed): Promise<Record<string, Signer>> {
  const { connection, manager, safe } = governed;
  const { ethers, networkHelpers } = connection;
  const free = (await ethers.getSigners()).slice(FREE);
  const members: Record<string, Signer> = {};
  for (const [i, { name }] of ROLES.entries()) {
    const member = free[i];
    if (member === undefined) throw new Error("too few accounts");
    members[name] = member;
  }
  const abi = manager.interface;
  const to = await manager.getAddress();
  const all = (calls: string[]) =>
    safeSends(safe, { to, data: abi.encodeFunctionData("multicall", [calls]) });
  const grants = ROLES.map(({ id: role, name, delay }) =>
    abi.encodeFunctionData("grantRole", [role, memberOf(members, name).address, delay]),
  );
  await all(grants.map((grant) => abi.encodeFunctionData("schedule", [to, grant, 0n])));
  await networkHelpers.time.increase(7n * DAY);
  await all(grants);
  await networkHelpers.time.increase(7n * DAY);
  return members;
}
