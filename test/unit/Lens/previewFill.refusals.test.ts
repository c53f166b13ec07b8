import { readFile } from "node:fs/promises";

import { expect } from "chai";

import { connect } from "../../fixtures/connection.ts";
import { openEndless } from "../../fixtures/endless.ts";
import { NO_LIMIT, fill, fillCall, inversePart, linearPart, sorted } from "../../fixtures/fills.ts";
import type { FillPatch } from "../../fixtures/fills.ts";
import { bookOf, call, put } from "../../fixtures/ids.ts";
import { errorIn, expectPreviewed, previewOf, withLens } from "../../fixtures/lens.ts";
import type { LensWorld } from "../../fixtures/lens.ts";
import { leaveCash } from "../../fixtures/takes.ts";
import { HOUR, Level, MAX_112, MAX_63, MAX_64, WEEK, usd, usdc } from "../../fixtures/units.ts";
import { deployOpen, now, passTo } from "../../fixtures/world.ts";

const connection = await connect();
const { networkHelpers } = connection;

const TICK = usd(10);
const MIN_64 = -(1n << 63n);

async function opened() {
  return withLens(await deployOpen(connection));
}

/** A fill that the ledger refuses: what it does to the usual call, and what must have happened before. */
interface Refusal {
  readonly name: string;
  readonly error: string;
  readonly before?: (world: LensWorld) => Promise<unknown>;
  readonly patch: (world: LensWorld) => FillPatch | Promise<FillPatch>;
}

const legsOf = (...legs: bigint[]): FillPatch => ({ part: { legs } });

async function setGuard(world: LensWorld, level: bigint, ceiling?: bigint): Promise<void> {
  const { ledger, guard, linear, linearTerms } = world;
  const until = level === Level.Normal ? 0n : (await now(world)) + HOUR;
  await ledger.connect(guard).setGuard(linear, level, until, ceiling ?? linearTerms.ceiling);
}

/** Both parties hold 32 legs against each other; the maker's go on to another of its accounts if it is to have none. */
async function hold32(world: LensWorld, who: "maker" | "taker"): Promise<void> {
  const { ledger, maker, quoteAddress } = world;
  const legs = Array.from({ length: 32 }, (_, i) => put(TICK * BigInt(i + 1), -1n));
  await fill(world, { order: { nonce: 100n, units: 1n }, part: { legs } });
  if (who === "maker") return;
  const account = maker.account + 1n;
  await ledger.connect(maker.signer).deposit(account, quoteAddress, usdc(1_000));
  const back = legs.map((leg) => put(leg >> 65n, 1n));
  const order = { nonce: 101n, units: 1n };
  await fill(world, { order, part: { legs: back }, from: maker.signer, account });
}

const REFUSALS: readonly Refusal[] = [
  { name: "a stranger", error: "NotPermitted", patch: ({ stranger }) => ({ from: stranger }) },
  { name: "no parts", error: "PartsBound", patch: () => ({ order: { parts: [] } }) },
  {
    name: "five parts",
    error: "PartsBound",
    patch: (world) => ({ order: { parts: Array.from({ length: 5 }, () => linearPart(world)) } }),
  },
  { name: "no limits", error: "LimitsLength", patch: () => ({ limits: [] }) },
  {
    name: "more limits than parts",
    error: "LimitsLength",
    patch: () => ({ limits: [NO_LIMIT, NO_LIMIT] }),
  },
  { name: "no units", error: "UnitsZero", patch: () => ({ units: 0n }) },
  {
    name: "parts that descend",
    error: "PartsUnsorted",
    patch: (world) => ({
      order: { parts: sorted(linearPart(world), inversePart(world)).reverse() },
    }),
  },
  {
    name: "a book nobody opened",
    error: "BookNotOpen",
    patch: ({ linear, expiry }) => ({ part: { book: bookOf(linear, expiry + WEEK) } }),
  },
  { name: "a book that is none", error: "BookNotOpen", patch: () => ({ part: { book: 0n } }) },
  {
    name: "the expiry",
    error: "BookExpired",
    before: (world) => passTo(world, world.expiry),
    patch: () => ({}),
  },
  {
    name: "a halt",
    error: "MarketHalted",
    before: (world) => setGuard(world, Level.Halted),
    patch: () => ({}),
  },
  { name: "no legs", error: "LegsBound", patch: () => legsOf() },
  {
    name: "33 legs",
    error: "LegsBound",
    patch: () => legsOf(...Array.from({ length: 33 }, (_, i) => put(TICK * BigInt(i + 1), -1n))),
  },
  {
    name: "legs that descend",
    error: "LegsUnsorted",
    patch: () => legsOf(put(usd(2_000), -1n), put(usd(1_900), -1n)),
  },
  { name: "a leg of no lots", error: "LegQuantity", patch: () => legsOf(put(usd(2_000), 0n)) },
  { name: "a leg of −2^63", error: "LegQuantity", patch: () => legsOf(put(usd(2_000), MIN_64)) },
  {
    name: "a strike off the tick",
    error: "StrikeOffTick",
    patch: () => legsOf(put(TICK + 1n, 1n)),
  },
  { name: "a call alone", error: "CallsMustNet", patch: () => legsOf(call(TICK, -1n)) },
  {
    name: "a put in an inverse book",
    error: "PutsNotListed",
    patch: (world) => ({ order: { parts: [inversePart(world, { legs: [put(TICK, 1n)] })] } }),
  },
  {
    name: "the maker's own account",
    error: "SameAccount",
    patch: ({ maker }) => ({ account: maker.account, from: maker.signer }),
  },
  { name: "a deadline gone by", error: "OrderExpired", patch: () => ({ order: { deadline: 1n } }) },
  {
    name: "another's order",
    error: "ForeignTaker",
    patch: ({ stranger }) => ({ order: { taker: stranger.address } }),
  },
  { name: "another epoch", error: "EpochStale", patch: () => ({ order: { epoch: 1n } }) },
  {
    name: "a cancelled nonce",
    error: "OrderCancelled",
    before: ({ ledger, maker }) => ledger.connect(maker.signer).cancel(maker.account, [1n]),
    patch: () => ({}),
  },
  {
    name: "a partial order that is cancelled",
    error: "OrderCancelled",
    before: async (world) => {
      await fill(world, { units: 1n });
      await world.ledger.connect(world.maker.signer).cancel(world.maker.account, [1n]);
    },
    patch: () => ({}),
  },
  {
    name: "an order filled up",
    error: "OrderFilledUp",
    before: (world) => fill(world),
    patch: () => ({ units: 1n }),
  },
  {
    name: "a nonce bound to another order",
    error: "NonceTaken",
    before: (world) => fill(world, { units: 1n }),
    patch: () => ({ order: { minFill: 2n } }),
  },
  { name: "more units than there are", error: "UnitsBound", patch: () => ({ units: 11n }) },
  {
    name: "more units than remain",
    error: "UnitsBound",
    before: (world) => fill(world, { units: 4n }),
    patch: () => ({ units: MAX_64 }),
  },
  {
    name: "less than may be filled",
    error: "BelowMinFill",
    patch: () => ({ order: { minFill: 4n }, units: 3n }),
  },
  { name: "no signature", error: "BadSignature", patch: () => ({ signature: "0x" }) },
  {
    name: "another's signature",
    error: "BadSignature",
    patch: ({ taker }) => ({ signer: taker.address }),
  },
  {
    name: "lots beyond the maker's bound",
    error: "QuantityBound",
    patch: () => legsOf(put(usd(2_000), 1n << 60n)),
  },
  {
    name: "a maker with 32 legs",
    error: "TooManyLegs",
    before: (world) => hold32(world, "maker"),
    patch: () => ({ order: { units: 1n } }),
  },
  {
    name: "a taker with 32 legs",
    error: "TooManyLegs",
    before: (world) => hold32(world, "taker"),
    patch: () => ({ order: { units: 1n } }),
  },
  {
    name: "less than the maker must draw",
    error: "DrawTooSmall",
    patch: () => ({ part: { maxDraw: usdc(19.5) - 1n } }),
  },
  {
    name: "less than the taker must draw",
    error: "DrawTooSmall",
    patch: () => ({ limits: [{ ...NO_LIMIT, maxDraw: usdc(5) }] }),
  },
  {
    name: "a maker short of cash",
    error: "Undercovered",
    before: (world) => leaveCash(world, world.maker, usdc(195) - 1n),
    patch: () => ({}),
  },
  {
    name: "a maker that owes more than it has",
    error: "Undercovered",
    before: (world) => leaveCash(world, world.maker, usdc(1)),
    patch: () => ({ part: { legs: [put(usd(2_000), 1n)], premium: -usd(50) } }),
  },
  {
    name: "a taker short of cash",
    error: "Undercovered",
    before: (world) => leaveCash(world, world.taker, usdc(5)),
    patch: () => ({}),
  },
  {
    name: "a restricted market",
    error: "RiskRestricted",
    before: (world) => setGuard(world, Level.Restricted),
    patch: () => ({}),
  },
  {
    name: "a retired market",
    error: "RiskRestricted",
    before: ({ ledger, admin, linear }) => ledger.connect(admin).retire(linear),
    patch: () => ({}),
  },
  {
    name: "the last trade",
    error: "RiskRestricted",
    before: (world) => passTo(world, world.expiry - world.linearTerms.lastTrade),
    patch: () => ({}),
  },
  {
    name: "a price above the limit",
    error: "PayAboveLimit",
    patch: () => ({ limits: [{ ...NO_LIMIT, maxPay: usdc(5) }] }),
  },
  {
    name: "a pool at its ceiling",
    error: "CeilingReached",
    before: (world) => setGuard(world, Level.Normal, usdc(200) - 1n),
    patch: () => ({}),
  },
];

/** Told where words end. */
const BOUNDS = ["CollateralBound", "FeesBound", "PoolBound"];

describe("Lens", () => {
  describe("previewFill, refusals", () => {
    for (const { name, error, before, patch } of REFUSALS) {
      it(`tells ${error} for ${name}, byte for byte`, async () => {
        const world = await networkHelpers.loadFixture(opened);
        await before?.(world);
        const request = await fillCall(world, await patch(world));
        expect(await expectPreviewed(world, request)).to.equal(error);
      });
    }

    describe("where words end", () => {
      /** A book in which they do. */
      async function endless(feePerLot = 0n, strikeTick = 1n) {
        const world = await networkHelpers.loadFixture(opened);
        return { ...world, ...(await openEndless(world, { feePerLot, strikeTick })) };
      }

      it("tells QuantityBound for the taker's sum", async () => {
        const world = await endless();
        const { ledger, maker, book, tokenAddress } = world;
        const account = maker.account + 1n;
        await ledger.connect(maker.signer).deposit(account, tokenAddress, 1n);
        const part = { book, premium: 0n, legs: [put(1n, -MAX_63)] };
        const order = { units: 1n };
        await fill(world, { order, part });
        const more = { order: { account, units: 1n }, part: { ...part, legs: [put(1n, -1n)] } };
        const request = await fillCall(world, more);
        expect(await expectPreviewed(world, request)).to.equal("QuantityBound");
      });

      it("tells CollateralBound for the maker's sum, and for what only a draw beyond it covers", async () => {
        const world = await endless();
        const { ledger, maker, book } = world;
        const far = { book, premium: 0n, legs: [put(1n << 52n, -(1n << 40n))] };
        const drawn = await fillCall(world, { order: { units: 1n << 22n }, part: far });
        expect(await expectPreviewed(world, drawn)).to.equal("CollateralBound");
        await ledger.connect(maker.signer).allocate(maker.account, book, MAX_112 - 9n);
        const part = { book, premium: 1n, legs: [put(1n, 1n)] };
        const summed = await fillCall(world, { part });
        expect(await expectPreviewed(world, summed)).to.equal("CollateralBound");
      });

      it("tells FeesBound", async () => {
        const world = await endless(1n << 20n, 1n << 30n);
        const legs = [put(1n << 30n, -(1n << 60n))];
        const patch = { order: { units: 1n }, part: { book: world.book, premium: 0n, legs } };
        const request = await fillCall(world, patch);
        expect(await expectPreviewed(world, request)).to.equal("FeesBound");
      });

      it("tells PoolBound", async () => {
        const world = await endless();
        const { ledger, maker, book } = world;
        await ledger.connect(maker.signer).depositToBook(maker.account + 1n, book, MAX_112 - 9n);
        const request = await fillCall(world, {
          part: { book, premium: 0n, legs: [put(1n, -1n)] },
        });
        expect(await expectPreviewed(world, request)).to.equal("PoolBound");
      });
    });

    describe("when an order has two parts", () => {
      it("names the part that fails, and tells nothing of the other", async () => {
        const world = await networkHelpers.loadFixture(opened);
        for (const spoilt of [0, 1]) {
          const parts = sorted(linearPart(world), inversePart(world)).map((part, i) =>
            i === spoilt ? { ...part, maxDraw: 0n } : part,
          );
          const request = await fillCall(world, { order: { parts } });
          expect(await expectPreviewed(world, request)).to.equal("DrawTooSmall");
        }
      });

      it("counts the draws of both on one purse", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, maker, linear, expiry } = world;
        await ledger.openBook(linear, expiry + WEEK);
        const book = bookOf(linear, expiry + WEEK);
        const parts = sorted(linearPart(world), linearPart(world, { book }));
        await leaveCash(world, maker, usdc(390) - 1n);
        const request = await fillCall(world, { order: { parts } });
        expect(await expectPreviewed(world, request)).to.equal("Undercovered");
        await ledger.connect(maker.signer).deposit(maker.account, world.quoteAddress, 1n);
        expect(await expectPreviewed(world, request)).to.equal("filled");
      });
    });

    it("tells the hash of an order that no fill would take", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const { ledger } = world;
      const request = await fillCall(world, { order: { parts: [] } });
      const { orderHash, refusal } = await previewOf(world, request);
      expect(orderHash).to.equal(await ledger.orderHash({ ...request.order, parts: [] }));
      expect(errorIn(world, refusal)).to.equal("PartsBound");
    });

    it("speaks of now: a refusal passes when its reason does", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const request = await fillCall(world, { units: 1n });
      await setGuard(world, Level.Restricted);
      expect(await expectPreviewed(world, request)).to.equal("RiskRestricted");
      await passTo(world, (await now(world)) + HOUR);
      expect(await expectPreviewed(world, request)).to.equal("filled");
    });

    it("has met every error that the protocol names for a fill", async () => {
      const { ledger } = await networkHelpers.loadFixture(opened);
      const protocol = await readFile("docs/protocol.md", "utf8");
      const [, section = ""] = /^### fill\(([^]*?)^### /m.exec(protocol) ?? [];
      const named = [...section.matchAll(/`([A-Z]\w+)/g)].map(([, name = ""]) => name);
      const errors = new Set(named.filter((name) => ledger.interface.getError(name) !== null));
      expect([...new Set([...REFUSALS.map(({ error }) => error), ...BOUNDS])].sort()).to.deep.equal(
        [...errors].sort(),
      );
    });
  });
});
