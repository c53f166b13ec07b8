import { expect } from "chai";
import { encodeBytes32String, FunctionFragment } from "ethers";

import { ABIS, callOf, encoded } from "../../../../tasks/lib/multisig/calls.ts";
import { told } from "../../../../tasks/lib/multisig/told.ts";
import { batchOf, LEDGER_AT, MANAGER_AT, SAFE_AT, SCHEDULE, TREASURY } from "./proposals.ts";

const ETH = encodeBytes32String("ETH-USD");

describe("tasks/lib/multisig/told", () => {
  it("tells structs by their fields, words by what they spell", () => {
    const policy = [1, 2, 3, 4, 5, 6, 7];
    expect(told(callOf(SAFE_AT, ABIS.breaker, "setPolicy", [9, policy])).text).to.equal(
      "setPolicy(market: 9, policy: {apart: 1, farApart: 2, move: 3, depegBelow: 4, pegAbove: 5, ceiling: 6, floor: 7})",
    );
    expect(told(callOf(SAFE_AT, ABIS.hub, "addSource", [ETH, LEDGER_AT])).text).to.equal(
      `addSource(feed: ${ETH} ("ETH-USD"), source_: ${LEDGER_AT})`,
    );
  });

  it("names a parameter by all of its names where contracts share a function", () => {
    const { text } = told(callOf(SAFE_AT, ABIS.breaker, "release", [5]));
    expect(text).to.equal("release(market_or_book: 5)");
  });

  it("tells what is scheduled, executed, cancelled, and called in turn or in a batch", () => {
    const { to, data } = TREASURY;
    const treasury = told(TREASURY).text;
    const carriers = [
      callOf(MANAGER_AT, ABIS.manager, "execute", [to, data]),
      callOf(MANAGER_AT, ABIS.manager, "cancel", [SAFE_AT, to, data]),
      callOf(MANAGER_AT, ABIS.manager, "schedule", [to, data, 12]),
    ];
    for (const carrier of carriers) {
      const { inner } = told(carrier);
      expect(inner.map((it) => [it.to, it.text])).to.deep.equal([[to, treasury]]);
    }
    const role = ABIS.manager.encodeFunctionData("grantRole", [1, SAFE_AT, 0]);
    const turns = told(callOf(MANAGER_AT, ABIS.manager, "multicall", [[role, SCHEDULE.data]]));
    expect(turns.inner.map((it) => it.to)).to.deep.equal([MANAGER_AT, MANAGER_AT]);
    expect(turns.inner[1]?.inner[0]?.text).to.match(/^retire\(/);
    const batch = batchOf([SCHEDULE, TREASURY]);
    const deep = told({ to: batch.to, value: 0n, data: batch.data });
    expect(deep.inner.map((it) => it.text)).to.deep.equal([told(SCHEDULE).text, treasury]);
  });

  it("shows in full what it does not know, and what hides something", () => {
    const fragment = FunctionFragment.from("strange(uint256 first)");
    const call = { to: SAFE_AT, value: 0n, data: encoded(fragment, [5]) };
    expect(told(call).text).to.equal(`unknown call ${call.data}`);
    expect(told(call, ["strange(uint256)"]).text).to.equal("strange(5), as the proposer names it");
    expect(told(call, ["other(uint256)"]).text).to.equal(`unknown call ${call.data}`);
    const hiding = { ...TREASURY, data: `${TREASURY.data}00` };
    expect(told(hiding).text).to.equal(`unknown call ${hiding.data}`);
    const dirty = { ...TREASURY, data: TREASURY.data.replace(/^(0x.{8})0/, "$11") };
    expect(told(dirty).text).to.equal(`unknown call ${dirty.data}`);
    expect(told({ to: SAFE_AT, value: 5n, data: "0x" }).text).to.equal("no call");
  });

  it("does not let a proposer rename what is known", () => {
    const { selector } = FunctionFragment.from("setTreasury(address)");
    expect(TREASURY.data.startsWith(selector)).to.equal(true);
    expect(told(TREASURY, ["setTreasury(address harmless)"]).text).to.equal(told(TREASURY).text);
  });

  it("ends where calls carry each other too deep", () => {
    const depth = (call: { readonly inner: readonly unknown[] }): number =>
      call.inner.length === 0 ? 0 : 1 + depth(call.inner[0] as typeof call);
    let call = TREASURY;
    for (let i = 0; i < 20; i++) {
      call = callOf(MANAGER_AT, ABIS.manager, "execute", [call.to, call.data]);
    }
    expect(depth(told(call))).to.equal(6);
  });
});
