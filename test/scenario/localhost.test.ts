import type { ChildProcess } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";
import { JsonRpcProvider } from "ethers";
import { tasks } from "hardhat";

import { parseDeployment } from "../../scripts/bindings/addresses.ts";
import { firstExpiry } from "../../scripts/lib/localMarket.ts";
import { runTask, taskJson, taskRefusal } from "../helpers/taskRunner.ts";
import type { TaskOptions } from "../helpers/taskRunner.ts";
import { at, freePort, hardhat, startNode, stopNode } from "./tasks.support.ts";
import type { Json } from "./tasks.support.ts";

const SPREAD = "sell 100 P2400, buy 100 P2300";

describe("npx hardhat node, and deploy on it", function () {
  this.timeout(120_000);

  let node: ChildProcess;
  let folder: string;
  let port: number;
  let where: { readonly rpc: string; readonly deployments: string };
  let provider: JsonRpcProvider;
  let expiry: bigint;

  before(async () => {
    port = await freePort();
    node = await startNode(port);
    folder = await mkdtemp(join(tmpdir(), "certus-localhost-"));
    where = { rpc: `http://127.0.0.1:${port}`, deployments: join(folder, "deployments") };
    provider = new JsonRpcProvider(where.rpc, undefined, { cacheTimeout: -1 });
  });

  after(async () => {
    provider?.destroy();
    await stopNode(node);
    await rm(folder, { recursive: true, force: true });
  });

  const json = (name: string, options: TaskOptions = {}): Promise<Json> =>
    taskJson(name, { ...where, ...options });
  const iso = (time: bigint) => new Date(Number(time) * 1_000).toISOString();
  const book = (market: number) => `${market}@${iso(expiry).slice(0, 10)}`;

  it("deploys everything from another process, and says where it is", async () => {
    const { rpc, deployments } = where;
    const options = ["--rpc", rpc, "--deployments", deployments, "--no-compile", "--json"];
    const { code, stdout, stderr } = await hardhat(["deploy", ...options]);
    expect(code, stderr).to.equal(0);
    const told = JSON.parse(stdout) as Json;
    const text = await readFile(join(deployments, "localhost.json"), "utf8");
    const file = JSON.parse(text) as Json;
    expect(told).to.deep.include(file);
    expect([file["chainId"], file["name"]]).to.deep.equal([31_337, "localhost"]);
    // The package that integrators install is made of the same file.
    expect(parseDeployment("localhost.json", text).contracts.clearinghouse).to.equal(
      at(file, "contracts", "clearinghouse"),
    );
    expect(file["finality"]).to.deep.equal({ kind: "confirmations", confirmations: 1 });
    expect(told["sent"]).to.equal(at(told, "cost", "transactions"));
    expect(told["wrong"]).to.deep.equal([]);
    expect(stderr).to.contain(`sent ${String(told["sent"])} of ${String(told["sent"])}: `);

    const again = await json("deploy", { from: "0", noCompile: true });
    expect(again["sent"]).to.equal(0);
    expect(again).to.deep.include(file);
    const { stdout: shown } = await runTask("deploy", { ...where, from: "0", noCompile: true });
    expect(shown).to.contain("Nothing was to be done.");
    const next = [...shown.matchAll(/npx hardhat ([\w:]+)/gu)].map(([, name = ""]) => name);
    expect(next).to.deep.equal(["token:faucet", "market:list", "oracle:update"]);
    for (const name of next) tasks.getTask(name);
  });

  it("has markets with prices and tokens with a faucet", async () => {
    const { markets } = await json("market:list");
    const seen = [0, 1, 2].map((index) => [
      at(markets, index, "terms", "style"),
      at(markets, index, "token", "symbol"),
    ]);
    expect(seen).to.deep.equal([
      ["linear", "USDC"],
      ["inverse", "WETH"],
      ["linear", "USDC"],
    ]);
    for (const from of ["0", "1"]) {
      const took = await json("token:faucet", { token: "USDC", from });
      expect(at(took, "amount", "amount")).to.equal("10000");
      await json("account:deposit", { token: "USDC", amount: "5000", from });
    }
    const refusal = await taskRefusal("token:faucet", { ...where, token: "USDC", from: "1" });
    expect(refusal).to.match(/has taken its USDC already: it may take again at \d{4}-/);
    const { timestamp } = (await provider.getBlock("latest")) ?? { timestamp: 0 };
    expiry = firstExpiry(timestamp);
    expect((await json("deploy:check", { noCompile: true }))["differences"]).to.equal(0);
  });

  it("is governed as it is written down, and tasks of governance find everything there", async () => {
    const audit = await json("access:audit");
    expect(audit["differences"]).to.deep.equal([]);
    const safe = await json("multisig:list");
    const { contracts } = await json("deploy", { from: "0", noCompile: true });
    expect(JSON.stringify(safe)).to.contain(at(contracts, "safe"));
    expect((await json("timelock:queue"))["operations"]).to.deep.equal([]);
  });

  it("opens books on the single feed, and on three classes once they have said something", async () => {
    const opened = await json("book:open", { market: "1", expiry: iso(expiry).slice(0, 10) });
    expect(at(opened, "mark", "price")).to.equal("2500");
    await json("oracle:update", { feed: "ETH-USD", localSigners: "2500" });
    const several = await json("book:open", { market: "3", expiry: iso(expiry).slice(0, 10) });
    expect(at(several, "mark", "price")).to.equal("2500");
  });

  it("lets people trade, settles and pays out", async () => {
    const order = join(folder, "order.json");
    await json("order:sign", {
      ...{ book: book(1), legs: SPREAD, premium: "1250", units: "10", from: "1", out: order },
    });
    const check = await json("order:check", { order });
    expect(check["fillable"]).to.equal(true);
    const limits = { maxPay: "127", maxDraw: "127" };
    const filled = await json("order:fill", { order, units: "10", ...limits });
    expect(at(filled, "fills", 0, "remaining")).to.equal("0");

    await json("local:round", { market: "1", price: "2350", time: String(expiry - 60n) });
    await json("local:round", { market: "1", price: "2360", time: String(expiry + 400n) });
    const fixed = await json("book:fix", { book: book(1) });
    expect(at(fixed, "settlementPrice", "price")).to.equal("2350");
    await json("settle", { book: book(1) });
    const claimed = await json("claim", { toWallet: true });
    // Ten spreads of 100 USDC pay half.
    expect(at(claimed, "claimed", 0, "amount", "amount")).to.equal("500");
  });

  it("begins anew by itself when the node has forgotten everything", async () => {
    await stopNode(node);
    node = await startNode(port);
    const told = await json("deploy", { from: "0", noCompile: true });
    expect(told["sent"]).to.be.greaterThan(0);
    expect(told["wrong"]).to.deep.equal([]);
  });
});
