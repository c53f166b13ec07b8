import { expect } from "chai";

import { connect } from "../fixtures/connection.ts";
import { fill, fillArgs, fillCall, orderOf, refused, sign } from "../fixtures/fills.ts";
import { accountOf } from "../fixtures/ids.ts";
import { usdc } from "../fixtures/units.ts";
import { deployOpen } from "../fixtures/world.ts";

const connection = await connect();
const otherChain = await connect(31_338);
const { networkHelpers } = connection;

async function opened() {
  return deployOpen(connection);
}

async function elsewhere() {
  return deployOpen(otherChain);
}

describe("Attack", () => {
  describe("replayed orders", () => {
    it("refuses an order of another chain at the same address", async () => {
      const here = await networkHelpers.loadFixture(opened);
      const there = await otherChain.networkHelpers.loadFixture(elsewhere);
      expect(there.address).to.equal(here.address);
      expect(there.linearBook).to.equal(here.linearBook);
      const signature = await sign(here, orderOf(here));
      await fill(here, { signature });
      const args = [there.maker.account, there.maker.address];
      await refused(there, { signature }, "BadSignature", args);
    });

    it("refuses an order of another ledger of the same chain", async () => {
      const first = await networkHelpers.loadFixture(opened);
      const signature = await sign(first, orderOf(first));
      await fill(first, { signature });
      const second = await deployOpen(connection);
      expect(second.address).to.not.equal(first.address);
      const foreign = await sign({ ...second, address: first.address }, orderOf(second));
      const args = [second.maker.account, second.maker.address];
      await refused(second, { signature: foreign }, "BadSignature", args);
    });

    it("refuses an order of another account of the same owner", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const { ledger, maker, quoteAddress } = world;
      const account = accountOf(maker.address, 1n);
      await ledger.connect(maker.signer).deposit(account, quoteAddress, usdc(1_000));
      const signature = await sign(world, orderOf(world));
      const args = [account, maker.address];
      await refused(world, { order: { account }, signature }, "BadSignature", args);
    });

    it("refuses the same order again, whole or in pieces, by anyone", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const { maker, stranger, ledger, quoteAddress } = world;
      const args = [maker.account, 1n];
      const account = accountOf(stranger.address);
      await ledger.connect(stranger).deposit(account, quoteAddress, usdc(100));
      await fill(world, { units: 4n });
      await fill(world, { units: 6n });
      await refused(world, {}, "OrderFilledUp", args);
      await refused(world, { units: 1n, from: stranger, account }, "OrderFilledUp", args);
    });

    it("refuses an order under another nonce than the one signed", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const signature = await sign(world, orderOf(world));
      await fill(world, { signature });
      const args = [world.maker.account, world.maker.address];
      await refused(world, { order: { nonce: 2n }, signature }, "BadSignature", args);
    });

    it("fills no more than the order's units over any interleaving of takers", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const { maker, ledger } = world;
      let filled = 0n;
      for (const units of [3n, 5n, 3n, 1n, 2n, 1n, 1n]) {
        const request = await fillCall(world, { units });
        const own = ledger.connect(request.from);
        const possible = await own.fill
          .staticCall(...fillArgs(request))
          .then(() => true)
          .catch(() => false);
        if (!possible) continue;
        await own.fill(...fillArgs(request));
        filled += units;
      }
      expect(filled).to.equal(10n);
      const { legs } = await ledger.positionOf(maker.account, world.linearBook);
      expect(BigInt.asIntN(64, legs[0] ?? 0n)).to.equal(-10n);
    });
  });
});
