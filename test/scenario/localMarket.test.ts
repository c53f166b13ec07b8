import { rm } from "node:fs/promises";
import { join } from "node:path";

import { expect } from "chai";
import { config, network } from "hardhat";

import { deployLocal } from "../../scripts/lib/localMarket.ts";

describe("scripts/lib/localMarket", function () {
  this.timeout(60_000);

  const deploymentId = `local-${process.pid}`;

  after(() =>
    rm(join(config.paths.ignition, "deployments", deploymentId), { recursive: true, force: true }),
  );

  /** Starts a node, deploys on it twice, and answers what the ledger's markets number after each. */
  async function markets(): Promise<number[]> {
    const server = await network.createServer(undefined, "127.0.0.1");
    const { address, port } = await server.listen();
    const url = `http://${address}:${port}`;
    const connection = await network.create({ network: "localhost", override: { url } });
    try {
      const counts: number[] = [];
      for (let i = 0; i < 2; i++) {
        const { ledger, list } = await deployLocal(connection, deploymentId);
        if (i === 0) await list("linear");
        counts.push((await ledger.queryFilter(ledger.filters.MarketListed())).length);
      }
      return counts;
    } finally {
      await connection.close();
      await server.close();
    }
  }

  it("finds what stands, and deploys again on a node that was started anew", async () => {
    expect(await markets()).to.deep.equal([1, 1]);
    expect(await markets()).to.deep.equal([1, 1]);
  });

  it("refuses a chain that ends with the process, where a deployment helps nobody", async () => {
    const connection = await network.create("default");
    const failure = await deployLocal(connection, deploymentId).catch(String);
    await connection.close();
    expect(failure).to.contain("start npx hardhat node, and pass --network localhost.");
  });
});
