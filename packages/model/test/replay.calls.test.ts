import { expect } from "chai";
import {
  ModelFault,
  applyCall,
  applyEvent,
  digestState,
  packLeg,
  requireSettled,
} from "@certus/model";
import type { LedgerEvent } from "@certus/model";
import { COVER, ask, put, takeMany } from "./helpers/many.ts";
import { ALICE, START, createScene, expectOk, from } from "./helpers/scene.ts";
import type { Scene } from "./helpers/scene.ts";

/** What a call of many orders by Bob says: the fill of Alice's order and the draw at its end. */
function eventsOf(scene: Scene): readonly [LedgerEvent, LedgerEvent] {
  const events: LedgerEvent[] = [];
  expectOk(takeMany(scene.ledger, scene.bob, [ask(scene, scene.alice, 2_000n)]), events);
  const [filled, drawn] = events;
  if (filled === undefined || drawn === undefined) throw new Error("two events were expected");
  return [filled, drawn];
}

describe("replay: calls of many events", () => {
  it("lets a taker owe between the events of a call, and no longer", () => {
    const events = eventsOf(createScene());
    const { state } = createScene().ledger;
    applyEvent(state, events[0], START);
    const owing = () => requireSettled(state, events);
    expect(owing).to.throw(ModelFault, "collateral falls below zero");
    applyEvent(state, events[1], START);
    expect(owing).not.to.throw();
    const whole = createScene().ledger.state;
    applyCall(whole, events, START);
    expect(digestState(whole)).to.equal(digestState(state));
    const short = createScene().ledger.state;
    expect(() => applyCall(short, [events[0]], START)).to.throw(ModelFault, "below zero");
  });

  it("refuses a maker that owes", () => {
    const [filled] = eventsOf(createScene());
    if (filled.name !== "OrderFilled") throw new Error("a fill was expected");
    const parts = filled.args.parts.map((part) => ({ ...part, premium: -1n }));
    const owed: LedgerEvent = { name: "OrderFilled", args: { ...filled.args, parts } };
    const { state } = createScene().ledger;
    expect(() => applyEvent(state, owed, START)).to.throw(ModelFault, "collateral falls below");
  });

  it("changes nothing for an order that was skipped", () => {
    const { ledger, alice, bob } = createScene();
    const before = digestState(ledger.state);
    const reason = { name: "SameAccount", args: [alice] } as const;
    const args = { maker: alice, taker: bob, orderHash: 1n, reason };
    applyCall(ledger.state, [{ name: "FillSkipped", args }], START);
    expect(digestState(ledger.state)).to.equal(before);
  });

  it("moves legs and collateral between two accounts, and no more than there is", () => {
    const scene = createScene();
    const { ledger, linear, alice, bob, carol } = scene;
    expectOk(ledger.allocate(from(ALICE), alice, linear.book, COVER));
    const legs = [put(2)].map(packLeg);
    const args = { from: alice, to: carol, book: linear.book, legs, collateral: COVER };
    applyCall(ledger.state, [{ name: "LegsMoved", args }], START);
    const back = { ...args, from: carol, to: alice };
    const more = { ...back, collateral: COVER + 1n };
    const most = () => applyEvent(ledger.state, { name: "LegsMoved", args: more }, START);
    expect(most).to.throw(ModelFault, "collateral falls below zero");
    expect(ledger.state.accounts.get(bob.toString(16))?.positions.size).to.equal(0);
  });
});
