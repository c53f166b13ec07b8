import { inFile } from "../mutant.ts";

/** Faults of payoffs, requirements and premiums. */
export const PAYOFF = inFile("libraries/Payoff.sol", [
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
