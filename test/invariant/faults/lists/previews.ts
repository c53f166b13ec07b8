import { inFile } from "../mutant.ts";

/** Faults of the lens's previews of fills. */
export const PREVIEWS = [
  ...inFile("lens/Previews.sol", [
    [
      "a preview leaves the fee out of what the taker pays",
      "(room.book, room.premium, room.fee, paid[i]);",
      "(room.book, room.premium, room.fee, paid[i] - int256(room.fee));",
    ],
    [
      "a preview asks for no scope",
      "if (!_hasScope(account, caller, TRADE)) revert NotPermitted(account, caller, TRADE);",
      "",
    ],
    [
      "a preview forgets what is filled already",
      "order.units - filledBefore - units",
      "order.units - units",
    ],
  ]),
];
