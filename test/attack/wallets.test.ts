import { expect } from "chai";
import { AbiCoder } from "ethers";

import { guardedCalls, statelessCall } from "../fixtures/abi.ts";
import { connect } from "../fixtures/connection.ts";
import { fill, fillArgs, fillCall, orderOf, refused, sign } from "../fixtures/fills.ts";
import { Scope, usd } from "../fixtures/units.ts";
import { Mode, deployWallet, ofWallet } from "../fixtures/wallet.ts";
import type { WalletWorld } from "../fixtures/wallet.ts";
import { deployOpen, now } from "../fixtures/world.ts";

const connection = await connect();
const { ethers, networkHelpers } = connection;

async function opened() {
  return deployWallet(await deployOpen(connection));
}

/** What the ledger says when the wallet did not sign. */
function bad({ walletAccount, walletAddress }: WalletWorld): readonly unknown[] {
  return [walletAccount, walletAddress];
}

async function gasOf(world: WalletWorld, nonce: bigint): Promise<bigint> {
  const tx = await fill(world, ofWallet(world, { order: { nonce }, units: 1n }));
  return (await tx.wait())?.gasUsed ?? 0n;
}

/** A signature that tells the wallet which calls to make. */
function calling(target: string, ...calls: string[]): string {
  return AbiCoder.defaultAbiCoder().encode(["address", "bytes[]"], [target, calls]);
}

describe("Attack", () => {
  describe("ERC-1271 wallets", () => {
    describe("when the wallet agrees", () => {
      it("fills whatever the signature's bytes are", async () => {
        const world = await networkHelpers.loadFixture(opened);
        await world.wallet.setMode(Mode.Accept);
        for (const [nonce, signature] of ["0x", "0x00", `0x${"ab".repeat(65)}`].entries()) {
          const order = { nonce: BigInt(nonce) };
          const patch = ofWallet(world, { order, signature, units: 1n });
          await expect(fill(world, patch)).to.emit(world.ledger, "OrderFilled");
        }
      });

      it("asks about the very digest that a key signs", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { wallet, stranger, walletAccount } = world;
        await wallet.setKey(stranger.address);
        const order = orderOf(world, { account: walletAccount });
        const signature = await sign(world, order, stranger);
        await expect(fill(world, ofWallet(world, { signature }))).to.emit(
          world.ledger,
          "OrderFilled",
        );
      });

      it("takes an answer longer than a word, and one that cost nearly all the gas it got", async () => {
        const world = await networkHelpers.loadFixture(opened);
        await world.wallet.setMode(Mode.LongAnswer);
        await fill(world, ofWallet(world, { units: 1n }));
        await world.wallet.setSpend(140_000n);
        await fill(world, ofWallet(world, { units: 1n }));
      });

      it("signs for another's account as its trade operator", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, maker, wallet, walletAddress, expiry } = world;
        await wallet.setMode(Mode.Accept);
        const signedAt = await now(world);
        const patch = { order: { signedAt }, signer: walletAddress, signature: "0x" };
        await refused(world, patch, "BadSignature", [maker.account, walletAddress]);
        await ledger
          .connect(maker.signer)
          .setAccountOperator(maker.account, walletAddress, Scope.Trade, expiry);
        const later = { ...patch, order: { signedAt: await now(world) } };
        await expect(fill(world, later)).to.emit(ledger, "OrderFilled");
      });
    });

    describe("when the wallet does not agree", () => {
      for (const mode of [
        "Refuse",
        "Revert",
        "WrongMagic",
        "DirtyMagic",
        "ShortAnswer",
        "BurnGas",
        "RevertBomb",
      ] as const) {
        it(`reverts with BadSignature when it answers by ${mode}`, async () => {
          const world = await networkHelpers.loadFixture(opened);
          await world.wallet.setMode(Mode[mode]);
          await refused(world, ofWallet(world), "BadSignature", bad(world));
        });
      }

      it("reverts with BadSignature when it needs more than 150,000 gas, however much there is", async () => {
        const world = await networkHelpers.loadFixture(opened);
        await world.wallet.setSpend(150_000n);
        await refused(world, ofWallet(world), "BadSignature", bad(world));
      });

      it("reverts with BadSignature for a key that is not the wallet's, and for the maker's", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { wallet, stranger, maker, walletAccount } = world;
        await wallet.setKey(stranger.address);
        const order = orderOf(world, { account: walletAccount });
        const signature = await sign(world, order, maker.signer);
        await refused(world, ofWallet(world, { signature }), "BadSignature", bad(world));
      });

      it("asks no address without code", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const args = [world.maker.account, world.maker.address];
        await refused(world, { signature: "0x" }, "BadSignature", args);
      });

      it("reverts with BadSignature for wallets that may not sign, before they are asked", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { wallet, maker, walletAddress } = world;
        await wallet.setMode(Mode.Accept);
        const patch = { signer: walletAddress, signature: "0x" };
        await refused(world, patch, "BadSignature", [maker.account, walletAddress]);
      });
    });

    describe("when the wallet bombs", () => {
      it("copies 32 bytes of a return bomb: the fill costs what the wallet burns, and no more", async () => {
        const world = await networkHelpers.loadFixture(opened);
        await world.wallet.setMode(Mode.Accept);
        await gasOf(world, 1n);
        const plain = await gasOf(world, 1n);
        await world.wallet.setMode(Mode.ReturnBomb);
        const bombed = await gasOf(world, 1n);
        expect(bombed - plain).to.be.lessThan(150_000n);
      });

      it("loses at most 150,000 gas to a gas bomb", async () => {
        const world = await networkHelpers.loadFixture(opened);
        await world.wallet.setMode(Mode.BurnGas);
        const request = await fillCall(world, ofWallet(world));
        const data = world.ledger.interface.encodeFunctionData("fill", fillArgs(request));
        const gasLimit = 400_000n;
        await expect(request.from.sendTransaction({ to: world.address, data, gasLimit }))
          .to.be.revertedWithCustomError(world.ledger, "BadSignature")
          .withArgs(...bad(world));
      });
    });

    describe("when the caller starves the wallet", () => {
      it("answers GasStarved or runs out of gas, and never calls an honest wallet a forger", async () => {
        const world = await networkHelpers.loadFixture(opened);
        await world.wallet.setSpend(140_000n);
        const request = await fillCall(world, ofWallet(world, { units: 1n }));
        const data = world.ledger.interface.encodeFunctionData("fill", fillArgs(request));
        const outcomes = new Map<string, number>();
        for (let gasLimit = 60_000n; gasLimit <= 460_000n; gasLimit += 10_000n) {
          const outcome = await ethers.provider
            .call({ from: request.from.address, to: world.address, data, gasLimit })
            .then(() => "filled")
            .catch((error: unknown) => refusalOf(world, error));
          outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
        }
        expect([...outcomes.keys()].sort()).to.deep.equal(["GasStarved", "filled", "out of gas"]);
        expect(outcomes.get("GasStarved") ?? 0).to.be.greaterThan(5);
      });

      it("names what is left and what is needed", async () => {
        const world = await networkHelpers.loadFixture(opened);
        await world.wallet.setMode(Mode.Accept);
        const request = await fillCall(world, ofWallet(world, { units: 1n }));
        const data = world.ledger.interface.encodeFunctionData("fill", fillArgs(request));
        const needed = (150_000n * 64n) / 63n + 20_000n;
        const least = (left: bigint) => left > 0n && left <= needed;
        const gasLimit = 200_000n;
        await expect(request.from.sendTransaction({ to: world.address, data, gasLimit }))
          .to.be.revertedWithCustomError(world.ledger, "GasStarved")
          .withArgs(least, needed);
      });

      it("does not ask for that gas when a key signed", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const request = await fillCall(world, { part: { premium: usd(50) } });
        const data = world.ledger.interface.encodeFunctionData("fill", fillArgs(request));
        const tx = await request.from.sendTransaction({
          to: world.address,
          data,
          gasLimit: 210_000n,
        });
        await expect(tx).to.emit(world.ledger, "OrderFilled");
      });
    });

    describe("when the wallet calls back", () => {
      for (const { name, data } of guardedCalls()) {
        it(`refuses ${name} inside isValidSignature`, async () => {
          const world = await networkHelpers.loadFixture(opened);
          await world.wallet.setMode(Mode.Reenter);
          const signature = calling(world.address, data);
          await expect(fill(world, ofWallet(world, { signature }))).to.emit(
            world.ledger,
            "OrderFilled",
          );
        });
      }

      it("would notice a call that is not refused", async () => {
        const world = await networkHelpers.loadFixture(opened);
        await world.wallet.setMode(Mode.Reenter);
        const signature = calling(world.address, statelessCall().data);
        await refused(world, ofWallet(world, { signature }), "BadSignature", bad(world));
      });
    });
  });
});

/** Name of the ledger's error, or why there is none. */
function refusalOf({ ledger }: WalletWorld, error: unknown): string {
  const data = typeof error === "object" && error !== null && "data" in error ? error.data : "0x";
  const parsed = typeof data === "string" ? ledger.interface.parseError(data) : null;
  return parsed?.name ?? "out of gas";
}
