import { crashSuite } from "../helpers/crash/suite.ts";
import { OCTOBER_2025 } from "../helpers/crash/windows.ts";

const at = (utc: string) => BigInt(Date.parse(`2025-10-10T${utc}:00Z`) / 1_000);

/**
 * The liquidations of 10 October 2025: ETH falls from 3,900 to 3,312 on one venue and to 3,400 on another, within a
 * quarter of an hour. The push feed follows Binance, RedStone Bybit, our own signers both.
 */
crashSuite({
  recorded: OCTOBER_2025,
  from: at("18:00"),
  expiry: at("21:30"),
  until: at("22:30"),
  lie: { who: "redstone", from: at("21:11"), to: at("21:31"), percent: 60n },
  places: 2,
  honest: { price: 371_449_800_000n, step: "F1", flags: "mark jump", quarantined: ["push 21:24"] },
  lying: {
    price: 371_022_840_000n,
    step: "F1",
    flags: "mark apart jump",
    quarantined: ["redstone 21:12"],
  },
});
