import { expect } from "chai";

import { Chain } from "../../../../scripts/demo/chain.ts";
import { recordedAll } from "../../../../scripts/lib/recorded.ts";
import { HOUR, MINUTE } from "../../../fixtures/units.ts";
import type { Lie } from "../run.ts";
import { LEVEL_NAMES, episodesOf, told } from "./episodes.ts";
import { runGuarded } from "./run.ts";
import type { GuardedRun, GuardedWindow } from "./run.ts";
import { statesTable } from "./table.ts";

/** A window to go through: with honest classes, with one that lies for ten minutes, and with two that lie. */
export interface GuardedSuite extends Omit<GuardedWindow, "lies"> {
  /** Beside the title, if it is not the usual setting. */
  readonly note?: string;
  /** When the market was not normal, see `told`. */
  readonly honest: readonly string[];
  /** Who says 70 % of the price from five minutes after the first expiry on; no such run if left out. */
  readonly liar?: "redstone" | "own";
  readonly lying?: readonly string[];
  /** The same with both saying something else, 70 % and 140 %; no such run if left out. */
  readonly split?: readonly string[];
  /** How long after the first expiry runs with lies end, 55 minutes if left out. */
  readonly after?: bigint;
}

/** What new risk is told at each level. */
const TOLD = ["ok", "RiskRestricted", "MarketHalted"];
const SETTLED = { fixPrice: "ok", settle: "ok", "claim (maker)": "ok", "claim (taker)": "ok" };
const HALTED = 2n;
/** When a lie begins and ends after the first expiry. */
const LIE = { from: 5n * MINUTE, to: 15n * MINUTE };
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
    const { recorded, collateral, note, settles, liar, lying = [], split } = suite;
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
          expect(haltsIn(done)).to.equal(0);
        });
      });
      const lies = (...said: readonly (readonly ["redstone" | "own", bigint])[]) =>
        said.map(([who, percent]) => ({
          who,
          percent,
          from: settles + LIE.from,
          to: settles + LIE.to,
        }));
      const spans = [
        [settles + LIE.to, MINUTE],
        [settles + CLOSELY, 2n * MINUTE],
        [settles + (suite.after ?? AFTER), 5n * MINUTE],
      ] as const;
      const goes = (
        what: string,
        told_: readonly Lie[],
        expected: readonly string[],
        level: bigint,
      ) => {
        describe(what, () => {
          let done: GuardedRun;
          before(async () => {
            done = await run(`${title}, ${what}`, { recorded, settles, spans, lies: told_ });
          });
          behaves(() => done, expected);
          it("shuts out new risk with the first reading, and while it lasts", () => {
            const during = done.rows.filter(
              ({ time }) => time >= settles + LIE.from && time < settles + LIE.to,
            );
            expect(during.map((row) => row.level)).to.deep.equal(during.map(() => level));
            const refusal = TOLD[Number(level)];
            expect(during.map(({ opens }) => opens)).to.deep.equal(during.map(() => refusal));
          });
          it("halts once where no two classes agree, and else never", () => {
            expect(haltsIn(done)).to.equal(level === HALTED ? 1 : 0);
          });
        });
      };
      if (liar !== undefined) {
        goes(`with ${liar} saying 70 % of the price`, lies([liar, 70n]), lying, 1n);
      }
      if (split !== undefined) {
        const both = lies(["own", 70n], ["redstone", 140n]);
        goes("with own saying 70 % and redstone 140 % of the price", both, split, HALTED);
      }
    });
  }
}

/** How often a run was halted. */
function haltsIn({ rows }: GuardedRun): number {
  return rows.filter(({ level }, i) => level === HALTED && rows[i - 1]?.level !== HALTED).length;
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
