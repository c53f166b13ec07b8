import { STANDING, VERDICT } from "@certus/model";
import { expect } from "chai";

import { time as clock } from "../../../scripts/demo/format.ts";
import { recordedAll } from "../../../scripts/lib/recorded.ts";
import { CLASS_NAMES } from "./feed.ts";
import type { Sight } from "./feed.ts";
import { honest, runCrash } from "./run.ts";
import type { Crash, CrashRun, Lie } from "./run.ts";
import { flagText, stepText, timeline } from "./table.ts";
import type { Recorded } from "./windows.ts";

/** What a run must come to. */
export interface Outcome {
  /** Where it settles: price at 8 decimals, step of the ladder, and what was odd about it. */
  readonly price: bigint;
  readonly step: string;
  readonly flags: string;
  /** Who was quarantined and when, as `push 13:09`. */
  readonly quarantined: readonly string[];
}

/** A window to go through, with the truth and with a lie. */
export interface CrashSuite extends Pick<Crash, "from" | "expiry" | "until"> {
  readonly recorded: Recorded;
  readonly lie: Lie;
  /** Decimals shown of a price. */
  readonly places: number;
  readonly honest: Outcome;
  readonly lying: Outcome;
}

/** A class is off by more than three of a hundred. */
const OFF = 3n;
const MINUTE = 60n;
/** Seconds by which the push feed is late. */
const LAG = 30n;

/** Tests of a window; without the recorded prices one that says so. */
export function crashSuite(suite: CrashSuite): void {
  const { recorded, from, expiry, until } = suite;
  describe(recorded.title, () => {
    const paths = recordedAll(recorded.files);
    if (paths === undefined) {
      it("has no recorded prices to go through", () => {
        console.log(`      not beside this checkout: ${recorded.files.join(", ")}`);
      });
      return;
    }
    const { base, signers } = recorded;
    const crash = { base, signers, venues: recorded.venues(paths, LAG), from, expiry, until };
    describe("with three honest classes", () => goThrough(suite, crash, suite.honest));
    describe(`with ${suite.lie.who} saying ${suite.lie.percent} % of the price`, () => {
      goThrough(suite, crash, suite.lying, suite.lie);
    });
  });
}

function goThrough(suite: CrashSuite, crash: Crash, outcome: Outcome, lie?: Lie): void {
  const { recorded, places } = suite;
  let run: CrashRun;

  before(async () => {
    run = await runCrash(crash, lie);
    console.log(timeline(`${recorded.title}${lie ? `, ${lie.who} lies` : ""}`, run, places));
  });

  it("keeps the middle within what honest classes say, and tells what the twin does", () => {
    for (const sight of run.sights) {
      const { mid, live } = sight.spot;
      if (live === 0n) continue;
      const prices = honest(sight, lie);
      const [lowest = 0n, highest = 0n] = [prices[0], prices.at(-1)];
      expect(mid >= lowest && mid <= highest, `the middle of ${sight.time}`).to.equal(true);
    }
  });

  it("quarantines only who was off by more than three per cent twice", () => {
    const turns = run.sights.flatMap((sight) => sight.turns);
    const quarantined = turns.filter(({ kind }) => kind === "quarantined");
    for (const { at, vote, price, middle } of quarantined) {
      const gap = price > middle ? price - middle : middle - price;
      expect(gap * 100n > middle * OFF, `${vote} at ${at}`).to.equal(true);
      expect(standingBefore(run.sights, at, vote)).to.equal(STANDING.suspect);
    }
    const told = quarantined.map(({ at, vote }) => `${vote} ${clock(at).slice(11)}`);
    expect(told).to.deep.equal(outcome.quarantined);
  });

  it("ends with all three classes counting", () => {
    const last = run.sights.at(-1);
    expect(last?.votes.map(({ verdict }) => verdict)).to.deep.equal(Array(3).fill(VERDICT.used));
    expect(last?.votes.map(({ store }) => store?.standing)).to.deep.equal(
      Array(3).fill(STANDING.clear),
    );
  });

  it("settles at the mean of the medians of thirty samples", () => {
    const fixed = run.fixes.at(-1)?.[1];
    if (fixed?.ok !== true) throw new Error("it has not settled");
    const medians = run.values.map(
      (values) => values.toSorted((a, b) => (a < b ? -1 : 1))[1] ?? 0n,
    );
    expect(fixed.price).to.equal(medians.reduce((sum, each) => sum + each, 0n) / 30n);
    const { price, step, flags } = outcome;
    expect([fixed.price, stepText(fixed.step), flagText(fixed.flags)]).to.deep.equal([
      price,
      step,
      flags,
    ]);
  });

  if (lie === undefined) return;

  it("quarantines the lie while it lasts and lets its class back by itself", () => {
    const turns = run.sights.flatMap((sight) => sight.turns).filter(({ vote }) => vote === lie.who);
    const began = turns.find(({ kind }) => kind === "quarantined");
    const ended = turns.findLast(({ kind }) => kind === "released");
    expect(began && began.at > lie.from && began.at < lie.to).to.equal(true);
    expect(ended && ended.at >= lie.to + 10n * MINUTE).to.equal(true);
  });

  it("settles within what the honest classes proved", () => {
    const fixed = run.fixes.at(-1)?.[1];
    const truth = run.values.map((values) =>
      values
        .filter((_, vote) => CLASS_NAMES[vote] !== lie.who)
        .toSorted((a, b) => (a < b ? -1 : 1)),
    );
    const ends = [0, 1].map(
      (end) => truth.reduce((sum, each) => sum + (each[end] ?? 0n), 0n) / 30n,
    );
    const [lowest = 0n, highest = 0n] = ends;
    const price = fixed?.ok === true ? fixed.price : 0n;
    expect(price >= lowest && price <= highest).to.equal(true);
  });
}

function standingBefore(sights: readonly Sight[], at: bigint, vote: string): bigint | undefined {
  const before = sights.findLast(({ time }) => time < at);
  return before?.votes[CLASS_NAMES.findIndex((name) => name === vote)]?.store?.standing;
}
