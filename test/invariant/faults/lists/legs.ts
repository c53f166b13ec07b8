import { inFile } from "../mutant.ts";

/** Faults of vectors of legs. */
export const LEGS = [
  ...inFile("libraries/Legs.sol", [
    [
      "a leg beyond its bound is let through",
      "if (_exceeds(change) || _exceeds(current))",
      "if (_exceeds(change))",
    ],
    [
      "the fee is due on closed lots",
      "if (lots > kept) growth += lots - kept;",
      "growth += lots > kept ? lots - kept : kept - lots;",
    ],
    [
      "a turn of the sign costs only what comes on top",
      "before ^ current < 0 ? 0 : uint256(before < 0 ? -before : before)",
      "uint256(before < 0 ? -before : before)",
    ],
    ["a leg of zero lots stays", "if (current != 0) merged.put", "merged.put"],
  ]),
  ...inFile("libraries/PartCheck.sol", [
    ["a series may stand twice in a part", "key <= previous", "key < previous"],
    ["calls need not net in a linear book", "if (!inverse && calls != 0)", "if (false)"],
    ["a strike may lie off the tick", "strike % tick != 0", "false"],
  ]),
];
