import { expect } from "chai";
import { id } from "ethers";

import { builderJson, parseBuilder } from "../../../../tasks/lib/multisig/builder.ts";
import { checksumOf, checksumsOf } from "../../../../tasks/lib/multisig/builderChecksum.ts";
import { ABIS, callOf } from "../../../../tasks/lib/multisig/calls.ts";
import type { Fields } from "../../../../tasks/lib/multisig/fields.ts";
import { altered, LEDGER_AT, SAFE_AT, SCHEDULE, TREASURY } from "./proposals.ts";

const here = { chainId: 31_337n, safe: SAFE_AT };
const policy = [300, 800, 1_000, 9_700, 9_850, 8_000, 5_000];
const calls = [
  SCHEDULE,
  TREASURY,
  callOf(SAFE_AT, ABIS.breaker, "setPolicy", [7n << 128n, policy]),
  { to: LEDGER_AT, value: 10n ** 18n, data: "0x" },
  { to: LEDGER_AT, value: 0n, data: "0x12345678ab" },
];
const batch = { ...here, name: "Certus", createdAt: 1_800_000_000n, calls };

const file = JSON.stringify(builderJson(batch));

/** A file with something else at a place, and the checksum that it then has. */
function changed(path: readonly (string | number)[], value: unknown): string {
  const text = altered(file, path, value);
  return altered(text, ["meta", "checksum"], checksumOf(JSON.parse(text) as Fields));
}

describe("tasks/lib/multisig/builder", () => {
  it("reads what it writes", () => {
    expect(parseBuilder("b.json", file, here)).to.deep.equal(calls);
  });

  it("reads calls that only their form tells", () => {
    const text = [0, 1, 2].reduce((it, i) => altered(it, ["transactions", i, "data"], null), file);
    const bare = altered(text, ["meta", "checksum"], undefined);
    expect(parseBuilder("b.json", bare, here)).to.deep.equal(calls);
  });

  it("makes the same checksum whatever the order of keys, the name and the checksum", () => {
    const { meta, ...rest } = JSON.parse(file) as { readonly meta: Fields };
    const turned = { meta: { ...meta, name: "another", checksum: "0x" }, ...rest };
    expect(checksumOf(turned)).to.equal(meta["checksum"]);
    expect(meta["checksum"]).to.match(/^0x[\da-f]{64}$/);
    expect(checksumOf({ ...turned, chainId: "1" })).to.not.equal(meta["checksum"]);
  });

  it("makes the checksum that the builder makes", () => {
    const made = {
      version: "1.0",
      chainId: "1",
      createdAt: 1,
      meta: { name: "any", description: "", txBuilderVersion: "1.16.5" },
      transactions: [{ to: LEDGER_AT, value: "0", data: "0x", contractMethod: null }],
    };
    // Written out by its rule: each object as the list of its keys, then their values.
    const written =
      '{["chainId","createdAt","meta","transactions","version"]"1",1,' +
      '{["description","name","txBuilderVersion"]"",null,"1.16.5",},' +
      `[{["contractMethod","data","to","value"]null,"0x","${LEDGER_AT}","0",}],"1.0",}`;
    expect(checksumOf(made)).to.equal(id(written));
    expect(checksumsOf(made)[1]).to.equal(id(written.replace("null", '"any"')));
  });

  it("reads files with no checksum, and with that of older versions", () => {
    const none = altered(file, ["meta", "checksum"], undefined);
    expect(parseBuilder("b.json", none, here)).to.deep.equal(calls);
    const [, older] = checksumsOf(JSON.parse(file) as Fields);
    const old = altered(file, ["meta", "checksum"], older);
    expect(parseBuilder("b.json", old, here)).to.deep.equal(calls);
  });

  it("refuses a file that was changed after it was exported", () => {
    const text = altered(file, ["transactions", 1, "value"], "5");
    expect(() => parseBuilder("b.json", text, here)).to.throw(
      "--import-builder: b.json: its checksum is another: somebody has changed it",
    );
  });

  const form = ["transactions", 1, "contractInputsValues"] as const;
  for (const [what, path, value, message] of [
    ["another chain", ["chainId"], "1", "it is for chain 1, this is 31337"],
    ["another version", ["version"], "2.0", "its version is not 1.0"],
    [
      "another Safe",
      ["meta", "createdFromSafeAddress"],
      LEDGER_AT,
      `it was made for the Safe ${LEDGER_AT}`,
    ],
    ["no transactions", ["transactions"], [], "it has no transactions"],
    ["data that is none", ["transactions", 4, "data"], "xyz", "transactions[4].data is no hex"],
    ["a value that is none", ["transactions", 3, "value"], "1.5", "value is no whole number"],
    ["a receiver that is none", ["transactions", 3, "to"], "0x1", "to is no address"],
    [
      "a form that says something else",
      [...form, "newTreasury"],
      SAFE_AT,
      "transactions[1] says one thing in data and another in contractInputsValues",
    ],
    [
      "a form with a value that is none",
      [...form, "newTreasury"],
      "me",
      'setTreasury.newTreasury: "me" is no address: write 0x and 40 digits',
    ],
    ["a form without values", form, null, "is no address"],
  ] as const) {
    it(`refuses ${what}`, () => {
      expect(() => parseBuilder("b.json", changed(path, value), here)).to.throw(message);
    });
  }
});
