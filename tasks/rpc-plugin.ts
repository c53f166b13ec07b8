import { definePlugin } from "hardhat/plugins";
import type { HardhatPlugin } from "hardhat/types/plugins";

/** Asks nodes again that fail for a moment; see `rpc-hooks.ts`. */
export const rpcPlugin: HardhatPlugin = definePlugin({
  id: "certus-rpc",
  hookHandlers: { network: () => import("./rpc-hooks.ts") },
});
