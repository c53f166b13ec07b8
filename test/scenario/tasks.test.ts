import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { expect } from "chai";

import { accountId, marketKey } from "../../packages/contracts/src/ids.ts";
import { parseLegs } from "../../tasks/lib/legs.ts";
import { IClearinghouse__factory } from "../../types/ethers-contracts/index.ts";
import { at, hardhat, startTasksWorld } from "./tasks.support.ts";
import type { Json, TasksWorld } from "./tasks.support.ts";

const SPREAD = "sell 100 P2400, buy 100 P2300";
const NAMES = [
  "account:deposit",
  "account:show",
  "account:withdraw",
  "book:fix",
  "book:list",
  "book:open",
  "breaker:answer",
  "breaker:sync",
  "claim",
  "collateral:allocate",
  "collateral:deposit",
  "collateral:free",
  "deploy",
  "deploy:check",
  "guardian:deposit",
  "guardian:verifier",
  "guardian:propose",
  "guardian:send",
  "guardian:sign",
  "guardian:status",
  "local:round",
  "market:add",
  "market:list",
  "market:show",
  "multisig:cancel",
  "multisig:execute",
  "multisig:list",
  "multisig:propose",
  "multisig:sign",
  "oracle:prove",
  "oracle:shadow",
  "oracle:status",
  "oracle:update",
  "operator:set",
  "operator:show",
  "order:cancel",
  "order:check",
  "order:fill",
  "order:sign",
  "package:unwrap",
  "package:wrap",
  "redeem",
  "settle",
  "timelock:queue",
];

describe("tasks, a trade from the first market to the last claim", function () {
  this.timeout(120_000);

  let world: TasksWorld;
  let day: string;
  let book: string;
  let bookId: bigint;
  let file: (name: string) => string;

  before(async () => {
    world = await startTasksWorld();
    day = new Date(Number(world.expiry) * 1_000).toISOString().slice(0, 10);
    book = `1@${day}`;
    file = (name) => join(world.folder, name);
  });

  after(() => world?.close());

  /** Signs an order for units of the spread, of 100 USDC each, into a file. */
  const sign = (name: string, from: string, price: string, ...more: string[]) =>
    world.json(
      "order:sign",
      ...["--book", book, "--legs", SPREAD, "--premium", price, "--units", "10"],
      ...["--from", from, "--out", file(name), ...more],
    );

  it("lists the market, pays in and opens the book", async () => {
    const [markets, ...deposits] = await Promise.all([
      world.json("market:list"),
      ...["0", "1", "2"].map((from) =>
        world.json("account:deposit", "--token", "usdc", "--amount", "5000.5", "--from", from),
      ),
    ]);
    expect(at(markets, "markets", 0, "number")).to.equal(1);
    const [market, id] = ["market", "marketId"].map((it) => String(at(markets, "markets", 0, it)));
    expect(marketKey(id ?? "")).to.equal(BigInt(market ?? 0));
    expect(at(markets, "markets", 0, "token", "symbol")).to.equal("USDC");
    expect(at(markets, "markets", 0, "terms", "strikeTick")).to.deep.equal({
      raw: "1000000000",
      price: "10",
    });
    expect(at(deposits[0], "amount")).to.deep.equal({
      base: "5000500000",
      amount: "5000.5",
      symbol: "USDC",
    });

    const opened = await world.json("book:open", "--market", "1", "--expiry", day);
    expect(at(opened, "expiry", "unix")).to.equal(Number(world.expiry));
    expect(at(opened, "mark", "price")).to.equal("2500");
    bookId = BigInt(String(opened["book"]));
  });

  it("signs an order that check and fill read", async () => {
    const signed = await sign("one.json", "1", "1250");
    expect(JSON.parse(await readFile(file("one.json"), "utf8"))).to.deep.equal(signed);
    expect(at(signed, "order", "parts", 0)).to.deep.include({
      premium: "125000000000",
      // 100 USDC less 12.5 of premium.
      maxDraw: "87500000",
    });
    const one = ["--order", file("one.json")];
    const [check, dry, refusal] = await Promise.all([
      world.json("order:check", ...one),
      world.json("order:fill", ...one, "--units", "4", "--dry-run"),
      world.refusal("order:fill", ...one, "--units", "4"),
    ]);
    expect([check["fillable"], check["left"], check["units"]]).to.deep.equal([true, "10", "10"]);
    expect(at(check, "parts", 0, "premium", "amount")).to.equal("125");
    expect(at(check, "parts", 0, "maker", "worstCase", "after", "amount")).to.equal("0");
    expect(at(check, "parts", 0, "maker", "collateral", "after", "amount")).to.equal("1000");
    expect([dry["dryRun"], dry["remaining"]]).to.deep.equal([true, "6"]);
    expect(refusal).to.contain('it would take --max-pay "50.8" --max-draw "50.8" now');

    const limits = ["--max-pay", "50.8", "--max-draw", "50.8"];
    const filled = await world.json("order:fill", ...one, "--units", "4", ...limits);
    expect(at(filled, "fills", 0, "orderHash")).to.equal(signed["hash"]);
    expect(at(filled, "fills", 0, "remaining")).to.equal("6");
    expect(at(filled, "fills", 0, "parts", 0, "legs")).to.equal("-400 P2300, +400 P2400");
    expect(at(filled, "drawn", 0, "base")).to.equal("50800000");
  });

  it("fills several orders in one call", async () => {
    await Promise.all([sign("two.json", "2", "1100"), sign("three.json", "2", "1100")]);
    const several = ["--order", `${file("one.json")},${file("two.json")}`, "--max-units", "8"];
    const dry = await world.json("order:fill", ...several, "--dry-run");
    expect([dry["units"], at(dry, "paid", 0, "amount")]).to.deep.equal(["8", "98.6"]);
    const limits = ["--max-pay", "98.6", "--max-draw", "98.6"];
    const filled = await world.json("order:fill", ...several, ...limits);
    expect([0, 1].map((i) => at(filled, "fills", i, "units"))).to.deep.equal(["6", "2"]);
    expect(at(filled, "drawn", 0, "amount")).to.equal("98.6");
  });

  it("signs and fills an order over two books, by the limits that it names", async () => {
    const deposit = (from: string, token: string, amount: string) =>
      world.json("account:deposit", "--from", from, "--token", token, "--amount", amount);
    await Promise.all([
      deposit("2", "WETH", "2"),
      deposit("3", "WETH", "2"),
      world.json("book:open", "--market", "2", "--expiry", day),
    ]);
    const signed = await world.json(
      "order:sign",
      ...["--book", `${book}; 2@${day}`, "--legs", `${SPREAD}; sell 100 C2600`],
      ...["--premium", "pay 10; 0.4", "--units", "2", "--from", "2", "--out", file("both.json")],
    );
    // Parts stand in the order of their books' ids. 100 USDC and 0.1 of premium; 1 WETH less 0.004.
    const draws = (at(signed, "order", "parts") as Json[]).map((part) => part["maxDraw"]);
    expect(draws).to.have.members(["100100000", "996000000000000000"]);

    const fill = [
      "order:fill",
      "--order",
      file("both.json"),
      "--units",
      "2",
      "--from",
      "3",
    ] as const;
    expect(await world.refusal(...fill)).to.match(/^Undercovered: /);
    await deposit("3", "USDC", "1");
    const refusal = await world.refusal(...fill);
    const [, maxPay = "", maxDraw = ""] =
      /--max-pay "([^"]+)" --max-draw "([^"]+)"/.exec(refusal) ?? [];
    // Received 0.2 USDC less 0.4 of fee; 0.008 WETH and 0.0002 of fee.
    expect(maxPay.split("; ")).to.have.members(["0.2", "0.0082"]);
    const limits = ["--max-pay", maxPay, "--max-draw", maxDraw];
    const filled = await world.json(...fill, ...limits);
    expect(at(filled, "fills", 0, "remaining")).to.equal("0");
    const legs = (at(filled, "fills", 0, "parts") as Json[]).map((part) => part["legs"]);
    expect(legs).to.have.members(["-200 P2300, +200 P2400", "+200 C2600"]);
  });

  it("cancels by file, and everything", async () => {
    const cancelled = await world.json(
      "order:cancel",
      ...["--order", file("two.json"), "--from", "2"],
    );
    expect(cancelled["nonces"]).to.have.lengthOf(1);
    const all = await world.json("order:cancel", "--all", "--from", "2");
    expect(all["epoch"]).to.equal(1);
    const [check, refusal] = await Promise.all([
      world.json("order:check", "--order", file("two.json"), "--units", "1"),
      world.refusal("order:fill", "--order", file("three.json"), "--units", "1"),
    ]);
    expect(check["fillable"]).to.equal(false);
    expect(at(check, "refusal", "name")).to.equal("EpochStale");
    expect(refusal).to.match(/^EpochStale: .+\(.*1.*\)\n$/);
  });

  it("shows the account and the calendar", async () => {
    const [account, calendar, text] = await Promise.all([
      world.json("account:show", "--from", "1"),
      world.json("book:list", "--upcoming", "2"),
      world.task("book:list"),
    ]);
    expect(at(account, "cash", 0, "free", "amount")).to.equal("4125.5");
    expect(at(account, "positions", 0, "legs", 1)).to.deep.include({
      name: "P2400",
      lots: "-1000",
    });
    expect(at(account, "claimable", 0, "step")).to.equal("awaitExpiry");
    const [first, second] = at(calendar, "markets", 0, "books") as Json[];
    expect([first?.["phase"], second?.["phase"]]).to.deep.equal(["trading", "unopened"]);
    expect(at(first, "series", 0)).to.deep.include({ name: "P2300", openInterest: "1400" });
    expect(text.stdout).to.contain("P2400  1400");
  });

  it("refuses what is not well said, with what to do", async () => {
    const bad = JSON.parse(await readFile(file("one.json"), "utf8")) as {
      order: { units: string };
    };
    bad.order.units = "11";
    await writeFile(file("bad.json"), JSON.stringify(bad));
    const order = file("one.json");
    const sold = { book, premium: "1", units: "1" };
    const cases: readonly (readonly [string, Record<string, unknown>, string])[] = [
      ["market:show", { market: "3" }, "--market: 3 is no market of this ledger: there are 1 (0x"],
      [
        "book:open",
        { market: "1", expiry: "2026-01-01" },
        "the market has no expiry on 2026-01-01",
      ],
      ["settle", { book }, "has no settlement price yet: it has not expired."],
      ["settle", { book, chunk: "0" }, "--chunk must be between 1 and 500, not 0."],
      ["book:fix", { book }, "NotExpired: "],
      ["book:fix", { book: "1" }, '--book: "1" is no book: write its id, or MARKET@2026-12-25'],
      ["claim", { books: book }, "nothing can be claimed in"],
      ["order:sign", { ...sold, legs: "+1 X2400" }, 'cannot read "+1 X2400", leg 1 of 1: write a'],
      ["order:sign", { ...sold, legs: "+1 P2401" }, "StrikeOffTick: "],
      ["order:sign", { ...sold, legs: "+1 C2400" }, "CallsMustNet: "],
      [
        "order:sign",
        { ...sold, legs: "+1 P2400; +1 P2500" },
        "--legs has 2 entries, and the order 1",
      ],
      [
        "order:sign",
        { ...sold, legs: "+1 P2400", account: "1" },
        "is neither the owner nor a trade",
      ],
      ["order:sign", { ...sold, legs: "+1 P2400", out: order }, "one.json is there already"],
      ["order:cancel", { order, from: "2" }, "is neither the owner nor a trade operator"],
      ["order:cancel", {}, "Say what to cancel: one of --order FILE"],
      ["order:check", { order: file("bad.json") }, "somebody has changed it"],
      ["order:check", { order: file("none.json") }, "none.json cannot be read"],
      [
        "order:fill",
        { order, maxUnits: "1" },
        "--min-units and --max-units are for several orders",
      ],
      ["account:show", { from: "99" }, "--from: the network has no account 99: it has 0 0x"],
      ["account:deposit", { token: "DAI", amount: "1" }, "DAI is the token of no market"],
      ["account:deposit", { token: "USDC", amount: "1e3" }, '--amount: "1e3" is no number'],
      ["account:withdraw", { token: "USDC", amount: "999999" }, "CashShort: "],
      ["redeem", { package: "7" }, "holds none of 7: it holds no package."],
    ];
    for (const [name, options, sentence] of cases) {
      expect(await world.refusalHere(name, options)).to.contain(sentence);
    }
  });

  it("ends with 1 where it fails, and says why on stderr and in the document", async () => {
    const [text, document] = await Promise.all([
      world.refusal("market:show"),
      hardhat(["market:show", "--rpc", world.url, "--lens", world.lens, "--json", "--market", "x"]),
    ]);
    expect(text).to.equal("--market is missing: market:list shows the markets there are.\n");
    expect(document.code).to.equal(1);
    expect(at(JSON.parse(document.stdout), "error", "name")).to.equal("UsageError");
  });

  it("says how to deploy where there is no ledger", async () => {
    const empty = `0x${"11".repeat(20)}`;
    const cases: readonly (readonly [Record<string, unknown>, string])[] = [
      [{ lens: undefined, ledger: "nowhere" }, '--ledger: "nowhere" is no address'],
      [{ lens: undefined, ledger: empty }, "pass its address with --lens"],
      [{ lens: empty }, "There is no lens at 0x1111"],
      [{ lens: empty }, "npx hardhat deploy --network localhost"],
      [{ lens: world.ledger }, "is no lens: it does not answer ledger()"],
      [{ ledger: world.lens }, "pass --ledger and --lens of one deployment"],
    ];
    for (const [options, sentence] of cases) {
      expect(await world.refusalHere("market:list", options)).to.contain(sentence);
    }
    const { code, stderr } = await hardhat(["market:list", "--network", "default"]);
    expect([code, stderr.includes("run npx hardhat node")]).to.deep.equal([1, true]);
  });

  it("fixes the price, settles in chunks and shows the fixing", async () => {
    await wrapTen(world, bookId);
    await world.publish(world.expiry - 100n, 2_350n * 10n ** 8n);
    await world.publish(world.expiry + 10n, 2_360n * 10n ** 8n);

    const fixed = await world.json("book:fix", "--book", book);
    expect(at(fixed, "settlementPrice", "price")).to.equal("2350");
    const settled = await world.json("settle", "--book", book, "--chunk", "2");
    expect(settled["transactions"]).to.have.lengthOf(2);
    const payouts = (settled["settled"] as Json[]).map((one) => at(one, "payout", "amount"));
    // 12 and 2 units of 50 USDC to the takers, less ten packages; the makers keep half of 1000 and 400.
    expect(payouts.sort()).to.deep.equal(["100", "200", "500", "595"]);
    const [calendar, again] = await Promise.all([
      world.json("book:list", "--upcoming", "0"),
      world.task("settle", "--book", book),
    ]);
    expect(at(calendar, "markets", 0, "books", 0)).to.deep.include({ phase: "fixed" });
    expect(at(calendar, "markets", 0, "books", 0, "settlementPrice", "price")).to.equal("2350");
    expect(again.stdout).to.contain("Nothing is left to settle in");
  });

  it("claims, redeems and withdraws", async () => {
    const due = await world.json("claim", "--dry-run");
    expect(at(due, "due", 0, "amount", "amount")).to.equal("595");
    expect(at(due, "packages", 0)).to.deep.include({ amount: "10", redeemable: true });
    const [cash, wallet] = await Promise.all([
      world.json("claim", "--books", book),
      world.json("claim", "--from", "1", "--to-wallet"),
    ]);
    expect(at(cash, "claimed", 0, "amount", "amount")).to.equal("595");
    expect(at(wallet, "claimed", 0, "amount", "amount")).to.equal("500");
    const redeemed = await world.json("redeem");
    expect(at(redeemed, "redeemed", 0, "payout", "amount")).to.equal("5");
    const withdrawn = await world.json("account:withdraw", "--token", "USDC");
    // Paid in 5000.5, drawn for the fills 50.8 and 98.6, paid out 595.
    expect(at(withdrawn, "amount", "amount")).to.equal("5446.1");
    const [shown, nothing] = await Promise.all([
      world.json("account:show", "--from", "0"),
      world.task("claim"),
    ]);
    expect(shown["positions"]).to.deep.equal([]);
    expect(at(shown, "cash", 0, "free", "base")).to.equal("0");
    expect(nothing.stdout).to.contain("Nothing can be claimed by");
  });
});

/** The taker makes ten packages of one lot of its spread. */
async function wrapTen({ provider, ledger }: TasksWorld, book: bigint): Promise<void> {
  const taker = await provider.getSigner(0);
  const legs = parseLegs("legs", "+1 P2400, -1 P2300");
  const connected = IClearinghouse__factory.connect(ledger, taker);
  await (await connected.wrap(accountId(taker.address), book, legs, 10n)).wait();
}

describe("tasks, their help", function () {
  this.timeout(60_000);

  it("names every task", async () => {
    const { stdout } = await hardhat(["--help"]);
    for (const name of NAMES) expect(stdout).to.match(new RegExp(`^ +${name} +\\S`, "m"));
  });

  it("says what options are and what they default to", async () => {
    const { stdout } = await hardhat(["order:sign", "--help"]);
    expect(stdout).to.match(/--deadline +Until when .+\(default: \+1h\)/);
    expect(stdout).to.match(/--legs +Legs a unit that the maker receives: "\+1 P2800/);
  });
});
