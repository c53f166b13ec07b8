import { expect } from "chai";

import { Chain } from "../../scripts/demo/chain.ts";
import { Trigger } from "../fixtures/breaker.ts";
import { connect } from "../fixtures/connection.ts";
import { delayOf, execute, schedule } from "../fixtures/governance.ts";
import { act } from "../fixtures/guardian.ts";
import { OracleBench, encodeFeed, feedArgs, readingWords } from "../fixtures/oracles.ts";
import { safeSends } from "../fixtures/safe.ts";
import { DAY, HOUR, Level, MINUTE, WEEK, usd } from "../fixtures/units.ts";
import { passTo } from "../fixtures/world.ts";
import { callOf } from "../helpers/defenders/fuzz.ts";
import { Owners } from "../helpers/defenders/owners.ts";
import { openStage } from "../helpers/defenders/stage.ts";
import type { Stage } from "../helpers/defenders/stage.ts";

const connection = await connect();
const { networkHelpers } = connection;

const EVIL = encodeFeed("evil");

interface Scene {
  readonly stage: Stage;
  readonly owners: Owners;
}

async function opened(): Promise<Scene> {
  const world = await networkHelpers.loadFixture(staged);
  const stage = { ...world, chain: Chain.over(connection, world.begins) };
  const owners = new Owners(stage);
  await owners.begin();
  return { stage, owners };
}

const staged = () => openStage(connection);

/** It is this time, for those who send with a clock of their own and for those without. */
async function at({ stage }: Scene, time: bigint): Promise<void> {
  await passTo(stage, time);
  await stage.chain.synchronise();
}

/** What new risk is told; undefined if it is taken. */
async function told(scene: Scene): Promise<string | undefined> {
  await scene.stage.chain.synchronise();
  return scene.owners.shut();
}

/** Everybody leaves every book, each at its expiry. */
async function leave(scene: Scene, halted: boolean): Promise<void> {
  const { stage, owners } = scene;
  await owners.everyday(halted);
  for (const { book, expiry } of stage.books) {
    if (expiry + MINUTE > stage.chain.time) await at(scene, expiry + MINUTE);
    await owners.settle(book, expiry);
  }
  expect(owners.findings).to.deep.equal([]);
  expect(owners.settled).to.equal(stage.books.length);
}

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

  describe("zero day", () => {
    it("ends with a halt and retirement within two transactions, and everybody leaves", async () => {
      const scene = await opened();
      const { stage } = scene;
      const { breaker, guardian, ledger, linear, safe } = stage;
      expect(await told(scene)).to.equal(undefined);
      const halt = callOf(breaker, "impose", [linear, Level.Halted, 6n * HOUR]);
      await act(guardian, { target: halt.to, data: halt.data });
      expect(await told(scene)).to.equal("MarketHalted");
      await safeSends(safe, callOf(ledger, "retire", [linear]));
      await scene.owners.everyday(true);
      await at(scene, stage.begins + 7n * HOUR);
      // The halt is over; retirement is not.
      expect(await told(scene)).to.equal("RiskRestricted");
      await leave(scene, false);
      const { retired, level } = await ledger.guardOf(linear);
      expect([retired, level]).to.deep.equal([true, Level.Halted]);
    });
  });
});
