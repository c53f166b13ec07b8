import { readFileSync } from "node:fs";
import { join } from "node:path";

import { expect } from "chai";

import { root } from "../../scripts/lib/proc.ts";
import { functionNames, mutatingNames } from "../fixtures/abi.ts";
import { Trigger } from "../fixtures/breaker.ts";
import { connect } from "../fixtures/connection.ts";
import {
  ALWAYS,
  BEFORE,
  EXPIRED,
  FIXED,
  K,
  UNFIXED,
  UNLESS_HALTED,
  opening,
  position,
  succeed,
} from "../fixtures/exits.ts";
import type { Exits } from "../fixtures/exits.ts";
import { fill } from "../fixtures/fills.ts";
import { deployGoverned } from "../fixtures/governance.ts";
import type { Governed } from "../fixtures/governance.ts";
import { callSeries } from "../fixtures/ids.ts";
import { OracleBench } from "../fixtures/oracles.ts";
import { safeSends } from "../fixtures/safe.ts";
import { Level, MINUTE, WEEK, usd } from "../fixtures/units.ts";
import { fix, now, passTo } from "../fixtures/world.ts";
import { stands } from "../fixtures/wraps.ts";

const connection = await connect();
const bench = new OracleBench(connection);

/** What is stopped by a level, by retirement or by whose call it is; a mutating function is here or stays open. */
const GATED = {
  byLevel: ["fill", "fillMany", "wrap"],
  byRetirement: ["openBook"],
  byRole: ["list", "retire", "setTreasury", "setAuthority", "setGuard"],
};

/** Between the two phrases docs/protocol.md names what nothing stops. */
const RULE = /no level and no retirement stops:(.*?)Halted stops(.*?);/su;

const STATES = ["Normal", "Restricted", "Halted", "retired", "retired and Halted"] as const;
type State = (typeof STATES)[number];

/** When the level begins before the expiry that it goes beyond. */
const LATE = 10n * MINUTE;

/** The usual world, its linear market guarded by the breaker, under its governance; positions to leave. */
async function opened(): Promise<Governed> {
  const governed = await deployGoverned(connection);
  const world = { ...governed, linear: governed.guarded, linearBook: governed.guardedBook };
  await position(world);
  return world;
}

/** No two votes agree. */
const FAR_APART = [1_800, 1_900, 2_000, 2_110];
/** Votes that are apart, and too far from each other for one to judge another. */
const APART = [1_970, 1_990, 2_015, 2_035];

/** Votes of the feed at a time. */
async function read(world: Governed, time: bigint, votes: readonly number[]): Promise<void> {
  for (const [index, price] of votes.entries()) {
    await bench.update(world, BigInt(index), { price: usd(price), time });
  }
}

/** Anyone trips, with evidence: far apart halts at once, apart restricts after a minute. */
async function trip(world: Governed, level: bigint): Promise<void> {
  const { breaker, linear, stranger } = world;
  const anyone = breaker.connect(stranger);
  const time = (await now(world)) + MINUTE;
  await read(world, time, level === Level.Halted ? FAR_APART : APART);
  await bench.at(time);
  if (level === Level.Halted) {
    await anyone.trip(linear, Trigger.FarApart, 0n);
    return;
  }
  await anyone.notice(linear, Trigger.Apart);
  await read(world, time + MINUTE, APART);
  await bench.at(time + MINUTE);
  await anyone.trip(linear, Trigger.Apart, 0n);
}

/** Brings the market into a state, the level by evidence, retirement by the admin Safe. */
async function enter(state: State, late: boolean): Promise<Governed> {
  const world = await connection.networkHelpers.loadFixture(opened);
  const { ledger, safe, address, linear, expiry } = world;
  if (late) await passTo(world, expiry - LATE);
  if (state.startsWith("retired")) {
    const data = ledger.interface.encodeFunctionData("retire", [linear]);
    await safeSends(safe, { to: address, data });
  }
  const level = levelOf(state);
  if (level !== Level.Normal) await trip(world, level);
  if (late) await passTo(world, expiry);
  const guard = await ledger.guardOf(linear);
  const inForce = guard.until > (await now(world)) ? guard.level : Level.Normal;
  expect([inForce, guard.retired]).to.deep.equal([level, state.startsWith("retired")]);
  return world;
}

function levelOf(state: State): bigint {
  if (state.endsWith("Halted")) return Level.Halted;
  return state === "Restricted" ? Level.Restricted : Level.Normal;
}

/** What opens is shut as the state says. */
async function gates(world: Governed, state: State): Promise<void> {
  const { ledger, linear, linearBook, expiry } = world;
  const patch = await opening(world);
  const act = async () => fill(world, patch);
  const { until } = await ledger.guardOf(linear);
  if (levelOf(state) === Level.Halted)
    await stands(world, act, "MarketHalted", [linearBook, until]);
  else if (state !== "Normal") {
    await stands(world, act, "RiskRestricted", [linearBook, callSeries(linearBook, K)]);
  } else await act();
  const next = async () => ledger.openBook(linear, expiry + WEEK);
  if (state.startsWith("retired")) await stands(world, next, "MarketIsRetired", [linear]);
  else await expect(next()).to.emit(ledger, "BookOpened");
}

const namesOf = (...exits: readonly Exits[]) => new Set(exits.flatMap(Object.keys));
const wordsOf = (text: string | undefined) =>
  [...(text ?? "").matchAll(/`(\w+)`/gu)].map(([, word = ""]) => word);

describe("Attack", () => {
  describe("exits under the breaker", () => {
    it("are what the ABI has beside what is gated, and what docs/protocol.md says", () => {
      const open = namesOf(ALWAYS, BEFORE, EXPIRED, UNFIXED, FIXED);
      const gated = Object.values(GATED).flat();
      expect([...open, ...gated].sort()).to.deep.equal(mutatingNames());
      const page = readFileSync(join(root, "docs/protocol.md"), "utf8");
      const [, always, halted] = RULE.exec(page) ?? [];
      expect(wordsOf(always).sort()).to.deep.equal([...open].sort());
      expect(wordsOf(halted)).to.deep.equal(GATED.byLevel);
      expect(functionNames()).to.include.members(gated);
    });

    for (const state of STATES) {
      const closing = levelOf(state) === Level.Halted ? [] : [UNLESS_HALTED];

      it(`all succeed before expiry when the market is ${state}; what opens is shut`, async () => {
        const world = await enter(state, false);
        await gates(world, state);
        await succeed(world, BEFORE, ...closing, ALWAYS);
      });

      it(`all succeed after expiry when the market is ${state}: price, settlement, money`, async () => {
        const world = await enter(state, true);
        await succeed(world, EXPIRED, ALWAYS, UNFIXED, FIXED);
      });

      it(`all succeed when the price was fixed before the market was ${state}`, async () => {
        const world = await enter(state, true);
        await fix(world, usd(1_900), world.linearBook);
        await succeed(world, EXPIRED, FIXED, ALWAYS);
      });
    }
  });
});
