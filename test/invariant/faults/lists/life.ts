import { inFile } from "../mutant.ts";

/** Faults of markets, books, collateral and settlement. */
export const LIFE = [
  ...inFile("modules/Listings.sol", [
    [
      "a third halt within a week",
      "if (older != 0 && older + HALT_WINDOW > block.timestamp)",
      "if (false)",
    ],
    [
      "a halt a second early",
      "older + HALT_WINDOW > block.timestamp)",
      "older + HALT_WINDOW > block.timestamp + 1)",
    ],
    [
      "a retired market opens books",
      "if (MarketWords.isRetired(guard)) revert MarketIsRetired(market);\n    Terms",
      "Terms",
    ],
  ]),
  ...inFile("rules/Reads.sol", [
    [
      "a book trades at its expiry",
      "if (block.timestamp >= expiry) revert BookExpired",
      "if (block.timestamp > expiry) revert BookExpired",
    ],
  ]),
  ...inFile("modules/Collateral.sol", [
    [
      "collateral that legs need is freed",
      "collateral - amount), requirement, false);",
      "collateral - amount), 0 * requirement, false);",
    ],
    [
      "free leaves a position uncovered in a batch",
      "collateral - amount), requirement, false);",
      "collateral - amount), requirement, true);",
    ],
    [
      "freed collateral stays in the pool",
      "_books[book] = BookWord.withPool(word, _poolLess(book, word, amount));",
      "",
    ],
  ]),
  ...inFile("core/Positions.sol", [
    [
      "slots of closed legs keep their words",
      "(count > countBefore ? count : countBefore) >> 1",
      "count >> 1",
    ],
  ]),
  ...inFile("modules/Settlement.sol", [
    [
      "the price is not clamped",
      "if (settlementPrice > BookWord.MAX_PRICE) settlementPrice = uint64(BookWord.MAX_PRICE);",
      "",
    ],
    [
      "a negative payout is clamped to 0",
      "if (payout < 0 || payout >",
      "if (payout < 0) payout = 0;\n      if (payout >",
    ],
    [
      "a payout beyond its word is clamped",
      "if (payout < 0 || payout >",
      "if (payout > int256(Header.MAX_COLLATERAL)) payout = int256(Header.MAX_COLLATERAL);\n      if (payout < 0 || payout >",
    ],
    [
      "settling twice settles twice",
      "if (header == 0 || Header.isSettled(header)) continue;",
      "if (header == 0) continue;",
    ],
    ["claiming twice pays twice", "_touch(position, account, book, 0, 0, false);", ""],
    [
      "a claim does not reduce the pool",
      "_books[book] = BookWord.withPool(word, _poolLess(book, word, amount));",
      "",
    ],
  ]),
  ...inFile("modules/Fees.sol", [
    ["pushed fees stay", "_books[book] = BookWord.withFees(word, 0);", ""],
  ]),
  ...inFile("libraries/Listing.sol", [
    ["the fee has no cap", "if (terms.feePerLot > cap)", "if (false)"],
    ["lot scales need not be reduced", "if (divisor != 1)", "if (false)"],
    ["a market is left out of the list", "listed.push(market);", ""],
  ]),
];
