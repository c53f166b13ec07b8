import { crashSuite } from "../helpers/crash/suite.ts";
import { eightDecimals, rowsOf, through } from "../helpers/crash/series.ts";

const at = (utc: string) => BigInt(Date.parse(`2022-05-12T${utc}:00Z`) / 1_000);
/** Own signers are 3f + 1. */
const OWN = 13;
const PROVIDERS = [
  "src_coincap",
  "src_bravenewcoin",
  "src_cryptocompare",
  "src_coingecko",
  "src_coinmarketcap",
];

/**
 * The end of LUNA on 12 May 2022: ETH falls by a fifth overnight. The push feed says what Chainlink's aggregate said, our
 * own signers what thirteen of its nodes answered, RedStone's what five providers said, all as polled every quarter of an
 * hour and on the line between two polls.
 */
crashSuite({
  title: "ETH on 12 May 2022",
  files: ["oracle/ethusd_chainlink_nodes_and_providers_2022-04-17_2022-05-23.csv.gz"],
  crash: ([polls = ""]) => {
    const rows = rowsOf(polls).filter(({ ts }) => BigInt(ts ?? 0) > at("00:00") - 7_200n);
    const column = (name: string) =>
      through(rows.map((row) => [BigInt(row["ts"] ?? 0), eightDecimals(row[name] ?? "")]));
    const nodes = Object.keys(rows[0] ?? {}).filter((name) => name.startsWith("node_"));
    return {
      base: "ETH",
      signers: { redstone: 5, own: OWN },
      venues: {
        push: column("chainlink_aggregate"),
        redstone: PROVIDERS.map(column),
        own: nodes.slice(0, OWN).map(column),
      },
      from: at("03:00"),
      expiry: at("07:30"),
      until: at("08:45"),
    };
  },
  lie: { who: "own", from: at("07:01"), to: at("07:21"), percent: 60n },
  places: 2,
  honest: { price: 179_201_779_279n, step: "F1", flags: "apart", quarantined: [] },
  lying: { price: 179_196_260_010n, step: "F1", flags: "apart", quarantined: ["own 07:02"] },
});
