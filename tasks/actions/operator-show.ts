import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { accountText } from "../lib/accounts.ts";
import type { ActingArguments } from "../lib/arguments.ts";
import { operatorOf, operatorsOf, scopesOf } from "../lib/operators.ts";
import type { Operator } from "../lib/operators.ts";
import { table } from "../lib/print.ts";
import { run } from "../lib/run.ts";
import { idOf, timeOf } from "../lib/shapes.ts";
import { accountOf, actorOf, addressOf } from "../lib/signers.ts";
import { shownTime } from "../lib/times.ts";

interface Arguments extends ActingArguments {
  readonly account: string | undefined;
  readonly operator: string | undefined;
}

export default (args: Arguments, hre: HardhatRuntimeEnvironment) =>
  run(args, hre, async (session) => {
    const actor = await actorOf(session, args);
    const account = await accountOf(session, "--account", args.account, actor);
    const found =
      args.operator === undefined
        ? await operatorsOf(session, account)
        : [
            await operatorOf(
              session,
              account,
              await addressOf(session, "--operator", args.operator),
            ),
          ];
    return {
      json: {
        account: idOf(account),
        operators: found.map((one) => ({
          operator: one.operator,
          scopes: scopesOf(one.scopes),
          active: one.scopes !== 0n && session.now < one.until,
          until: one.scopes === 0n ? null : timeOf(one.until),
          since: one.scopes === 0n ? null : timeOf(one.since),
          movesPackages: one.movesPackages,
        })),
      },
      text:
        found.length === 0
          ? `Nobody but its owner may act for ${accountText(account)}: operator:set lets somebody.`
          : table(
              COLUMNS,
              found.map((one) => row(one, session.now)),
            ),
    };
  });

const COLUMNS = ["operator", "may", "until (UTC)", "orders count from (UTC)", "moves packages"];

function row({ operator, scopes, until, since, movesPackages }: Operator, now: bigint): string[] {
  if (scopes === 0n) return [operator, "nothing", "", "", movesPackages ? "yes" : "no"];
  const ended = now < until ? "" : ", ended";
  return [
    operator,
    scopesOf(scopes).join(", "),
    `${shownTime(until)}${ended}`,
    shownTime(since),
    movesPackages ? "yes" : "no",
  ];
}
