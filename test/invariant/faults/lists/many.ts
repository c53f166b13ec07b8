import { inFile } from "../mutant.ts";

/** Faults of fills from many makers. */
export const MANY = [
  ...inFile("modules/Takes.sol", [
    [
      "an order at a shut gate ends the call",
      "return (abi.encodeWithSelector(RiskRestricted.selector, room.book, Ids.series(room.book, key)), 0);",
      "revert RiskRestricted(room.book, Ids.series(room.book, key));",
    ],
    ["fillMany knows no restriction", "if (room.restricted && key != 0)", "if (false)"],
    ["a skipped order leaves the taker's legs changed", "taker.legs = taker.before;", ""],
    [
      "the fee of a skipped order is due",
      "room.fee = taker.growth * MarketWords.feePerLot(room.scale);",
      "room.fee = taker.growth * MarketWords.feePerLot(room.scale);\n      tally.fees += room.fee;\n      tally.fees -= key == 0 ? room.fee : 0;",
    ],
    [
      "what makers drew before does not count to the ceiling",
      "+ tally.draws + room.maker.draw;",
      "+ room.maker.draw;",
    ],
    [
      "fees of the call do not make room below the ceiling",
      "uint256 charged = tally.fees + room.fee;",
      "uint256 charged = room.fee;",
    ],
    [
      "an order at the ceiling is filled",
      "if (reach > ceiling) return",
      "if (reach > ceiling + 1) return",
    ],
    [
      "too few units will do",
      "if (units < minUnits) revert UnitsShort",
      "if (false) revert UnitsShort",
    ],
    [
      "what the taker lacks does not count to the ceiling",
      "if (lack > 0) reach +=",
      "if (false) reach +=",
    ],
    [
      "what the taker lacks counts beyond its limit",
      "reach += uint256(lack) < maxDraw ? uint256(lack) : maxDraw;",
      "reach += uint256(lack);",
    ],
    [
      "behind an order that raised open interest another one passes the ceiling",
      "else if (!tally.rises) continue;",
      "else continue;",
    ],
    [
      "a call may end with 33 legs",
      "if (taker.legs.length > Legs.MAX) revert TooManyLegs",
      "if (taker.legs.length > Legs.MAX + 1) revert TooManyLegs",
    ],
    [
      "a taker may not hold 33 legs between two orders",
      "-int256(units), 2 * Legs.MAX)",
      "-int256(units), Legs.MAX)",
    ],
    ["a call of many in a batch queues no ceiling", "if (_inBatch()) {", "if (false) {"],
    [
      "the progress of an order is not written",
      "uint64 remaining = _progressTo(order, hash, filledBefore, units);",
      "uint64 remaining = order.units - filledBefore - units;",
    ],
    [
      "a wrong signature is not skipped but filled",
      "if (refusal.length == 0 && !_isSigned(",
      "if (false && !_isSigned(",
    ],
    [
      "the second order starts from the taker's old legs",
      "room.taker.before = room.taker.legs;",
      "",
    ],
    [
      "the draw of a call is not told",
      "if (taker.draw != 0) emit Allocated(account, rooms[i].book, int256(taker.draw));",
      "",
    ],
    [
      "more than maxUnits are filled",
      "units += _take(account, fills[i], i, maxUnits - units, rooms, tallies, limits);",
      "units += _take(account, fills[i], i, maxUnits, rooms, tallies, limits);",
    ],
    ["17 fills", "fills.length > MAX_FILLS)", "fills.length > MAX_FILLS + 1)"],
  ]),
  ...inFile("modules/Fills.sol", [
    ["a fill in a batch queues no ceiling", "if (_inBatch()) {", "if (false) {"],
  ]),
  ...inFile("rules/Rooms.sol", [
    [
      "legs of later orders are not compared",
      "if (legs[j] != room.legs.get(j)) revert PartsDiffer(index);",
      "",
    ],
    [
      "books of later orders are not compared",
      "if (part.book != room.book || legs.length",
      "if (legs.length",
    ],
  ]),
  ...inFile("rules/Orders.sol", [
    ["an order with nothing left is filled by nothing", "if (remaining == 0) {", "if (false) {"],
  ]),
];
