import { expect } from "chai";
import type { FunctionFragment } from "ethers";

import { ADMIN } from "../../../deploy/roles.ts";
import { sample } from "../../fixtures/abi.ts";
import { connect } from "../../fixtures/connection.ts";
import { FEED } from "../../fixtures/oracles.ts";
import { Scope } from "../../fixtures/units.ts";
import { changing, isRefusal, refusalOf, refusedBy } from "./refusals.ts";
import { TABLE } from "./table.ts";
import type { Who } from "./table.ts";
import { deployAccess, memberOf } from "./world.ts";
import type { AccessWorld } from "./world.ts";

const connection = await connect();
const { networkHelpers } = connection;

const deployed = () => deployAccess(connection);
const fresh = () => networkHelpers.loadFixture(deployed);

/** A call as it is found in a contract's ABI, about things that there are. */
function callOf(world: AccessWorld, contract: string, fragment: FunctionFragment) {
  const { [contract]: callable } = world.contracts;
  if (callable === undefined) throw new Error(`${contract} is not deployed`);
  const { maker, guarded, guardedBook, quoteAddress } = world;
  const known: Readonly<Record<string, unknown>> = {
    "account uint256": maker.account,
    "from uint256": maker.account,
    "to uint256": maker.account + 1n,
    "market uint256": guarded,
    "book uint256": guardedBook,
    "feed bytes32": FEED,
    "token address": quoteAddress,
  };
  const args = fragment.inputs.map(
    (input) => known[`${input.name} ${input.type}`] ?? sample(input),
  );
  const data = callable.abi.encodeFunctionData(fragment, args);
  return { to: callable.address, data };
}

/** What somebody is told whose call it is not; nothing where it is everybody's. */
function refusalFor(world: AccessWorld, who: Who, caller: string): string | undefined {
  const { maker, guarded } = world;
  switch (who) {
    case "owner":
      return refusedBy.owner(maker.account, caller);
    case "trade":
      return refusedBy.scope(maker.account, caller, Scope.Trade);
    case "manage":
      return refusedBy.scope(maker.account, caller, Scope.Manage);
    case "guard":
      return refusedBy.guard(guarded, caller);
    case "manager":
      return refusedBy.managed(caller);
    case "self":
    case "entry point":
    case "entry point or self":
      return refusedBy.account(caller);
    default:
      return undefined;
  }
}

/** Who it is that is not refused, where it is not everybody. */
async function rightCallers(world: AccessWorld, who: Who): Promise<string[]> {
  const { maker, targets, manager, guardian } = world;
  const entryPoint = await guardian.entryPoint.getAddress();
  switch (who) {
    case "owner":
    case "trade":
    case "manage":
      return [maker.address];
    case "guard":
      return [targets.breaker];
    case "manager":
      return [await manager.getAddress()];
    case "self":
      return [guardian.address];
    case "entry point":
      return [entryPoint];
    case "entry point or self":
      return [entryPoint, guardian.address];
    default:
      return [];
  }
}

const ROLE_NAMES = new Set([
  "ADMIN",
  "LISTER",
  "RETIRER",
  "RISK",
  "SOURCES",
  "STEWARD",
  "GUARDIAN",
]);

describe("access of everybody", () => {
  for (const contract of Object.keys(TABLE).filter((name) => name !== "AccessManager")) {
    it(`${contract}: nobody is refused for who it is but where the table says so`, async () => {
      const world = await fresh();
      const { [contract]: callable } = world.contracts;
      const rows = TABLE[contract] ?? {};
      for (const fragment of changing(callable?.abi as never)) {
        const who = rows[fragment.name] ?? "view";
        if (ROLE_NAMES.has(who)) continue;
        const call = callOf(world, contract, fragment);
        const right = await rightCallers(world, who);
        for (const [name, from] of Object.entries(world.callers)) {
          const told = await refusalOf(connection, { from, ...call });
          const title = `${contract}.${fragment.name} from ${name}`;
          const refusal = right.includes(from) ? undefined : refusalFor(world, who, from);
          if (refusal === undefined) expect(isRefusal(told), `${title}: ${told}`).to.equal(false);
          else expect(told, title).to.equal(refusal);
        }
        for (const from of right) {
          const told = await refusalOf(connection, { from, ...call });
          expect(isRefusal(told), `${contract}.${fragment.name} from ${who}`).to.equal(false);
        }
      }
    });
  }

  it("the annex by itself obeys nobody", async () => {
    const world = await fresh();
    const { ledger, callers, linear, linearTerms } = world;
    const to = await ledger.annex();
    const calls = [
      ledger.interface.encodeFunctionData("list", [linearTerms]),
      ledger.interface.encodeFunctionData("retire", [linear]),
      ledger.interface.encodeFunctionData("setAuthority", [to]),
    ];
    for (const data of calls) {
      for (const from of [...Object.values(callers), await world.manager.getAddress()]) {
        expect(await refusalOf(connection, { from, to, data })).to.equal(refusedBy.managed(from));
      }
    }
  });
});

describe("access of the access manager itself", () => {
  it("gives the administrator's functions to nobody else", async () => {
    const world = await fresh();
    const { contracts, callers, members, holders } = world;
    const rows = TABLE["AccessManager"] ?? {};
    const administrators = [memberOf(members, "ADMIN").address, holders.safe];
    const callable = contracts["AccessManager"];
    let checked = 0;
    for (const fragment of changing(callable?.abi as never)) {
      if (rows[fragment.name] !== "ADMIN") continue;
      const call = callOf(world, "AccessManager", fragment);
      for (const [name, from] of Object.entries(callers)) {
        const told = await refusalOf(connection, { from, ...call });
        const operation = await world.manager.hashOperation(from, call.to, call.data);
        const expected = administrators.includes(from)
          ? refusedBy.notScheduled(operation)
          : refusedBy.managerRole(from, ADMIN);
        expect(told, `${fragment.name} from ${name}`).to.equal(expected);
        checked += 1;
      }
    }
    expect(checked).to.equal(10 * Object.keys(callers).length);
  });

  it("schedules and executes nobody's call that has no role for it, and cancels nobody else's", async () => {
    const { manager, ledger, stranger, linear, safe, guardian } = await fresh();
    const data = ledger.interface.encodeFunctionData("retire", [linear]);
    const { selector } = ledger.interface.getFunction("retire");
    const own = manager.connect(stranger);
    const to = await ledger.getAddress();
    for (const call of [own.schedule(to, data, 0n), own.execute(to, data)]) {
      await expect(call)
        .to.be.revertedWithCustomError(manager, "AccessManagerUnauthorizedCall")
        .withArgs(stranger.address, to, selector);
    }
    await expect(own.cancel(safe.address, to, data))
      .to.be.revertedWithCustomError(manager, "AccessManagerNotScheduled")
      .withArgs(await manager.hashOperation(safe.address, to, data));
    await expect(own.renounceRole(6n, guardian.address))
      .to.be.revertedWithCustomError(manager, "AccessManagerBadConfirmation")
      .withArgs();
  });

  it("consumes an operation for its target alone, and only while that asks for it", async () => {
    const { manager, ledger, members, linearTerms, stranger } = await fresh();
    const lister = memberOf(members, "LISTER");
    const data = ledger.interface.encodeFunctionData("list", [{ ...linearTerms, lastTrade: 7n }]);
    const to = await ledger.getAddress();
    await manager.connect(lister).schedule(to, data, 0n);
    await networkHelpers.time.increase(3n * 86_400n);
    await expect(manager.connect(stranger).consumeScheduledOp(lister, data)).to.revert(
      connection.ethers,
    );
    await networkHelpers.impersonateAccount(to);
    await networkHelpers.setBalance(to, 10n ** 18n);
    const target = await connection.ethers.getSigner(to);
    await expect(manager.connect(target).consumeScheduledOp(lister, data))
      .to.be.revertedWithCustomError(manager, "AccessManagerUnauthorizedConsume")
      .withArgs(to);
    await expect(lister.sendTransaction({ to, data })).to.emit(ledger, "MarketListed");
  });
});
