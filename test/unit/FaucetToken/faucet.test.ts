import { expect } from "chai";

import { FaucetToken__factory } from "../../../types/ethers-contracts/index.ts";
import { connect } from "../../fixtures/connection.ts";

const connection = await connect();
const { ethers, networkHelpers } = connection;
const { time } = networkHelpers;

const DAY = 86_400n;
const SUM = 10_000n * 10n ** 6n;

async function deployed() {
  const [deployer, taker, other] = await ethers.getSigners();
  if (!deployer || !taker || !other) throw new Error("the network has too few accounts");
  const token = await new FaucetToken__factory(deployer).deploy("USD Coin", "USDC", 6, SUM);
  return { token, taker, other };
}

describe("FaucetToken", () => {
  it("has the name, decimals and sum that it was made with, and no supply", async () => {
    const { token } = await networkHelpers.loadFixture(deployed);
    expect([await token.name(), await token.symbol()]).to.deep.equal(["USD Coin", "USDC"]);
    expect([await token.decimals(), await token.SUM()]).to.deep.equal([6n, SUM]);
    expect(await token.totalSupply()).to.equal(0n);
  });

  it("gives the sum to whoever asks, each on its own account", async () => {
    const { token, taker, other } = await networkHelpers.loadFixture(deployed);
    expect(await token.nextFaucet(taker)).to.equal(0n);
    for (const signer of [taker, other]) {
      await expect(token.connect(signer).faucet()).to.changeTokenBalance(
        ethers,
        token,
        signer,
        SUM,
      );
    }
    expect(await token.totalSupply()).to.equal(2n * SUM);
  });

  it("gives nothing more until the very second a day later, and says when that is", async () => {
    const { token, taker } = await networkHelpers.loadFixture(deployed);
    const own = token.connect(taker);
    await own.faucet();
    const next = BigInt(await time.latest()) + DAY;
    expect(await token.nextFaucet(taker)).to.equal(next);

    await time.setNextBlockTimestamp(next - 1n);
    await expect(own.faucet())
      .to.be.revertedWithCustomError(token, "FaucetClosed")
      .withArgs(taker.address, next);
    await time.setNextBlockTimestamp(next);
    await own.faucet();
    expect(await token.balanceOf(taker)).to.equal(2n * SUM);
    expect(await token.nextFaucet(taker)).to.equal(next + DAY);
  });

  it("takes permits under its own name and address", async () => {
    const { token, taker, other } = await networkHelpers.loadFixture(deployed);
    const { chainId } = await ethers.provider.getNetwork();
    const domain = {
      name: "USD Coin",
      version: "1",
      chainId,
      verifyingContract: await token.getAddress(),
    };
    const fields = ["address owner", "address spender", "uint256 value", "uint256 nonce"];
    const Permit = [...fields, "uint256 deadline"].map((field) => {
      const [type = "", name = ""] = field.split(" ");
      return { name, type };
    });
    const [value, deadline] = [7n, 2n ** 40n];
    const permit = { owner: taker.address, spender: other.address, value, nonce: 0n, deadline };
    const { v, r, s } = ethers.Signature.from(
      await taker.signTypedData(domain, { Permit }, permit),
    );
    await token.permit(taker, other, value, deadline, v, r, s);
    expect(await token.allowance(taker, other)).to.equal(value);
  });
});
