import { expect } from "chai";

import { connect, START } from "../../fixtures/connection.ts";
import { fill, refused } from "../../fixtures/fills.ts";
import type { FillPatch } from "../../fixtures/fills.ts";
import { accountOf, put } from "../../fixtures/ids.ts";
import { HOUR, MAX_64, Scope, usd, usdc } from "../../fixtures/units.ts";
import { at, deployOpen, passTo } from "../../fixtures/world.ts";
import type { World } from "../../fixtures/world.ts";

const connection = await connect();
const { networkHelpers } = connection;

async function opened() {
  return deployOpen(connection);
}

/** Something wrong with an order: what it does to the call, what must have happened before, and the answer. */
interface Fault {
  readonly error: string;
  readonly args: (world: World) => readonly unknown[];
  readonly patch?: (world: World) => FillPatch;
  readonly before?: (world: World) => Promise<unknown>;
  /** Faults of one group set the same field and cannot meet. */
  readonly group?: string;
}

const NOW = START + 8n * HOUR;

async function cancel({ ledger, maker }: World): Promise<void> {
  await ledger.connect(maker.signer).cancel(maker.account, [1n]);
}

/** Another order under the same nonce. */
const other: FillPatch = { part: { legs: [put(usd(1_000), -1n)] } };

/** In the order in which the ledger looks at them. */
const FAULTS: readonly Fault[] = [
  {
    error: "SameAccount",
    args: ({ maker }) => [maker.account],
    patch: ({ maker }) => ({ account: maker.account, from: maker.signer }),
  },
  {
    error: "OrderExpired",
    args: () => [NOW - 1n, NOW],
    patch: () => ({ order: { deadline: NOW - 1n } }),
  },
  {
    error: "ForeignTaker",
    args: ({ stranger, taker }) => [stranger.address, taker.address],
    patch: ({ stranger }) => ({ order: { taker: stranger.address } }),
  },
  { error: "EpochStale", args: () => [5n, 0n], patch: () => ({ order: { epoch: 5n } }) },
  {
    error: "OrderCancelled",
    args: ({ maker }) => [maker.account, 1n],
    before: cancel,
    group: "nonce",
  },
  {
    error: "OrderFilledUp",
    args: ({ maker }) => [maker.account, 1n],
    before: async (world) => fill(world, other),
    group: "nonce",
  },
  {
    error: "NonceTaken",
    args: ({ maker }) => [maker.account, 1n],
    before: async (world) => fill(world, { ...other, units: 1n }),
    group: "nonce",
  },
  {
    error: "UnitsBound",
    args: () => [11n, 10n],
    patch: () => ({ units: 11n }),
    group: "units",
  },
  {
    error: "BelowMinFill",
    args: () => [3n, 4n],
    patch: () => ({ units: 3n, order: { minFill: 4n } }),
    group: "units",
  },
  {
    error: "BadSignature",
    args: ({ maker }) => [maker.account, maker.address],
    patch: () => ({ signature: "0x" }),
  },
  {
    error: "DrawTooSmall",
    args: ({ maker, linearBook }) => [maker.account, linearBook, usdc(195), 0n],
    patch: () => ({ part: { maxDraw: 0n } }),
  },
];

function merged(a: FillPatch, b: FillPatch): FillPatch {
  return { ...a, ...b, order: { ...a.order, ...b.order } };
}

/** Applies faults, the earlier one first, at a known time. */
async function withFaults(world: World, ...faults: Fault[]): Promise<FillPatch> {
  let patch: FillPatch = {};
  for (const fault of faults) {
    await fault.before?.(world);
    patch = merged(patch, fault.patch?.(world) ?? {});
  }
  await passTo(world, NOW);
  await at(world, NOW);
  return patch;
}

describe("Clearinghouse", () => {
  describe("fill, the order", () => {
    for (const [i, fault] of FAULTS.entries()) {
      it(`reverts with ${fault.error}, before everything that comes later`, async () => {
        const alone = await networkHelpers.loadFixture(opened);
        await refused(alone, await withFaults(alone, fault), fault.error, fault.args(alone));
        for (const later of FAULTS.slice(i + 1)) {
          if (later.group !== undefined && later.group === fault.group) continue;
          const world = await networkHelpers.loadFixture(opened);
          const patch = await withFaults(world, fault, later);
          await refused(world, patch, fault.error, fault.args(world));
        }
      });
    }

    describe("when maker and taker have one owner", () => {
      it("fills between two of the owner's accounts, never within one", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, maker, quoteAddress } = world;
        const account = accountOf(maker.address, 1n);
        await refused(world, { account: maker.account, from: maker.signer }, "SameAccount", [
          maker.account,
        ]);
        await ledger.connect(maker.signer).deposit(account, quoteAddress, usdc(10));
        await expect(fill(world, { account, from: maker.signer })).to.emit(ledger, "OrderFilled");
      });
    });

    describe("when the deadline is near", () => {
      it("fills in the last second and reverts with OrderExpired in the next", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const order = { deadline: NOW };
        await passTo(world, NOW);
        await at(world, NOW);
        await expect(fill(world, { order, units: 1n })).to.emit(world.ledger, "OrderFilled");
        await at(world, NOW + 1n);
        await refused(world, { order }, "OrderExpired", [NOW, NOW + 1n]);
      });

      it("takes a deadline beyond the book's expiry and one of 0 as they are", async () => {
        const world = await networkHelpers.loadFixture(opened);
        await at(world, NOW);
        await refused(world, { order: { deadline: 0n } }, "OrderExpired", [0n, NOW]);
        const order = { deadline: (1n << 40n) - 1n };
        await expect(fill(world, { order })).to.emit(world.ledger, "OrderFilled");
      });
    });

    describe("when the order names its taker", () => {
      it("takes any account of that owner, and no operator's own", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, taker, stranger, quoteAddress, expiry } = world;
        const order = { taker: taker.address };
        await ledger
          .connect(taker.signer)
          .setAccountOperator(taker.account, stranger.address, Scope.Trade, expiry);
        const account = accountOf(stranger.address);
        await ledger.connect(stranger).deposit(account, quoteAddress, usdc(10));
        const args = [taker.address, stranger.address];
        await refused(world, { order, from: stranger, account }, "ForeignTaker", args);
        await expect(fill(world, { order, from: stranger })).to.emit(ledger, "OrderFilled");
      });
    });

    describe("when the epoch moved", () => {
      it("kills orders of the epoch before and wakes those of the next, partial ones too", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, maker } = world;
        const next = { epoch: 1n, nonce: 2n };
        await refused(world, { order: next }, "EpochStale", [1n, 0n]);
        await fill(world, { units: 1n });
        await ledger.connect(maker.signer).raiseEpoch(maker.account);
        await refused(world, { units: 1n }, "EpochStale", [0n, 1n]);
        await expect(fill(world, { order: next })).to.emit(ledger, "OrderFilled");
      });

      it("counts an epoch per account", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, maker } = world;
        await ledger.connect(maker.signer).raiseEpoch(accountOf(maker.address, 1n));
        await expect(fill(world)).to.emit(ledger, "OrderFilled");
      });
    });

    describe("when units run out", () => {
      it("reverts with UnitsBound above what remains, and for an order of no units", async () => {
        const world = await networkHelpers.loadFixture(opened);
        await refused(world, { order: { units: 0n }, units: 1n }, "UnitsBound", [1n, 0n]);
        await fill(world, { units: 7n });
        for (const units of [4n, 10n, MAX_64])
          await refused(world, { units }, "UnitsBound", [units, 3n]);
      });

      it("reverts with OrderFilledUp once the last unit is gone", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const args = [world.maker.account, 1n];
        await fill(world);
        await refused(world, { units: 1n }, "OrderFilledUp", args);
      });
    });

    describe("when the fill is small", () => {
      it("fills minFill exactly, and reverts with BelowMinFill one unit below", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const order = { minFill: 4n };
        await refused(world, { order, units: 3n }, "BelowMinFill", [3n, 4n]);
        await expect(fill(world, { order, units: 4n })).to.emit(world.ledger, "OrderFilled");
      });

      it("takes the rest where less than minFill remains, and nothing less than the rest", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const order = { minFill: 4n };
        await fill(world, { order, units: 7n });
        await refused(world, { order, units: 2n }, "BelowMinFill", [2n, 3n]);
        await expect(fill(world, { order, units: 3n })).to.emit(world.ledger, "OrderFilled");
      });

      it("asks for the whole order where minFill is larger, for one unit where it is 0", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const whole = { minFill: MAX_64 };
        await refused(world, { order: whole, units: 9n }, "BelowMinFill", [9n, 10n]);
        const any = { minFill: 0n, nonce: 2n };
        await expect(fill(world, { order: any, units: 1n })).to.emit(world.ledger, "OrderFilled");
        await expect(fill(world, { order: whole })).to.emit(world.ledger, "OrderFilled");
      });
    });

    describe("when two orders share a nonce", () => {
      it("binds the nonce to the first that fills: no double exposure", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, maker } = world;
        await fill(world, { units: 1n });
        const args = [maker.account, 1n];
        await refused(world, { ...other, units: 1n }, "NonceTaken", args);
        await refused(world, { order: { deadline: NOW }, units: 1n }, "NonceTaken", args);
        await expect(fill(world, { units: 9n })).to.emit(ledger, "OrderFilled");
        await refused(world, { ...other, units: 1n }, "OrderFilledUp", args);
      });

      it("leaves the nonce of other accounts alone", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, maker, quoteAddress } = world;
        const account = accountOf(maker.address, 1n);
        await ledger.connect(maker.signer).deposit(account, quoteAddress, usdc(1_000));
        await fill(world);
        await expect(fill(world, { order: { account } })).to.emit(ledger, "OrderFilled");
      });

      it("kills a partial order when its nonce is cancelled", async () => {
        const world = await networkHelpers.loadFixture(opened);
        await fill(world, { units: 1n });
        await cancel(world);
        await refused(world, { units: 1n }, "OrderCancelled", [world.maker.account, 1n]);
      });
    });
  });
});
