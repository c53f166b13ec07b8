import { PUBLIC, ROLES, roleNamed } from "../../../deploy/roles.ts";
import { FEED } from "../../fixtures/oracles.ts";
import { DAY, HOUR } from "../../fixtures/units.ts";
import { anyCall, callOf, oneOf } from "./fuzz.ts";
import type { Attempt, Dice } from "./fuzz.ts";
import { anyonesTurn, tighter } from "./powers.ts";
import type { Attacker, Planned } from "./powers.ts";
import type { Stage } from "./stage.ts";

/** Retirement is the one thing that the admin Safe may do at once, and named as such; it has a test of its own. */
const EXCEPTION = "retire";

/** What an administrator could want to do to everybody else. */
async function wish(stage: Stage, dice: Dice): Promise<Attempt> {
  const { ledger, breaker, bounties, hub, manager, linear, linearTerms, targets, holders } = stage;
  const own = oneOf(dice, [holders.safe, stage.stranger.address]);
  const target = oneOf(dice, Object.values(targets));
  const { id } = oneOf(dice, ROLES);
  const source = oneOf(dice, stage.sources).target;
  const selectors = [
    ledger.interface.getFunction("setTreasury").selector,
    breaker.interface.getFunction("impose").selector,
  ];
  const policy = await tighter(stage, dice);
  const terms = { ...linearTerms, lastTrade: BigInt(dice(3_600)) };
  const contracts = [targets.hub, targets.bounties];
  return oneOf(dice, [
    () => callOf(ledger, "setTreasury", [own]),
    () => callOf(ledger, "list", [terms]),
    () => callOf(breaker, "setPolicy", [linear, policy]),
    () => callOf(bounties, "setBounty", [linear, BigInt(dice(1_000_000))]),
    () => callOf(hub, "addSource", [FEED, source]),
    () => callOf(breaker, "setTokenFeed", [linear, FEED]),
    () => callOf(manager, "grantRole", [id, own, 0n]),
    () => callOf(manager, "revokeRole", [id, oneOf(dice, Object.values(holders))]),
    () => callOf(manager, "setTargetClosed", [target, true]),
    () => callOf(manager, "updateAuthority", [target, oneOf(dice, contracts)]),
    () => callOf(manager, "setTargetFunctionRole", [target, selectors, PUBLIC]),
    () => callOf(manager, "setTargetAdminDelay", [target, 0n]),
    () => callOf(manager, "setRoleAdmin", [id, roleNamed("GUARDIAN").id]),
    () => callOf(manager, "setRoleGuardian", [id, PUBLIC]),
    () => callOf(manager, "setGrantDelay", [id, 0n]),
  ])();
}

/** A captured admin Safe: everything at once, if it is let; what is not is scheduled, and done when its time has come. */
export const ADMIN: Attacker = {
  from: ({ safe }) => safe.address,
  async turn(stage, dice) {
    if (dice(5) === 0) return anyonesTurn(stage, dice).filter(isNoException);
    if (dice(5) === 0) return [{ after: 0n, attempt: anyCall(stage, dice) }].filter(isNoException);
    const wanted = await wish(stage, dice);
    const { manager } = stage;
    const scheduled = callOf(manager, "schedule", [wanted.to, wanted.data, 0n]);
    const execute = callOf(manager, "execute", [wanted.to, wanted.data]);
    const executed = { ...execute, name: `execute ${wanted.name}` };
    return [
      { after: 0n, attempt: wanted },
      { after: 0n, attempt: scheduled },
      ...[0n, HOUR, 2n * DAY, 7n * DAY + HOUR].map((after) => ({ after, attempt: executed })),
    ];
  },
};

function isNoException({ attempt }: Planned): boolean {
  return attempt.name !== EXCEPTION;
}
