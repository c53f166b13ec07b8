import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { expect } from "chai";
import { TypedDataEncoder } from "ethers";
import { network } from "hardhat";

import { accountId } from "../../packages/contracts/src/ids.ts";
import {
  CHAIN_ID,
  CREATED,
  createdAt,
  DEPLOYER,
  EXPIRY,
  MAKER,
  SIGNED_AT,
  TAKER,
  vectorTerms,
} from "../../scripts/bindings/vectors.ts";
import { deployCertus } from "../../scripts/lib/deploy.ts";
import { root } from "../../scripts/lib/proc.ts";
import {
  Clearinghouse__factory,
  IClearinghouse__factory,
  ScriptedOracle__factory,
  TestToken__factory,
} from "../../types/ethers-contracts/index.ts";
import type { OrderStruct } from "../../types/ethers-contracts/contracts/interfaces/IClearinghouse.ts";
import { NO_LIMIT } from "../fixtures/fills.ts";

interface Vectors {
  readonly signer: { readonly address: string };
  readonly domain: { readonly chainId: string; readonly verifyingContract: string };
  readonly orders: readonly {
    readonly name: string;
    readonly fills: boolean;
    readonly order: OrderStruct;
    readonly orderHash: string;
    readonly digest: string;
    readonly signature: string;
  }[];
}

const text = await readFile(join(root, "packages/contracts/vectors.json"), "utf8");
const vectors = JSON.parse(text) as Vectors;

const connection = await network.create({
  override: {
    chainId: Number(CHAIN_ID),
    initialDate: new Date(Number(SIGNED_AT - 3_600n) * 1_000),
  },
});
const { networkHelpers } = connection;
const FUNDS = 10n ** 27n;

/** The ledger that the vectors name, at its address: nothing but the order of the deployer's creations makes it so. */
async function world() {
  const { ethers } = connection;
  const { provider } = ethers;
  const [admin] = await ethers.getSigners();
  if (admin === undefined) throw new Error("the network has no accounts");
  for (const { address } of [DEPLOYER, MAKER, TAKER]) {
    await networkHelpers.setBalance(address, 10n ** 20n);
  }
  const other = await deployCertus(admin, admin.address);
  const deployer = DEPLOYER.connect(provider);
  const front = await new Clearinghouse__factory(deployer).deploy(
    other.manager,
    admin.address,
    await other.ledger.annex(),
  );
  const quote = await new TestToken__factory(deployer).deploy("Quote", "USDC", 6);
  const base = await new TestToken__factory(deployer).deploy("Base", "WETH", 18);
  const oracle = await new ScriptedOracle__factory(deployer).deploy();
  const created = await Promise.all([front, quote, base, oracle].map((each) => each.getAddress()));
  expect(created).to.deep.equal(CREATED.map(createdAt));

  const ledger = IClearinghouse__factory.connect(await front.getAddress(), admin);
  for (const style of ["linear", "inverse"] as const) {
    const terms = vectorTerms(style);
    const { market } = await ledger.list.staticCall(terms);
    await ledger.list(terms);
    await ledger.openBook(market, EXPIRY);
  }
  for (const wallet of [MAKER.connect(provider), TAKER.connect(provider)]) {
    for (const token of [quote, base]) {
      await token.mint(wallet, FUNDS);
      await token.connect(wallet).approve(ledger, FUNDS);
      for (const sub of [0n, 7n]) {
        await ledger.connect(wallet).deposit(accountId(wallet.address, sub), token, FUNDS / 2n);
      }
    }
  }
  await networkHelpers.time.increaseTo(SIGNED_AT);
  return { ledger, taker: TAKER.connect(provider) };
}

describe("packages/contracts/vectors.json", () => {
  it("is signed in the domain of the ledger", async () => {
    const { ledger } = await networkHelpers.loadFixture(world);
    const { name, version, chainId, verifyingContract } = await ledger.eip712Domain();
    expect([chainId.toString(), verifyingContract]).to.deep.equal([
      vectors.domain.chainId,
      vectors.domain.verifyingContract,
    ]);
    const own = TypedDataEncoder.hashDomain({ name, version, chainId, verifyingContract });
    expect(own).to.equal(TypedDataEncoder.hashDomain(vectors.domain));
  });

  for (const { name, order, orderHash } of vectors.orders) {
    it(`${name}: the ledger comes to the same hash`, async () => {
      const { ledger } = await networkHelpers.loadFixture(world);
      expect(await ledger.orderHash(order)).to.equal(orderHash);
    });
  }

  const filled = vectors.orders.filter(({ fills }) => fills);
  it("holds orders that fill", () => {
    expect(filled.length).to.be.greaterThan(2);
  });

  for (const { name, order, orderHash, signature } of filled) {
    it(`${name}: the ledger takes the signature and fills the order`, async () => {
      const { ledger, taker } = await networkHelpers.loadFixture(world);
      const limits = order.parts.map(() => NO_LIMIT);
      const account = accountId(taker.address);
      const { address } = vectors.signer;
      const own = ledger.connect(taker);
      const filling = own.fill(account, order, address, signature, order.units, limits);
      await expect(filling).to.emit(ledger, "OrderFilled");
      const { hash } = await filling;
      const receipt = await connection.ethers.provider.getTransactionReceipt(hash);
      const told = (receipt?.logs ?? []).map((log) => ledger.interface.parseLog(log));
      expect(told.find((event) => event?.name === "OrderFilled")?.args["orderHash"]).to.equal(
        orderHash,
      );
    });

    it(`${name}: the ledger takes it for nothing else`, async () => {
      const { ledger, taker } = await networkHelpers.loadFixture(world);
      const limits = order.parts.map(() => NO_LIMIT);
      const { address } = vectors.signer;
      const changed = { ...order, minFill: 2n };
      const args = [accountId(taker.address), changed, address, signature, order.units] as const;
      await expect(ledger.connect(taker).fill(...args, limits))
        .to.be.revertedWithCustomError(ledger, "BadSignature")
        .withArgs(order.account, address);
    });
  }
});
