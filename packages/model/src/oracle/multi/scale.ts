import { PRICE_ONE } from "../../constants.ts";
import { refuse } from "../../errors.ts";
import { floorDiv } from "../../rounding.ts";
import { isPrice } from "./sources.ts";

/** Price at 8 decimals of a network's number, floored; refused if it is out of range, never rounded into it. */
export function scaledPrice(answer: bigint, decimals: bigint, priceExp: bigint): bigint {
  const price = floorDiv(answer * PRICE_ONE * 10n ** priceExp, 10n ** decimals);
  return isPrice(price) ? price : refuse("SourcePriceInvalid", answer);
}
