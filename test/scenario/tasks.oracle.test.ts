import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { AbiCoder, encodeBytes32String, id, keccak256, toBeHex, Wallet } from "ethers";
import { expect } from "chai";

import type { LocalMarkets } from "../../scripts/lib/localMarket.ts";
import {
  LOCAL_SIGNERS,
  ownPayload,
  pulledRedstone,
} from "../../scripts/lib/oracle/localSigners.ts";
import { signPackage } from "../../scripts/lib/oracle/redstone.ts";
import { feedDomain, pairId, signObservation } from "../../scripts/lib/oracle/signedFeed.ts";
import { FEED } from "../../scripts/lib/oracle/threeClasses.ts";
import { SignedFeed__factory } from "../../types/ethers-contracts/index.ts";
import { at, startTasksWorld } from "./tasks.support.ts";
import type { Json, TasksWorld } from "./tasks.support.ts";

const PRICE = 2_500n * 10n ** 8n;
const CHAIN = 31_337n;
const MARKET = "3";
const SHADOW = 3;
/** Where the hub keeps its feeds, and a feed its shadows. */
const FEEDS_SLOT = 1n;
const SHADOWS_SLOT = 44n;
const DAY = 86_400n;

const feed = ["--feed", "ETH-USD"];

describe("tasks of prices from several sources", function () {
  this.timeout(120_000);

  let world: TasksWorld;
  let hub: string;
  let own: string;
  let day: string;
  let book: string;
  let file: (name: string) => string;

  before(async () => {
    world = await startTasksWorld(async (local) => {
      await local.list("linear", "three classes");
      own = local.own;
      hub = await local.hub.getAddress();
      await addShadow(local);
      await local.read(PRICE);
    });
    day = new Date(Number(world.expiry) * 1_000).toISOString().slice(0, 10);
    book = `${MARKET}@${day}`;
    file = (name) => join(world.folder, name);
  });

  after(() => world?.close());

  /** Time of the latest block. */
  const now = async () => BigInt((await world.provider.getBlock("latest"))?.timestamp ?? 0);

  /** Every task is refused with its sentence. */
  async function refused(cases: readonly (readonly [string, Record<string, unknown>, string])[]) {
    for (const [task, options, sentence] of cases) {
      expect(await world.refusalHere(task, options)).to.contain(sentence);
    }
  }

  /** RedStone packages as a gateway gives them, of some of the local signers. */
  async function packages(name: string, time: bigint, signers: number, dataFeedId = "ETH") {
    const signed = Array.from({ length: signers }, (_, index) =>
      signPackage(id(`certus local redstone ${index}`), {
        dataFeedId,
        milliseconds: time * 1_000n,
        value: PRICE,
      }).toObj(),
    );
    await writeFile(file(name), JSON.stringify({ [dataFeedId]: signed }));
    return file(name);
  }

  /** Observations of some of the local own signers. */
  async function observations(name: string, time: bigint, signers: number, contract = own) {
    const context = {
      domain: feedDomain(CHAIN, contract),
      pair: pairId(encodeBytes32String("ETH"), encodeBytes32String("USD"), 0n),
    };
    const signed = await Promise.all(
      Array.from({ length: signers }, (_, index) =>
        signObservation(new Wallet(id(`certus local signer ${index}`)), context, {
          time,
          price: PRICE,
        }),
      ),
    );
    const plain = signed.map((one) => ({
      ...one,
      time: Number(one.time),
      price: String(one.price),
    }));
    await writeFile(file(name), JSON.stringify(plain));
    return file(name);
  }

  it("shows a feed, and what is wrong once it is old", async () => {
    await world.json("oracle:update", ...feed, "--local-signers", "2500");
    const status = await world.json("oracle:status", ...feed);
    expect(at(status, "spot", "mid", "price")).to.equal("2500");
    expect(at(status, "spot")).to.deep.include({ live: 3, faults: 1, status: 0 });
    expect(status["pair"]).to.deep.equal({ base: "ETH", quote: "USD", priceExp: 0 });
    expect(status["sequencer"]).to.equal(null);
    const votes = status["votes"] as Json[];
    expect(
      votes.map((vote) => [at(vote, "classes", 0), vote["verdict"], vote["standing"]]),
    ).to.deep.equal([
      ["Chainlink", "used", "clear"],
      ["RedStone", "used", "clear"],
      ["own signers", "used", "clear"],
    ]);
    const sources = (status["sources"] as Json[]).map((source) => [
      source["kind"],
      source["stage"],
    ]);
    expect(sources).to.deep.equal([
      ["Chainlink push", "voting"],
      ["RedStone", "voting"],
      ["own signers", "voting"],
      ["own signers", "shadow"],
    ]);

    await world.provider.send("evm_increaseTime", [301]);
    await world.provider.send("evm_mine", []);
    const { stdout } = await world.task("oracle:status", ...feed, "--hub", hub);
    expect(stdout).to.contain("FewVotes: Fewer votes are live than the quorum. Bring readings");
    expect(stdout).to.contain("NotFresh: No live vote has a reading of the last 60 s.");
    expect(stdout).to.contain("out: its reading is older than 300 s");
    await refused([["book:open", { market: MARKET, expiry: day }, "SpotDegraded: "]]);
    await refused([
      ["book:open", { market: MARKET, expiry: day }, "oracle:update brings readings."],
    ]);
  });

  it("brings readings: what local keys sign, what is read, what a payload holds", async () => {
    const dry = await world.json("oracle:update", ...feed, "--local-signers", "2501", "--dry-run");
    expect(dry["brings"]).to.have.lengthOf(4);
    const local = await world.json("oracle:update", ...feed, "--local-signers", "2501");
    const outcomes = (local["readings"] as Json[]).map((one) => [one["source"], one["outcome"]]);
    expect(outcomes).to.deep.equal([
      [0, "stored"],
      [1, "stored"],
      [2, "stored"],
      [3, "sampled"],
    ]);
    const poked = await world.json("oracle:update", ...feed, "--source", "0");
    expect(at(poked, "readings", 0, "price", "price")).to.equal("2500");

    const json = await packages("now.json", await now(), 4);
    const read = await world.json("oracle:update", ...feed, "--source", "1", "--payload", json);
    expect(at(read, "readings", 0, "price", "price")).to.equal("2500");
    const hex = ownPayload({ chainId: CHAIN, addresses: { own } }, await now(), [
      PRICE,
      PRICE,
      PRICE,
    ]);
    await writeFile(file("own.hex"), `${hex}\n`);
    const brought = await world.json(
      "oracle:update",
      ...[...feed, "--source", "2", "--payload", file("own.hex")],
    );
    expect(at(brought, "readings", 0, "outcome")).to.equal("stored");
  });

  it("refuses readings of nothing, of other feeds and of other times", async () => {
    const time = await now();
    const one = { feed: "ETH-USD", source: "1" };
    const old = pulledRedstone(time - 400n, PRICE);
    const stored = pulledRedstone(time - 100n, PRICE);
    const ahead = pulledRedstone(time + 1_000n, PRICE);
    await refused([
      ["oracle:update", { feed: "ETH-EUR" }, '"ETH-EUR" is no feed of the hub 0x'],
      ["oracle:update", { feed: "ETH-EUR" }, "it has ETH-USD."],
      ["oracle:status", {}, "--feed is missing: name a feed of the hub"],
      [
        "oracle:status",
        { feed: "ETH-USD", hub: `0x${"11".repeat(20)}` },
        "there is no contract at",
      ],
      ["oracle:status", { feed: "ETH-USD", hub: world.ledger }, "is no hub: it does not answer"],
      [
        "oracle:update",
        { ...one, source: "9" },
        "ETH-USD has no source 9: it has 0 (Chainlink push)",
      ],
      ["oracle:update", { ...one, source: "x" }, '--source: "x" is no whole number'],
      ["oracle:update", one, "needs packages of 4 of 5 signers of ETH"],
      ["oracle:update", { ...one, payload: old }, "ReadingTooOld: "],
      ["oracle:update", { ...one, payload: stored }, "NotNewer: "],
      ["oracle:update", { ...one, payload: ahead }, "ReadingFromFuture: "],
      ["oracle:update", { ...one, payload: "0x1234" }, "PackagesMalformed: "],
      ["oracle:update", { ...one, payload: "none.json" }, "none.json cannot be read"],
      ["oracle:update", { ...one, payload: stored, localSigners: "1" }, "are two ways to say it"],
      ["oracle:update", { ...one, localSigners: "0" }, "--local-signers: 0 is no price"],
      [
        "oracle:update",
        { ...one, payload: await packages("btc.json", time, 5, "BTC") },
        "signers of ETH; the packages given are some of BTC",
      ],
      [
        "oracle:update",
        { ...one, payload: await packages("few.json", time, 3) },
        "the packages given are 3 for 20",
      ],
      [
        "oracle:update",
        { ...one, source: "2", payload: await observations("foreign.json", time, 4, hub) },
        "some of 4 whose signature is not for this source and chain",
      ],
    ]);
  });

  it("says what a source in shadow lacks, and promotes it once it is proven", async () => {
    const shadow = await world.json("oracle:shadow", ...feed, "--source", String(SHADOW));
    expect(shadow).to.deep.include({ stage: "shadow", samples: 2, within: 2, withinPercent: 100 });
    expect(at(shadow, "left", "samples")).to.equal(498);
    expect(shadow["promotable"]).to.equal(false);
    await refused([
      [
        "oracle:shadow",
        { feed: "ETH-USD", source: String(SHADOW), promote: true },
        "ShadowUnproven: ",
      ],
      ["oracle:shadow", { feed: "ETH-USD", source: "0", promote: true }, "NotInShadow: "],
      ["oracle:shadow", { feed: "ETH-USD" }, "--source is missing: ETH-USD has 0 (Chainlink push)"],
    ]);
    await proven(world, hub, await now());
    const { stdout } = await world.task("oracle:shadow", ...feed, "--source", String(SHADOW));
    expect(stdout).to.contain("yes, by --promote");
    const promoted = await world.json(
      "oracle:shadow",
      ...feed,
      "--source",
      String(SHADOW),
      "--promote",
    );
    expect(promoted["stage"]).to.equal("voting");
    expect(promoted["source"]).to.equal(SHADOW);
  });

  it("refuses to prove what cannot be proven", async () => {
    await world.json("oracle:update", ...feed, "--local-signers", "2500");
    await world.json("book:open", "--market", MARKET, "--expiry", day);
    await world.json("book:open", "--market", "1", "--expiry", day);
    await refused([
      ["oracle:prove", { book }, "--book: it is too early to prove anything of 0x"],
      ["oracle:prove", { book: `1@${day}` }, "settles on a single feed, not on several sources"],
      ["oracle:prove", {}, "--book is missing: book:list shows"],
    ]);
    await world.publish(world.expiry - 100n, PRICE);
    await world.publish(world.expiry + 10n, PRICE);
    const time = world.expiry;
    await writeFile(file("none.json"), "{}");
    await writeFile(file("torn.json"), "{");
    await refused([
      ["oracle:prove", { book, packages: file("none.json") }, "holds no RedStone package"],
      ["oracle:prove", { book, packages: file("torn.json") }, "torn.json cannot be understood"],
      [
        "oracle:prove",
        { book, reports: file("none.json") },
        "the fixing has no Data Streams source",
      ],
      [
        "oracle:prove",
        { book, packages: await packages("other.json", time - 60n, 5) },
        "brings nothing of use: source 1 (RedStone) needs packages of 4 of 5 signers",
      ],
      [
        "oracle:prove",
        { book, observations: await observations("two.json", time, 2) },
        "needs observations of 3 of 4 own signers",
      ],
    ]);
  });

  it("proves what is missing, and fixes the book when every class is in", async () => {
    const dry = await world.json("oracle:prove", "--book", book, "--dry-run");
    expect(dry["proofs"]).to.have.lengthOf(1);
    expect(at(dry, "ending", "step")).to.equal("F3");
    expect(at(dry, "ending", "from", "unix")).to.equal(Number(world.expiry) + 93_600);
    expect(dry["settlementPrice"]).to.equal(null);
    expect((dry["values"] as Json[]).map((value) => value["price"])).to.deep.equal([
      null,
      null,
      null,
    ]);

    const some = await packages("some.json", world.expiry, 4);
    const first = await world.json("oracle:prove", "--book", book, "--packages", some);
    expect(at(first, "values", 1, "form")).to.deep.include({
      maximal: false,
      text: "4 of 5 signers",
    });
    expect(at(first, "ending", "step")).to.equal("F2");
    expect(at(first, "closings", 1)).to.deep.include({
      name: "C2",
      unix: Number(world.expiry) + 28_800,
    });
    const [early, again] = await Promise.all([
      world.refusal("book:fix", "--book", book),
      world.json("oracle:prove", "--book", book, "--packages", some, "--dry-run").catch(String),
    ]);
    expect(early).to.contain("TooEarlyToFix: ");
    expect(early).to.contain("oracle:prove brings their values");
    expect(at(again, "proofs")).to.deep.equal([]);

    const all = [
      ...["--packages", await packages("all.json", world.expiry, 5)],
      ...["--observations", await observations("all-own.json", world.expiry, 4)],
    ];
    const fixed = await world.json("oracle:prove", "--book", book, ...all);
    expect(fixed["missing"]).to.deep.equal([]);
    expect(at(fixed, "ending", "step")).to.equal("F0");
    expect(at(fixed, "settlementPrice", "price")).to.equal("2500");
    const calendar = await world.json("book:list", "--market", MARKET, "--upcoming", "0");
    expect(at(calendar, "markets", 0, "books", 0)).to.deep.include({ phase: "fixed" });
    const { stdout } = await world.task("oracle:prove", "--book", book);
    expect(stdout).to.contain("It is fixed at 2500.");
  });

  it("lets local keys sign what is missing", async () => {
    const next = new Date(Number(world.expiry + 604_800n) * 1_000).toISOString().slice(0, 10);
    await world.json("oracle:update", ...feed, "--local-signers", "2500");
    await world.json("book:open", "--market", MARKET, "--expiry", next);
    await world.publish(world.expiry + 604_700n, PRICE + 10n ** 8n);
    await world.publish(world.expiry + 604_810n, PRICE);
    const { stdout } = await world.task(
      "oracle:prove",
      ...["--book", `${MARKET}@${next}`, "--local-signers"],
    );
    expect(stdout).to.contain("Brought 3 values.");
    expect(stdout).to.contain("Fixed at 2501. Final by F0");
  });
});

/** Another source of own signers, with the local keys, in shadow. */
async function addShadow({ deployer, hub }: LocalMarkets): Promise<void> {
  const { base, quote, priceExp, pullAge, ahead, name } = FEED;
  const source = await new SignedFeed__factory(deployer).deploy(
    base,
    quote,
    priceExp,
    pullAge,
    ahead,
    LOCAL_SIGNERS.own,
  );
  await source.waitForDeployment();
  await (await hub.addSource(name, await source.getAddress())).wait();
}

/** Writes a shadow of 8 days and 600 samples, of which 597 are within 1 %. */
async function proven({ provider }: TasksWorld, hub: string, now: bigint): Promise<void> {
  const place = AbiCoder.defaultAbiCoder().encode(["bytes32", "uint256"], [FEED.name, FEEDS_SLOT]);
  const slot = BigInt(keccak256(place)) + SHADOWS_SLOT + BigInt(SHADOW);
  const record =
    PRICE |
    (now << 64n) |
    ((now - 8n * DAY) << 104n) |
    (now << 144n) |
    (600n << 184n) |
    (597n << 216n);
  await provider.send("hardhat_setStorageAt", [hub, toBeHex(slot, 32), toBeHex(record, 32)]);
}
