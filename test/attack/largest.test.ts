import { expect } from "chai";

import type { PartInput } from "../../scripts/lib/orders.ts";
import { connect } from "../fixtures/connection.ts";
import { fill, inversePart, linearPart, sorted } from "../fixtures/fills.ts";
import { bookOf, call, put } from "../fixtures/ids.ts";
import { positionOf } from "../fixtures/state.ts";
import { fillMany, offer } from "../fixtures/takes.ts";
import { WEEK, usd, usdc } from "../fixtures/units.ts";
import { deployOpen, fix, passTo } from "../fixtures/world.ts";
import type { World } from "../fixtures/world.ts";
import { redeem, sell, unwrap, wrap } from "../fixtures/wraps.ts";

const connection = await connect();
const { networkHelpers } = connection;

/** What one transaction may use, by EIP-7825. */
const TX_GAS_CAP = 16_777_216n;

/** A second expiry of both markets. */
async function opened() {
  const world = await deployOpen(connection);
  await world.ledger.openBook(world.linear, world.expiry + WEEK);
  await world.ledger.openBook(world.inverse, world.expiry + WEEK);
  return world;
}

/** Four parts of 32 legs each; the maker sells everything. */
function largest(world: World, sign: bigint): PartInput[] {
  const strikes = Array.from({ length: 32 }, (_, i) => usd(10 * (i + 1)));
  const puts = strikes.map((strike) => put(strike, -sign));
  const calls = strikes.map((strike) => call(strike, -sign));
  const later = world.expiry + WEEK;
  return sorted(
    linearPart(world, { legs: puts, premium: 1n }),
    linearPart(world, { legs: puts, premium: 1n, book: bookOf(world.linear, later) }),
    inversePart(world, { legs: calls, premium: 1n }),
    inversePart(world, { legs: calls, premium: 1n, book: bookOf(world.inverse, later) }),
  );
}

async function gasOf(sent: Promise<{ wait(): Promise<{ gasUsed: bigint } | null> }>) {
  return (await (await sent).wait())?.gasUsed ?? TX_GAS_CAP;
}

describe("Attack", () => {
  describe("the largest calls", () => {
    it("open, change and close 4 × 32 legs on both sides within one transaction each", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const orders = [
        { nonce: 1n, units: 2n, parts: largest(world, 1n) },
        { nonce: 2n, units: 1n, parts: largest(world, 1n) },
        { nonce: 3n, units: 3n, parts: largest(world, -1n) },
      ];
      for (const order of orders) {
        const gas = await gasOf(fill(world, { order }));
        expect(gas < TX_GAS_CAP, `order ${order.nonce}: ${gas}`).to.equal(true);
      }
      for (const { book } of largest(world, 1n)) {
        expect((await positionOf(world, world.maker.account, book)).legs).to.deep.equal([]);
      }
    });

    it("settle and claim 32 legs in every book, however full", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const { ledger, oracle, maker, taker } = world;
      const parts = largest(world, 1n);
      const books = parts.map(({ book }) => book);
      await fill(world, { order: { units: 1n, parts } });
      await passTo(world, world.expiry + WEEK);
      await oracle.setPrice(usd(150) + 1n);
      await fix(world, usd(150) + 1n, ...books);
      for (const book of books) {
        const gas = await gasOf(ledger.settle(book, [maker.account, taker.account]));
        expect(gas < 1_000_000n, `settle: ${gas}`).to.equal(true);
      }
      for (const { signer, account } of [maker, taker]) {
        const gas = await gasOf(ledger.connect(signer).claim(account, books, true));
        expect(gas < 1_000_000n, `claim: ${gas}`).to.equal(true);
      }
    });

    it("wrap, move, unwrap and redeem 32 legs within a million gas each", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const { ledger, taker, linearBook } = world;
      const legs = Array.from({ length: 32 }, (_, i) => put(usd(10 * (i + 1)), 1n));
      await sell(world, legs);
      const own = ledger.connect(taker.signer);
      const calls: readonly (readonly [name: string, act: () => ReturnType<typeof wrap>])[] = [
        ["wrap", async () => wrap(world, { legs })],
        ["unwrap", async () => unwrap(world, { legs, amount: 1n })],
        [
          "transferLegs",
          async () => own.transferLegs(taker.account, taker.account + 1n, linearBook, legs, 0n),
        ],
      ];
      const limit = (name: string, gas: bigint) =>
        expect(gas < 1_000_000n, `${name}: ${gas}`).to.equal(true);
      for (const [name, act] of calls) limit(name, await gasOf(act()));
      await fix(world, usd(150) + 1n, linearBook);
      limit("redeem", await gasOf(redeem(world, { legs, amount: 3n })));
    });

    it("take sixteen makers with 32 legs each within one transaction", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const { ledger, maker, quoteAddress } = world;
      const legs = Array.from({ length: 32 }, (_, i) => put(usd(10 * (i + 1)), -1n));
      const offers = [];
      for (let sub = 0n; sub < 16n; sub++) {
        const account = maker.account + sub;
        await ledger.connect(maker.signer).deposit(account, quoteAddress, usdc(1_000));
        const order = { account, units: 1n };
        offers.push(await offer(world, { order, part: { legs, premium: 1n } }));
      }
      const gas = await gasOf(fillMany(world, { offers, minUnits: 16n }));
      expect(gas < TX_GAS_CAP, `${gas}`).to.equal(true);
    });
  });
});
