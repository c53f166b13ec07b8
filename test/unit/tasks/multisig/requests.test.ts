import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import { Given, parsePairs } from "../../../../tasks/lib/multisig/given.ts";
import { requestsIn } from "../../../../tasks/lib/multisig/requests.ts";
import type { RequestArguments } from "../../../../tasks/lib/multisig/requests.ts";

const NOTHING: RequestArguments = {
  ...{ action: undefined, args: undefined, to: undefined },
  ...{ value: undefined, data: undefined, signature: undefined },
};

/** What options ask for, those left out that are not named. */
const asked = (options: Partial<RequestArguments>) => requestsIn({ ...NOTHING, ...options });

/** The sentence with which options are refused. */
async function refused(options: Partial<RequestArguments>): Promise<string> {
  const error: unknown = await asked(options).then(
    () => undefined,
    (it: unknown) => it,
  );
  return error instanceof Error ? error.message : "";
}

describe("tasks/lib/multisig/requests", () => {
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "certus-requests-"));
  });

  after(() => rm(folder, { recursive: true, force: true }));

  it("reads one action, several, and those of a file", async () => {
    const retire = { action: "retire", values: { market: "1" } };
    const cap = { action: "set-cap", values: { market: "2", ceiling: "8000" } };
    expect(await asked({ action: "retire", args: "market=1" })).to.deep.equal([retire]);
    const [action, args] = ["retire; set-cap", "market=1; market=2,ceiling=8000"];
    expect(await asked({ action, args })).to.deep.equal([retire, cap]);
    const json = JSON.stringify([retire.values, cap.values]);
    expect(await asked({ action, args: json })).to.deep.equal([retire, cap]);
    const path = join(folder, "actions.json");
    const entries = [retire, cap].map(({ action: name, values }) => ({
      action: name,
      args: values,
    }));
    await writeFile(path, JSON.stringify(entries));
    expect(await asked({ action: path })).to.deep.equal([retire, cap]);
  });

  it("reads any call", async () => {
    const to = "0x5FbDB2315678afecb367f032d93F642f64180aa3";
    expect(await asked({ to, data: "0x12" })).to.deep.equal([
      { action: "call", values: { to, data: "0x12" } },
    ]);
    const signature = "f(uint256,bool)";
    for (const args of ["5, true", '["5", "true"]']) {
      expect(await asked({ to, signature, args, value: "1" })).to.deep.equal([
        { action: "call", values: { to, signature, value: "1", values: ["5", "true"] } },
      ]);
    }
  });

  for (const [options, message] of [
    [{}, "--action is missing: name what to do: list, retire,"],
    [{ action: "retyre" }, '--action: "retyre" is no action'],
    [{ action: "retire", to: "0x" }, "--to belongs to a call without --action"],
    [{ action: "retire; ;" }, "one entry of"],
    [{ action: "retire", args: "market" }, '"market" is not written as name=value'],
    [{ action: "retire", args: "market=1,market=2" }, "market is given twice"],
    [{ action: "retire", args: "market=1; market=2" }, "2 parts for 1 actions"],
    [{ action: "retire", args: "{" }, "--args is no JSON"],
    [{ action: "retire", args: "[1]" }, "write an object of JSON for each action"],
    [{ to: "0x", data: "0x", args: "1" }, "--data holds all of the call"],
    [{ to: "0x", args: "1" }, "--args needs --signature"],
    [{ action: "nowhere.json" }, "nowhere.json cannot be read"],
    [{ action: "nowhere.json", args: "a=1" }, "leave it out"],
  ] as readonly (readonly [Partial<RequestArguments>, string])[]) {
    it(`refuses ${JSON.stringify(options)}`, async () => {
      expect(await refused(options)).to.contain(message);
    });
  }

  it("refuses a file of anything else", async () => {
    const path = join(folder, "wrong.json");
    for (const [content, message] of [
      ["{}", "holds no list of actions"],
      ["[]", "holds no list of actions"],
      ['[{ "action": 5 }]', "entry 1 is not written as"],
      ['[{ "action": "retyre" }]', 'entry 1: "retyre" is no action'],
    ] as const) {
      await writeFile(path, content);
      expect(await refused({ action: path })).to.contain(message);
    }
  });
});

describe("tasks/lib/multisig/given", () => {
  it("says what is missing, wrong, or too much", () => {
    const given = new Given("impose", parsePairs("level=halted, duration=6h,other=1"));
    expect(given.text("level", "a level")).to.equal("halted");
    expect(given.span("duration", "a time")).to.equal(21_600n);
    expect(() => given.text("market", "a market")).to.throw(
      "--args market (of impose) is missing: a market.",
    );
    expect(() => given.done(["market", "level"])).to.throw(
      "--args: impose takes no other: it takes market, level.",
    );
    expect(given.whole("other", "a number", 0n, 1n)).to.equal(1n);
    given.done([]);
  });

  it("reads lists, words and feeds", () => {
    const given = new Given("create-feed", { sources: "0x1 0x2", more: ["a"], feed: "ETH-USD" });
    expect(given.texts("sources", "")).to.deep.equal(["0x1", "0x2"]);
    expect(given.texts("more", "")).to.deep.equal(["a"]);
    expect(given.is("feed", "none")).to.equal(false);
    expect(given.feed("feed")).to.match(/^0x4554482d555344/);
    const long = new Given("x", { feed: "a".repeat(32) });
    expect(() => long.feed("feed")).to.throw("is longer than 31 letters");
    expect(() => new Given("x", { a: {} }).text("a", "write it")).to.throw("is no text: write it");
  });
});
