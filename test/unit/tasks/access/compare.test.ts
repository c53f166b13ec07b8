import { expect } from "chai";

import { PUBLIC, roleNamed } from "../../../../deploy/roles.ts";
import { selectorOf } from "../../../../deploy/selectors.ts";
import { compareAccess } from "../../../../tasks/lib/access/compare.ts";
import type { Difference, DifferenceKind } from "../../../../tasks/lib/access/difference.ts";
import type { AccessState } from "../../../../tasks/lib/access/state.ts";
import { DEPLOYER, NOW, PARTIES, STRANGER, rightState, withRole, withTarget } from "./state.ts";

const DAY = 86_400;
const { safe, steward, guardian } = PARTIES.holders;
const member = (account: string, seconds: number) => ({
  account,
  since: 1n,
  delay: { now: seconds },
});
const soon = { seconds: 7 * DAY, from: NOW + 1n };

/** One planted fault of each kind, and the difference by which it is told. */
const PLANTED: readonly {
  readonly title: string;
  readonly state: AccessState;
  readonly told: Difference;
}[] = [
  {
    title: "events and views that contradict each other",
    state: { ...rightState(), contradictions: ["role 1 of somebody"] },
    told: {
      kind: "contradiction",
      what: "role 1 of somebody",
      found: "events and views that differ",
      expected: "the same",
    },
  },
  {
    title: "a holder without its role",
    state: withRole("STEWARD", () => ({ members: [] })),
    told: {
      kind: "member missing",
      what: `${steward} in STEWARD`,
      found: "no member",
      expected: "member, delay none",
    },
  },
  {
    title: "a holder whose grant still waits",
    state: withRole("GUARDIAN", () => ({
      members: [{ ...member(guardian, 0), since: NOW + 86_400n }],
    })),
    told: {
      kind: "member waiting",
      what: `${guardian} in GUARDIAN`,
      found: "member from 2027-01-16T08:00:00Z",
      expected: "member now",
    },
  },
  {
    title: "somebody more in a role",
    state: withRole("LISTER", ({ members }) => ({ members: [...members, member(STRANGER, 0)] })),
    told: {
      kind: "member not expected",
      what: `${STRANGER} in LISTER`,
      found: "member, delay none",
      expected: "no member",
    },
  },
  {
    title: "a deployer that is administrator still",
    state: withRole("ADMIN", ({ members }) => ({ members: [member(DEPLOYER, 0), ...members] })),
    told: {
      kind: "first administrator",
      what: `${DEPLOYER} in ADMIN, from the beginning`,
      found: "member, delay none",
      expected: "no member",
    },
  },
  {
    title: "another execution delay",
    state: withRole("RISK", () => ({ members: [member(safe, DAY)] })),
    told: {
      kind: "member delay",
      what: `delay of ${safe} in RISK`,
      found: "1 d",
      expected: "2 d",
    },
  },
  {
    title: "an execution delay that will be right",
    state: withRole("ADMIN", () => ({
      members: [{ ...member(safe, 0), delay: { now: 0, next: soon } }],
    })),
    told: {
      kind: "member delay",
      what: `delay of ${safe} in ADMIN`,
      found: "none, 7 d from 2027-01-15 08:00:01 UTC",
      expected: "7 d",
    },
  },
  {
    title: "another label",
    state: withRole("RISK", () => ({ label: "CALM" })),
    told: { kind: "label", what: "label of RISK", found: "CALM", expected: "RISK" },
  },
  {
    title: "another role's members that grant it",
    state: withRole("LISTER", () => ({ admin: roleNamed("STEWARD").id })),
    told: { kind: "role admin", what: "admin of LISTER", found: "STEWARD", expected: "ADMIN" },
  },
  {
    title: "a role that nobody can stop",
    state: withRole("SOURCES", () => ({ guardian: 0n })),
    told: {
      kind: "role guardian",
      what: "guardian of SOURCES",
      found: "ADMIN",
      expected: "GUARDIAN",
    },
  },
  {
    title: "a grant that counts at once",
    state: withRole("GUARDIAN", () => ({ grantDelay: { now: 0 } })),
    told: {
      kind: "grant delay",
      what: "grant delay of GUARDIAN",
      found: "none",
      expected: "7 d",
    },
  },
  {
    title: "a grant delay that will not stay",
    state: withRole("RETIRER", () => ({
      grantDelay: { now: 7 * DAY, next: { seconds: 0, from: NOW + 60n } },
    })),
    told: {
      kind: "grant delay",
      what: "grant delay of RETIRER",
      found: "7 d, none from 2027-01-15 08:01 UTC",
      expected: "7 d",
    },
  },
  {
    title: "a role that nobody planned",
    state: {
      ...rightState(),
      roles: [
        ...rightState().roles,
        {
          id: 9n,
          label: "BACKDOOR",
          admin: 0n,
          guardian: 0n,
          grantDelay: { now: 0 },
          members: [member(STRANGER, 0)],
        },
      ],
    },
    told: {
      kind: "role not expected",
      what: 'role 9 "BACKDOOR"',
      found: `of ${STRANGER}`,
      expected: "no such role",
    },
  },
  {
    title: "a target that asks somebody else",
    state: withTarget("hub", () => ({ authority: STRANGER })),
    told: {
      kind: "authority",
      what: "authority of the hub",
      found: STRANGER,
      expected: PARTIES.manager,
    },
  },
  {
    title: "a closed target",
    state: withTarget("breaker", () => ({ closed: true })),
    told: { kind: "closed", what: "the breaker", found: "closed", expected: "open" },
  },
  {
    title: "a target whose functions can be given away at once",
    state: withTarget("ledger", () => ({ adminDelay: { now: 0 } })),
    told: {
      kind: "target delay",
      what: "admin delay of the ledger",
      found: "none",
      expected: "7 d",
    },
  },
  {
    title: "a function of another role",
    state: withTarget("ledger", ({ functions }) => ({
      functions: new Map([...functions, [selectorOf("ledger", "list"), PUBLIC]]),
    })),
    told: {
      kind: "function role",
      what: "ledger.list",
      found: "PUBLIC, everybody",
      expected: "LISTER",
    },
  },
  {
    title: "a function that nobody planned to restrict",
    state: withTarget("ledger", ({ functions }) => ({
      functions: new Map([...functions, [selectorOf("ledger", "withdraw"), 5n]]),
    })),
    told: {
      kind: "function not expected",
      what: "ledger.withdraw",
      found: "STEWARD",
      expected: "ADMIN",
    },
  },
  {
    title: "a target that nobody planned",
    state: {
      ...rightState(),
      targets: [
        ...rightState().targets,
        {
          address: STRANGER,
          authority: undefined,
          closed: false,
          adminDelay: { now: 0 },
          functions: new Map([["0x12345678", 1n]]),
        },
      ],
    },
    told: {
      kind: "target not expected",
      what: STRANGER,
      found: "0x12345678 to LISTER",
      expected: "no such target",
    },
  },
];

/** All of them: a kind that is missing here does not compile. */
const KINDS: Readonly<Record<DifferenceKind, true>> = {
  contradiction: true,
  "member missing": true,
  "member waiting": true,
  "member delay": true,
  "member not expected": true,
  "first administrator": true,
  label: true,
  "role admin": true,
  "role guardian": true,
  "grant delay": true,
  "role not expected": true,
  authority: true,
  closed: true,
  "target delay": true,
  "function role": true,
  "function not expected": true,
  "target not expected": true,
};

describe("access:audit, the comparison", () => {
  it("finds nothing where all is as in deploy/roles.ts", () => {
    const compared = compareAccess(rightState(), PARTIES);
    expect(compared).to.deep.equal({ differences: [], underway: [] });
  });

  it("tells of every kind of difference below", () => {
    const planted = new Set(PLANTED.map(({ told }) => told.kind));
    expect([...planted].sort()).to.deep.equal(Object.keys(KINDS).sort());
  });

  for (const { title, state, told } of PLANTED) {
    it(`tells of ${title}, and of nothing else`, () => {
      expect(compareAccess(state, PARTIES)).to.deep.equal({ differences: [told], underway: [] });
    });
  }

  it("takes delays that are on their way for right, and tells of them", () => {
    const role = withRole("LISTER", () => ({ grantDelay: { now: 0, next: soon } }));
    const target = withTarget("hub", () => ({ adminDelay: { now: 0, next: soon } }));
    const compared = compareAccess({ ...role, targets: target.targets }, PARTIES);
    expect(compared).to.deep.equal({
      differences: [],
      underway: [
        "grant delay of LISTER: none, 7 d from 2027-01-15 08:00:01 UTC",
        "admin delay of the hub: none, 7 d from 2027-01-15 08:00:01 UTC",
      ],
    });
  });

  it("tells of a function that was never given to its role", () => {
    const state = withTarget("breaker", () => ({ functions: new Map() }));
    const { differences } = compareAccess(state, PARTIES);
    expect(differences.map(({ what, found, expected }) => [what, found, expected])).to.deep.equal([
      ["breaker.setPolicy", "ADMIN", "RISK"],
      ["breaker.setTokenFeed", "ADMIN", "SOURCES"],
      ["breaker.tighten", "ADMIN", "STEWARD"],
      ["breaker.impose", "ADMIN", "GUARDIAN"],
      ["breaker.lift", "ADMIN", "GUARDIAN"],
      ["breaker.rollBack", "ADMIN", "GUARDIAN"],
    ]);
  });
});
