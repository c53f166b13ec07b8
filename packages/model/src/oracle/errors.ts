/** Arguments of the single-feed oracle's errors, in the order of their declaration on chain. */
export interface OracleErrorArguments {
  FeedUnreadable: [feed: bigint];
  RoundWithoutPhase: [roundId: bigint];
  AnswerNotPositive: [answer: bigint];
  AnswerTooLarge: [answer: bigint, bound: bigint];
  RoundNotUpdated: [roundId: bigint];
  RoundFromFuture: [updatedAt: bigint, current: bigint];
  MarkTooOld: [age: bigint, bound: bigint];
  AnsweredInEarlierRound: [answeredInRound: bigint, roundId: bigint];
  ProfileDirty: [profile: bigint];
  PriceExpTooLarge: [priceExp: bigint, bound: bigint];
  ProfileWithoutCeiling: [profile: bigint];
  FeedNotAddress: [feed: bigint];
  FeedWithoutCode: [proxy: bigint];
  DecimalsUnreadable: [proxy: bigint];
  DecimalsTooLarge: [decimals: bigint, bound: bigint];
  FixingWindowOver: [current: bigint, expiry: bigint];
  DecimalsChanged: [frozen: bigint, current: bigint];
  FixingNotOpen: [fixing: bigint];
  MarkNotNewer: [updatedAt: bigint, markTime: bigint];
  TooEarlyToFix: [current: bigint, from: bigint];
  FeedStillAnswers: [proxy: bigint];
  ProofMalformed: [length: bigint];
  PhaseUnreadable: [proxy: bigint];
  PhaseWentBack: [current: bigint, opened: bigint];
  HintsIncomplete: [given: bigint, needed: bigint];
  HintsLeftOver: [given: bigint, used: bigint];
  NoRoundBeforeExpiry: [expiry: bigint];
  HintOutOfPhase: [hint: bigint, phase: bigint];
  RoundIncomplete: [hint: bigint];
  RoundAfterExpiry: [updatedAt: bigint, expiry: bigint];
  NotLastRound: [hint: bigint, later: bigint];
  TooManyIncomplete: [hint: bigint, bound: bigint];
  LatestRoundUnreadable: [phase: bigint];
  AggregatorUnreadable: [phase: bigint];
}
