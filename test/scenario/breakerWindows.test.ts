import { MINUTE } from "../fixtures/units.ts";
import { guardedSuites } from "../helpers/crash/guarded/suite.ts";
import * as windows from "../helpers/crash/windows.ts";

const at = (utc: string) => BigInt(Date.parse(`${utc}:00Z`) / 1_000);
const FIVE = 5n * MINUTE;

describe("Breaker", () => {
  guardedSuites([
    {
      recorded: windows.MAY_2021_PROMPT,
      settles: at("2021-05-19T12:40"),
      spans: [
        [at("2021-05-19T13:50"), MINUTE],
        [at("2021-05-19T14:30"), FIVE],
      ],
      honest: [
        "12:51–13:32 restricted: Move, BigMove",
        "13:34–13:39 restricted: Move",
        "13:47–14:10 restricted: Move",
      ],
      liar: "own",
      split: ["12:45–13:05 halted: FarApart, Move", "13:09–13:40 restricted: Move"],
      after: 70n * MINUTE,
      lying: ["12:45–13:15 restricted: FarApart, Move", "13:20–13:25 restricted: Move"],
    },
    {
      recorded: windows.MAY_2021,
      note: "the push feed half a minute late",
      lag: 30n,
      settles: at("2021-05-19T12:35"),
      spans: [
        [at("2021-05-19T13:20"), MINUTE],
        [at("2021-05-19T14:30"), FIVE],
      ],
      honest: ["12:51–13:40 restricted: Move, Apart"],
    },
    {
      recorded: windows.LUNA,
      settles: at("2022-05-12T06:45"),
      spans: [[at("2022-05-12T08:30"), FIVE]],
      honest: ["07:35–08:05 restricted: Apart"],
      liar: "own",
      lying: ["06:50–08:45 restricted: FarApart, FewVotes, Apart"],
      after: 120n * MINUTE,
    },
    {
      recorded: windows.FTX,
      settles: at("2022-11-08T19:25"),
      spans: [
        [at("2022-11-08T19:50"), MINUTE],
        [at("2022-11-08T20:30"), FIVE],
      ],
      honest: [],
      liar: "redstone",
      lying: ["19:30–20:10 restricted: FarApart"],
    },
    {
      recorded: windows.DEPEG_ETH,
      collateral: windows.DEPEG,
      settles: at("2023-03-11T03:20"),
      spans: [
        [at("2023-03-11T04:20"), FIVE],
        [at("2023-03-11T05:20"), 10n * MINUTE],
        [at("2023-03-11T09:00"), 20n * MINUTE],
        [at("2023-03-12T05:00"), 40n * MINUTE],
      ],
      honest: ["05:00–03-12 04:20 restricted: Depeg"],
      liar: "own",
      lying: ["03:25–03:55 restricted: FarApart"],
    },
    {
      recorded: windows.AUGUST_2023,
      settles: at("2023-08-17T21:35"),
      spans: [
        [at("2023-08-17T22:00"), MINUTE],
        [at("2023-08-17T22:40"), FIVE],
      ],
      honest: [],
      liar: "own",
      lying: ["21:40–22:15 restricted: FarApart"],
    },
    {
      recorded: windows.AUGUST_2024,
      settles: at("2024-08-05T01:00"),
      spans: [
        [at("2024-08-05T01:25"), MINUTE],
        [at("2024-08-05T02:00"), FIVE],
      ],
      honest: ["01:11–01:21 restricted: Move"],
      liar: "redstone",
      lying: ["01:05–01:40 restricted: FarApart, Move"],
    },
    {
      recorded: windows.APRIL_2025,
      settles: at("2025-04-09T17:10"),
      spans: [
        [at("2025-04-09T17:35"), MINUTE],
        [at("2025-04-09T18:10"), FIVE],
      ],
      honest: [],
      liar: "own",
      lying: ["17:15–17:45 restricted: FarApart"],
    },
    {
      recorded: windows.OCTOBER_2025,
      settles: at("2025-10-10T21:05"),
      spans: [
        [at("2025-10-10T21:40"), MINUTE],
        [at("2025-10-10T22:20"), FIVE],
      ],
      honest: [],
      liar: "redstone",
      split: ["21:10–21:32 halted: FarApart"],
      lying: ["21:10–22:05 restricted: FarApart"],
      after: 70n * MINUTE,
    },
  ]);
});
