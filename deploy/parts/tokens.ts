import type { IgnitionModuleBuilder } from "@nomicfoundation/ignition-core";

const USDC = { name: "Certus Test USD Coin", symbol: "USDC", decimals: 6, sum: 10_000n };
const WETH = { name: "Certus Test Wrapped Ether", symbol: "WETH", decimals: 18, sum: 10n };

/** Collateral that everybody may take some of, a day at a time. */
export function tokensIn(m: IgnitionModuleBuilder) {
  const token = (id: string, { name, symbol, decimals, sum }: typeof USDC) =>
    m.contract("FaucetToken", [name, symbol, decimals, sum * 10n ** BigInt(decimals)], { id });
  return { usdc: token("USDC", USDC), weth: token("WETH", WETH) };
}
