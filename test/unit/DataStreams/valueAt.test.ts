import { expect } from "chai";
import fc from "fast-check";

import { connect } from "../../fixtures/connection.ts";
import { MAXIMAL, setNow, valueOf } from "../../fixtures/sources.ts";
import { usd } from "../ChainlinkSettlement/support.ts";
import { TIME, deployStreams, payloadOf, wei } from "./support.ts";

const connection = await connect();
const { networkHelpers } = connection;

const RUNS = Number(process.env["FUZZ_RUNS"] ?? 60);
const SEED = Number(process.env["FUZZ_SEED"] ?? 20_261_121);

async function deployed() {
  const world = await deployStreams(connection);
  await setNow(connection, TIME + 7_200n);
  return world;
}

describe("DataStreams", () => {
  describe("valueAt", () => {
    it("gives the price of the report over that instant, maximal of rank 1", async () => {
      const { source } = await networkHelpers.loadFixture(deployed);
      const value = await valueOf(source, TIME, payloadOf({ price: wei(2_345.67890123) }));
      expect(value).to.deep.equal({ price: usd(2_345.678901), form: MAXIMAL | 1n });
    });

    it("does so at both ends of a report of 10 s, whatever its spread", async () => {
      const { source } = await networkHelpers.loadFixture(deployed);
      const payload = payloadOf({ validFrom: TIME - 10n, bid: wei(9_000), ask: wei(1) });
      for (const time of [TIME - 10n, TIME - 5n, TIME]) {
        expect((await valueOf(source, time, payload)).price).to.equal(usd(2_000));
      }
    });

    it("takes a report of a single second", async () => {
      const { source } = await networkHelpers.loadFixture(deployed);
      expect((await valueOf(source, TIME, payloadOf({ validFrom: TIME }))).form).to.equal(
        MAXIMAL | 1n,
      );
    });

    it("reverts with ProofForOtherTime outside: a report is no proof of another instant", async () => {
      const { source } = await networkHelpers.loadFixture(deployed);
      for (const [time, end] of [
        [TIME - 3n, TIME - 2n],
        [TIME + 1n, TIME],
        [TIME + 300n, TIME],
        [0n, TIME - 2n],
        [(1n << 40n) - 1n, TIME],
      ] as const) {
        await expect(valueOf(source, time, payloadOf()))
          .to.be.revertedWithCustomError(source, "ProofForOtherTime")
          .withArgs(end, time);
      }
    });

    it("reverts with ProofForOtherTime for a report whose ends are swapped", async () => {
      const { source } = await networkHelpers.loadFixture(deployed);
      const payload = payloadOf({ validFrom: TIME, observedAt: TIME - 2n });
      await expect(valueOf(source, TIME - 1n, payload))
        .to.be.revertedWithCustomError(source, "ProofForOtherTime")
        .withArgs(TIME, TIME - 1n);
    });

    it("reverts with ReportTooWide at 11 s", async () => {
      const { source } = await networkHelpers.loadFixture(deployed);
      await expect(valueOf(source, TIME, payloadOf({ validFrom: TIME - 11n })))
        .to.be.revertedWithCustomError(source, "ReportTooWide")
        .withArgs(11n, 10n);
    });

    it("reverts with SourcePriceInvalid for a price that is none", async () => {
      const { source } = await networkHelpers.loadFixture(deployed);
      await expect(valueOf(source, TIME, payloadOf({ price: -wei(2_000) })))
        .to.be.revertedWithCustomError(source, "SourcePriceInvalid")
        .withArgs(-wei(2_000));
    });

    it(`gives a value just where the report covers the instant (${RUNS} runs, seed ${SEED})`, async () => {
      const { source } = await networkHelpers.loadFixture(deployed);
      const offset = fc.bigInt({ min: -14n, max: 14n });
      const property = fc.asyncProperty(offset, offset, offset, async (from, to, asked) => {
        const payload = payloadOf({ validFrom: TIME + from, observedAt: TIME + to });
        const covered = from <= asked && asked <= to && to - from <= 10n;
        const answer = valueOf(source, TIME + asked, payload).then(
          ({ price }) => price,
          () => undefined,
        );
        expect(await answer).to.equal(covered ? usd(2_000) : undefined);
      });
      await fc.assert(property, { numRuns: RUNS, seed: SEED });
    });
  });
});
