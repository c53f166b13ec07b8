import { expect } from "chai";
import { network } from "hardhat";
import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

import { findHints } from "../../../scripts/lib/roundHints.ts";
import { reference } from "./reference.ts";
import type { WrittenRound } from "./reference.ts";
import type { ScriptedAggregator } from "../../../types/ethers-contracts/index.ts";
import { Bench, DAY, STALE_DELAY, Step, feedOf, profileOf } from "./support.ts";

/** Recorded mainnet rounds; they are no part of the repository and the tests pass without them. */
const DATA = new URL("../../../../shared/data/oracle/", import.meta.url);
const STABLECOINS = new URL("chainlink_mainnet_stablecoin_rounds_2021-02_2022-11.csv.gz", DATA);
const ETHER = new URL("chainlink_mainnet_eth_usd_rounds_2023-04_2024-01.csv.gz", DATA);

const PROFILE = profileOf();
/** Fridays, 08:00 UTC. */
const GRID_ANCHOR = 115_200n;
const WEEK = 7n * DAY;

const bigintOf = (value: string | undefined): bigint => BigInt(value ?? "0");

/** Phases of a feed as they were on chain: phases[0] is phase 1. */
function readPhases(file: URL, feed?: string): WrittenRound[][] {
  const [header = "", ...lines] = gunzipSync(readFileSync(file)).toString().trim().split("\n");
  const columns = header.split(",");
  const phases: WrittenRound[][] = [];
  for (const line of lines) {
    const cells = line.split(",");
    const cell = (name: string) => cells[columns.indexOf(name)];
    if (feed !== undefined && cell("feed") !== feed) continue;
    const phase = Number(cell("phaseId")) - 1;
    (phases[phase] ??= [])[Number(cell("aggregatorRoundId")) - 1] = {
      answer: bigintOf(cell("answer")),
      updatedAt: bigintOf(cell("updatedAt")),
      answeredInRound: BigInt.asUintN(64, bigintOf(cell("answeredInRound"))),
    };
  }
  return phases;
}

type Recorded = Awaited<ReturnType<typeof startAt>>;

/** A chain that starts at this time, with an oracle and one aggregator a phase; phase 1 is in force. */
async function startAt(time: bigint, count: number) {
  const initialDate = new Date(Number(time) * 1_000);
  const connection = await network.create({ override: { initialDate } });
  const bench = new Bench(connection);
  const { ethers } = connection;
  const oracle = await ethers.deployContract("ChainlinkSettlement");
  const aggregators: ScriptedAggregator[] = [];
  for (let i = 0; i < count; i++) aggregators.push(await bench.scriptedAggregator(false));
  const proxy = await ethers.deployContract(
    "DataFeedsLegacyAggregatorProxy",
    aggregators.slice(0, 1),
  );
  const feed = feedOf(await proxy.getAddress());
  return { connection, bench, oracle, aggregators, proxy, feed };
}

/** Writes all rounds of a phase, some hundreds a transaction. */
async function publish(aggregator: ScriptedAggregator | undefined, rounds: WrittenRound[]) {
  for (let from = 0; from < rounds.length; from += 200) {
    const part = rounds.slice(from, from + 200);
    await aggregator?.script(BigInt(from + 1), part, { gasLimit: 16_000_000n });
  }
}

/** Opens every fixing 90 days ahead, or at `start`, in phase 1, on a round that the recording replaces afterwards. */
async function openAll(chain: Recorded, start: bigint, expiries: bigint[]) {
  const { connection, bench, oracle, aggregators, feed } = chain;
  for (const expiry of [...expiries].sort((a, b) => Number(a - b))) {
    const ahead = expiry - 90n * DAY;
    const now = (await bench.now()) + 1n;
    const time = [ahead, start, now].reduce((a, b) => (a > b ? a : b));
    await bench.at(time);
    await aggregators[0]?.publish(1n, 10n ** 8n, time);
    await connection.networkHelpers.mine();
    await oracle.open(feed, PROFILE, expiry);
  }
}

/** Fixes all at the end of the recording and compares each with the reference; returns the states and rounds. */
async function fixAll(chain: Recorded, phases: WrittenRound[][], expiries: bigint[]) {
  const { connection, bench, oracle, feed } = chain;
  await bench.at((phases.at(-1)?.at(-1)?.updatedAt ?? 0n) + 2n * STALE_DELAY);
  await connection.networkHelpers.mine();
  const settled: { step: bigint; id: bigint }[] = [];
  for (const expiry of expiries) {
    const expected = reference(phases, 1, expiry);
    const found = await findHints(connection.ethers.provider, feed, expiry, 1n);
    expect(found?.round.id).to.equal(expected?.id);
    await oracle.fix(feed, PROFILE, expiry, found?.proof ?? "0x");
    const state = await oracle.fixingState(await oracle.fixingId(feed, PROFILE, expiry));
    expect(state.settlementPrice).to.equal(expected?.answer);
    settled.push({ step: state.step, id: expected?.id ?? 0n });
  }
  await connection.close();
  return settled;
}

/** The tests on recordings, named by the suites around them. */
function onRecordedRounds() {
  for (const name of ["USDC/USD", "USDT/USD"]) {
    it(`settles ${name} at the reference, across a phase change that goes back in time`, async function () {
      this.timeout(120_000);
      const phases = readPhases(STABLECOINS, name);
      const [old = [], recent = []] = phases;
      const change = recent[0]?.updatedAt ?? 0n;
      expect(change < (old.at(-1)?.updatedAt ?? 0n)).to.equal(true);

      // Expiries one second before, at and after rounds of either phase, and around the change itself.
      const times = [...old.slice(5), ...recent].filter((_, i) => i % 37 === 0);
      const expiries = times.map(({ updatedAt }, i) => updatedAt + BigInt(i % 3) - 1n);
      expiries.push(change - 1n, change);
      const chain = await startAt((old[0]?.updatedAt ?? 0n) - DAY, 2);
      await openAll(chain, old[2]?.updatedAt ?? 0n, expiries);
      await publish(chain.aggregators[0], old);
      await publish(chain.aggregators[1], recent);
      await chain.bench.nextPhase(chain, (await chain.aggregators[1]?.getAddress()) ?? "");

      // A feed of a 24 h heartbeat: fresh and stale rounds both occur, and both phases settle some expiry.
      const settled = await fixAll(chain, phases, expiries);
      expect(new Set(settled.map(({ step }) => step))).to.have.keys([Step.Round, Step.StaleRound]);
      expect(new Set(settled.map(({ id }) => id >> 64n))).to.have.keys([1n, 2n]);
    });
  }

  it("settles every Friday of ETH/USD on a fresh round", async function () {
    this.timeout(240_000);
    const rounds = readPhases(ETHER)[5] ?? [];
    const opened = rounds[0]?.updatedAt ?? 0n;
    const end = rounds.at(-1)?.updatedAt ?? 0n;
    const expiries: bigint[] = [];
    const friday = GRID_ANCHOR + WEEK * ((opened - GRID_ANCHOR) / WEEK + 1n);
    for (let time = friday; time < end; time += WEEK) expiries.push(time);
    expect([rounds.length, expiries.length]).to.deep.equal([11_106, 43]);

    const chain = await startAt(opened - DAY, 1);
    await openAll(chain, opened, expiries);
    await publish(chain.aggregators[0], rounds);
    const settled = await fixAll(chain, [rounds], expiries);
    expect(new Set(settled.map(({ step }) => step))).to.have.keys([Step.Round]);
  });
}

// Without the recordings there is nothing to run: a test that is only skipped would look like one that passed.
if (existsSync(STABLECOINS) && existsSync(ETHER)) {
  describe("ChainlinkSettlement", () => {
    describe("fix on recorded rounds", onRecordedRounds);
  });
}
