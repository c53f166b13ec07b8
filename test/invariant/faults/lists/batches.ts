import { inFile } from "../mutant.ts";

/** Faults of batches. */
export const BATCHES = [
  ...inFile("modules/Batches.sol", [
    ["nobody looks at the queue at the end of a batch", "else _requireCovered(account, book);", ""],
    [
      "only the first queued position is looked at",
      "else _requireCovered(account, book);",
      "else if (i == 0) _requireCovered(account, book);",
    ],
    [
      "nobody looks at ceilings at the end of a batch",
      "if (account == 0) _requireBelowCeiling(book);",
      "if (account == 0) continue;",
    ],
    [
      "any function is on the list",
      "if (!_isBatchable(selector)) revert NotBatchable(selector);",
      "",
    ],
    [
      "a batch may grant operators",
      "selector == ICore.selfPermit.selector;",
      "selector == ICore.selfPermit.selector || selector == ICore.setAccountOperator.selector;",
    ],
    ["a batch may not settle", "selector == ICore.settle.selector ||", ""],
    ["a batch does not end", "_context = IDLE;", ""],
  ]),
  ...inFile("libraries/Queue.sol", [
    ["a position stays marked", "_marker(account, book).tstore(false);", ""],
    [
      "a second position takes the first one's place",
      "_entry(2 * size).tstore(account);\n    _entry(2 * size + 1).tstore(book);",
      "_entry(0).tstore(account);\n    _entry(1).tstore(book);",
    ],
  ]),
];
