import { expect } from "chai";
import { DataPackage, NumericDataPoint } from "@redstone-finance/protocol";
import { network } from "hardhat";

import {
  encodePackages,
  feedPackage,
  newestSet,
  packageFromGateway,
  packageSigner,
  packagesOfFeed,
} from "../../../scripts/lib/oracle/redstone.ts";
import { FEED, MS, T, deploySource, formOf, sign, signAll, usd, walletAt } from "./support.ts";

const connection = await network.create();
const { networkHelpers } = connection;

const standard = () => deploySource(connection);

/** A package as a gateway lists it, with what gateways add to what was signed. */
function listed(index: number, values: Record<string, number>, milliseconds = MS) {
  const points = Object.entries(values).map(
    ([dataFeedId, value]) => new NumericDataPoint({ dataFeedId, value }),
  );
  const [id = ""] = Object.keys(values);
  const { privateKey, address } = walletAt(index);
  const signed = new DataPackage(points, Number(milliseconds), id).sign(privateKey);
  return {
    ...signed.toObj(),
    dataServiceId: "redstone-primary-prod",
    isSignatureValid: true,
    signerAddress: address,
  };
}

describe("redstone", () => {
  describe("packagesOfFeed", () => {
    it("reads a gateway's answer into a payload that the source takes", async () => {
      const { source, signers } = await networkHelpers.loadFixture(standard);
      const answer: unknown = JSON.parse(
        JSON.stringify({
          ETH: [
            listed(3, { ETH: 2_683.453_202 }),
            listed(0, { ETH: 2_683.453_203_99 }),
            listed(1, { ETH: 2_683.5 }),
          ],
          BTC: [listed(4, { BTC: 84_679.607_012_55 })],
          ___ALL_FEEDS___: [listed(2, { BTC: 84_679, ETH: 2_683, SOL: 0.000_000_01 })],
          SOL: undefined,
        }),
      );
      const packages = packagesOfFeed(answer as Parameters<typeof packagesOfFeed>[0], FEED);
      expect(packages.map(({ signer }) => signers.indexOf(signer))).to.deep.equal([3, 0, 1, 2]);
      expect(packages.map(({ price }) => price)).to.deep.equal([
        268_345_320_200n,
        268_345_320_399n,
        usd(2_683.5),
        usd(2_683),
      ]);
      const set = newestSet(signers, packages, 3);
      const payload = encodePackages(signers, set?.map(({ signed }) => signed) ?? []);
      expect([...(await source.valueAt.staticCall(T, payload))]).to.deep.equal([
        (268_345_320_200n + 268_345_320_399n) / 2n,
        formOf([0, 1, 2, 3], 5),
      ]);
    });

    it("leaves out strangers, older times and times with too few", async () => {
      const { source, signers } = await networkHelpers.loadFixture(standard);
      const packages = [
        ...signAll([usd(1), usd(2), usd(3), usd(4)], MS - 10_000n),
        sign(5, usd(9)),
        ...signAll([usd(5), usd(6), usd(7)]),
        ...signAll([usd(8), usd(8)], MS + 10_000n),
      ].map((signed) => feedPackage(signed, FEED));
      const known = packages.filter((found) => found !== undefined);
      const newest = newestSet(signers, known, 3) ?? [];
      const payload = encodePackages(
        signers,
        newest.map(({ signed }) => signed),
      );
      const { price, time } = await source.latest.staticCall(payload);
      expect([price, time]).to.deep.equal([usd(6), T]);
      expect(newestSet(signers, known, 3, MS - 10_000n)).to.have.length(4);
      expect(newestSet(signers, known, 5)).to.equal(undefined);
    });
  });

  describe("feedPackage", () => {
    it("gives nothing of a feed that the package does not name", () => {
      expect(feedPackage(sign(0, 1n, MS, "BTC"), FEED)).to.equal(undefined);
    });
  });

  describe("packageFromGateway", () => {
    it("keeps what was signed, so that the signer is recovered", () => {
      const plain = listed(2, { ETH: 1_234.567_8 });
      const signed = packageFromGateway(plain);
      expect(packageSigner(signed)).to.equal(walletAt(2).address);
      const changed = packageFromGateway({ ...plain, timestampMilliseconds: Number(MS) + 1 });
      expect(packageSigner(changed)).to.not.equal(walletAt(2).address);
    });
  });

  describe("encodePackages", () => {
    it("refuses packages that do not belong together", async () => {
      const { signers } = await networkHelpers.loadFixture(standard);
      const good = signAll([1n, 2n]);
      const encode = (more: typeof good) => () => encodePackages(signers, [...good, ...more]);
      expect(encode([sign(5, 1n)])).to.throw("is no signer");
      expect(encode([sign(1, 2n)])).to.throw("comes twice");
      expect(encode([sign(2, 1n, MS + 1n)])).to.throw("Times differ");
    });
  });
});
