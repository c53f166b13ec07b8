import { Contract } from "ethers";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import type { SendingArguments } from "../lib/arguments.ts";
import { parseDecimal } from "../lib/decimals.ts";
import { governedOf } from "../lib/governed.ts";
import type { GovernedArguments } from "../lib/governed.ts";
import { ENTRY_POINT } from "../lib/guardian/abi.ts";
import { guardianAccount } from "../lib/guardian/account.ts";
import { etherText } from "../lib/guardian/gas.ts";
import { run } from "../lib/run.ts";
import { mined, minedJson, minedText } from "../lib/send.ts";
import { actorOf } from "../lib/signers.ts";
import { required, UsageError } from "../lib/usage.ts";

interface Arguments extends SendingArguments, GovernedArguments {
  readonly amount: string | undefined;
}

export default (args: Arguments, hre: HardhatRuntimeEnvironment) =>
  run(args, hre, async (session) => {
    const text = required("--amount", args.amount, "how much ether, as in 0.05");
    const value = parseDecimal("--amount", text, 18);
    if (value <= 0n) throw new UsageError(`--amount: ${text} is nothing to deposit.`);
    const governed = await governedOf(session, args, hre);
    const { address, entryPoint, deposit } = await guardianAccount(session, governed);
    const actor = await actorOf(session, args);
    const depositTo = new Contract(entryPoint, ENTRY_POINT, actor).getFunction("depositTo");
    await depositTo.staticCall(address, { value });
    const after = deposit + value;
    const json = { guardian: address, entryPoint, deposit: after };
    if (args.dryRun) {
      return {
        json: { ...json, dryRun: true },
        text: `The deposit of the guardian ${address} would be ${etherText(after)}.`,
      };
    }
    const receipt = await mined(await depositTo.send(address, { value }));
    return {
      json: { ...json, transaction: minedJson(receipt) },
      text: `The deposit of the guardian ${address} is ${etherText(after)}.\n${minedText(receipt)}`,
    };
  });
