import { expect } from "chai";
import fc from "fast-check";
import { concat, dataLength, dataSlice, getBytes, hexlify } from "ethers";
import { network } from "hardhat";

import {
  connectorPayload,
  encodeClaim,
  encodePackages,
} from "../../../scripts/lib/oracle/redstone.ts";
import {
  MAX_PRICE,
  MS,
  T,
  bits,
  deploySource,
  formOf,
  medianOf,
  sign,
  signAll,
  usd,
} from "./support.ts";
import type { Source } from "./support.ts";

const connection = await network.create();
const { networkHelpers } = connection;

const RUNS = Number(process.env["FUZZ_RUNS"] ?? 60);
const SEED = Number(process.env["FUZZ_SEED"] ?? 20_260_801);

/** Sources of n signers that want a majority that f liars cannot bend. */
const SIZES = [
  { count: 3, threshold: 3, f: 1 },
  { count: 5, threshold: 3, f: 1 },
  { count: 9, threshold: 5, f: 2 },
  { count: 16, threshold: 11, f: 5 },
];

async function deployed(): Promise<Source[]> {
  const sources: Source[] = [];
  for (const size of SIZES) sources.push(await deploySource(connection, size));
  return sources;
}

const standard = () => deploySource(connection);
const range = (count: number) => Array.from({ length: count }, (_, i) => i);

const lie = fc.oneof(
  fc.bigInt({ min: 0n, max: (1n << 256n) - 1n }),
  fc.constantFrom(0n, 1n, MAX_PRICE, (1n << 255n) - 1n, (1n << 256n) - 1n),
);

const lyingSet = fc.nat({ max: SIZES.length - 1 }).chain((size) => {
  const { count, threshold, f } = SIZES[size] ?? { count: 0, threshold: 0, f: 0 };
  return fc.subarray(range(count), { minLength: threshold }).chain((set) =>
    fc.record({
      size: fc.constant(size),
      count: fc.constant(count),
      set: fc.constant(set),
      liars: fc.subarray(set, { maxLength: f }),
      honest: fc.array(fc.bigInt({ min: usd(1_990), max: usd(2_010) }), {
        minLength: set.length,
        maxLength: set.length,
      }),
      lies: fc.array(lie, { minLength: set.length, maxLength: set.length }),
      order: fc.shuffledSubarray(range(set.length), { minLength: set.length }),
      ms: fc.constantFrom(MS, MS, MS + 1n, MS - 10_000n),
    }),
  );
});

const damage = fc.record({
  kind: fc.constantFrom("flip", "cut", "insert", "copy"),
  where: fc.nat(),
  by: fc.integer({ min: 1, max: 255 }),
});
type Damage = typeof damage extends fc.Arbitrary<infer D> ? D : never;

function damaged(payload: string, { kind, where, by }: Damage): string {
  const length = dataLength(payload);
  if (length === 0) return payload;
  const at = where % length;
  const bytes = getBytes(payload);
  if (kind === "flip") {
    return hexlify(Uint8Array.from(bytes).fill((bytes[at] ?? 0) ^ by, at, at + 1));
  }
  if (kind === "cut") return dataSlice(payload, at);
  const added = kind === "insert" ? new Uint8Array(by) : bytes.slice(at, at + by);
  return concat([dataSlice(payload, 0, at), added, dataSlice(payload, at)]);
}

/** What a reading answers, or that it reverts. */
async function outcome(call: Promise<{ price: bigint; time: bigint; form: bigint }>) {
  try {
    const { price, time, form } = await call;
    return `${price} at ${time}, ${form}`;
  } catch (error) {
    if (!/revert/.test(String(error))) throw error;
    return "reverted";
  }
}

describe("RedStone", () => {
  describe("values of random sets", () => {
    it(`stay within what the honest signed, in whatever order, with any f liars (${RUNS} runs, seed ${SEED})`, async function () {
      this.timeout(600_000);
      const sources = await networkHelpers.loadFixture(deployed);
      const property = fc.asyncProperty(lyingSet, async ({ size, count, set, ms, ...plan }) => {
        const { source, signers } = sources[size] ?? { signers: [] };
        if (source === undefined) throw new Error(`there is no source ${size}`);
        const said = set.map((index, i) => {
          const lies = plan.liars.includes(index);
          return { index, lies, value: (lies ? plan.lies[i] : plan.honest[i]) ?? 0n };
        });
        const truths = said.filter(({ lies }) => !lies).map(({ value }) => value);
        const packages = said.map(({ index, value }) => sign(index, value, ms));
        const shuffled = plan.order.map((i) => packages[i]).filter((p) => p !== undefined);
        const payload = encodeClaim(bits(...set), connectorPayload(shuffled));
        const reading = await source.latest.staticCall(payload);
        expect(reading.price).to.equal(medianOf(said.map(({ value }) => value)));
        expect(truths.every((truth) => truth > reading.price)).to.equal(false);
        expect(truths.every((truth) => truth < reading.price)).to.equal(false);
        expect(reading.time).to.equal(ms / 1_000n);
        expect(reading.form).to.equal(formOf(set, count));
        const ordered = encodePackages(signers, shuffled);
        expect([...(await source.latest.staticCall(ordered))]).to.deep.equal([...reading]);
        const past = source.valueAt.staticCall(T, payload);
        if (ms === MS) expect([...(await past)]).to.deep.equal([reading.price, reading.form]);
        else {
          await expect(past)
            .to.be.revertedWithCustomError(source, "ProofForOtherTime")
            .withArgs(ms, MS);
        }
      });
      await fc.assert(property, { numRuns: RUNS, seed: SEED });
    });

    it("have a greater form with more signers, and of equally many with the lower bitmap", async function () {
      this.timeout(600_000);
      const { source, signers } = await networkHelpers.loadFixture(standard);
      const all = signAll(range(5).map((index) => usd(2_000 + index)));
      const form = async (set: readonly number[]) => {
        const chosen = set.map((index) => all[index]).filter((p) => p !== undefined);
        return (await source.valueAt.staticCall(T, encodePackages(signers, chosen))).form;
      };
      const sets = fc.subarray(range(5), { minLength: 3 });
      const property = fc.asyncProperty(sets, sets, async (a, b) => {
        const [formA, formB] = [await form(a), await form(b)];
        const lower = a.length === b.length && bits(...a) < bits(...b);
        expect(formA > formB).to.equal(a.length > b.length || lower);
        expect(formA === formB).to.equal(bits(...a) === bits(...b));
      });
      await fc.assert(property, { numRuns: RUNS, seed: SEED });
    });

    it(`need exactly the claimed signers (${RUNS} runs, seed ${SEED})`, async function () {
      this.timeout(600_000);
      const { source } = await networkHelpers.loadFixture(standard);
      const claims = fc.record({
        claimed: fc.subarray(range(7)),
        given: fc.array(fc.nat({ max: 6 }), { maxLength: 7 }),
      });
      const exact = fc
        .shuffledSubarray(range(5), { minLength: 2 })
        .map((given) => ({ claimed: given, given }));
      const property = fc.asyncProperty(fc.oneof(claims, exact), async ({ claimed, given }) => {
        const packages = given.map((index) => sign(index, usd(2_000 + index)));
        const payload = encodeClaim(bits(...claimed), connectorPayload(packages));
        const answer = await outcome(source.latest.staticCall(payload));
        const sorted = (set: readonly number[]) => [...set].sort((a, b) => a - b).join();
        const fits =
          sorted(claimed) === sorted(given) &&
          claimed.length >= 3 &&
          claimed.every((index) => index < 5);
        const price = medianOf(given.map((index) => usd(2_000 + index)));
        expect(answer).to.equal(fits ? `${price} at ${T}, ${formOf(claimed, 5)}` : "reverted");
      });
      await fc.assert(property, { numRuns: 2 * RUNS, seed: SEED });
    });
  });

  describe("damaged payloads", () => {
    it(`give the value that was signed or none (${10 * RUNS} runs, seed ${SEED})`, async function () {
      this.timeout(600_000);
      const { source, signers } = await networkHelpers.loadFixture(standard);
      const packages = signAll([usd(2_000), usd(2_010), usd(1_990), usd(2_005)]);
      const tail = connectorPayload(packages, "meta");
      const good = await outcome(source.latest.staticCall(encodePackages(signers, packages)));
      const property = fc.asyncProperty(
        fc.array(damage, { minLength: 1, maxLength: 3 }),
        fc.boolean(),
        fc.constantFrom(bits(0, 1, 2, 3), bits(0, 1, 2), bits(0, 1, 2, 3, 4)),
        async (damages, inside, bitmap) => {
          const whole = inside
            ? encodeClaim(bitmap, damages.reduce(damaged, tail))
            : damages.reduce(damaged, encodeClaim(bitmap, tail));
          const answer = await outcome(source.latest.staticCall(whole));
          if (answer !== "reverted") expect(answer).to.equal(good);
        },
      );
      await fc.assert(property, { numRuns: 10 * RUNS, seed: SEED });
    });

    it("give no value when they are random bytes, also with the network's marker", async function () {
      this.timeout(600_000);
      const { source } = await networkHelpers.loadFixture(standard);
      const bytes = fc.uint8Array({ maxLength: 600 });
      const count = fc.constantFrom("0x0000", "0x0001", "0x0003", "0xffff");
      const property = fc.asyncProperty(bytes, count, async (random, packages) => {
        const marked = concat([random, packages, "0x000000", "0x000002ed57011e0000"]);
        for (const payload of [
          hexlify(random),
          encodeClaim(bits(0, 1, 2), hexlify(random)),
          encodeClaim(bits(0, 1, 2), marked),
        ]) {
          expect(await outcome(source.latest.staticCall(payload))).to.equal("reverted");
        }
      });
      await fc.assert(property, { numRuns: RUNS, seed: SEED });
    });

    it("give no value when they are a megabyte, and the value when a megabyte is ignored", async () => {
      const { source } = await networkHelpers.loadFixture(standard);
      const tail = connectorPayload(signAll([usd(1), usd(2), usd(3)]));
      const huge = new Uint8Array(1 << 20);
      const options = { gasLimit: 1n << 24n };
      await expect(source.latest.staticCall(huge, options))
        .to.be.revertedWithCustomError(source, "PackagesMalformed")
        .withArgs(1 << 20);
      const claimed = bits(0, 1, 2);
      const zeros = encodeClaim(claimed, hexlify(huge));
      await expect(source.latest.staticCall(zeros, options)).to.be.revertedWithCustomError(
        source,
        "CalldataMustHaveValidPayload",
      );
      const behind = encodeClaim(claimed, concat([huge, tail]));
      expect((await source.latest.staticCall(behind, options)).price).to.equal(usd(2));
    });
  });
});
