import { expect } from "chai";

import { accountId, packageId } from "../../packages/contracts/src/ids.ts";
import { scaleLegs } from "../../packages/contracts/src/orders/legs.ts";
import { PackageHolder__factory } from "../../types/ethers-contracts/index.ts";
import { connect } from "../fixtures/connection.ts";
import { orderArgument, orderOf, sign } from "../fixtures/fills.ts";
import { put } from "../fixtures/ids.ts";
import { MAX_256, usd, usdc } from "../fixtures/units.ts";
import { deployOpen, fix } from "../fixtures/world.ts";
import type { World } from "../fixtures/world.ts";

const connection = await connect();
const { networkHelpers } = connection;

/** The maker sells put spreads, 2,000 over 1,900: it owes at most 100 an underlying, 1 USDC a lot. */
const SOLD = [put(usd(1_900), 1n), put(usd(2_000), -1n)];
const BOUGHT = scaleLegs(SOLD, -1);
const UNITS = 10n;
/** 25 a unit: 10 lots × 25e8 / 10,000. */
const PREMIUM = usdc(2.5);
/** Ten units of two legs, a lot each, at 500 a lot. */
const FEE = 2n * UNITS * 500n;

async function holding() {
  const world = await deployOpen(connection);
  const { taker, address, quote } = world;
  const factory = new PackageHolder__factory(taker.signer);
  const holder = await factory.deploy(address, taker.address);
  await quote.connect(taker.signer).approve(holder, MAX_256);
  return { ...world, holder, holderAddress: await holder.getAddress() };
}

/** The maker's offer, as the contract takes it. */
async function offerOf(world: World, legs = SOLD) {
  const { linearBook: book, maker } = world;
  const parts = [{ book, legs, premium: usd(25), maxDraw: usdc(10) }];
  const order = orderOf(world, { units: UNITS, parts });
  const signature = await sign(world, order);
  return { order: orderArgument(order), signer: maker.address, signature };
}

describe("contracts/examples/PackageHolder", () => {
  it("buys by a fill, holds packages, and is paid after settlement", async () => {
    const world = await networkHelpers.loadFixture(holding);
    const { quote, ledger, holder, holderAddress, taker, linearBook: book } = world;
    const id = packageId(book, BOUGHT);

    await expect(holder.buy(await offerOf(world), UNITS, usdc(5)))
      .to.emit(holder, "Bought")
      .withArgs(id, book, BOUGHT, UNITS, PREMIUM + FEE);
    expect(await holder.ACCOUNT()).to.equal(accountId(holderAddress));
    expect(await ledger.balanceOf(holderAddress, id)).to.equal(UNITS);
    const position = await ledger.positionOf(accountId(holderAddress), book);
    expect([position.collateral, position.legs.length]).to.deep.equal([0n, 0]);

    await fix(world, usd(1_950), book);
    const payout = usdc(5);
    const redemption = holder.connect(world.stranger).redeem(book, BOUGHT, UNITS);
    await expect(redemption).to.emit(holder, "Redeemed").withArgs(book, UNITS, payout);
    await expect(redemption).to.changeTokenBalance(connection.ethers, quote, taker.address, payout);
    expect(await ledger.balanceOf(holderAddress, id)).to.equal(0n);
  });

  it("sends back what the purchase did not cost", async () => {
    const world = await networkHelpers.loadFixture(holding);
    const { quote, holder, holderAddress, taker, ledger, quoteAddress } = world;
    await expect(holder.buy(await offerOf(world), UNITS, usdc(100))).to.changeTokenBalance(
      connection.ethers,
      quote,
      taker.address,
      -(PREMIUM + FEE),
    );
    expect(await quote.balanceOf(holderAddress)).to.equal(0n);
    expect(await ledger.cashOf(accountId(holderAddress), quoteAddress)).to.equal(0n);
  });

  describe("refuses", () => {
    it("a purchase by anyone but the beneficiary", async () => {
      const world = await networkHelpers.loadFixture(holding);
      const { holder, stranger } = world;
      await expect(holder.connect(stranger).buy(await offerOf(world), UNITS, usdc(5)))
        .to.be.revertedWithCustomError(holder, "NotBeneficiary")
        .withArgs(stranger.address);
    });

    it("an order of two parts", async () => {
      const world = await networkHelpers.loadFixture(holding);
      const offer = await offerOf(world);
      const [part] = offer.order.parts;
      if (!part) throw new Error("the order has no part");
      const order = { ...offer.order, parts: [part, { ...part, book: world.inverseBook }] };
      await expect(world.holder.buy({ ...offer, order }, UNITS, usdc(5)))
        .to.be.revertedWithCustomError(world.holder, "NotOnePart")
        .withArgs(2n);
    });

    it("to pay more than it was told", async () => {
      const world = await networkHelpers.loadFixture(holding);
      await expect(world.holder.buy(await offerOf(world), UNITS, PREMIUM))
        .to.be.revertedWithCustomError(world.ledger, "PayAboveLimit")
        .withArgs(0n, PREMIUM + FEE, PREMIUM);
    });

    it("what may owe something: the ledger wraps no such package", async () => {
      const world = await networkHelpers.loadFixture(holding);
      const offer = await offerOf(world, scaleLegs(SOLD, -1));
      await expect(world.holder.buy(offer, UNITS, usdc(50)))
        .to.be.revertedWithCustomError(world.ledger, "PackageNegative")
        .withArgs(world.linearBook, usdc(1));
    });

    it("to redeem before the price is fixed", async () => {
      const world = await networkHelpers.loadFixture(holding);
      await world.holder.buy(await offerOf(world), UNITS, usdc(5));
      await expect(world.holder.redeem(world.linearBook, BOUGHT, UNITS))
        .to.be.revertedWithCustomError(world.ledger, "NotFixed")
        .withArgs(world.linearBook);
    });
  });
});
