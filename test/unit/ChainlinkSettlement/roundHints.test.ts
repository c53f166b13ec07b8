import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { network } from "hardhat";

import { FeedReadError, encodeHints, findHints } from "../../../scripts/lib/roundHints.ts";
import type { RoundReader } from "../../../scripts/lib/roundHints.ts";
import { Bench, MAX_AGE, Mode, roundId, selector, usd, words } from "./support.ts";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const bench = new Bench(connection);

async function deployed() {
  const world = await bench.deploy();
  const reads: string[] = [];
  const reader: RoundReader = {
    call: (request) => {
      reads.push(request.data.slice(0, 10));
      return ethers.provider.call(request);
    },
  };
  return { ...world, reader, reads };
}

/** What a promise was rejected with. */
async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  return undefined;
}

describe("roundHints", () => {
  describe("findHints", () => {
    describe("when the phase has a fresh round up to T", () => {
      it("gives one hint, its round and its proof", async () => {
        const { aggregator, reader, feed, expiry } = await networkHelpers.loadFixture(deployed);
        await bench.round(aggregator, 2n, usd(2_100), expiry - MAX_AGE);
        await bench.round(aggregator, 3n, usd(2_200), expiry + 1n);
        const round = { id: roundId(1, 2), answer: usd(2_100), updatedAt: expiry - MAX_AGE };
        const hints = [roundId(1, 2)];
        expect(await findHints(reader, feed, expiry, 1n)).to.deep.equal({
          hints,
          proof: encodeHints(hints),
          round,
          fresh: true,
        });
      });

      it("takes the proxy's address for its name", async () => {
        const { reader, feed, proxyAddress, markTime } = await networkHelpers.loadFixture(deployed);
        const byName = await findHints(reader, feed, markTime, 1n);
        expect(byName?.hints).to.deep.equal([roundId(1, 1)]);
        expect(await findHints(reader, proxyAddress, markTime, 1n)).to.deep.equal(byName);
      });

      it("reads about 2·log2 of the rounds", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const { reader, reads, feed, expiry } = world;
        const rounds = await bench.scriptedAggregator(true);
        await bench.nextPhase(world, await rounds.getAddress());
        for (let first = 1; first <= 1_000; first += 100) {
          const part = Array.from({ length: 100 }, (_, i) => ({
            answer: usd(first + i),
            updatedAt: expiry - 777n + BigInt(first + i),
            answeredInRound: BigInt(first + i),
          }));
          await rounds.script(BigInt(first), part, { gasLimit: 16_000_000n });
        }
        const found = await findHints(reader, feed, expiry, 1n);
        expect(found?.hints).to.deep.equal([roundId(2, 777)]);
        // 20 rounds, and once each phaseId and latestRound.
        expect(reads.length).to.be.lessThan(23);
      });
    });

    describe("when only old rounds are there", () => {
      it("gives a hint for every phase down to the opening, and says that it is stale", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const { aggregator, reader, feed, expiry } = world;
        await bench.round(aggregator, 2n, usd(2_100), expiry - MAX_AGE - 1n);
        await bench.nextPhase(world, ZeroAddress);
        const late = await bench.mockAggregator();
        await bench.round(late, 1n, usd(2_200), expiry + 1n);
        await bench.nextPhase(world, await late.getAddress());
        const found = await findHints(reader, feed, expiry, 1n);
        expect(found?.hints).to.deep.equal([0n, 0n, roundId(1, 2)]);
        expect(found?.fresh).to.equal(false);
        expect((await findHints(reader, feed, expiry, 2n)) ?? "none").to.equal("none");
      });

      it("gives nothing before the first round", async () => {
        const { reader, feed, markTime } = await networkHelpers.loadFixture(deployed);
        expect(await findHints(reader, feed, markTime - 1n, 1n)).to.equal(undefined);
      });
    });

    describe("when a block is named", () => {
      it("reads the feed as it was then", async () => {
        const { aggregator, reader, feed, expiry } = await networkHelpers.loadFixture(deployed);
        const block = await ethers.provider.getBlockNumber();
        await bench.round(aggregator, 2n, usd(2_100), expiry - 5n);
        expect((await findHints(reader, feed, expiry, 1n))?.hints).to.deep.equal([roundId(1, 2)]);
        const then = await findHints(reader, feed, expiry, 1n, block);
        expect(then?.hints).to.deep.equal([roundId(1, 1)]);
      });
    });

    describe("when the feed or the node fails", () => {
      it("throws FeedReadError naming the call", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const hostile = await bench.turnHostile(world);
        const failing = async (): Promise<string> => {
          const error = await errorOf(findHints(world.reader, world.feed, world.expiry, 1n));
          return error instanceof FeedReadError ? error.call : String(error);
        };
        expect(await failing()).to.equal("phaseId()");
        await hostile.teach(selector.phaseId, Mode.Data, words(2n));
        expect(await failing()).to.equal("latestRound()");
        await hostile.teach(selector.latestRound, Mode.Data, words(roundId(2, 0)));
        expect(await failing()).to.equal("phaseAggregators(1)");
      });

      it("passes on an error of the node: silence is no missing round", async () => {
        const { feed, expiry } = await networkHelpers.loadFixture(deployed);
        const offline: RoundReader = { call: () => Promise.reject(new Error("offline")) };
        const error = await errorOf(findHints(offline, feed, expiry, 1n));
        expect(String(error)).to.equal("Error: offline");
      });
    });
  });
});
