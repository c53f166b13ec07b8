import { TRIGGERS } from "@certus/model";
import { expect } from "chai";

import {
  evidenceBudget,
  guardianBudget,
  haltBudget,
} from "../../../../tasks/lib/breaker/budgets.ts";
import { proofOf } from "../../../../tasks/lib/breaker/shortfall.ts";
import type { Debt } from "../../../../tasks/lib/breaker/shortfall.ts";
import { measureText, triggerBy, triggerName } from "../../../../tasks/lib/breaker/triggers.ts";
import { UsageError } from "../../../../tasks/lib/usage.ts";

const NOW = 1_767_571_200n;
const DAY = 86_400n;

describe("tasks/lib/breaker: triggers", () => {
  it("reads a name however it is written", () => {
    expect(triggerBy("--trigger", " fewvotes ").index).to.equal(1);
    expect(triggerName(4n)).to.equal("FarApart");
    expect(triggerName(0n)).to.equal("None");
  });

  for (const [text, sentence] of [
    [undefined, "--trigger is missing: it is one of FewVotes, NoVotes"],
    ["None", '--trigger: "None" is no trigger: write one of FewVotes'],
    ["Guardian", "--trigger: Guardian needs no evidence and is the guardian's alone"],
  ] as const) {
    it(`refuses ${text ?? "nothing"}`, () => {
      expect(() => triggerBy("--trigger", text)).to.throw(UsageError, sentence);
    });
  }

  it("says what was measured in the unit of the trigger", () => {
    const said = Object.fromEntries(
      TRIGGERS.map((row) => [row.name, measureText(row, 9_712n, 9_700n)]),
    );
    expect(said["NoVotes"]).to.equal(
      "9712 votes are or were good, fewer than 9700 would be evidence",
    );
    expect(said["Apart"]).to.equal(
      "votes of this minute are 97.12 % apart, 97 % would be evidence",
    );
    expect(said["HugeMove"]).to.equal("prices moved by 97.12 %, 97 % would be evidence");
    expect(said["Sequencer"]).to.equal("the sequencer is up, and its grace is over");
    expect(said["Depeg"]).to.equal(
      "the collateral is worth 0.9712, less than 0.97 would be evidence",
    );
    expect(said["Shortfall"]).to.equal("9712, where more than 9700 would be evidence");
  });
});

describe("tasks/lib/breaker: budgets", () => {
  it("counts the halts of the last seven days", () => {
    const at = (older: bigint, newer: bigint) => haltBudget({ older, newer }, NOW);
    expect(at(0n, 0n)).to.deep.equal({ left: 2, from: undefined });
    expect(at(0n, NOW - DAY)).to.deep.equal({ left: 1, from: undefined });
    expect(at(NOW - 2n * DAY, NOW - DAY)).to.deep.equal({ left: 0, from: NOW + 5n * DAY });
    expect(at(NOW - 7n * DAY, NOW - DAY)).to.deep.equal({ left: 1, from: undefined });
  });

  it("leaves evidence one of them", () => {
    expect(evidenceBudget({ newer: 0n }, NOW)).to.deep.equal({ left: 1, from: undefined });
    const newer = NOW - 7n * DAY;
    expect(evidenceBudget({ newer }, NOW)).to.deep.equal({ left: 1, from: undefined });
    expect(evidenceBudget({ newer: newer + 1n }, NOW)).to.deep.equal({ left: 0, from: NOW + 1n });
  });

  it("gives the guardian two in seven days, a day apart", () => {
    const at = (olderImposed: bigint, newerImposed: bigint) =>
      guardianBudget({ olderImposed, newerImposed }, NOW);
    expect(at(0n, 0n)).to.deep.equal({ left: 2, from: undefined });
    expect(at(0n, NOW - 3_600n)).to.deep.equal({ left: 1, from: NOW - 3_600n + DAY });
    expect(at(0n, NOW - DAY)).to.deep.equal({ left: 1, from: undefined });
    expect(at(NOW - 2n * DAY, NOW - DAY)).to.deep.equal({ left: 0, from: NOW + 5n * DAY });
  });
});

describe("tasks/lib/breaker: the proof of a shortfall", () => {
  const book = (id: bigint, owed: bigint): Debt => ({ kind: "book", id, owed });
  const account = (id: bigint, owed: bigint): Debt => ({ kind: "account", id, owed });
  const debts = [account(9n, 5n), book(3n, 40n), account(1n, 30n), book(2n, 20n), book(1n, 0n)];

  it("names the fewest debts that exceed the balance, ascending", () => {
    expect(proofOf(debts, 75n)).to.deep.equal({
      books: [2n, 3n],
      accounts: [1n],
      owed: 90n,
      balance: 75n,
    });
    expect(proofOf(debts, 39n)).to.deep.include({ books: [3n], accounts: [], owed: 40n });
    expect(proofOf(debts, 90n)).to.deep.include({ accounts: [1n, 9n], owed: 95n });
  });

  it("names all that is owed where it does not exceed the balance, and nothing that is not", () => {
    expect(proofOf(debts, 95n)).to.deep.include({ books: [2n, 3n], accounts: [1n, 9n], owed: 95n });
    expect(proofOf([], 0n)).to.deep.equal({ books: [], accounts: [], owed: 0n, balance: 0n });
  });
});
