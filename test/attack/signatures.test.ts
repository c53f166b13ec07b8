import { expect } from "chai";
import { Signature, ZeroAddress, getBytes, toBeHex } from "ethers";

import { ORDER_TYPES, orderDomain, signOrder } from "../../scripts/lib/orders.ts";
import type { OrderInput, PartInput } from "../../scripts/lib/orders.ts";
import { connect } from "../fixtures/connection.ts";
import {
  fill,
  inversePart,
  linearPart,
  orderOf,
  refused,
  sign,
  sorted,
} from "../fixtures/fills.ts";
import { call, put } from "../fixtures/ids.ts";
import { WEEK, ether, usd, usdc } from "../fixtures/units.ts";
import { deployOpen } from "../fixtures/world.ts";
import type { World } from "../fixtures/world.ts";

const connection = await connect();
const { networkHelpers } = connection;

/** Order of the curve secp256k1. */
const CURVE_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

/** Two parts; the linear one has three legs, so that rights can be flipped without breaking its shape. */
async function opened() {
  const world = await deployOpen(connection);
  await world.ledger.openBook(world.linear, world.expiry + WEEK);
  const own = world.ledger.connect(world.maker.signer);
  await own.deposit(world.maker.account + 1n, world.quoteAddress, usdc(1_000));
  await own.deposit(world.maker.account + 1n, world.baseAddress, ether(1));
  return world;
}

function rich(world: World): OrderInput {
  const legs = [put(usd(1_900), -1n), call(usd(2_000), 1n), call(usd(2_100), -1n)];
  const parts = sorted(linearPart(world, { legs }), inversePart(world));
  return orderOf(world, { parts });
}

/** Changes the linear part. */
function linearOf(world: World, order: OrderInput, patch: (part: PartInput) => Partial<PartInput>) {
  const parts = order.parts.map((part) =>
    part.book === world.linearBook ? { ...part, ...patch(part) } : part,
  );
  return { ...order, parts: sorted(...parts) };
}

type Tamper = (order: OrderInput, world: World) => OrderInput;

/** For every field a change that passes every check before the signature's. */
const TAMPERS: Readonly<Record<string, Tamper>> = {
  "Order.account": (order) => ({ ...order, account: order.account + 1n }),
  "Order.nonce": (order) => ({ ...order, nonce: order.nonce + 1n }),
  "Order.epoch": (order) => ({ ...order, epoch: 1n }),
  "Order.units": (order) => ({ ...order, units: order.units + 1n }),
  "Order.minFill": (order) => ({ ...order, minFill: order.minFill + 1n }),
  "Order.signedAt": (order) => ({ ...order, signedAt: order.signedAt - 1n }),
  "Order.deadline": (order) => ({ ...order, deadline: order.deadline + 1n }),
  "Order.taker": (order, { taker }) => ({ ...order, taker: taker.address }),
  "Order.parts": (order) => ({ ...order, parts: order.parts.slice(0, 1) }),
  "Leg.strike": (order, world) =>
    linearOf(world, order, ({ legs }) => ({ legs: [put(usd(1_890), -1n), ...legs.slice(1)] })),
  "Leg.isCall": (order, world) =>
    linearOf(world, order, ({ legs }) => ({
      legs: [...legs.slice(0, 1), put(usd(2_000), 1n), put(usd(2_100), -1n)],
    })),
  "Leg.quantity": (order, world) =>
    linearOf(world, order, ({ legs }) => ({ legs: [put(usd(1_900), -2n), ...legs.slice(1)] })),
  "Part.book": (order, world) =>
    linearOf(world, order, ({ book }) => ({ book: book + (WEEK << 64n) })),
  "Part.legs": (order, world) => linearOf(world, order, ({ legs }) => ({ legs: legs.slice(1) })),
  "Part.premium": (order, world) =>
    linearOf(world, order, ({ premium }) => ({ premium: premium - 1n })),
  "Part.maxDraw": (order, world) =>
    linearOf(world, order, ({ maxDraw }) => ({ maxDraw: maxDraw - 1n })),
};

/** One byte, as hex digits. */
const byte = (value: number): string => toBeHex(value, 1).slice(2);
/** The other recovery id. */
const otherV = (v: 27 | 28): string => byte(55 - v);
const highS = (s: string): string => toBeHex(CURVE_ORDER - BigInt(s), 32).slice(2);
const ZERO = "00".repeat(32);

/** Forms of a good signature that are none. */
const FORMS: readonly [name: string, mangle: (good: Signature) => string][] = [
  ["malleable", ({ r, s, v }) => `${r}${highS(s)}${otherV(v)}`],
  ["of high s and the same v", ({ r, s, v }) => `${r}${highS(s)}${byte(v)}`],
  ["of the other v", ({ r, s, v }) => `${r}${s.slice(2)}${otherV(v)}`],
  ["of v 0 or 1", ({ r, s, v }) => `${r}${s.slice(2)}${byte(v - 27)}`],
  ["compact, 64 bytes", ({ compactSerialized }) => compactSerialized],
  ["r and s swapped", ({ r, s, v }) => `${s}${r.slice(2)}${byte(v)}`],
  ["without r", ({ s, v }) => `0x${ZERO}${s.slice(2)}${byte(v)}`],
  ["without s", ({ r, v }) => `${r}${ZERO}${byte(v)}`],
  ["empty", () => "0x"],
  ["cut to 64 bytes", ({ serialized }) => serialized.slice(0, -2)],
  ["padded to 66 bytes", ({ serialized }) => `${serialized}00`],
];

describe("Attack", () => {
  describe("tampered orders", () => {
    it("has a tampering for every field of the signed structs", () => {
      const fields = Object.entries(ORDER_TYPES).flatMap(([struct, members]) =>
        members.map(({ name }) => `${struct}.${name}`),
      );
      expect(Object.keys(TAMPERS).sort()).to.deep.equal(fields.sort());
    });

    for (const [field, tamper] of Object.entries(TAMPERS)) {
      it(`refuses an order whose ${field} is not the one signed`, async () => {
        const world = await networkHelpers.loadFixture(opened);
        const order = rich(world);
        const signature = await sign(world, order);
        if (field === "Order.epoch") {
          await world.ledger.connect(world.maker.signer).raiseEpoch(world.maker.account);
        }
        const tampered = tamper(order, world);
        const args = [tampered.account, world.maker.address];
        await refused(world, { order: tampered, signature }, "BadSignature", args);
        // The tampering alone was the reason: signed as it stands, the order fills.
        const resigned = await sign(world, tampered);
        await expect(fill(world, { order: tampered, signature: resigned, units: 5n })).to.emit(
          world.ledger,
          "OrderFilled",
        );
      });
    }
  });

  describe("signatures of the wrong person", () => {
    it("refuses the taker's signature under the maker's name, and the taker as signer", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const { maker, taker } = world;
      const signature = await sign(world, orderOf(world), taker.signer);
      await refused(world, { signature }, "BadSignature", [maker.account, maker.address]);
      const patch = { signature, signer: taker.address };
      await refused(world, patch, "BadSignature", [maker.account, taker.address]);
    });

    it("refuses the maker's own signature under another name", async () => {
      const world = await networkHelpers.loadFixture(opened);
      for (const signer of [world.stranger.address, ZeroAddress, world.address]) {
        await refused(world, { signer }, "BadSignature", [world.maker.account, signer]);
      }
    });

    it("refuses garbage under the zero address for an account that nobody owns", async () => {
      const world = await networkHelpers.loadFixture(opened);
      for (const signature of ["0x", `0x${"00".repeat(65)}`, `0x${"00".repeat(64)}1b`]) {
        const patch = { order: { account: 5n }, signer: ZeroAddress, signature };
        await refused(world, patch, "BadSignature", [5n, ZeroAddress]);
      }
    });

    it("debits the account whose owner signed and no other", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const { ledger, maker, taker, stranger } = world;
      // The taker's own operator is no operator of the maker.
      await ledger
        .connect(taker.signer)
        .setAccountOperator(taker.account, stranger.address, 1n, world.expiry);
      const signature = await sign(world, orderOf(world), stranger);
      const patch = { signature, signer: stranger.address };
      await refused(world, patch, "BadSignature", [maker.account, stranger.address]);
    });
  });

  describe("signatures in the wrong form", () => {
    for (const [name, mangle] of FORMS) {
      it(`refuses one that is ${name}`, async () => {
        const world = await networkHelpers.loadFixture(opened);
        const signature = mangle(Signature.from(await sign(world, orderOf(world))));
        const args = [world.maker.account, world.maker.address];
        await refused(world, { signature }, "BadSignature", args);
        await expect(fill(world)).to.emit(world.ledger, "OrderFilled");
      });
    }

    it("refuses a signature on the order's hash as a message", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const { maker, ledger } = world;
      const order = orderOf(world);
      const parts = order.parts.map((part) => ({ ...part, legs: [...part.legs] }));
      const hash = await ledger.orderHash({ ...order, parts });
      const signature = await maker.signer.signMessage(getBytes(hash));
      await refused(world, { signature }, "BadSignature", [maker.account, maker.address]);
    });

    it("refuses another domain: name, version, chain or contract", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const { maker, address, quoteAddress } = world;
      const domain = orderDomain(31_337n, address);
      for (const wrong of [
        { ...domain, name: "certus" },
        { ...domain, version: "2" },
        { ...domain, chainId: 1n },
        { ...domain, verifyingContract: quoteAddress },
        { ...domain, salt: `0x${"00".repeat(32)}` },
      ]) {
        const signature = await signOrder(maker.signer, wrong, orderOf(world));
        await refused(world, { signature }, "BadSignature", [maker.account, maker.address]);
      }
    });
  });
});
