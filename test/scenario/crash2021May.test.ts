import { crashSuite } from "../helpers/crash/suite.ts";
import { MAY_2021 } from "../helpers/crash/windows.ts";

const at = (utc: string) => BigInt(Date.parse(`2021-05-19T${utc}:00Z`) / 1_000);

/**
 * China's ban on 19 May 2021: ETH falls by a quarter within half an hour, up to 9 % within a minute. One venue is
 * recorded by the minute; the classes see it with the lags they have: the push feed after half a minute, RedStone at once,
 * of our own signers each a few seconds later than the one before.
 */
crashSuite({
  recorded: MAY_2021,
  from: at("10:00"),
  expiry: at("13:15"),
  until: at("14:40"),
  lie: { who: "own", from: at("12:46"), to: at("13:06"), percent: 60n },
  places: 2,
  honest: {
    price: 220_242_633_333n,
    step: "F1",
    flags: "mark apart jump",
    quarantined: ["push 12:57"],
  },
  lying: {
    price: 219_462_266_666n,
    step: "F1",
    flags: "mark apart jump",
    quarantined: ["own 12:50", "push 13:23"],
  },
});
