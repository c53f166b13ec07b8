import { rm } from "node:fs/promises";
import { join } from "node:path";

import { expect } from "chai";
import { zeroPadValue } from "ethers";
import { config, network } from "hardhat";

import Certus from "../../deploy/modules/Certus.ts";
import { LISTER_ROLE } from "../../deploy/modules/Lister.ts";
import Local from "../../deploy/modules/Local.ts";
import { marketTerms } from "../../scripts/demo/terms.ts";
import {
  AccessManager__factory,
  IClearinghouse__factory,
  ILens__factory,
  DataFeedsLegacyAggregatorProxy__factory,
  TestToken__factory,
} from "../../types/ethers-contracts/index.ts";

type Connection = Awaited<ReturnType<typeof network.create>>;

/** The local module on a fresh chain, with typed contracts. */
async function local(connection: Connection, parameters = {}) {
  const deployed = await connection.ignition.deploy(Local, { parameters });
  const [deployer, second, third] = await connection.ethers.getSigners();
  if (!deployer || !second || !third) throw new Error("the network has too few accounts");
  const addressOf = async (name: keyof typeof deployed) => deployed[name].getAddress();
  return {
    deployer,
    second,
    third,
    oracle: await addressOf("oracle"),
    manager: AccessManager__factory.connect(await addressOf("manager"), deployer),
    ledger: IClearinghouse__factory.connect(await addressOf("ledger"), deployer),
    lens: ILens__factory.connect(await addressOf("lens"), deployer),
    usdc: TestToken__factory.connect(await addressOf("usdc"), deployer),
    weth: TestToken__factory.connect(await addressOf("weth"), deployer),
    feed: DataFeedsLegacyAggregatorProxy__factory.connect(await addressOf("feed"), deployer),
  };
}

async function termsOf({ oracle, usdc, feed }: Awaited<ReturnType<typeof local>>) {
  return marketTerms("linear", {
    feed: zeroPadValue(await feed.getAddress(), 32),
    oracle,
    token: await usdc.getAddress(),
    strikeTick: 10n ** 9n,
    period: 604_800n,
  });
}

describe("deploy/modules", () => {
  let connection: Connection;

  beforeEach(async () => {
    connection = await network.create();
  });

  afterEach(async () => {
    await connection.close();
  });

  describe("Certus", () => {
    it("hands the access manager and the treasury to whom the parameters name", async () => {
      const [, admin, treasury] = await connection.ethers.getSigners();
      if (!admin || !treasury) throw new Error("the network has too few accounts");
      const parameters = { Certus: { admin: admin.address, treasury: treasury.address } };
      const deployed = await connection.ignition.deploy(Certus, { parameters });
      const manager = AccessManager__factory.connect(await deployed.manager.getAddress(), admin);
      const ledger = IClearinghouse__factory.connect(await deployed.ledger.getAddress(), admin);

      expect((await manager.hasRole(0n, admin)).isMember).to.equal(true);
      const [deployer] = await connection.ethers.getSigners();
      expect((await manager.hasRole(0n, deployer ?? "")).isMember).to.equal(false);
      expect(await ledger.treasury()).to.equal(treasury.address);
      expect(await ledger.authority()).to.equal(await manager.getAddress());
    });

    it("points the lens at the ledger", async () => {
      const deployed = await connection.ignition.deploy(Certus);
      const [deployer] = await connection.ethers.getSigners();
      const lens = ILens__factory.connect(await deployed.lens.getAddress(), deployer);
      expect(await lens.ledger()).to.equal(await deployed.ledger.getAddress());
    });
  });

  describe("Lister", () => {
    it("lets the named account list, and nothing else", async () => {
      const [, lister] = await connection.ethers.getSigners();
      if (!lister) throw new Error("the network has too few accounts");
      const parameters = { Lister: { lister: lister.address } };
      const world = await local(connection, parameters);
      const { ledger, manager, deployer } = world;
      const terms = await termsOf(world);

      expect((await manager.hasRole(LISTER_ROLE, lister)).isMember).to.equal(true);
      await expect(ledger.connect(deployer).list(terms))
        .to.be.revertedWithCustomError(ledger, "AccessManagedUnauthorized")
        .withArgs(deployer.address);
      await expect(ledger.connect(lister).list(terms)).to.emit(ledger, "MarketListed");
      await expect(ledger.connect(lister).setTreasury(lister))
        .to.be.revertedWithCustomError(ledger, "AccessManagedUnauthorized")
        .withArgs(lister.address);
    });
  });

  describe("Local", () => {
    it("deploys a ledger, two tokens and a feed with its first answer", async () => {
      const { ledger, usdc, weth, feed, deployer } = await local(connection, {
        Local: { initialAnswer: 1_234n * 10n ** 8n },
      });
      expect(await ledger.treasury()).to.equal(deployer.address);
      expect([await usdc.symbol(), await usdc.decimals()]).to.deep.equal(["USDC", 6n]);
      expect([await weth.symbol(), await weth.decimals()]).to.deep.equal(["WETH", 18n]);
      expect(await feed.phaseId()).to.equal(1n);
      expect((await feed.latestRoundData()).answer).to.equal(1_234n * 10n ** 8n);
    });

    it("lets the deployer list and retire, and refuses everybody else", async () => {
      const world = await local(connection);
      const { ledger, second } = world;
      const terms = await termsOf(world);

      await expect(ledger.connect(second).list(terms))
        .to.be.revertedWithCustomError(ledger, "AccessManagedUnauthorized")
        .withArgs(second.address);
      const { market } = await ledger.list.staticCall(terms);
      await ledger.list(terms);
      const [seen] = await world.lens.marketsOf([market]);
      expect([seen?.market, seen?.listed, seen?.retired]).to.deep.equal([market, true, false]);
      await expect(ledger.connect(second).retire(market))
        .to.be.revertedWithCustomError(ledger, "AccessManagedUnauthorized")
        .withArgs(second.address);
      await expect(ledger.retire(market)).to.emit(ledger, "MarketRetired").withArgs(market);
      expect((await world.lens.marketsOf([market]))[0]?.retired).to.equal(true);
    });
  });
});

describe("deploy/modules, with a journal", () => {
  const deploymentId = `scenario-${process.pid}`;

  afterEach(() =>
    rm(join(config.paths.ignition, "deployments", deploymentId), { recursive: true, force: true }),
  );

  it("deploys nothing the second time", async () => {
    const server = await network.createServer(undefined, "127.0.0.1");
    const { address, port } = await server.listen();
    try {
      const url = `http://${address}:${port}`;
      const first = await deployOver(url);
      const second = await deployOver(url);
      expect(first.sent).to.be.greaterThan(0);
      expect(second.sent).to.equal(0);
      expect(second.ledger).to.equal(first.ledger);
    } finally {
      await server.close();
    }
  });

  async function deployOver(url: string) {
    const connection = await network.create({ network: "localhost", override: { url } });
    try {
      const { ethers, ignition } = connection;
      const before = await ethers.provider.getBlockNumber();
      const { ledger } = await ignition.deploy(Local, { deploymentId });
      const after = await ethers.provider.getBlockNumber();
      return { ledger: await ledger.getAddress(), sent: after - before };
    } finally {
      await connection.close();
    }
  }
});
