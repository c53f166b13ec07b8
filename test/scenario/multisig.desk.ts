import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { expect } from "chai";
import { Interface } from "ethers";
import hre from "hardhat";

import { governedOf } from "../../tasks/lib/governed.ts";
import type { Governed } from "../../tasks/lib/governed.ts";
import { marketJson } from "../../tasks/lib/marketReport.ts";
import { marketBy } from "../../tasks/lib/markets.ts";
import { safeAccount } from "../../tasks/lib/multisig/account.ts";
import { ACTIONS } from "../../tasks/lib/multisig/actions/index.ts";
import { ABIS, callOf } from "../../tasks/lib/multisig/calls.ts";
import { Given } from "../../tasks/lib/multisig/given.ts";
import { kitOf } from "../../tasks/lib/multisig/kit.ts";
import { operationsIn } from "../../tasks/lib/multisig/operations.ts";
import { toJson } from "../../tasks/lib/print.ts";
import { openSession } from "../../tasks/lib/session.ts";
import type { Session } from "../../tasks/lib/session.ts";
import { actionRows } from "./multisig.actions.ts";
import { partsOf } from "./multisig.support.ts";
import type { MultisigWorld } from "./multisig.support.ts";

/** What the tasks of the Safe work out before they propose. */
export function desk(of: () => MultisigWorld): void {
  describe("with a session of its own", () => {
    let world: MultisigWorld;
    let session: Session;
    let governed: Governed;

    before(async () => {
      world = of();
      const { url: rpc, lens } = world;
      const located = { rpc, lens, ledger: undefined, fromBlock: undefined };
      session = await openSession({ ...located, deployments: undefined }, hre);
      governed = await governedOf(session, partsOf(world.named), hre);
    });

    after(() => session?.close());

    const market = async (text: string) => (await marketBy(session, "market", text)).market;
    const reason = (work: Promise<unknown>) =>
      work.then(String, (error: unknown) =>
        error instanceof Error ? error.message : String(error),
      );

    it("makes the call of every action", async () => {
      const { governed: all, manager, file } = world;
      const { ledger, breaker } = all.targets;
      const safe = await safeAccount(session, governed);
      const desk = { session, governed, safe, kit: await kitOf(session, safe) };
      const { data } = callOf("", ABIS.manager, "setTargetClosed", [breaker, true]);
      await world.through("close.json", { to: manager, data, schedule: true });
      const [waiting] = await operationsIn(session, manager);
      if (waiting === undefined) throw new Error("nothing waits");
      const keys = { 1: await market("1"), 3: await market("3") };
      const rows = actionRows(world, keys, waiting);
      for (const [name, values, expected] of rows) {
        const given = new Given(name, values);
        expect(await ACTIONS[name]?.call(desk, given), name).to.deep.equal(expected);
        given.done([]);
      }

      const terms = file("terms.json");
      const first = await marketBy(session, "market", "1");
      await writeFile(terms, toJson(marketJson(first)));
      const listed = await ACTIONS["list"]?.call(desk, new Given("list", { terms }));
      expect(listed).to.deep.equal(callOf(ledger, ABIS.ledger, "list", [first.view.terms]));
      const signature = "f(uint256[],bool)";
      const raw = { to: ledger, value: "5", signature, values: [[1], "true"] };
      const called = await ACTIONS["call"]?.call(desk, new Given("call", raw));
      const f = new Interface([`function ${signature}`]);
      const made = callOf(ledger, f, "f", [[1], true], 5n);
      expect(called).to.deep.equal({ ...made, signature });
      const tested = [...rows.map(([name]) => name), "list", "call"];
      expect(tested).to.have.members(Object.keys(ACTIONS));
    });

    it("finds the deployment in its file, and says what is missing", async () => {
      const { governed: all, manager, file, otherSafe, owners } = world;
      const { ledger, breaker } = all.targets;
      const safe = all.safe.address;
      const deployments = file("deployments");
      await mkdir(deployments);
      const known = async (clearinghouse: string) => {
        const names = { clearinghouse, lens: world.lens, circuitBreaker: breaker };
        const contracts = { ...names, accessManager: manager, multiSend: otherSafe };
        const finality = { kind: "confirmations", confirmations: 1 };
        const written = { chainId: 31_337, block: 0, finality, contracts, roles: { admin: safe } };
        await writeFile(join(deployments, "here.json"), toJson(written));
        return governedOf(session, { ...partsOf({}), deployments }, hre);
      };
      const found = await known(ledger);
      expect(await found.need("safe")).to.equal(safe);
      expect(found.names.get(breaker)).to.equal("breaker");
      expect(found.find("multiSend")).to.equal(undefined);
      expect(await reason(found.need("bounties"))).to.contain("pass its address with --bounties");
      const others = await known(otherSafe);
      expect(await reason(others.need("safe"))).to.contain("No safe is known of the ledger");
      const empty = await governedOf(session, partsOf({ safe: owners[0] }), hre);
      expect(await reason(empty.need("safe"))).to.contain("There is no contract at");
      const wrong = await governedOf(session, partsOf({ safe: breaker }), hre);
      expect(await reason(safeAccount(session, wrong))).to.contain("is no Safe");
    });
  });
}
