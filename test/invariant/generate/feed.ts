import {
  ANSWER_BOUND,
  END_DELAY,
  STALE_DELAY,
  encodeProof,
  fixingIdOf,
  isFresh,
} from "@certus/model";
import type { Address, Book, Feed, Fixing, Hex, Round } from "@certus/model";

import { feedOf, isLive } from "../run/modelSide.ts";
import { FEEDS, feedAt } from "../world/places.ts";
import type { Draft, Scene } from "./scene.ts";

/** An answer: around the usual one, or at the ends of what an answer may be. */
function answerFor({ dice }: Scene, proxy: Address): bigint {
  const { answer } = feedAt(proxy);
  return dice.weighted([
    [10, (answer * dice.between(50n, 160n)) / 100n + dice.bits(20)],
    [2, answer + dice.between(-99n, 99n)],
    [0.4, 1n],
    [0.4, dice.magnitude(90)],
    [0.2, ANSWER_BOUND - 1n],
    [0.3, ANSWER_BOUND],
    [0.3, 0n],
    [0.2, -5n],
  ]);
}

/**
 * A round of a feed, or a new aggregator if the present one is dead.
 *
 * @param sound - True: of an ordinary answer, dated now.
 */
export function draftRound(
  scene: Scene,
  proxy = scene.dice.pick(FEEDS).proxy,
  sound = false,
): Draft {
  const { dice, now, twin } = scene;
  const feed = feedOf(twin, proxy);
  if (!isLive(feed)) {
    return { kind: "phase", proxy, decimals: feedAt(proxy).decimals, dead: false };
  }
  if (sound) {
    const answer = feedAt(proxy).answer + dice.bits(20);
    return { kind: "round", proxy, answer, updatedAt: now, skipped: 0n };
  }
  const updatedAt = dice.weighted([
    [20, now],
    [3, now - dice.between(0n, 4_000n)],
    [0.2, now + 1n],
    [0.2, 0n],
  ]);
  const skipped = dice.weighted([
    [20, 0n],
    [2, dice.between(1n, 4n)],
    [0.3, dice.near(64n)],
  ]);
  return { kind: "round", proxy, answer: answerFor(scene, proxy), updatedAt, skipped };
}

/** Another aggregator: with the same decimals mostly, seldom with others, seldom none that answers. */
export function draftPhase(scene: Scene): Draft {
  const { dice } = scene;
  const { proxy, decimals } = dice.pick(FEEDS);
  return {
    kind: "phase",
    proxy,
    decimals: dice.weighted([
      [8, decimals],
      [1, decimals + 1n],
      [0.5, 37n],
    ]),
    dead: dice.chance(0.2),
  };
}

/** Whether a round counts for the settlement. */
function isComplete({ answer, updatedAt }: Round): boolean {
  return answer > 0n && answer < ANSWER_BOUND && updatedAt !== 0n;
}

/** The last round of a phase up to a time. */
function candidate(feed: Feed, phase: bigint, expiry: bigint): Round | undefined {
  const rounds = [...(feed.phases.get(phase)?.rounds.values() ?? [])];
  return rounds.filter(isComplete).findLast(({ updatedAt }) => updatedAt <= expiry);
}

/** The hints that prove the price of a fixing, as far as the feed's history has it. */
export function goodHints(feed: Feed, opened: bigint, expiry: bigint): readonly bigint[] {
  const hints: bigint[] = [];
  for (let phase = feed.current; phase >= opened; phase--) {
    const round = candidate(feed, phase, expiry);
    hints.push(round?.roundId ?? 0n);
    if (round !== undefined && isFresh(round, expiry)) break;
  }
  return hints;
}

/** Whether the price of a book can be fixed now, as far as its feed's history says. */
export function isReady(scene: Scene, book: Book): boolean {
  const feed = scene.twin.feeds.get(book.market.terms.feed);
  const fixing = fixingOf(scene, book);
  if (feed === undefined || fixing === undefined) return true;
  const { expiry } = book;
  const found = goodHints(feed, fixing.phase, expiry).at(-1);
  const round = [...feed.phases.values()].flatMap(({ rounds }) => [...rounds.values()]);
  const last = round.find(({ roundId }) => roundId === found);
  const fresh = last !== undefined && isFresh(last, expiry);
  return scene.now >= expiry + (fresh ? END_DELAY : STALE_DELAY);
}

function fixingOf({ twin }: Scene, { market, expiry }: Book): Fixing | undefined {
  const { feed, profile } = market.terms;
  return twin.oracle.fixings.get(fixingIdOf(feed, profile, expiry));
}

function wrongHints({ dice }: Scene, hints: readonly bigint[]): readonly bigint[] {
  const at = dice.below(hints.length);
  const hint = hints[at] ?? 0n;
  return dice.weighted<readonly bigint[]>([
    [2, hints.with(at, hint + 1n)],
    [2, hints.with(at, hint - 1n > 0n ? hint - 1n : hint + 1n)],
    [1, hints.with(at, 0n)],
    [1, hints.with(at, hint + (1n << 64n))],
    [1, [...hints, hint]],
    [1, hints.slice(1)],
    [0.5, hints.with(at, 1n << 255n)],
  ]);
}

/** A proof for a book: the good one mostly, else a wrong one, an empty one or none at all. */
export function proofFor(scene: Scene, book: Book): Hex {
  const { dice, twin } = scene;
  const feed = twin.feeds.get(book.market.terms.feed);
  const opened = fixingOf(scene, book)?.phase;
  if (feed === undefined || opened === undefined) return "0x";
  const hints = goodHints(feed, opened, book.expiry);
  const good = encodeProof(hints);
  const late = scene.now >= book.expiry + 259_200n;
  return dice.weighted<Hex>([
    [10, good],
    [2, hints.length > 0 ? encodeProof(wrongHints(scene, hints)) : "0x"],
    [late ? 4 : 1, "0x"],
    [0.4, `${good}00`],
    [0.3, "0x20"],
  ]);
}
