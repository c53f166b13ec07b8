import { decimal, day } from "../../../../scripts/demo/format.ts";
import { statusText } from "../table.ts";
import { LEVEL_NAMES, hour, told, triggerName } from "./episodes.ts";
import type { GuardedRun, Row } from "./run.ts";

/** Nothing happens for so long: a line all the same. */
const SELDOM = 1_800n;
const BPS = 10_000n;

/** A line whenever somebody has brought something about or a level has changed, and every so often. */
export function statesTable(title: string, { rows, exits, transactions }: GuardedRun): string {
  const pegged = rows.some(({ peg }) => peg !== 0n);
  const head = `time        price${pegged ? "    peg" : ""}    apart  level       until  tightness  ceiling`;
  const left = [...exits].map(([level, each]) => {
    const ended = Object.entries(each).map(([name, what]) => `${name} ${what}`);
    return `while ${LEVEL_NAMES[Number(level)] ?? ""}: ${ended.join(", ")}`;
  });
  const lines = [
    head,
    ...shown(rows).map((row) => line(rows, row, pegged)),
    ...told(rows),
    ...left,
    `${rows.length} looks, ${transactions} transactions`,
  ];
  return [`\n      ${title}, ${day(rows[0]?.time ?? 0n)}`, ...lines].join("\n      ");
}

function shown(rows: readonly Row[]): readonly Row[] {
  let last = 0n;
  return rows.filter((row, index) => {
    const changed = row.level !== (rows[index - 1]?.level ?? 0n) || row.acts.length > 0;
    if (!changed && row.time - last < SELDOM) return false;
    last = row.time;
    return true;
  });
}

function line(rows: readonly Row[], row: Row, pegged: boolean): string {
  const { time, mid, peg, apart, level, until, tightness, ceiling, status, acts } = row;
  const cells = [
    hour(rows, time).padEnd(5),
    decimal(mid, 8, 2).padStart(11),
    ...(pegged ? [decimal(peg, 8, 4)] : []),
    `${decimal(apart, 2, 2)} %`.padStart(8),
    `${LEVEL_NAMES[Number(level)] ?? ""}`.padEnd(10),
    level === 0n ? "     " : hour(rows, until).padEnd(5),
    `${decimal(tightness, 2, 0)} %`.padStart(9),
    `${decimal((ceiling * BPS) / largest(rows), 2, 1)} %`.padStart(8),
  ];
  const did = acts.map(({ kind, trigger, measured }) => {
    const what = `${kind} ${triggerName(trigger)}`;
    return kind === "tripped" ? `${what} (${measured})` : what;
  });
  const notes = [status === 0n ? [] : [statusText(status)], did].flat();
  return `${cells.join("  ")}  ${notes.join("; ")}`.trimEnd();
}

/** The ceiling before there was any stress. */
function largest(rows: readonly Row[]): bigint {
  return rows.reduce((most, { ceiling }) => (ceiling > most ? ceiling : most), 1n);
}
