import { expect } from "chai";
import { SignedDataPackage } from "@redstone-finance/protocol";
import { concat, dataLength, dataSlice, toBeHex } from "ethers";
import { network } from "hardhat";

import {
  connectorPayload,
  encodeClaim,
  encodePackages,
  packageSigner,
  signPoints,
} from "../../../scripts/lib/oracle/redstone.ts";
import {
  FEED,
  MAX_PRICE,
  MS,
  T,
  bits,
  deploySource,
  formOf,
  payloadOf,
  sign,
  signAll,
  tailed,
  usd,
  walletAt,
} from "./support.ts";
import type { Signed } from "./support.ts";

const connection = await network.create();
const { ethers, networkHelpers } = connection;

const standard = () => deploySource(connection);

/** Values of the signers 0, 1, 2. */
const VALUES = [usd(2_000), usd(2_010), usd(1_990)];

const claim = (bitmap: bigint, packages: readonly Signed[]) =>
  encodeClaim(bitmap, connectorPayload(packages));

describe("RedStone", () => {
  describe("latest", () => {
    it("answers the median, the time, no confidence and the form of the set", async () => {
      const world = await networkHelpers.loadFixture(standard);
      const reading = await world.source.latest.staticCall(payloadOf(world, VALUES));
      expect([...reading]).to.deep.equal([usd(2_000), T, 0n, formOf([0, 1, 2], 5)]);
    });

    it("is maximal when all signed", async () => {
      const world = await networkHelpers.loadFixture(standard);
      const payload = payloadOf(world, [...VALUES, usd(2_020), usd(2_030)]);
      const { price, form } = await world.source.latest.staticCall(payload);
      expect([price, form]).to.deep.equal([usd(2_010), formOf([0, 1, 2, 3, 4], 5)]);
    });

    it("floors the mean of the middle two", async () => {
      const world = await networkHelpers.loadFixture(standard);
      const payload = payloadOf(world, [7n, 1n, 100n, 4n]);
      expect((await world.source.latest.staticCall(payload)).price).to.equal(5n);
    });

    it("floors milliseconds to seconds", async () => {
      const world = await networkHelpers.loadFixture(standard);
      for (const ms of [1n, 999n, MS + 1n, MS + 999n, (1n << 48n) - 1n]) {
        const { time } = await world.source.latest.staticCall(payloadOf(world, VALUES, ms));
        expect(time).to.equal(ms / 1_000n);
      }
    });

    it("takes any set of enough signers, in any order of the packages", async () => {
      const world = await networkHelpers.loadFixture(standard);
      const packages = [sign(4, usd(5)), sign(1, usd(7)), sign(3, usd(6))];
      const orders = [
        [0, 1, 2],
        [2, 1, 0],
        [1, 0, 2],
      ];
      for (const order of orders) {
        const shuffled = order.map((i) => packages[i]).filter((p) => p !== undefined);
        const payload = claim(bits(1, 3, 4), shuffled);
        const { price, form } = await world.source.latest.staticCall(payload);
        expect([price, form]).to.deep.equal([usd(6), formOf([1, 3, 4], 5)]);
      }
    });

    it("takes packages that say more than this feed, with values of fewer bytes", async () => {
      const world = await networkHelpers.loadFixture(standard);
      const packages = VALUES.map((value, index) =>
        signPoints(
          walletAt(index).privateKey,
          MS,
          [
            { dataFeedId: "BTC", value: 1n },
            { dataFeedId: FEED, value },
            { dataFeedId: "SOL", value: 2n },
          ],
          8,
        ),
      );
      const payload = encodePackages(world.signers, packages);
      expect((await world.source.latest.staticCall(payload)).price).to.equal(usd(2_000));
    });

    it("takes a claim of the upper bits of 16 signers", async () => {
      const world = await deploySource(connection, { count: 16, threshold: 2 });
      const payload = encodePackages(world.signers, [sign(15, 4n), sign(14, 2n)]);
      const { price, form } = await world.source.latest.staticCall(payload);
      expect([price, form]).to.deep.equal([3n, formOf([14, 15], 16)]);
    });

    it("can be sent as a transaction and changes nothing", async () => {
      const world = await networkHelpers.loadFixture(standard);
      const sent = await world.source.latest(payloadOf(world, VALUES));
      expect((await sent.wait())?.logs).to.deep.equal([]);
    });
  });

  describe("valueAt", () => {
    it("answers the median and the form of the set", async () => {
      const world = await networkHelpers.loadFixture(standard);
      expect([
        ...(await world.source.valueAt.staticCall(T, payloadOf(world, VALUES))),
      ]).to.deep.equal([usd(2_000), formOf([0, 1, 2], 5)]);
    });

    it("reverts with ProofForOtherTime unless the packages are of that very millisecond", async () => {
      const world = await networkHelpers.loadFixture(standard);
      for (const ms of [MS - 1_000n, MS - 1n, MS + 1n, MS + 999n, MS + 1_000n, MS / 1_000n]) {
        await expect(world.source.valueAt(T, payloadOf(world, VALUES, ms)))
          .to.be.revertedWithCustomError(world.source, "ProofForOtherTime")
          .withArgs(ms, MS);
      }
    });
  });

  describe("a value sent along", () => {
    it("reverts with WrongFee", async () => {
      const world = await networkHelpers.loadFixture(standard);
      const payload = payloadOf(world, VALUES);
      await expect(world.source.latest(payload, { value: 1n }))
        .to.be.revertedWithCustomError(world.source, "WrongFee")
        .withArgs(1n, 0n);
      await expect(world.source.valueAt(T, payload, { value: 1n }))
        .to.be.revertedWithCustomError(world.source, "WrongFee")
        .withArgs(1n, 0n);
    });
  });

  describe("scale", () => {
    const cases: [priceExp: bigint, decimals: bigint, value: bigint, price: bigint][] = [
      [0n, 8n, 123n, 123n],
      [0n, 18n, 2_000n * 10n ** 18n + 10n ** 10n - 1n, usd(2_000)],
      [0n, 6n, 2_000n * 10n ** 6n + 1n, usd(2_000) + 100n],
      [0n, 0n, 3n, usd(3)],
      [6n, 8n, 1_234n, 1_234n * 10n ** 6n],
      [6n, 18n, 10n ** 13n, 10n ** 9n],
      [18n, 36n, 7n * 10n ** 18n + 10n ** 9n, 7n * 10n ** 8n],
      [18n, 36n, (10n ** 10n - 1n) * 10n ** 18n, 999_999_999_900_000_000n],
    ];
    for (const [priceExp, decimals, value, price] of cases) {
      it(`takes ${value} of ${decimals} decimals as ${price} per 10^${priceExp}`, async () => {
        const world = await deploySource(connection, { priceExp, decimals });
        const payload = payloadOf(world, Array<bigint>(3).fill(value));
        expect((await world.source.latest.staticCall(payload)).price).to.equal(price);
        expect((await world.source.valueAt.staticCall(T, payload)).price).to.equal(price);
      });
    }

    it("takes 1 and 2^63 − 1, and reverts with SourcePriceInvalid beside them", async () => {
      const world = await networkHelpers.loadFixture(standard);
      for (const value of [1n, MAX_PRICE]) {
        const payload = payloadOf(world, Array<bigint>(3).fill(value));
        expect((await world.source.latest.staticCall(payload)).price).to.equal(value);
      }
      for (const value of [0n, MAX_PRICE + 1n, 1n << 64n, (1n << 160n) + 5n]) {
        const payload = payloadOf(world, Array<bigint>(3).fill(value));
        await expect(world.source.latest(payload))
          .to.be.revertedWithCustomError(world.source, "SourcePriceInvalid")
          .withArgs(value);
        await expect(world.source.valueAt(T, payload))
          .to.be.revertedWithCustomError(world.source, "SourcePriceInvalid")
          .withArgs(value);
      }
    });

    it("reverts with SourcePriceInvalid for what its scale makes zero or too large", async () => {
      const down = await deploySource(connection, { decimals: 18n });
      const small = 10n ** 10n - 1n;
      await expect(down.source.latest(payloadOf(down, Array<bigint>(3).fill(small))))
        .to.be.revertedWithCustomError(down.source, "SourcePriceInvalid")
        .withArgs(small);
      const up = await deploySource(connection, { priceExp: 18n, decimals: 0n });
      for (const large of [1n, (1n << 160n) - 1n, 1n << 160n, 1n << 200n, (1n << 255n) - 1n]) {
        await expect(up.source.latest(payloadOf(up, Array<bigint>(3).fill(large))))
          .to.be.revertedWithCustomError(up.source, "SourcePriceInvalid")
          .withArgs(large);
      }
    });

    it("reverts with SourcePriceInvalid, naming 2^255 − 1, for what no int256 holds", async () => {
      const world = await networkHelpers.loadFixture(standard);
      for (const value of [1n << 255n, (1n << 256n) - 1n]) {
        await expect(world.source.latest(payloadOf(world, Array<bigint>(3).fill(value))))
          .to.be.revertedWithCustomError(world.source, "SourcePriceInvalid")
          .withArgs((1n << 255n) - 1n);
      }
    });

    it("panics, as the connector does, when the mean of the middle two overflows", async () => {
      const world = await networkHelpers.loadFixture(standard);
      const most = (1n << 256n) - 1n;
      await expect(
        world.source.latest(payloadOf(world, [1n, 1n, most, most])),
      ).to.be.revertedWithPanic(0x11);
    });
  });

  describe("a claim that the packages do not keep to", () => {
    it("reverts with TooFewSigners below the threshold", async () => {
      const world = await networkHelpers.loadFixture(standard);
      await expect(world.source.latest(payloadOf(world, VALUES.slice(1))))
        .to.be.revertedWithCustomError(world.source, "TooFewSigners")
        .withArgs(2n, 3n);
      await expect(world.source.valueAt(T, claim(0n, signAll(VALUES))))
        .to.be.revertedWithCustomError(world.source, "TooFewSigners")
        .withArgs(0n, 3n);
    });

    it("reverts with BitmapTooWide for a bit beyond the signers", async () => {
      const world = await networkHelpers.loadFixture(standard);
      for (const bitmap of [bits(0, 1, 2, 5), bits(0, 1, 15), 0xffffn]) {
        await expect(world.source.latest(claim(bitmap, signAll(VALUES))))
          .to.be.revertedWithCustomError(world.source, "BitmapTooWide")
          .withArgs(bitmap, 5n);
      }
    });

    it("reverts with PackagesMismatch for more or fewer packages than signers", async () => {
      const world = await networkHelpers.loadFixture(standard);
      await expect(world.source.latest(claim(bits(0, 1, 2, 3), signAll(VALUES))))
        .to.be.revertedWithCustomError(world.source, "PackagesMismatch")
        .withArgs(3n, 4n);
      await expect(world.source.valueAt(T, claim(bits(0, 1, 2), signAll([...VALUES, 1n]))))
        .to.be.revertedWithCustomError(world.source, "PackagesMismatch")
        .withArgs(4n, 3n);
      const both = [...signAll(VALUES), sign(0, usd(1))];
      await expect(world.source.latest(claim(bits(0, 1, 2), both)))
        .to.be.revertedWithCustomError(world.source, "PackagesMismatch")
        .withArgs(4n, 3n);
      await expect(world.source.latest(claim(bits(0, 1, 2), [])))
        .to.be.revertedWithCustomError(world.source, "PackagesMismatch")
        .withArgs(0n, 3n);
    });

    it("reverts with SignerNotClaimed for a package of a signer that is not claimed, or is none", async () => {
      const world = await networkHelpers.loadFixture(standard);
      const [first, second] = signAll(VALUES);
      if (first === undefined || second === undefined) throw new Error("three were signed");
      for (const other of [3, 4, 5, 15]) {
        await expect(
          world.source.latest(claim(bits(0, 1, 2), [first, second, sign(other, usd(1))])),
        )
          .to.be.revertedWithCustomError(world.source, "SignerNotClaimed")
          .withArgs(walletAt(other).address);
      }
    });

    it("reverts with InsufficientNumberOfUniqueSigners when a claimed signer comes twice", async () => {
      const world = await networkHelpers.loadFixture(standard);
      const packages = [sign(0, usd(1)), sign(1, usd(1)), sign(0, usd(2))];
      await expect(world.source.latest(claim(bits(0, 1, 2), packages)))
        .to.be.revertedWithCustomError(world.source, "InsufficientNumberOfUniqueSigners")
        .withArgs(2n, 3n);
    });

    it("reverts with InsufficientNumberOfUniqueSigners when a package is of another feed", async () => {
      const world = await networkHelpers.loadFixture(standard);
      const packages = [...signAll(VALUES.slice(0, 2)), sign(2, usd(1), MS, "BTC")];
      await expect(world.source.valueAt(T, claim(bits(0, 1, 2), packages)))
        .to.be.revertedWithCustomError(world.source, "InsufficientNumberOfUniqueSigners")
        .withArgs(2n, 3n);
    });

    it("reverts with TimestampsMustBeEqual when the packages are of two times", async () => {
      const world = await networkHelpers.loadFixture(standard);
      const packages = [...signAll(VALUES.slice(0, 2)), sign(2, usd(1), MS + 1n)];
      await expect(
        world.source.latest(claim(bits(0, 1, 2), packages)),
      ).to.be.revertedWithCustomError(world.source, "TimestampsMustBeEqual");
    });

    it("reverts with DataTimestampCannotBeZero", async () => {
      const world = await networkHelpers.loadFixture(standard);
      await expect(
        world.source.valueAt(0n, payloadOf(world, VALUES, 0n)),
      ).to.be.revertedWithCustomError(world.source, "DataTimestampCannotBeZero");
    });

    it("reverts with SignerNotClaimed when what was signed was changed: value, time or feed", async () => {
      const world = await networkHelpers.loadFixture(standard);
      const third = sign(2, usd(1_990));
      for (const { dataPackage } of [
        sign(2, usd(1)),
        sign(2, usd(1_990), MS + 1n),
        sign(2, usd(1_990), MS, "BTC"),
      ]) {
        const forged = new SignedDataPackage(dataPackage, third.signature);
        const packages = [...signAll(VALUES.slice(0, 2)), forged];
        await expect(world.source.latest(claim(bits(0, 1, 2), packages)))
          .to.be.revertedWithCustomError(world.source, "SignerNotClaimed")
          .withArgs(packageSigner(forged));
      }
    });
  });

  describe("medianOf", () => {
    it("answers anyone who appends packages, for exactly the claimed signers", async () => {
      const { source } = await networkHelpers.loadFixture(standard);
      const to = await source.getAddress();
      const data = tailed(source, bits(0, 1, 2), signAll(VALUES));
      const result = await ethers.provider.call({ to, data });
      const answer = source.interface.decodeFunctionResult("medianOf", result);
      expect([...answer]).to.deep.equal([usd(2_000), MS]);
    });

    it("reverts as a reading does", async () => {
      const { source } = await networkHelpers.loadFixture(standard);
      const [caller] = await ethers.getSigners();
      if (caller === undefined) throw new Error("the test chain has accounts");
      const to = await source.getAddress();
      const send = (bitmap: bigint, packages: readonly Signed[]) =>
        caller.sendTransaction({ to, data: tailed(source, bitmap, packages) });
      await expect(send(bits(0, 1), signAll(VALUES.slice(0, 2))))
        .to.be.revertedWithCustomError(source, "TooFewSigners")
        .withArgs(2n, 3n);
      await expect(send(bits(0, 1, 6), signAll(VALUES)))
        .to.be.revertedWithCustomError(source, "BitmapTooWide")
        .withArgs(bits(0, 1, 6), 5n);
      await expect(send(bits(0, 1, 3), signAll(VALUES)))
        .to.be.revertedWithCustomError(source, "SignerNotClaimed")
        .withArgs(walletAt(2).address);
      await expect(source.medianOf(bits(0, 1, 2))).to.be.revertedWithCustomError(
        source,
        "CalldataMustHaveValidPayload",
      );
    });
  });

  describe("a malformed payload", () => {
    it("reverts with PackagesMalformed when it is cut or longer", async () => {
      const world = await networkHelpers.loadFixture(standard);
      const payload = payloadOf(world, VALUES);
      const length = dataLength(payload);
      for (const cut of [0, 1, 31, 64, 95, 96, 128, length - 32, length - 1]) {
        await expect(world.source.latest(dataSlice(payload, 0, cut)))
          .to.be.revertedWithCustomError(world.source, "PackagesMalformed")
          .withArgs(cut);
      }
      for (const added of [1, 31, 32]) {
        await expect(world.source.valueAt(T, payload + "00".repeat(added)))
          .to.be.revertedWithCustomError(world.source, "PackagesMalformed")
          .withArgs(length + added);
      }
    });

    it("reverts with PackagesMalformed for a word its type cannot hold, or that points elsewhere", async () => {
      const world = await networkHelpers.loadFixture(standard);
      const payload = payloadOf(world, VALUES);
      const length = dataLength(payload);
      const most = (1n << 256n) - 1n;
      for (const [word, value] of [
        [0, 1n << 16n],
        [0, most],
        [1, 0n],
        [1, 96n],
        [1, most],
        [2, 0n],
        [2, BigInt(length)],
        [2, 1n << 255n],
        [2, most],
      ] as const) {
        const changed = concat([
          dataSlice(payload, 0, 32 * word),
          toBeHex(value, 32),
          dataSlice(payload, 32 * word + 32),
        ]);
        await expect(world.source.latest(changed), `word ${word} = ${value}`)
          .to.be.revertedWithCustomError(world.source, "PackagesMalformed")
          .withArgs(length);
      }
    });

    it("reverts with the connector's errors for bytes that are no packages", async () => {
      const world = await networkHelpers.loadFixture(standard);
      const good = connectorPayload(signAll(VALUES));
      const length = dataLength(good);
      const marker = dataSlice(good, length - 9);
      const refused = (packages: string) =>
        expect(world.source.latest(encodeClaim(bits(0, 1, 2), packages)));
      for (const packages of ["0x", "0x00", dataSlice(good, 0, length - 1), `${good}00`]) {
        await refused(packages).to.be.revertedWithCustomError(
          world.source,
          "CalldataMustHaveValidPayload",
        );
      }
      const metadataTooLong = concat(["0xffffff", marker]);
      await refused(metadataTooLong).to.be.revertedWithCustomError(
        world.source,
        "IncorrectUnsignedMetadataSize",
      );
      // Packages are announced that are not there: the connector's own arithmetic refuses.
      await refused(concat(["0x0003", "0x000000", marker])).to.revert(ethers);
      const broken = concat([
        dataSlice(good, 0, length - 15),
        "0x1d",
        dataSlice(good, length - 14),
      ]);
      await refused(broken).to.be.revertedWithCustomError(world.source, "InvalidSignature");
    });

    it("takes what the connector ignores: metadata, and bytes before the packages", async () => {
      const world = await networkHelpers.loadFixture(standard);
      const packages = signAll(VALUES);
      for (const tail of [
        connectorPayload(packages, "1700000000000#sdk"),
        concat(["0xdeadbeef", connectorPayload(packages)]),
      ]) {
        const payload = encodeClaim(bits(0, 1, 2), tail);
        expect((await world.source.latest.staticCall(payload)).price).to.equal(usd(2_000));
      }
    });
  });
});
