import type { Round } from "./series.ts";
import type { Market } from "./venue.ts";

/** Which settlement oracle the markets of a venue name. */
export const ORACLES = ["multi", "single"] as const;

/** Name of a settlement oracle: prices from several sources, or from a single feed. */
export type OracleChoice = (typeof ORACLES)[number];

/** What a price rests on: a step of several sources, or a round of a single feed, fresh at the expiry or not. */
export type Step = "F0" | "F1" | "F2" | "F3" | "F4" | "round" | "old round";

/** What a book settles by, worked out from the history alone. */
export interface Basis {
  /** 8 decimals. */
  readonly price: bigint;
  readonly step: Step;
  /** When that was observed, unix seconds: the expiry, or the time of an older round or of the mark. */
  readonly observed: bigint;
  /** What was proved, in words. */
  readonly text: string;
}

/** How the markets of a venue get their prices. */
export interface Pricing {
  /** Address of the settlement oracle. */
  readonly oracle: string;
  /** The feed as terms name it, 32 bytes. */
  readonly feed: string;
  /** What there is to see of it, a line each. */
  readonly lines: readonly string[];
  /** How long before an expiry its mark is moved, seconds, the longest first. */
  readonly marks: readonly bigint[];
  /** The profile of a market's terms. */
  readonly profileOf: (market: Market["name"]) => string;
  /** A round went out on the push feed. */
  readonly published: (round: Round) => void;
  /** Brings what must be in before books can open. */
  readonly bring: () => Promise<void>;
  /** Moves the mark of a fixing to the present. */
  readonly moveMark: (profile: string, expiry: bigint) => Promise<void>;
  /** The proof of a price, found as anyone could; empty if nothing is left to prove. */
  readonly proofOf: (profile: string, expiry: bigint) => Promise<string>;
  /** Hands in what is proved of a price that must wait. */
  readonly keep: (profile: string, expiry: bigint) => Promise<void>;
  /** What the price must be that was fixed. */
  readonly basisOf: (profile: string, expiry: bigint) => Promise<Basis>;
}

/** Refusals of openings and of marks that rest on the age of prices: they are tried again, or passed over. */
export const DEGRADED: ReadonlySet<string> = new Set(["MarkTooOld", "SpotDegraded"]);
