import {
  AbiCoder,
  type FunctionFragment,
  getCreateAddress,
  id,
  Interface,
  keccak256,
  Wallet,
  ZeroAddress,
  ZeroHash,
} from "ethers";

import { accountId, bookId, marketKey } from "../../packages/contracts/src/ids.ts";
import { buildOrder } from "../../packages/contracts/src/orders/build.ts";
import { signOrder } from "../../packages/contracts/src/orders/sign.ts";
import {
  hashOrder,
  orderDigest,
  orderDomain,
  orderMessage,
} from "../../packages/contracts/src/orders/typedData.ts";
import type { OrderInput } from "../../packages/contracts/src/orders/types.ts";
import { abiOf } from "./abi.ts";
import type { Bound } from "./contracts.ts";
import type { GeneratedFile } from "./files.ts";

/** Creates what the vectors name. The key is public: never send it anything. */
export const DEPLOYER = new Wallet(id("certus vectors: deployer"));
/** Signs the vectors' orders. The key is public: never send it anything. */
export const MAKER = new Wallet(id("certus vectors: maker"));
/** Whom one order is meant for. The key is public: never send it anything. */
export const TAKER = new Wallet(id("certus vectors: taker"));

/** What the deployer creates, in this order and before anything else. */
export const CREATED = ["ledger", "quote", "base", "oracle"] as const;

/** Where a creation of the deployer stands. */
export function createdAt(name: (typeof CREATED)[number]): string {
  return getCreateAddress({ from: DEPLOYER.address, nonce: CREATED.indexOf(name) });
}

/** The chain the orders are signed for. */
export const CHAIN_ID = 31_337n;
/** Friday 2026-01-02, 08:00 UTC. */
export const SIGNED_AT = 1_767_340_800n;
/** Expiry of the books: a week later. */
export const EXPIRY = SIGNED_AT + 604_800n;

const DOLLAR = 10n ** 8n;

/** Terms of the linear and the inverse market: one lot is a hundredth of the underlying. */
export function vectorTerms(style: "linear" | "inverse") {
  const linear = style === "linear";
  return {
    feed: id("certus vectors: feed"),
    token: createdAt(linear ? "quote" : "base"),
    style: linear ? 0n : 1n,
    num: linear ? 1n : 10n ** 16n,
    den: linear ? 10_000n : 1n,
    strikeTick: 10n * DOLLAR,
    priceExp: 0n,
    oracle: createdAt("oracle"),
    profile: ZeroHash,
    guard: ZeroAddress,
    gridAnchor: 115_200n,
    gridPeriod: 604_800n,
    horizon: 2_592_000n,
    lastTrade: 3_600n,
    feePerLot: 0n,
    ceiling: 10n ** 30n,
    marginMode: 0n,
    salt: ZeroHash,
  };
}

function bookOf(list: FunctionFragment, style: "linear" | "inverse"): bigint {
  const encoded = AbiCoder.defaultAbiCoder().encode(list.inputs, [vectorTerms(style)]);
  return bookId(marketKey(keccak256(encoded)), EXPIRY);
}

const put = (dollars: bigint, quantity: bigint) => ({
  strike: dollars * DOLLAR,
  isCall: false,
  quantity,
});
const call = (dollars: bigint, quantity: bigint) => ({ ...put(dollars, quantity), isCall: true });

/** An order to sign, and whether the ledger of the vectors would fill it. */
interface Case {
  readonly name: string;
  readonly fills: boolean;
  readonly input: OrderInput;
}

function cases(linear: bigint, inverse: bigint): Case[] {
  const usual = {
    account: accountId(MAKER.address),
    epoch: 0n,
    units: 10n,
    signedAt: SIGNED_AT,
    deadline: EXPIRY,
  };
  const draw = 10n ** 24n;
  const most = (bits: bigint) => (1n << bits) - 1n;
  const putSold = { book: linear, legs: [put(2_000n, -1n)], premium: 50n * DOLLAR, maxDraw: draw };
  const callSold = {
    book: inverse,
    legs: [call(2_500n, -1n)],
    premium: DOLLAR / 50n,
    maxDraw: draw,
  };
  const condorBought = {
    book: linear,
    legs: [put(1_800n, -1n), put(1_900n, 1n), call(2_100n, 1n), call(2_200n, -1n)],
    premium: -40n * DOLLAR,
    maxDraw: draw,
  };
  return [
    {
      name: "one put sold",
      fills: true,
      input: { ...usual, nonce: 1n, parts: [putSold] },
    },
    {
      name: "a condor bought: a negative premium",
      fills: true,
      input: { ...usual, nonce: 2n, minFill: 10n, parts: [condorBought] },
    },
    {
      name: "a put and a call sold: two parts in two books",
      fills: true,
      input: { ...usual, nonce: 3n, parts: [putSold, callSold] },
    },
    {
      name: "for one taker, from sub-account 7",
      fills: true,
      input: {
        ...usual,
        account: accountId(MAKER.address, 7n),
        nonce: 1n << 200n,
        taker: TAKER.address,
        parts: [putSold],
      },
    },
    {
      name: "every field at the end of its range",
      fills: false,
      input: {
        ...usual,
        account: accountId(MAKER.address, most(96n)),
        nonce: most(256n),
        epoch: most(32n),
        units: most(64n),
        minFill: most(64n),
        signedAt: most(40n),
        deadline: most(40n),
        taker: TAKER.address,
        parts: [
          {
            book: most(191n) << 64n,
            legs: [
              { strike: most(63n), isCall: true, quantity: -most(63n) },
              { strike: 1n, isCall: false, quantity: most(63n) },
            ],
            premium: -(1n << 63n),
            maxDraw: most(112n),
          },
        ],
      },
    },
  ];
}

/** JSON has no bigint: decimal strings, as wallets take them. */
function decimals(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? value.toString() : value;
}

/** Orders with their hashes, digests and signatures, for implementations in any language. */
export async function vectors(ledger: Bound): Promise<GeneratedFile> {
  const list = new Interface(await abiOf(ledger)).getFunction("list");
  if (list === null) throw new Error(`${ledger.name} has no function list`);
  const domain = orderDomain(CHAIN_ID, createdAt("ledger"));
  const orders = await Promise.all(
    cases(bookOf(list, "linear"), bookOf(list, "inverse")).map(async ({ name, fills, input }) => {
      const order = buildOrder(input);
      return {
        name,
        fills,
        order,
        message: orderMessage(order),
        orderHash: hashOrder(order),
        digest: orderDigest(order, domain),
        signature: await signOrder(MAKER, order, domain),
      };
    }),
  );
  const signer = { key: MAKER.privateKey, address: MAKER.address };
  return { path: "vectors.json", text: JSON.stringify({ signer, domain, orders }, decimals) };
}
