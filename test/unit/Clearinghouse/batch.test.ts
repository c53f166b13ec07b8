import { expect } from "chai";
import { Interface, ZeroAddress, ZeroHash } from "ethers";

import { IClearinghouse__factory } from "../../../types/ethers-contracts/index.ts";
import { batch, fillData, manyData, refusedBatch, resultsOf } from "../../fixtures/batches.ts";
import { connect } from "../../fixtures/connection.ts";
import { fill, fillArgs, fillCall } from "../../fixtures/fills.ts";
import { accountOf, put } from "../../fixtures/ids.ts";
import { bookView, cashOf, positionOf } from "../../fixtures/state.ts";
import { aside, ledgerState, offer, toldBy } from "../../fixtures/takes.ts";
import { DAY, MAX_256, Nonce, Scope, usd, usdc } from "../../fixtures/units.ts";
import { Mode, deployWallet, ofWallet } from "../../fixtures/wallet.ts";
import { FEE, PURSE, deployOpen, fix, now } from "../../fixtures/world.ts";
import type { World } from "../../fixtures/world.ts";

const connection = await connect();
const { ethers, networkHelpers } = connection;

const abi = IClearinghouse__factory.createInterface();
/** The same without types, for names that are not known before. */
const untyped = new Interface(IClearinghouse__factory.abi);

async function opened() {
  return deployOpen(connection);
}

/** The only functions a batch may call: each with arguments that lead to an error of its own, for a stranger. */
const LISTED: Readonly<
  Record<string, { args: readonly unknown[]; error: string; told: readonly unknown[] }>
> = {
  deposit: { args: [1n, ZeroAddress, 0n], error: "ZeroAmount", told: [] },
  depositToBook: { args: [1n, 7n, 1n], error: "OwnerZero", told: [1n] },
  withdraw: { args: [1n, ZeroAddress, 1n, ZeroAddress], error: "NotOwner", told: [1n, "caller"] },
  allocate: { args: [1n, 7n, 1n], error: "NotPermitted", told: [1n, "caller", 2n] },
  free: { args: [1n, 7n, 1n], error: "NotPermitted", told: [1n, "caller", 2n] },
  fill: {
    args: [1n, [1n, 1n, 0n, 1n, 1n, 0n, 0n, ZeroAddress, []], ZeroAddress, "0x", 1n, []],
    error: "NotPermitted",
    told: [1n, "caller", 1n],
  },
  fillMany: { args: [1n, [], 1n, 1n, []], error: "NotPermitted", told: [1n, "caller", 1n] },
  transferLegs: { args: [1n, 2n, 7n, [], 0n], error: "NotPermitted", told: [1n, "caller", 2n] },
  wrap: { args: [1n, 7n, [], 1n], error: "NotPermitted", told: [1n, "caller", 2n] },
  unwrap: { args: [1n, 7n, [], 1n], error: "NotPermitted", told: [1n, "caller", 2n] },
  redeem: { args: [7n, [], 1n, ZeroAddress], error: "ReceiverInvalid", told: [ZeroAddress] },
  cancel: { args: [1n, []], error: "NotPermitted", told: [1n, "caller", 1n] },
  settle: { args: [7n, []], error: "BookNotOpen", told: [7n] },
  claim: { args: [1n, [], false], error: "NotPermitted", told: [1n, "caller", 2n] },
  fixPrice: { args: [7n, "0x"], error: "BookNotOpen", told: [7n] },
  selfPermit: {
    args: [ZeroAddress, 1n, 1n, 27n, ZeroHash, ZeroHash],
    error: "NoCode",
    told: [ZeroAddress],
  },
};

/** Every function of the ledger. */
function functions(): readonly { name: string; selector: string }[] {
  const found: { name: string; selector: string }[] = [];
  untyped.forEachFunction(({ name, selector }) => found.push({ name, selector }));
  return found;
}

function deposit({ taker, quoteAddress }: World, amount: bigint): string {
  return abi.encodeFunctionData("deposit", [taker.account, quoteAddress, amount]);
}

function withdraw({ taker, quoteAddress }: World, amount: bigint): string {
  return abi.encodeFunctionData("withdraw", [taker.account, quoteAddress, amount, taker.address]);
}

function allocate({ taker, linearBook }: World, amount: bigint): string {
  return abi.encodeFunctionData("allocate", [taker.account, linearBook, amount]);
}

const PAY = usdc(5) + 10n * FEE.linear;

describe("Clearinghouse", () => {
  describe("batch", () => {
    describe("when every call holds", () => {
      it("returns what each call returns, ABI-encoded", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, taker, stranger, quoteAddress } = world;
        const account = accountOf(stranger.address);
        await ledger.connect(stranger).deposit(account, quoteAddress, usdc(1_000));
        const by = { signer: stranger, address: stranger.address, account };
        const calls = [
          deposit(world, 1n),
          await fillData(world),
          await manyData(world, { offers: [await offer(world, { by })], maxUnits: 4n }),
          abi.encodeFunctionData("cancel", [taker.account, [1n]]),
        ];
        const results = await resultsOf(world, calls);
        expect(results).to.deep.equal([
          "0x",
          abi.encodeFunctionResult("fill", [[PAY]]),
          abi.encodeFunctionResult("fillMany", [4n, [usdc(2) + 4n * FEE.linear]]),
          "0x",
        ]);
      });

      it("does what the calls do one by one, events in their order", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, maker, taker, linearBook, quoteAddress } = world;
        const accounts = [maker.account, taker.account];
        const own = ledger.connect(taker.signer);
        const single = fillArgs(await fillCall(world));
        const [events, state] = await aside(world, async () => [
          [
            ...(await toldBy(world, own.deposit(taker.account, quoteAddress, 9n))),
            ...(await toldBy(world, own.allocate(taker.account, linearBook, usdc(6)))),
            ...(await toldBy(world, own.fill(...single))),
            ...(await toldBy(world, own.free(taker.account, linearBook, usdc(0.5)))),
            ...(await toldBy(world, own.withdraw(taker.account, quoteAddress, 7n, taker.address))),
          ],
          await ledgerState(world, accounts),
        ]);
        const calls = [
          deposit(world, 9n),
          allocate(world, usdc(6)),
          await fillData(world),
          abi.encodeFunctionData("free", [taker.account, linearBook, usdc(0.5)]),
          withdraw(world, 7n),
        ];
        expect(await toldBy(world, batch(world, calls))).to.deep.equal(events);
        expect(await ledgerState(world, accounts)).to.deep.equal(state);
      });

      it("deposits and fills in one step, for an account that had nothing", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { stranger, quote, quoteAddress, linearBook } = world;
        const account = accountOf(stranger.address);
        const calls = [
          abi.encodeFunctionData("deposit", [account, quoteAddress, PAY]),
          await fillData(world, { account, from: stranger }),
        ];
        await expect(batch(world, calls, stranger)).to.changeTokenBalances(
          ethers,
          quote,
          [stranger.address, world.address],
          [-PAY, PAY],
        );
        const [leg] = (await positionOf(world, account, linearBook)).legs;
        expect(leg?.quantity).to.equal(10n);
        expect((await cashOf(world, account)).quote).to.equal(0n);
      });

      it("fixes, settles and claims in one step", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { maker, taker, oracle, linearBook } = world;
        await fill(world);
        await fix(world, usd(1_900), world.inverseBook);
        await oracle.setPrice(usd(1_900));
        const calls = [
          abi.encodeFunctionData("fixPrice", [linearBook, "0x"]),
          abi.encodeFunctionData("settle", [linearBook, [maker.account, taker.account]]),
          abi.encodeFunctionData("claim", [taker.account, [linearBook], false]),
        ];
        const results = await resultsOf(world, calls);
        expect(results).to.deep.equal([
          abi.encodeFunctionResult("fixPrice", [usd(1_900)]),
          abi.encodeFunctionResult("settle", [2n]),
          abi.encodeFunctionResult("claim", [[usdc(10)]]),
        ]);
        await batch(world, calls);
        expect((await cashOf(world, taker.account)).quote).to.equal(PURSE.quote - PAY + usdc(10));
      });

      it("does nothing without calls", async () => {
        const world = await networkHelpers.loadFixture(opened);
        expect(await resultsOf(world, [])).to.deep.equal([]);
        expect(await toldBy(world, batch(world, []))).to.deep.equal([]);
      });

      it("asks wallets, oracles and tokens, and is a batch again when they have answered", async () => {
        const world = await deployWallet(await networkHelpers.loadFixture(opened));
        const { wallet, taker, linearBook } = world;
        await wallet.setMode(Mode.Accept);
        // After the deposit and the wallet, the second fill is deferred, as it is within a batch alone.
        const sale = { legs: [put(usd(2_000), 1n)], premium: -usd(50) };
        const limits = [{ maxPay: 0n, maxDraw: 0n }];
        const calls = [
          deposit(world, 1n),
          await fillData(world, ofWallet(world, { units: 1n })),
          await fillData(world, { part: sale, limits }),
          abi.encodeFunctionData("depositToBook", [taker.account, linearBook, usdc(200)]),
        ];
        await batch(world, calls);
        const [leg] = (await positionOf(world, taker.account, linearBook)).legs;
        expect(leg?.quantity).to.equal(-9n);
      });
    });

    describe("which functions it calls", () => {
      it("knows every function that the list names", () => {
        const names = functions().map(({ name }) => name);
        for (const name of Object.keys(LISTED)) expect(names).to.include(name);
        expect(Object.keys(LISTED)).to.have.length(16);
      });

      for (const { name, selector } of functions()) {
        const listed = LISTED[name];
        if (listed === undefined) {
          it(`reverts with NotBatchable for ${name}`, async () => {
            const world = await networkHelpers.loadFixture(opened);
            const call = `${selector}${"00".repeat(320)}`;
            await refusedBatch(world, [call], "NotBatchable", [selector]);
          });
          continue;
        }
        it(`calls ${name}, which fails by its own ${listed.error}`, async () => {
          const world = await networkHelpers.loadFixture(opened);
          const call = untyped.encodeFunctionData(name, listed.args);
          const caller = world.stranger;
          const told = listed.told.map((arg) => (arg === "caller" ? caller.address : arg));
          await refusedBatch(world, [call], listed.error, told, caller);
        });
      }

      it("reverts with NotBatchable for a batch in a batch, at any depth", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { selector } = abi.getFunction("batch");
        const inner = abi.encodeFunctionData("batch", [[]]);
        const deep = abi.encodeFunctionData("batch", [[inner]]);
        for (const call of [inner, deep]) {
          await refusedBatch(world, [call], "NotBatchable", [selector]);
        }
      });

      it("reverts with NotBatchable for what no function answers to", async () => {
        const world = await networkHelpers.loadFixture(opened);
        for (const selector of ["0xdeadbeef", "0xffffffff", "0x00000000"]) {
          await refusedBatch(world, [selector], "NotBatchable", [selector]);
        }
      });

      it("reverts with NotBatchable for calls below four bytes, the selector padded with zeros", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const short = abi.getFunction("fill").selector.slice(0, 8);
        for (const [call, selector] of [
          ["0x", "0x00000000"],
          ["0xa9", "0xa9000000"],
          [short, `${short}00`],
        ] as const) {
          await refusedBatch(world, [call], "NotBatchable", [selector]);
        }
      });

      it("looks at each call when its turn comes: an earlier one's error comes first", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { taker, quoteAddress } = world;
        const bad = abi.getFunction("raiseEpoch").selector;
        const fails = withdraw(world, MAX_256);
        const short = [taker.account, quoteAddress, MAX_256, PURSE.quote];
        await refusedBatch(world, [fails, bad], "CashShort", short);
        await refusedBatch(world, [bad, fails], "NotBatchable", [bad]);
      });
    });

    describe("when a call fails", () => {
      it("undoes all, calls before it and transfers too", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { quote, taker, quoteAddress } = world;
        const balance = await quote.balanceOf(taker.address);
        const fails = withdraw(world, MAX_256);
        const calls = [deposit(world, 5n), await fillData(world), fails];
        const cash = PURSE.quote + 5n - PAY;
        const args = [taker.account, quoteAddress, MAX_256, cash];
        await refusedBatch(world, calls, "CashShort", args);
        expect(await quote.balanceOf(taker.address)).to.equal(balance);
      });

      it("passes errors of the calls through, of the ledger and of a token, with all they say", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, maker, linearBook, stranger, quote, address } = world;
        await fill(world);
        const again = await fillData(world);
        const filled = [maker.account, 1n];
        await refusedBatch(world, [deposit(world, 1n), again], "OrderFilledUp", filled);
        const below = await fillData(world, { order: { nonce: 2n }, part: { maxDraw: 1n } });
        const draw = [maker.account, linearBook, usdc(195), 10n];
        await refusedBatch(world, [deposit(world, 1n), below], "DrawTooSmall", draw);
        await quote.connect(stranger).approve(address, 4n);
        await expect(ledger.connect(stranger).batch([deposit(world, 5n)]))
          .to.be.revertedWithCustomError(quote, "ERC20InsufficientAllowance")
          .withArgs(address, 4n, 5n);
      });

      it("reverts with FailedCall where a call gives no reason", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const bare = abi.getFunction("deposit").selector;
        await refusedBatch(world, [bare], "FailedCall", []);
      });
    });

    describe("whose calls they are", () => {
      it("runs them as the caller's own: others' accounts stay closed", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, maker, taker, address } = world;
        const calls = [withdraw(world, 1n)];
        const args = [taker.account, maker.address];
        await refusedBatch(world, calls, "NotOwner", args, maker.signer);
        // Not the ledger's either, which calls itself.
        const own = accountOf(address);
        await expect(
          ledger
            .connect(maker.signer)
            .batch([abi.encodeFunctionData("allocate", [own, world.linearBook, 1n])]),
        )
          .to.be.revertedWithCustomError(ledger, "NotPermitted")
          .withArgs(own, maker.address, Scope.Manage);
      });

      it("lets a trade operator trade in a batch, and do nothing that needs another scope", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, taker, stranger, linearBook } = world;
        const until = (await now(world)) + DAY;
        await ledger
          .connect(taker.signer)
          .setAccountOperator(taker.account, stranger.address, Scope.Trade, until);
        const trade = [
          await fillData(world),
          abi.encodeFunctionData("cancel", [taker.account, [5n]]),
        ];
        const manage = [taker.account, stranger.address, Scope.Manage];
        const calls = [...trade, allocate(world, 1n)];
        await refusedBatch(world, calls, "NotPermitted", manage, stranger);
        const own = [taker.account, stranger.address];
        await refusedBatch(world, [...trade, withdraw(world, 1n)], "NotOwner", own, stranger);
        await batch(world, trade, stranger);
        expect((await bookView(world, linearBook)).pool).to.equal(usdc(200));
        expect((await ledger.nonceOf(taker.account, 5n)).state).to.equal(Nonce.Cancelled);
      });
    });

    describe("when there are two in one transaction", () => {
      /** A contract that owns an account with 1,000 in free cash and approves the ledger. */
      async function sequenced() {
        const world = await networkHelpers.loadFixture(opened);
        const sequence = await ethers.deployContract("Sequence");
        const owner = await sequence.getAddress();
        const { quote, quoteAddress, address } = world;
        await quote.mint(owner, usdc(1_000));
        const approve = quote.interface.encodeFunctionData("approve", [address, MAX_256]);
        await sequence.run([quoteAddress], [approve]);
        const account = accountOf(owner);
        const run = async (...calls: string[]) => {
          const targets = calls.map(() => address);
          const outcomes = await sequence.run.staticCall(targets, calls);
          await sequence.run(targets, calls);
          return outcomes.map(({ success, answer }) => ({ success, answer }));
        };
        const give = (amount: bigint) =>
          abi.encodeFunctionData("deposit", [account, quoteAddress, amount]);
        return { ...world, account, run, give };
      }

      const together = (...calls: string[]) => abi.encodeFunctionData("batch", [calls]);

      it("runs both, and calls between them", async () => {
        const { ledger, account, quoteAddress, run, give } = await sequenced();
        const outcomes = await run(together(give(1n), give(2n)), give(4n), together(give(8n)));
        expect(outcomes.map(({ success }) => success)).to.deep.equal([true, true, true]);
        expect(await ledger.cashOf(account, quoteAddress)).to.equal(15n);
      });

      it("runs one behind another that failed", async () => {
        const { ledger, account, quoteAddress, linearBook, run, give } = await sequenced();
        const bad = abi.encodeFunctionData("allocate", [account, linearBook, usdc(1)]);
        const outcomes = await run(together(give(1n), bad), together(give(8n)));
        expect(outcomes.map(({ success }) => success)).to.deep.equal([false, true]);
        const args = [account, quoteAddress, usdc(1), 1n];
        expect(outcomes[0]?.answer).to.equal(abi.encodeErrorResult("CashShort", args));
        expect(await ledger.cashOf(account, quoteAddress)).to.equal(8n);
      });

      it("defers nothing behind a batch, and nothing that an earlier batch had queued is let off", async () => {
        const world = await sequenced();
        const { account, linearBook, run } = world;
        const part = { legs: [put(usd(2_000), 1n)], premium: -usd(50) };
        const sell = async (nonce: bigint) =>
          fillData(world, { account, order: { nonce, units: 1n }, part });
        const cover = abi.encodeFunctionData("depositToBook", [account, linearBook, usdc(20)]);
        const [first, second, third] = [await sell(1n), await sell(2n), await sell(3n)];
        const outcomes = await run(
          together(first, cover),
          second,
          together(second),
          together(second, cover),
          together(third),
          together(first),
        );
        const successes = outcomes.map(({ success }) => success);
        expect(successes).to.deep.equal([true, false, false, true, false, false]);
        // Each sale brings 0.5 less the fee, and needs 20; each deposit brings 20.
        const paid = usdc(0.5) - FEE.linear;
        const held = usdc(20) + paid;
        const short = (collateral: bigint, need: bigint) =>
          abi.encodeErrorResult("Undercovered", [account, linearBook, collateral, need]);
        expect(outcomes[1]?.answer, "alone").to.equal(short(held + paid, usdc(40)));
        expect(outcomes[2]?.answer, "never covered").to.equal(short(held + paid, usdc(40)));
        expect(outcomes[4]?.answer, "again").to.equal(short(2n * held + paid, usdc(60)));
        const position = await positionOf(world, account, linearBook);
        expect(position.collateral).to.equal(2n * held);
      });
    });
  });
});
