import { readFileSync } from "node:fs";
import { join } from "node:path";

import { expect } from "chai";
import hre from "hardhat";

import { ROLES } from "../../../deploy/roles.ts";
import type { Target } from "../../../deploy/roles.ts";
import { buildOutputOf, inheritedBy } from "../../../scripts/lib/build-output.ts";
import type { AstNode } from "../../../scripts/lib/build-output.ts";
import { root } from "../../../scripts/lib/proc.ts";
import { TABLE } from "./table.ts";

/** Contracts that answer at a target's address. */
const CODE: Readonly<Record<Target, readonly string[]>> = {
  ledger: ["contracts/Clearinghouse.sol:Clearinghouse", "contracts/Annex.sol:Annex"],
  hub: ["contracts/oracle/OracleHub.sol:OracleHub"],
  breaker: ["contracts/guards/CircuitBreaker.sol:CircuitBreaker"],
  bounties: ["contracts/oracle/Bounties.sol:Bounties"],
};

const functionsOf = ({ nodes }: AstNode): AstNode[] =>
  (nodes ?? []).filter(({ nodeType }) => nodeType === "FunctionDefinition");

const isRestricted = ({ modifiers }: AstNode): boolean =>
  (modifiers ?? []).some(({ modifierName }) => modifierName.name === "restricted");

/** Names of the restricted functions that a contract has, its own and inherited ones. */
async function restrictedIn(contract: string): Promise<string[]> {
  const contracts = await inheritedBy(contract);
  return contracts
    .flatMap(functionsOf)
    .filter(isRestricted)
    .map(({ name = "" }) => name);
}

/** Every node below one, itself first. */
function* below(node: unknown): Generator<Readonly<Record<string, unknown>>> {
  if (typeof node !== "object" || node === null) return;
  if (!Array.isArray(node)) yield node as Readonly<Record<string, unknown>>;
  for (const child of Object.values(node)) yield* below(child);
}

/** Functions of which the page says that they are never stopped, or only for whoever opens. */
function promised(): string[] {
  const page = readFileSync(join(root, "docs/protocol.md"), "utf8");
  const [, section = ""] = /### At every guard level\n([^#]*)/.exec(page) ?? [];
  return [...section.matchAll(/`(\w+)`/g)].map(([, name = ""]) => name);
}

describe("what is restricted, in the source", () => {
  it("is exactly what deploy/roles.ts gives to roles", async () => {
    for (const [target, contracts] of Object.entries(CODE)) {
      const given = ROLES.flatMap(({ functions }) => functions)
        .filter(([of]) => of === target)
        .map(([, name]) => name);
      const found = await Promise.all(contracts.map(restrictedIn));
      expect(found.flat().sort(), target).to.deep.equal(given.sort());
    }
  });

  it("is nothing in any contract that is no target", async () => {
    const targets = new Set(Object.values(CODE).flat());
    const all = [...(await hre.artifacts.getAllFullyQualifiedNames())];
    const deployed = all.filter(
      (name) => /^contracts\/(?!mocks|examples)/.test(name) && !targets.has(name),
    );
    const looked: string[] = [];
    for (const name of deployed) {
      const { ast } = await buildOutputOf(name);
      if (ast.contractKind !== "contract" || ast.abstract === true) continue;
      expect(await restrictedIn(name), name).to.deep.equal([]);
      const bases = (await inheritedBy(name)).map((base) => base.name);
      expect(bases, name).to.not.include("AccessManaged");
      looked.push(ast.name ?? "");
    }
    const elsewhere = ["AccessManager", "IClearinghouse"];
    const others = Object.keys(TABLE).filter(
      (name) =>
        !elsewhere.includes(name) && ![...targets].some((each) => each.endsWith(`:${name}`)),
    );
    expect(looked.sort()).to.deep.equal(others.sort());
  });

  it("is asked for by the modifier alone: no function asks the access manager by itself", async () => {
    for (const contract of Object.values(CODE).flat()) {
      const asking: string[] = [];
      for (const base of await inheritedBy(contract)) {
        for (const definition of functionsOf(base)) {
          const names = [...below(definition)].map((node) => node["name"] ?? node["memberName"]);
          const asks = names.some((name) => name === "canCall" || name === "_checkCanCall");
          if (asks) asking.push(`${base.name}.${definition.name}`);
        }
      }
      const hooks = ["AccessManaged._checkCanCall", "Authority._checkCanCall"];
      for (const name of asking) expect(hooks, `${contract}: ${name}`).to.include(name);
      expect(asking).to.include("AccessManaged._checkCanCall");
    }
  });

  it("is nothing that docs/protocol.md promises at every guard level", async () => {
    const open = promised();
    expect(open).to.include.members(["withdraw", "claim", "settle", "free", "fixPrice", "fill"]);
    expect(open.length).to.equal(24);
    const restricted = (await Promise.all(CODE.ledger.map(restrictedIn))).flat();
    expect(open.filter((name) => restricted.includes(name))).to.deep.equal([]);
    const roles = new Set<string>(ROLES.map(({ name }) => name));
    for (const name of open) {
      const who = TABLE["IClearinghouse"]?.[name];
      expect(who, name).to.be.a("string");
      expect(roles.has(who ?? ""), name).to.equal(false);
    }
  });
});
