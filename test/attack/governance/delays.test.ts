import { expect } from "chai";

import { ADMIN, TARGET_ADMIN_DELAY, roleNamed } from "../../../deploy/roles.ts";
import { selectorOf } from "../../../deploy/selectors.ts";
import { connect } from "../../fixtures/connection.ts";
import {
  delayOf,
  deployGoverned,
  execute,
  ofManager,
  schedule,
} from "../../fixtures/governance.ts";
import type { Governed } from "../../fixtures/governance.ts";
import { safeSends } from "../../fixtures/safe.ts";
import { DAY } from "../../fixtures/units.ts";

const connection = await connect();
const { networkHelpers } = connection;

const WEEK = 7n * DAY;
const LISTER = roleNamed("LISTER").id;
const STEWARD = roleNamed("STEWARD").id;

/** A month after the deployment, when every delay is in effect. */
async function deployed(): Promise<Governed> {
  const world = await deployGoverned(connection);
  await networkHelpers.time.increase(30n * DAY);
  return world;
}

const fresh = () => networkHelpers.loadFixture(deployed);

const now = async (): Promise<bigint> => BigInt(await networkHelpers.time.latest());

/** The administrator calls the manager: scheduled, waited for, executed. Answers when it was executed. */
async function administrate(world: Governed, name: string, ...args: unknown[]): Promise<bigint> {
  const call = await ofManager(world, name, args);
  await schedule(world, call);
  await networkHelpers.time.increase(delayOf("ADMIN"));
  await execute(world, call);
  return now();
}

/** A market is listed at once by somebody, if it may. */
async function lists(
  { ledger, linearTerms, manager }: Governed,
  account: string,
): Promise<boolean> {
  const { immediate } = await manager.canCall(
    account,
    await ledger.getAddress(),
    ledger.interface.encodeFunctionData("list", [linearTerms]).slice(0, 10),
  );
  return immediate;
}

describe("delays", () => {
  it("of a member that is shortened lasts as long as it was: two days more for the lister", async () => {
    const world = await fresh();
    const { manager, holders } = world;
    const set = await administrate(world, "grantRole", LISTER, holders.safe, 0);
    const [, current, pending, effect] = await manager.getAccess(LISTER, holders.safe);
    expect([current, pending, effect]).to.deep.equal([
      delayOf("LISTER"),
      0n,
      set + delayOf("LISTER"),
    ]);
    expect(await lists(world, holders.safe)).to.equal(false);
    await networkHelpers.time.increaseTo(effect - 1n);
    expect(await lists(world, holders.safe)).to.equal(false);
    await networkHelpers.time.increaseTo(effect);
    expect(await lists(world, holders.safe)).to.equal(true);
  });

  it("of the administrator takes two weeks to shorten: one to set, one until it counts", async () => {
    const world = await fresh();
    const { manager, holders } = world;
    const start = await now();
    await administrate(world, "grantRole", ADMIN, holders.safe, 0);
    const [, current, pending, effect] = await manager.getAccess(ADMIN, holders.safe);
    expect([current, pending]).to.deep.equal([delayOf("ADMIN"), 0n]);
    expect(effect - start).to.be.within(2n * WEEK, 2n * WEEK + 60n);
  });

  it("of a new member is seen for a week before it counts, two after it was scheduled", async () => {
    const world = await fresh();
    const { manager, stranger } = world;
    const start = await now();
    await administrate(world, "grantRole", LISTER, stranger.address, 0);
    const { since } = await manager.getAccess(LISTER, stranger.address);
    expect(since - start).to.be.within(2n * WEEK, 2n * WEEK + 60n);
    expect(await lists(world, stranger.address)).to.equal(false);
    await networkHelpers.time.increaseTo(since - 1n);
    expect(await lists(world, stranger.address)).to.equal(false);
    await networkHelpers.time.increaseTo(since);
    expect(await lists(world, stranger.address)).to.equal(true);
  });

  it("are not escaped by taking a role and giving it again without one", async () => {
    const world = await fresh();
    const { manager, holders, safe } = world;
    const start = await now();
    const revoke = await ofManager(world, "revokeRole", [LISTER, holders.safe]);
    const grant = await ofManager(world, "grantRole", [LISTER, holders.safe, 0]);
    for (const call of [revoke, grant]) await schedule(world, call);
    await networkHelpers.time.increase(delayOf("ADMIN"));
    const data = manager.interface.encodeFunctionData("multicall", [[revoke.data, grant.data]]);
    await safeSends(safe, { to: revoke.to, data });
    const { since } = await manager.getAccess(LISTER, holders.safe);
    expect(since - start).to.be.within(2n * WEEK, 2n * WEEK + 60n);
  });

  it("between a grant and its effect count for a week after they were shortened", async () => {
    const world = await fresh();
    const { manager, stranger } = world;
    const set = await administrate(world, "setGrantDelay", STEWARD, 0);
    expect(await manager.getRoleGrantDelay(STEWARD)).to.equal(WEEK);
    await administrate(world, "grantRole", LISTER, stranger.address, 0);
    await networkHelpers.time.increaseTo(set + WEEK);
    expect(await manager.getRoleGrantDelay(STEWARD)).to.equal(0n);
    expect(await manager.getRoleGrantDelay(LISTER)).to.equal(WEEK);
  });

  it("of a target count for a week after they were shortened", async () => {
    const world = await fresh();
    const { manager, targets } = world;
    const set = await administrate(world, "setTargetAdminDelay", targets.ledger, 0);
    expect(await manager.getTargetAdminDelay(targets.ledger)).to.equal(TARGET_ADMIN_DELAY);
    await networkHelpers.time.increaseTo(set + WEEK - 1n);
    expect(await manager.getTargetAdminDelay(targets.ledger)).to.equal(TARGET_ADMIN_DELAY);
    await networkHelpers.time.increaseTo(set + WEEK);
    expect(await manager.getTargetAdminDelay(targets.ledger)).to.equal(0n);
  });

  it("keep an administrator without one from the targets for another week", async () => {
    const world = await fresh();
    const { manager, stranger, targets, breaker } = world;
    await administrate(world, "grantRole", ADMIN, stranger.address, 0);
    const admin = manager.connect(stranger);
    const list = [selectorOf("ledger", "list")];
    for (const data of [
      manager.interface.encodeFunctionData("setTargetFunctionRole", [targets.ledger, list, ADMIN]),
      manager.interface.encodeFunctionData("setTargetClosed", [targets.ledger, true]),
      manager.interface.encodeFunctionData("updateAuthority", [targets.ledger, targets.hub]),
    ]) {
      const to = await manager.getAddress();
      await expect(stranger.sendTransaction({ to, data }))
        .to.be.revertedWithCustomError(manager, "AccessManagerNotScheduled")
        .withArgs(await manager.hashOperation(stranger.address, to, data));
      await admin.schedule(to, data, 0n);
      await networkHelpers.time.increase(WEEK - 60n);
      await expect(stranger.sendTransaction({ to, data }))
        .to.be.revertedWithCustomError(manager, "AccessManagerNotReady")
        .withArgs(await manager.hashOperation(stranger.address, to, data));
    }
    await admin.grantRole(STEWARD, stranger.address, 0);
    const { since } = await manager.getAccess(STEWARD, stranger.address);
    expect(since).to.equal((await now()) + WEEK);
    // What it can do at once: take roles away. Evidence still trips, and whoever trades goes on.
    await admin.revokeRole(roleNamed("GUARDIAN").id, world.holders.guardian);
    await expect(world.ledger.connect(stranger).setTreasury(stranger)).to.emit(
      world.ledger,
      "TreasurySet",
    );
    expect(await breaker.authority()).to.equal(await manager.getAddress());
  });
});
