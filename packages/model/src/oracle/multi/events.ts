/** Fields of the events of hub and fixings, in the order of their declaration on chain. */
export interface MultiOracleEventFields {
  FeedCreated: {
    readonly feed: bigint;
    readonly base: bigint;
    readonly quote: bigint;
    readonly priceExp: bigint;
    readonly quorum: bigint;
    readonly dailyVol: bigint;
  };
  SourceAdded: {
    readonly feed: bigint;
    readonly index: bigint;
    readonly source: bigint;
    readonly vote: bigint;
    readonly voting: boolean;
  };
  SourcePromoted: { readonly feed: bigint; readonly index: bigint };
  SourceRetired: { readonly feed: bigint; readonly index: bigint };
  ReadingStored: {
    readonly feed: bigint;
    readonly index: bigint;
    readonly price: bigint;
    readonly time: bigint;
    readonly confidence: bigint;
    readonly form: bigint;
  };
  ReadingDropped: { readonly feed: bigint; readonly index: bigint; readonly reason: bigint };
  VoteQuarantined: {
    readonly feed: bigint;
    readonly vote: bigint;
    readonly price: bigint;
    readonly middle: bigint;
  };
  VoteReleased: { readonly feed: bigint; readonly vote: bigint };
  ShadowSampled: {
    readonly feed: bigint;
    readonly index: bigint;
    readonly price: bigint;
    readonly mid: bigint;
    readonly within: boolean;
  };
  FixingOpened: {
    readonly fixing: bigint;
    readonly feed: bigint;
    readonly profile: bigint;
    readonly expiry: bigint;
    readonly mark: bigint;
    readonly sources: bigint;
  };
  MarkRefreshed: { readonly fixing: bigint; readonly mark: bigint; readonly markTime: bigint };
  ValueAccepted: {
    readonly fixing: bigint;
    readonly vote: bigint;
    readonly slot: bigint;
    readonly price: bigint;
    readonly form: bigint;
    readonly beneficiary: bigint;
  };
  WindowClosed: { readonly fixing: bigint; readonly stage: bigint };
  OutageNoted: { readonly fixing: bigint; readonly since: bigint };
  SuccessorProposed: { readonly fixing: bigint; readonly vote: bigint; readonly index: bigint };
  SuccessorConfirmed: { readonly fixing: bigint; readonly vote: bigint; readonly index: bigint };
  PriceSettled: {
    readonly fixing: bigint;
    readonly price: bigint;
    readonly step: bigint;
    readonly flags: bigint;
  };
}

/** Any event of hub and fixings. */
export type MultiOracleEvent = {
  readonly [K in keyof MultiOracleEventFields]: {
    readonly name: K;
    readonly args: MultiOracleEventFields[K];
  };
}[keyof MultiOracleEventFields];
