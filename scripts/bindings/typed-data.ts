import { DOMAIN_NAME, ORDER_TYPES } from "../../packages/contracts/src/orders/typedData.ts";
import type { GeneratedFile } from "./files.ts";

const DOMAIN_TYPE = [
  { name: "name", type: "string" },
  { name: "version", type: "string" },
  { name: "chainId", type: "uint256" },
  { name: "verifyingContract", type: "address" },
];

/** What `eth_signTypedData_v4` takes, but for chain, ledger and message. */
export function typedData(): GeneratedFile {
  const types = { EIP712Domain: DOMAIN_TYPE, ...ORDER_TYPES };
  const text = JSON.stringify({ types, primaryType: "Order", domain: DOMAIN_NAME });
  return { path: "typed-data.json", text };
}
