import { BATCHES } from "./lists/batches.ts";
import { BREAKERS } from "./lists/breakers.ts";
import { FILLS } from "./lists/fills.ts";
import { LEGS } from "./lists/legs.ts";
import { LIFE } from "./lists/life.ts";
import { MANY } from "./lists/many.ts";
import { ORDERS } from "./lists/orders.ts";
import { PACKAGES } from "./lists/packages.ts";
import { PAYOFF } from "./lists/payoff.ts";
import { PREVIEWS } from "./lists/previews.ts";
import { PRICES } from "./lists/prices.ts";
import type { Mutant } from "./mutant.ts";

/** The planted faults. The campaign must see every one of them. */
export const MUTANTS: readonly Mutant[] = [
  ...PAYOFF,
  ...LEGS,
  ...FILLS,
  ...MANY,
  ...PACKAGES,
  ...BATCHES,
  ...ORDERS,
  ...PREVIEWS,
  ...LIFE,
  ...PRICES,
  ...BREAKERS,
];
