import { eightDecimals, rowsOf } from "../../../scripts/lib/recorded.ts";
import type { Venues } from "./run.ts";
import { late, noisy, over, readWindow, through, times } from "./series.ts";
import type { Path } from "./series.ts";

/** A recorded window: where it lies beside the checkout, and what the three classes saw of it. */
export interface Recorded {
  readonly title: string;
  /** What is priced in USD. */
  readonly base: string;
  readonly files: readonly string[];
  /** Number of signers of RedStone and of our own. */
  readonly signers: { readonly redstone: number; readonly own: number };
  /** What the classes looked at; where a push feed follows a venue, it does so some seconds late. */
  readonly venues: (paths: readonly string[], lag: bigint) => Venues;
}

const USUAL = { redstone: 5, own: 4 };
/** LUNA's own signers are 3f + 1 of Chainlink's nodes. */
const NODES = 13;
const PROVIDERS = [
  "src_coincap",
  "src_bravenewcoin",
  "src_cryptocompare",
  "src_coingecko",
  "src_coinmarketcap",
];
/** Bps by which honest signers of one venue differ. */
const NOISE = 5n;

/** Of our own signers each looks a few seconds later than the one before. */
function oneAfterAnother(path: Path): readonly Path[] {
  return [0n, 5n, 10n, 15n].map((seconds) => late(path, seconds));
}

/** A single venue that was recorded: the pulled classes differ by an honest noise. */
function single(file: string, source: string, interval: bigint): Recorded["venues"] {
  return ([path = ""], lag) => {
    const venue = readWindow(path).path(source, "ETH/USDT", interval);
    return {
      push: late(venue, lag),
      redstone: [noisy(venue, NOISE, `${file} redstone`)],
      own: [noisy(venue, NOISE, `${file} own`)],
    };
  };
}

/** Two venues: the push feed follows the first, RedStone the second, our own signers both. */
function two(interval: bigint, first: string, second: string): Recorded["venues"] {
  return ([path = ""], lag) => {
    const window = readWindow(path);
    const [a, b] = [first, second].map((name) => window.path(name, "ETH/USDT", interval)) as [
      Path,
      Path,
    ];
    return { push: late(a, lag), redstone: [b], own: [a, late(a, 10n), b, late(b, 10n)] };
  };
}

/** China's ban on 19 May 2021: one venue, by the minute. */
export const MAY_2021: Recorded = {
  title: "ETH on 19 May 2021",
  base: "ETH",
  files: ["crash_windows/2021-05-19_china_ban.csv.gz"],
  signers: USUAL,
  venues: ([file = ""], lag) => {
    const binance = readWindow(file).path("binance_spot", "ETH/USDT", 60n);
    return { push: late(binance, lag), redstone: [binance], own: oneAfterAnother(binance) };
  },
};

/** The same with pulled classes that see the venue at once, but for their noise. */
export const MAY_2021_PROMPT: Recorded = {
  ...MAY_2021,
  venues: single("2021-05-19", "binance_spot", 60n),
};

/**
 * The end of LUNA on 12 May 2022: the push feed says what Chainlink's aggregate said, our own signers what thirteen of its
 * nodes answered, RedStone's what five providers said, all as polled every quarter of an hour and on the line between two
 * polls.
 */
export const LUNA: Recorded = {
  title: "ETH on 12 May 2022",
  base: "ETH",
  files: ["oracle/ethusd_chainlink_nodes_and_providers_2022-04-17_2022-05-23.csv.gz"],
  signers: { redstone: PROVIDERS.length, own: NODES },
  venues: ([polls = ""]) => {
    const from = BigInt(Date.parse("2022-05-11T22:00:00Z") / 1_000);
    const rows = rowsOf(polls).filter(({ ts }) => BigInt(ts ?? 0) > from);
    const column = (name: string) =>
      through(rows.map((row) => [BigInt(row["ts"] ?? 0), eightDecimals(row[name] ?? "")]));
    const nodes = Object.keys(rows[0] ?? {}).filter((name) => name.startsWith("node_"));
    return {
      push: column("chainlink_aggregate"),
      redstone: PROVIDERS.map(column),
      own: nodes.slice(0, NODES).map(column),
    };
  },
};

/** The end of FTX: on 8 November 2022 Binance offers to buy it, and ETH swings by 11 % within minutes. */
export const FTX: Recorded = {
  title: "ETH on 8 November 2022",
  base: "ETH",
  files: ["crash_windows/2022-11-08_ftx.csv.gz"],
  signers: USUAL,
  venues: two(300n, "binance_spot", "okx_perp"),
};

/** ETH while USDC is off its peg, 11 March 2023: next to nothing happens to it. */
export const DEPEG_ETH: Recorded = {
  title: "ETH on 11 March 2023",
  base: "ETH",
  files: ["crash_windows/2023-03-10_usdc_depeg_eth.csv.gz"],
  signers: USUAL,
  venues: single("2023-03-11", "binance_spot", 180n),
};

/**
 * USDC off its peg on 11 March 2023, down to 0.874. The push feed follows Kraken; RedStone and our own signers look at what
 * was recorded of other venues, of which some trade next to nothing: dollars by way of USDT and of BTC.
 */
export const DEPEG: Recorded = {
  title: "USDC on 11 March 2023",
  base: "USDC",
  files: ["crash_windows/2023-03-10_usdc_depeg_multisource_1m.csv.gz"],
  signers: USUAL,
  venues: ([file = ""], lag) => {
    const window = readWindow(file);
    const minute = (source: string, market: string) => window.path(source, market, 60n);
    const kraken = minute("kraken_spot", "USDC/USD");
    const tether = minute("binanceus_spot", "USDC/USDT");
    const krakenBtc = over(minute("kraken_spot", "BTC/USDC"), minute("kraken_spot", "BTC/USD"));
    const btc = over(minute("binanceus_spot", "BTC/USDC"), minute("coinbase_spot", "BTC/USD"));
    const byKraken = times(tether, minute("kraken_spot", "USDT/USD"));
    const byCoinbase = times(tether, minute("coinbase_spot", "USDT/USD"));
    return {
      push: late(kraken, lag),
      redstone: [kraken, byCoinbase, krakenBtc, btc, byKraken],
      own: [kraken, late(kraken, 10n), krakenBtc, byCoinbase],
    };
  },
};

/** The flash crash of 17 August 2023: one venue, every three minutes. */
export const AUGUST_2023: Recorded = {
  title: "ETH on 17 August 2023",
  base: "ETH",
  files: ["crash_windows/2023-08-17_flash_crash.csv.gz"],
  signers: USUAL,
  venues: single("2023-08-17", "binance_spot", 180n),
};

/** The end of the carry trade in yen on 5 August 2024: one venue, by the minute. */
export const AUGUST_2024: Recorded = {
  title: "ETH on 5 August 2024",
  base: "ETH",
  files: ["crash_windows/2024-08-05_yen_carry.csv.gz"],
  signers: USUAL,
  venues: single("2024-08-05", "binance_spot", 60n),
};

/** The tariffs of April 2025: on the 9th they are put off, and ETH rises. */
export const APRIL_2025: Recorded = {
  title: "ETH on 9 April 2025",
  base: "ETH",
  files: ["crash_windows/2025-04-07_tariffs.csv.gz"],
  signers: USUAL,
  venues: two(300n, "binance_spot", "bybit_perp"),
};

/**
 * The liquidations of 10 October 2025: ETH falls from 3,900 to 3,312 on one venue and to 3,400 on another, within a
 * quarter of an hour.
 */
export const OCTOBER_2025: Recorded = {
  title: "ETH on 10 October 2025",
  base: "ETH",
  files: ["crash_windows/2025-10-10_liquidation_cascade.csv.gz"],
  signers: USUAL,
  venues: two(300n, "binance_perp", "bybit_perp"),
};
