import { expect } from "chai";

import { Activity } from "../../../../tasks/lib/watch/activity.ts";
import type { Trade } from "../../../../tasks/lib/watch/activity.ts";
import { outflowConditions } from "../../../../tasks/lib/watch/rules/outflow.ts";
import { LEAST_FILLS, volumeConditions } from "../../../../tasks/lib/watch/rules/volume.ts";
import { limits, MARKET, names, NOON, said, TOKEN } from "./support.ts";

const HOUR = 3_600n;

function left(amount: bigint, time: bigint, token = TOKEN) {
  return { block: 1, time, token, amount };
}

describe("tasks/lib/watch: outflow", () => {
  const find = (amounts: readonly (readonly [bigint, bigint])[], held: bigint, changed = {}) =>
    outflowConditions(
      amounts.map(([amount, time]) => left(amount, time)),
      new Map([[TOKEN, held]]),
      NOON,
      limits(changed),
      names,
    );

  it("sees more than the share of what was there leave within the window", () => {
    const found = find([[2_501n, NOON]], 7_499n);
    expect(said(found)).to.deep.equal([
      "warning: 25.01 TKN left within 3600 s, 25.01 % of what was there",
    ]);
    expect(found[0]?.details).to.deep.include({ sharePercent: 25.01, windowSeconds: 3_600 });
  });

  it("lets the share itself pass", () => {
    expect(find([[2_500n, NOON]], 7_500n)).to.deep.equal([]);
  });

  it("adds up within the window, and forgets what is older", () => {
    const held = 7_000n;
    const last = NOON - HOUR + 1n;
    expect(
      find(
        [
          [1_500n, last],
          [1_500n, NOON],
        ],
        held,
      ),
    ).to.have.lengthOf(1);
    expect(
      find(
        [
          [1_500n, last - 1n],
          [1_500n, NOON],
        ],
        held,
      ),
    ).to.deep.equal([]);
  });

  it("sees everything leave, and each token by itself", () => {
    expect(find([[5n, NOON]], 0n)).to.have.lengthOf(1);
    const other = TOKEN + 1n;
    const flows = [left(900n, NOON), left(900n, NOON, other)];
    const held = new Map([
      [TOKEN, 100n],
      [other, 10_000n],
    ]);
    const found = outflowConditions(flows, held, NOON, limits(), names);
    expect(found.map(({ key }) => key)).to.deep.equal([String(TOKEN)]);
  });

  it("is silent when it is off", () => {
    expect(find([[5n, NOON]], 0n, { outflow: "off" })).to.deep.equal([]);
  });
});

describe("tasks/lib/watch: volume", () => {
  const trade = (time: bigint, changed: Partial<Trade> = {}): Trade => ({
    block: 1,
    time,
    market: MARKET,
    premium: 100n,
    fees: 1n,
    opened: 10n,
    ...changed,
  });
  /** A fill every two hours of the day before the window. */
  const day = Array.from({ length: 12 }, (_, i) =>
    trade(NOON - HOUR - 7_200n * BigInt(i) - 1n, { premium: 200n, fees: 2n, opened: 20n }),
  );
  const find = (trades: readonly Trade[], changed = {}) =>
    volumeConditions(trades, NOON, limits(changed), names);

  // 100 of premium, 1 of fees and 10 lots are an hour's average of that day.
  it("sees premium, fees and open interest above so many times the average", () => {
    const found = find([...day, trade(NOON, { premium: 1_001n, fees: 11n, opened: 101n })]);
    expect(said(found)).to.deep.equal([
      "warning: market 1 (0x1a2b3c4d): premium paid is 10.01 times the average of the day before",
      "warning: market 1 (0x1a2b3c4d): fees paid is 11 times the average of the day before",
      "warning: market 1 (0x1a2b3c4d): growth of open interest is 10.1 times the average of the day before",
    ]);
    expect(found.map(({ details }) => details["measure"])).to.deep.equal([
      "premium",
      "fees",
      "openInterest",
    ]);
  });

  it("lets so many times the average pass, and closing of positions", () => {
    expect(find([...day, trade(NOON, { premium: 1_000n, fees: 10n, opened: 100n })])).to.deep.equal(
      [],
    );
    expect(find([...day, trade(NOON, { premium: 0n, fees: 0n, opened: -9_000n })])).to.deep.equal(
      [],
    );
  });

  it("has no average of fewer fills, nor of none", () => {
    const loud = trade(NOON, { premium: 10n ** 9n });
    expect(find([...day.slice(0, LEAST_FILLS), loud])).to.have.lengthOf(1);
    expect(find([...day.slice(0, LEAST_FILLS - 1), loud])).to.deep.equal([]);
    expect(find([loud])).to.deep.equal([]);
  });

  it("looks at the day before the window and no further", () => {
    const old = day.map((one) => ({ ...one, time: one.time - 86_400n }));
    expect(find([...old, trade(NOON, { premium: 10n ** 9n })])).to.deep.equal([]);
  });

  it("takes another factor, and none", () => {
    const loud = [...day, trade(NOON, { premium: 1_001n })];
    expect(find(loud, { volume: "10.01" })).to.deep.equal([]);
    expect(find(loud, { volume: "10" })).to.have.lengthOf(1);
    expect(find(loud, { volume: "off" })).to.deep.equal([]);
  });
});

describe("tasks/lib/watch: activity", () => {
  it("forgets what is too old, and what blocks told that are no more", () => {
    const activity = new Activity(HOUR);
    const horizon = activity.horizon(NOON);
    expect(horizon).to.equal(NOON - 90_000n);
    for (const [block, time] of [
      [1, horizon],
      [2, horizon + 1n],
      [3, NOON],
    ] as const) {
      activity.left({ block, time, token: TOKEN, amount: 1n });
      activity.traded({ block, time, market: MARKET, premium: 0n, fees: 0n, opened: 0n });
    }
    const blocks = () =>
      [activity.outflows, activity.trades].map((all) => all.map((one) => one.block));
    activity.age(NOON);
    expect(blocks()).to.deep.equal([
      [2, 3],
      [2, 3],
    ]);
    activity.rewind(2);
    expect(blocks()).to.deep.equal([[2], [2]]);
  });
});
