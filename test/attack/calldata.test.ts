import { expect } from "chai";
import { TypedDataEncoder, Wallet, concat, keccak256, toBeHex } from "ethers";

import { ORDER_TYPES, orderDomain } from "../../scripts/lib/orders.ts";
import { connect } from "../fixtures/connection.ts";
import { NO_LIMIT, fillArgs, fillCall, orderOf } from "../fixtures/fills.ts";
import type { FillCall } from "../fixtures/fills.ts";
import { accountOf, put } from "../fixtures/ids.ts";
import { stateOf } from "../fixtures/state.ts";
import { MAX_112, MAX_63, usd, usdc } from "../fixtures/units.ts";
import { deployOpen } from "../fixtures/world.ts";
import type { World } from "../fixtures/world.ts";

const connection = await connect();
const { ethers, networkHelpers } = connection;

/** A maker whose key the test holds, so that it can sign digests that no wallet would show. */
const KEY = new Wallet(`0x${"c0".repeat(32)}`);
const ACCOUNT = accountOf(KEY.address);

async function opened() {
  const world = await deployOpen(connection);
  await world.ledger.connect(world.maker.signer).deposit(ACCOUNT, world.quoteAddress, usdc(10_000));
  return world;
}

/** Calldata of `fill` as words behind the selector. */
class Calldata {
  readonly selector: string;
  readonly words: bigint[];

  constructor(data: string) {
    this.selector = data.slice(0, 10);
    const hex = data.slice(10);
    this.words = Array.from({ length: hex.length / 64 }, (_, i) =>
      BigInt(`0x${hex.slice(64 * i, 64 * (i + 1))}`),
    );
  }

  get(index: number): bigint {
    const word = this.words[index];
    if (word === undefined) throw new Error(`no word ${index}`);
    return word;
  }

  /** The same calldata with one word changed. */
  with(index: number, word: bigint): Calldata {
    const copy = new Calldata(this.hex());
    copy.words[index] = word;
    return copy;
  }

  /** Index of the word that an offset points to, counted from `base`. */
  at(base: number, offsetIndex: number): number {
    return base + Number(this.get(offsetIndex)) / 32;
  }

  hex(): string {
    return this.selector + this.words.map((word) => toBeHex(word, 32).slice(2)).join("");
  }
}

async function calldataOf({ ledger }: World, request: FillCall): Promise<Calldata> {
  return new Calldata(ledger.interface.encodeFunctionData("fill", fillArgs(request)));
}

/** Where the words of an order of one part and one leg stand. */
function places(data: Calldata) {
  const order = data.at(0, 1);
  const parts = data.at(order, order + 8);
  const part = data.at(parts + 1, parts + 1);
  const legs = data.at(part, part + 1);
  return { order, part, legs };
}

const words = (...values: (bigint | string)[]): string =>
  concat(values.map((value) => (typeof value === "string" ? value : toBeHex(value, 32))));

function typeHash(name: string): string {
  const { Order, Leg, Part } = ORDER_TYPES;
  const own = { Order: { Order, Leg, Part }, Part: { Part, Leg }, Leg: { Leg } }[name];
  if (own === undefined) throw new Error(name);
  return keccak256(new TextEncoder().encode(TypedDataEncoder.from(own).encodeType(name)));
}

/** EIP-712 digest over the raw words of the calldata, as a careless hash would have it. */
function rawDigest(data: Calldata, address: string): string {
  const { order, part, legs } = places(data);
  const leg = data.get(legs + 1);
  const legHash = keccak256(
    words(
      typeHash("Leg"),
      leg >> 65n,
      (leg >> 64n) & 1n,
      BigInt.asUintN(256, BigInt.asIntN(64, leg)),
    ),
  );
  const partHash = keccak256(
    words(
      typeHash("Part"),
      data.get(part),
      keccak256(legHash),
      data.get(part + 2),
      data.get(part + 3),
    ),
  );
  const head = data.words.slice(order, order + 8);
  const hash = keccak256(words(typeHash("Order"), ...head, keccak256(partHash)));
  const separator = TypedDataEncoder.hashDomain(orderDomain(31_337n, address));
  return keccak256(concat(["0x1901", separator, hash]));
}

/** The calldata with a signature of the key on its raw digest. */
function resigned(data: Calldata, address: string): string {
  const signature = data.at(0, 3);
  const { r, s, v } = KEY.signingKey.sign(rawDigest(data, address));
  return data
    .with(signature + 1, BigInt(r))
    .with(signature + 2, BigInt(s))
    .with(signature + 3, BigInt(v) << 248n)
    .hex();
}

async function keyCall(world: World): Promise<FillCall> {
  const parts = [
    { book: world.linearBook, legs: [put(usd(2_000), -1n)], premium: 0n, maxDraw: MAX_112 },
  ];
  const order = orderOf(world, { account: ACCOUNT, parts });
  return {
    ...(await fillCall(world)),
    order,
    signer: KEY.address,
    signature: `0x${"00".repeat(65)}`,
    limits: [NO_LIMIT],
  };
}

/** Word of each field whose type is narrower than a word, and its width in bits. */
const NARROW: readonly [
  field: string,
  where: "order" | "part" | "legs",
  index: number,
  bits: bigint,
][] = [
  ["epoch", "order", 2, 32n],
  ["units", "order", 3, 64n],
  ["minFill", "order", 4, 64n],
  ["signedAt", "order", 5, 40n],
  ["deadline", "order", 6, 40n],
  ["taker", "order", 7, 160n],
  ["premium", "part", 2, 64n],
  ["maxDraw", "part", 3, 112n],
  ["leg", "legs", 1, 128n],
];

describe("Attack", () => {
  describe("malformed calldata", () => {
    it("fills the canonical form that the raw digest belongs to", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const data = resigned(await calldataOf(world, await keyCall(world)), world.address);
      await expect(world.taker.signer.sendTransaction({ to: world.address, data })).to.emit(
        world.ledger,
        "OrderFilled",
      );
    });

    for (const [field, where, index, bits] of NARROW) {
      it(`fills no order whose ${field} has bits beyond its type, though its maker signed them`, async () => {
        const world = await networkHelpers.loadFixture(opened);
        const clean = await calldataOf(world, await keyCall(world));
        const at = places(clean)[where] + index;
        const before = await stateOf(world);
        for (const bit of [bits, 255n]) {
          const dirty = clean.with(at, clean.get(at) | (1n << bit));
          const data = resigned(dirty, world.address);
          await expect(
            world.taker.signer.sendTransaction({ to: world.address, data }),
          ).to.be.revert(ethers);
        }
        expect(await stateOf(world)).to.deep.equal(before);
      });
    }

    it("fills nothing when the highest bit of any word is flipped", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const clean = await calldataOf(world, await fillCall(world));
      const padding = clean.at(0, 3) + 3;
      for (let i = 0; i < clean.words.length; i++) {
        // The third word of the signature starts with v; a flip there is a wrong v.
        const data = clean.with(i, clean.get(i) ^ (1n << 255n)).hex();
        const sent = world.taker.signer.sendTransaction({ to: world.address, data });
        await expect(sent, `word ${i}`).to.be.revert(ethers);
      }
      const padded = clean.with(padding, clean.get(padding) | 1n).hex();
      await expect(world.taker.signer.sendTransaction({ to: world.address, data: padded })).to.emit(
        world.ledger,
        "OrderFilled",
      );
    });

    it("fills nothing when the calldata is cut anywhere", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const data = (await calldataOf(world, await fillCall(world))).hex();
      for (let end = 10; end < data.length - 62; end += 64) {
        const sent = world.taker.signer.sendTransaction({
          to: world.address,
          data: data.slice(0, end),
        });
        await expect(sent, `cut at ${end}`).to.be.revert(ethers);
      }
    });

    it("takes no list of legs that says another length than the one signed", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const { order } = await fillCall(world);
      const [part] = order.parts;
      if (part === undefined) throw new Error("one part");
      const long = { ...part, legs: [put(usd(1_000), -1n), put(usd(2_000), -1n)] };
      const request = await fillCall(world, { order: { parts: [long] } });
      const data = await calldataOf(world, request);
      // The list of legs says that it is shorter than what was signed.
      const { legs } = places(data);
      const short = data.with(legs, 1n).hex();
      await expect(world.taker.signer.sendTransaction({ to: world.address, data: short }))
        .to.be.revertedWithCustomError(world.ledger, "BadSignature")
        .withArgs(world.maker.account, world.maker.address);
      const far = data.with(legs, MAX_63).hex();
      await expect(
        world.taker.signer.sendTransaction({ to: world.address, data: far }),
      ).to.be.revert(ethers);
    });
  });
});
