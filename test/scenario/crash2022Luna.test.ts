import { crashSuite } from "../helpers/crash/suite.ts";
import { LUNA } from "../helpers/crash/windows.ts";

const at = (utc: string) => BigInt(Date.parse(`2022-05-12T${utc}:00Z`) / 1_000);

/**
 * The end of LUNA on 12 May 2022: ETH falls by a fifth overnight. The push feed says what Chainlink's aggregate said, our
 * own signers what thirteen of its nodes answered, RedStone's what five providers said, all as polled every quarter of an
 * hour and on the line between two polls.
 */
crashSuite({
  recorded: LUNA,
  from: at("03:00"),
  expiry: at("07:30"),
  until: at("08:45"),
  lie: { who: "own", from: at("07:01"), to: at("07:21"), percent: 60n },
  places: 2,
  honest: { price: 179_201_779_279n, step: "F1", flags: "apart", quarantined: [] },
  lying: { price: 179_196_260_010n, step: "F1", flags: "apart", quarantined: ["own 07:02"] },
});
