import { inPriceFile } from "../mutant.ts";

/** Faults of the hub, of fixings and of the sources. */
export const PRICES = [
  ...inPriceFile("oracle/fixing/Values.sol", [
    ["a value is taken a second time", "if (lane <= old) return 0;", "if (lane < old) return 0;"],
    [
      "a push value is never demoted",
      "if (source & PUSH != 0 && (FixingWord.demoted(call.word) >> vote) & 1 == 1) form &= Forms.RANK_MASK;",
      "",
    ],
  ]),
  ...inPriceFile("oracle/fixing/Ladder.sol", [
    [
      "five slots of seven are strong enough",
      "tally.size(STRONG) * 5 >= tally.slots * 4",
      "tally.size(STRONG) * 7 >= tally.slots * 5",
    ],
    [
      "a mark of an hour before is too old to jump",
      "if (tally.markAge <= RECENT_MARK) {",
      "if (tally.markAge < RECENT_MARK) {",
    ],
    [
      "a flag delays nothing",
      "if (stage != 0 || flags == 0) return",
      "if (stage != 0 || flags != 8) return",
    ],
  ]),
  ...inPriceFile("libraries/Tallies.sol", [
    [
      "means are rounded up",
      "return uint128(sum) / (sum >> 128);",
      "return (uint128(sum) + (sum >> 128) - 1) / (sum >> 128);",
    ],
    [
      "a mark of 24 hours decides",
      "if (tally.markAge >= YOUNG_MARK) {",
      "if (tally.markAge > YOUNG_MARK) {",
    ],
  ]),
  ...inPriceFile("libraries/Samples.sol", [
    [
      "one per cent is apart",
      "return (upper - lower) * 100 > lower * percent;",
      "return (upper - lower) * 100 >= lower * percent;",
    ],
    [
      "medians are rounded up",
      "(list.get(count / 2 - 1) + upper) / 2;",
      "(list.get(count / 2 - 1) + upper + 1) / 2;",
    ],
  ]),
  ...inPriceFile("libraries/StoreWord.sol", [
    [
      "a reading of its maximal age is too old",
      "return time(word) + maxAge(word) >= block.timestamp;",
      "return time(word) + maxAge(word) > block.timestamp;",
    ],
  ]),
  ...inPriceFile("oracle/hub/Feeds.sol", [
    ["a new vote judges no source before it", "if (!guard) _appointJudge(state, index, vote);", ""],
  ]),
  ...inPriceFile("oracle/hub/Stores.sol", [
    [
      "two judges are rounded up",
      "if (count == 2) return (lowest + highest) / 2;",
      "if (count == 2) return (lowest + highest + 1) / 2;",
    ],
    [
      "suspicion lasts a second longer",
      "if (block.timestamp < since + SUSPICION) return",
      "if (block.timestamp <= since + SUSPICION) return",
    ],
    [
      "the same of a pulled source is news",
      "return push && StoreWord.source(word) == StoreWord.source(stored);",
      "return StoreWord.source(word) == StoreWord.source(stored);",
    ],
  ]),
  ...inPriceFile("oracle/hub/Spots.sol", [
    [
      "a minute is not fresh",
      "if (gathered.ages[0] > FRESH) status |= NOT_FRESH;",
      "if (gathered.ages[0] >= FRESH) status |= NOT_FRESH;",
    ],
  ]),
  ...inPriceFile("libraries/Sequencer.sol", [
    [
      "grace is never short",
      "if (outage < LONGEST_GRACE) grace = outage < SHORTEST_GRACE ? SHORTEST_GRACE : outage;",
      "",
    ],
  ]),
];
