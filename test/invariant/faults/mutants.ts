/** One fault planted into the sources: a text that stands there once, and what stands there instead. */
export interface Mutant {
  readonly name: string;
  /** File below `contracts/`. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

type Row = readonly [name: string, find: string, replace: string];

function inFile(file: string, rows: readonly Row[]): readonly Mutant[] {
  return rows.map(([name, find, replace]) => ({ name, file, find, replace }));
}

const PAYOFF = inFile("libraries/Payoff.sol", [
  [
    "linear coverage skips the lowest strike",
    "value -= slope * int256(above - strike);\n        if (value < least)",
    "value -= slope * int256(above - strike);\n        if (i != 0 && value < least)",
  ],
  [
    "linear coverage skips the price 0",
    "value -= slope * int256(above);\n      if (value < least) least = value;",
    "value -= slope * int256(above);",
  ],
  [
    "inverse coverage skips the highest strike",
    "if (value < 0 && -value * num",
    "if (value < 0 && i + 1 != legs.length && -value * num",
  ],
  [
    "inverse coverage skips the slope",
    "if (slope < 0 && -slope * num > need * int256(den)) need = Rounding.divUp(-slope * num, den);",
    "",
  ],
  [
    "linear requirement rounds down",
    "Rounding.divUp(-least * int256(",
    "Rounding.divDown(-least * int256(",
  ],
  [
    "inverse requirement rounds down at strikes",
    "Rounding.divUp(-value * num, den * strike)",
    "Rounding.divDown(-value * num, den * strike)",
  ],
  [
    "inverse requirement rounds down in the slope",
    "Rounding.divUp(-slope * num, den)",
    "Rounding.divDown(-slope * num, den)",
  ],
  [
    "linear payout rounds up",
    "return Rounding.divDown(value * int256(MarketWords.num(scale)), divisor);",
    "return MarketWords.isInverse(scale) ? Rounding.divDown(value * int256(MarketWords.num(scale)), divisor) : Rounding.divUp(value * int256(MarketWords.num(scale)), divisor);",
  ],
  [
    "inverse payout rounds up",
    "return Rounding.divDown(value * int256(MarketWords.num(scale)), divisor);",
    "return MarketWords.isInverse(scale) ? Rounding.divUp(value * int256(MarketWords.num(scale)), divisor) : Rounding.divDown(value * int256(MarketWords.num(scale)), divisor);",
  ],
  [
    "payout rounds toward 0",
    "return Rounding.divDown(value * int256(MarketWords.num(scale)), divisor);",
    "return value * int256(MarketWords.num(scale)) / int256(divisor);",
  ],
  [
    "linear premium rounds down",
    "return Rounding.divUp(int256(units) * premium * int256(MarketWords.num(scale)), divisor);",
    "return MarketWords.isInverse(scale) ? Rounding.divUp(int256(units) * premium * int256(MarketWords.num(scale)), divisor) : Rounding.divDown(int256(units) * premium * int256(MarketWords.num(scale)), divisor);",
  ],
  [
    "inverse premium rounds down",
    "return Rounding.divUp(int256(units) * premium * int256(MarketWords.num(scale)), divisor);",
    "return MarketWords.isInverse(scale) ? Rounding.divDown(int256(units) * premium * int256(MarketWords.num(scale)), divisor) : Rounding.divUp(int256(units) * premium * int256(MarketWords.num(scale)), divisor);",
  ],
]);

const LEGS = [
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

const FILLS = inFile("modules/Fills.sol", [
  [
    "taker's legs are one unit short of the negation",
    "_net(taker, account, room, -int256(units))",
    "_net(taker, account, room, 1 - int256(units))",
  ],
  [
    "parts of one book are not refused",
    "if (i != 0 && book <= previous) revert PartsUnsorted(i, book);",
    "",
  ],
  [
    "premium of each fill for itself",
    "premium = Payoff.premiumUp(filledBefore + units, room.unitPremium, room.scale);\n      if (filledBefore != 0)",
    "premium = Payoff.premiumUp(units, room.unitPremium, room.scale);\n      if (false)",
  ],
  [
    "the fee is due on the maker's lots",
    "room.fee = taker.growth *",
    "room.fee = room.maker.growth *",
  ],
  ["no ceiling", "if (pool > ceiling &&", "if (false &&"],
  ["nothing is restricted", "if (room.restricted) {", "if (false) {"],
  [
    "last trade one second late",
    "MarketWords.lastTrade(guard) >= Ids",
    "MarketWords.lastTrade(guard) > Ids",
  ],
  ["the maker's draw is not allowed per unit", "room.unitDraw * units", "room.unitDraw"],
  ["the pool keeps the fee", "room.taker.draw - room.fee;", "room.taker.draw;"],
  [
    "earlier draws are forgotten",
    "uint256 cash = _cash[move.account][move.token] - earlier;",
    "uint256 cash = _cash[move.account][move.token];",
  ],
  ["33 legs", "if (legs.length > Legs.MAX) {", "if (legs.length > Legs.MAX + 1) {"],
  ["the taker pays one unit above its limit", "if (pay > bound)", "if (pay > bound + 1)"],
]);

const ORDERS = [
  ...inFile("modules/Orders.sol", [
    [
      "another order under a partial nonce",
      "if ((word ^ uint256(hash)) & ~UNITS_MASK != 0) return (NonceTaken.selector, 0);",
      "",
    ],
    [
      "maker and taker may be one account",
      "if (account == taking) return (abi.encodeWithSelector(SameAccount.selector, account), 0);",
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
    [
      "a cancelled nonce keeps its partial order",
      "if (state == PARTIAL) delete _partials[account][nonces[i]];",
      "",
    ],
    ["a filled nonce can be cancelled", "if (state == FILLED) continue;", ""],
  ]),
  ...inFile("modules/Authority.sol", [
    ["orders from before the grant count", "signedAt >= uint40(word >> SINCE_SHIFT) &&", ""],
    [
      "grants do not end for callers",
      "return word & scope != 0 && block.timestamp < uint40(word >> UNTIL_SHIFT);",
      "return word & scope != 0;",
    ],
    [
      "grants end a second late for signers",
      "block.timestamp < uint40(word >> UNTIL_SHIFT) &&",
      "block.timestamp <= uint40(word >> UNTIL_SHIFT) &&",
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

const LIFE = [
  ...inFile("modules/Markets.sol", [
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
  ]),
  ...inFile("modules/Books.sol", [
    [
      "a book trades at its expiry",
      "if (block.timestamp >= expiry) revert BookExpired",
      "if (block.timestamp > expiry) revert BookExpired",
    ],
    [
      "a retired market opens books",
      "if (MarketWords.isRetired(guard)) revert MarketIsRetired(market);\n    Terms",
      "Terms",
    ],
    [
      "the price is not clamped",
      "if (settlementPrice > BookWord.MAX_PRICE) settlementPrice = uint64(BookWord.MAX_PRICE);",
      "",
    ],
  ]),
  ...inFile("modules/Positions.sol", [
    [
      "collateral that legs need is freed",
      "collateral - amount), requirement);",
      "collateral - amount), 0);",
    ],
    [
      "slots of closed legs keep their words",
      "(count > countBefore ? count : countBefore) >> 1",
      "count >> 1",
    ],
    [
      "freed collateral stays in the pool",
      "_books[book] = BookWord.withPool(word, _poolLess(book, word, amount));",
      "",
    ],
  ]),
  ...inFile("modules/Settlement.sol", [
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
    ["claiming twice pays twice", "_touch(position, account, book, 0, 0);", ""],
    [
      "a claim does not reduce the pool",
      "_books[book] = BookWord.withPool(word, _poolLess(book, word, amount));",
      "",
    ],
    ["pushed fees stay", "_books[book] = BookWord.withFees(word, 0);", ""],
  ]),
  ...inFile("libraries/Listing.sol", [
    ["the fee has no cap", "if (terms.feePerLot > cap)", "if (false)"],
    ["lot scales need not be reduced", "if (divisor != 1)", "if (false)"],
  ]),
];

/** The planted faults. The campaign must see every one of them. */
export const MUTANTS: readonly Mutant[] = [...PAYOFF, ...LEGS, ...FILLS, ...ORDERS, ...LIFE];
