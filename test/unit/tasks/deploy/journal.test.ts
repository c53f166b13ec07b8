import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import { journalIn, waitAgain, withDependents } from "../../../../tasks/lib/deploy/journal.ts";

describe("tasks/lib/deploy/journal", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "certus-journal-"));
  });

  afterEach(() => rm(folder, { recursive: true }));

  /** A journal as Ignition writes it: a document a line, with empty ones between. */
  async function journal(...messages: readonly object[]) {
    const lines = [{ type: "DEPLOYMENT_INITIALIZE", chainId: 84_532 }, ...messages];
    const text = lines.map((line) => `\n${JSON.stringify(line)}`).join("");
    await writeFile(join(folder, "journal.jsonl"), text);
    return journalIn(folder);
  }

  const begun = (futureId: string, ...dependencies: string[]) => ({
    ...{ type: "DEPLOYMENT_EXECUTION_STATE_INITIALIZE", futureId, dependencies },
  });
  const asked = (futureId: string, data: string) => ({
    ...{ type: "NETWORK_INTERACTION_REQUEST", futureId, networkInteraction: { data } },
  });
  const prepared = (futureId: string, nonce: number) => ({
    ...{ type: "TRANSACTION_PREPARE_SEND", futureId, nonce },
  });
  const sent = (futureId: string, nonce: number, hash: string) => ({
    ...{ type: "TRANSACTION_SEND", futureId, nonce, transaction: { hash } },
  });

  it("is none where nothing was begun", async () => {
    expect(await journalIn(folder)).to.equal(undefined);
  });

  it("tells transactions by nonce, and one of which it is not known whether it was sent", async () => {
    const read = await journal(
      ...[begun("B"), asked("B", "0xbb"), prepared("B", 1), sent("B", 1, "0x1")],
      ...[begun("A"), asked("A", "0xaa"), prepared("A", 0), sent("A", 0, "0x0")],
      ...[begun("C", "A"), asked("C", "0xcC"), prepared("C", 2)],
    );
    expect(read?.chainId).to.equal(84_532);
    expect(read?.sent).to.deep.equal([
      { future: "A", nonce: 0, hash: "0x0" },
      { future: "B", nonce: 1, hash: "0x1" },
    ]);
    expect(read?.prepared).to.deep.equal([{ future: "C", nonce: 2, data: "0xcC" }]);
    expect([...(read?.futures ?? [])]).to.deep.equal([
      ["B", []],
      ["A", []],
      ["C", ["A"]],
    ]);
  });

  it("keeps all that were sent for a future, and is in no doubt about one sent again for a higher fee", async () => {
    const read = await journal(
      ...[begun("A"), prepared("A", 0), sent("A", 0, "0x0"), prepared("A", 0)],
    );
    expect(read?.prepared).to.deep.equal([]);
    const bumped = await journal(
      ...[begun("A"), prepared("A", 0), sent("A", 0, "0x0"), sent("A", 0, "0x1")],
    );
    expect(bumped?.sent.map(({ hash }) => hash)).to.deep.equal(["0x0", "0x1"]);
  });

  it("forgets what was wiped, and what somebody else's transaction replaced", async () => {
    const read = await journal(
      ...[begun("A"), sent("A", 0, "0x0"), begun("B"), sent("B", 1, "0x1"), begun("C")],
      ...[prepared("C", 2), { type: "WIPE_APPLY", futureId: "A" }],
      ...[{ type: "WIPE_APPLY", futureId: "C" }],
      { type: "ONCHAIN_INTERACTION_REPLACED_BY_USER", futureId: "B" },
    );
    expect([...(read?.futures.keys() ?? [])]).to.deep.equal(["B"]);
    expect([read?.sent, read?.prepared]).to.deep.equal([[], []]);
  });

  it("takes out that a transaction was given up, and nothing else", async () => {
    const given = { type: "ONCHAIN_INTERACTION_TIMEOUT", futureId: "A", networkInteractionId: 1 };
    await journal(begun("A"), prepared("A", 0), sent("A", 0, "0x0"), given, begun("B"));
    const path = join(folder, "journal.jsonl");
    const before = await readFile(path, "utf8");
    expect(await waitAgain(folder)).to.deep.equal(["A"]);
    expect(await readFile(path, "utf8")).to.equal(before.replace(`${JSON.stringify(given)}\n`, ""));
    expect(await waitAgain(folder)).to.deep.equal([]);
  });

  it("finds all that rests on some futures, the last first", async () => {
    const read = await journal(
      ...[begun("A"), begun("B"), begun("C", "A"), begun("D", "B"), begun("E", "C", "D")],
    );
    if (read === undefined) throw new Error("there is a journal");
    expect(withDependents(read, ["A"])).to.deep.equal(["E", "C", "A"]);
    expect(withDependents(read, ["D"])).to.deep.equal(["E", "D"]);
    expect(withDependents(read, ["none"])).to.deep.equal([]);
  });
});
