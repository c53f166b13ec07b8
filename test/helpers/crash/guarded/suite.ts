import { expect } from "chai";

import { Chain } from "../../../../scripts/demo/chain.ts";
import { recordedAll } from "../../../../scripts/lib/recorded.ts";
import { HOUR, MINUTE } from "../../../fixtures/units.ts";
import { LEVEL_NAMES, episodesOf, told } from "./episodes.ts";
import { runGuarded } from "./run.ts";
import type { GuardedRun, GuardedWindow } from "./run.ts";
import { statesTable } from "./table.ts";

/** A window to go through: with honest classes, and with one that lies for ten minutes. */
export interface GuardedSuite extends Omit<GuardedWindow, "lie"> {
  /** Beside the title, if it is not the usual setting. */
  readonly note?: string;
  /** When the market was not normal, see `told`. */
  readonly honest: readonly string[];
  /** Who says 70 % of the price from five minutes after the first expiry on; no second run if left out. */
  readonly liar?: "redstone" | "own";
  readonly lying?: readonly string[];
  /** How long after the first expiry the second run ends, 55 minutes if left out. */
  readonly after?: bigint;
}

/** What new risk is told at each level. */
const TOLD = ["ok", "RiskRestricted", "MarketHalted"];
const SETTLED = { fixPrice: "ok", settle: "ok", "claim (maker)": "ok", "claim (taker)": "ok" };
const LIE = { from: 5n * MINUTE, to: 15n * MINUTE, percent: 70n };
/** Everybody looks every other minute until then; a lie, its quarantine and the signs of health take about as long. */
const CLOSELY = 35n * MINUTE;
const AFTER = 55n * MINUTE;

/** One chain for all windows: each begins where the chain did. */
export function guardedSuites(suites: readonly GuardedSuite[]): void {
  let chain: Chain;
  let begin: () => Promise<void>;

  before(async () => {
    const first = suites.reduce(
      (least, { settles }) => (settles < least ? settles : least),
      1n << 40n,
    );
    chain = await Chain.start(first - 24n * HOUR);
    const snapshot = await chain.connection.networkHelpers.takeSnapshot();
    begin = () => snapshot.restore();
  });
  after(() => chain.close());

  const run = async (title: string, window: GuardedWindow): Promise<GuardedRun> => {
    await begin();
    const fresh = Chain.over(chain.connection, window.settles - 4n * HOUR);
    const done = await runGuarded(fresh, window);
    console.log(statesTable(title, done));
    return done;
  };

  for (const suite of suites) {
    const { recorded, collateral, note, settles, liar, lying = [] } = suite;
    const title = note === undefined ? recorded.title : `${recorded.title}, ${note}`;
    describe(title, () => {
      const files = [...recorded.files, ...(collateral?.files ?? [])];
      if (recordedAll(files) === undefined) {
        it("has no recorded prices to go through", () => {
          console.log(`      not beside this checkout: ${files.join(", ")}`);
        });
        return;
      }
      describe("with three honest classes", () => {
        let done: GuardedRun;
        before(async () => {
          done = await run(title, suite);
        });
        behaves(() => done, suite.honest);
        it("never halts", () => {
          expect(done.rows.filter(({ level }) => level === 2n)).to.deep.equal([]);
        });
      });
      if (liar === undefined) return;
      describe(`with ${liar} saying 70 % of the price for ten minutes`, () => {
        let done: GuardedRun;
        const lie = { who: liar, ...LIE, from: settles + LIE.from, to: settles + LIE.to };
        before(async () => {
          const spans = [
            [lie.to, MINUTE],
            [settles + CLOSELY, 2n * MINUTE],
            [settles + (suite.after ?? AFTER), 5n * MINUTE],
          ] as const;
          done = await run(`${title}, ${liar} lies`, { recorded, settles, spans, lie });
        });
        behaves(() => done, lying);
        it("halts with the lie's first reading, and while it lasts", () => {
          const during = done.rows.filter(({ time }) => time >= lie.from && time < lie.to);
          expect(during.map(({ level }) => level)).to.deep.equal(during.map(() => 2n));
          expect(during.map(({ opens }) => opens)).to.deep.equal(during.map(() => "MarketHalted"));
        });
        it("halts for nothing else", () => {
          const halts = done.rows.flatMap(({ acts }) => acts).filter(({ level }) => level === 2n);
          expect(halts).to.have.length(1);
        });
      });
    });
  }
}

/** What holds of every run. */
function behaves(of: () => GuardedRun, expected: readonly string[]): void {
  it("is not normal when it should not be, and then alone", () => {
    expect(told(of().rows)).to.deep.equal(expected);
  });

  it("shuts out new risk while a level is in force, and then alone", () => {
    const { rows } = of();
    const wrong = rows.filter(({ level, opens }) => opens !== TOLD[Number(level)]);
    expect(wrong).to.deep.equal([]);
  });

  it("keeps settlement, withdrawals and, unless halted, closes running", () => {
    const [first, ...others] = of().exits;
    const close = (level: bigint) => (level === 2n ? "MarketHalted" : "ok");
    if (first === undefined) throw new Error("nobody has tried to leave");
    const [level, exits] = first;
    expect(exits, LEVEL_NAMES[Number(level)]).to.deep.equal({
      ...SETTLED,
      withdraw: "ok",
      close: close(level),
    });
    for (const [next, left] of others) {
      expect(left, LEVEL_NAMES[Number(next)]).to.deep.equal({ withdraw: "ok", close: close(next) });
    }
  });

  it("comes back by itself, once for each time, and stays back", () => {
    const { rows, opened } = of();
    const back = rows.filter(
      ({ level }, index) => level === 0n && (rows[index - 1]?.level ?? 0n) > 0n,
    );
    expect(back).to.have.length(episodesOf(rows).length);
    const last = rows.findLastIndex(({ acts }) => acts.some(({ kind }) => kind === "tripped"));
    const after = rows.slice(last + 1).filter((row) => back.includes(row));
    expect(after).to.have.length(last === -1 ? 0 : 1);
    expect(opened).to.equal("ok");
  });
}
