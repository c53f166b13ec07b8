/** What a price is computed from; a pricing aid of the demo, not part of the protocol. */
export interface Quote {
  /** Forward price of the underlying. */
  readonly forward: number;
  /** Annualised volatility, 0.6 for 60 %. */
  readonly vol: number;
  /** Time to expiry in years. */
  readonly years: number;
  /** Continuous discount rate a year. */
  readonly rate: number;
}

/** Price of a European call or put on a forward, after Black (1976). */
export function black76(quote: Quote, isCall: boolean, strike: number): number {
  const { forward, vol, years, rate } = quote;
  const discount = Math.exp(-rate * years);
  const deviation = vol * Math.sqrt(years);
  if (deviation === 0) {
    return discount * Math.max(0, isCall ? forward - strike : strike - forward);
  }
  const d1 = Math.log(forward / strike) / deviation + deviation / 2;
  const d2 = d1 - deviation;
  const call = forward * normal(d1) - strike * normal(d2);
  // Parity gives the put from the very same numbers, so a box is worth its width, discounted.
  return discount * (isCall ? call : call - forward + strike);
}

/** The standard normal distribution function, to about 1e-7 (Abramowitz and Stegun, 26.2.17). */
export function normal(x: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(x));
  const series =
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const tail = (Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)) * series;
  return x < 0 ? tail : 1 - tail;
}
