import type { EIP1193Provider } from "@nomicfoundation/ignition-core";
import { formatEther } from "ethers";

/** What transactions have cost. */
export interface Cost {
  readonly transactions: number;
  readonly gas: bigint;
  /** Wei, with what a rollup charges for data. */
  readonly wei: bigint;
}

/** Fields of a receipt that say what was paid; `l1Fee` comes from rollups of the OP stack alone. */
interface Paid {
  readonly gasUsed: string;
  readonly effectiveGasPrice?: string;
  readonly l1Fee?: string;
}

/** What mined transactions have cost. */
export async function costOf(requests: EIP1193Provider, hashes: readonly string[]): Promise<Cost> {
  let [gas, wei] = [0n, 0n];
  for (const hash of hashes) {
    const method = "eth_getTransactionReceipt";
    const receipt = (await requests.request({ method, params: [hash] })) as Paid | null;
    if (receipt === null) continue;
    const { gasUsed, effectiveGasPrice = "0x0", l1Fee = "0x0" } = receipt;
    gas += BigInt(gasUsed);
    wei += BigInt(gasUsed) * BigInt(effectiveGasPrice) + BigInt(l1Fee);
  }
  return { transactions: hashes.length, gas, wei };
}

/** `57,665,444 gas, 0.0577 ETH`. */
export function costText({ gas, wei }: Pick<Cost, "gas" | "wei">): string {
  return `${gas.toLocaleString("en-US")} gas, ${formatEther(wei)} ETH`;
}
