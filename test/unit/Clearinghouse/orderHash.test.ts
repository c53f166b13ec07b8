import { expect } from "chai";
import { TypedDataEncoder, ZeroAddress } from "ethers";

import { ORDER_TYPES, orderDomain, orderMessage } from "../../../scripts/lib/orders.ts";
import type { OrderInput } from "../../../scripts/lib/orders.ts";
import { connect } from "../../fixtures/connection.ts";
import { orderArgument, orderOf } from "../../fixtures/fills.ts";
import { call, put } from "../../fixtures/ids.ts";
import { MAX_112, MAX_256, MAX_63, MAX_64, usd } from "../../fixtures/units.ts";
import { deployOpen } from "../../fixtures/world.ts";

const connection = await connect();
const { networkHelpers } = connection;

const MAX_40 = (1n << 40n) - 1n;
const MIN_64 = -(1n << 63n);

async function opened() {
  return deployOpen(connection);
}

/** The largest order there can be: four parts of 32 legs, every field at an end of its range. */
function largest(): OrderInput {
  const legs = Array.from({ length: 32 }, (_, i) =>
    i % 2 === 0 ? put(MAX_63 - BigInt(i), MAX_63) : call(BigInt(i), MIN_64),
  );
  const premiums = [MAX_63, MIN_64, -1n, 0n];
  return {
    account: MAX_256,
    nonce: MAX_256,
    epoch: (1n << 32n) - 1n,
    units: MAX_64,
    minFill: MAX_64,
    signedAt: MAX_40,
    deadline: MAX_40,
    taker: `0x${"ff".repeat(20)}`,
    parts: premiums.map((premium) => ({ book: MAX_256, legs, premium, maxDraw: MAX_112 })),
  };
}

/** The smallest: nothing at all. */
const EMPTY: OrderInput = {
  account: 0n,
  nonce: 0n,
  epoch: 0n,
  units: 0n,
  minFill: 0n,
  signedAt: 0n,
  deadline: 0n,
  taker: ZeroAddress,
  parts: [],
};

describe("Clearinghouse", () => {
  describe("orderHash", () => {
    it("is the EIP-712 struct hash that a wallet computes, legs spelled out", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const legless = { ...EMPTY, parts: [{ book: 1n, legs: [], premium: 0n, maxDraw: 0n }] };
      for (const order of [orderOf(world), EMPTY, legless, largest()]) {
        const expected = TypedDataEncoder.hashStruct("Order", ORDER_TYPES, orderMessage(order));
        expect(await world.ledger.orderHash(orderArgument(order))).to.equal(expected);
      }
    });

    it("uses the types that the protocol names", () => {
      const type =
        "Order(uint256 account,uint256 nonce,uint32 epoch,uint64 units,uint64 minFill,uint40 signedAt," +
        "uint40 deadline,address taker,Part[] parts)Leg(uint64 strike,bool isCall,int64 quantity)" +
        "Part(uint256 book,Leg[] legs,int64 premium,uint112 maxDraw)";
      const encoder = TypedDataEncoder.from(ORDER_TYPES);
      expect(encoder.encodeType("Order")).to.equal(type);
    });

    it("differs for orders that differ in one leg's sign, right or strike", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const vectors = [
        [put(usd(2_000), -1n)],
        [put(usd(2_000), 1n)],
        [call(usd(2_000), -1n)],
        [put(usd(2_010), -1n)],
        [put(usd(2_000), -1n), put(usd(2_010), 0n)],
      ];
      const hashes = new Set<string>();
      for (const legs of vectors) {
        const order = orderOf(world, {
          parts: [{ book: world.linearBook, legs, premium: 0n, maxDraw: 0n }],
        });
        hashes.add(await world.ledger.orderHash(orderArgument(order)));
      }
      expect(hashes.size).to.equal(vectors.length);
    });
  });

  describe("eip712Domain", () => {
    it("names protocol, version, chain and ledger", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const domain = await world.ledger.eip712Domain();
      const expected = orderDomain(31_337n, world.address);
      expect([domain.name, domain.version, domain.chainId, domain.verifyingContract]).to.deep.equal(
        [expected.name, expected.version, 31_337n, world.address],
      );
    });
  });
});
