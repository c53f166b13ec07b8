import { expect } from "chai";
import { accountOf, findAccount } from "@certus/model";
import type { Order } from "@certus/model";
import { attempt, refused } from "./helpers/attempt.ts";
import { expectNothing } from "./helpers/refusals.ts";
import {
  ADMIN,
  ALICE,
  BOB,
  EXPIRY,
  OPEN_LIMIT,
  OPERATOR,
  START,
  STRANGER,
  createScene,
  expectOk,
  from,
  leg,
  order,
  part,
  sign,
  take,
} from "./helpers/scene.ts";
import type { Scene } from "./helpers/scene.ts";

describe("fill: the order", () => {
  describe("terms of the order", () => {
    it("refuses the maker as its own taker", () => {
      const scene = createScene();
      refused(scene, { order: { account: scene.bob, deadline: 0n } }, "SameAccount", scene.bob);
    });

    it("fills up to the deadline itself, and no later", () => {
      const scene = createScene();
      const given = { order: { deadline: START + 9n, nonce: 1n } };
      refused(
        scene,
        { ...given, env: from(BOB, START + 10n) },
        "OrderExpired",
        START + 9n,
        START + 10n,
      );
      expectOk(attempt(scene, { ...given, env: from(BOB, START + 9n) })());
    });

    it("refuses another taker than the one named", () => {
      const scene = createScene();
      refused(scene, { order: { taker: ALICE } }, "ForeignTaker", ALICE, BOB);
      expectOk(attempt(scene, { order: { taker: BOB } })());
    });

    it("refuses orders of another epoch, before or after", () => {
      const scene = createScene();
      refused(scene, { order: { epoch: 1n } }, "EpochStale", 1n, 0n);
      expectOk(scene.ledger.raiseEpoch(from(ALICE), scene.alice));
      refused(scene, {}, "EpochStale", 0n, 1n);
      expectOk(attempt(scene, { order: { epoch: 1n } })());
    });

    it("takes an account that was never written to to be in epoch 0", () => {
      const { ledger, linear, bob } = createScene();
      const fresh = accountOf(STRANGER, 3n);
      expectOk(take(ledger, bob, order(fresh, [part(linear, [leg("put", 1800, 1)])])));
    });

    it("refuses nonces that are cancelled, filled or bound to another order", () => {
      const scene = createScene();
      const { ledger, alice } = scene;
      expectOk(ledger.cancel(from(ALICE), alice, [5n]));
      refused(scene, { order: { nonce: 5n } }, "OrderCancelled", alice, 5n);
      expectOk(attempt(scene, { order: { nonce: 6n } })());
      refused(scene, { order: { nonce: 6n } }, "OrderFilledUp", alice, 6n);
      expectOk(attempt(scene, { order: { nonce: 7n, units: 2n } })());
      refused(scene, { order: { nonce: 7n, units: 3n } }, "NonceTaken", alice, 7n);
      expectOk(attempt(scene, { order: { nonce: 7n, units: 2n } })());
      refused(scene, { order: { nonce: 7n, units: 3n } }, "OrderFilledUp", alice, 7n);
    });

    it("refuses more units than remain and fewer than the least", () => {
      const scene = createScene();
      const ten = { units: 10n, minFill: 4n };
      refused(scene, { order: { units: 0n } }, "UnitsBound", 1n, 0n);
      refused(scene, { order: ten, units: 11n }, "UnitsBound", 11n, 10n);
      refused(scene, { order: ten, units: 3n }, "BelowMinFill", 3n, 4n);
      expectOk(attempt(scene, { order: ten, units: 7n })());
      refused(scene, { order: ten, units: 4n }, "UnitsBound", 4n, 3n);
      refused(scene, { order: ten, units: 2n }, "BelowMinFill", 2n, 3n);
      expectOk(attempt(scene, { order: ten, units: 3n })());
    });

    it("keeps hash and units of a partial order, and drops them when it is filled", () => {
      const scene = createScene();
      const nonce = () => findAccount(scene.ledger.state, scene.alice)?.nonces.get(0n);
      expectOk(attempt(scene, { order: { units: 3n }, units: 2n })());
      expect(nonce()).to.deep.include({ state: "partial", filled: 2n });
      expectOk(attempt(scene, { order: { units: 3n } })());
      expect(nonce()).to.deep.equal({ state: "filled" });
    });
  });

  describe("signature", () => {
    const fillWith = (
      { ledger, linear, alice, bob }: Scene,
      signer: bigint,
      signature: Parameters<typeof ledger.fill>[4],
      now: bigint = START,
    ) => {
      const signed = order(alice, [part(linear, [leg("put", 1800, -1)])]);
      return () => ledger.fill(from(BOB, now), bob, signed, signer, signature, 1n, [OPEN_LIMIT]);
    };
    const digestOf = ({ ledger, linear, alice }: Scene, changes: Partial<Order> = {}): bigint => {
      const signature = sign(ledger, order(alice, [part(linear, [leg("put", 1800, -1)])], changes));
      return signature.kind === "garbage" ? 0n : signature.digest;
    };

    it("refuses garbage, another signer's, and one over anything else", () => {
      const scene = createScene();
      const { ledger, alice } = scene;
      const digest = digestOf(scene);
      const bad = [
        { kind: "garbage" } as const,
        { kind: "ecdsa", by: BOB, digest } as const,
        { kind: "ecdsa", by: ALICE, digest: digest + 1n } as const,
        { kind: "ecdsa", by: ALICE, digest: digestOf(scene, { units: 2n }) } as const,
        { kind: "erc1271", wallet: BOB, digest, accepts: true } as const,
        { kind: "erc1271", wallet: ALICE, digest, accepts: false } as const,
      ];
      for (const signature of bad) {
        const call = fillWith(scene, ALICE, signature);
        expectNothing(ledger, call, "BadSignature", alice, ALICE);
      }
      expectOk(fillWith(scene, ALICE, { kind: "erc1271", wallet: ALICE, digest, accepts: true })());
    });

    it("refuses a good signature by someone who may not sign", () => {
      const scene = createScene();
      const signature = { kind: "ecdsa", by: BOB, digest: digestOf(scene) } as const;
      const call = fillWith(scene, BOB, signature);
      expectNothing(scene.ledger, call, "BadSignature", scene.alice, BOB);
    });

    it("takes a trade operator's while the grant runs, for orders signed since", () => {
      const scene = createScene();
      const { ledger, linear, alice, bob } = scene;
      const grant = (scopes: bigint, until: bigint, now: bigint) =>
        expectOk(ledger.setAccountOperator(from(ALICE, now), alice, OPERATOR, scopes, until));
      const fill = (signedAt: bigint, now: bigint) => () => {
        const signed = order(alice, [part(linear, [leg("put", 1800, -1)])], {
          signedAt,
          nonce: now,
        });
        const signature = sign(ledger, signed, OPERATOR);
        return ledger.fill(from(BOB, now), bob, signed, OPERATOR, signature, 1n, [OPEN_LIMIT]);
      };
      const bad = (call: () => ReturnType<typeof ledger.fill>): void =>
        expectNothing(ledger, call, "BadSignature", alice, OPERATOR);
      bad(fill(START, START + 5n));
      grant(2n, START + 100n, START + 10n);
      bad(fill(START + 10n, START + 11n));
      grant(1n, START + 100n, START + 20n);
      bad(fill(START + 19n, START + 21n));
      bad(fill(START + 22n, START + 21n));
      expectOk(fill(START + 20n, START + 21n)());
      expectOk(fill(START + 22n, START + 22n)());
      expectOk(fill(START + 20n, START + 99n)());
      bad(fill(START + 20n, START + 100n));
      grant(1n, START + 200n, START + 101n);
      bad(fill(START + 20n, START + 102n));
    });

    it("does not ask the owner when the order was signed", () => {
      const scene = createScene();
      const { ledger, linear, alice, bob } = scene;
      const parts = [part(linear, [leg("put", 1800, -1)])];
      expectOk(take(ledger, bob, order(alice, parts, { signedAt: EXPIRY + 1n })));
    });
  });

  describe("retired market", () => {
    it("still fills what raises no open interest", () => {
      const scene = createScene();
      const { ledger, linear } = scene;
      expectOk(attempt(scene, { order: { units: 2n }, units: 2n })());
      expectOk(ledger.retire(from(ADMIN), linear.market.market));
      const raising = { order: { nonce: 1n } };
      const series = linear.book | (1_800n * 10n ** 8n);
      refused(scene, raising, "RiskRestricted", linear.book, series);
      expectOk(attempt(scene, { order: { nonce: 1n }, legs: [leg("put", 1800, 1)] })());
    });
  });
});
