import { expect } from "chai";
import { ZeroAddress, encodeBytes32String } from "ethers";

import { connect } from "../../fixtures/connection.ts";
import { fill, refused } from "../../fixtures/fills.ts";
import { DAY, HOUR, Level, MAX_112, usd, usdc } from "../../fixtures/units.ts";
import { putSeries } from "../../fixtures/ids.ts";
import { at, deployOpen, listMarket, now, passTo } from "../../fixtures/world.ts";
import type { World } from "../../fixtures/world.ts";

const connection = await connect();
const { networkHelpers } = connection;

const SIX_HOURS = 6n * HOUR;
const SEVEN_DAYS = 7n * DAY;

async function opened() {
  return deployOpen(connection);
}

/** Sets the linear market's guard in a block of this time. */
async function setAt(world: World, time: bigint, level: bigint, until: bigint, ceiling?: bigint) {
  await at(world, time);
  return world.ledger
    .connect(world.guard)
    .setGuard(world.linear, level, until, ceiling ?? world.linearTerms.ceiling);
}

describe("Clearinghouse", () => {
  describe("setGuard", () => {
    describe("when the guard sets a level", () => {
      it("emits GuardSet and shows level, end and ceiling", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const time = (await now(world)) + 10n;
        await expect(setAt(world, time, Level.Restricted, time + HOUR, 77n))
          .to.emit(world.ledger, "GuardSet")
          .withArgs(world.linear, Level.Restricted, time + HOUR, 77n, time);
        const guard = await world.ledger.guardOf(world.linear);
        expect([...guard]).to.deep.equal([true, false, Level.Restricted, time + HOUR, 77n, 0n, 0n]);
      });

      it("remembers the starts of the last two halts, whatever levels lie between", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const start = await now(world);
        await setAt(world, start + 1n, Level.Halted, start + HOUR);
        await setAt(world, start + 2n, Level.Restricted, start + HOUR);
        await setAt(world, start + 3n, Level.Halted, start + HOUR);
        await setAt(world, start + 4n, Level.Normal, 0n);
        const { older, newer, level } = await world.ledger.guardOf(world.linear);
        expect([older, newer, level]).to.deep.equal([start + 1n, start + 3n, Level.Normal]);
      });

      it("leaves other markets alone", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const before = await world.ledger.guardOf(world.inverse);
        await setAt(world, (await now(world)) + 1n, Level.Halted, (await now(world)) + HOUR);
        expect(await world.ledger.guardOf(world.inverse)).to.deep.equal(before);
      });

      it("takes an end of now + 6 h, one in the past, and a ceiling of the terms or 0", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const time = (await now(world)) + 10n;
        for (const until of [time + SIX_HOURS, time, time - 1n, 0n]) {
          await expect(setAt(world, time, Level.Restricted, until)).to.emit(
            world.ledger,
            "GuardSet",
          );
        }
        for (const ceiling of [0n, world.linearTerms.ceiling]) {
          await expect(setAt(world, time, Level.Normal, 0n, ceiling)).to.emit(
            world.ledger,
            "GuardSet",
          );
        }
      });
    });

    describe("when the call does not hold", () => {
      it("reverts with MarketUnknown before it looks at the caller", async () => {
        const { ledger, stranger, linear } = await networkHelpers.loadFixture(opened);
        await expect(ledger.connect(stranger).setGuard(linear + 1n, 3n, 0n, 0n))
          .to.be.revertedWithCustomError(ledger, "MarketUnknown")
          .withArgs(linear + 1n);
      });

      it("reverts with NotGuard for anyone else, the admin too, before the level", async () => {
        const { ledger, admin, stranger, linear } = await networkHelpers.loadFixture(opened);
        for (const caller of [admin, stranger]) {
          await expect(ledger.connect(caller).setGuard(linear, 3n, 0n, 0n))
            .to.be.revertedWithCustomError(ledger, "NotGuard")
            .withArgs(linear, caller.address);
        }
      });

      it("reverts with NotGuard where the terms name no guard", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const salt = encodeBytes32String("unguarded");
        const market = await listMarket(world, { ...world.linearTerms, guard: ZeroAddress, salt });
        await expect(world.ledger.connect(world.guard).setGuard(market, 0n, 0n, 0n))
          .to.be.revertedWithCustomError(world.ledger, "NotGuard")
          .withArgs(market, world.guard.address);
      });

      it("reverts with LevelUnknown above 2, before the end", async () => {
        const world = await networkHelpers.loadFixture(opened);
        await expect(setAt(world, (await now(world)) + 1n, 3n, MAX_112 >> 72n))
          .to.be.revertedWithCustomError(world.ledger, "LevelUnknown")
          .withArgs(3n, 2n);
      });

      it("reverts with UntilBound one second past six hours, before the ceiling", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const time = (await now(world)) + 1n;
        for (const level of Object.values(Level)) {
          await expect(setAt(world, time, level, time + SIX_HOURS + 1n, MAX_112))
            .to.be.revertedWithCustomError(world.ledger, "UntilBound")
            .withArgs(time + SIX_HOURS + 1n, time + SIX_HOURS);
        }
      });

      it("reverts with CeilingBound above the terms' ceiling, before the halts", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const time = (await now(world)) + 1n;
        const { ceiling } = world.linearTerms;
        for (let i = 0; i < 2; i++) await setAt(world, time, Level.Halted, time);
        await expect(setAt(world, time, Level.Halted, time, ceiling + 1n))
          .to.be.revertedWithCustomError(world.ledger, "CeilingBound")
          .withArgs(ceiling + 1n, ceiling);
      });
    });

    describe("when the market was halted before", () => {
      it("takes a second halt at once and reverts with HaltBudget for a third within seven days", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const first = (await now(world)) + 1n;
        await setAt(world, first, Level.Halted, first + SIX_HOURS);
        await setAt(world, first + SIX_HOURS, Level.Halted, first + 2n * SIX_HOURS);
        const last = first + SEVEN_DAYS - 1n;
        await expect(setAt(world, last, Level.Halted, last))
          .to.be.revertedWithCustomError(world.ledger, "HaltBudget")
          .withArgs(last, first + SEVEN_DAYS);
        await expect(
          setAt(world, first + SEVEN_DAYS, Level.Halted, first + SEVEN_DAYS + HOUR),
        ).to.emit(world.ledger, "GuardSet");
      });

      it("counts an extension as a halt", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const first = (await now(world)) + 1n;
        await setAt(world, first, Level.Halted, first + HOUR);
        await setAt(world, first + 60n, Level.Halted, first + 2n * HOUR);
        await expect(setAt(world, first + 120n, Level.Halted, first + 3n * HOUR))
          .to.be.revertedWithCustomError(world.ledger, "HaltBudget")
          .withArgs(first + 120n, first + SEVEN_DAYS);
      });

      it("counts a halt that is over as it begins", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const time = (await now(world)) + 1n;
        for (let i = 0; i < 2; i++) await setAt(world, time, Level.Halted, 0n);
        await expect(setAt(world, time, Level.Halted, 0n))
          .to.be.revertedWithCustomError(world.ledger, "HaltBudget")
          .withArgs(time, time + SEVEN_DAYS);
      });

      it("slides: after the third, the second start binds", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const first = (await now(world)) + 1n;
        await setAt(world, first, Level.Halted, 0n);
        await setAt(world, first + DAY, Level.Halted, 0n);
        await setAt(world, first + SEVEN_DAYS, Level.Halted, 0n);
        const early = first + SEVEN_DAYS + DAY - 1n;
        await expect(setAt(world, early, Level.Halted, 0n))
          .to.be.revertedWithCustomError(world.ledger, "HaltBudget")
          .withArgs(early, early + 1n);
        await expect(setAt(world, early + 1n, Level.Halted, 0n)).to.emit(world.ledger, "GuardSet");
      });

      it("renews Restricted call by call without a budget", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const first = (await now(world)) + 1n;
        for (let i = 0n; i < 10n; i++) {
          const time = first + i * SIX_HOURS;
          await expect(setAt(world, time, Level.Restricted, time + SIX_HOURS)).to.emit(
            world.ledger,
            "GuardSet",
          );
        }
      });
    });

    describe("what the levels do to fills", () => {
      it("halts until the last second before the end", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const time = (await now(world)) + 1n;
        const until = time + HOUR;
        await setAt(world, time, Level.Halted, until);
        await passTo(world, until - 1n);
        await at(world, until - 1n);
        await refused(world, {}, "MarketHalted", [world.linearBook, until]);
        await at(world, until);
        await expect(fill(world)).to.emit(world.ledger, "OrderFilled");
      });

      it("restricts until the last second before the end", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const time = (await now(world)) + 1n;
        await setAt(world, time, Level.Restricted, time + HOUR);
        const series = putSeries(world.linearBook, usd(2_000));
        await passTo(world, time + HOUR - 1n);
        await at(world, time + HOUR - 1n);
        await refused(world, {}, "RiskRestricted", [world.linearBook, series]);
        await at(world, time + HOUR);
        await expect(fill(world)).to.emit(world.ledger, "OrderFilled");
      });

      it("keeps a lowered ceiling when the level has ended", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const time = (await now(world)) + 1n;
        await setAt(world, time, Level.Restricted, time + 1n, usdc(200) - 1n);
        await at(world, time + DAY);
        const args = [world.linearBook, usdc(200), usdc(200) - 1n];
        await refused(world, {}, "CeilingReached", args);
      });
    });
  });
});
