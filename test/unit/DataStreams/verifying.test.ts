import { expect } from "chai";
import { AbiCoder, id, toBeHex } from "ethers";

import {
  contextWords,
  encodeReportV3,
  feedIdV3,
  reportDigest,
  signReport,
} from "../../../scripts/lib/oracle/dataStreams.ts";
import { connect } from "../../fixtures/connection.ts";
import { latestOf, setNow, valueOf } from "../../fixtures/sources.ts";
import { usd } from "../ChainlinkSettlement/support.ts";
import {
  CONTEXT,
  FEED,
  OTHER_FEED,
  TIME,
  deployStreams,
  first,
  makeStreams,
  oracles,
  payloadOf,
  reportOf,
  second,
  stranger,
  third,
} from "./support.ts";

const connection = await connect();
const { networkHelpers } = connection;

async function deployed() {
  const world = await deployStreams(connection);
  await setNow(connection, TIME + 1n);
  return world;
}

type World = Awaited<ReturnType<typeof deployed>>;

/** Both ways to use a payload. */
const uses = [
  ["latest", ({ source }: World, payload: string) => latestOf(source, payload)],
  ["valueAt", ({ source }: World, payload: string) => valueOf(source, TIME, payload)],
] as const;

describe("DataStreams", () => {
  for (const [name, use] of uses) {
    describe(`${name}, verifying`, () => {
      it("takes any two of the four oracles, in any order", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        for (const one of oracles) {
          for (const other of oracles) {
            if (one === other) continue;
            expect((await use(world, payloadOf({}, [one, other]))).price).to.equal(usd(2_000));
          }
        }
      });

      it("refuses one signature, and three", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        for (const signers of [[first], [first, second, third]]) {
          await expect(use(world, payloadOf({}, signers)))
            .to.be.revertedWithCustomError(world.verifier, "IncorrectSignatureCount")
            .withArgs(signers.length, 2n);
        }
      });

      it("refuses a signer who is no oracle, and one who signed twice", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        for (const signers of [
          [first, stranger],
          [stranger, second],
          [first, first],
        ]) {
          await expect(use(world, payloadOf({}, signers))).to.be.revertedWithCustomError(
            world.verifier,
            "BadVerification",
          );
        }
      });

      it("refuses a report or a context that was not signed", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const types = ["bytes32[3]", "bytes", "bytes32[]", "bytes32[]", "bytes32"];
        const coder = AbiCoder.defaultAbiCoder();
        const parts: unknown[] = [...coder.decode(types, payloadOf())];
        const changed = (i: number, part: unknown) => coder.encode(types, parts.with(i, part));
        for (const payload of [
          changed(1, reportOf({ price: 1n })),
          changed(0, contextWords({ ...CONTEXT, epoch: 8n })),
          changed(0, contextWords({ ...CONTEXT, extraHash: id("extra") })),
          changed(4, toBeHex(BigInt(String(parts[4])) ^ (1n << 248n), 32)),
        ]) {
          await expect(use(world, payload)).to.be.revertedWithCustomError(
            world.verifier,
            "BadVerification",
          );
        }
      });

      it("refuses a configuration that is not known, that was deactivated, that was unset", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        const { proxy, verifier } = world;
        const other = { ...CONTEXT, configDigest: id("another") };
        await expect(use(world, signReport(reportOf(), other, [first, second])))
          .to.be.revertedWithCustomError(proxy, "VerifierNotFound")
          .withArgs(other.configDigest);
        await verifier.deactivateConfig(CONTEXT.configDigest);
        await expect(use(world, payloadOf()))
          .to.be.revertedWithCustomError(verifier, "DigestInactive")
          .withArgs(CONTEXT.configDigest);
        await verifier.activateConfig(CONTEXT.configDigest);
        expect((await use(world, payloadOf())).price).to.equal(usd(2_000));
        await proxy.unsetVerifier(CONTEXT.configDigest);
        await expect(use(world, payloadOf()))
          .to.be.revertedWithCustomError(proxy, "VerifierNotFound")
          .withArgs(CONTEXT.configDigest);
      });

      it("reverts with ReportOfOtherFeed for what the same oracles signed of another", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        await expect(use(world, payloadOf({ feedId: OTHER_FEED })))
          .to.be.revertedWithCustomError(world.source, "ReportOfOtherFeed")
          .withArgs(OTHER_FEED, FEED);
        const address = await world.proxy.getAddress();
        const source = await makeStreams(connection, address, OTHER_FEED);
        const value = await use({ ...world, source }, payloadOf({ feedId: OTHER_FEED }));
        expect(value.price).to.equal(usd(2_000));
      });

      it("reverts on bytes that are no report", async () => {
        const world = await networkHelpers.loadFixture(deployed);
        await expect(use(world, "0x"))
          .to.be.revertedWithCustomError(world.proxy, "VerifierNotFound")
          .withArgs(toBeHex(0, 32));
        await expect(use(world, CONTEXT.configDigest)).to.be.revertedWithoutReason(
          connection.ethers,
        );
      });
    });
  }

  describe("encoding", () => {
    it("names feeds of version 3", () => {
      expect(feedIdV3(`0x${"ab".repeat(32)}`)).to.equal(`0x0003${"ab".repeat(30)}`);
    });

    it("encodes nine words", () => {
      const report = { feedId: FEED, validFrom: 1n, observedAt: 2n, nativeFee: 3n, linkFee: 4n };
      const rest = { expiresAt: 5n, price: 6n, bid: -7n, ask: 8n };
      const words = [1n, 2n, 3n, 4n, 5n, 6n, BigInt.asUintN(256, -7n), 8n];
      expect(encodeReportV3({ ...report, ...rest })).to.equal(
        FEED + words.map((word) => toBeHex(word, 32).slice(2)).join(""),
      );
    });

    it("has epoch and round in the context's second word", () => {
      expect(contextWords({ configDigest: FEED, epoch: 0x0102n, round: 3n })).to.deep.equal([
        FEED,
        toBeHex(0x010203n, 32),
        toBeHex(0, 32),
      ]);
    });

    it("signs the report and the context", () => {
      const digest = reportDigest(reportOf(), CONTEXT);
      expect(digest).to.not.equal(reportDigest(reportOf({ price: 1n }), CONTEXT));
      expect(digest).to.not.equal(reportDigest(reportOf(), { ...CONTEXT, round: 2n }));
    });
  });
});
