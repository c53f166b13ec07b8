import { expect } from "chai";
import { packLeg } from "@certus/model";
import type { BatchCall, Leg, LedgerEvent } from "@certus/model";
import { batchBy, dumpAll, fillCall, namesOf } from "./helpers/batches.ts";
import { COVER, heldBy, put } from "./helpers/many.ts";
import { expectNothing } from "./helpers/refusals.ts";
import {
  BOB,
  DOLLAR,
  EXPIRY,
  NO_PROOF,
  STRANGER,
  expectOk,
  leg,
  order,
  part,
} from "./helpers/scene.ts";
import type { Scene } from "./helpers/scene.ts";
import { SPREAD, bought, packagesOf, times, wrapping } from "./helpers/wraps.ts";

/** What two lots cost their taker. */
const FEES = 2_000n;

function pack(
  name: "wrap" | "unwrap",
  { linear, bob }: Scene,
  legs: readonly Leg[],
  amount = 1n,
): BatchCall {
  return { name, args: [bob, linear.book, legs.map(packLeg), amount] };
}

function redeem({ linear }: Scene, amount: bigint): BatchCall {
  return { name: "redeem", args: [linear.book, SPREAD.map(packLeg), amount, STRANGER] };
}

describe("batch: packages", () => {
  it("may be wrapped out of what is bought in the same step", () => {
    const scene = bought(SPREAD);
    const { ledger, linear, alice, bob } = scene;
    const sold = order(alice, [part(linear, times(SPREAD, -2n))], { nonce: 1n });
    const events: LedgerEvent[] = [];
    const calls = [fillCall(ledger, bob, sold), pack("wrap", scene, SPREAD, 3n)];
    expectOk(batchBy(ledger, bob, calls), events);
    expect(namesOf(events)).to.deep.equal(["OrderFilled", "Transfer", "Wrapped"]);
    expect(packagesOf(scene, BOB)).to.equal(3n);
  });

  it("may leave the account short until the end, by wrap and by unwrap", () => {
    const scene = bought(SPREAD);
    const { ledger, linear, bob } = scene;
    const long = pack("wrap", scene, [put(1)]);
    const needed = 1_700n * DOLLAR;
    const short = [bob, linear.book, 0n, needed] as const;
    const run = (calls: readonly BatchCall[]) => () => batchBy(ledger, bob, calls);
    expectNothing(ledger, run([long]), "Undercovered", ...short);
    expectOk(run([long, pack("unwrap", scene, [put(1)])])());
    const allocate: BatchCall = { name: "allocate", args: [bob, linear.book, needed] };
    expectOk(run([long, allocate])());
    // Two puts are sold without cover; the one that is unwrapped mends half of it, and the rest must come.
    const bid = order(scene.alice, [part(linear, [put(2)])], { nonce: 2n });
    const sell = fillCall(ledger, bob, bid, { limit: { maxPay: 1n << 100n, maxDraw: 0n } });
    const mended = (amount: bigint): readonly BatchCall[] => [
      sell,
      pack("unwrap", scene, [put(1)]),
      { name: "allocate", args: [bob, linear.book, FEES + amount] },
    ];
    const all = [bob, linear.book, needed + COVER - 1n, needed + COVER] as const;
    expectNothing(ledger, run(mended(COVER - 1n)), "Undercovered", ...all);
    expectOk(run(mended(COVER))());
  });

  it("are taken back with everything else where a later call fails", () => {
    const scene = bought(times(SPREAD, 5n));
    const { ledger, linear, bob } = scene;
    const fresh = dumpAll(ledger);
    const bad: BatchCall = { name: "allocate", args: [bob, linear.book, 0n] };
    const first = [pack("wrap", scene, SPREAD, 3n), pack("unwrap", scene, SPREAD, 2n), bad];
    expectNothing(ledger, () => batchBy(ledger, bob, first), "ZeroAmount");
    expect(dumpAll(ledger)).to.deep.equal(fresh);
    expect([ledger.state.packages.size, ledger.state.holders.size]).to.deep.equal([0, 0]);
    expectOk(wrapping(scene, { amount: 2n })());
    const before = dumpAll(ledger);
    expectNothing(ledger, () => batchBy(ledger, bob, first), "ZeroAmount");
    const fix: BatchCall = { name: "fixPrice", args: [linear.book, NO_PROOF] };
    scene.oracle.price = leg("put", 1_750, 1).strike;
    const ending = [fix, redeem(scene, 1n)];
    const late = { now: EXPIRY };
    const failing = () => batchBy(ledger, bob, [...ending, redeem(scene, 2n), bad], late);
    const balance = [BOB, 1n, 2n] as const;
    const id = [...ledger.state.packages.values()][0]?.id ?? 0n;
    expectNothing(ledger, failing, "ERC6909InsufficientBalance", ...balance, id);
    expectNothing(ledger, () => batchBy(ledger, bob, [...ending, bad], late), "ZeroAmount");
    expect(dumpAll(ledger)).to.deep.equal(before);
    const results = expectOk(batchBy(ledger, bob, ending, late));
    expect(results).to.deep.equal([scene.oracle.price, 50n * DOLLAR]);
    expect(heldBy(ledger, bob, linear).legs).to.deep.equal(times(SPREAD, 3n));
  });
});
