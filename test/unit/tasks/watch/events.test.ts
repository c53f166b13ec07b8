import { expect } from "chai";

import { accountId, bookId } from "../../../../packages/contracts/src/ids.ts";
import { OperationBook } from "../../../../tasks/lib/watch/operations.ts";
import { breakerFindings } from "../../../../tasks/lib/watch/rules/breaker.ts";
import type { SeenGuard } from "../../../../tasks/lib/watch/rules/breaker.ts";
import { payoutFindings } from "../../../../tasks/lib/watch/rules/payout.ts";
import { authorityFinding, pendingFindings } from "../../../../tasks/lib/watch/rules/pending.ts";
import { retiredFindings } from "../../../../tasks/lib/watch/rules/retired.ts";
import { standingFindings } from "../../../../tasks/lib/watch/rules/standing.ts";
import { createState, keyOf } from "@certus/model";
import { limits, MARKET, names, NOON, said, TOKEN } from "./support.ts";

const OWNER = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
const calls = {
  call: (target: string, data: string) => `call ${data} of ${target}`,
  functionName: (selector: string) => `function ${selector}`,
};

describe("tasks/lib/watch: payout", () => {
  const paid = (payout: bigint, collateral: bigint, pool: bigint, changed = {}) =>
    payoutFindings(
      [
        {
          book: bookId(MARKET, NOON),
          token: TOKEN,
          account: accountId(OWNER, 3n),
          payout,
          collateral,
          pool,
        },
      ],
      limits(changed),
      names,
    );

  it("sees an account win more than its share of a pool", () => {
    expect(said(paid(26_000n, 900n, 100_000n))).to.deep.equal([
      `warning: ${OWNER}:3 won 251 TKN in 0x1a2b3c4d@2026-01-05T00:00Z, 25.1 % of its pool`,
    ]);
  });

  it("lets the share pass, and an account that gets back what it had", () => {
    expect(paid(25_000n, 0n, 100_000n)).to.deep.equal([]);
    expect(paid(100_000n, 100_000n, 100_000n)).to.deep.equal([]);
    expect(paid(10n, 100_000n, 100_000n)).to.deep.equal([]);
  });

  it("is silent when it is off", () => {
    expect(paid(100_000n, 0n, 100_000n, { payout: "off" })).to.deep.equal([]);
  });
});

describe("tasks/lib/watch: retired", () => {
  it("sees a market retired, and nothing else", () => {
    expect(said(retiredFindings([MARKET], names))).to.deep.equal([
      "warning: market 1 (0x1a2b3c4d) was retired: it takes no new risk any more",
    ]);
    expect(retiredFindings([], names)).to.deep.equal([]);
  });
});

describe("tasks/lib/watch: breaker", () => {
  const open = { level: 0n, until: 0n, ceiling: 100n };
  const guard = (changed: Partial<SeenGuard> = {}): SeenGuard => ({
    market: MARKET,
    token: TOKEN,
    level: 2n,
    until: NOON + 60n,
    ceiling: 100n,
    before: open,
    ...changed,
  });
  const find = (guards: readonly SeenGuard[], told: readonly (readonly [string, object])[] = []) =>
    said(
      breakerFindings(
        {
          time: NOON,
          guards,
          told: told.map(([name, args]) => ({ name, args: { market: MARKET, ...args } })),
        },
        names,
      ),
    );

  it("sees a level that a guard sets, and its end before its time", () => {
    expect(find([guard()])).to.deep.equal([
      "warning: market 1 (0x1a2b3c4d) is halted until 2026-01-05T00:01:00Z, by its guard",
    ]);
    const before = { level: 1n, until: NOON + 1n, ceiling: 100n };
    expect(find([guard({ level: 0n, until: 0n, before })])).to.deep.equal([
      "info: market 1 (0x1a2b3c4d) was released by its guard",
    ]);
  });

  it("is silent about what changes nothing", () => {
    expect(find([guard({ level: 0n, until: 0n })])).to.deep.equal([]);
    expect(find([guard({ until: NOON })])).to.deep.equal([]);
    const over = { level: 1n, until: NOON, ceiling: 100n };
    expect(find([guard({ level: 0n, until: 0n, before: over })])).to.deep.equal([]);
  });

  it("remarks another ceiling", () => {
    expect(find([guard({ level: 0n, until: 0n, ceiling: 50n })])).to.deep.equal([
      "info: the ceiling of market 1 (0x1a2b3c4d) is 0.5 TKN now",
    ]);
  });

  it("gives the breaker's reason instead, once", () => {
    const tripped = { trigger: 4n, level: 2n, until: NOON + 60n, measured: 900n };
    expect(find([guard()], [["Tripped", tripped]])).to.deep.equal([
      "warning: market 1 (0x1a2b3c4d) is halted until 2026-01-05T00:01:00Z: FarApart",
    ]);
    expect(find([guard({ level: 0n })], [["Released", { trigger: 3n }]])).to.deep.equal([
      "info: market 1 (0x1a2b3c4d) was released, which Apart had tripped",
    ]);
  });

  it("passes over what a breaker tells of feeds", () => {
    expect(find([], [["Observed", { market: undefined, feed: "0x" }]])).to.deep.equal([]);
  });

  it("says what is left of a level that ends early", () => {
    const before = { level: 2n, until: NOON + 90n, ceiling: 100n };
    expect(find([guard({ level: 1n, before })], [["Released", { trigger: 3n }]])).to.deep.equal([
      "info: market 1 (0x1a2b3c4d) was released, which Apart had tripped; it stays restricted until 2026-01-05T00:01:00Z",
    ]);
  });

  it("tells of a level that comes into force beside something else", () => {
    const before = { level: 2n, until: NOON, ceiling: 100n };
    expect(find([guard({ level: 1n, before })], [["Adapted", {}]])).to.deep.equal([
      "warning: market 1 (0x1a2b3c4d) is restricted until 2026-01-05T00:01:00Z, by its guard",
    ]);
  });

  it("passes over adapted ceilings, and tells of notices and thresholds", () => {
    expect(find([guard({ level: 0n, ceiling: 5n })], [["Adapted", {}]])).to.deep.equal([]);
    expect(
      find(
        [],
        [
          ["NoticeGiven", { trigger: 1n }],
          ["NoticeAnswered", { trigger: 2n }],
          ["MarketEnrolled", {}],
          ["PolicySet", {}],
          ["TokenFeedSet", {}],
        ],
      ),
    ).to.deep.equal([
      "info: market 1 (0x1a2b3c4d): somebody gives notice of FewVotes",
      "info: market 1 (0x1a2b3c4d): the notice of NoVotes is answered",
      "info: market 1 (0x1a2b3c4d) is watched by its breaker from now on",
      "warning: the thresholds of market 1 (0x1a2b3c4d) were changed",
      "warning: the feed of the collateral of market 1 (0x1a2b3c4d) was set",
    ]);
  });
});

describe("tasks/lib/watch: pending", () => {
  const scheduled = {
    operationId: "0xaa",
    nonce: 1n,
    schedule: NOON + 60n,
    caller: "0x01",
    target: "0x02",
    data: "0x1234",
  };
  const told = (name: string, args: object) => ({ name, transaction: "0x", args: { ...args } });

  it("follows an operation from its schedule to its end", () => {
    const operations = new OperationBook();
    const find = (name: string, args: object, block: number) => {
      const event = told(name, args);
      operations.follow(event, block);
      return said(pendingFindings([event], operations.all, calls));
    };
    expect(find("OperationScheduled", scheduled, 5)).to.deep.equal([
      "warning: 0x01 schedules call 0x1234 of 0x02, from 2026-01-05T00:01:00Z on",
    ]);
    expect(operations.standing(NOON).map(([id]) => id)).to.deep.equal(["0xaa"]);
    const week = 604_800n;
    expect(operations.standing(NOON + 60n + week - 1n)).to.have.lengthOf(1);
    expect(operations.standing(NOON + 60n + week)).to.deep.equal([]);
    expect(find("OperationExecuted", { operationId: "0xaa" }, 7)).to.deep.equal([
      "info: call 0x1234 of 0x02 was executed",
    ]);
    expect(operations.standing(NOON)).to.deep.equal([]);
    operations.rewind(6);
    expect(operations.standing(NOON)).to.have.lengthOf(1);
    operations.rewind(4);
    expect(operations.standing(NOON)).to.deep.equal([]);
    expect(find("OperationCanceled", { operationId: "0xaa" }, 8)).to.deep.equal([
      "info: operation 0xaa was cancelled",
    ]);
  });

  for (const [name, args, text] of [
    [
      "RoleGranted",
      { roleId: 3n, account: "0x01", delay: 60n, since: NOON, newMember: true },
      "warning: 0x01 gets role 3: delay 60 s, from 2026-01-05T00:00:00Z on",
    ],
    [
      "RoleGranted",
      { roleId: 3n, account: "0x01", delay: 0n, since: NOON, newMember: false },
      "warning: 0x01 has another delay in role 3: delay 0 s, from 2026-01-05T00:00:00Z on",
    ],
    ["RoleRevoked", { roleId: 3n, account: "0x01" }, "warning: 0x01 loses role 3"],
    ["RoleLabel", { roleId: 3n, label: "RISK" }, "info: role 3 is called RISK"],
    [
      "RoleAdminChanged",
      { roleId: 3n, admin: 4n },
      "warning: role 3 is granted by role 4 from now on",
    ],
    [
      "RoleGuardianChanged",
      { roleId: 3n, guardian: 6n },
      "warning: operations of role 3 are cancelled by role 6 from now on",
    ],
    [
      "RoleGrantDelayChanged",
      { roleId: 3n, delay: 5n, since: NOON },
      "warning: grants of role 3 wait 5 s from 2026-01-05T00:00:00Z on",
    ],
    [
      "TargetFunctionRoleUpdated",
      { target: "0x02", selector: "0x12345678", roleId: 3n },
      "warning: function 0x12345678 of 0x02 wants role 3 from now on",
    ],
    [
      "TargetAdminDelayUpdated",
      { target: "0x02", delay: 5n, since: NOON },
      "warning: changes of who may call 0x02 wait 5 s from 2026-01-05T00:00:00Z on",
    ],
    [
      "TargetClosed",
      { target: "0x02", closed: true },
      "warning: restricted functions of 0x02 are closed",
    ],
    [
      "TargetClosed",
      { target: "0x02", closed: false },
      "warning: restricted functions of 0x02 are open again",
    ],
    ["Upgraded", {}, "warning: the access manager says Upgraded"],
  ] as const) {
    it(`tells ${text}`, () => {
      const found = pendingFindings([told(name, args)], new Map(), calls);
      expect(said(found)).to.deep.equal([text]);
      expect(found[0]?.details["what"]).to.equal(name);
    });
  }

  it("bears a time that no date can name", () => {
    const never = told("OperationScheduled", { ...scheduled, schedule: (1n << 48n) - 1n });
    const [found] = pendingFindings([never], new Map(), calls);
    expect(found?.text).to.contain("from 281474976710655 on");
  });

  it("is silent about nothing", () => {
    expect(pendingFindings([], new Map(), calls)).to.deep.equal([]);
  });

  it("takes another access manager for worse than another treasury", () => {
    const to = `0x${"0".repeat(38)}12`;
    expect(said([authorityFinding("AuthorityUpdated", 1n, 0x12n)])).to.deep.equal([
      `critical: the ledger's access manager is ${to} now`,
    ]);
    expect(said([authorityFinding("TreasurySet", 1n, 0x12n)])).to.deep.equal([
      `warning: the ledger's treasury is ${to} now`,
    ]);
  });
});

describe("tasks/lib/watch: what stands at the beginning", () => {
  const find = (level: bigint, until: bigint) => {
    const state = createState({ chainId: 1n, ledger: 1n, treasury: 1n });
    const guard = { level, until, ceiling: 7n, olderHalt: 0n, newerHalt: 0n, retired: false };
    const terms = { token: TOKEN } as never;
    state.markets.set(keyOf(MARKET), {
      marketId: 0n,
      market: MARKET,
      terms,
      scale: { inverse: false, num: 1n, den: 1n },
      guard,
    });
    const operations = new OperationBook();
    operations.follow(
      {
        name: "OperationScheduled",
        transaction: "0x",
        args: {
          operationId: "0xaa",
          schedule: NOON + 60n,
          caller: "0x01",
          target: "0x02",
          data: "0x1234",
        },
      },
      1,
    );
    return said(standingFindings(state, operations, NOON, names, calls));
  };
  const waits = "warning: call 0x1234 of 0x02 waits to be executed, from 2026-01-05T00:01:00Z on";

  it("tells levels in force and operations that wait", () => {
    expect(find(1n, NOON + 60n)).to.deep.equal([
      "warning: market 1 (0x1a2b3c4d) is restricted until 2026-01-05T00:01:00Z, by its guard",
      waits,
    ]);
  });

  it("passes over levels that are over", () => {
    expect(find(1n, NOON)).to.deep.equal([waits]);
    expect(find(0n, 0n)).to.deep.equal([waits]);
  });
});
