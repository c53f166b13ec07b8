import { readFileSync } from "node:fs";
import { join } from "node:path";

import { TRIGGERS } from "@certus/model";
import { expect } from "chai";
import hre from "hardhat";

import { root } from "../../../scripts/lib/proc.ts";
import { ACTIONS } from "../../../tasks/lib/multisig/actions/index.ts";

const PAGE = readFileSync(join(root, "docs/runbook.md"), "utf8");
const COMMAND = /npx hardhat ([\w:]+)([^\n`]*)/gu;
/** A task that is named in passing. */
const NAMED = /`([a-z]+:[a-z]+)`/gu;

const commands = [...PAGE.matchAll(COMMAND)].map(([, task = "", rest = ""]) => ({
  task,
  options: [...rest.matchAll(/--([a-z-]+)/gu)].map(([, name = ""]) => name),
  rest,
}));

/** What follows an option in the page, of every command that has it. */
function valuesOf(option: string): string[] {
  const value = new RegExp(`--${option} (?:"([^"]*)"|(\\S+))`, "gu");
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

    it("names triggers and actions of the Safe that there are", () => {
      const triggers = TRIGGERS.map(({ name }) => name as string);
      for (const trigger of valuesOf("trigger")) expect(triggers).to.include(trigger);
      const actions = valuesOf("action").flatMap((value) => value.split(/;\s*/u));
      for (const action of actions) expect(Object.keys(ACTIONS)).to.include(action);
      expect(actions.length).to.be.greaterThan(0);
    });

    it("fits on a page", () => {
      expect(PAGE.trimEnd().split("\n").length).to.be.at.most(90);
    });
  });
});
