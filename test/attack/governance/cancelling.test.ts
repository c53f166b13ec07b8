import { expect } from "chai";

import { ROLES, roleNamed } from "../../../deploy/roles.ts";
import { selectorOf } from "../../../deploy/selectors.ts";
import { connect } from "../../fixtures/connection.ts";
import {
  cancelCall,
  delayOf,
  deployGoverned,
  execute,
  ofManager,
  schedule,
  thresholds,
} from "../../fixtures/governance.ts";
import type { Governed, RoleCall } from "../../fixtures/governance.ts";
import { act, operation, send } from "../../fixtures/guardian.ts";
import { FEED, encodeFeed, feedArgs } from "../../fixtures/oracles.ts";
import { safeSends } from "../../fixtures/safe.ts";
import { DAY } from "../../fixtures/units.ts";

const connection = await connect();
const { networkHelpers } = connection;

const deployed = () => deployGoverned(connection);
const fresh = () => networkHelpers.loadFixture(deployed);

type Make = (world: Governed) => Promise<RoleCall>;

/** A call of every function that waits, by `target.name`. */
const DELAYED: Readonly<Record<string, Make>> = {
  "ledger.list": async ({ ledger, linearTerms, address }) => ({
    to: address,
    data: ledger.interface.encodeFunctionData("list", [{ ...linearTerms, lastTrade: 7n }]),
  }),
  "breaker.setPolicy": async (world) => {
    const { breaker, guarded, targets } = world;
    const policy = await thresholds(world, -1n);
    const data = breaker.interface.encodeFunctionData("setPolicy", [guarded, policy]);
    return { to: targets.breaker, data };
  },
  "bounties.setBounty": async ({ bounties, guarded, targets }) => ({
    to: targets.bounties,
    data: bounties.interface.encodeFunctionData("setBounty", [guarded, 7n]),
  }),
  "hub.createFeed": async ({ hub, sources, targets }) => {
    const addresses = await Promise.all(sources.map((source) => source.getAddress()));
    const args = feedArgs({ feed: encodeFeed("another") }, addresses);
    return { to: targets.hub, data: hub.interface.encodeFunctionData("createFeed", [...args]) };
  },
  "hub.addSource": async ({ hub, targets, stranger }) => ({
    to: targets.hub,
    data: hub.interface.encodeFunctionData("addSource", [FEED, stranger.address]),
  }),
  "breaker.setTokenFeed": async ({ breaker, guarded, targets }) => ({
    to: targets.breaker,
    data: breaker.interface.encodeFunctionData("setTokenFeed", [guarded, FEED]),
  }),
  "ledger.setTreasury": async ({ ledger, address, stranger }) => ({
    to: address,
    data: ledger.interface.encodeFunctionData("setTreasury", [stranger.address]),
  }),
};

/** Calls that the manager makes for its administrator. */
const ADMINISTRATIVE: Readonly<Record<string, Make>> = {
  grantRole: (world) => ofManager(world, "grantRole", [1n, world.stranger.address, 0]),
  revokeRole: (world) => ofManager(world, "revokeRole", [6n, world.holders.guardian]),
  setRoleGuardian: (world) => ofManager(world, "setRoleGuardian", [1n, 0n]),
  setTargetFunctionRole: (world) =>
    ofManager(world, "setTargetFunctionRole", [
      ...[world.targets.ledger, [selectorOf("ledger", "list")], 5n],
    ]),
  updateAuthority: (world) =>
    ofManager(world, "updateAuthority", [world.targets.ledger, world.targets.hub]),
};

/** How the access manager names a call of the Safe. */
async function operationOf({ manager, safe }: Governed, { to, data }: RoleCall): Promise<string> {
  return manager.hashOperation(safe.address, to, data);
}

async function cancelled(world: Governed, call: RoleCall): Promise<boolean> {
  return (await world.manager.getSchedule(await operationOf(world, call))) === 0n;
}

/** A call of one of the functions that wait. */
async function delayedCall(world: Governed, name: string): Promise<RoleCall> {
  const make = DELAYED[name];
  if (make === undefined) throw new Error(`there is no call of ${name}`);
  return make(world);
}

/** The guardian tries, and the access manager refuses. */
async function refused(world: Governed, call: RoleCall): Promise<void> {
  const { guardian, manager, safe } = world;
  const { keys, entryPoint, address } = guardian;
  const made = await operation(
    guardian,
    [await cancelCall(world, call)],
    [keys.p256, keys.passkey],
  );
  const selector = call.data.slice(0, 10);
  const args = [address, safe.address, call.to, selector] as const;
  const reason = manager.interface.encodeErrorResult("AccessManagerUnauthorizedCancel", [...args]);
  await expect(send(guardian, made))
    .to.emit(entryPoint, "UserOperationRevertReason")
    .withArgs(await entryPoint.getUserOpHash(made), address, made.nonce, reason);
  expect(await cancelled(world, call)).to.equal(false);
}

describe("cancelling what is scheduled", () => {
  for (const { name, delay, guardian, functions } of ROLES) {
    for (const [target, called] of delay === 0 ? [] : functions) {
      const can = guardian === "GUARDIAN" ? "is the guardian's" : "is not the guardian's";
      it(`${can}: ${target}.${called} of ${name}`, async () => {
        const world = await fresh();
        const call = await delayedCall(world, `${target}.${called}`);
        await schedule(world, call);
        if (guardian !== "GUARDIAN") return refused(world, call);
        const sent = act(world.guardian, await cancelCall(world, call));
        await expect(sent).to.emit(world.manager, "OperationCanceled");
        expect(await cancelled(world, call)).to.equal(true);
        await networkHelpers.time.increase(delayOf(name));
        await expect(execute(world, call))
          .to.be.revertedWithCustomError(world.manager, "AccessManagerNotScheduled")
          .withArgs(await operationOf(world, call));
      });
    }
  }

  for (const [name, make] of Object.entries(ADMINISTRATIVE)) {
    it(`is not the guardian's: the administrator's ${name}`, async () => {
      const world = await fresh();
      const call = await make(world);
      await schedule(world, call);
      await refused(world, call);
    });
  }

  it("is nobody else's, and the Safe's own for all that it scheduled", async () => {
    const world = await fresh();
    const { manager, stranger, steward, safe } = world;
    const call = await delayedCall(world, "ledger.list");
    await schedule(world, call);
    for (const signer of [stranger, steward]) {
      await expect(manager.connect(signer).cancel(safe.address, call.to, call.data))
        .to.be.revertedWithCustomError(manager, "AccessManagerUnauthorizedCancel")
        .withArgs(signer.address, safe.address, call.to, call.data.slice(0, 10));
    }
    const { target, data } = await cancelCall(world, call);
    await expect(safeSends(safe, { to: target, data })).to.emit(manager, "OperationCanceled");
  });
});

describe("operations", () => {
  const { delay } = roleNamed("LISTER");

  it("are executed within a week, and expire then", async () => {
    const world = await fresh();
    const { ledger, manager } = world;
    const call = await delayedCall(world, "ledger.list");
    await schedule(world, call);
    const ready = BigInt(await networkHelpers.time.latest()) + BigInt(delay);
    const snapshot = await networkHelpers.takeSnapshot();

    await networkHelpers.time.setNextBlockTimestamp(ready + 7n * DAY);
    await expect(execute(world, call))
      .to.be.revertedWithCustomError(manager, "AccessManagerExpired")
      .withArgs(await operationOf(world, call));
    await expect(schedule(world, call)).to.emit(manager, "OperationScheduled");

    await snapshot.restore();
    await networkHelpers.time.setNextBlockTimestamp(ready + 7n * DAY - 1n);
    await expect(execute(world, call)).to.emit(ledger, "MarketListed");
  });

  it("are bound to who scheduled them, and happen once", async () => {
    const world = await fresh();
    const { ledger, manager, stranger } = world;
    const call = await delayedCall(world, "ledger.list");
    await schedule(world, call);
    await networkHelpers.time.increase(delay);
    await expect(manager.connect(stranger).execute(call.to, call.data))
      .to.be.revertedWithCustomError(manager, "AccessManagerUnauthorizedCall")
      .withArgs(stranger.address, call.to, call.data.slice(0, 10));
    await expect(execute(world, call)).to.emit(ledger, "MarketListed");
    await expect(execute(world, call))
      .to.be.revertedWithCustomError(manager, "AccessManagerNotScheduled")
      .withArgs(await operationOf(world, call));
  });
});
