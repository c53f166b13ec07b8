import { EventEmitter, once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";
import { toBeHex } from "ethers";

import { fill } from "../fixtures/fills.ts";
import { HOUR, Level, usd, usdc } from "../fixtures/units.ts";
import { chainlinkTermsOf, fix, listMarket, now, passTo } from "../fixtures/world.ts";
import { PUT, wrap } from "../fixtures/wraps.ts";
import { startProxy } from "../helpers/rpcProxy.ts";
import { runWatch, startWatch } from "../helpers/watchProcess.ts";
import type { AlarmLine, WatchProcess } from "../helpers/watchProcess.ts";
import { ledgerSlot, slotIn, startWatchWorld } from "../helpers/watchWorld.ts";
import type { WatchWorld } from "../helpers/watchWorld.ts";

describe("npx hardhat watch", function () {
  this.timeout(120_000);

  let world: WatchWorld;
  let folder: string;
  let running: WatchProcess | undefined;
  let nonce = 100n;

  before(async () => {
    world = await startWatchWorld();
    folder = await mkdtemp(join(tmpdir(), "certus-watch-"));
  });

  afterEach(async () => {
    await running?.end("SIGTERM");
    running = undefined;
  });

  after(async () => {
    await world?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const where = (url = world.url) => ["--rpc", url, "--lens", world.lens];

  /** Starts a watch and waits until it follows the newest blocks. */
  async function watch(...args: readonly string[]): Promise<WatchProcess> {
    running = await startWatch(...where(), ...args);
    await running.says("alarms from block");
    return running;
  }

  /** What alarms say: how bad, which and what. */
  const told = ({ alarm, severity, text }: AlarmLine) => `${severity} ${alarm}: ${text}`;

  /** A deposit of the maker, which is a block of its own. */
  const deposit = (amount = usdc(1)) =>
    world.ledger
      .connect(world.maker.signer)
      .deposit(world.maker.account, world.quoteAddress, amount);

  /** The usual fill, by an order of its own. */
  const trade = (units: bigint) => fill(world, { order: { nonce: ++nonce }, units });

  /** Does something on a chain that is then put back. */
  async function aside(work: () => Promise<void>): Promise<void> {
    const snapshot = await world.connection.networkHelpers.takeSnapshot();
    await work().finally(() => snapshot.restore());
  }

  it("says nothing about a ledger that is well, whatever happens on it", async () => {
    const until = (await world.head()) + 9;
    const { end } = await watch("--full-every", "4", "--until-block", String(until));
    const { ledger, maker, taker, linearBook, quoteAddress } = world;
    const own = ledger.connect(maker.signer);
    await deposit();
    await own.allocate(maker.account, linearBook, usdc(700));
    await trade(3n);
    await trade(7n);
    await wrap(world, { legs: PUT, amount: 2n });
    await own.withdraw(maker.account, quoteAddress, usdc(11), maker.address);
    await own.cancel(maker.account, [77n]);
    await ledger.connect(taker.signer).allocate(taker.account, linearBook, usdc(1));
    await world.mine(1);
    const { code, alarms, stderr } = await end();
    expect(alarms).to.deep.equal([]);
    expect(code).to.equal(0);
    expect(stderr).to.match(
      new RegExp(`watched up to block ${until}: \\d+ events, \\d+ words compared; 0 critical`),
    );
  });

  it("tells of what governance and guards do, and follows a chain that is reorganised", async () => {
    const { ledger, manager, guard, admin, stranger, linear, connection } = world;
    const { next, says, end } = await watch("--reorg-depth", "5");
    const expectNext = async (text: string) => expect(told(await next())).to.contain(text);
    const until = (await now(world)) + HOUR;

    await ledger.connect(guard).setGuard(linear, Level.Halted, until, usdc(50_000_000));
    await expectNext("warning breaker: market 1 (0x");
    await ledger.connect(guard).setGuard(linear, Level.Normal, 0n, usdc(50_000_000));
    await expectNext("was released by its guard");

    // Its oracle is the first one with a single feed, whose fixings are followed from then on.
    const { terms } = await chainlinkTermsOf(world);
    const spare = await listMarket(world, terms);
    await ledger.openBook(spare, world.expiry);
    await says("reading again: the fixings of another oracle are compared from now on");
    const retire = ledger.interface.encodeFunctionData("retire", [spare]);
    const retiring = `retire(market: ${toBeHex(spare, 32)})`;
    await manager.setTargetFunctionRole(ledger, [retire.slice(0, 10)], 7n);
    await expectNext(`warning pending: retire of ${world.address} wants role 7 from now on`);
    await manager.grantRole(7n, stranger.address, HOUR);
    await expectNext(`warning pending: ${stranger.address} gets role 7: delay 3600 s`);
    await manager.connect(stranger).schedule(ledger, retire, 0n);
    await expectNext(`warning pending: ${stranger.address} schedules ${retiring}`);
    await manager.connect(stranger).cancel(stranger.address, ledger, retire);
    await expectNext(`info pending: ${retiring} of ${world.address} was cancelled`);
    await manager.grantRole(7n, admin.address, 0n);
    await expectNext(`${admin.address} gets role 7`);
    await ledger.connect(admin).retire(spare);
    await expectNext("warning retired: market 4 (0x");
    await ledger.connect(admin).setTreasury(world.treasury);
    await expectNext(`warning pending: the ledger's treasury is ${world.treasury} now`);

    // A remark behind what is given up says that the watch has seen it.
    const ceiling = (amount: number) =>
      ledger.connect(guard).setGuard(linear, Level.Normal, 0n, usdc(amount));
    for (const [depth, severity] of [
      [4, "warning"],
      [6, "critical"],
    ] as const) {
      const snapshot = await connection.networkHelpers.takeSnapshot();
      for (let block = 1; block < depth; block++) await deposit();
      await ceiling(1_000 + depth);
      await expectNext(`is ${1_000 + depth} USDC now`);
      await snapshot.restore();
      for (let block = 0; block < depth; block++) await deposit(usdc(2));
      await ceiling(2_000 + depth);
      await expectNext(`${severity} reorg: the chain gave up ${depth} blocks after`);
      await expectNext(`is ${2_000 + depth} USDC now`);
    }
    const { code, stderr } = await end("SIGINT");
    // A reorganisation that deep is critical; nothing differed.
    expect(code).to.equal(2);
    expect(stderr).to.contain("1 critical alarms");
  });

  it("tells of much that leaves, and of a chain that stands still", async () => {
    const { ledger, maker, quoteAddress } = world;
    const { next, end } = await watch("--lag", "1s", "--strict");
    const own = ledger.connect(maker.signer);
    await own.withdraw(maker.account, quoteAddress, usdc(900_000), maker.address);
    const alarm = await next();
    expect(told(alarm)).to.match(/^warning outflow: 9000\d\d\.?\d* USDC left within 3600 s, 30/);
    expect(alarm.details["out"]).to.deep.include({ symbol: "USDC" });
    expect(told(await next())).to.contain("warning lag: no new block for 1 s");
    await deposit(usdc(900_000));
    expect(told(await next())).to.contain("info outflow: over: ");
    expect(told(await next())).to.contain("info lag: over: ");
    expect((await end("SIGTERM")).code).to.equal(1);
  });

  it("goes on from the block that a file names", async () => {
    const { ledger, guard, linear } = world;
    const state = ["--state", join(folder, "state.json")];
    const until = async () => ["--until-block", String(await world.head())];
    const first = await runWatch(...where(), ...state, ...(await until()));
    expect([first.code, first.alarms]).to.deep.equal([0, []]);
    await ledger.connect(guard).setGuard(linear, Level.Normal, 0n, usdc(3_000));
    const block = await world.head();
    await world.mine(3);
    const second = await runWatch(...where(), ...state, ...(await until()));
    expect(second.alarms.map((one) => [one.block, one.alarm])).to.deep.equal([[block, "breaker"]]);
    expect(second.stderr).to.contain(`alarms from block ${block} on`);
  });

  it("bears a node that is busy for a while, and gives up one that is gone", async () => {
    let busy = false;
    const heard = new EventEmitter();
    const proxy = await startProxy(world.url, {
      status: (calls) => {
        if (!busy) for (const { method } of calls) heard.emit(method);
        return busy ? 503 : undefined;
      },
    });
    running = await startWatch(...where(proxy.url), "--patience", "3s");
    const { says, end } = running;
    await says("alarms from block");
    await once(heard, "eth_blockNumber");
    busy = true;
    await says("HTTP 503, and no JSON: trying again in 0.5 s");
    busy = false;
    await deposit();
    await once(heard, "eth_getStorageAt");
    await proxy.close();
    const { code, alarms, stderr } = await end();
    expect(alarms).to.deep.equal([]);
    expect(stderr).to.match(
      /The node is of no use: http:\S+: ECONN\w+; nothing useful came for \d s\.\n$/,
    );
    expect(code).to.equal(3);
    expect((await runWatch(...where(proxy.url))).code).to.equal(3);
  });

  it("ends where the events make no history", async () => {
    const { topicHash } = world.ledger.interface.getEvent("Deposited");
    let meddling = false;
    const proxy = await startProxy(world.url, {
      change: ({ method }, result) => {
        if (!meddling || method !== "eth_getLogs") return result;
        const logs = result as readonly { readonly topics: readonly string[] }[];
        return logs.flatMap((log) => (log.topics[0] === topicHash ? [log, log] : [log]));
      },
    });
    running = await startWatch(...where(proxy.url), "--keep-going");
    await running.says("alarms from block");
    meddling = true;
    await deposit();
    const { code, alarms } = await running.end();
    await proxy.close();
    expect(alarms.map(told)).to.have.lengthOf(1);
    expect(alarms[0]?.text).to.match(
      /^the events make no history: Deposited \(block \d+, .*\) comes/,
    );
    expect(code).to.equal(2);
  });

  it("names a word that is not what the events say, once an event touches it", async () => {
    await aside(async () => {
      const { maker, quoteAddress, address, ledger } = world;
      const { end } = await watch();
      const slot = slotIn(ledgerSlot("_cash"), maker.account, BigInt(quoteAddress));
      const cash = await ledger.cashOf(maker.account, quoteAddress);
      await world.tamper(address, slot, cash + 5n);
      await deposit();
      const { code, alarms } = await end();
      const [first] = alarms;
      expect(alarms).to.have.lengthOf(1);
      expect(told(first as AlarmLine)).to.contain(
        `critical difference: free cash of account 0x${maker.account.toString(16)}`,
      );
      expect(first?.details["fields"]).to.deep.equal([]);
      expect(code).to.equal(2);
    });
  });

  it("names one that nothing touches, and what the ledger lacks, and goes on if told to", async () => {
    await aside(async () => {
      const { address, quoteAddress, treasury } = world;
      const { next, end } = await watch("--full-every", "2", "--keep-going");
      await world.tamper(address, ledgerSlot("_treasury"), BigInt(treasury) + 1n);
      await world.mine(4);
      expect(told(await next())).to.contain("critical difference: treasury expected 0x");
      const balance = await world.quote.balanceOf(address);
      await world.tamper(quoteAddress, slotIn(0n, BigInt(address)), balance - usdc(200_000));
      await world.mine(4);
      const shortfall = await next();
      expect(told(shortfall)).to.contain("critical shortfall: the ledger owes ");
      expect(shortfall.details["missing"]).to.deep.include({ symbol: "USDC" });
      const { code, alarms } = await end("SIGINT");
      expect(alarms.map(({ alarm }) => alarm)).to.deep.equal(["difference", "shortfall"]);
      expect(code).to.equal(2);
    });
  });

  it("tells of readings that grow old, of much trade, of books without a price and of who won", async () => {
    const { ledger, maker, taker, linearBook, expiry } = world;
    const { next, end } = await watch("--volume", "5", "--payout", "50%", "--outflow", "off");
    const alarms = async (count: number) => {
      const found: string[] = [];
      while (found.length < count) {
        const { severity, alarm, details } = await next();
        const what = ["verdict", "fault", "measure", "step"].find((name) => name in details);
        found.push(`${severity} ${alarm} ${String(details[what ?? ""])}`);
      }
      return found;
    };
    for (let fills = 0; fills < 10; fills++) await trade(1n);
    await world.pass(2n * HOUR);
    const old = ["stale stale", "stale stale", "stale stale"];
    const degraded = ["stale NoPrice", "stale FewVotes", "stale NotFresh"];
    const all = [...old, ...degraded];
    expect(await alarms(6)).to.have.members(all.map((one) => `warning ${one}`));
    await world.read();
    expect(await alarms(6)).to.have.members(all.map((one) => `info ${one}`));
    // Ten units in the day before are an hour's 0.4.
    await trade(10n);
    expect(await alarms(3)).to.deep.equal([
      "warning volume premium",
      "warning volume fees",
      "warning volume openInterest",
    ]);

    await passTo(world, expiry + 2n * HOUR + 1n);
    const late = [1, 2, 3].map(() => "warning fixing a round of the feed");
    expect(await alarms(7)).to.have.members([
      ...["premium", "fees", "openInterest"].map((one) => `info volume ${one}`),
      ...[...late, "warning fixing C1"],
    ]);
    await fix(world, usd(1), linearBook);
    expect(await alarms(1)).to.deep.equal(["info fixing a round of the feed"]);
    await ledger.settle(linearBook, [maker.account, taker.account]);
    const won = await next();
    expect(told(won)).to.contain(`warning payout: ${taker.address} won `);
    expect(won.details["sharePercent"]).to.be.greaterThan(50);
    const { code, alarms: whole } = await end("SIGINT");
    expect(whole).to.have.lengthOf(24);
    expect(code).to.equal(0);

    const until = String(await world.head());
    const past = await runWatch(...where(), "--since", "0", "--until-block", until);
    const kinds = new Set(past.alarms.map(({ alarm }) => alarm));
    // What storage was compared with is the newest block; what events tell is of all.
    expect([...kinds].sort()).to.deep.equal([
      "breaker",
      "fixing",
      "outflow",
      "payout",
      "pending",
      "retired",
      "volume",
    ]);
    expect(past.code).to.equal(0);
  });
});
