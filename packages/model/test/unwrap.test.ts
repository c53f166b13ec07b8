import { expect } from "chai";
import {
  MAX_INT64,
  MAX_UINT256,
  accountOf,
  packLeg,
  packageAllowanceOf,
  seriesOf,
} from "@certus/model";
import type { BatchCall, ErrorArguments, ErrorName } from "@certus/model";
import { heldBy, put } from "./helpers/many.ts";
import { expectNothing } from "./helpers/refusals.ts";
import {
  ALICE,
  BOB,
  CAROL,
  EXPIRY,
  GUARD,
  OPERATOR,
  START,
  expectOk,
  from,
  leg,
  order,
  part,
  take,
} from "./helpers/scene.ts";
import type { Scene } from "./helpers/scene.ts";
import { SPREAD, bought, idOf, packagesOf, times, unwrapping, wrapping } from "./helpers/wraps.ts";
import type { Packing } from "./helpers/wraps.ts";

/** Bob's other account. */
const OTHER = accountOf(BOB, 8n);

/** A scene in which Bob has wrapped three spreads, or other legs. */
function wrapped(legs = SPREAD, amount = 3n): Scene {
  const scene = bought(times(legs, amount));
  expectOk(wrapping(scene, { legs, amount })());
  return scene;
}

function refused<N extends ErrorName>(
  scene: Scene,
  packing: Packing,
  name: N,
  ...args: ErrorArguments[N]
): void {
  expectNothing(scene.ledger, unwrapping(scene, packing), name, ...args);
}

describe("unwrap", () => {
  describe("what moves", () => {
    it("turns packages of the owner into legs of any account of theirs, and says so", () => {
      const scene = wrapped();
      const { ledger, linear } = scene;
      expectOk(ledger.setAccountOperator(from(BOB), OTHER, OPERATOR, 2n, EXPIRY));
      expectOk(ledger.setOperator(from(BOB), OPERATOR, true));
      const [id, amount] = [idOf(linear), 2n];
      const moved = { caller: OPERATOR, sender: BOB, receiver: 0n, id, amount };
      const legs = SPREAD.map(packLeg);
      const unwrapped = { account: OTHER, id, book: linear.book, legs, amount };
      const call = unwrapping(scene, { env: from(OPERATOR), account: OTHER, amount });
      expect(call()).to.deep.equal({
        ok: true,
        returned: id,
        events: [
          { name: "Transfer", args: moved },
          { name: "Unwrapped", args: unwrapped },
        ],
        oracleEvents: [],
      });
      const held = { collateral: 0n, legs: times(SPREAD, 2n), cash: 0n };
      expect(heldBy(ledger, OTHER, linear)).to.deep.equal(held);
      expect(packagesOf(scene, BOB)).to.equal(1n);
    });

    it("spends the allowance of a manage operator, but neither the largest one nor an owner's or a token operator's", () => {
      const scene = wrapped();
      const { ledger, linear, bob } = scene;
      const id = idOf(linear);
      const allowed = () => packageAllowanceOf(ledger.state, BOB, OPERATOR, id);
      expectOk(ledger.setAccountOperator(from(BOB), bob, OPERATOR, 2n, EXPIRY));
      const call = unwrapping(scene, { env: from(OPERATOR) });
      expectOk(ledger.approve(from(BOB), OPERATOR, id, 2n));
      expectOk(call());
      expect(allowed()).to.equal(1n);
      expectOk(unwrapping(scene)());
      expect(allowed()).to.equal(1n);
      expectOk(call());
      expect(allowed()).to.equal(0n);
      expectNothing(ledger, call, "ERC6909InsufficientAllowance", OPERATOR, 0n, 1n, id);
      expectOk(wrapping(scene, { amount: 3n })());
      expectOk(ledger.setOperator(from(BOB), OPERATOR, true));
      expectOk(ledger.approve(from(BOB), OPERATOR, id, 1n));
      expectOk(call());
      expect(allowed()).to.equal(1n);
      expectOk(ledger.setOperator(from(BOB), OPERATOR, false));
      expectOk(ledger.approve(from(BOB), OPERATOR, id, MAX_UINT256));
      expectOk(call());
      expect(allowed()).to.equal(MAX_UINT256);
    });

    it("gives an allowance back where the call fails behind it, and where a batch does", () => {
      const scene = wrapped();
      const { ledger, linear, bob } = scene;
      const id = idOf(linear);
      expectOk(ledger.setAccountOperator(from(BOB), bob, OPERATOR, 2n, EXPIRY));
      const env = from(OPERATOR);
      const args = [bob, linear.book, SPREAD.map(packLeg), 1n] as const;
      const unwrap: BatchCall = { name: "unwrap", args };
      const wrap: BatchCall = { name: "wrap", args };
      const failing: BatchCall = { name: "allocate", args: [bob, linear.book, 0n] };
      const twice = () => ledger.batch(env, [unwrap, unwrap]);
      // The state is compared with an allowance that stands and with none.
      expectOk(ledger.approve(from(BOB), OPERATOR, id, 1n));
      expectNothing(ledger, () => ledger.batch(env, [unwrap, failing]), "ZeroAmount");
      expectNothing(ledger, twice, "ERC6909InsufficientAllowance", OPERATOR, 0n, 1n, id);
      expectOk(ledger.approve(from(BOB), OPERATOR, id, 4n));
      const short = [BOB, 3n, 4n, id] as const;
      const all = unwrapping(scene, { env, amount: 4n });
      expectNothing(ledger, all, "ERC6909InsufficientBalance", ...short);
      expectOk(ledger.batch(env, [unwrap, wrap, unwrap]));
      expect(packageAllowanceOf(ledger.state, BOB, OPERATOR, id)).to.equal(2n);
    });

    it("nets with what the account holds", () => {
      const scene = wrapped();
      const { ledger, linear, alice } = scene;
      expectOk(ledger.transfer(from(BOB), ALICE, idOf(linear), 3n));
      expectOk(unwrapping(scene, { env: from(ALICE), account: alice, amount: 3n })());
      expect(heldBy(ledger, alice, linear).legs).to.deep.equal([]);
    });

    it("goes on at every guard level and after last trade", () => {
      const scene = wrapped();
      const { ledger, linear } = scene;
      expectOk(ledger.setGuard(from(GUARD), linear.market.market, 2n, START + 9n, 0n));
      expectOk(unwrapping(scene)());
      expectOk(unwrapping(scene, { env: from(BOB, EXPIRY - 1n) })());
    });
  });

  describe("refusals", () => {
    it("name the caller, the amount, the book, and who holds too few", () => {
      const scene = wrapped();
      const { ledger, linear, bob, carol } = scene;
      const nothing = { amount: 0n, book: 1n };
      refused(scene, { env: from(CAROL), ...nothing }, "NotPermitted", bob, CAROL, 2n);
      refused(scene, nothing, "ZeroAmount");
      refused(scene, { book: 1n, amount: 4n }, "BookNotOpen", 1n);
      const late = { env: from(BOB, EXPIRY), amount: 4n };
      refused(scene, late, "BookExpired", linear.book, EXPIRY, EXPIRY);
      const [id, other] = [idOf(linear), idOf(linear, [put(1)])];
      refused(scene, { amount: 4n }, "ERC6909InsufficientBalance", BOB, 3n, 4n, id);
      refused(scene, { legs: [put(1)] }, "ERC6909InsufficientBalance", BOB, 0n, 1n, other);
      // Who manages an account of the owner's has no leave for the owner's packages by that: it comes before what is held.
      expectOk(ledger.setAccountOperator(from(BOB), OTHER, OPERATOR, 3n, EXPIRY));
      const managed = { env: from(OPERATOR), account: OTHER, amount: 4n };
      refused(scene, managed, "ERC6909InsufficientAllowance", OPERATOR, 0n, 4n, id);
      expectOk(ledger.approve(from(BOB), OPERATOR, id, 3n));
      refused(scene, managed, "ERC6909InsufficientAllowance", OPERATOR, 3n, 4n, id);
      expectOk(ledger.setOperator(from(BOB), OPERATOR, true));
      refused(scene, managed, "ERC6909InsufficientBalance", BOB, 3n, 4n, id);
      // Neither an allowance nor a token operator makes packages of others one's own.
      expectOk(ledger.approve(from(BOB), CAROL, id, 3n));
      expectOk(ledger.setOperator(from(BOB), CAROL, true));
      const own = { env: from(CAROL), account: carol };
      refused(scene, own, "ERC6909InsufficientBalance", CAROL, 0n, 1n, id);
      refused(scene, { env: from(CAROL) }, "NotPermitted", bob, CAROL, 2n);
    });

    it("name what the account cannot hold", () => {
      const scene = wrapped([put(1)], MAX_INT64);
      const { ledger, linear, bob, carol } = scene;
      expectOk(take(ledger, bob, order(carol, [part(linear, [put(-1)])])));
      const series = seriesOf(linear.book, false, put(1).strike);
      const all = { legs: [put(1)], amount: MAX_INT64 };
      refused(scene, all, "QuantityBound", bob, series, MAX_INT64 + 1n);
      const other = wrapped();
      const many = Array.from({ length: 31 }, (_, index) => leg("put", index + 1, -1));
      expectOk(take(other.ledger, bob, order(carol, [part(linear, many)])));
      refused(other, {}, "TooManyLegs", bob, linear.book, 33n, 32n);
    });
  });
});
