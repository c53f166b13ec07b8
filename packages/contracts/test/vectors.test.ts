import { readFileSync } from "node:fs";

import * as model from "@certus/model";
import { expect } from "chai";
import { TypedDataEncoder, verifyTypedData } from "ethers";
import type { TypedDataDomain, TypedDataField } from "ethers";

interface Vectors {
  readonly signer: { readonly key: string; readonly address: string };
  readonly domain: Required<Pick<TypedDataDomain, "chainId" | "verifyingContract">>;
  readonly orders: readonly {
    readonly name: string;
    readonly order: Readonly<Record<string, string>> & {
      readonly parts: readonly (Readonly<Record<string, string>> & {
        readonly legs: readonly string[];
      })[];
    };
    readonly message: Record<string, unknown>;
    readonly orderHash: string;
    readonly digest: string;
    readonly signature: string;
  }[];
}

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../${name}`, import.meta.url), "utf8"));
const { signer, domain, orders } = read("vectors.json") as Vectors;
const typedData = read("typed-data.json") as {
  readonly types: Record<string, TypedDataField[]>;
  readonly primaryType: string;
  readonly domain: Readonly<Record<string, string>>;
};

type OrderJson = Vectors["orders"][number]["order"];

/** Decimal strings as the model's bigints. */
function modelOrder({ parts, ...fields }: OrderJson): model.Order {
  const numbers = <T extends object>(given: T) =>
    Object.fromEntries(Object.entries(given).map(([key, value]) => [key, BigInt(value as string)]));
  const own = parts.map(({ legs, ...rest }) => ({ ...numbers(rest), legs: legs.map(BigInt) }));
  return { ...numbers(fields), parts: own } as unknown as model.Order;
}

describe("vectors.json", () => {
  it("stands for orders of all kinds", () => {
    expect(orders.length).to.equal(5);
  });

  for (const { name, order, message, orderHash, digest, signature } of orders) {
    it(`${name}: the model, which has its own code, comes to the same hashes`, () => {
      const asModel = modelOrder(order);
      expect(model.hashOrder(asModel)).to.equal(BigInt(orderHash));
      const separator = model.domainSeparator(
        BigInt(domain.chainId ?? 0),
        BigInt(domain.verifyingContract ?? 0),
      );
      expect(model.orderDigest(separator, asModel)).to.equal(BigInt(digest));
    });

    it(`${name}: typed-data.json and the message make the digest that was signed`, () => {
      const { EIP712Domain: own, ...types } = typedData.types;
      const full = { ...typedData.domain, ...domain };
      expect(own?.map((field) => field.name)).to.deep.equal(Object.keys(full));
      expect(TypedDataEncoder.getPrimaryType(types)).to.equal(typedData.primaryType);
      expect(TypedDataEncoder.hash(full, types, message)).to.equal(digest);
      expect(verifyTypedData(full, types, message, signature)).to.equal(signer.address);
    });
  }
});
