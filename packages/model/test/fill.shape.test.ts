import { expect } from "chai";
import { MAX_INT64, packLeg } from "@certus/model";
import { attempt, refused } from "./helpers/attempt.ts";
import {
  BOB,
  EXPIRY,
  GUARD,
  OPEN_LIMIT,
  OPERATOR,
  START,
  STRANGER,
  createScene,
  expectOk,
  from,
  leg,
  openBook,
  part,
} from "./helpers/scene.ts";

describe("fill: caller and shape", () => {
  describe("caller and shape", () => {
    it("refuses callers who may not trade for the taking account, before anything else", () => {
      const scene = createScene();
      const wrong = { env: from(STRANGER), limits: [], units: 0n };
      refused(scene, wrong, "NotPermitted", scene.bob, STRANGER, 1n);
      expectOk(scene.ledger.setAccountOperator(from(BOB), scene.bob, OPERATOR, 2n, EXPIRY));
      refused(scene, { env: from(OPERATOR) }, "NotPermitted", scene.bob, OPERATOR, 1n);
      expectOk(scene.ledger.setAccountOperator(from(BOB), scene.bob, OPERATOR, 1n, START + 1n));
      const late = { env: from(OPERATOR, START + 1n) };
      refused(scene, late, "NotPermitted", scene.bob, OPERATOR, 1n);
      expectOk(attempt(scene, { env: from(OPERATOR) })());
    });

    it("refuses none and five parts, limits that do not match, and no units", () => {
      const scene = createScene();
      const { linear } = scene;
      const five = Array.from({ length: 5 }, () => part(linear, [leg("put", 1800, -1)]));
      refused(scene, { order: { parts: [] } }, "PartsBound", 0n, 4n);
      refused(scene, { order: { parts: five } }, "PartsBound", 5n, 4n);
      refused(scene, { limits: [], units: 0n }, "LimitsLength", 0n, 1n);
      refused(scene, { limits: [OPEN_LIMIT, OPEN_LIMIT] }, "LimitsLength", 2n, 1n);
      refused(scene, { units: 0n, part: { book: 1n } }, "UnitsZero");
    });

    it("refuses parts that do not ascend, two of one book among them", () => {
      const scene = createScene();
      const both = [scene.linear, scene.inverse].sort((a, b) => (a.book < b.book ? 1 : -1));
      const legs = [leg("call", 1800, 1), leg("call", 1900, -1)];
      const [high = scene.linear, low = scene.inverse] = both;
      const parts = [part(high, legs), part(low, legs)];
      refused(scene, { order: { parts } }, "PartsUnsorted", 1n, low.book);
      refused(
        scene,
        { order: { parts: [part(low, legs), part(low, legs)] } },
        "PartsUnsorted",
        1n,
        low.book,
      );
      expectOk(attempt(scene, { order: { parts: [...parts].reverse() } })());
    });

    it("fills an order of four parts", () => {
      const scene = createScene();
      const { ledger, linear } = scene;
      const weeks = [1n, 2n, 3n].map((week) => EXPIRY + week * 604_800n);
      const later = weeks.map((expiry) => openBook(ledger, linear.market.market, expiry));
      const parts = [linear, ...later].map((book) => part(book, [leg("put", 1800, -1)]));
      expect(expectOk(attempt(scene, { order: { parts } })())).to.deep.equal(Array(4).fill(1_000n));
    });

    it("refuses books that are not open, expired or halted", () => {
      const scene = createScene();
      const { ledger, linear } = scene;
      refused(scene, { part: { book: 0n } }, "BookNotOpen", 0n);
      expectOk(ledger.setGuard(from(GUARD), linear.market.market, 2n, START + 50n, 10n ** 30n));
      refused(scene, { env: from(BOB, START + 49n) }, "MarketHalted", linear.book, START + 50n);
      expectOk(attempt(scene, { env: from(BOB, START + 50n) })());
      refused(scene, { env: from(BOB, EXPIRY) }, "BookExpired", linear.book, EXPIRY, EXPIRY);
    });

    it("refuses a part with no legs or more than 32", () => {
      const scene = createScene();
      const many = Array.from({ length: 33 }, (_, index) => leg("put", index + 1, 1));
      refused(scene, { legs: [] }, "LegsBound", 0n, 0n, 32n);
      refused(scene, { legs: many }, "LegsBound", 0n, 33n, 32n);
      expectOk(attempt(scene, { legs: many.slice(1) })());
    });

    it("refuses legs that do not ascend by strike and right", () => {
      const scene = createScene();
      const [put, call] = [leg("put", 1800, 1), leg("call", 1800, 1)];
      refused(scene, { legs: [call, put] }, "LegsUnsorted", 0n, 1n);
      refused(scene, { legs: [put, put] }, "LegsUnsorted", 0n, 1n);
      refused(scene, { legs: [put, leg("put", 1700, 1)] }, "LegsUnsorted", 0n, 1n);
    });

    it("refuses quantities of 0 and −2^63", () => {
      const scene = createScene();
      const least = -MAX_INT64 - 1n;
      refused(scene, { legs: [leg("put", 1800, 0)] }, "LegQuantity", 0n, 0n, 0n);
      refused(scene, { legs: [leg("put", 1800, least)] }, "LegQuantity", 0n, 0n, least);
    });

    it("refuses strikes of 0 and off the tick", () => {
      const scene = createScene();
      const tick = 10n ** 8n;
      const legs = (strike: bigint) => [{ strike, isCall: false, quantity: 1n }];
      refused(scene, { legs: legs(0n) }, "StrikeOffTick", 0n, tick);
      refused(scene, { legs: legs(tick + 1n) }, "StrikeOffTick", tick + 1n, tick);
      expectOk(attempt(scene, { legs: legs(tick) })());
    });

    it("refuses puts in an inverse book and call lots that do not net in a linear one", () => {
      const scene = createScene();
      const { linear, inverse } = scene;
      refused(scene, { part: { book: inverse.book } }, "PutsNotListed", inverse.book);
      const calls = [leg("call", 1800, 3), leg("call", 1900, -1)];
      refused(scene, { legs: calls }, "CallsMustNet", linear.book, 2n);
      expectOk(attempt(scene, { legs: calls, part: { book: inverse.book } })());
    });

    it("names the first fault of a part that has several", () => {
      const scene = createScene();
      const packed = [leg("put", 1800, 0), leg("put", 1700, 1)].map(packLeg);
      refused(scene, { part: { legs: packed } }, "LegQuantity", 0n, 0n, 0n);
      const later = [leg("put", 1800, 1), leg("put", 1700, 0)];
      refused(scene, { legs: later }, "LegsUnsorted", 0n, 1n);
    });
  });
});
