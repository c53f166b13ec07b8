import { getAddress, isAddress, ZeroAddress } from "ethers";

import { accountId, ownerOf, subOf } from "../../packages/contracts/src/ids.ts";
import { UsageError } from "./usage.ts";

const SYNTAX =
  "an address, an address and a sub-account as in 0xAbc…:3, or an account id of 32 bytes";

/** An address, checksummed. */
export function parseAddress(name: string, text: string): string {
  const trimmed = text.trim();
  if (isAddress(trimmed)) return getAddress(trimmed);
  const checksum = /^0x[\da-fA-F]{40}$/.test(trimmed) ? ", its checksum is wrong" : "";
  throw new UsageError(
    `${name}: ${JSON.stringify(text)} is no address${checksum}: write 0x and 40 digits.`,
  );
}

/** An account: `address[:sub]`, or its 32-byte id in hex. */
export function parseAccount(name: string, text: string): bigint {
  const trimmed = text.trim();
  if (/^0x[\da-fA-F]{64}$/.test(trimmed)) return BigInt(trimmed);
  const [owner = "", sub, ...rest] = trimmed.split(":");
  if (rest.length > 0 || (sub !== undefined && !/^\d{1,29}$/.test(sub)) || owner === "") {
    throw new UsageError(`${name}: ${JSON.stringify(text)} is no account: write ${SYNTAX}.`);
  }
  const number = BigInt(sub ?? 0);
  if (number >> 96n !== 0n) {
    throw new UsageError(
      `${name}: ${number} is no sub-account: they go up to ${(1n << 96n) - 1n}.`,
    );
  }
  const address = parseAddress(name, owner);
  if (address === ZeroAddress) throw new UsageError(`${name}: the zero address owns no account.`);
  return accountId(address, number);
}

/** An account as `parseAccount` reads it; sub-account 0 is not told. */
export function accountText(account: bigint): string {
  const sub = subOf(account);
  return sub === 0n ? ownerOf(account) : `${ownerOf(account)}:${sub}`;
}
