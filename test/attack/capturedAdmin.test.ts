import { expect } from "chai";

import { Trigger } from "../fixtures/breaker.ts";
import { connect } from "../fixtures/connection.ts";
import { delayOf, execute, schedule } from "../fixtures/governance.ts";
import { OracleBench, encodeFeed, feedArgs, readingWords } from "../fixtures/oracles.ts";
import { safeSends } from "../fixtures/safe.ts";
import { DAY, HOUR, MINUTE, WEEK, usd } from "../fixtures/units.ts";
import { callOf } from "../helpers/defenders/fuzz.ts";
import { at, leave, scenesOf, told } from "../helpers/defenders/scene.ts";

const connection = await connect();
const EVIL = encodeFeed("evil");

const opened = scenesOf(connection);

describe("Attack", () => {
  describe("captured admin", () => {
    it("retires at once, the one exception: no new risk ever again, every exit open", async () => {
      const scene = await opened();
      const { stage } = scene;
      expect(await told(scene)).to.equal(undefined);
      await safeSends(stage.safe, callOf(stage.ledger, "retire", [stage.linear]));
      for (const later of [0n, WEEK, 3n * WEEK]) {
        if (later !== 0n) await at(scene, stage.begins + later);
        expect(await told(scene)).to.equal("RiskRestricted");
      }
      const next = stage.ledger.openBook(stage.linear, stage.expiry);
      await expect(next).to.be.revertedWithCustomError(stage.ledger, "MarketIsRetired");
      await leave(scene, false);
    });

    it("with patience restricts by a price of the collateral of its own, from the seventh day on, and stops nothing else", async () => {
      const scene = await opened();
      const { stage } = scene;
      const { hub, breaker, linear, stranger, chain } = stage;
      const bench = new OracleBench(connection);
      const sources: string[] = [];
      for (const classes of [1n, 2n, 4n]) {
        sources.push(await (await bench.source({ classes })).getAddress());
      }
      const plot = [
        callOf(hub, "createFeed", feedArgs({ feed: EVIL }, sources)),
        callOf(breaker, "setTokenFeed", [linear, EVIL]),
      ];
      for (const step of plot) await schedule(stage, step);
      for (const step of plot) {
        const early = execute(stage, step);
        await expect(early).to.be.revertedWithCustomError(stage.manager, "AccessManagerNotReady");
      }
      expect(delayOf("SOURCES")).to.equal(7n * DAY);
      await at(scene, stage.begins + 7n * DAY - HOUR);
      expect(await told(scene)).to.equal(undefined);
      await at(scene, stage.begins + 7n * DAY + HOUR);
      for (const step of plot) await execute(stage, step);

      const from = stranger.address;
      const say = async () => {
        const { time } = chain;
        for (const index of sources.keys()) {
          const args = [EVIL, index, readingWords({ price: usd(0.5), time })];
          await chain.push("say", { from, ...callOf(hub, "update", args) });
        }
      };
      await chain.synchronise();
      await say();
      const depeg = [linear, Trigger.Depeg];
      await chain.push("notice", { from, ...callOf(breaker, "notice", depeg) });
      expect(await told(scene)).to.equal(undefined);
      for (let half = 1; half <= 48; half++) {
        chain.advance(chain.time + 30n * MINUTE);
        await say();
        await chain.push("trip", { from, ...callOf(breaker, "trip", [...depeg, 0n]) });
        expect(await scene.owners.shut()).to.equal("RiskRestricted");
      }
      await leave(scene, false);
    });
  });
});
