import { inFile } from "../mutant.ts";

/** Faults of fills of one order. */
export const FILLS = [
  ...inFile("rules/Rooms.sol", [
    [
      "taker's legs are one unit short of the negation",
      "_load(taker, account, room.book);\n      _orRevert(_net(taker, room.book, room.legs, -int256(units), Legs.MAX));",
      "_load(taker, account, room.book);\n      _orRevert(_net(taker, room.book, room.legs, 1 - int256(units), Legs.MAX));",
    ],
    [
      "parts of one book are not refused",
      "if (i != 0 && book <= previous) revert PartsUnsorted(i, book);",
      "",
    ],
    ["the fee is due on the maker's lots", "fee = taker.growth *", "fee = room.maker.growth *"],
    ["no ceiling", "if (pool > ceiling && _risingKey", "if (false && _risingKey"],
    ["nothing is restricted", "if (room.restricted) {", "if (false) {"],
    [
      "last trade one second late",
      "MarketWords.lastTrade(guard) >= Ids",
      "MarketWords.lastTrade(guard) > Ids",
    ],
  ]),
  ...inFile("rules/Sides.sol", [
    [
      "premium of each fill for itself",
      "premium = Payoff.premiumUp(filledBefore + units, room.unitPremium, room.scale);\n      if (filledBefore != 0)",
      "premium = Payoff.premiumUp(units, room.unitPremium, room.scale);\n      if (false)",
    ],
    ["the maker's draw is not allowed per unit", "room.unitDraw * units", "room.unitDraw"],
    ["the pool keeps the fee", "+ drawn - charged;", "+ drawn;"],
    [
      "earlier draws are forgotten",
      "uint256 cash = _cashOf(move.account, move.token) - earlier;",
      "uint256 cash = _cashOf(move.account, move.token) - 0 * earlier;",
    ],
    ["the taker pays one unit above its limit", "if (pay > bound)", "if (pay > bound + 1)"],
    [
      "a taker may defer without a batch",
      "if (!_inBatch() || collateral < 0 ||",
      "if (collateral < 0 ||",
    ],
    [
      "a maker may defer in a batch",
      "refusal = _requireCash(maker, room.book, earlier);\n      }\n      if (refusal.length != 0) return refusal;",
      "refusal = _requireCash(maker, room.book, earlier);\n      }\n      if (refusal.length != 0 && !_inBatch()) return refusal;\n      if (refusal.length != 0) _deferOrRevert(maker, -premium, refusal);\n      refusal = new bytes(0);",
    ],
    [
      "what is deferred may exceed the word of collateral",
      "|| requirement > Header.MAX_COLLATERAL)",
      ")",
    ],
  ]),
  ...inFile("libraries/PartCheck.sol", [
    [
      "33 legs",
      "if (count == 0 || count > Legs.MAX) revert",
      "if (count == 0 || count > Legs.MAX + 1) revert",
    ],
  ]),
];
