import { crashSuite } from "../helpers/crash/suite.ts";
import { late, over, readWindow, times } from "../helpers/crash/series.ts";

const at = (utc: string) => BigInt(Date.parse(`2023-03-${utc}:00Z`) / 1_000);

/**
 * USDC off its peg on 11 March 2023, down to 0.874. The push feed follows Kraken; RedStone and our own signers look at what
 * was recorded of other venues, of which some trade next to nothing: dollars by way of USDT and of BTC.
 */
crashSuite({
  title: "USDC on 11 March 2023",
  files: ["crash_windows/2023-03-10_usdc_depeg_multisource_1m.csv.gz"],
  crash: ([file = ""]) => {
    const window = readWindow(file);
    const minute = (source: string, market: string) => window.path(source, market, 60n);
    const kraken = minute("kraken_spot", "USDC/USD");
    const tether = minute("binanceus_spot", "USDC/USDT");
    const krakenBtc = over(minute("kraken_spot", "BTC/USDC"), minute("kraken_spot", "BTC/USD"));
    const btc = over(minute("binanceus_spot", "BTC/USDC"), minute("coinbase_spot", "BTC/USD"));
    const byKraken = times(tether, minute("kraken_spot", "USDT/USD"));
    const byCoinbase = times(tether, minute("coinbase_spot", "USDT/USD"));
    return {
      base: "USDC",
      signers: { redstone: 5, own: 4 },
      venues: {
        push: late(kraken, 30n),
        redstone: [kraken, byCoinbase, krakenBtc, btc, byKraken],
        own: [kraken, late(kraken, 10n), krakenBtc, byCoinbase],
      },
      from: at("11T00:00"),
      expiry: at("11T08:15"),
      until: at("11T09:15"),
    };
  },
  lie: { who: "redstone", from: at("11T07:46"), to: at("11T08:06"), percent: 60n },
  places: 4,
  honest: { price: 89_205_985n, step: "F0", flags: "none", quarantined: [] },
  lying: { price: 89_077_373n, step: "F1", flags: "apart", quarantined: ["redstone 07:48"] },
});
