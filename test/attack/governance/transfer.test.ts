import { expect } from "chai";

import { ADMIN, ROLES, roleNamed } from "../../../deploy/roles.ts";
import { auditAccess } from "../../../tasks/lib/access/audit.ts";
import { connect } from "../../fixtures/connection.ts";
import { delayOf, deployGoverned } from "../../fixtures/governance.ts";
import type { Governed } from "../../fixtures/governance.ts";
import { deploySafe, safeSends } from "../../fixtures/safe.ts";
import type { Safe } from "../../fixtures/safe.ts";
import { DAY } from "../../fixtures/units.ts";

const connection = await connect();
const { ethers, networkHelpers } = connection;

/** Roles of the Safe. */
const OURS = ROLES.filter(({ holder }) => holder === "safe");

/** A governed deployment and a Safe of other owners that shall take over. */
async function deployed() {
  const world = await deployGoverned(connection);
  const signers = await ethers.getSigners();
  const next = await deploySafe(connection, signers.slice(14, 17), 2);
  return { ...world, next };
}

type World = Awaited<ReturnType<typeof deployed>>;

const fresh = () => networkHelpers.loadFixture(deployed);

/** A Safe makes several calls of the access manager as one. */
async function together({ manager }: Governed, safe: Safe, calls: readonly string[]) {
  const data = manager.interface.encodeFunctionData("multicall", [[...calls]]);
  return safeSends(safe, { to: await manager.getAddress(), data });
}

/** The same a week later: scheduled now, made then. */
async function scheduleAll(world: Governed, safe: Safe, calls: readonly string[]) {
  const { manager } = world;
  const to = await manager.getAddress();
  const abi = manager.interface;
  return together(
    world,
    safe,
    calls.map((data) => abi.encodeFunctionData("schedule", [to, data, 0n])),
  );
}

const grants = ({ manager, next }: World): string[] =>
  OURS.map(({ id, delay }) =>
    manager.interface.encodeFunctionData("grantRole", [id, next.address, delay]),
  );

const revocations = ({ manager, safe }: World): string[] =>
  OURS.map(({ id }) => manager.interface.encodeFunctionData("revokeRole", [id, safe.address]));

/** How the access manager names a call that a Safe makes of it. */
async function operationOf({ manager }: Governed, safe: Safe, data = ""): Promise<string> {
  return manager.hashOperation(safe.address, await manager.getAddress(), data);
}

const isAdmin = async ({ manager }: Governed, account: string): Promise<boolean> =>
  (await manager.hasRole(ADMIN, account)).isMember;

/** The first step is done: both are administrators. */
async function granted(): Promise<World> {
  const world = await fresh();
  await scheduleAll(world, world.safe, grants(world));
  await networkHelpers.time.increase(delayOf("ADMIN"));
  await together(world, world.safe, grants(world));
  return world;
}

describe("two-step transfer of the administration", () => {
  it("takes 14 days from Safe to Safe, after which the audit finds the new one in every place", async () => {
    const world = await fresh();
    const { manager, safe, next, targets, holders, ledger, linear } = world;
    const start = BigInt(await networkHelpers.time.latest());
    await scheduleAll(world, safe, grants(world));
    await networkHelpers.time.increase(delayOf("ADMIN"));
    await together(world, safe, grants(world));
    expect([await isAdmin(world, safe.address), await isAdmin(world, next.address)]).to.deep.equal([
      true,
      true,
    ]);
    await scheduleAll(world, next, revocations(world));
    await networkHelpers.time.increase(delayOf("ADMIN"));
    await together(world, next, revocations(world));
    const end = BigInt(await networkHelpers.time.latest());
    expect(end - start).to.be.within(14n * DAY, 14n * DAY + 60n);

    const parties = {
      manager: await manager.getAddress(),
      targets,
      holders: { ...holders, safe: next.address },
    };
    const { differences, underway } = await auditAccess(ethers.provider, parties, 0);
    expect([...differences, ...underway]).to.deep.equal([]);
    const retire = ledger.interface.encodeFunctionData("retire", [linear]);
    const call = { to: await ledger.getAddress(), data: retire };
    await expect(safeSends(safe, call))
      .to.be.revertedWithCustomError(ledger, "AccessManagedUnauthorized")
      .withArgs(safe.address);
    await expect(safeSends(next, call)).to.emit(ledger, "MarketRetired");
  });

  it("waits for the first step, and for the second", async () => {
    const world = await fresh();
    const { manager, safe, next } = world;
    const first = await operationOf(world, safe, grants(world)[0]);
    const second = await operationOf(world, next, revocations(world)[0]);
    await scheduleAll(world, safe, grants(world));
    await networkHelpers.time.increase(delayOf("ADMIN") - 60n);
    await expect(together(world, safe, grants(world)))
      .to.be.revertedWithCustomError(manager, "AccessManagerNotReady")
      .withArgs(first);
    expect(await isAdmin(world, next.address)).to.equal(false);
    await networkHelpers.time.increase(60n);
    await together(world, safe, grants(world));
    await expect(together(world, next, revocations(world)))
      .to.be.revertedWithCustomError(manager, "AccessManagerNotScheduled")
      .withArgs(second);
    await scheduleAll(world, next, revocations(world));
    await networkHelpers.time.increase(delayOf("ADMIN") - 60n);
    await expect(together(world, next, revocations(world)))
      .to.be.revertedWithCustomError(manager, "AccessManagerNotReady")
      .withArgs(second);
    expect((await manager.hasRole(ADMIN, safe.address)).isMember).to.equal(true);
  });

  it("leaves the old one in power until the new one has acted", async () => {
    const world = await granted();
    const { manager, safe } = world;
    await networkHelpers.time.increase(100n * DAY);
    expect(await isAdmin(world, safe.address)).to.equal(true);
    // The new one turns out to be wrong, or lost: the old one takes its roles back.
    const back = OURS.map(({ id }) =>
      manager.interface.encodeFunctionData("revokeRole", [id, world.next.address]),
    );
    await scheduleAll(world, safe, back);
    await networkHelpers.time.increase(delayOf("ADMIN"));
    await together(world, safe, back);
    expect(await isAdmin(world, world.next.address)).to.equal(false);
    expect(await isAdmin(world, safe.address)).to.equal(true);
  });

  it("is a matter of both while there are two: either cancels the other's steps", async () => {
    const world = await granted();
    const { manager, safe, next } = world;
    const [revoke = ""] = revocations(world);
    const to = await manager.getAddress();
    await scheduleAll(world, next, [revoke]);
    const data = manager.interface.encodeFunctionData("cancel", [next.address, to, revoke]);
    await expect(safeSends(safe, { to, data })).to.emit(manager, "OperationCanceled");
    await networkHelpers.time.increase(delayOf("ADMIN"));
    await expect(together(world, next, [revoke]))
      .to.be.revertedWithCustomError(manager, "AccessManagerNotScheduled")
      .withArgs(await operationOf(world, next, revoke));
  });

  it("is nobody's to renounce for another, and a stranger's renouncing changes nothing", async () => {
    const world = await fresh();
    const { manager, safe, stranger, steward } = world;
    for (const signer of [stranger, steward]) {
      await expect(manager.connect(signer).renounceRole(ADMIN, safe.address))
        .to.be.revertedWithCustomError(manager, "AccessManagerBadConfirmation")
        .withArgs();
      await manager.connect(signer).renounceRole(ADMIN, signer.address);
    }
    expect(await isAdmin(world, safe.address)).to.equal(true);
    const { id } = roleNamed("STEWARD");
    expect((await manager.hasRole(id, steward.address)).isMember).to.equal(true);
  });
});
