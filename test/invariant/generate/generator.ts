import { max } from "@certus/model";

import type { Command, Kind } from "../run/command.ts";
import { GENESIS_TIME } from "../chain/chain.ts";
import { ACCOUNTS, PAYERS } from "../world/actors.ts";
import { FEEDS, TOKENS } from "../world/places.ts";
import type { Twin } from "../world/twin.ts";
import { draftBatch } from "./batch.ts";
import type { Drafts } from "./batch.ts";
import {
  draftAllocate,
  draftDeposit,
  draftDepositToBook,
  draftFree,
  draftWithdraw,
} from "./cash.ts";
import { Dice } from "./dice.ts";
import {
  claimants,
  draftClaim,
  draftFixPrice,
  draftForce,
  draftPushFees,
  draftSettle,
  unfixedBooks,
  unsettledBooks,
} from "./expiry.ts";
import { draftPhase, draftRound } from "./feed.ts";
import { draftFill } from "./fill.ts";
import { draftMany } from "./manyKinds.ts";
import type { Knobs } from "./knobs.ts";
import { draftGuard, draftList, draftOpen, draftRetire, openingMarkets } from "./markets.ts";
import { listedMarkets, liveBooks } from "./scene.ts";
import type { Draft, Planned, Scene } from "./scene.ts";
import { draftWrap } from "./packages.ts";
import { draftPermit } from "./permit.ts";
import { piledUp } from "./piled.ts";
import { draftSequence } from "./sequence.ts";
import {
  draftApprove,
  draftRedeem,
  draftSend,
  draftSendFrom,
  draftTokenOperator,
  draftUnwrap,
  holdingsOf,
} from "./tokens.ts";
import { draftTransfer } from "./transfer.ts";
import { draftWait, momentAhead } from "./time.ts";
import { draftCancel, draftRaiseEpoch, draftSetOperator, draftSetTreasury } from "./upkeep.ts";

const CALLS: Drafts = {
  list: draftList,
  retire: draftRetire,
  setGuard: draftGuard,
  openBook: draftOpen,
  deposit: draftDeposit,
  depositToBook: draftDepositToBook,
  withdraw: draftWithdraw,
  allocate: draftAllocate,
  free: draftFree,
  fill: draftFill,
  fillMany: draftMany,
  transferLegs: draftTransfer,
  wrap: draftWrap,
  unwrap: draftUnwrap,
  redeem: draftRedeem,
  transfer: draftSend,
  transferFrom: draftSendFrom,
  approve: draftApprove,
  setOperator: draftTokenOperator,
  selfPermit: draftPermit,
  batch: (scene) => draftBatch(scene, CALLS),
  cancel: draftCancel,
  raiseEpoch: draftRaiseEpoch,
  setAccountOperator: draftSetOperator,
  fixPrice: draftFixPrice,
  settle: draftSettle,
  claim: draftClaim,
  pushFees: draftPushFees,
  setTreasury: draftSetTreasury,
};

const DRAFTS: { readonly [K in Kind]: Planned } = {
  ...CALLS,
  wrap: (scene) => (scene.dice.chance(0.1) ? piledUp(scene) : undefined) ?? draftWrap(scene),
  sequence: (scene) => draftSequence(scene, CALLS),
  wait: draftWait,
  round: (scene) => draftRound(scene),
  phase: draftPhase,
  wallet: ({ dice }) => ({
    kind: "wallet",
    mode: dice.pick(["agrees", "agrees", "refuses", "dirty", "short", "reverts"] as const),
  }),
  force: draftForce,
};

/** Share of the commands that are done at a moment that matters, or beside it. */
const AT_A_MOMENT = 0.015;

/** Writes the commands of a run, one at a time, out of the state that the ones before have led to. */
export class Generator {
  readonly #scene: Scene;
  #count = 0;
  #last = 0n;

  constructor(knobs: Knobs, twin: Twin) {
    const dice = new Dice(knobs.seed, 1);
    const { state } = twin.ledger;
    const now = GENESIS_TIME + 1_000n;
    this.#scene = { dice, knobs, twin, state, now, orders: [], plan: [], nextNonce: dice.bits(10) };
    this.#scene.plan.push(...opening(this.#scene));
  }

  /** The next command. */
  next(): Command {
    const scene = this.#scene;
    this.#count++;
    const { dice } = scene;
    scene.now += dice.weighted([
      [5, 0n],
      [4, 1n],
      [3, dice.between(1n, 12n)],
      [0.3, dice.between(12n, 900n)],
    ]);
    const draft = this.#draft();
    const at = max(draft.at ?? scene.now, this.#last);
    scene.now = at;
    this.#last = at;
    return { ...draft, at };
  }

  #draft(): Draft {
    const scene = this.#scene;
    for (;;) {
      const planned = scene.plan.shift() ?? DRAFTS[scene.dice.weighted(this.#weights())];
      const draft = planned(scene);
      if (draft === undefined) continue;
      // Most of what is bounded by time is bounded to the second: do it right there.
      const at = scene.dice.chance(AT_A_MOMENT) ? momentAhead(scene) : undefined;
      return draft.at === undefined && at !== undefined ? { ...draft, at } : draft;
    }
  }

  /** What is likely to come next, given what there is to do. */
  #weights(): readonly (readonly [number, Kind])[] {
    const scene = this.#scene;
    const live = liveBooks(scene).length;
    const markets = listedMarkets(scene).length;
    const late = this.#count > 90;
    const holdings = holdingsOf(scene);
    const wrapped = holdings.length > 0;
    const redeemable = holdings.some(({ book }) => book.price !== 0n);
    const when = (condition: boolean, weight: number, otherwise: number): number =>
      condition ? weight : otherwise;
    return [
      [when(markets < 2, 6, 1.4), "list"],
      [when(late, 0.6, 0.12), "retire"],
      [1.8, "setGuard"],
      [when(live < 3, 4, 1.2), "openBook"],
      [2, "deposit"],
      [1.8, "depositToBook"],
      [1.3, "withdraw"],
      [1.8, "allocate"],
      [2, "free"],
      [when(live > 0, 20, 1), "fill"],
      [when(live > 0, 5, 0.5), "fillMany"],
      [when(live > 0, 2.5, 0.3), "transferLegs"],
      [when(live > 0, 3, 0.1), "wrap"],
      [when(wrapped, 1.5, 0), "unwrap"],
      [when(redeemable, 4, when(wrapped, 0.3, 0)), "redeem"],
      [when(wrapped, 1.5, 0.1), "transfer"],
      [when(wrapped, 1.5, 0), "transferFrom"],
      [when(wrapped, 0.6, 0.1), "approve"],
      [when(wrapped, 0.4, 0.1), "setOperator"],
      [0.9, "selfPermit"],
      [6, "batch"],
      [0.6, "sequence"],
      [1.3, "cancel"],
      [0.5, "raiseEpoch"],
      [2, "setAccountOperator"],
      [when(unfixedBooks(scene).length > 0, 5, 0.4), "fixPrice"],
      [when(unsettledBooks(scene).length > 0, 5, 0.4), "settle"],
      [when(claimants(scene).length > 0, 4, 0.4), "claim"],
      [1, "pushFees"],
      [0.6, "setTreasury"],
      [1.6, "wait"],
      [when(live < 3, 4, 2), "round"],
      [0.25, "phase"],
      [0.4, "wallet"],
      [scene.knobs.flavour === "forced" ? 6 : 0, "force"],
    ];
  }
}

/** What a run begins with: prices, markets, books, cash. */
function opening(scene: Scene): readonly Planned[] {
  const { dice } = scene;
  const rounds = FEEDS.map(({ proxy, answer }): Planned => {
    return ({ now }) => ({ kind: "round", proxy, answer, updatedAt: now, skipped: 0n });
  });
  const lists = openingMarkets(scene).map(
    (draft): Planned =>
      () =>
        draft,
  );
  const books = Array.from({ length: 5 }, (): Planned => draftOpen);
  const deposits = ACCOUNTS.flatMap((account) => TOKENS.map((token) => ({ account, token })));
  const cash = dice.some(deposits, 0.6).map(({ account, token }): Planned => () => {
    const sender = dice.pick(PAYERS.slice(0, 5));
    const amount = dice.magnitude(100) + dice.magnitude(64);
    return { kind: "deposit", sender, account, token, amount };
  });
  return [...rounds, ...lists, ...books, ...cash];
}
