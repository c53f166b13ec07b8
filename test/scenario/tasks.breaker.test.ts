import { expect } from "chai";
import { decodeBytes32String } from "ethers";

import { deployLens } from "../../scripts/lib/deploy.ts";
import { FEED } from "../../scripts/lib/oracle/localFeed.ts";
import { BreakerBench } from "../fixtures/breaker.ts";
import type { BreakerWorld } from "../fixtures/breaker.ts";
import { PRICE } from "../fixtures/oracles.ts";
import { HOUR, MINUTE, usd, usdc } from "../fixtures/units.ts";
import { linearTermsOf, listMarket } from "../fixtures/world.ts";
import { commandHere } from "../helpers/commandLine.ts";
import { startReplayNode } from "../helpers/replayNode.ts";
import type { ReplayNode } from "../helpers/replayNode.ts";
import { runTask } from "../helpers/taskRunner.ts";
import type { TaskOptions } from "../helpers/taskRunner.ts";
import { runWatch } from "../helpers/watchProcess.ts";
import { slotIn } from "../helpers/watchWorld.ts";
import { at } from "./tasks.support.ts";
import type { Json } from "./tasks.support.ts";

describe("tasks of the circuit breaker", function () {
  this.timeout(120_000);

  let node: ReplayNode;
  let bench: BreakerBench;
  let world: BreakerWorld;
  let lens: string;
  let feed: string[];

  before(async () => {
    node = await startReplayNode();
    bench = new BreakerBench(node.connection);
    world = await bench.deployWatched();
    lens = await (await deployLens(world.admin, world.ledger)).getAddress();
    feed = ["--feed", decodeBytes32String(world.ether.feed)];
    // The third market is nobody's to trip, the fourth is guarded and not watched yet.
    await listMarket(world, { ...(await linearTermsOf(world)), guard: world.admin.address });
    await listMarket(world, { ...world.linearTerms, strikeTick: usd(20) });
  });

  after(() => node?.close());

  const task = (name: string, ...args: string[]) =>
    commandHere(name, ["--rpc", node.url, "--lens", lens, ...args]);

  /** Runs a task with options by their names in camel case. */
  async function here(name: string, options: TaskOptions): Promise<Json> {
    const asked = { rpc: node.url, lens, json: true, ...options };
    const { success, stdout } = await runTask(name, asked);
    const document = JSON.parse(stdout) as Json;
    return success ? document : { refused: at(document, "error", "message") };
  }

  async function json(name: string, options: TaskOptions): Promise<Json> {
    const document = await here(name, options);
    if ("refused" in document) throw new Error(`${name} was refused: ${String(document.refused)}`);
    return document;
  }

  async function refusal(name: string, options: TaskOptions) {
    const { refused } = (await here(name, options)) as { readonly refused?: unknown };
    if (typeof refused === "string") return refused;
    throw new Error(`${name} was not refused`);
  }

  const pass = async (seconds: bigint) => bench.mineAt((await bench.now()) + seconds);

  /** A round of the push feed of now; the other classes are left to `--local-signers`. */
  async function publish(price: bigint): Promise<void> {
    await world.ether.aggregator.updateAnswer(price);
  }

  const outcomes = (report: Json) =>
    (report["steps"] as Json[]).map(
      (step) => `${String(step["what"]).split(" (")[0]}: ${String(step["outcome"])}`,
    );

  it("shows all guarded markets, and one with all that is known of it", async () => {
    const { stdout } = await task("breaker:status");
    expect(stdout).to.match(/│ 1 0x[\da-f]{8} +│ normal +│ +│ +0 % │ 100000000 USDC/);
    expect(stdout).to.match(/│ 4 0x[\da-f]{8} +│ not watched yet/);
    expect(stdout).not.to.match(/│ 3 0x/);

    const status = await json("breaker:status", { market: "1" });
    expect(status).to.deep.include({ number: 1, level: "normal", until: null, why: null });
    expect(status["budgets"]).to.deep.equal({
      halts: { left: 2, from: null },
      haltsByEvidence: { left: 1, from: null },
      guardian: { left: 2, from: null },
    });
    expect(at(status, "thresholds", "moveBps")).to.equal(1_000);
    const tried = (status["triggers"] as Json[]).map((one) => [
      one["trigger"],
      one["can"],
      at(one, "error", "name"),
    ]);
    expect(tried).to.deep.equal([
      ["FewVotes", null, "NoEvidence"],
      ["NoVotes", null, "NoEvidence"],
      ["Apart", null, "NoEvidence"],
      ["FarApart", null, "NoEvidence"],
      ["Move", null, "ReferenceInvalid"],
      ["BigMove", null, "ReferenceInvalid"],
      ["HugeMove", null, "ReferenceInvalid"],
      ["Sequencer", null, "NoEvidence"],
      ["Depeg", null, "NoEvidence"],
    ]);
    expect(await refusal("breaker:trip", { market: "4", trigger: "Apart" })).to.match(
      /^NotEnrolled: .* The task is breaker:observe with --enroll\.$/,
    );
    expect(status["advice"]).to.deep.equal([
      `The feed has not been observed for a minute: npx hardhat breaker:observe ${feed.join(" ")}`,
    ]);
  });

  it("observes a feed, adapts its markets, and begins to watch one", async () => {
    const [, name] = feed;
    const dry = await json("breaker:observe", { feed: name, dryRun: true, enroll: true });
    expect(outcomes(dry)).to.deep.equal([
      "enroll market 4: would be done",
      "observe ETH-USD: would be done",
      "adapt market 1: would be done",
      "adapt market 2: would be done",
    ]);
    // Readings are newer than those that stand.
    await pass(2n);
    await publish(PRICE);
    const signed = ["--local-signers", "2000", "--enroll", "--json"];
    const ran = await task("breaker:observe", ...feed, ...signed);
    expect(ran.stderr).to.contain("2 (own signers): 2000 of");
    const done = JSON.parse(ran.stdout) as Json;
    expect(outcomes(done)).to.deep.equal([
      "enroll market 4: done",
      "observe ETH-USD: done",
      "adapt market 1: done",
      "adapt market 2: done",
      "adapt market 4: done",
    ]);
    const again = await json("breaker:observe", { feed: name });
    expect(outcomes(again)).to.deep.equal([
      "observe ETH-USD: too early",
      "adapt market 1: too early",
      "adapt market 2: too early",
      "adapt market 4: too early",
    ]);
  });

  it("trips a market for a move from the observation that shows most of it", async () => {
    // The last observation is too near for a move of 10 %; the one before it is not.
    await bench.observe(world, (await bench.now()) + MINUTE, usd(1_900));
    await pass(1n);
    await publish(usd(1_760));
    const args = ["--market", "1", "--trigger", "move", "--local-signers", "1760"];
    const dry = await refusal("breaker:trip", { market: "1", trigger: "move", dryRun: true });
    expect(dry).to.contain("NoEvidence");
    // Somebody else is faster with one of the readings; the task starts a second after the last block.
    const now = await bench.now();
    await bench.say(world, now + BigInt(FEED.ahead), { own: usd(1_760) }, world.ether, now);
    await bench.at(now + 1n);
    const { code, stdout, stderr } = await task("breaker:trip", ...args);
    expect(stderr).to.contain("1 (RedStone): 1760 of");
    expect(stderr).to.contain("a reading of 2 (own signers): the hub has one that is as new.");
    expect(stdout).to.match(/^Tripped market 1 \(0x[\da-f]{8}\) for Move: restricted until 2026-/);
    expect(code).to.equal(0);
    const status = await json("breaker:status", { market: "1" });
    expect(status).to.deep.include({ level: "restricted", why: "Move" });
    const other = await json("breaker:trip", { market: "2", trigger: "Move", dryRun: true });
    expect(other).to.deep.include({ trigger: "Move", hint: "0", level: "restricted" });
    expect(await refusal("breaker:release", { market: "1" })).to.contain(
      "NotReleasable: Nothing that could be ended early is in force.",
    );
  });

  it("gives notice of votes that are missing, says when to come back, and trips then", async () => {
    await pass(HOUR);
    const args = { market: "1", trigger: "FewVotes" };
    const dry = await json("breaker:trip", { ...args, dryRun: true });
    expect(dry).to.deep.include({ noticed: true, dryRun: true });
    const noticed = await json("breaker:trip", args);
    expect(noticed).to.deep.include({ noticed: true });
    const waiting = await json("breaker:trip", args);
    expect(waiting).to.deep.include({ noticed: false, from: noticed["from"], to: noticed["to"] });
    const status = await json("breaker:status", { market: "1" });
    expect(at(status, "notices", 0, "trigger")).to.equal("FewVotes");
    const advice = `FewVotes was noticed; from ${String(at(noticed, "from", "iso"))} on: npx hardhat breaker:trip --market 1 --trigger FewVotes`;
    expect(status["advice"]).to.include(advice);
    expect(status["advice"]).to.include(
      `Readings answer the notice: npx hardhat oracle:update ${feed.join(" ")}`,
    );
    await pass(10n * MINUTE);
    const would = await json("breaker:trip", { ...args, dryRun: true });
    expect(would).to.deep.include({ level: "restricted", dryRun: true });
    expect(await json("breaker:trip", args)).to.deep.include({ level: "restricted" });
  });

  it("releases it once it has been seen healthy for ten minutes", async () => {
    expect(await refusal("breaker:release", { market: "1" })).to.match(
      /^NotHealthy: .*\(observations 0, span 0\) The task is breaker:observe, once a minute\.$/,
    );
    for (const after of [1n, 6n, 12n]) {
      const begun = after === 1n ? await bench.now() : 0n;
      await bench.observe(world, (begun === 0n ? await bench.now() : begun) + 5n * MINUTE + after);
    }
    const dry = await json("breaker:release", { market: "1", dryRun: true });
    expect(dry).to.deep.include({ trigger: "FewVotes", dryRun: true });
    const { stdout, code } = await task("breaker:release", "--market", "1");
    expect(stdout).to.match(
      /^Released market 1 \(0x\w{8}\), tripped for FewVotes. It reads normal./,
    );
    expect(code).to.equal(0);
    const status = await json("breaker:status", { market: "1" });
    expect(status).to.deep.include({ level: "normal", why: null });
  });

  it("halts a market whose collateral is missing, naming whom it is owed", async () => {
    const args = { market: "1", trigger: "Shortfall" };
    expect(await refusal("breaker:trip", args)).to.contain(
      "NoEvidence: The condition does not hold.",
    );
    const balance = await world.quote.balanceOf(world.address);
    const slot = slotIn(0n, BigInt(world.address));
    const word = `0x${(balance - usdc(1)).toString(16).padStart(64, "0")}`;
    const params = [world.quoteAddress, `0x${slot.toString(16)}`, word];
    await node.connection.provider.request({ method: "hardhat_setStorageAt", params });
    const tripped = await json("breaker:trip", args);
    expect(tripped).to.deep.include({ level: "halted", trigger: "Shortfall" });
    expect(at(tripped, "owed", "symbol")).to.equal("USDC");
    expect(tripped["accounts"]).to.have.lengthOf(2);
    const { stdout } = await task("breaker:status", "--market", "1");
    expect(stdout).to.contain("halted until 2026-");
    expect(stdout).to.contain("for Shortfall");
    expect(stdout).to.contain("1 of two in seven days");
  });

  it("is told of by the watch, with the reasons that the breaker gives", async () => {
    const until = String(await node.connection.ethers.provider.getBlockNumber());
    const args = ["--rpc", node.url, "--lens", lens, "--since", "0", "--until-block", until];
    const { code, alarms } = await runWatch(...args);
    const told = alarms
      .filter(({ alarm }) => alarm === "breaker" || alarm === "shortfall")
      .map(({ severity, text }) => `${severity}: ${text.replaceAll(/ \(0x\w+\)|20\S+Z/g, "")}`);
    const [first, second, third] = ["1", "2", "4"].map(
      (market) => `info: market ${market} is watched by its breaker from now on`,
    );
    expect(told.slice(0, 4)).to.deep.equal([
      ...[first, second, "warning: the feed of the collateral of market 1 was set", third],
    ]);
    expect(told.slice(4, -1)).to.deep.equal([
      "warning: market 1 is restricted until : Move",
      "info: market 1: somebody gives notice of FewVotes",
      "warning: market 1 is restricted until : FewVotes",
      "info: market 1 was released, which FewVotes had tripped",
      "warning: market 1 is halted until : Shortfall",
    ]);
    expect(told.at(-1)).to.contain("critical: the ledger owes ");
    expect(code).to.equal(2);
  });

  it("takes a notice back once its condition is gone", async () => {
    await pass(HOUR);
    const args = { market: "2", trigger: "FewVotes" };
    expect(await json("breaker:trip", args)).to.deep.include({ noticed: true });
    expect(await refusal("breaker:answer", args)).to.match(/^NothingToAnswer: /);
    await publish(usd(1_760));
    const answer = ["--market", "2", "--trigger", "FewVotes", "--local-signers", "1760"];
    const { stdout, stderr, code } = await task("breaker:answer", ...answer);
    expect(stdout, stderr).to.match(
      /^Took back the notice of FewVotes in market 2 \(0x\w{8}\)\.\nMined /,
    );
    expect(code).to.equal(0);
    expect((await json("breaker:status", { market: "2" }))["notices"]).to.deep.equal([]);
    expect(await refusal("breaker:answer", { market: "2", trigger: "Apart" })).to.contain(
      "a notice of Apart is not answered, it lapses; those of FewVotes, NoVotes, Depeg are",
    );
  });

  it("writes what ought to be in force, and begins to watch a market by itself", async () => {
    expect(await refusal("breaker:sync", { market: "1" })).to.match(/^AlreadyTripped: /);
    await pass(6n * HOUR);
    const dry = await json("breaker:sync", { market: "1", dryRun: true });
    expect(dry).to.deep.include({ enrolled: false, dryRun: true });
    const wrote = await json("breaker:sync", { market: "1" });
    expect(wrote).to.deep.include({ enrolled: false, level: "normal", until: null });
    await listMarket(world, { ...world.linearTerms, strikeTick: usd(40) });
    expect(await json("breaker:sync", { market: "5" })).to.deep.include({ enrolled: true });
    expect(await json("breaker:status", { market: "5" })).to.deep.include({ level: "normal" });
  });

  it("ends with 1 where an observation is refused, for timers that look at nothing else", async () => {
    await pass(HOUR);
    const ran = await task("breaker:observe", ...feed, "--json");
    expect(outcomes(JSON.parse(ran.stdout) as Json)[0]).to.equal("observe ETH-USD: refused");
    expect(ran.code).to.equal(1);
    expect(ran.stderr).to.contain("Refused: observe ETH-USD");
  });

  it("refuses what cannot be meant", async () => {
    for (const [name, options, sentence] of [
      ["breaker:trip", { trigger: "Move" }, "--market is missing"],
      ["breaker:trip", { market: "1" }, "--trigger is missing: it is one of FewVotes"],
      ["breaker:trip", { market: "1", trigger: "Guardian" }, "is the guardian's alone"],
      ["breaker:trip", { market: "9", trigger: "Move" }, "--market: 9 is no market"],
      ["breaker:trip", { market: "3", trigger: "Move" }, "is no circuit breaker of this ledger"],
      ["breaker:trip", { market: "2", trigger: "Depeg" }, "TriggerUnavailable: "],
      ["breaker:status", { market: "3" }, "is no circuit breaker of this ledger"],
      ["breaker:release", { market: "2" }, "NotReleasable: "],
      ["breaker:observe", { feed: "none" }, '"none" is no feed of the hub'],
      [
        "breaker:observe",
        { feed: decodeBytes32String(world.coin.feed) },
        "no market of USDC-USD is guarded by a circuit breaker",
      ],
    ] as const) {
      expect(await refusal(name, options)).to.contain(sentence);
    }
  });
});
