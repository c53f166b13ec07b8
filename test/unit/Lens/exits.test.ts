import { expect } from "chai";

import { connect } from "../../fixtures/connection.ts";
import { fill, inversePart } from "../../fixtures/fills.ts";
import { accountOf, bookOf, call } from "../../fixtures/ids.ts";
import { Step, plainly, withLens } from "../../fixtures/lens.ts";
import type { LensWorld } from "../../fixtures/lens.ts";
import { positionOf } from "../../fixtures/state.ts";
import { WEEK, ether, usd, usdc } from "../../fixtures/units.ts";
import { deployOpen, fix, passTo } from "../../fixtures/world.ts";
import type { Party } from "../../fixtures/world.ts";

const connection = await connect();
const { networkHelpers } = connection;

/** The maker is short ten puts and ten inverse call spreads, with spare collateral; another account has no legs. */
async function opened() {
  const world = await withLens(await deployOpen(connection));
  const { ledger, maker, linearBook, inverseBook } = world;
  const own = ledger.connect(maker.signer);
  await fill(world);
  const legs = [call(usd(2_000), -1n), call(usd(3_000), 1n)];
  const parts = [inversePart(world, { legs })];
  await fill(world, { order: { nonce: 2n, parts } });
  await own.allocate(maker.account, linearBook, usdc(100));
  await own.allocate(maker.account, inverseBook, 12_345n);
  const idle = accountOf(maker.address, 1n);
  await own.depositToBook(idle, linearBook, usdc(3));
  return { ...world, own, idle };
}

type Scene = Awaited<ReturnType<typeof opened>>;

/** `free` takes exactly this, and not one base unit more. */
async function expectFree(world: LensWorld, party: Party, account: bigint, book: bigint) {
  const { lens, ledger } = world;
  const own = ledger.connect(party.signer);
  const most = await lens.maxWithdraw(account, book);
  if (most !== 0n) await own.free.staticCall(account, book, most);
  const refused = await own.free.staticCall(account, book, most + 1n).then(
    () => false,
    () => true,
  );
  expect(refused, `free ${most + 1n}`).to.equal(true);
  const { positions } = await lens.accountOf(account, [], [book]);
  expect(positions[0]?.withdrawable, "accountOf").to.equal(most);
  return most;
}

/** The same for every account in both books. */
async function expectAllFree(world: Scene): Promise<bigint[]> {
  const { maker, taker, idle, linearBook, inverseBook } = world;
  const found: bigint[] = [];
  for (const [party, account] of [
    [maker, maker.account],
    [maker, idle],
    [taker, taker.account],
  ] as const) {
    for (const book of [linearBook, inverseBook]) {
      found.push(await expectFree(world, party, account, book));
    }
  }
  return found;
}

async function claimOf({ lens }: LensWorld, account: bigint, book: bigint) {
  const [claim] = await lens.claimable(account, [book]);
  return [claim?.step, claim?.from, claim?.amount];
}

describe("Lens", () => {
  describe("maxWithdraw", () => {
    it("is what `free` takes while the book lives: all above the requirement", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const spare = [usdc(100), 12_345n, usdc(3), 0n, 0n, 0n];
      expect(await expectAllFree(world)).to.deep.equal(spare);
      await passTo(world, world.expiry - 1n);
      expect(await expectAllFree(world)).to.deep.equal(spare);
    });

    it("is nothing with legs from the expiry on, and everything without", async () => {
      const world = await networkHelpers.loadFixture(opened);
      await passTo(world, world.expiry);
      const left = [0n, 0n, usdc(3), 0n, 0n, 0n];
      expect(await expectAllFree(world)).to.deep.equal(left);
      await fix(world, usd(1_900), world.linearBook, world.inverseBook);
      expect(await expectAllFree(world)).to.deep.equal(left);
    });

    it("is nothing of a settled position: that is claimed", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const { ledger, linearBook, maker, taker, idle } = world;
      await fix(world, usd(1_900), linearBook);
      await ledger.settle(linearBook, [maker.account, taker.account, idle]);
      expect(await expectAllFree(world)).to.deep.equal([0n, 0n, 0n, 0n, 0n, 0n]);
    });

    it("leaves nothing to free once it is freed", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const { lens, own, maker, linearBook } = world;
      await own.free(maker.account, linearBook, await lens.maxWithdraw(maker.account, linearBook));
      expect(await expectFree(world, maker, maker.account, linearBook)).to.equal(0n);
    });

    it("reverts with BookNotOpen", async () => {
      const { lens, maker, linear, expiry } = await networkHelpers.loadFixture(opened);
      for (const book of [0n, linear, bookOf(linear, expiry + WEEK)]) {
        await expect(lens.maxWithdraw(maker.account, book))
          .to.be.revertedWithCustomError(lens, "BookNotOpen")
          .withArgs(book);
      }
    });
  });

  describe("claimable", () => {
    it("goes from step to step, and its amount is what the claim then pays", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const { ledger, own, maker, linearBook, expiry } = world;
      const at = () => claimOf(world, maker.account, linearBook);
      expect(await at()).to.deep.equal([Step.AwaitExpiry, expiry, usdc(100)]);
      await passTo(world, expiry - 1n);
      expect(await at()).to.deep.equal([Step.AwaitExpiry, expiry, usdc(100)]);
      await passTo(world, expiry);
      expect(await at()).to.deep.equal([Step.AwaitPrice, 0n, usdc(100)]);
      await fix(world, usd(1_900), linearBook);
      expect(await at()).to.deep.equal([Step.Settle, 0n, usdc(290)]);
      await ledger.settle(linearBook, [maker.account]);
      expect(await at()).to.deep.equal([Step.Claim, 0n, usdc(290)]);
      expect([...(await own.claim.staticCall(maker.account, [linearBook], true))]).to.deep.equal([
        usdc(290),
      ]);
      await own.claim(maker.account, [linearBook], true);
      expect(await at()).to.deep.equal([Step.Nothing, 0n, 0n]);
    });

    it("says nothing to an account that has nothing", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const account = accountOf(world.stranger.address);
      const nothing = [Step.Nothing, 0n, 0n];
      expect(await claimOf(world, account, world.linearBook)).to.deep.equal(nothing);
      await fix(world, usd(1_900), world.linearBook);
      expect(await claimOf(world, account, world.linearBook)).to.deep.equal(nothing);
    });

    it("tells books and tokens in the order asked, twice if asked twice", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const { lens, taker, linearBook, inverseBook, quoteAddress, baseAddress, expiry } = world;
      const view = (book: bigint, token: string) => ({
        book,
        token,
        step: Step.AwaitExpiry,
        from: expiry,
        amount: 0n,
      });
      const inverse = view(inverseBook, baseAddress);
      const books = [inverseBook, linearBook, inverseBook];
      const seen = plainly("claimable", await lens.claimable(taker.account, books));
      expect(seen).to.deep.equal([inverse, view(linearBook, quoteAddress), inverse]);
    });

    it("walks a worthless long and collateral without legs through the same steps", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const { ledger, taker, idle, linearBook } = world;
      await fix(world, usd(2_500), linearBook);
      expect(await claimOf(world, taker.account, linearBook)).to.deep.equal([Step.Settle, 0n, 0n]);
      expect(await claimOf(world, idle, linearBook)).to.deep.equal([Step.Settle, 0n, usdc(3)]);
      await ledger.settle(linearBook, [taker.account, idle]);
      expect(await claimOf(world, taker.account, linearBook)).to.deep.equal([Step.Claim, 0n, 0n]);
      expect(await claimOf(world, idle, linearBook)).to.deep.equal([Step.Claim, 0n, usdc(3)]);
      await ledger.connect(taker.signer).claim(taker.account, [linearBook], false);
      expect(await claimOf(world, taker.account, linearBook)).to.deep.equal([Step.Nothing, 0n, 0n]);
    });

    it("tells before the price at least, and after it exactly, what is paid, at any price", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const { lens, ledger, maker, taker, linearBook, inverseBook } = world;
      const books = [linearBook, inverseBook];
      const least = new Map<bigint, bigint[]>();
      for (const { account } of [maker, taker]) {
        const claims = await lens.claimable(account, books);
        least.set(
          account,
          claims.map(({ amount }) => amount),
        );
      }
      for (const price of [
        1n,
        usd(1_000),
        usd(2_000),
        usd(2_345.678_901),
        usd(3_000),
        usd(9_999),
      ]) {
        const snapshot = await networkHelpers.takeSnapshot();
        await fix(world, price, ...books);
        for (const { account, signer } of [maker, taker]) {
          const before = (await lens.claimable(account, books)).map(({ amount }) => amount);
          for (const book of books) await ledger.settle(book, [account]);
          const after = (await lens.claimable(account, books)).map(({ amount }) => amount);
          const own = ledger.connect(signer);
          const paid = [...(await own.claim.staticCall(account, books, false))];
          expect(before, "to settle").to.deep.equal(paid);
          expect(after, "to claim").to.deep.equal(paid);
          const short = paid.filter((amount, i) => amount < (least.get(account)?.[i] ?? 0n));
          expect(short, "below the least").to.deep.equal([]);
        }
        await snapshot.restore();
      }
    });

    it("reverts with BookNotOpen for one book that is not, whatever the others are", async () => {
      const { lens, maker, linear, linearBook, expiry } = await networkHelpers.loadFixture(opened);
      for (const book of [0n, linear, bookOf(linear, expiry + WEEK)]) {
        await expect(lens.claimable(maker.account, [linearBook, book]))
          .to.be.revertedWithCustomError(lens, "BookNotOpen")
          .withArgs(book);
      }
      expect(await lens.claimable(maker.account, [])).to.deep.equal([]);
    });

    it("counts what a long adds to the collateral", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const { taker, inverseBook } = world;
      const held = await positionOf(world, taker.account, inverseBook);
      expect(held.collateral).to.equal(0n);
      await fix(world, usd(4_000), inverseBook);
      // Ten lots of 0.01, a spread of 1,000 at 4,000: a quarter of a tenth.
      const claim = [Step.Settle, 0n, ether(0.025)];
      expect(await claimOf(world, taker.account, inverseBook)).to.deep.equal(claim);
    });
  });
});
