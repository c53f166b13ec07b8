import { task } from "hardhat/config";

import { optional, sending } from "./lib/arguments.ts";

/** `token:faucet` */
export const tokenFaucet = sending(
  task("token:faucet", "Takes the day's sum of a test network's collateral for --from"),
)
  .addOption(optional("token", "The token: its address, or its symbol if a market has it"))
  .setAction(() => import("./actions/token-faucet.ts"))
  .build();
