/** Errors of the sources that the model knows: names of their arguments, in order. */
export const SOURCE_ERRORS = {
  SourcePriceInvalid: ["price"],
  ProofForOtherTime: ["proven", "asked"],
  ReportTooWide: ["width", "max"],
  TooFewSigners: ["count", "threshold"],
  SignerNotStanding: ["signer"],
  LegTooOld: ["leg", "age", "maxAge"],
} as const;

/** The hub's errors: names of their arguments, in order. */
export const HUB_ERRORS = {
  FeedExists: ["feed"],
  QuorumInvalid: ["quorum"],
  DailyVolInvalid: ["dailyVol"],
  FeedUnknown: ["feed"],
  SourceWithoutCode: ["source"],
  UnitMismatch: ["source"],
  MaxAgeInvalid: ["maxAge"],
  MaxAheadInvalid: ["maxAhead"],
  ClassesEmpty: ["source"],
  ClassesOverlap: ["classes", "taken"],
  TooManySources: ["max"],
  TooManyVotes: ["max"],
  SourceTaken: ["feed", "index"],
  SourceUnknown: ["feed", "index"],
  SourceDisabled: ["feed", "index"],
  SourceNotInShadow: ["feed", "index"],
  ShadowUnproven: ["age", "samples", "within"],
  TooFewVotes: ["live", "quorum"],
  SpotWouldMove: ["before", "after"],
  PriceOutOfRange: ["price"],
  ReadingFromFuture: ["time", "bound"],
  ReadingTooOld: ["age", "maxAge"],
  ConfidenceTooWide: ["confidence", "max"],
  NotNewer: ["time", "stored"],
} as const;

/**
 * Errors of fixings from several sources: names of their arguments, in order. Those of the hub and of the single-feed
 * oracle that they share are with these.
 */
export const FIXING_ERRORS = {
  ProfileKindUnknown: ["kind"],
  SpotDegraded: ["feed", "status"],
  FixingFinal: ["price"],
  SourceNotInFixing: ["index"],
  SlotUnknown: ["slot", "slots"],
  OutageAlreadyNoted: ["fixing"],
  NoOutage: ["since"],
  SuccessorNotProposed: ["vote"],
  TooEarlyToConfirm: ["timestamp", "from"],
  VoteNotInFixing: ["vote"],
  VoteSucceeded: ["vote"],
  SuccessorStands: ["vote", "index"],
  VoteAlive: ["vote", "time"],
  SuccessorApart: ["price", "mark"],
} as const;
