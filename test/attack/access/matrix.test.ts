import { expect } from "chai";
import type { Interface } from "ethers";
import hre from "hardhat";

import { ROLES } from "../../../deploy/roles.ts";
import type { Target } from "../../../deploy/roles.ts";
import { buildOutputOf } from "../../../scripts/lib/build-output.ts";
import { connect } from "../../fixtures/connection.ts";
import { changing, refusalOf, refusedBy } from "./refusals.ts";
import { RIGHT } from "./restricted.ts";
import { TABLE } from "./table.ts";
import { deployAccess, memberOf } from "./world.ts";
import type { AccessWorld } from "./world.ts";

const connection = await connect();
const { ethers, networkHelpers } = connection;

const deployed = () => deployAccess(connection);
const fresh = () => networkHelpers.loadFixture(deployed);

/** The table's name of each target. */
const CONTRACT: Readonly<Record<Target, string>> = {
  ledger: "IClearinghouse",
  hub: "OracleHub",
  breaker: "CircuitBreaker",
  bounties: "Bounties",
};

/** Functions of one name that a contract has, beyond one: the guardian's nonce can be asked for a key as well. */
const OVERLOADS: Readonly<Record<string, readonly string[]>> = { Guardian: ["getNonce"] };

/** Names of all functions of an ABI, as often as they are there. */
const names = (abi: Interface): string[] => {
  const found: string[] = [];
  abi.forEachFunction(({ name }) => found.push(name));
  return found.sort();
};

/** A call of a restricted function with which its role succeeds. */
async function rightCall(world: AccessWorld, target: Target, name: string) {
  const right = RIGHT[`${target}.${name}`];
  const { [CONTRACT[target]]: contract } = world.contracts;
  if (right === undefined || contract === undefined) throw new Error(`no call of ${name}`);
  await right.prepare?.(world);
  const args = await right.args(world);
  const { address: to, abi } = contract;
  return { to, abi, event: right.event, data: abi.encodeFunctionData(name, args) };
}

/** Who has a role: its member here, and whoever `deploy/roles.ts` names. */
function holdersOf({ members, holders }: AccessWorld, role: (typeof ROLES)[number]): string[] {
  return [memberOf(members, role.name).address, holders[role.holder]];
}

describe("access matrix", () => {
  describe("the table", () => {
    for (const [contract, rows] of Object.entries(TABLE)) {
      it(`has a row for every function of ${contract}, and no other`, async () => {
        const { contracts } = await fresh();
        const abi = contracts[contract]?.abi;
        if (abi === undefined) throw new Error(`${contract} is not deployed`);
        const rowsAndMore = [...Object.keys(rows), ...(OVERLOADS[contract] ?? [])];
        expect(names(abi)).to.deep.equal(rowsAndMore.sort());
        const quiet = new Set(changing(abi).map(({ name }) => name));
        for (const [name, who] of Object.entries(rows)) {
          expect(quiet.has(name), `${contract}.${name} changes something`).to.equal(who !== "view");
        }
      });
    }

    it("has every contract that is deployed", async () => {
      const beside = ["contracts/mocks/", "contracts/examples/"];
      const own = (name: string) =>
        name.startsWith("contracts/") && !beside.some((folder) => name.startsWith(folder));
      const all = [...(await hre.artifacts.getAllFullyQualifiedNames())].filter(own);
      const found: string[] = [];
      for (const name of all) {
        const { bytecode, contractName } = await hre.artifacts.readArtifact(name);
        const { ast } = await buildOutputOf(name);
        if (bytecode !== "0x" && ast.contractKind === "contract") found.push(contractName);
      }
      // The two halves of the ledger are one row of their interface; OpenZeppelin's manager is not in contracts/.
      const halves = ["Annex", "Clearinghouse"];
      expect(found.sort()).to.deep.equal(
        [...Object.keys(TABLE), ...halves]
          .filter((name) => name !== "IClearinghouse" && name !== "AccessManager")
          .sort(),
      );
      const { contracts } = await fresh();
      const whole = new Set(names(contracts["IClearinghouse"]?.abi as Interface));
      for (const half of halves) {
        const { abi } = await hre.artifacts.readArtifact(half);
        for (const name of names(new ethers.Interface(abi))) {
          expect(whole.has(name), `${half}.${name} is no function of the ledger`).to.equal(true);
        }
      }
    });

    it("gives to roles what deploy/roles.ts gives them", () => {
      const given = ROLES.flatMap(({ name, functions }) =>
        functions.map(([target, called]) => `${CONTRACT[target]}.${called} ${name}`),
      );
      const roles = new Set(ROLES.map(({ name }) => name));
      const table = Object.entries(TABLE)
        .filter(([contract]) => contract !== "AccessManager")
        .flatMap(([contract, rows]) =>
          Object.entries(rows)
            .filter(([, who]) => roles.has(who))
            .map(([called, who]) => `${contract}.${called} ${who}`),
        );
      expect(table.sort()).to.deep.equal(given.sort());
    });
  });

  for (const role of ROLES) {
    for (const [target, name] of role.functions) {
      describe(`${target}.${name}, of ${role.name}`, () => {
        it("is refused to everybody else", async () => {
          const world = await fresh();
          const { to, data } = await rightCall(world, target, name);
          const holders = new Set(holdersOf(world, role));
          let refused = 0;
          for (const [caller, from] of Object.entries(world.callers)) {
            if (holders.has(from)) continue;
            const told = await refusalOf(connection, { from, to, data });
            expect(told, caller).to.equal(refusedBy.managed(from));
            refused += 1;
          }
          expect(refused).to.equal(Object.keys(world.callers).length - holders.size);
        });

        it(
          role.delay === 0 ? "is its member's, at once" : "waits, and is its member's then",
          async () => {
            const world = await fresh();
            const { manager, members } = world;
            const { to, data, abi, event } = await rightCall(world, target, name);
            const member = memberOf(members, role.name);
            if (role.delay > 0) {
              const operation = await manager.hashOperation(member, to, data);
              const none = refusedBy.notScheduled(operation);
              expect(await refusalOf(connection, { from: member.address, to, data })).to.equal(
                none,
              );
              await manager.connect(member).schedule(to, data, 0n);
              const from = BigInt(await networkHelpers.time.latest()) + BigInt(role.delay);
              await networkHelpers.time.setNextBlockTimestamp(from - 1n);
              await expect(member.sendTransaction({ to, data }))
                .to.be.revertedWithCustomError(manager, "AccessManagerNotReady")
                .withArgs(operation);
              await networkHelpers.time.setNextBlockTimestamp(from);
            }
            const contract = new ethers.Contract(to, abi, ethers.provider);
            await expect(member.sendTransaction({ to, data })).to.emit(contract, event);
          },
        );
      });
    }
  }
});
