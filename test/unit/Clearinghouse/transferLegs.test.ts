import { expect } from "chai";

import { connect } from "../../fixtures/connection.ts";
import { openEndless } from "../../fixtures/endless.ts";
import { fill, inversePart } from "../../fixtures/fills.ts";
import { accountOf, bookOf, call, callSeries, put, putSeries } from "../../fixtures/ids.ts";
import { bookView, cashOf, positionOf } from "../../fixtures/state.ts";
import { positionWords } from "../../fixtures/storage.ts";
import { ledgerState } from "../../fixtures/takes.ts";
import {
  DAY,
  HOUR,
  Level,
  MAX_112,
  MAX_256,
  MAX_63,
  Scope,
  WEEK,
  ether,
  usd,
  usdc,
} from "../../fixtures/units.ts";
import { FEE, PURSE, at, deployOpen, now, passTo } from "../../fixtures/world.ts";
import type { Signer, World } from "../../fixtures/world.ts";

const connection = await connect();
const { ethers, networkHelpers } = connection;

/** Ten puts at 2,000, sold by the maker to the taker, with 200 behind them; a second account of each, empty. */
interface Traded extends World {
  readonly makerTwo: bigint;
  readonly takerTwo: bigint;
}

async function traded(): Promise<Traded> {
  const world = await deployOpen(connection);
  await fill(world);
  const { maker, taker } = world;
  return {
    ...world,
    makerTwo: accountOf(maker.address, 2n),
    takerTwo: accountOf(taker.address, 2n),
  };
}

/** A call of `transferLegs`. */
interface Transfer {
  readonly signer: Signer;
  readonly from: bigint;
  readonly to: bigint;
  readonly book: bigint;
  readonly legs: bigint[];
  readonly collateral: bigint;
}

/** The maker moves four of its short puts and the 80 they need to its second account. */
function usual(world: Traded, patch: Partial<Transfer> = {}): Transfer {
  return {
    signer: world.maker.signer,
    from: world.maker.account,
    to: world.makerTwo,
    book: world.linearBook,
    legs: [put(usd(2_000), -4n)],
    collateral: usdc(80),
    ...patch,
  };
}

/** The taker moves three of its long puts. */
function long(world: Traded, patch: Partial<Transfer> = {}): Transfer {
  return usual(world, {
    signer: world.taker.signer,
    from: world.taker.account,
    to: world.takerTwo,
    legs: [put(usd(2_000), 3n)],
    collateral: 0n,
    ...patch,
  });
}

async function send({ ledger }: World, transfer: Transfer) {
  const { signer, from, to, book, legs, collateral } = transfer;
  return ledger.connect(signer).transferLegs(from, to, book, legs, collateral);
}

/** The call reverts with this error, all of its arguments named, and everything stays as it was. */
async function refused(
  world: World,
  transfer: Transfer,
  error: string,
  args: readonly unknown[],
): Promise<void> {
  const accounts = [transfer.from, transfer.to];
  const extent = { books: [world.linearBook, world.inverseBook, transfer.book] };
  const before = await ledgerState(world, accounts, extent);
  await expect(send(world, transfer))
    .to.be.revertedWithCustomError(world.ledger, error)
    .withArgs(...args);
  expect(await ledgerState(world, accounts, extent), "state").to.deep.equal(before);
}

async function grant(world: World, account: bigint, scopes: bigint): Promise<void> {
  const { ledger, maker, taker, stranger } = world;
  const owner = account >> 96n === BigInt(maker.address) ? maker.signer : taker.signer;
  const until = (await now(world)) + DAY;
  await ledger.connect(owner).setAccountOperator(account, stranger.address, scopes, until);
}

const P2000 = { strike: usd(2_000), right: "put" };

describe("Clearinghouse", () => {
  describe("transferLegs", () => {
    describe("when a part of the legs moves", () => {
      it("moves short legs and collateral along, to the last base unit that either needs", async () => {
        const world = await networkHelpers.loadFixture(traded);
        const { maker, makerTwo, linearBook } = world;
        await send(world, usual(world));
        expect(await positionOf(world, maker.account, linearBook)).to.deep.equal({
          collateral: usdc(120),
          settled: false,
          legs: [{ ...P2000, quantity: -6n }],
        });
        expect(await positionOf(world, makerTwo, linearBook)).to.deep.equal({
          collateral: usdc(80),
          settled: false,
          legs: [{ ...P2000, quantity: -4n }],
        });
      });

      it("emits LegsMoved and nothing else", async () => {
        const world = await networkHelpers.loadFixture(traded);
        const { ledger, maker, makerTwo, linearBook } = world;
        const sent = send(world, usual(world));
        await expect(sent)
          .to.emit(ledger, "LegsMoved")
          .withArgs(maker.account, makerTwo, linearBook, [put(usd(2_000), -4n)], usdc(80));
        expect((await (await sent).wait())?.logs).to.have.length(1);
      });

      it("leaves pool, fees, free cash and tokens as they are", async () => {
        const world = await networkHelpers.loadFixture(traded);
        const { address, quote, maker, makerTwo, linearBook } = world;
        const book = await bookView(world, linearBook);
        const cash = await cashOf(world, maker.account);
        await expect(send(world, usual(world))).to.changeTokenBalances(
          ethers,
          quote,
          [address, maker.address],
          [0n, 0n],
        );
        expect(await bookView(world, linearBook)).to.deep.equal(book);
        expect(await cashOf(world, maker.account)).to.deep.equal(cash);
        expect(await cashOf(world, makerTwo)).to.deep.equal({ quote: 0n, base: 0n });
      });

      it("moves long legs without collateral", async () => {
        const world = await networkHelpers.loadFixture(traded);
        const { taker, takerTwo, linearBook } = world;
        await send(world, long(world));
        const [kept] = (await positionOf(world, taker.account, linearBook)).legs;
        expect(kept).to.deep.equal({ ...P2000, quantity: 7n });
        expect(await positionOf(world, takerTwo, linearBook)).to.deep.equal({
          collateral: 0n,
          settled: false,
          legs: [{ ...P2000, quantity: 3n }],
        });
      });

      it("moves several legs, each with its own sign", async () => {
        const world = await networkHelpers.loadFixture(traded);
        const { maker, makerTwo, linearBook } = world;
        const legs = [call(usd(2_000), 1n), put(usd(2_100), -1n), call(usd(2_100), -1n)];
        await fill(world, { order: { nonce: 2n, units: 5n }, part: { legs, premium: 0n } });
        const moved = [call(usd(2_000), 2n), put(usd(2_100), -1n), call(usd(2_100), -2n)];
        await send(world, usual(world, { legs: moved, collateral: usdc(21) }));
        expect((await positionOf(world, makerTwo, linearBook)).legs).to.deep.equal([
          { strike: usd(2_000), right: "call", quantity: 2n },
          { strike: usd(2_100), right: "put", quantity: -1n },
          { strike: usd(2_100), right: "call", quantity: -2n },
        ]);
        expect((await positionOf(world, maker.account, linearBook)).legs).to.deep.equal([
          { ...P2000, quantity: -10n },
          { strike: usd(2_000), right: "call", quantity: 3n },
          { strike: usd(2_100), right: "put", quantity: -4n },
          { strike: usd(2_100), right: "call", quantity: -3n },
        ]);
      });

      it("moves covered calls of an inverse book", async () => {
        const world = await networkHelpers.loadFixture(traded);
        const { maker, makerTwo, inverseBook } = world;
        await fill(world, { order: { nonce: 2n, parts: [inversePart(world)] } });
        const legs = [call(usd(2_500), -3n)];
        await send(world, usual(world, { book: inverseBook, legs, collateral: ether(0.03) }));
        const left = await positionOf(world, maker.account, inverseBook);
        expect(left.collateral).to.equal(ether(0.07));
        expect((await positionOf(world, makerTwo, inverseBook)).collateral).to.equal(ether(0.03));
      });
    });

    describe("when everything moves", () => {
      it("leaves an empty position, every word of it cleared", async () => {
        const world = await networkHelpers.loadFixture(traded);
        const { maker, makerTwo, linearBook } = world;
        const strikes = Array.from({ length: 31 }, (_, i) => usd(100 + 10 * i));
        const more = strikes.map((strike) => put(strike, -1n));
        await fill(world, { order: { nonce: 2n, units: 1n }, part: { legs: more, premium: 0n } });
        const words = await positionWords(world, maker.account, linearBook);
        const { collateral } = await positionOf(world, maker.account, linearBook);
        const legs = [...more, put(usd(2_000), -10n)];
        await send(world, usual(world, { legs, collateral }));
        expect(await positionWords(world, makerTwo, linearBook)).to.deep.equal(words);
        const none = await positionWords(world, maker.account, linearBook);
        expect(none).to.deep.equal(Array(17).fill(0n));
      });

      it("moves collateral alone, down to what the legs need", async () => {
        const world = await networkHelpers.loadFixture(traded);
        const { ledger, maker, makerTwo, linearBook } = world;
        await ledger.connect(maker.signer).allocate(maker.account, linearBook, usdc(7));
        const transfer = usual(world, { legs: [], collateral: usdc(7) });
        await expect(send(world, transfer))
          .to.emit(ledger, "LegsMoved")
          .withArgs(maker.account, makerTwo, linearBook, [], usdc(7));
        expect((await positionOf(world, maker.account, linearBook)).collateral).to.equal(usdc(200));
        expect(await positionOf(world, makerTwo, linearBook)).to.deep.equal({
          collateral: usdc(7),
          settled: false,
          legs: [],
        });
      });

      it("nets what it brings with what the receiver has: a long and a short of one owner vanish", async () => {
        const world = await networkHelpers.loadFixture(traded);
        const { ledger, maker, makerTwo, linearBook, quoteAddress } = world;
        await ledger.connect(maker.signer).deposit(makerTwo, quoteAddress, usdc(10));
        const order = { account: makerTwo, nonce: 2n };
        const bid = { legs: [put(usd(2_000), 1n)], premium: 0n };
        await fill(world, { order, part: bid });
        await send(world, usual(world, { legs: [put(usd(2_000), -10n)], collateral: 0n }));
        for (const account of [maker.account, makerTwo]) {
          expect((await positionOf(world, account, linearBook)).legs).to.deep.equal([]);
        }
        const own = ledger.connect(maker.signer);
        await own.free(maker.account, linearBook, usdc(200));
      });

      it("turns the receiver's sign where it brings more than is there", async () => {
        const world = await networkHelpers.loadFixture(traded);
        const { ledger, maker, makerTwo, linearBook, quoteAddress } = world;
        await ledger.connect(maker.signer).deposit(makerTwo, quoteAddress, usdc(10));
        const order = { account: makerTwo, nonce: 2n, units: 6n };
        await fill(world, { order, part: { legs: [put(usd(2_000), 1n)], premium: 0n } });
        await send(world, usual(world, { legs: [put(usd(2_000), -10n)] }));
        expect(await positionOf(world, makerTwo, linearBook)).to.deep.equal({
          collateral: usdc(80),
          settled: false,
          legs: [{ ...P2000, quantity: -4n }],
        });
      });

      it("takes no fee", async () => {
        const world = await networkHelpers.loadFixture(traded);
        await send(world, usual(world));
        await send(world, long(world));
        expect((await bookView(world, world.linearBook)).fees).to.equal(10n * FEE.linear);
      });
    });

    describe("when an operator moves them", () => {
      it("takes a manage operator of both accounts", async () => {
        const world = await networkHelpers.loadFixture(traded);
        await grant(world, world.maker.account, Scope.Manage);
        await grant(world, world.makerTwo, Scope.Both);
        await expect(send(world, usual(world, { signer: world.stranger }))).to.emit(
          world.ledger,
          "LegsMoved",
        );
      });
    });

    describe("when the market is gated", () => {
      const gates: readonly [name: string, shut: (world: World) => Promise<unknown>][] = [
        [
          "Restricted",
          async (world) => {
            const { ledger, guard, linear } = world;
            const until = (await now(world)) + HOUR;
            return ledger.connect(guard).setGuard(linear, Level.Restricted, until, 0n);
          },
        ],
        [
          "Halted",
          async (world) => {
            const { ledger, guard, linear } = world;
            const until = (await now(world)) + HOUR;
            return ledger.connect(guard).setGuard(linear, Level.Halted, until, 0n);
          },
        ],
        ["retired", async ({ ledger, admin, linear }) => ledger.connect(admin).retire(linear)],
        ["past its last trade", async (world) => passTo(world, world.expiry - 1_800n)],
      ];
      for (const [name, shut] of gates) {
        it(`moves legs of a market that is ${name}`, async () => {
          const world = await networkHelpers.loadFixture(traded);
          await shut(world);
          await expect(send(world, usual(world))).to.emit(world.ledger, "LegsMoved");
        });
      }

      it("moves them in the last second of the book, and reverts with BookExpired at expiry", async () => {
        const world = await networkHelpers.loadFixture(traded);
        const { linearBook, expiry } = world;
        const last = expiry - 1n;
        await passTo(world, last);
        await at(world, last);
        await send(world, usual(world));
        await at(world, expiry);
        await refused(world, long(world), "BookExpired", [linearBook, expiry, expiry]);
      });
    });

    describe("when the call does not hold", () => {
      it("reverts with NotPermitted for a caller without manage, from first, before anything else", async () => {
        const world = await networkHelpers.loadFixture(traded);
        const { maker, taker, makerTwo, stranger } = world;
        const other = { signer: stranger, to: maker.account, book: 7n, legs: [], collateral: 0n };
        const args = [maker.account, stranger.address, Scope.Manage];
        await refused(world, usual(world, other), "NotPermitted", args);
        await grant(world, maker.account, Scope.Trade);
        await refused(world, usual(world, other), "NotPermitted", args);
        await grant(world, maker.account, Scope.Manage);
        const second = { ...other, to: makerTwo };
        const onTo = [makerTwo, stranger.address, Scope.Manage];
        await refused(world, usual(world, second), "NotPermitted", onTo);
        await grant(world, makerTwo, Scope.Trade);
        await refused(world, usual(world, second), "NotPermitted", onTo);
        // Nobody pushes legs upon somebody else.
        const upon = [taker.account, maker.address, Scope.Manage];
        await refused(world, usual(world, { to: taker.account }), "NotPermitted", upon);
        const at0 = [0n, maker.address, Scope.Manage];
        await refused(world, usual(world, { to: 0n }), "NotPermitted", at0);
      });

      it("reverts with OwnersDiffer even for a manage operator of both, before it looks at the book", async () => {
        const world = await networkHelpers.loadFixture(traded);
        const { maker, taker, stranger } = world;
        await grant(world, maker.account, Scope.Both);
        await grant(world, taker.account, Scope.Both);
        const transfer = usual(world, { signer: stranger, to: taker.account, book: 7n });
        await refused(world, transfer, "OwnersDiffer", [maker.account, taker.account]);
      });

      it("reverts with SameAccount for one account, before it looks at the book", async () => {
        const world = await networkHelpers.loadFixture(traded);
        const { account } = world.maker;
        await refused(world, usual(world, { to: account, book: 7n }), "SameAccount", [account]);
        await refused(world, usual(world, { to: account }), "SameAccount", [account]);
      });

      it("reverts with BookNotOpen before it looks at the amounts", async () => {
        const world = await networkHelpers.loadFixture(traded);
        for (const book of [0n, world.linear, bookOf(world.linear, world.expiry + WEEK)]) {
          const transfer = usual(world, { book, legs: [], collateral: 0n });
          await refused(world, transfer, "BookNotOpen", [book]);
        }
      });

      it("reverts with BookExpired before it looks at the amounts", async () => {
        const world = await networkHelpers.loadFixture(traded);
        const { linearBook, expiry } = world;
        await at(world, expiry + 5n);
        const transfer = usual(world, { legs: [], collateral: 0n });
        await refused(world, transfer, "BookExpired", [linearBook, expiry, expiry + 5n]);
      });

      it("reverts with ZeroAmount for neither legs nor collateral", async () => {
        const world = await networkHelpers.loadFixture(traded);
        await refused(world, usual(world, { legs: [], collateral: 0n }), "ZeroAmount", []);
      });
    });

    describe("when the legs do not hold", () => {
      /** In the order in which the ledger looks at them; each list has the next fault too, where both fit. */
      const faults: readonly {
        readonly what: string;
        readonly error: string;
        readonly legs: bigint[];
        readonly args: (world: World) => readonly unknown[];
        readonly inverse?: boolean;
      }[] = [
        {
          what: "33 legs",
          error: "LegsBound",
          legs: Array.from({ length: 33 }, () => put(0n, 0n)),
          args: () => [0n, 33n, 32n],
        },
        {
          what: "a key that stands twice, before its quantity",
          error: "LegsUnsorted",
          legs: [put(usd(2_000), -1n), put(usd(2_000), 0n)],
          args: () => [0n, 1n],
        },
        {
          what: "a call before the put of its strike",
          error: "LegsUnsorted",
          legs: [call(usd(2_000), -1n), put(usd(2_000), -1n)],
          args: () => [0n, 1n],
        },
        {
          what: "a quantity of 0, before the strike",
          error: "LegQuantity",
          legs: [put(usd(2_000) + 1n, 0n)],
          args: () => [0n, 0n, 0n],
        },
        {
          what: "a quantity of −2^63",
          error: "LegQuantity",
          legs: [put(usd(1_990), -1n), put(usd(2_000) + 1n, -(1n << 63n))],
          args: () => [0n, 1n, -(1n << 63n)],
        },
        {
          what: "a strike beside the tick",
          error: "StrikeOffTick",
          legs: [call(usd(2_000) + 1n, -1n)],
          args: () => [usd(2_000) + 1n, usd(10)],
        },
        {
          what: "a strike of 0",
          error: "StrikeOffTick",
          legs: [put(0n, -1n)],
          args: () => [0n, usd(10)],
        },
        {
          what: "a put in an inverse book",
          error: "PutsNotListed",
          legs: [put(usd(2_000), -1n)],
          args: ({ inverseBook }) => [inverseBook],
          inverse: true,
        },
        {
          what: "calls that do not net in a linear book",
          error: "CallsMustNet",
          legs: [call(usd(2_000), -3n), call(usd(2_100), 1n)],
          args: ({ linearBook }) => [linearBook, -2n],
        },
      ];
      for (const { what, error, legs, args, inverse } of faults) {
        it(`reverts with ${error} for ${what}, before it looks at what is held`, async () => {
          const world = await networkHelpers.loadFixture(traded);
          const book = inverse === true ? world.inverseBook : world.linearBook;
          const transfer = usual(world, { book, legs, collateral: MAX_256 });
          await refused(world, transfer, error, args(world));
        });
      }

      it("reverts with CallsMustNet though the account holds these calls", async () => {
        const world = await networkHelpers.loadFixture(traded);
        const legs = [call(usd(2_000), 1n), call(usd(2_100), -1n)];
        await fill(world, { order: { nonce: 2n, units: 5n }, part: { legs, premium: 0n } });
        const { linearBook } = world;
        const transfer = usual(world, { legs: [call(usd(2_000), 1n)], collateral: 0n });
        await refused(world, transfer, "CallsMustNet", [linearBook, 1n]);
      });
    });

    describe("when the giver has not got it", () => {
      it("gives the last lot, and reverts with NotHeld for one more, before the collateral", async () => {
        const world = await networkHelpers.loadFixture(traded);
        const { linearBook } = world;
        const series = putSeries(linearBook, usd(2_000));
        const short = { legs: [put(usd(2_000), -11n)], collateral: MAX_256 };
        await refused(world, usual(world, short), "NotHeld", [series, -10n, -11n]);
        const more = { legs: [put(usd(2_000), 11n)], collateral: MAX_256 };
        await refused(world, long(world, more), "NotHeld", [series, 10n, 11n]);
        await send(world, usual(world, { legs: [put(usd(2_000), -10n)], collateral: usdc(200) }));
        await send(world, long(world, { legs: [put(usd(2_000), 10n)] }));
      });

      it("reverts with NotHeld for the opposite sign: a transfer opens nothing", async () => {
        const world = await networkHelpers.loadFixture(traded);
        const series = putSeries(world.linearBook, usd(2_000));
        const legs = [put(usd(2_000), 1n)];
        await refused(world, usual(world, { legs }), "NotHeld", [series, -10n, 1n]);
        const short = [put(usd(2_000), -1n)];
        await refused(world, long(world, { legs: short }), "NotHeld", [series, 10n, -1n]);
      });

      it("reverts with NotHeld for a series it has not got, of either sign", async () => {
        const world = await networkHelpers.loadFixture(traded);
        const series = putSeries(world.linearBook, usd(1_990));
        for (const quantity of [1n, -1n, MAX_63]) {
          const legs = [put(usd(1_990), quantity)];
          await refused(world, usual(world, { legs }), "NotHeld", [series, 0n, quantity]);
        }
      });

      it("names the first such leg, a call by its own series", async () => {
        const world = await networkHelpers.loadFixture(traded);
        const series = callSeries(world.linearBook, usd(2_000));
        const legs = [put(usd(2_000), -10n), call(usd(2_000), 1n), call(usd(2_100), -1n)];
        await refused(world, usual(world, { legs }), "NotHeld", [series, 0n, 1n]);
      });

      it("does not count legs of the receiver, or of another book", async () => {
        const world = await networkHelpers.loadFixture(traded);
        const { maker, makerTwo } = world;
        const series = putSeries(world.linearBook, usd(2_000));
        const back = { from: makerTwo, to: maker.account, collateral: 0n };
        await refused(world, usual(world, back), "NotHeld", [series, 0n, -4n]);
      });

      it("reverts with CollateralShort one base unit above, before the receiver's room", async () => {
        const world = await networkHelpers.loadFixture(traded);
        const { maker, linearBook } = world;
        for (const collateral of [usdc(200) + 1n, MAX_112 + 1n, MAX_256]) {
          const args = [maker.account, linearBook, collateral, usdc(200)];
          await refused(world, usual(world, { collateral }), "CollateralShort", args);
          await refused(world, usual(world, { collateral, legs: [] }), "CollateralShort", args);
        }
      });

      it("does not reach for the giver's free cash", async () => {
        const world = await networkHelpers.loadFixture(traded);
        const { taker, linearBook } = world;
        expect((await cashOf(world, taker.account)).quote).to.be.greaterThan(usdc(1));
        const args = [taker.account, linearBook, 1n, 0n];
        await refused(world, long(world, { collateral: 1n }), "CollateralShort", args);
      });
    });

    describe("when the receiver has no room", () => {
      it("holds 2^63 − 1 lots and reverts with QuantityBound one above, before coverage", async () => {
        const world = await networkHelpers.loadFixture(traded);
        const endless = await openEndless(world);
        const { maker, makerTwo, book, ledger, tokenAddress } = { ...world, ...endless };
        const own = ledger.connect(maker.signer);
        const sell = (quantity: bigint) => ({ book, premium: 0n, legs: [put(1n, quantity)] });
        await fill(endless, { order: { nonce: 2n, units: 1n }, part: sell(-(MAX_63 - 1n)) });
        await own.withdraw(maker.account, tokenAddress, 2n, maker.address);
        await own.deposit(makerTwo, tokenAddress, 2n);
        const order = { account: makerTwo, nonce: 1n, units: 1n };
        const other = { account: world.takerTwo };
        await fill(endless, { ...other, order, part: sell(-2n) });
        const series = putSeries(book, 1n);
        const both = usual(world, { from: makerTwo, to: maker.account, book, collateral: 2n });
        const transfer = { ...both, legs: [put(1n, -2n)] };
        const args = [maker.account, series, -(1n << 63n)];
        await refused(world, transfer, "QuantityBound", args);
        await refused(world, { ...transfer, collateral: 0n }, "QuantityBound", args);
        await send(world, { ...both, legs: [put(1n, -1n)], collateral: 1n });
        const [leg] = (await positionOf(world, maker.account, book)).legs;
        expect(leg?.quantity).to.equal(-MAX_63);
      });

      it("reverts with TooManyLegs for the 33rd, before coverage of either", async () => {
        const world = await networkHelpers.loadFixture(traded);
        const { ledger, maker, makerTwo, takerTwo, linearBook, quoteAddress } = world;
        await ledger.connect(maker.signer).deposit(makerTwo, quoteAddress, usdc(100));
        await ledger.connect(maker.signer).deposit(takerTwo, quoteAddress, usdc(1));
        const strikes = Array.from({ length: 32 }, (_, i) => usd(10 * (i + 1)));
        const order = { account: makerTwo, nonce: 1n, units: 1n };
        const legs = strikes.map((strike) => put(strike, -1n));
        await fill(world, { account: takerTwo, order, part: { legs, premium: 0n } });
        for (const collateral of [usdc(80), usdc(150), 0n]) {
          const args = [makerTwo, linearBook, 33n, 32n];
          await refused(world, usual(world, { collateral }), "TooManyLegs", args);
        }
        // Collateral alone takes no room.
        await ledger.connect(maker.signer).allocate(maker.account, linearBook, 1n);
        await send(world, usual(world, { legs: [], collateral: 1n }));
      });

      it("holds 32 legs", async () => {
        const world = await networkHelpers.loadFixture(traded);
        const { ledger, maker, makerTwo, linearBook, quoteAddress } = world;
        await ledger.connect(maker.signer).deposit(makerTwo, quoteAddress, usdc(100));
        const strikes = Array.from({ length: 31 }, (_, i) => usd(10 * (i + 1)));
        const order = { account: makerTwo, nonce: 1n, units: 1n };
        const legs = strikes.map((strike) => put(strike, -1n));
        await fill(world, { order, part: { legs, premium: 0n } });
        await send(world, usual(world));
        expect((await positionOf(world, makerTwo, linearBook)).legs).to.have.length(32);
      });
    });

    describe("when somebody would be left uncovered", () => {
      it("reverts with Undercovered for the giver, one base unit short", async () => {
        const world = await networkHelpers.loadFixture(traded);
        const { maker, linearBook } = world;
        const args = [maker.account, linearBook, usdc(120) - 1n, usdc(120)];
        await refused(world, usual(world, { collateral: usdc(80) + 1n }), "Undercovered", args);
        const alone = usual(world, { legs: [], collateral: 1n });
        const all = [maker.account, linearBook, usdc(200) - 1n, usdc(200)];
        await refused(world, alone, "Undercovered", all);
      });

      it("reverts with Undercovered for the receiver, one base unit short", async () => {
        const world = await networkHelpers.loadFixture(traded);
        const args = [world.makerTwo, world.linearBook, usdc(80) - 1n, usdc(80)];
        await refused(world, usual(world, { collateral: usdc(80) - 1n }), "Undercovered", args);
      });

      it("reverts with Undercovered for long legs that cover short ones of the giver", async () => {
        const world = await networkHelpers.loadFixture(traded);
        const { maker, linearBook } = world;
        const hedge = { legs: [put(usd(1_900), 1n)], premium: 0n };
        await fill(world, { order: { nonce: 2n }, part: hedge });
        const own = world.ledger.connect(maker.signer);
        await own.free(maker.account, linearBook, usdc(190));
        const transfer = usual(world, { legs: [put(usd(1_900), 1n)], collateral: 0n });
        const args = [maker.account, linearBook, usdc(10), usdc(29)];
        await refused(world, transfer, "Undercovered", args);
      });

      it("names the giver where neither is covered, then the receiver", async () => {
        const world = await networkHelpers.loadFixture(traded);
        const { ledger, maker, makerTwo, linearBook } = world;
        // An iron condor needs 10, for one side or the other; apart, each side needs them.
        const wings = [put(usd(1_900), 1n), call(usd(2_500), -1n), call(usd(2_600), 1n)];
        await fill(world, { order: { nonce: 2n }, part: { legs: wings, premium: 0n } });
        const own = ledger.connect(maker.signer);
        await own.free(maker.account, linearBook, usdc(190));
        const legs = [call(usd(2_500), -10n), call(usd(2_600), 10n)];
        const transfer = usual(world, { legs, collateral: usdc(5) });
        const giver = [maker.account, linearBook, usdc(5), usdc(10)];
        await refused(world, transfer, "Undercovered", giver);
        await own.depositToBook(maker.account, linearBook, usdc(5));
        const receiver = [makerTwo, linearBook, usdc(5), usdc(10)];
        await refused(world, transfer, "Undercovered", receiver);
        await own.depositToBook(makerTwo, linearBook, usdc(5));
        await send(world, transfer);
      });

      it("takes no free cash of the receiver", async () => {
        const world = await networkHelpers.loadFixture(traded);
        const { ledger, maker, makerTwo, linearBook, quoteAddress } = world;
        await ledger.connect(maker.signer).deposit(makerTwo, quoteAddress, PURSE.quote);
        const args = [makerTwo, linearBook, 0n, usdc(80)];
        await refused(world, usual(world, { collateral: 0n }), "Undercovered", args);
      });
    });
  });
});
