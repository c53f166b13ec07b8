import { MAX_INT64, findAccount, ownerOf, packLeg, unpackLeg } from "@certus/model";
import type { Address, Nonce, Order, Part } from "@certus/model";

import type { Ecdsa } from "../run/command.ts";
import { ACCOUNTS, ACTORS, OPERATORS, OWNERS, WALLET } from "../world/actors.ts";
import { ecdsa } from "./orders.ts";
import { expiredBooks } from "./scene.ts";
import type { Scene } from "./scene.ts";
import type { FillDraft } from "./fill.ts";

type Spoiler = (draft: FillDraft, scene: Scene) => FillDraft | undefined;

const UINT64 = (1n << 64n) - 1n;

function withOrder(draft: FillDraft, change: Partial<Order>): FillDraft {
  return { ...draft, order: { ...draft.order, ...change } };
}

/** The order with one part changed. */
function withPart(
  draft: FillDraft,
  { dice }: Scene,
  change: (part: Part) => Partial<Part> | undefined,
): FillDraft | undefined {
  const { parts } = draft.order;
  const at = dice.below(parts.length);
  const part = parts[at];
  const changed = part === undefined ? undefined : change(part);
  if (part === undefined || changed === undefined) return undefined;
  return withOrder(draft, { parts: parts.with(at, { ...part, ...changed }) });
}

/** One leg changed, as unpacked. */
function withLeg(
  draft: FillDraft,
  scene: Scene,
  change: (leg: ReturnType<typeof unpackLeg>) => Partial<ReturnType<typeof unpackLeg>> | undefined,
): FillDraft | undefined {
  return withPart(draft, scene, ({ legs }) => {
    const at = scene.dice.below(legs.length);
    const packed = legs[at];
    const leg = packed === undefined ? undefined : unpackLeg(packed);
    const changed = leg === undefined ? undefined : change(leg);
    if (leg === undefined || changed === undefined) return undefined;
    return { legs: legs.with(at, packLeg({ ...leg, ...changed })) };
  });
}

/** A nonce of the maker in a state, if there is one. */
function nonceIn(
  { state, dice }: Scene,
  { account }: Order,
  wanted: Nonce["state"],
): bigint | undefined {
  const nonces = findAccount(state, account)?.nonces ?? new Map<bigint, Nonce>();
  return dice.maybe(
    [...nonces].filter(([, { state: is }]) => is === wanted).map(([nonce]) => nonce),
  );
}

function withNonce(draft: FillDraft, scene: Scene, state: Nonce["state"]): FillDraft | undefined {
  const nonce = nonceIn(scene, draft.order, state);
  return nonce === undefined ? undefined : withOrder(draft, { nonce });
}

function stranger({ dice }: Scene, owner: Address): Address {
  return dice.pick([...OPERATORS, ...OWNERS].filter((address) => address !== owner));
}

const BAD_ECDSA: readonly Partial<Ecdsa>[] = [
  { over: "otherChain" },
  { over: "otherLedger" },
  { over: "otherOrder" },
  { form: "highS" },
  { form: "compact" },
  { by: ACTORS.sam.address },
];

const SHAPE: readonly Spoiler[] = [
  (draft) => ({ ...withOrder(draft, { parts: [] }), limits: [] }),
  (draft, { dice }) => {
    const count = 5 + dice.below(2);
    const repeat = <T>(list: readonly T[]): T[] =>
      Array.from({ length: count }, (_, at) => list[at % list.length]).filter(
        (x) => x !== undefined,
      );
    return {
      ...withOrder(draft, { parts: repeat(draft.order.parts) }),
      limits: repeat(draft.limits),
    };
  },
  (draft, { dice }) => ({
    ...draft,
    limits: dice.chance(0.5) ? draft.limits.slice(1) : [...draft.limits, ...draft.limits.slice(-1)],
  }),
  (draft) => ({ ...draft, units: 0n }),
  (draft) => {
    const [first, ...rest] = draft.order.parts;
    const [limit, ...others] = draft.limits;
    if (first === undefined || limit === undefined || rest.length > 2) return undefined;
    const parts = [first, first, ...rest];
    return { ...withOrder(draft, { parts }), limits: [limit, limit, ...others] };
  },
  (draft) => {
    if (draft.order.parts.length < 2) return undefined;
    const parts = draft.order.parts.toReversed();
    return { ...withOrder(draft, { parts }), limits: draft.limits.toReversed() };
  },
  (draft, scene) => withPart(draft, scene, ({ book }) => ({ book: book ^ (1n << 64n) })),
  (draft, scene) => withPart(draft, scene, () => ({ book: 0n })),
  (draft, scene) => {
    const book = scene.dice.maybe(expiredBooks(scene))?.book;
    return book === undefined ? undefined : withPart(draft, scene, () => ({ book }));
  },
  (draft, scene) => withPart(draft, scene, () => ({ legs: [] })),
  (draft, scene) =>
    withPart(draft, scene, ({ legs }) => {
      const last = unpackLeg(legs.at(-1) ?? 0n);
      const more = Array.from({ length: 33 - legs.length }, (_, at) =>
        packLeg({ ...last, strike: BigInt(at) + 1n }),
      );
      return { legs: [...legs, ...more] };
    }),
  (draft, scene) =>
    withPart(draft, scene, ({ legs }) =>
      scene.dice.chance(0.5) && legs.length > 1
        ? { legs: legs.toReversed() }
        : { legs: [...legs, ...legs.slice(-1)] },
    ),
  (draft, scene) => {
    const quantity = scene.dice.pick([0n, -MAX_INT64 - 1n]);
    return withLeg(draft, scene, () => ({ quantity }));
  },
  (draft, scene) => withLeg(draft, scene, ({ strike }) => ({ strike: strike ^ 1n })),
  (draft, scene) => withLeg(draft, scene, () => ({ strike: 0n })),
  (draft, scene) => withLeg(draft, scene, ({ isCall }) => (isCall ? { isCall: false } : undefined)),
  (draft, scene) =>
    withLeg(draft, scene, ({ quantity }) => ({
      quantity: quantity === MAX_INT64 || quantity === -1n ? quantity - 1n : quantity + 1n,
    })),
];

const ORDER: readonly Spoiler[] = [
  (draft) => ({ ...draft, account: draft.order.account, sender: ownerOf(draft.order.account) }),
  (draft, { now, dice }) => withOrder(draft, { deadline: now - dice.between(1n, 9n) }),
  (draft, scene) => withOrder(draft, { taker: stranger(scene, ownerOf(draft.account)) }),
  (draft, { dice }) => {
    const { epoch } = draft.order;
    return withOrder(draft, { epoch: epoch > 0n && dice.chance(0.5) ? epoch - 1n : epoch + 1n });
  },
  (draft, scene) => withNonce(draft, scene, "cancelled"),
  (draft, scene) => withNonce(draft, scene, "cancelled"),
  (draft, scene) => withNonce(draft, scene, "filled"),
  (draft, scene) => withNonce(draft, scene, "partial"),
  (draft, { dice }) => ({
    ...draft,
    units:
      draft.order.units < UINT64
        ? draft.order.units + dice.pick([1n, UINT64 - draft.order.units])
        : UINT64,
  }),
  (draft) => {
    const units = draft.units > UINT64 - 5n ? UINT64 - 5n : draft.units;
    return { ...withOrder(draft, { units: units + 5n, minFill: units + 1n }), units };
  },
  (draft, { dice }) => ({ ...draft, signing: { ...ecdsa(draft.signer), ...dice.pick(BAD_ECDSA) } }),
  (draft, { dice }) => ({
    ...draft,
    signing: { kind: "garbage", bytes: dice.pick(["", "00", "11".repeat(64), "1b".repeat(65)]) },
  }),
  (draft, scene) => {
    const signer = stranger(scene, draft.signer);
    return { ...draft, signer, signing: ecdsa(signer) };
  },
  (draft) => ({ ...draft, signer: 0n }),
  (draft, { twin, plan }) => {
    if (draft.signer !== WALLET || !twin.wallet.accepts) return undefined;
    plan.push(
      () => draft,
      () => ({ kind: "wallet", mode: "agrees" }),
    );
    return undefined;
  },
];

const AMOUNTS: readonly Spoiler[] = [
  (draft) => ({ ...withOrder(draft, { units: UINT64, minFill: 0n }), units: UINT64 - 1n }),
  (draft) => {
    const parts = draft.order.parts.map((part) => ({ ...part, premium: MAX_INT64 }));
    return { ...withOrder(draft, { units: UINT64, parts }), units: UINT64 >> 1n };
  },
  (draft) => {
    const parts = draft.order.parts.map((part) => ({ ...part, maxDraw: 0n }));
    return withOrder(draft, { parts });
  },
  (draft) => ({ ...draft, limits: draft.limits.map((limit) => ({ ...limit, maxDraw: 0n })) }),
  (draft) => ({ ...draft, limits: draft.limits.map((limit) => ({ ...limit, maxPay: -1n })) }),
  (draft, { dice }) => ({
    ...draft,
    sender: dice.pick([ACTORS.sam.address, ACTORS.oscar.address]),
  }),
  (draft, { dice }) => ({ ...draft, account: dice.pick(ACCOUNTS) }),
];

/** Makes the shape of an order wrong. */
export function spoilShape(scene: Scene, draft: FillDraft): FillDraft | undefined {
  return scene.dice.pick(SHAPE)(draft, scene);
}

/** Makes one thing of an order or its signature wrong. */
export function spoilOrder(scene: Scene, draft: FillDraft): FillDraft | undefined {
  return scene.dice.pick(ORDER)(draft, scene);
}

/** Makes one thing of a sound fill wrong; the rest stays sound. Nothing if this fill cannot be spoilt so. */
export function spoil(scene: Scene, draft: FillDraft): FillDraft | undefined {
  const { dice } = scene;
  const spoiler = dice.pick(
    dice.weighted([
      [5, SHAPE],
      [5, ORDER],
      [2, AMOUNTS],
    ]),
  );
  const spoilt = spoiler(draft, scene);
  if (spoilt?.signing.kind !== "ecdsa" || spoilt.signer !== draft.signer) return spoilt;
  return spoilt;
}
