/** Errors of the sources that the model knows: names of their arguments, in order. */
export const SOURCE_ERRORS = {
  SourcePriceInvalid: ["price"],
  ProofForOtherTime: ["proven", "asked"],
  ReportTooWide: ["width", "max"],
  TooFewSigners: ["count", "threshold"],
  SignerNotStanding: ["signer"],
  LegTooOld: ["leg", "age", "maxAge"],
} as const;

/** The hub's errors: names of their arguments, in the order of their declaration on chain. */
export const HUB_ERRORS = {
  FeedNameZero: [],
  FeedExists: ["feed"],
  FeedUnknown: ["feed"],
  QuorumInvalid: ["quorum"],
  FeedExpTooLarge: ["priceExp", "max"],
  DailyVolTooLarge: ["dailyVol", "max"],
  SourceWithoutCode: ["source"],
  UnitMismatch: ["base", "quote", "priceExp"],
  MaxAgeInvalid: ["maxAge", "max"],
  MaxAheadTooLarge: ["maxAhead", "max"],
  ClassesInvalid: ["classes"],
  ClassesOverlap: ["classes", "taken"],
  SourceKnown: ["source"],
  TooManySources: ["max"],
  TooManyVotes: ["max"],
  SourceUnknown: ["index"],
  SourceDisabled: ["index"],
  NotInShadow: ["index"],
  ShadowUnproven: ["age", "samples", "within"],
  TooFewVotes: ["live", "quorum"],
  SpotWouldMove: ["before", "afterwards"],
  PriceOutOfRange: ["price"],
  ReadingFromFuture: ["time", "latest"],
  ReadingTooOld: ["age", "maxAge"],
  ConfidenceTooWide: ["confidence", "max"],
  FormInvalid: ["form"],
  NotNewer: ["time", "stored"],
} as const;

/**
 * Errors of fixings from several sources: names of their arguments, in the order of their declaration on chain. Those
 * that the single-feed oracle has as well are with its own.
 */
export const FIXING_ERRORS = {
  ProfileKindUnknown: ["kind"],
  SpotDegraded: ["feed", "status"],
  FixingFinal: ["price"],
  SourceNotInFixing: ["index"],
  SlotUnknown: ["slot", "slots"],
  ValueOutOfRange: ["price"],
  ValueFormInvalid: ["form"],
  NoOutage: ["since"],
  OutageKnown: ["fixing"],
  VoteAlive: ["vote", "time"],
  TooLateToSucceed: ["now_", "latest"],
  VoteNotOpenToSuccession: ["vote"],
  SuccessorUnproven: ["index"],
  SuccessorSilent: ["age", "maxAge"],
  SuccessorOffMark: ["price", "mark"],
  NoSuccessor: ["index"],
  SuccessorKnown: ["index"],
} as const;
