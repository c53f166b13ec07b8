import { expect } from "chai";
import { AbiCoder, TypedDataEncoder, keccak256 } from "ethers";
import fc from "fast-check";
import {
  MAX_INT64,
  accountOf,
  bookOf,
  domainSeparator,
  expiryOfBook,
  hashOrder,
  keccakText,
  keccakWords,
  legKey,
  marketIdOf,
  marketOf,
  marketOfBook,
  orderDigest,
  ownerOf,
  packLeg,
  parseSeries,
  seriesOf,
  subOf,
  termsWords,
  unpackLeg,
} from "@certus/model";
import type { Order } from "@certus/model";
import { biased, orders, signed } from "../../../test/helpers/arbitraries.ts";
import { LEDGER, inverseTerms, linearTerms } from "./helpers/scene.ts";

const hex = (value: bigint, bytes: number): string =>
  `0x${value.toString(16).padStart(bytes * 2, "0")}`;

/** The order as a wallet is asked to sign it. */
function spelledOut(order: Order): Record<string, unknown> {
  const parts = order.parts.map((part) => ({ ...part, legs: part.legs.map(unpackLeg) }));
  return { ...order, taker: hex(order.taker, 20), parts };
}

const TYPES = {
  Order: [
    { name: "account", type: "uint256" },
    { name: "nonce", type: "uint256" },
    { name: "epoch", type: "uint32" },
    { name: "units", type: "uint64" },
    { name: "minFill", type: "uint64" },
    { name: "signedAt", type: "uint40" },
    { name: "deadline", type: "uint40" },
    { name: "taker", type: "address" },
    { name: "parts", type: "Part[]" },
  ],
  Leg: [
    { name: "strike", type: "uint64" },
    { name: "isCall", type: "bool" },
    { name: "quantity", type: "int64" },
  ],
  Part: [
    { name: "book", type: "uint256" },
    { name: "legs", type: "Leg[]" },
    { name: "premium", type: "int64" },
    { name: "maxDraw", type: "uint112" },
  ],
};

describe("ids", () => {
  describe("packLeg", () => {
    it("puts strike, right and quantity where the layout says", () => {
      const packed = packLeg({ strike: 5n, isCall: true, quantity: -1n });
      expect(packed).to.equal((5n << 65n) | (1n << 64n) | ((1n << 64n) - 1n));
      expect(packLeg({ strike: 5n, isCall: false, quantity: 3n })).to.equal((5n << 65n) | 3n);
    });

    it("comes back from unpackLeg, down to −2^63", () => {
      const quantities = fc.oneof(signed(MAX_INT64), fc.constant(-MAX_INT64 - 1n));
      fc.assert(
        fc.property(biased(0n, MAX_INT64), fc.boolean(), quantities, (strike, isCall, quantity) => {
          const leg = { strike, isCall, quantity };
          expect(unpackLeg(packLeg(leg))).to.deep.equal(leg);
          expect(packLeg(leg) >> 64n).to.equal(legKey(leg));
        }),
      );
    });
  });

  describe("marketIdOf", () => {
    it("hashes the ABI-encoded terms", () => {
      for (const terms of [linearTerms(), inverseTerms({ salt: 9n })]) {
        const words = termsWords(terms);
        const encoded = AbiCoder.defaultAbiCoder().encode(
          words.map(() => "uint256"),
          words,
        );
        expect(marketIdOf(terms)).to.equal(BigInt(keccak256(encoded)));
        expect(words.length).to.equal(Object.keys(terms).length);
      }
    });
  });

  describe("marketOf", () => {
    it("clears the highest bit and the low 104 bits", () => {
      const all = (1n << 256n) - 1n;
      expect(marketOf(all)).to.equal(((1n << 151n) - 1n) << 104n);
    });
  });

  describe("seriesOf", () => {
    it("comes apart again into market, expiry, right and strike", () => {
      const uint = (bits: bigint): fc.Arbitrary<bigint> => biased(0n, (1n << bits) - 1n);
      fc.assert(
        fc.property(
          uint(256n),
          uint(40n),
          fc.boolean(),
          uint(63n),
          (id, expiry, isCall, strike) => {
            const book = bookOf(marketOf(id), expiry);
            const series = seriesOf(book, isCall, strike);
            expect(parseSeries(series)).to.deep.equal({ book, isCall, strike });
            expect(marketOfBook(series)).to.equal(marketOf(id));
            expect(expiryOfBook(series)).to.equal(expiry);
          },
        ),
      );
    });
  });

  describe("accountOf", () => {
    it("keeps the owner above 96 bits of sub-account", () => {
      const account = accountOf(0xabcn, (1n << 96n) - 1n);
      expect([ownerOf(account), subOf(account)]).to.deep.equal([0xabcn, (1n << 96n) - 1n]);
    });
  });

  describe("keccakWords", () => {
    it("takes negative numbers in two's complement", () => {
      expect(keccakWords([-1n])).to.equal(keccakWords([(1n << 256n) - 1n]));
      expect(keccakWords([-1n])).to.equal(BigInt(keccak256(hex((1n << 256n) - 1n, 32))));
    });

    it("hashes the empty text to the known value", () => {
      expect(hex(keccakText(""), 32)).to.equal(
        "0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470",
      );
    });
  });
});

describe("eip712", () => {
  describe("orderDigest", () => {
    it("equals that of an independent encoder for any order", () => {
      fc.assert(
        fc.property(orders, biased(1n, 1n << 63n), (order, chainId) => {
          const verifyingContract = hex(LEDGER, 20);
          const domain = { name: "Certus", version: "1", chainId, verifyingContract };
          const message = spelledOut(order);
          const separator = domainSeparator(chainId, LEDGER);
          expect(separator).to.equal(BigInt(TypedDataEncoder.hashDomain(domain)));
          expect(hashOrder(order)).to.equal(
            BigInt(TypedDataEncoder.hashStruct("Order", TYPES, message)),
          );
          expect(orderDigest(separator, order)).to.equal(
            BigInt(TypedDataEncoder.hash(domain, TYPES, message)),
          );
        }),
      );
    });

    it("differs between chains and between ledgers, whatever was remembered", () => {
      const [order] = fc.sample(orders, { numRuns: 1, seed: 1 });
      if (order === undefined) throw new Error("no order");
      const domains = [domainSeparator(1n, 1n), domainSeparator(2n, 1n), domainSeparator(1n, 2n)];
      const digests = [...domains, ...domains].map((domain) => orderDigest(domain, order));
      expect(new Set(digests).size).to.equal(3);
    });
  });

  describe("hashOrder", () => {
    it("freezes the order, so that what it remembers stays true", () => {
      const [order] = fc.sample(orders, { numRuns: 1, seed: 2 });
      if (order === undefined) throw new Error("no order");
      hashOrder(order);
      expect(() => Object.assign(order, { nonce: 1n })).to.throw(TypeError);
      expect(() => Object.assign(order.parts[0] ?? {}, { premium: 1n })).to.throw(TypeError);
      expect(() => Object.assign(order.parts[0]?.legs ?? [], [1n])).to.throw(TypeError);
    });
  });
});
