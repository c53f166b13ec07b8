import { expect } from "chai";
import { ZeroAddress, ZeroHash, encodeBytes32String } from "ethers";

import { connect } from "../../fixtures/connection.ts";
import { type TermsInput, marketIdOf, marketOf } from "../../fixtures/ids.ts";
import { DAY, MAX_112, MAX_256, MAX_63, MAX_64 } from "../../fixtures/units.ts";
import { deploy, inverseTermsOf, linearTermsOf } from "../../fixtures/world.ts";
import type { Deployed } from "../../fixtures/world.ts";

const connection = await connect();
const { ethers, networkHelpers } = connection;

/** What a test changes about the usual terms, and what the ledger says to it. */
type Fault = readonly [patch: Partial<TermsInput>, error: string, args: readonly unknown[]];

const EMPTY = "0x00000000000000000000000000000000000000E0";
const ALSO_EMPTY = "0x00000000000000000000000000000000000000e1";

async function deployed() {
  return deploy(connection);
}

async function list(world: Deployed, patch: Partial<TermsInput> = {}) {
  return world.ledger.connect(world.admin).list({ ...(await linearTermsOf(world)), ...patch });
}

async function listInverse(world: Deployed, patch: Partial<TermsInput> = {}) {
  return world.ledger.connect(world.admin).list({ ...(await inverseTermsOf(world)), ...patch });
}

/** Checks of the terms alone, in the ledger's order; those of one rule apply to different fields or values. */
const FAULTS: readonly (readonly Fault[])[] = [
  [[{ token: EMPTY }, "NoCode", [EMPTY]]],
  [[{ oracle: ALSO_EMPTY }, "NoCode", [ALSO_EMPTY]]],
  [
    [{ style: 2n }, "StyleUnknown", [2n, 1n]],
    [{ style: 255n }, "StyleUnknown", [255n, 1n]],
  ],
  [
    [{ num: 0n }, "LotScaleZero", [0n, 10_000n]],
    [{ den: 0n }, "LotScaleZero", [1n, 0n]],
    [{ num: 0n, den: 0n }, "LotScaleZero", [0n, 0n]],
  ],
  [
    [{ num: 2n, den: 10n }, "LotScaleNotReduced", [2n, 10n, 2n]],
    [{ num: 10n, den: 5n }, "LotScaleNotReduced", [10n, 5n, 5n]],
    [{ num: MAX_64, den: MAX_64 }, "LotScaleNotReduced", [MAX_64, MAX_64, MAX_64]],
  ],
  [
    [{ strikeTick: 0n }, "StrikeTickBound", [0n, MAX_63]],
    [{ strikeTick: MAX_63 + 1n }, "StrikeTickBound", [MAX_63 + 1n, MAX_63]],
  ],
  [[{ gridPeriod: 0n }, "GridPeriodZero", []]],
  [
    [{ horizon: 7_199n }, "HorizonBound", [7_199n, 7_200n, 8_640_000n]],
    [{ horizon: 8_640_001n }, "HorizonBound", [8_640_001n, 7_200n, 8_640_000n]],
  ],
  [[{ lastTrade: 86_401n }, "LastTradeBound", [86_401n, 86_400n]]],
  // A tenth of a tick of one lot: 1e9 × 1 / (10 × 10,000).
  [[{ feePerLot: 10_001n }, "FeeCap", [10_001n, 10_000n]]],
  [[{ marginMode: 1n }, "MarginModeUnknown", [1n, 0n]]],
];

describe("Clearinghouse", () => {
  describe("list", () => {
    describe("when the terms hold", () => {
      it("returns the id and the market, its top 152 bits with the highest clear", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const terms = await linearTermsOf(world);
        const id = marketIdOf(terms);
        const returned = await world.ledger.connect(world.admin).list.staticCall(terms);
        expect([...returned]).to.deep.equal([id, marketOf(id)]);
        expect(marketOf(id) >> 104n).to.equal((BigInt(id) >> 104n) & ((1n << 151n) - 1n));
      });

      it("emits MarketListed with the whole terms", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const terms = await linearTermsOf(world);
        const id = marketIdOf(terms);
        await expect(list(world))
          .to.emit(world.ledger, "MarketListed")
          .withArgs(id, marketOf(id), Object.values(terms));
      });

      it("shows the terms and a fresh guard word", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const terms = await linearTermsOf(world);
        const market = marketOf(marketIdOf(terms));
        await list(world);
        expect([...(await world.ledger.termsOf(market))]).to.deep.equal(Object.values(terms));
        const guard = await world.ledger.guardOf(market);
        expect([...guard]).to.deep.equal([true, false, 0n, 0n, terms.ceiling, 0n, 0n]);
      });

      it("shows all markets in the order of listing, the retired too", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const { ledger, admin } = world;
        expect(await ledger.marketCount()).to.equal(0n);
        expect(await ledger.marketAt(0n)).to.equal(0n);
        const terms = [await inverseTermsOf(world), await linearTermsOf(world)];
        const markets = terms.map((each) => marketOf(marketIdOf(each)));
        for (const each of terms) await ledger.connect(admin).list(each);
        await ledger.connect(admin).retire(markets[0] ?? 0n);
        expect(await ledger.marketCount()).to.equal(2n);
        for (const [index, market] of markets.entries()) {
          expect(await ledger.marketAt(index)).to.equal(market);
        }
        for (const beyond of [2n, MAX_64, MAX_256]) {
          expect(await ledger.marketAt(beyond)).to.equal(0n);
        }
      });

      it("takes every field at its bound", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const bounds: Partial<TermsInput>[] = [
          { strikeTick: MAX_63, feePerLot: 0n },
          { strikeTick: 1n, feePerLot: 0n, num: MAX_64, den: 1n },
          { num: 1n, den: MAX_64, feePerLot: 0n },
          { horizon: 7_200n },
          { horizon: 100n * DAY },
          { lastTrade: 0n },
          { lastTrade: 86_400n },
          { feePerLot: 10_000n },
          { ceiling: 1n },
          { ceiling: MAX_112 },
          { gridPeriod: 1n, gridAnchor: 0n },
          { guard: ZeroAddress },
        ];
        for (const patch of bounds)
          await expect(list(world, patch)).to.emit(world.ledger, "MarketListed");
        for (const patch of [{ feePerLot: 10n ** 13n }, { lastTrade: 86_400n }]) {
          await expect(listInverse(world, patch)).to.emit(world.ledger, "MarketListed");
        }
      });

      it("tells equal terms apart by their salt", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        await list(world);
        await expect(list(world, { salt: encodeBytes32String("2") })).to.emit(
          world.ledger,
          "MarketListed",
        );
      });
    });

    describe("when the terms do not hold", () => {
      for (const [patch, error, args] of FAULTS.flat()) {
        const what = Object.entries(patch).map(([field, value]) => `${field} ${String(value)}`);
        it(`reverts with ${error} for ${what.join(", ")}`, async () => {
          const world = await networkHelpers.loadFixture(deployed);
          await expect(list(world, patch))
            .to.be.revertedWithCustomError(world.ledger, error)
            .withArgs(...args);
        });
      }

      it("reverts with FeeCap above 0.1 % of an inverse lot", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        await expect(listInverse(world, { feePerLot: 10n ** 13n + 1n }))
          .to.be.revertedWithCustomError(world.ledger, "FeeCap")
          .withArgs(10n ** 13n + 1n, 10n ** 13n);
      });

      it("reverts with FeeCap at 0 where a lot is too small for any fee", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        await expect(listInverse(world, { num: 999n, feePerLot: 1n }))
          .to.be.revertedWithCustomError(world.ledger, "FeeCap")
          .withArgs(1n, 0n);
      });

      it("names the check that comes first, whichever two fail", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        for (const [i, [first]] of FAULTS.entries()) {
          for (const [second] of FAULTS.slice(i + 1)) {
            if (first === undefined || second === undefined)
              throw new Error("a rule without fault");
            // The later fault must not repair the earlier one, so the earlier one is applied last.
            await expect(
              list(world, { ...second[0], ...first[0] }),
              `${first[1]}, ${second[1]}`,
            ).to.be.revertedWithCustomError(world.ledger, first[1]);
          }
        }
      });
    });

    describe("when the market is listed", () => {
      it("reverts with MarketTaken", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const market = marketOf(marketIdOf(await linearTermsOf(world)));
        await list(world);
        await expect(list(world))
          .to.be.revertedWithCustomError(world.ledger, "MarketTaken")
          .withArgs(market);
      });

      it("reverts with MarketTaken before it asks the oracle, and after retirement", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const market = marketOf(marketIdOf(await linearTermsOf(world)));
        await list(world);
        await world.ledger.connect(world.admin).retire(market);
        await world.oracle.setRefusing(true);
        await expect(list(world))
          .to.be.revertedWithCustomError(world.ledger, "MarketTaken")
          .withArgs(market);
      });
    });

    describe("when the oracle does not go along", () => {
      it("passes its own errors through", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const { feed } = await linearTermsOf(world);
        await world.oracle.setRefusing(true);
        await expect(list(world))
          .to.be.revertedWithCustomError(world.oracle, "Refused")
          .withArgs(feed);
        await expect(
          list(world, {
            oracle: await world.chainlink.getAddress(),
            profile: `0x01${ZeroHash.slice(4)}`,
          }),
        )
          .to.be.revertedWithCustomError(world.chainlink, "ProfileDirty")
          .withArgs(`0x01${ZeroHash.slice(4)}`);
      });

      it("reverts with PriceExpMismatch, before the ceiling", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        await world.oracle.setDescription(3n, 0n);
        await expect(list(world))
          .to.be.revertedWithCustomError(world.ledger, "PriceExpMismatch")
          .withArgs(0n, 3n);
      });

      it("reverts with CeilingBound for 0 and above the profile's", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        await world.oracle.setDescription(0n, 1_000n);
        for (const ceiling of [0n, 1_001n]) {
          await expect(list(world, { ceiling }))
            .to.be.revertedWithCustomError(world.ledger, "CeilingBound")
            .withArgs(ceiling, 1_000n);
        }
        await expect(list(world, { ceiling: 1_000n })).to.emit(world.ledger, "MarketListed");
      });

      it("reverts when the address has code but is no oracle", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        await expect(list(world, { oracle: world.quoteAddress })).to.be.revert(ethers);
      });
    });

    describe("when the caller is not the lister", () => {
      it("reverts with AccessManagedUnauthorized before anything else", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const terms = { ...(await linearTermsOf(world)), token: EMPTY, style: 9n };
        await expect(world.ledger.connect(world.stranger).list(terms))
          .to.be.revertedWithCustomError(world.ledger, "AccessManagedUnauthorized")
          .withArgs(world.stranger.address);
      });

      it("takes a scheduled call after its delay, and not before", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const { ledger, manager, admin, stranger, address } = world;
        const data = ledger.interface.encodeFunctionData("list", [await linearTermsOf(world)]);
        await manager.connect(admin).setTargetFunctionRole(address, [data.slice(0, 10)], 7n);
        await manager.connect(admin).grantRole(7n, stranger.address, 2n * DAY);
        await manager.connect(stranger).schedule(address, data, 0n);
        await expect(list({ ...world, admin: stranger })).to.be.revertedWithCustomError(
          manager,
          "AccessManagerNotReady",
        );
        await networkHelpers.time.increase(2n * DAY);
        await expect(list({ ...world, admin: stranger })).to.emit(ledger, "MarketListed");
      });
    });
  });
});
