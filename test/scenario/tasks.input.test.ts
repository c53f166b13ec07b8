import { join } from "node:path";

import { expect } from "chai";

import { at, hardhat, startTasksWorld } from "./tasks.support.ts";
import type { TasksWorld } from "./tasks.support.ts";

/** Account 1 of every node. */
const SECOND = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";

describe("tasks, asked for what cannot be", function () {
  this.timeout(120_000);

  let world: TasksWorld;
  let book: string;
  let name: string;
  let order: string;

  before(async () => {
    world = await startTasksWorld();
    const iso = new Date(Number(world.expiry) * 1_000).toISOString();
    book = `1@${iso.slice(0, 10)}`;
    order = join(world.folder, "order.json");
    await world.json("account:deposit", "--token", "USDC", "--amount", "100.5", "--from", "1");
    const opened = await world.json("book:open", "--market", "1", "--expiry", iso.slice(0, 10));
    name = String(opened["name"]);
    await world.json(
      "order:sign",
      ...["--book", book, "--legs", "sell 100 P2400, buy 100 P2300", "--premium", "1250"],
      ...["--units", "1", "--from", "1", "--out", order],
    );
  });

  after(() => world?.close());

  /** Every task is refused with its sentence. */
  async function refused(cases: readonly (readonly [string, Record<string, unknown>, string])[]) {
    for (const [task, options, sentence] of cases) {
      expect(await world.refusalHere(task, options)).to.contain(sentence);
    }
  }

  it("shows what a refusal speaks of as options are written", async () => {
    const far = new Date(Number(world.expiry + 3n * 604_800n) * 1_000).toISOString();
    const expiry = far.replace(".000Z", "Z");
    const limits = { order, units: "1", maxPay: "20", maxDraw: "0.5" };
    await refused([
      [
        "account:withdraw",
        { token: "USDC", amount: "101", from: "1" },
        `(account ${SECOND}, token 0x`,
      ],
      [
        "account:withdraw",
        { token: "USDC", amount: "101", from: "1" },
        "asked 101 USDC, available 100.5 USDC) The tasks are account:deposit and collateral:free.",
      ],
      [
        "book:open",
        { market: "1", expiry },
        `BeyondHorizon: The expiry lies beyond the market's horizon. Open an earlier expiry. (expiry ${expiry}, bound 20`,
      ],
      ["book:fix", { book }, `(book ${name}, expiry ${name.slice(11, -1)}:00Z, current 20`],
      [
        "order:sign",
        { book, legs: "+1 P2405", premium: "1", units: "1" },
        "(strike 2405, tick 10)",
      ],
      [
        "order:fill",
        { ...limits, maxPay: "1.5" },
        "PayAboveLimit: The price is worse than the taker allows. Raise the limit or look for a better order. (part 0, pay 12.7 USDC, bound 1.5 USDC)",
      ],
      ["order:fill", limits, "needed 12.7 USDC, allowed 0.5 USDC)"],
      [
        "order:fill",
        { ...limits, maxDraw: "20" },
        "It has 0 USDC of free cash: account:deposit pays in.",
      ],
    ]);
    const check = await world.json("order:check", "--order", order);
    expect(at(check, "refusal", "sentence")).to.contain("It has 0 USDC of free cash");
    expect(at(check, "refusal", "args", "collateral")).to.equal("0");
  });

  it("takes no amount, price or time beyond the ledger's words", async () => {
    const sold = { book, legs: "+1 P2400", premium: "1", units: "1" };
    await refused([
      ["account:deposit", { token: "USDC", amount: "-5" }, "--amount: -5 must be between 0 and 51"],
      [
        "account:withdraw",
        { token: "USDC", amount: " -5" },
        "--amount: -5 must be between 0 and 51",
      ],
      ["order:sign", { ...sold, maxDraw: "-1" }, "--max-draw: -1 must be between 0 and 51"],
      [
        "order:sign",
        { ...sold, premium: "99999999999999" },
        "--premium: 99999999999999 must be between -922",
      ],
      [
        "order:sign",
        { ...sold, deadline: "+99999999d" },
        "--deadline: +99999999d is later than any time",
      ],
      ["order:fill", { order, units: "1", maxPay: "1e99" }, '--max-pay: "1e99" is no number'],
      ["order:fill", { order, units: "1", maxPay: `${2n ** 127n}` }, "must be between -170"],
    ]);
  });

  it("says what a network lacks", async () => {
    const { url, lens } = world;
    await refused([
      [
        "market:list",
        { rpc: "http://127.0.0.1:1" },
        "No node answers for the network localhost: say",
      ],
      ["market:list", { rpc: "http://127.0.0.1:1" }, "npx hardhat deploy"],
      ["market:list", { rpc: "ws://127.0.0.1:1" }, '--rpc: "ws://127.0.0.1:1" is no URL of a node'],
    ]);
    const there = ["--network", "sepolia", "--rpc", url, "--lens", lens];
    // A spawned process takes the environment as it is when it is started.
    const withKey = async (key: string, ...args: string[]) => {
      process.env["DEPLOYER_KEY"] = key;
      const ran = hardhat([...args, ...there]);
      delete process.env["DEPLOYER_KEY"];
      return ran;
    };
    process.env["SEPOLIA_RPC_URL"] = url;
    const wrong = hardhat(["market:list", "--network", "sepolia", "--lens", lens]);
    delete process.env["SEPOLIA_RPC_URL"];
    const { stderr: elsewhere } = await wrong;
    expect(elsewhere).to.contain(
      "The node is of chain 31337, and --network says sepolia, which is 11155111: mend its URL",
    );
    const [looks, none, bad] = await Promise.all([
      hardhat(["market:list", ...there]),
      hardhat(["account:show", ...there]),
      withKey("0x12", "account:show"),
    ]);
    expect([looks.code, looks.stdout.includes("USDC")]).to.deep.equal([0, true]);
    expect([none.code, bad.code]).to.deep.equal([1, 1]);
    expect(none.stderr).to.contain("npx hardhat keystore set DEPLOYER_KEY");
    expect(bad.stderr).to.match(/^The network's accounts cannot be used .+ see DEPLOYER_KEY.\n$/);
  });

  it("reads accounts, tokens and files that are none", async () => {
    const zero = `0x${"00".repeat(20)}`;
    const nobody = `0x${"11".repeat(20)}`;
    const none = "is no token on this chain: it does not answer balanceOf(address).";
    await refused([
      ["account:deposit", { token: nobody, amount: "1" }, `--token: ${nobody} ${none}`],
      ["account:deposit", { token: world.ledger, amount: "1" }, none],
      ["account:show", { account: `${zero}:1` }, "--account: the zero address owns no account."],
      ["account:show", { account: "99:1" }, "--account: the network has no account 99: it has"],
      ["account:withdraw", { token: "USDC", from: "3" }, "has no USDC of free cash;"],
      ["account:withdraw", { token: "USDC", to: "99" }, "--to: the network has no account 99"],
      ["order:check", { order: "none.json" }, "none.json cannot be read: there is no such file"],
      ["order:check", { order: world.folder }, "cannot be read: it is a folder."],
    ]);
    const sent = await world.json(
      "account:withdraw",
      ...["--token", "USDC", "--amount", "0.5", "--from", "1", "--to", "2"],
    );
    expect(sent["to"]).to.equal("0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC");
  });

  it("says when books open, and which orders nobody can fill", async () => {
    const calendar = await world.json("book:list", "--market", "1", "--upcoming", "2");
    const second = at(calendar, "markets", 0, "books", 1);
    const next = Number(world.expiry) + 604_800;
    expect(at(calendar, "markets", 0, "books", 0, "opens")).to.equal(null);
    expect(at(second, "opens", "from", "unix")).to.equal(next - 8 * 86_400);
    expect(at(second, "opens", "until", "unix")).to.equal(next - 7_200);

    const several = { order: `${order},${order}`, maxUnits: "2" };
    await world.publish(world.expiry - 1_800n, 2_500n * 10n ** 8n);
    await refused([
      ["order:fill", several, "UnitsShort: "],
      ["order:fill", several, "is refused: OrderExpired: The order's deadline has passed."],
    ]);
    const late = ["--book", book, "--legs", "+1 P2400", "--premium", "pay 1", "--units", "1"];
    const { stderr, stdout } = await world.task("order:sign", ...late);
    expect(stderr).to.contain(`Mind that in ${name} only fills that close positions go through`);
    expect(stdout).to.contain('"signature"');
    await world.publish(world.expiry, 2_500n * 10n ** 8n);
    await refused([
      ["order:sign", { book, legs: "+1 P2400", premium: "1", units: "1" }, `${name} has expired`],
    ]);
  });
});
