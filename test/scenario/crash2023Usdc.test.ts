import { crashSuite } from "../helpers/crash/suite.ts";
import { DEPEG } from "../helpers/crash/windows.ts";

const at = (utc: string) => BigInt(Date.parse(`2023-03-${utc}:00Z`) / 1_000);

/**
 * USDC off its peg on 11 March 2023, down to 0.874. The push feed follows Kraken; RedStone and our own signers look at what
 * was recorded of other venues, of which some trade next to nothing: dollars by way of USDT and of BTC.
 */
crashSuite({
  recorded: DEPEG,
  from: at("11T00:00"),
  expiry: at("11T08:15"),
  until: at("11T09:15"),
  lie: { who: "redstone", from: at("11T07:46"), to: at("11T08:06"), percent: 60n },
  places: 4,
  honest: { price: 89_205_985n, step: "F0", flags: "none", quarantined: [] },
  lying: { price: 89_077_373n, step: "F1", flags: "apart", quarantined: ["redstone 07:48"] },
});
