import { expect } from "chai";
import { AbiCoder, ZeroAddress, getBytes } from "ethers";

import { connect } from "../../fixtures/connection.ts";
import {
  BEST,
  CLOSINGS,
  FEED,
  FixingBench,
  PRICE,
  Source,
  Step,
  T,
  packFixing,
  profileOf,
  words,
} from "../../fixtures/oracles.ts";
import type { ValueInput } from "../../fixtures/oracles.ts";
import { usd } from "../../fixtures/units.ts";

const connection = await connect();
const { ethers, networkHelpers } = connection;
const bench = new FixingBench(connection);

const [C1, C2, C3] = CLOSINGS;
const PROFILE = profileOf(0n);

/** One fixing is open. The one fixture: times here are absolute. */
async function deployed() {
  const world = await bench.deploy();
  return { ...world, ...(await bench.open(world, 0n)) };
}

type World = Awaited<ReturnType<typeof deployed>>;

const ALL: readonly ValueInput[] = [
  { source: Source.Pulled, price: usd(2_001) },
  { source: Source.RedStone, price: usd(2_003) },
  { source: Source.Own, price: usd(2_002) },
];

/** A list of one proof, its numbers of any size. */
const ofFields = (fields: readonly [bigint, bigint, bigint, string]): string =>
  AbiCoder.defaultAbiCoder().encode(["tuple(uint256,uint256,uint256,bytes)[]"], [[fields]]);

async function fixAt({ oracle }: World, time: bigint, proof: string) {
  await bench.at(time);
  return oracle.fix(FEED, PROFILE, T, proof);
}

describe("SettlementOracle", () => {
  describe("fix", () => {
    it("wants the fixing open, before it looks at the proof", async () => {
      const { oracle } = await networkHelpers.loadFixture(deployed);
      const fixing = await oracle.fixingId(FEED, PROFILE, T + 1n);
      await expect(oracle.fix(FEED, PROFILE, T + 1n, "0x01"))
        .to.be.revertedWithCustomError(oracle, "FixingNotOpen")
        .withArgs(fixing);
    });

    it("takes abi.encode(Proof[]), credits nobody, and returns the price at once", async () => {
      const world = await networkHelpers.loadFixture(deployed);
      const { oracle, fixing, stranger } = world;
      const proof = bench.proofBytes(0n, ALL);
      await bench.mineAt(T + 1n);
      expect(await oracle.fix.staticCall(FEED, PROFILE, T, proof)).to.equal(usd(2_002));
      const sent = await fixAt(world, T + 1n, proof);
      for (const [vote, { price }] of ALL.entries()) {
        await expect(sent)
          .to.emit(oracle, "ValueAccepted")
          .withArgs(fixing, BigInt(vote), 0n, price, BEST, ZeroAddress);
      }
      await expect(sent).to.emit(oracle, "PriceSettled").withArgs(fixing, usd(2_002), Step.F0, 0n);
      expect(await oracle.pointsOf(fixing, stranger.address)).to.equal(0n);
      expect((await oracle.price(FEED, PROFILE, T))[0]).to.equal(usd(2_002));
    });

    it("adds what is missing to what is in", async () => {
      const world = await networkHelpers.loadFixture(deployed);
      await bench.submit(world, 0n, T + 1n, ALL.slice(0, 2));
      await fixAt(world, T + 2n, bench.proofBytes(0n, ALL.slice(2)));
      expect((await world.oracle.price(FEED, PROFILE, T))[0]).to.equal(usd(2_002));
    });

    it("settles without a proof what is in", async () => {
      const world = await networkHelpers.loadFixture(deployed);
      await bench.submit(world, 0n, T + 1n, ALL);
      await expect(fixAt(world, T + 2n, "0x"))
        .to.emit(world.oracle, "PriceSettled")
        .withArgs(world.fixing, usd(2_002), Step.F0, 0n);
    });

    it("keeps nothing of the proof when there is no price yet", async () => {
      const world = await networkHelpers.loadFixture(deployed);
      const { oracle, fixing } = world;
      const some = bench.proofBytes(0n, ALL.slice(0, 2));
      await expect(fixAt(world, T + 1n, some))
        .to.be.revertedWithCustomError(oracle, "TooEarlyToFix")
        .withArgs(T + 1n, T + C1);
      await expect(fixAt(world, T + C1, some))
        .to.be.revertedWithCustomError(oracle, "TooEarlyToFix")
        .withArgs(T + C1, T + C2);
      const [header, ...lanes] = await bench.fixingWords(oracle, fixing);
      expect(header).to.equal(packFixing({}));
      expect(lanes.every((word) => word === 0n)).to.equal(true);
    });

    it("names the next closing before T too, and takes no value of T then", async () => {
      const world = await networkHelpers.loadFixture(deployed);
      const { oracle } = world;
      await expect(fixAt(world, T - 100n, "0x"))
        .to.be.revertedWithCustomError(oracle, "TooEarlyToFix")
        .withArgs(T - 100n, T + C1);
      await expect(fixAt(world, T, bench.proofBytes(0n, ALL)))
        .to.be.revertedWithCustomError(oracle, "TooEarlyToFix")
        .withArgs(T, T + 1n);
    });

    it("takes no proof from T + 26 h on", async () => {
      const world = await networkHelpers.loadFixture(deployed);
      const proof = bench.proofBytes(0n, ALL);
      await expect(fixAt(world, T + C3, proof))
        .to.be.revertedWithCustomError(world.oracle, "FixingWindowOver")
        .withArgs(T + C3, T + C3);
      await expect(fixAt(world, T + C3 + 1n, proof))
        .to.be.revertedWithCustomError(world.oracle, "FixingWindowOver")
        .withArgs(T + C3 + 1n, T + C3);
    });

    it("does not look at a proof when a closing that was due gives the price", async () => {
      const world = await networkHelpers.loadFixture(deployed);
      await bench.submit(world, 0n, T + 1n, ALL.slice(0, 1));
      await expect(fixAt(world, T + C3, "0x00ff"))
        .to.emit(world.oracle, "PriceSettled")
        .withArgs(world.fixing, usd(2_001), Step.F3, 0n);
      expect(await world.oracle.fix.staticCall(FEED, PROFILE, T, "0xdead")).to.equal(usd(2_001));
    });

    it("refuses bytes that are no list of proofs", async () => {
      const world = await networkHelpers.loadFixture(deployed);
      const good = bench.proofBytes(0n, ALL);
      const malformed = [
        "0x00",
        "0xdeadbeef",
        `0x${"00".repeat(63)}`,
        // No place of a list, and another place.
        `0x${"00".repeat(64)}`,
        `0x${"ff".repeat(64)}`,
        words(64n, 0n, 0n),
        // More proofs than there is room for.
        words(32n, 1n),
        words(32n, 1n, 32n, 0n, 0n),
        words(32n, 1n << 64n, 32n, 0n, 0n, 0n),
        words(32n, -1n, 32n, 0n, 0n, 0n),
      ];
      for (const [i, proof] of malformed.entries()) {
        const length = BigInt(getBytes(proof).length);
        await expect(fixAt(world, T + 10n + BigInt(i), proof))
          .to.be.revertedWithCustomError(world.oracle, "ProofsMalformed")
          .withArgs(length);
      }
      const { payload } = bench.proof(0n, { source: 0n, price: PRICE });
      const wrong = [
        good.slice(0, -64),
        // A proof beyond the bytes, a payload beyond them, fields beyond their types.
        words(32n, 1n, 1n << 64n, 0n, 0n, 0n, 0n),
        words(32n, 1n, 32n, 3n, 0n, 0n, 1n << 64n, 0n),
        words(32n, 1n, 32n, 3n, 0n, 0n, 128n, 1n << 64n),
        ofFields([256n, 0n, 0n, payload]),
        ofFields([3n, 256n, 0n, payload]),
        ofFields([3n, 0n, 1n << 96n, payload]),
      ];
      for (const [i, proof] of wrong.entries()) {
        await expect(fixAt(world, T + 30n + BigInt(i), proof)).to.revert(ethers);
      }
      expect((await world.oracle.fixingState(world.fixing)).settlementPrice).to.equal(0n);
    });

    it("takes an empty list, which changes nothing", async () => {
      const world = await networkHelpers.loadFixture(deployed);
      await expect(fixAt(world, T + 1n, bench.proofBytes(0n, [])))
        .to.be.revertedWithCustomError(world.oracle, "TooEarlyToFix")
        .withArgs(T + 1n, T + C1);
    });

    it("takes as many as thirty slots of three classes need", async () => {
      const world = await networkHelpers.loadFixture(deployed);
      const { profile, fixing } = await bench.open(world, 2n, { time: T - 10_000n });
      const values = Array.from({ length: 30 }, (_, k) => BigInt(k)).flatMap((slot) =>
        ALL.map((value) => ({ ...value, slot })),
      );
      await bench.at(T + 1n);
      await expect(world.oracle.fix(FEED, profile, T, bench.proofBytes(2n, values)))
        .to.emit(world.oracle, "PriceSettled")
        .withArgs(fixing, usd(2_002), Step.F0, 0n);
    });

    it("passes on the refusal of a proof", async () => {
      const world = await networkHelpers.loadFixture(deployed);
      const { oracle } = world;
      const rows = [
        { value: { source: 4n, price: PRICE }, error: "SourceNotInFixing", args: [4n] },
        { value: { source: 3n, slot: 1n, price: PRICE }, error: "SlotUnknown", args: [1n, 1n] },
        { value: { source: 3n, price: 0n }, error: "ValueOutOfRange", args: [0n] },
        { value: { source: 3n, price: PRICE, form: 0n }, error: "ValueFormInvalid", args: [0n] },
      ];
      for (const [i, { value, error, args }] of rows.entries()) {
        await expect(fixAt(world, T + 1n + BigInt(i), bench.proofBytes(0n, [value])))
          .to.be.revertedWithCustomError(oracle, error)
          .withArgs(...args);
      }
    });

    it("takes no ether", async () => {
      const world = await networkHelpers.loadFixture(deployed);
      const { oracle, stranger } = world;
      const data = oracle.interface.encodeFunctionData("fix", [FEED, PROFILE, T, "0x"]);
      const sent = stranger.sendTransaction({ to: oracle, data, value: 1n });
      await expect(sent).to.revert(ethers);
    });
  });
});
