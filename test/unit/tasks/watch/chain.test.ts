import { expect } from "chai";

import type { ChainNode, Header } from "../../../../scripts/replay/node.ts";
import { Conditions } from "../../../../tasks/lib/watch/conditions.ts";
import { Differences } from "../../../../tasks/lib/watch/differences.ts";
import { Output } from "../../../../tasks/lib/watch/output.ts";
import { Patience } from "../../../../tasks/lib/watch/patience.ts";
import { faultFinding } from "../../../../tasks/lib/watch/rules/difference.ts";
import { lagConditions } from "../../../../tasks/lib/watch/rules/lag.ts";
import { reorgFinding } from "../../../../tasks/lib/watch/rules/reorg.ts";
import { shortfallConditions } from "../../../../tasks/lib/watch/rules/shortfall.ts";
import { Trail } from "../../../../tasks/lib/watch/trail.ts";
import { limits, names, NOON, said, TOKEN } from "./support.ts";

const header = (number: number, branch = "a"): Header => ({
  number,
  hash: `0x${branch}${number}`,
  time: NOON + BigInt(number),
});
const headers = (from: number, to: number, branch = "a") =>
  Array.from({ length: to - from + 1 }, (_, index) => header(from + index, branch));

describe("tasks/lib/watch: reorg", () => {
  const fork = (depth: number) => ({
    last: header(100),
    common: header(100 - depth),
    remembered: 128,
  });

  it("tells of the blocks that were given up", () => {
    const found = reorgFinding(fork(1), limits());
    expect(said([found])).to.deep.equal([
      "warning: the chain gave up 1 block after 99; the replica follows",
    ]);
    expect(found.details).to.deep.equal({
      depth: 1,
      gaveUp: { number: 100, hash: "0xa100" },
      common: { number: 99, hash: "0xa99" },
    });
  });

  it("is critical beyond the depth, and where no common block is known", () => {
    expect(reorgFinding(fork(64), limits()).severity).to.equal("warning");
    expect(reorgFinding(fork(65), limits()).severity).to.equal("critical");
    expect(said([reorgFinding({ ...fork(1), common: undefined }, limits())])).to.deep.equal([
      "critical: the chain gave up 128 blocks or more; the replica follows",
    ]);
  });
});

describe("tasks/lib/watch: trail", () => {
  const nodeOf = (chain: readonly Header[]) =>
    ({
      headers: async (numbers: readonly number[]) =>
        numbers.map((number) => chain.find((one) => one.number === number)),
    }) as unknown as ChainNode;
  const trailOf = (size: number, all: readonly Header[]) => {
    const trail = new Trail(size);
    trail.add(all);
    return trail;
  };

  it("finds the last block that both branches have", async () => {
    const trail = trailOf(10, headers(1, 8));
    const node = nodeOf([...headers(1, 5), ...headers(6, 9, "b")]);
    expect(await trail.stands(node, 9)).to.equal(false);
    expect(await trail.fork(node)).to.deep.equal({
      last: header(8),
      common: header(5),
      remembered: 8,
    });
  });

  it("takes a node that lacks the newest blocks for one that is behind", async () => {
    const trail = trailOf(10, headers(1, 8));
    const node = nodeOf(headers(1, 6));
    expect(await trail.stands(node, 6)).to.equal(true);
    expect(await trail.stands(node, 8)).to.equal(true);
    expect(await trail.fork(node)).to.equal(undefined);
  });

  it("sees a shorter chain whose newest block is another one", async () => {
    const trail = trailOf(10, headers(1, 8));
    const node = nodeOf([...headers(1, 5), ...headers(6, 6, "b")]);
    expect(await trail.stands(node, 6)).to.equal(false);
    expect((await trail.fork(node))?.common).to.deep.equal(header(5));
  });

  it("knows of no common block where all that it remembers is gone", async () => {
    const trail = trailOf(3, headers(1, 8));
    const found = await trail.fork(nodeOf(headers(1, 8, "b")));
    expect(found).to.deep.equal({ last: header(8), common: undefined, remembered: 3 });
  });

  it("remembers so many blocks, and none across a gap", () => {
    const trail = trailOf(4, headers(1, 8));
    expect(trail.from(8)).to.equal(5);
    expect(trail.last).to.deep.equal(header(8));
    trail.add(headers(7, 9));
    expect(trail.last).to.deep.equal(header(9));
    trail.cut(7);
    expect(trail.last).to.deep.equal(header(7));
    trail.add(headers(20, 21));
    trail.cut(19);
    expect(trail.last).to.equal(undefined);
  });
});

describe("tasks/lib/watch: shortfall", () => {
  const find = (owed: bigint, balance: bigint) =>
    shortfallConditions([{ token: TOKEN, owed, balance }], names);

  it("sees a balance below what is owed, by a single base unit", () => {
    expect(said(find(1_000n, 999n))).to.deep.equal([
      "critical: the ledger owes 10 TKN and has 9.99 TKN",
    ]);
  });

  it("is silent about what suffices, and about gifts", () => {
    expect(find(1_000n, 1_000n)).to.deep.equal([]);
    expect(find(1_000n, 5_000n)).to.deep.equal([]);
  });
});

describe("tasks/lib/watch: lag", () => {
  const find = (seconds: number, answers = true, changed = {}) =>
    said(lagConditions({ seconds, block: 7, answers }, limits(changed)));

  it("sees a chain that stands still, and says whether the node answers", () => {
    expect(find(121)).to.deep.equal([
      "warning: no new block for 120 s: the node answers, and has no newer block",
    ]);
    expect(find(121, false)).to.deep.equal([
      "warning: no new block for 120 s: the node does not answer",
    ]);
  });

  it("waits, and is silent when it is off", () => {
    expect(find(120)).to.deep.equal([]);
    expect(find(10_000, true, { lag: "off" })).to.deep.equal([]);
  });
});

describe("tasks/lib/watch: difference", () => {
  const difference = (found: bigint) => ({
    what: "treasury",
    slot: 1n,
    expected: 5n,
    found,
    fields: [],
  });

  it("tells each difference once, and again if it changes or comes back", () => {
    const differences = new Differences();
    const news = (full: boolean, ...found: bigint[]) =>
      said(differences.news(found.map(difference), full));
    expect(news(true)).to.deep.equal([]);
    expect(differences.any).to.equal(false);
    expect(news(false, 6n)).to.deep.equal(["critical: treasury expected 0x5 found 0x6"]);
    expect(news(true, 6n)).to.deep.equal([]);
    expect(news(false, 7n)).to.have.lengthOf(1);
    expect(news(false)).to.deep.equal([]);
    expect(differences.any).to.equal(true);
    expect(news(true)).to.deep.equal([]);
    expect(differences.any).to.equal(false);
    expect(news(true, 6n)).to.have.lengthOf(1);
  });

  it("tells of events that make no history", () => {
    expect(said([faultFinding("the book is not open")])).to.deep.equal([
      "critical: the events make no history: the book is not open",
    ]);
  });
});

describe("tasks/lib/watch: conditions", () => {
  const condition = (key: string) => ({
    alarm: "lag" as const,
    severity: "warning" as const,
    key,
    text: key,
    details: {},
  });

  it("tells when they begin and when they are over, rule by rule", () => {
    const conditions = new Conditions();
    const changes = (scope: string, ...keys: string[]) =>
      said(conditions.changes(scope, keys.map(condition)));
    expect(changes("one", "a")).to.deep.equal(["warning: a"]);
    expect(changes("two", "a")).to.deep.equal(["warning: a"]);
    expect(changes("one", "a", "b")).to.deep.equal(["warning: b"]);
    expect(changes("one", "b")).to.deep.equal(["info: over: a"]);
    expect(changes("one", "b")).to.deep.equal([]);
    expect(changes("two")).to.deep.equal(["info: over: a"]);
  });
});

describe("tasks/lib/watch: output", () => {
  const finding = (severity: "info" | "warning" | "critical") => ({
    alarm: "lag" as const,
    severity,
    text: "so",
    details: { big: 1n << 70n },
  });

  it("writes lines of JSON, or for people", () => {
    const lines: string[] = [];
    const write = (line: string) => lines.push(line);
    new Output(write, false).tell([finding("info")], { block: 7, time: NOON });
    new Output(write, true).tell([finding("critical")], { block: null, time: NOON });
    expect(lines).to.deep.equal([
      '{"time":"2026-01-05T00:00:00Z","block":7,"alarm":"lag","severity":"info","text":"so","details":{"big":"1180591620717411303424"}}\n',
      "2026-01-05T00:00:00Z CRITICAL lag: so\n",
    ]);
  });

  it("leaves out of lines for people what would move their cursor", () => {
    const lines: string[] = [];
    const said = { ...finding("info"), text: "role 1 is called \u001b[2J\nA" };
    new Output((line) => lines.push(line), true).tell([said], { block: null, time: NOON });
    expect(lines).to.deep.equal(["2026-01-05T00:00:00Z INFO lag: role 1 is called ?[2J?A\n"]);
  });

  for (const [severities, usual, strict] of [
    [[], 0, 0],
    [["info"], 0, 0],
    [["info", "warning"], 0, 1],
    [["critical", "warning"], 2, 2],
  ] as const) {
    it(`ends with ${usual}, strictly with ${strict}, after ${severities.join(" and ") || "nothing"}`, () => {
      const output = new Output(() => {}, false);
      output.tell(severities.map(finding), { block: 1, time: NOON });
      expect([output.exitCode(false), output.exitCode(true)]).to.deep.equal([usual, strict]);
    });
  }
});

describe("tasks/lib/watch: patience", () => {
  it("measures silence and stillness, and waits twice as long each time", () => {
    let time = 0;
    const patience = new Patience(() => time);
    time = 5_000;
    expect([patience.silence, patience.stillness]).to.deep.equal([5_000, 5]);
    expect([patience.next(), patience.next(), patience.next()]).to.deep.equal([500, 1_000, 2_000]);
    patience.heard(false);
    expect([patience.silence, patience.stillness]).to.deep.equal([0, 5]);
    expect(patience.next()).to.equal(500);
    for (let i = 0; i < 10; i++) patience.next();
    expect(patience.next()).to.equal(30_000);
    patience.heard(true);
    expect(patience.stillness).to.equal(0);
  });
});
