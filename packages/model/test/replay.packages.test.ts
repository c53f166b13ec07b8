import { expect } from "chai";
import {
  MAX_UINT256,
  ModelFault,
  applyCall,
  applyEvent,
  digestState,
  dumpState,
  packLeg,
  packageAllowanceOf,
} from "@certus/model";
import type { LedgerEvent } from "@certus/model";
import { ALICE, BOB, CAROL, START, STRANGER, expectOk, from } from "./helpers/scene.ts";
import { SPREAD, bought, idOf, packagesOf, times, unwrapping, wrapping } from "./helpers/wraps.ts";

function transfer(caller: bigint, sender: bigint, receiver: bigint, id: bigint): LedgerEvent {
  return { name: "Transfer", args: { caller, sender, receiver, id, amount: 2n } };
}

describe("replay: packages", () => {
  const legs = SPREAD.map(packLeg);

  it("learns from wraps what packages are made of, and gives what the calls gave", () => {
    const [scene, replica] = [bought(times(SPREAD, 5n)), bought(times(SPREAD, 5n)).ledger.state];
    const { ledger, linear } = scene;
    const events: LedgerEvent[] = [];
    const id = expectOk(wrapping(scene, { amount: 5n })(), events);
    expectOk(ledger.transfer(from(BOB), CAROL, id, 2n), events);
    expectOk(unwrapping(scene, { amount: 3n })(), events);
    expectOk(ledger.approve(from(CAROL), ALICE, id, 2n), events);
    expectOk(ledger.setOperator(from(CAROL), STRANGER, true), events);
    applyCall(replica, events, START);
    expect(dumpState(replica)).to.deep.equal(dumpState(ledger.state));
    expect([...replica.packages.values()]).to.deep.equal([{ id, book: linear.book, legs }]);
  });

  it("passes over transfers from and to nobody by their holder: the event behind them tells all", () => {
    const { linear, ledger } = bought(SPREAD);
    const before = digestState(ledger.state);
    applyEvent(ledger.state, transfer(BOB, 0n, BOB, idOf(linear)), START);
    applyEvent(ledger.state, transfer(BOB, BOB, 0n, idOf(linear)), START);
    expect(digestState(ledger.state)).to.equal(before);
  });

  it("spends the allowance of a caller who is neither the sender nor its operator", () => {
    const scene = bought(times(SPREAD, 9n));
    const { ledger, linear } = scene;
    const id = idOf(linear);
    expectOk(wrapping(scene, { amount: 9n })());
    const apply = (caller: bigint) =>
      applyEvent(ledger.state, transfer(caller, BOB, CAROL, id), START);
    const allowed = () => packageAllowanceOf(ledger.state, BOB, STRANGER, id);
    expect(() => apply(STRANGER)).to.throw(ModelFault, "an allowance falls below zero");
    expectOk(ledger.approve(from(BOB), STRANGER, id, 3n));
    apply(STRANGER);
    expect(allowed()).to.equal(1n);
    expectOk(ledger.setOperator(from(BOB), STRANGER, true));
    apply(STRANGER);
    expect(allowed()).to.equal(1n);
    expectOk(ledger.setOperator(from(BOB), STRANGER, false));
    expectOk(ledger.approve(from(BOB), STRANGER, id, MAX_UINT256));
    apply(STRANGER);
    expect(allowed()).to.equal(MAX_UINT256);
    apply(BOB);
    expect(() => apply(BOB)).to.throw(ModelFault, "packages falls below zero");
    expect(packagesOf(scene, CAROL)).to.equal(8n);
  });

  it("spends the allowance by which somebody else unwraps, and takes no packages for it", () => {
    const scene = bought(times(SPREAD, 4n));
    const { ledger, linear } = scene;
    const id = idOf(linear);
    expectOk(wrapping(scene, { amount: 4n })());
    expectOk(ledger.approve(from(BOB), STRANGER, id, 3n));
    applyEvent(ledger.state, transfer(STRANGER, BOB, 0n, id), START);
    expect(packageAllowanceOf(ledger.state, BOB, STRANGER, id)).to.equal(1n);
    expect(packagesOf(scene, BOB)).to.equal(4n);
    const again = () => applyEvent(ledger.state, transfer(STRANGER, BOB, 0n, id), START);
    expect(again).to.throw(ModelFault, "an allowance falls below zero");
  });

  it("refuses an id that is not that of its legs", () => {
    const { ledger, linear, bob } = bought(SPREAD);
    const { book } = linear;
    const move = { account: bob, id: 7n, book, legs, amount: 1n };
    const paid = { holder: BOB, id: 7n, book, legs, amount: 1n, to: BOB, payout: 0n };
    const events: readonly LedgerEvent[] = [
      { name: "Wrapped", args: move },
      { name: "Unwrapped", args: move },
      { name: "Redeemed", args: paid },
    ];
    for (const event of events) {
      const apply = () => applyEvent(ledger.state, event, START);
      expect(apply).to.throw(ModelFault, "0x7 is not the id of its legs");
    }
  });

  it("shows in the digest who holds what and who may move it", () => {
    const scene = bought(times(SPREAD, 5n));
    const { ledger } = scene;
    const seen = new Set([digestState(ledger.state)]);
    const id = expectOk(wrapping(scene, { amount: 5n })());
    seen.add(digestState(ledger.state));
    const calls = [
      () => ledger.transfer(from(BOB), CAROL, id, 5n),
      () => ledger.approve(from(BOB), ALICE, id, 1n),
      () => ledger.approve(from(BOB), ALICE, id + 1n, 1n),
      () => ledger.setOperator(from(ALICE), BOB, true),
    ];
    for (const call of calls) {
      expectOk(call());
      seen.add(digestState(ledger.state));
    }
    expect(seen.size).to.equal(calls.length + 2);
    // What is taken back leaves nothing behind.
    expectOk(ledger.setOperator(from(ALICE), BOB, false));
    expectOk(ledger.approve(from(BOB), ALICE, id + 1n, 0n));
    expectOk(ledger.approve(from(BOB), ALICE, id, 0n));
    expectOk(ledger.transfer(from(CAROL), BOB, id, 5n));
    expectOk(unwrapping(scene, { amount: 5n })());
    expect(seen.has(digestState(ledger.state))).to.equal(true);
  });
});
