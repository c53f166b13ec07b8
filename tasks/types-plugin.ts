import { definePlugin } from "hardhat/plugins";
import type { HardhatPlugin } from "hardhat/types/plugins";

/** Makes the generated contract types loadable by Node itself; see `types-hooks.ts`. */
export const typesPlugin: HardhatPlugin = definePlugin({
  id: "certus-types",
  dependencies: () => [import("@nomicfoundation/hardhat-typechain")],
  hookHandlers: { solidity: () => import("./types-hooks.ts") },
});
