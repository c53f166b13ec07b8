import { expect } from "chai";

import type { Unfixed } from "../../../../tasks/lib/watch/rules/fixing.ts";
import { fixingConditions } from "../../../../tasks/lib/watch/rules/fixing.ts";
import type { SeenFeed, SeenVote } from "../../../../tasks/lib/watch/rules/stale.ts";
import { staleConditions } from "../../../../tasks/lib/watch/rules/stale.ts";
import { bookId } from "../../../../packages/contracts/src/ids.ts";
import { limits, MARKET, NOON, said } from "./support.ts";

const STATUS = { noPrice: 1n, fewVotes: 2n, apart: 4n, notFresh: 8n, guardApart: 16n };
const SEQUENCER = { down: 32n, grace: 64n };

const vote = (changed: Partial<SeenVote> = {}): SeenVote => ({
  vote: 0,
  classes: ["Chainlink"],
  verdict: "used",
  age: 10n,
  ...changed,
});

const feed = (changed: Partial<SeenFeed> = {}): SeenFeed => ({
  hub: "0x11",
  id: "0x22",
  name: "ETH-USD",
  status: 0n,
  votes: [vote()],
  ...changed,
});

describe("tasks/lib/watch: stale", () => {
  const find = (changed: Partial<SeenFeed>, texts = {}) =>
    staleConditions([feed(changed)], limits(texts));

  it("is silent about a feed that is well", () => {
    expect(find({})).to.deep.equal([]);
  });

  it("sees a class whose reading has been out of date for long", () => {
    const old = vote({ verdict: "stale", age: 901n });
    expect(said(find({ votes: [old] }))).to.deep.equal([
      "warning: Chainlink of ETH-USD has no reading of the last 900 s",
    ]);
    expect(find({ votes: [{ ...old, age: 900n }] })).to.deep.equal([]);
    expect(find({ votes: [{ ...old, verdict: "used" }] })).to.deep.equal([]);
  });

  it("sees a class in quarantine, and one that never spoke, at once", () => {
    expect(
      said(
        find({
          votes: [
            vote({ verdict: "quarantined" }),
            vote({ vote: 1, verdict: "empty", age: undefined }),
          ],
        }),
      ),
    ).to.deep.equal([
      "warning: Chainlink of ETH-USD is in quarantine: it was off the others",
      "warning: Chainlink of ETH-USD has no reading yet",
    ]);
  });

  for (const [what, status, sees] of [
    ["votes that are apart", STATUS.apart, "Live votes are more than 1 % apart."],
    ["a guard that is off", STATUS.guardApart, "A live guard is off the middle"],
    ["a sequencer that is down", SEQUENCER.down, "The sequencer is down"],
  ] as const) {
    it(`sees ${what} at once`, () => {
      const found = find({ status });
      expect(found).to.have.lengthOf(1);
      expect(found[0]?.text).to.contain(`the spot of ETH-USD is degraded: ${sees}`);
    });
  }

  it("gives the sequencer its grace", () => {
    expect(find({ status: SEQUENCER.grace })).to.deep.equal([]);
  });

  it("gives readings their time before few votes are alarming", () => {
    const status = STATUS.fewVotes | STATUS.notFresh;
    const young = { votes: [vote({ age: 100n }), vote({ vote: 1, verdict: "stale", age: 900n })] };
    expect(find({ ...young, status })).to.deep.equal([]);
    const old = { votes: [vote({ age: 100n }), vote({ vote: 1, verdict: "stale", age: 901n })] };
    expect(find({ ...old, status }).map(({ details }) => details["fault"])).to.deep.equal([
      undefined,
      "FewVotes",
    ]);
  });

  it("sees that nothing is fresh once the youngest reading is old", () => {
    const votes = [vote({ verdict: "stale", age: 901n })];
    const status = STATUS.noPrice | STATUS.fewVotes | STATUS.notFresh;
    expect(find({ votes, status }).map(({ key }) => key)).to.deep.equal([
      "0x11 0x22 vote 0 stale",
      "0x11 0x22 NoPrice",
      "0x11 0x22 FewVotes",
      "0x11 0x22 NotFresh",
    ]);
  });

  it("is silent when it is off", () => {
    expect(find({ status: STATUS.apart }, { stale: "off" })).to.deep.equal([]);
  });
});

describe("tasks/lib/watch: fixing", () => {
  const HOUR = 3_600n;
  const DAY = 86_400n;
  const book = (changed: Partial<Unfixed> = {}): Unfixed => ({
    book: bookId(MARKET, NOON),
    expiry: NOON,
    multi: true,
    prolonged: false,
    ...changed,
  });
  const steps = (after: bigint, changed: Partial<Unfixed> = {}) =>
    fixingConditions([book(changed)], NOON + after).map(({ severity, details }) => [
      details["step"],
      severity,
    ]);

  it("sees each closing of several sources pass, the last one as critical", () => {
    expect(steps(2n * HOUR)).to.deep.equal([]);
    expect(steps(2n * HOUR + 1n)).to.deep.equal([["C1", "warning"]]);
    expect(steps(26n * HOUR + 1n).map(([step]) => step)).to.deep.equal(["C1", "C2", "C3"]);
    expect(steps(72n * HOUR + 1n).at(-1)).to.deep.equal(["C4", "critical"]);
  });

  it("waits a day longer for a fixing that an outage prolonged", () => {
    expect(steps(26n * HOUR, { prolonged: true })).to.deep.equal([]);
    expect(steps(26n * HOUR + 1n, { prolonged: true })).to.deep.equal([["C1", "warning"]]);
  });

  it("knows the steps of a single feed", () => {
    const single = { multi: false };
    expect(steps(2n * HOUR, single)).to.deep.equal([]);
    expect(steps(2n * HOUR + 1n, single)).to.deep.equal([["a round of the feed", "warning"]]);
    expect(steps(DAY + 1n, single)).to.have.lengthOf(2);
    expect(steps(3n * DAY + 1n, single)).to.have.lengthOf(3);
    expect(steps(30n * DAY + 1n, single).at(-1)).to.deep.equal(["the mark", "critical"]);
  });

  it("says which book, what passed and when", () => {
    const [found] = fixingConditions([book()], NOON + 3n * HOUR);
    expect(found?.text).to.equal(
      "0x1a2b3c4d@2026-01-05T00:00Z has no price, and C1 passed at 2026-01-05T02:00:00Z",
    );
    expect(found?.details).to.deep.include({ overdueSeconds: 3_600 });
  });
});
