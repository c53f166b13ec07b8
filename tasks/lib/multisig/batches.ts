import { getAddress } from "ethers";
import { decodeMultiSendData, encodeMultiSendData } from "@safe-global/protocol-kit";

import type { Call } from "./calls.ts";
import { MULTI_SEND } from "./safeArtifacts.ts";

/** The calls of a batch; nothing if the data is none, or not written as everybody writes it. */
export function batchIn(data: string): readonly Call[] | undefined {
  try {
    const entries = decodeMultiSendData(data);
    const again = MULTI_SEND.encodeFunctionData("multiSend", [encodeMultiSendData(entries)]);
    // Also refuses delegate calls: the decoder tells them apart, and a batch of ours holds none.
    if (again !== data || entries.some(({ operation }) => Number(operation) !== 0))
      return undefined;
    return entries.map(({ to, value, data: inner }) => ({
      to: getAddress(to),
      value: BigInt(value),
      data: inner,
    }));
  } catch {
    return undefined;
  }
}
