import { inBreakerFile } from "../mutant.ts";

/** Faults of the circuit breaker, and of what the hub tells it of votes. */
export const BREAKERS = [
  ...inBreakerFile("guards/Tripping.sol", [
    ["evidence may halt twice a week", "halts && _hasNotHalted(market)", "halts"],
    [
      "nothing begins on a day of its own within a level",
      "if (current == 0 || state.newerStart + EPISODES_WINDOW <= block.timestamp) _begin(state);",
      "if (current == 0) _begin(state);",
    ],
    [
      "an episode of exactly a day ago counts",
      "state.olderStart + EPISODES_WINDOW > block.timestamp;",
      "state.olderStart + EPISODES_WINDOW >= block.timestamp;",
    ],
    [
      "stays escalate a fifth time",
      "state.escalation < MOST_ESCALATION",
      "state.escalation <= MOST_ESCALATION",
    ],
    ["an escalated stay doubles", "stay << (2 * state.escalation)", "stay << state.escalation"],
    [
      "a level that ends with the one in force replaces it",
      "if (level > current || (level == current && until > state.until)) {",
      "if (level > current || (level == current && until >= state.until)) {",
    ],
    [
      "a longer restriction ends a halt",
      "if (level > current || (level == current && until > state.until)) {",
      "if (level > current || until > state.until) {",
    ],
    [
      "what the guardian imposed is replaced for good",
      "bool stays = state.until > until || (trigger == Trigger.Guardian) != (state.trigger == Trigger.Guardian);",
      "bool stays = state.until > until;",
    ],
    [
      "a firm level leaves no floor",
      "if (!rule.releasable && until > state.firmUntil) state.firmUntil = until;",
      "",
    ],
    [
      "health of two minutes ago is too old",
      "last + HEALTHY_AGE < block.timestamp",
      "last + HEALTHY_AGE <= block.timestamp",
    ],
    ["a second less than ten minutes is health", "span < HEALTHY_SPAN", "span + 1 < HEALTHY_SPAN"],
    [
      "a degraded spot does not keep a level",
      "if (spot.status != 0) revert SpotUnhealthy(feed, spot.status);",
      "",
    ],
    ["an early end leaves its notice", "delete watch.notices[uint256(state.trigger)];", ""],
    [
      "the guardian need not wait a day",
      "uint256 from = newer == 0 ? 0 : newer + IMPOSED_GAP;",
      "uint256 from = 0;",
    ],
    [
      "the guardian lifts what evidence has tripped",
      "if (state.levelNow() == 0 || state.trigger != Trigger.Guardian) revert",
      "if (state.levelNow() == 0) revert",
    ],
    [
      "anyone may impose",
      "function impose(uint256 market, uint8 level, uint32 duration) external restricted {",
      "function impose(uint256 market, uint8 level, uint32 duration) external {",
    ],
    [
      "a balance that just suffices is short",
      "if (owed <= balance) revert",
      "if (owed < balance) revert",
    ],
    ["fees are not owed", "owed += uint256(pool) + fees;", "owed += uint256(pool) + fees - fees;"],
    [
      "the sequencer's whole grace begins with the trip",
      "return down ? stay : since + grace - block.timestamp;",
      "return down ? stay : since - since + grace;",
    ],
    [
      "a week after a halt a shortfall does not halt yet",
      "return older == 0 || older + HALT_WINDOW <= block.timestamp;",
      "return older == 0 || older + HALT_WINDOW < block.timestamp;",
    ],
  ]),
  ...inBreakerFile("guards/Evidence.sol", [
    [
      "a move of the threshold is too small",
      "if (measured < threshold) revert",
      "if (measured <= threshold) revert",
    ],
    [
      "a rise is measured from the lower end",
      "measured = ((votes.coreLow - high) * BPS) / high;",
      "measured = ((votes.coreLow - high) * BPS) / low;",
    ],
    [
      "a move goes to the farther end",
      "measured = ((low - votes.coreHigh) * BPS) / low;",
      "measured = ((low - votes.coreLow) * BPS) / low;",
    ],
    [
      "a reference of five minutes is too old",
      "if (time + REFERENCE_AGE < block.timestamp) revert",
      "if (time + REFERENCE_AGE <= block.timestamp) revert",
    ],
    ["three moves are a huge one", "threshold = (threshold * 7) / 2;", "threshold *= 3;"],
    [
      "silence answers votes that are apart",
      "if (since == 0 || trigger == Trigger.Apart) revert",
      "if (since == 0) revert",
    ],
    [
      "a notice outlives an outage",
      "return exists && (down || began > since);",
      "return exists && down && began != since;",
    ],
    [
      "votes at the threshold are not apart",
      "condition.measured >= condition.threshold",
      "condition.measured > condition.threshold",
    ],
    [
      "one vote that is off halts",
      "votes.recent >= quorum && _distance(votes.coreLow, votes.coreHigh) >= agreed",
      "votes.recent >= quorum && agreed != 0",
    ],
    [
      "collateral is back where it left its peg",
      "inForce ? watch.policy.pegAbove() : watch.policy.depegBelow()",
      "watch.policy.depegBelow()",
    ],
    [
      "a notice trips a second late",
      "block.timestamp < from || block.timestamp > to",
      "block.timestamp <= from || block.timestamp > to",
    ],
    [
      "a vote of after the notice is no answer",
      "HUB.dispersion(feed, since)",
      "HUB.dispersion(feed, since + (block.timestamp - since))",
    ],
  ]),
  ...inBreakerFile("guards/Observing.sol", [
    ["any observation is a sign of health", "(healthy ? HEALTHY_BIT : 0)", "HEALTHY_BIT"],
    [
      "a healthy observation waits for any",
      "uint256 from = healthy ? head.lastTime : head.lastAny;",
      "uint256 from = head.lastAny;",
    ],
    ["the usual base fee falls twice as fast", "usual - usual / 200", "usual - usual / 100"],
    [
      "the network is looked at every second",
      "elapsed < GAP || blocks == 0",
      "elapsed < 1 || blocks == 0",
    ],
  ]),
  ...inBreakerFile("guards/Adapting.sol", [
    [
      "tightness relaxes second by second",
      "STEP_DOWN * ((block.timestamp - watch.adaptedAt) / ADAPT_GAP)",
      "(STEP_DOWN * (block.timestamp - watch.adaptedAt)) / ADAPT_GAP",
    ],
    [
      "tightness is adapted a second early",
      "watch.adaptedAt != 0 && block.timestamp < from",
      "watch.adaptedAt != 0 && block.timestamp + 1 < from",
    ],
    [
      "a halt is written again as tightness changes",
      "if (state.levelNow() == BreakerRules.HALTED) watch.state",
      "if (state.levelNow() > BreakerRules.HALTED) watch.state",
    ],
  ]),
  ...inBreakerFile("guards/Watching.sol", [
    [
      "stress takes the floor of the ceiling",
      "tightness * (BPS - policy.floor())",
      "tightness * policy.floor()",
    ],
    [
      "a level that is over is written once more",
      "else if (current == 0) (state.level, state.until) = (0, 0);",
      "",
    ],
  ]),
  ...inBreakerFile("guards/Policies.sol", [
    ["a step of a whole fifth down is too far", "value + step < before", "value + step <= before"],
    ["thresholds are put back again and again", "watch.previous = 0;", ""],
    ["the steward's day goes on after a roll-back", "watch.tightenedAt = 0;", ""],
  ]),
  ...inBreakerFile("libraries/PolicyWord.sol", [
    ["a steward lowers where the peg is back", "(1 << 3) | (1 << 4);", "(1 << 3);"],
  ]),
  ...inBreakerFile("libraries/Volatility.sol", [
    [
      "the average of moves is rounded up",
      "return (variance * MEMORY + move * move * 1 days) / (MEMORY + elapsed);",
      "return Math.ceilDiv(variance * MEMORY + move * move * 1 days, MEMORY + elapsed);",
    ],
    ["a move is a part of the new price", "(distance * PPM) / before", "(distance * PPM) / price"],
    [
      "a variance never fades",
      "return (variance * MEMORY) / (MEMORY + elapsed);",
      "return (variance * (MEMORY + elapsed)) / (MEMORY + elapsed);",
    ],
  ]),
  ...inBreakerFile("oracle/hub/Spots.sol", [
    [
      "a vote of a minute ago is not of this minute",
      "StoreWord.seenAt(word) + CONTEMPORARY < block.timestamp",
      "StoreWord.seenAt(word) + CONTEMPORARY <= block.timestamp",
    ],
    [
      "who looks after a feed votes",
      "if (word == 0 || (guards >> i) & 1 == 1 || StoreWord.standing(word)",
      "if (word == 0 || StoreWord.standing(word)",
    ],
    [
      "votes in quarantine are heard",
      "(guards >> i) & 1 == 1 || StoreWord.standing(word) == StoreWord.QUARANTINED) continue;",
      "(guards >> i) & 1 == 1) continue;",
    ],
    [
      "a vote good until the notice was not seen",
      "StoreWord.time(word) + StoreWord.maxAge(word) >= since",
      "StoreWord.time(word) + StoreWord.maxAge(word) > since",
    ],
    [
      "half a quorum is a core",
      "uint256 core = uint256(quorum) / 2 + 1;",
      "uint256 core = uint256(quorum) / 2;",
    ],
  ]),
] as const;
