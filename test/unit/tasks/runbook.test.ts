import { readFileSync } from "node:fs";
import { join } from "node:path";

import { TRIGGERS } from "@certus/model";
import { expect } from "chai";
import hre from "hardhat";

import { root } from "../../../scripts/lib/proc.ts";
import { GUARDIAN_ACTIONS } from "../../../tasks/lib/guardian/actions.ts";
import { ACTIONS } from "../../../tasks/lib/multisig/actions/index.ts";

const PAGE = readFileSync(join(root, "docs/runbook.md"), "utf8");
const COMMAND = /npx hardhat ([\w:]+)([^\n`]*)/gu;
/** A task that is named in passing. */
const NAMED = /`([a-z]+:[a-z]+)`/gu;

const commands = [...PAGE.matchAll(COMMAND)].map(([, task = "", rest = ""]) => ({
  task,
  options: [...rest.matchAll(/--([a-z\d-]+)/gu)].map(([, name = ""]) => name),
  rest,
}));

/** What follows an option in the page, of every command that has it, of a task or all. */
function valuesOf(option: string, task = ""): string[] {
  const value = new RegExp(`${task}[^\\n\`]*--${option} (?:"([^"]*)"|(\\S+))`, "gu");
  return [...PAGE.matchAll(value)].map(([, quoted, plain]) => quoted ?? plain ?? "");
}

const camel = (name: string) =>
  name.replaceAll(/-(\w)/gu, (_, letter: string) => letter.toUpperCase());

describe("Tasks", () => {
  describe("runbook", () => {
    it("names tasks that there are, with options that they have", () => {
      expect(commands.length).to.be.greaterThan(10);
      for (const { task, options } of commands) {
        const known = hre.tasks.getTask(task).options;
        for (const name of options) {
          expect([...known.keys()], `${task} --${name}`).to.include(camel(name));
        }
      }
      for (const [, task = ""] of PAGE.matchAll(NAMED)) hre.tasks.getTask(task);
    });

    it("names triggers, and actions of the Safe and the guardian, that there are", () => {
      const triggers = TRIGGERS.map(({ name }) => name as string);
      for (const trigger of valuesOf("trigger")) expect(triggers).to.include(trigger);
      for (const [task, known] of [
        ["multisig:propose", ACTIONS],
        ["guardian:propose", GUARDIAN_ACTIONS],
      ] as const) {
        const actions = valuesOf("action", task).flatMap((value) => value.split(/;\s*/u));
        for (const action of actions) expect(Object.keys(known)).to.include(action);
        expect(actions.length).to.be.greaterThan(1);
      }
    });

    it("fits on a page", () => {
      expect(PAGE.trimEnd().split("\n").length).to.be.at.most(100);
    });
  });
});
