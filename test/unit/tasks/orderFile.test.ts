import { expect } from "chai";

import { accountId, bookId } from "../../../packages/contracts/src/ids.ts";
import { buildOrder } from "../../../packages/contracts/src/orders/build.ts";
import { hashOrder } from "../../../packages/contracts/src/orders/typedData.ts";
import { parseLegs } from "../../../tasks/lib/legs.ts";
import { orderFileJson, parseOrderFile } from "../../../tasks/lib/orderFile.ts";
import { toJson } from "../../../tasks/lib/print.ts";

const SOMEBODY = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
const order = buildOrder({
  account: accountId(SOMEBODY, 3n),
  nonce: (1n << 128n) + 1n,
  epoch: 2n,
  units: 10n,
  minFill: 2n,
  signedAt: 1_798_000_000n,
  deadline: 1_798_003_600n,
  parts: [1n, 2n].map((week) => ({
    book: bookId(1n << 200n, 1_798_000_000n + week),
    legs: parseLegs("legs", "-1 P2400, +1 P2300"),
    premium: -5n,
    maxDraw: 7n,
  })),
});
const signed = {
  chainId: 31337n,
  ledger: "0x2279B7A0a67DB372996a5FaB50D91eAA73d2eBe6",
  hash: hashOrder(order),
  signer: SOMEBODY,
  signature: `0x${"ab".repeat(65)}`,
  order,
};
const text = toJson(orderFileJson(signed));

describe("tasks/lib/orderFile", () => {
  it("reads what it writes", () => {
    expect(parseOrderFile(text)).to.deep.equal(signed);
  });

  for (const [from, to, message] of [
    ['"units": "10"', '"units": "11"', "somebody has changed it"],
    ['"premium": "-5"', '"premium": "five"', "premium is no whole number"],
    [`"signer": "${SOMEBODY}"`, '"signer": "0x12"', "signer is no address"],
    ['"signature": "0x', '"signature": "', "signature is no hex"],
    ['"parts": [', '"parts": {}, "other": [', "parts is no list"],
    ['"order": {', '"order": 1, "other": {', "order is no object"],
    ['"minFill": "2"', '"minFill": "12"', "minFill must be between 0 and 10, not 12"],
  ] as const) {
    it(`says that ${message}`, () => {
      expect(text).to.contain(from);
      expect(() => parseOrderFile(text.replace(from, to))).to.throw(message);
    });
  }

  it("says so when a file is no JSON", () => {
    expect(() => parseOrderFile("{")).to.throw("JSON");
  });
});
