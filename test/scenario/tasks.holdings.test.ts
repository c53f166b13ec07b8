import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { expect } from "chai";

import { IClearinghouse__factory } from "../../types/ethers-contracts/index.ts";
import { at, startTasksWorld } from "./tasks.support.ts";
import type { Json, TasksWorld } from "./tasks.support.ts";

/** Accounts 0, 1 and 2 of every node. */
const [FIRST, SECOND, THIRD] = [
  "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266",
  "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
  "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC",
] as const;

describe("tasks, of collateral, packages, operators and markets", function () {
  this.timeout(120_000);

  let world: TasksWorld;
  let day: string;
  let book: string;
  let name: string;
  let id: string;
  let order: string;

  before(async () => {
    world = await startTasksWorld();
    day = new Date(Number(world.expiry) * 1_000).toISOString().slice(0, 10);
    book = `1@${day}`;
    order = join(world.folder, "order.json");
    const pay = ["--token", "USDC", "--amount", "1000"];
    await world.json("account:deposit", ...pay);
    await world.json("account:deposit", ...pay, "--from", "1");
    const opened = await world.json("book:open", "--market", "1", "--expiry", day);
    name = String(opened["name"]);
  });

  after(() => world?.close());

  const amounts = (json: Json) =>
    ["amount", "cash", "collateral", "requirement"].map((key) => at(json, key, "amount"));

  /** Every task is refused with its sentence. */
  async function refused(cases: readonly (readonly [string, Record<string, unknown>, string])[]) {
    for (const [task, options, sentence] of cases) {
      expect(await world.refusalHere(task, options)).to.contain(sentence);
    }
  }

  it("moves collateral into a position and out of it", async () => {
    const where = ["--book", book];
    const dry = await world.json("collateral:deposit", ...where, "--amount", "40", "--dry-run");
    expect([dry["dryRun"], at(dry, "amount", "base")]).to.deep.equal([true, "40000000"]);
    const paid = await world.json("collateral:deposit", ...where, "--amount", "40.5");
    expect(amounts(paid)).to.deep.equal(["40.5", "1000", "40.5", "0"]);
    const moved = await world.json("collateral:allocate", ...where, "--amount", "100");
    expect(amounts(moved)).to.deep.equal(["100", "900", "140.5", "0"]);
    const some = await world.json("collateral:free", ...where, "--amount", "0.5");
    expect(amounts(some)).to.deep.equal(["0.5", "900.5", "140", "0"]);
    const all = await world.task("collateral:free", ...where);
    expect(all.stdout).to.contain("Moved 140 USDC from the position to free cash.");
    expect(all.stdout).to.contain(`has 0 USDC of collateral in ${name}, where its legs require 0`);
    const other = await world.json(
      "collateral:deposit",
      ...[...where, "--amount", "7", "--account", "1:3"],
    );
    expect(amounts(other)).to.deep.equal(["7", "0", "7", "0"]);
  });

  it("says why collateral does not move", async () => {
    await refused([
      ["collateral:free", { book }, `Nothing of ${FIRST} in ${name} can be freed: it has 0 USDC`],
      ["collateral:free", { book, amount: "1" }, "CollateralShort: "],
      ["collateral:allocate", { book, amount: "5000" }, "asked 5000 USDC, available 1040.5 USDC)"],
      ["collateral:allocate", { book, amount: "1", account: "1" }, "The task is operator:set;"],
      ["collateral:allocate", { book }, "--amount is missing: say how much, in tokens."],
      ["collateral:deposit", { amount: "1" }, "--book is missing: name an open book"],
      ["collateral:deposit", { book, amount: "1", from: "9" }, "has 0 USDC: pay in at most that"],
    ]);
  });

  it("lets an operator trade and manage, as far as its scopes go", async () => {
    const grant = ["--operator", "2", "--until", "+30d"];
    expect((await world.task("operator:show", "--from", "1")).stdout).to.contain(
      `Nobody but its owner may act for ${SECOND}`,
    );
    const dry = await world.task(
      "operator:set",
      ...[...grant, "--scopes", "trade", "--from", "1", "--dry-run"],
    );
    expect(dry.stdout).to.contain(`${THIRD} could trade for ${SECOND} until 20`);
    const set = await world.json(
      "operator:set",
      ...[...grant, "--scopes", "trade, manage", "--from", "1"],
    );
    expect([set["operator"], set["scopes"]]).to.deep.equal([THIRD, ["trade", "manage"]]);
    const shown = await world.json("operator:show", "--account", SECOND);
    expect(at(shown, "operators", 0)).to.deep.include({
      operator: THIRD,
      scopes: ["trade", "manage"],
      active: true,
      movesPackages: false,
      until: set["until"],
    });

    // The operator signs for the account and moves its collateral.
    const signed = await world.json(
      "order:sign",
      ...["--book", book, "--legs", "sell 100 P2400, buy 100 P2300", "--premium", "1250"],
      ...["--units", "4", "--from", "2", "--account", "1", "--out", order],
    );
    expect(signed["signer"]).to.equal(THIRD);
    const limits = ["--max-pay", "50.8", "--max-draw", "50.8"];
    await world.json("order:fill", "--order", order, "--units", "4", ...limits);
    const account = ["--from", "2", "--account", "1"];
    const moved = await world.json(
      "collateral:allocate",
      ...["--book", book, "--amount", "10", ...account],
    );
    expect(amounts(moved)).to.deep.equal(["10", "640", "410", "400"]);
    const freed = await world.json("collateral:free", "--book", book, ...account);
    expect(amounts(freed)).to.deep.equal(["10", "650", "400", "400"]);
  });

  it("takes a grant back, and says what a grant lacks", async () => {
    const none = ["--operator", THIRD, "--scopes", "none"];
    await world.json("operator:set", ...none, "--from", "1");
    const [all, one] = await Promise.all([
      world.json("operator:show", "--account", "1"),
      world.json("operator:show", "--account", "1", "--operator", "2"),
    ]);
    expect(all["operators"]).to.deep.equal([]);
    expect(at(one, "operators", 0)).to.deep.include({ scopes: [], active: false, until: null });
    const grant = { operator: "2", scopes: "trade", until: "+1d" };
    await refused([
      ["operator:set", { ...grant, account: "1" }, "NotOwner: "],
      ["operator:set", { ...grant, scopes: "admin" }, '"admin" is no scope: write trade, manage'],
      ["operator:set", { ...grant, scopes: undefined }, "--scopes is missing: say what it may do"],
      ["operator:set", { ...grant, until: undefined }, "--until is missing: say when it ends"],
      ["operator:set", { ...grant, until: "2020-01-01" }, "OperatorEnded: "],
      ["operator:set", { ...grant, scopes: "none" }, "leave it out with --scopes none."],
      ["operator:set", { ...grant, operator: undefined }, "--operator is missing: say who"],
      [
        "order:sign",
        { ...legs("1"), account: "1", from: "2" },
        "its owner lets it act by operator",
      ],
    ]);
  });

  const legs = (units: string) => ({ book, legs: "+1 P2400", premium: "1", units });

  it("makes packages of legs and legs of packages", async () => {
    const legs = ["--legs", "buy 1 P2400, sell 1 P2300"];
    const wrap = ["package:wrap", "--book", book, ...legs, "--amount", "40"] as const;
    const dry = await world.json(...wrap, "--dry-run");
    const made = await world.json(...wrap);
    id = String(made["package"]);
    expect([dry["package"], made["holder"]]).to.deep.equal([id, FIRST]);
    const unwrap = ["package:unwrap", "--package", id] as const;
    const some = await world.json(...unwrap, "--amount", "10", "--account", ":5");
    const text = await world.task(...unwrap, "--dry-run");
    expect(some["legs"]).to.equal("-1 P2300, +1 P2400");
    expect(text.stdout).to.match(/^Would turn 30 packages 0x/);
    const [whole, sub] = await Promise.all([
      world.json("account:show"),
      world.json("account:show", "--account", ":5"),
    ]);
    expect(at(whole, "packages", 0, "amount")).to.equal("30");
    expect(at(whole, "positions", 0, "legs", 1, "lots")).to.equal("360");
    expect(at(sub, "positions", 0, "legs", 1, "lots")).to.equal("10");

    const spread = { book, legs: "buy 1 P2400, sell 1 P2300", amount: "1" };
    await refused([
      ["package:wrap", { ...spread, legs: "+2 P2400, -2 P2300" }, "PackageNotReduced: "],
      ["package:wrap", { ...spread, legs: "sell 1 P2300" }, "PackageNegative: "],
      ["package:wrap", { ...spread, legs: "sell 1 P2300" }, `(book ${name}, requirement 23 USDC)`],
      ["package:wrap", { ...spread, amount: "500" }, "NotHeld: "],
      ["package:wrap", { ...spread, amount: "0" }, "--amount must be between 1 and"],
      ["package:wrap", { ...spread, amount: undefined }, "--amount is missing: say how many"],
      ["package:unwrap", {}, "--package is missing: account:show tells the ids"],
      ["package:unwrap", { package: "7" }, `holds none of 7: it holds ${id}.`],
      ["package:unwrap", { package: id, amount: "31" }, "--amount must be between 1 and 30"],
    ]);
    const { ledger, provider } = world;
    const owner = await provider.getSigner(0);
    const connected = IClearinghouse__factory.connect(ledger, owner);
    await (await connected.setAccountOperator(BigInt(FIRST) << 96n, THIRD, 2, 1n << 39n)).wait();
    await refused([
      ["package:unwrap", { package: id, from: "2", account: "0" }, `needed 30, id ${id})`],
    ]);
  });

  it("lists a market like one that stands, for whom the access manager lets", async () => {
    const shown = await world.json("market:show", "--market", "1");
    const terms = shown["terms"] as Json;
    const write = async (file: string, changed: Json): Promise<string> => {
      const path = join(world.folder, file);
      await writeFile(path, JSON.stringify({ ...shown, terms: { ...terms, ...changed } }));
      return path;
    };
    const daily = await write("daily.json", { gridPeriod: "1d", horizon: "5d", strikeTick: "50" });
    const [same, fee] = await Promise.all([
      write("same.json", {}),
      write("fee.json", { feePerLot: "1" }),
    ]);
    await refused([
      ["market:add", { terms: same }, "MarketTaken: A market with this prefix is listed."],
      [
        "market:add",
        { terms: fee },
        "FeeCap: The fee per lot is above the hard cap. Lower the fee. (feePerLot 1 USDC, bound 0.01 USDC)",
      ],
      [
        "market:add",
        { terms: daily, from: "1" },
        `${SECOND} may not list markets: that takes role 1 of the access manager 0x`,
      ],
      ["market:add", { terms: daily, from: "1" }, `, which ${FIRST} has.`],
      ["market:add", {}, "--terms is missing: name a JSON file of terms"],
      ["market:add", { terms: "none.json" }, "none.json cannot be read: there is no such file"],
    ]);
    const dry = await world.json("market:add", "--terms", daily, "--dry-run");
    expect(dry).to.deep.include({ dryRun: true, number: 3 });
    const listed = await world.json("market:add", "--terms", daily);
    expect(listed).to.deep.include({ number: 3, market: dry["market"], marketId: dry["marketId"] });
    expect(at(listed, "terms")).to.deep.equal({
      ...terms,
      gridPeriod: 86_400,
      horizon: 432_000,
      strikeTick: { raw: "5000000000", price: "50" },
    });
    expect((await world.json("market:list"))["markets"]).to.have.lengthOf(3);
  });

  it("publishes rounds of the local feed, and tells the time in between", async () => {
    await refused([
      ["local:round", { market: "1" }, "--price is missing: say what the feed answers"],
      ["local:round", { market: "1", price: "2350", time: "2020-01-01" }, "write a later time."],
      ["local:round", { market: "1", price: "-1" }, "--price: -1 must be between 0 and"],
    ]);
    // Nothing is mined meanwhile: what counts from now counts from the next block.
    await world.provider.send("evm_increaseTime", [1_000]);
    const signed = await world.json(
      "order:sign",
      ...["--book", book, "--legs", "+1 P2400"],
      ...["--premium", "pay 1", "--units", "1"],
    );
    const [signedAt, deadline] = [at(signed, "order", "signedAt"), at(signed, "order", "deadline")];
    expect(Number(deadline) - Number(signedAt)).to.be.at.least(4_600);

    const round = (time: string, price: string) =>
      world.json("local:round", "--market", "1", "--price", price, "--time", `${day} ${time}`);
    const first = await round("07:59", "2350");
    expect(at(first, "time", "iso")).to.equal(`${day}T07:59:00Z`);
    await round("08:00:30", "2360");
    await refused([
      ["collateral:deposit", { book, amount: "1" }, `${name} has expired: it takes no more`],
      ["collateral:free", { book }, "legs are open, so book:fix, settle and claim come first."],
    ]);
    const fixed = await world.json("book:fix", "--book", book);
    expect(at(fixed, "settlementPrice", "price")).to.equal("2350");
    await world.json("settle", "--book", book);
    await refused([["collateral:free", { book }, "can be freed: it is settled, claim pays it."]]);
    await world.provider.send("evm_increaseTime", [4_000]);
    await world.provider.send("evm_mine", []);
    const next = new Date((Number(world.expiry) + 604_800) * 1_000).toISOString().slice(0, 10);
    await refused([
      ["book:open", { market: "1", expiry: next }, "On a local node local:round publishes a round"],
    ]);
  });
});
