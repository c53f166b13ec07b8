import { inFile } from "../mutant.ts";

/** Faults of orders, nonces and authority. */
export const ORDERS = [
  ...inFile("rules/Orders.sol", [
    [
      "another order under a partial nonce",
      "if ((word ^ uint256(hash)) & ~UNITS_MASK != 0) return (NonceTaken.selector, 0);",
      "",
    ],
    [
      "maker and taker may be one account",
      "if (account == taking) return (abi.encodeWithSelector(SameAccount.selector, account), 0, 0);",
      "",
    ],
    [
      "an order fills at most until its deadline less a second",
      "if (block.timestamp > order.deadline)",
      "if (block.timestamp >= order.deadline)",
    ],
    ["epochs do not count", "if (order.epoch != epoch)", "if (false)"],
    [
      "the least fill binds the rest too",
      "order.minFill < remaining ? order.minFill : remaining",
      "order.minFill",
    ],
    ["orders from before the grant count", "signedAt >= uint40(word >> SINCE_SHIFT) &&", ""],
    [
      "grants end a second late for signers",
      "block.timestamp < uint40(word >> UNTIL_SHIFT) &&",
      "block.timestamp <= uint40(word >> UNTIL_SHIFT) &&",
    ],
  ]),
  ...inFile("modules/Grants.sol", [
    [
      "a cancelled nonce keeps its partial order",
      "if (state == PARTIAL) delete _partials[account][nonces[i]];",
      "",
    ],
    ["a filled nonce can be cancelled", "if (state == FILLED) continue;", ""],
    [
      "a permit that a token refuses ends the call",
      "catch {\n      return;\n    }",
      "catch {\n      revert NoCode(token);\n    }",
    ],
    [
      "a permit is shown for the ledger itself",
      ".permit(msg.sender, address(this), amount",
      ".permit(address(this), msg.sender, amount",
    ],
  ]),
  ...inFile("rules/Reads.sol", [
    [
      "grants do not end for callers",
      "return word & scope != 0 && block.timestamp < uint40(word >> UNTIL_SHIFT);",
      "return word & scope != 0;",
    ],
    ["any scope is every scope", "return word & scope != 0 &&", "return uint8(word) != 0 &&"],
  ]),
  ...inFile("libraries/WalletSignature.sol", [
    [
      "whatever a wallet answers is a yes",
      "success && size >= 32 && answer == bytes32(IERC1271.isValidSignature.selector)",
      "success && size >= 32",
    ],
  ]),
];
