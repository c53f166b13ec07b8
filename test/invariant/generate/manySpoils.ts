import { MAX_INT64, MAX_UINT112, abs, max, packLeg, unpackLeg } from "@certus/model";
import type { AccountId, Order, Part } from "@certus/model";

import type { SignedOrder } from "../run/command.ts";
import { ACCOUNTS } from "../world/actors.ts";
import { spoilOrder, spoilShape } from "./badFill.ts";
import { bookAt, heldIn } from "./cash.ts";
import type { FillDraft } from "./fill.ts";
import type { ManyDraft } from "./many.ts";
import { orderOf, signatoryOf } from "./orders.ts";
import { openBooks } from "./scene.ts";
import type { Draft, Scene } from "./scene.ts";

const UINT64 = (1n << 64n) - 1n;

function asFill({ sender, account, limits, maxUnits }: ManyDraft, signed: SignedOrder): FillDraft {
  return { kind: "fill", sender, account, ...signed, units: maxUnits, limits };
}

function signedOf({ order, signer, signing }: SignedOrder): SignedOrder {
  return { order, signer, signing };
}

function withParts(signed: SignedOrder, change: (part: Part) => Partial<Part>): SignedOrder {
  const parts = signed.order.parts.map((part) => ({ ...part, ...change(part) }));
  return { ...signed, order: { ...signed.order, parts } };
}

type Stray = (scene: Scene, draft: ManyDraft, like: SignedOrder) => SignedOrder | undefined;

/** A fresh order like another one, of whoever it is. */
function fresh(
  scene: Scene,
  { account }: ManyDraft,
  { order }: SignedOrder,
  by = order.account,
): SignedOrder {
  return orderOf(scene, account, signatoryOf(scene, by), order.parts, order.units);
}

/** The most units whose lots keep to their bound. */
function mostOf({ parts }: Order): bigint {
  const lots = parts.flatMap(({ legs }) => legs.map((leg) => abs(unpackLeg(leg).quantity)));
  return MAX_INT64 / lots.reduce(max, 1n);
}

/** An order that would give its maker more collateral than the word of collateral holds. */
function enriching(scene: Scene, draft: ManyDraft, like: SignedOrder): SignedOrder {
  const { order, ...rest } = fresh(scene, draft, like);
  const rich = { ...order, units: max(1n, mostOf(order)), minFill: 0n };
  return withParts({ ...rest, order: rich }, () => ({ premium: MAX_INT64 }));
}

/** An order under a nonce that its maker has used or cancelled. */
function ofUsedNonce(scene: Scene, draft: ManyDraft, like: SignedOrder): SignedOrder | undefined {
  const { dice, state } = scene;
  const wanted = dice.pick(["cancelled", "partial", "filled"] as const);
  const used = [...state.accounts.values()].flatMap(({ account, nonces }) =>
    [...nonces]
      .filter(([, { state: is }]) => is === wanted && account !== draft.account)
      .map(([nonce]) => ({ account, nonce })),
  );
  const found = dice.maybe(used);
  if (found === undefined) return undefined;
  const { order, ...rest } = fresh(scene, draft, like, found.account);
  return { ...rest, order: { ...order, nonce: found.nonce } };
}

/** An order of whoever has the most legs where it goes. */
function ofCrowdedMaker(
  scene: Scene,
  draft: ManyDraft,
  like: SignedOrder,
): SignedOrder | undefined {
  const book = bookAt(scene, like.order.parts[0]?.book ?? 0n);
  if (book === undefined) return undefined;
  const legs = (account: AccountId): number => heldIn(scene, account, book).legs.length;
  const others = ACCOUNTS.filter((account) => account !== draft.account);
  const by = others.reduce((most, account) => (legs(account) > legs(most) ? account : most));
  return fresh(scene, draft, like, by);
}

/** Orders that are skipped, each for one reason. */
const STRAYS: readonly (readonly [number, Stray])[] = [
  [
    6,
    (scene, draft, like) => {
      const spoilt = spoilOrder(scene, asFill(draft, fresh(scene, draft, like)));
      return spoilt && signedOf(spoilt);
    },
  ],
  [0.7, (scene, draft, like) => fresh(scene, draft, like, draft.account)],
  [1, (scene, draft, like) => withParts(fresh(scene, draft, like), () => ({ maxDraw: 0n }))],
  [
    1,
    (scene, draft, like) => {
      const { order, ...rest } = fresh(scene, draft, like);
      const units = max(1n, mostOf(order) >> BigInt(scene.dice.below(24)));
      return withParts({ ...rest, order: { ...order, units, minFill: 0n } }, () => ({
        maxDraw: MAX_UINT112,
      }));
    },
  ],
  [1.2, enriching],
  [1.5, ofUsedNonce],
  [1.5, ofCrowdedMaker],
  [
    0.5,
    (scene, draft, like) => {
      const { order, ...rest } = fresh(scene, draft, like);
      return { ...rest, order: { ...order, units: UINT64, minFill: 0n } };
    },
  ],
  [
    0.5,
    (scene, draft, like) => {
      const { order, ...rest } = fresh(scene, draft, like);
      return { ...rest, order: { ...order, units: 0n } };
    },
  ],
  // Twice the same order: the first fill may use it up.
  [1, (_scene, _draft, like) => like],
];

/** Most orders of a call. */
const MOST = 16;

/** A call with some orders among its own that will be skipped. */
export function withStrays(scene: Scene, draft: ManyDraft): ManyDraft {
  const { dice } = scene;
  const fills = [...draft.fills];
  let { maxUnits } = draft;
  const count = dice.weighted([
    [5, 0],
    [4, 1],
    [2, 2],
    [0.5, 4],
  ]);
  for (let done = 0; done < count && fills.length < MOST; done++) {
    const draw = dice.weighted(STRAYS);
    const stray = draw(scene, draft, dice.pick(draft.fills));
    if (stray === undefined) continue;
    fills.splice(dice.below(fills.length + 1), 0, stray);
    // Only with units in plenty does it gain too much.
    if (draw === enriching) maxUnits = UINT64;
  }
  return { ...draft, fills, maxUnits };
}

type Spoiler = (scene: Scene, draft: ManyDraft) => Draft | undefined;

/** One leg or one book of an order changed. */
function differing({ dice, ...scene }: Scene, { parts }: Order): readonly Part[] | undefined {
  const [first, ...rest] = parts;
  if (first === undefined) return undefined;
  const leg = unpackLeg(first.legs[0] ?? 0n);
  const other = openBooks({ dice, ...scene }).find(({ book }) => book !== first.book)?.book ?? 1n;
  return dice.pick([
    [...rest],
    [first, ...parts],
    [{ ...first, book: other }, ...rest],
    [{ ...first, legs: [...first.legs, ...first.legs.slice(-1)] }, ...rest],
    [{ ...first, legs: first.legs.slice(1) }, ...rest],
    [
      { ...first, legs: first.legs.with(0, packLeg({ ...leg, quantity: leg.quantity ^ 2n })) },
      ...rest,
    ],
  ]);
}

/** Each makes a call wrong as a whole. */
const SPOILERS: readonly (readonly [number, Spoiler])[] = [
  [1, (_scene, draft) => ({ ...draft, fills: [] })],
  [
    1,
    (_scene, draft) => {
      const fills = Array.from({ length: 17 }, (_, at) => draft.fills[at % draft.fills.length]);
      return { ...draft, fills: fills.filter((fill) => fill !== undefined) };
    },
  ],
  [
    1,
    ({ dice }, draft) => ({
      ...draft,
      ...dice.pick([{ minUnits: 0n }, { maxUnits: draft.minUnits - 1n }]),
    }),
  ],
  [
    1.5,
    (scene, draft) => {
      const { dice } = scene;
      const at = draft.fills.length - 1;
      const last = draft.fills[at];
      const parts = last && differing(scene, last.order);
      if (last === undefined || at === 0 || parts === undefined) return undefined;
      const changed = { ...last, order: { ...last.order, parts } };
      return { ...draft, fills: draft.fills.with(dice.chance(0.5) ? at : 1, changed) };
    },
  ],
  [
    3,
    (scene, draft) => {
      const [first, ...rest] = draft.fills;
      const spoilt = first && spoilShape(scene, asFill(draft, first));
      if (spoilt === undefined) return undefined;
      const { limits, units } = spoilt;
      const maxUnits = units === 0n ? 0n : draft.maxUnits;
      return { ...draft, fills: [signedOf(spoilt), ...rest], limits, maxUnits };
    },
  ],
  [1, (_scene, draft) => ({ ...draft, minUnits: draft.maxUnits })],
  [1, (_scene, draft) => ({ ...draft, limits: draft.limits.map((l) => ({ ...l, maxDraw: 0n })) })],
  [1, (_scene, draft) => ({ ...draft, limits: draft.limits.map((l) => ({ ...l, maxPay: -1n })) })],
];

/** Makes one thing of a call wrong as a whole. Nothing if this call cannot be spoilt so. */
export function spoilMany(scene: Scene, draft: ManyDraft): Draft | undefined {
  return scene.dice.weighted(SPOILERS)(scene, draft);
}
