import { breakerCalls } from "../crash/guarded/world.ts";
import { Refused, ledgerCalls } from "../../../scripts/demo/chain.ts";
import type { Receipt } from "../../../scripts/demo/chain.ts";
import { DAY, HOUR, MINUTE } from "../../fixtures/units.ts";
import { diceOf } from "./fuzz.ts";
import { hoursShut } from "./hours.ts";
import type { Sample } from "./hours.ts";
import { Owners } from "./owners.ts";
import type { Attacker, Planned } from "./powers.ts";
import { CAMPAIGN, actAs, bring } from "./stage.ts";
import type { Stage } from "./stage.ts";

/** What a campaign has come to. */
export interface Campaign {
  /** What owners were refused that they must not be; nothing, if all is well. */
  readonly findings: readonly string[];
  /** Books that were settled and paid out while it went on. */
  readonly settled: number;
  readonly calls: number;
  /** Those that passed, by name. */
  readonly passed: ReadonlyMap<string, number>;
  /** Hours during which new risk was shut out, see `hoursShut`. */
  readonly shut: ReturnType<typeof hoursShut>;
  /** Least ceiling that anybody met, parts in 10,000 of the terms'. */
  readonly ceiling: bigint;
  /** When it began, unix seconds, and how many days it took. */
  readonly begins: bigint;
  readonly days: bigint;
}

/** What is to happen at a time. */
interface Event {
  readonly time: bigint;
  readonly act: () => Promise<void>;
}

const BPS = 10_000n;
/** The attacker is idle for less than this, seconds. */
const PAUSE = 18_000;
const EVERYDAY = 2n * DAY;
/** Honest people answer a notice this fast; ten minutes are what they have. */
const ANSWERED = 5n * MINUTE;
const NOTICED = breakerCalls.getEvent("NoticeGiven")?.topicHash ?? "";

/** Weeks of an attacker who does what it likes, of owners who do what they are entitled to, and of whoever brings readings. */
export async function runCampaign(
  stage: Stage,
  attacker: Attacker,
  seed: number,
): Promise<Campaign> {
  const { chain, ledger, linear, linearTerms, books, begins } = stage;
  const owners = new Owners(stage);
  await owners.begin();
  const from = attacker.from(stage);
  await actAs(stage, from);
  const ends = begins + CAMPAIGN;
  const samples: Sample[] = [];
  const passed = new Map<string, number>();
  let calls = 0;
  let ceiling = BPS;
  const queue: Event[] = [];
  const plan = (time: bigint, act: Event["act"]) => {
    if (time < ends) queue.push({ time, act });
  };

  const attempt = async ({ attempt: { name, to, data } }: Planned) => {
    calls++;
    try {
      const { logs } = await chain.send(name, { from, to, data });
      passed.set(name, (passed.get(name) ?? 0) + 1);
      if (logs.some(({ topics }) => topics[0] === NOTICED)) {
        plan(chain.time + ANSWERED, () => bring(stage));
      }
      for (const account of accountsIn(logs)) owners.others.add(account);
      const least = ceilingIn(logs, linear, linearTerms.ceiling);
      if (least < ceiling) ceiling = least;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
    }
  };
  const dice = diceOf(seed);
  for (let at = begins; at < ends; at += BigInt(dice(PAUSE))) {
    plan(at, async () => {
      for (const planned of await attacker.turn(stage, dice)) {
        if (planned.after === 0n) await attempt(planned);
        else plan(chain.time + planned.after, () => attempt(planned));
      }
    });
  }
  for (let at = begins; at < ends; at += attacker.sampled ?? HOUR) {
    plan(at, async () => {
      const params = [Number(chain.time)];
      await chain.connection.provider.request({ method: "evm_mine", params });
      samples.push({ time: chain.time, shut: (await owners.shut()) !== undefined });
    });
  }
  for (let at = begins + HOUR; at < ends; at += EVERYDAY) {
    plan(at, async () => {
      await bring(stage);
      const { level, until } = await ledger.guardOf(linear);
      await owners.everyday(level === 2n && until > chain.time);
    });
  }
  for (const { book, expiry } of books) plan(expiry + MINUTE, () => owners.settle(book, expiry));

  while (queue.length > 0) {
    const next = queue.reduce((first, each) => (each.time < first.time ? each : first));
    queue.splice(queue.indexOf(next), 1);
    chain.advance(next.time);
    await next.act();
  }
  const { findings, settled } = owners;
  const shut = hoursShut(samples);
  return { findings, settled, calls, passed, shut, ceiling, begins, days: CAMPAIGN / DAY };
}

/** Accounts whose collateral has changed. */
function accountsIn(logs: Receipt["logs"]): readonly bigint[] {
  return logs.flatMap((log) => {
    const event = ledgerCalls.parseLog(log);
    const moved = event?.name === "Deposited" || event?.name === "Allocated";
    return event !== null && moved ? [event.args.getValue("account") as bigint] : [];
  });
}

/** The least ceiling that a market was given, parts in 10,000 of its terms'. */
function ceilingIn(logs: Receipt["logs"], market: bigint, whole: bigint): bigint {
  return logs.reduce((least, log) => {
    const event = ledgerCalls.parseLog(log);
    if (event?.name !== "GuardSet" || event.args.getValue("market") !== market) return least;
    const part = ((event.args.getValue("ceiling") as bigint) * BPS) / whole;
    return part < least ? part : least;
  }, BPS);
}

/** A line of what a campaign has come to. */
export function campaignTold(name: string, seed: number, campaign: Campaign): string {
  const { calls, passed, shut, ceiling, settled, days } = campaign;
  const through = [...passed.values()].reduce((sum, each) => sum + each, 0);
  const most = [...passed].sort((a, b) => b[1] - a[1]).slice(0, 6);
  return [
    `      ${name}, seed ${seed}: ${calls} calls in ${days} days, ${through} of which passed`,
    `(${most.map(([what, count]) => `${what} ${count}`).join(", ")});`,
    `shut ${shut.all} h, at most ${shut.worstWeek} h in seven days;`,
    `ceiling at least ${Number(ceiling) / 100} %; ${settled} books settled`,
  ].join(" ");
}
