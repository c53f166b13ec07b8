import { expect } from "chai";
import { AbiCoder, id as hashText, keccak256 } from "ethers";
import fc from "fast-check";
import { packLeg, packageId, seriesOf } from "@certus/model";
import { packages, ticks } from "../../../test/helpers/arbitraries.ts";
import { createScene, leg } from "./helpers/scene.ts";

const TYPES = ["bytes32", "uint256", "uint128[]"];
const HIGHEST = 1n << 255n;

describe("packageId", () => {
  const { linear } = createScene({ cash: 0n });

  it("is the series of exactly one leg of +1", () => {
    for (const right of ["put", "call"] as const) {
      const { strike, isCall } = leg(right, 1800, 1);
      const id = packageId(linear.book, [packLeg(leg(right, 1800, 1))]);
      expect(id).to.equal(seriesOf(linear.book, isCall, strike));
      expect(id < HIGHEST).to.equal(true);
    }
  });

  it("is the hash of all other legs with its highest bit set", () => {
    const hashed = (legs: readonly bigint[]): bigint => {
      const values = [hashText("certus.package.v1"), linear.book, legs];
      return BigInt(keccak256(AbiCoder.defaultAbiCoder().encode(TYPES, values))) | HIGHEST;
    };
    const put = (quantity: number) => packLeg(leg("put", 1800, quantity));
    for (const legs of [[], [put(2)], [put(-1)], [put(1), put(1)]]) {
      expect(packageId(linear.book, legs)).to.equal(hashed(legs));
    }
    const vectors = ticks.chain((tick) => packages({ inverse: false, tick }));
    fc.assert(
      fc.property(vectors, (vector) => {
        const legs = vector.map(packLeg);
        fc.pre(legs.length !== 1 || vector[0]?.quantity !== 1n);
        expect(packageId(linear.book, legs)).to.equal(hashed(legs));
      }),
    );
  });
});
