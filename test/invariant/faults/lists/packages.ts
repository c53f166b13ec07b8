import { inFile } from "../mutant.ts";

/** Faults of transfers of legs and of packages. */
export const PACKAGES = [
  ...inFile("libraries/Legs.sol", [
    [
      "legs are held whatever their sign",
      "if (asked > 0 ? asked > lots : asked < lots)",
      "if ((asked < 0 ? -asked : asked) > (lots < 0 ? -lots : lots))",
    ],
    [
      "the divisor of a package knows only its first two legs",
      "for (uint256 j; j < vector.length; ++j) {\n      int256 lots = quantity(vector.get(j));",
      "for (uint256 j; j < vector.length && j < 2; ++j) {\n      int256 lots = quantity(vector.get(j));",
    ],
  ]),
  ...inFile("modules/Transfers.sol", [
    ["legs that are not held are given", "_requireHeld(giver, book, vector, 1);", ""],
    [
      "legs move between owners",
      "if (Ids.ownerOf(from) != Ids.ownerOf(to)) revert OwnersDiffer(from, to);",
      "",
    ],
    ["the receiver need not be managed", "_requireScope(to, MANAGE);", ""],
    [
      "the giver need not stay covered",
      "giver.requirement = Payoff.requirement(giver.legs, scale);",
      "",
    ],
    [
      "the receiver need not be covered",
      "receiver.requirement = Payoff.requirement(receiver.legs, scale);",
      "",
    ],
    [
      "collateral moves without limit",
      "if (collateral > available) revert CollateralShort(from, book, collateral, available);\n    // Both stay below 2^112: together they are part of the pool.\n    giver.collateral = available - collateral;",
      "giver.collateral = collateral > available ? 0 : available - collateral;",
    ],
  ]),
  ...inFile("modules/Wraps.sol", [
    ["packages of legs that are not held", "_requireHeld(giver, book, vector, amount);", ""],
    [
      "packages that can owe",
      "if (requirement != 0) revert PackageNegative(book, requirement);",
      "",
    ],
    ["packages not in lowest terms", "if (divisor != 1) revert PackageNotReduced(divisor);", ""],
    [
      "wrapping while halted",
      "if (MarketWords.level(guard) == MarketWords.HALTED) revert MarketHalted(book, MarketWords.until(guard));",
      "",
    ],
    [
      "wrapping in a restricted market is refused",
      "if (MarketWords.level(guard) == MarketWords.HALTED) revert",
      "if (MarketWords.level(guard) != MarketWords.NORMAL) revert",
    ],
    [
      "a wrap leaves the rest uncovered",
      "giver.requirement = Payoff.requirement(giver.legs, scale);",
      "",
    ],
    [
      "packages go to the caller",
      "_mint(Ids.ownerOf(account), id, amount);",
      "_mint(msg.sender, id, amount);",
    ],
    [
      "unwrapping takes the caller's packages",
      "_burn(owner, id, amount);",
      "_burn(msg.sender, id, amount);",
    ],
    ["unwrapping takes no packages", "_burn(owner, id, amount);", ""],
    [
      "unwrapping asks for no leave",
      "if (msg.sender != owner && !isOperator(owner, msg.sender)) _spendAllowance(owner, msg.sender, id, amount);",
      "",
    ],
    [
      "unwrapping knows no token operators",
      "if (msg.sender != owner && !isOperator(owner, msg.sender)) _spend",
      "if (msg.sender != owner) _spend",
    ],
    ["redeeming takes no packages", "_burn(msg.sender, id, amount);", ""],
    [
      "redeeming floors each package",
      "payout = uint256(Payoff.valueDown(lots, settlementPrice, _markets[Ids.marketOf(book)].scale));",
      "payout = amount * uint256(Payoff.valueDown(vector, settlementPrice, _markets[Ids.marketOf(book)].scale)) + 0 * lots.length;",
    ],
    [
      "redeeming pays beyond the pool",
      "_books[book] = BookWord.withPool(word, _poolLess(book, word, payout));",
      "_books[book] = BookWord.withPool(word, BookWord.pool(word) < payout ? 0 : BookWord.pool(word) - payout);",
    ],
    [
      "redeeming leaves the pool as it is",
      "_books[book] = BookWord.withPool(word, _poolLess(book, word, payout));",
      "",
    ],
    [
      "redeeming pays the caller",
      "_push(_tokenOf(book), to, payout);",
      "_push(_tokenOf(book), msg.sender, payout);",
    ],
  ]),
  ...inFile("libraries/Packages.sol", [
    [
      "two lots of a series go by the id of one",
      "if (Legs.quantity(leg) == 1) return",
      "if (Legs.quantity(leg) == 1 || Legs.quantity(leg) == 2) return",
    ],
    [
      "packages of different books are one",
      "abi.encode(DOMAIN, book, vector)",
      "abi.encode(DOMAIN, book & ~uint256(type(uint104).max), vector)",
    ],
  ]),
];
