import { expect } from "chai";

import type { OddToken, Sequence } from "../../types/ethers-contracts/index.ts";
import { connect } from "../fixtures/connection.ts";
import { fillArgs, fillCall } from "../fixtures/fills.ts";
import { accountOf } from "../fixtures/ids.ts";
import { MAX_256, usdc } from "../fixtures/units.ts";
import { Mode, deployWallet, ofWallet } from "../fixtures/wallet.ts";
import type { WalletWorld } from "../fixtures/wallet.ts";
import { deployOpen } from "../fixtures/world.ts";

const connection = await connect();
const { ethers, networkHelpers } = connection;

/** A contract that owns an account and makes several calls in one transaction. */
interface Sequenced extends WalletWorld {
  readonly sequence: Sequence;
  readonly account: bigint;
  readonly odd: OddToken;
  readonly oddAddress: string;
}

async function opened(): Promise<Sequenced> {
  const world = await deployWallet(await deployOpen(connection));
  const sequence = await ethers.deployContract("Sequence");
  const owner = await sequence.getAddress();
  const odd = await ethers.deployContract("OddToken");
  const { quote, quoteAddress, address } = world;
  const oddAddress = await odd.getAddress();
  await quote.mint(owner, usdc(1_000));
  await odd.mint(owner, 1_000n);
  const approve = quote.interface.encodeFunctionData("approve", [address, MAX_256]);
  await sequence.run([quoteAddress, oddAddress], [approve, approve]);
  return { ...world, sequence, account: accountOf(owner), odd, oddAddress };
}

/** Runs calls of the ledger in one transaction; answers which succeeded and what each returned or reverted with. */
async function run({ sequence, address }: Sequenced, ...calls: string[]) {
  const targets = calls.map(() => address);
  const outcomes = await sequence.run.staticCall(targets, calls);
  await sequence.run(targets, calls);
  return outcomes.map(({ success, answer }) => ({ success, answer }));
}

describe("Attack", () => {
  describe("several calls in one transaction", () => {
    it("gives the state that as many transactions give", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const { ledger, account, quoteAddress, linearBook, stranger } = world;
      const abi = ledger.interface;
      const outcomes = await run(
        world,
        abi.encodeFunctionData("deposit", [account, quoteAddress, 100n]),
        abi.encodeFunctionData("deposit", [account, quoteAddress, 100n]),
        abi.encodeFunctionData("allocate", [account, linearBook, 150n]),
        abi.encodeFunctionData("free", [account, linearBook, 50n]),
        abi.encodeFunctionData("withdraw", [account, quoteAddress, 70n, stranger.address]),
        abi.encodeFunctionData("cashOf", [account, quoteAddress]),
      );
      expect(outcomes.map(({ success }) => success)).to.deep.equal(Array(6).fill(true));
      expect(BigInt(outcomes[5]?.answer ?? "0x")).to.equal(30n);
      expect((await ledger.positionOf(account, linearBook)).collateral).to.equal(100n);
    });

    it("leaves no context behind a foreign call that failed", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const { ledger, account, odd, oddAddress, quoteAddress } = world;
      const abi = ledger.interface;
      await odd.setPaused(true);
      const outcomes = await run(
        world,
        abi.encodeFunctionData("deposit", [account, oddAddress, 5n]),
        abi.encodeFunctionData("cashOf", [account, oddAddress]),
        abi.encodeFunctionData("deposit", [account, quoteAddress, 5n]),
        abi.encodeFunctionData("withdraw", [account, quoteAddress, 5n, world.stranger.address]),
      );
      expect(outcomes.map(({ success }) => success)).to.deep.equal([false, true, true, true]);
      expect(outcomes[0]?.answer).to.equal(odd.interface.encodeErrorResult("Paused"));
    });

    it("leaves no context behind a wallet that was asked, agreed or not", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const { ledger, wallet, account, quoteAddress } = world;
      const abi = ledger.interface;
      await ledger.connect(world.maker.signer).deposit(account, quoteAddress, usdc(100));
      await wallet.setMode(Mode.Accept);
      const good = await fillCall(world, ofWallet(world, { account, units: 1n }));
      const bad = { ...good, signer: world.address };
      const outcomes = await run(
        world,
        abi.encodeFunctionData("fill", fillArgs(bad)),
        abi.encodeFunctionData("fill", fillArgs(good)),
        abi.encodeFunctionData("epochOf", [account]),
        abi.encodeFunctionData("fill", fillArgs(good)),
      );
      expect(outcomes.map(({ success }) => success)).to.deep.equal([false, true, true, true]);
      const args = [world.walletAccount, world.address];
      expect(outcomes[0]?.answer).to.equal(abi.encodeErrorResult("BadSignature", args));
    });

    it("checks each call alone: what one gives, the next has, and never before", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const { ledger, account, quoteAddress, stranger } = world;
      const abi = ledger.interface;
      const take = abi.encodeFunctionData("withdraw", [
        account,
        quoteAddress,
        9n,
        stranger.address,
      ]);
      const give = abi.encodeFunctionData("deposit", [account, quoteAddress, 9n]);
      const outcomes = await run(world, take, give, take, take);
      expect(outcomes.map(({ success }) => success)).to.deep.equal([false, true, true, false]);
      const short = abi.encodeErrorResult("CashShort", [account, quoteAddress, 9n, 0n]);
      expect([outcomes[0]?.answer, outcomes[3]?.answer]).to.deep.equal([short, short]);
    });
  });
});
