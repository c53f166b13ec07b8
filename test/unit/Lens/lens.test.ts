import { expect } from "chai";
import { AbiCoder } from "ethers";

import { IN_EXTERNAL_CALL } from "../../fixtures/abi.ts";
import { connect } from "../../fixtures/connection.ts";
import { fill, fillArgs, fillCall } from "../../fixtures/fills.ts";
import { put } from "../../fixtures/ids.ts";
import { withLens } from "../../fixtures/lens.ts";
import type { LensWorld } from "../../fixtures/lens.ts";
import { WEEK, usd } from "../../fixtures/units.ts";
import { Mode, deployWallet, ofWallet } from "../../fixtures/wallet.ts";
import type { WalletWorld } from "../../fixtures/wallet.ts";
import { deployOpen } from "../../fixtures/world.ts";

const connection = await connect();
const { ethers, networkHelpers } = connection;

async function opened(): Promise<WalletWorld & LensWorld> {
  return withLens(await deployWallet(await deployOpen(connection)));
}

/** Every answer of the lens about the ledger's state, asked for the taker; a fill of nothing too. */
async function questions(world: LensWorld): Promise<Map<string, string>> {
  const { lens, linear, linearBook: book, quoteAddress, taker } = world;
  const { account } = taker;
  const legs = [put(usd(2_000), -1n)];
  const usual = await fillCall(world);
  const { from } = usual;
  const malformed = { ...usual, order: { ...usual.order, parts: [] } };
  const { interface: abi } = lens;
  return new Map([
    ["markets", abi.encodeFunctionData("markets", [0n, 1n])],
    ["markets of none", abi.encodeFunctionData("markets", [9n, 0n])],
    ["marketsOf", abi.encodeFunctionData("marketsOf", [[linear]])],
    ["booksOf", abi.encodeFunctionData("booksOf", [[book]])],
    ["calendar", abi.encodeFunctionData("calendar", [linear, 0n, 1n])],
    ["accountOf", abi.encodeFunctionData("accountOf", [account, [quoteAddress], [book]])],
    ["accountOf of nothing", abi.encodeFunctionData("accountOf", [account, [], []])],
    ["legsOf", abi.encodeFunctionData("legsOf", [account, book, 0n, 1n])],
    ["maxWithdraw", abi.encodeFunctionData("maxWithdraw", [account, book])],
    ["claimable", abi.encodeFunctionData("claimable", [account, [book]])],
    ["requirement", abi.encodeFunctionData("requirement", [book, legs])],
    ["requirementAfter", abi.encodeFunctionData("requirementAfter", [account, book, legs, 1n])],
    ["payoffAt", abi.encodeFunctionData("payoffAt", [book, legs, [1n]])],
    ["payoffCurve", abi.encodeFunctionData("payoffCurve", [book, legs])],
    ["previewFill", abi.encodeFunctionData("previewFill", [from.address, ...fillArgs(usual)])],
    [
      "previewFill without parts",
      abi.encodeFunctionData("previewFill", [from.address, ...fillArgs(malformed)]),
    ],
    ["dryFill", abi.encodeFunctionData("dryFill", [from.address, ...fillArgs(usual)])],
  ]);
}

describe("Lens", () => {
  describe("constructor", () => {
    it("keeps the ledger", async () => {
      const { lens, address } = await networkHelpers.loadFixture(opened);
      expect(await lens.ledger()).to.equal(address);
    });

    it("reverts with NoCode for an address without code", async () => {
      const { lens, stranger } = await networkHelpers.loadFixture(opened);
      await expect(ethers.deployContract("Lens", [stranger.address]))
        .to.be.revertedWithCustomError(lens, "NoCode")
        .withArgs(stranger.address);
    });

    it("lets anyone deploy another, which says the same", async () => {
      const { lens, address, linear, stranger } = await networkHelpers.loadFixture(opened);
      const other = await ethers.deployContract("Lens", [address], { signer: stranger });
      expect(await other.marketsOf([linear])).to.deep.equal(await lens.marketsOf([linear]));
    });
  });

  describe("while foreign code of the ledger runs", () => {
    it("knows every function that must be asked", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const asked = new Set([...(await questions(world)).keys()].map((name) => name.split(" ")[0]));
      const names: string[] = [];
      world.lens.interface.forEachFunction(({ name }) => names.push(name));
      expect([...asked, "ledger"].sort()).to.deep.equal(names.sort());
    });

    it("reverts with InExternalCall in an oracle, whatever is asked", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const { ledger, lensAddress, oracle, linear, expiry } = world;
      const calls = [...(await questions(world)).values()];
      await oracle.arm(lensAddress, calls);
      await ledger.openBook(linear, expiry + WEEK);
      expect(await oracle.answers()).to.deep.equal(calls.map(() => IN_EXTERNAL_CALL));
    });

    it("reverts with InExternalCall in a wallet that is asked for its signature", async () => {
      const world = await networkHelpers.loadFixture(opened);
      await world.wallet.setMode(Mode.Reenter);
      const calls = [...(await questions(world)).values()];
      const signature = AbiCoder.defaultAbiCoder().encode(
        ["address", "bytes[]"],
        [world.lensAddress, calls.slice(0, 4)],
      );
      await expect(fill(world, ofWallet(world, { signature }))).to.emit(
        world.ledger,
        "OrderFilled",
      );
    });
  });
});
