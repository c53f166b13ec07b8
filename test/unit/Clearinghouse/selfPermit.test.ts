import { expect } from "chai";
import { Signature, ZeroAddress, ZeroHash } from "ethers";

import { IClearinghouse__factory } from "../../../types/ethers-contracts/index.ts";
import type { PermitToken } from "../../../types/ethers-contracts/index.ts";
import { connect } from "../../fixtures/connection.ts";
import { bookOf } from "../../fixtures/ids.ts";
import { MAX_256, usdc } from "../../fixtures/units.ts";
import { PURSE, at, deployOpen, listMarket, now } from "../../fixtures/world.ts";
import type { Signer, World } from "../../fixtures/world.ts";

const connection = await connect();
const { ethers, networkHelpers } = connection;

const abi = IClearinghouse__factory.createInterface();

/** A token with permits, which nobody has approved, and a book in it. */
interface Permitted extends World {
  readonly token: PermitToken;
  readonly tokenAddress: string;
  readonly book: bigint;
}

async function opened(): Promise<Permitted> {
  const world = await deployOpen(connection);
  const token = await ethers.deployContract("PermitToken");
  const tokenAddress = await token.getAddress();
  for (const { address } of [world.maker, world.taker, world.stranger]) {
    await token.mint(address, usdc(100));
  }
  const market = await listMarket(world, { ...world.linearTerms, token: tokenAddress });
  await world.ledger.openBook(market, world.expiry);
  return { ...world, token, tokenAddress, book: bookOf(market, world.expiry) };
}

const AMOUNT = usdc(70);

/** What an EIP-2612 permit says; `owner` is who signs it. */
interface Permit {
  readonly owner: Signer;
  readonly spender: string;
  readonly value: bigint;
  readonly nonce: bigint;
  readonly deadline: bigint;
}

/** A permit of the maker for the ledger, until expiry, signed. */
async function permit(world: Permitted, patch: Partial<Permit> = {}) {
  const { maker, address, expiry, tokenAddress } = world;
  const usual = { owner: maker.signer, spender: address, value: AMOUNT, nonce: 0n };
  const { owner, ...rest } = { ...usual, deadline: expiry, ...patch };
  const domain = {
    name: "Permit",
    version: "1",
    chainId: connection.networkConfig.chainId ?? 0,
    verifyingContract: tokenAddress,
  };
  const types = {
    Permit: [
      { name: "owner", type: "address" },
      { name: "spender", type: "address" },
      { name: "value", type: "uint256" },
      { name: "nonce", type: "uint256" },
      { name: "deadline", type: "uint256" },
    ],
  };
  const message = { ...rest, owner: owner.address };
  const { v, r, s } = Signature.from(await owner.signTypedData(domain, types, message));
  return { value: rest.value, deadline: rest.deadline, v, r, s };
}

type Signed = Awaited<ReturnType<typeof permit>>;
type PermitArguments = [string, bigint, bigint, number, string, string];

/** The arguments of `selfPermit`. */
function argsOf(token: string, { value, deadline, v, r, s }: Signed): PermitArguments {
  return [token, value, deadline, v, r, s];
}

function shown({ tokenAddress }: Permitted, signed: Signed): string {
  return abi.encodeFunctionData("selfPermit", argsOf(tokenAddress, signed));
}

/** The maker's deposit of all that the permit is for, encoded. */
function deposit({ maker, tokenAddress }: Permitted, amount = AMOUNT): string {
  return abi.encodeFunctionData("deposit", [maker.account, tokenAddress, amount]);
}

describe("Clearinghouse", () => {
  describe("selfPermit", () => {
    describe("when the token takes the permit", () => {
      it("lets the ledger spend what the permit says, and no token moves", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, address, token, tokenAddress, maker } = world;
        const own = ledger.connect(maker.signer);
        const sent = own.selfPermit(...argsOf(tokenAddress, await permit(world)));
        await expect(sent).to.changeTokenBalances(ethers, token, [maker.address, address], [0, 0]);
        expect(await token.allowance(maker.address, address)).to.equal(AMOUNT);
        expect(await token.nonces(maker.address)).to.equal(1n);
        expect(await ledger.cashOf(maker.account, tokenAddress)).to.equal(0n);
      });

      it("emits nothing of the ledger's own", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, tokenAddress, maker } = world;
        const own = ledger.connect(maker.signer);
        const tx = await own.selfPermit(...argsOf(tokenAddress, await permit(world)));
        const logs = (await tx.wait())?.logs ?? [];
        expect(logs.map((log) => log.address)).to.deep.equal([tokenAddress]);
      });

      it("deposits in the same batch, without an approval", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, address, token, tokenAddress, maker } = world;
        const calls = [shown(world, await permit(world)), deposit(world)];
        const own = ledger.connect(maker.signer);
        expect([...(await own.batch.staticCall(calls))]).to.deep.equal(["0x", "0x"]);
        const sent = own.batch(calls);
        await expect(sent)
          .to.emit(ledger, "Deposited")
          .withArgs(maker.account, tokenAddress, 0n, maker.address, AMOUNT);
        await expect(sent).to.changeTokenBalances(
          ethers,
          token,
          [maker.address, address],
          [-AMOUNT, AMOUNT],
        );
        expect(await ledger.cashOf(maker.account, tokenAddress)).to.equal(AMOUNT);
        expect(await token.allowance(maker.address, address)).to.equal(0n);
      });

      it("deposits into a book in the same batch, for any account", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, maker, taker, book } = world;
        const calls = [
          shown(world, await permit(world)),
          abi.encodeFunctionData("depositToBook", [taker.account, book, AMOUNT]),
        ];
        await ledger.connect(maker.signer).batch(calls);
        expect((await ledger.positionOf(taker.account, book)).collateral).to.equal(AMOUNT);
      });

      it("takes the last second of the permit, and the largest amount", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, address, token, maker } = world;
        const deadline = (await now(world)) + 100n;
        const signed = await permit(world, { deadline, value: MAX_256 });
        await at(world, deadline);
        await ledger.connect(maker.signer).batch([shown(world, signed), deposit(world)]);
        expect(await token.allowance(maker.address, address)).to.equal(MAX_256);
      });
    });

    describe("when somebody has shown the permit before", () => {
      it("still deposits: the allowance is there", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, address, token, tokenAddress, maker, stranger } = world;
        const signed = await permit(world);
        const { value, deadline, v, r, s } = signed;
        await token.connect(stranger).permit(maker.address, address, value, deadline, v, r, s);
        await ledger.connect(maker.signer).batch([shown(world, signed), deposit(world)]);
        expect(await ledger.cashOf(maker.account, tokenAddress)).to.equal(AMOUNT);
        expect(await token.nonces(maker.address)).to.equal(1n);
      });

      it("goes on by itself too, and changes nothing", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, address, token, maker } = world;
        const signed = await permit(world);
        const own = ledger.connect(maker.signer);
        const calls = [shown(world, signed), shown(world, signed), deposit(world)];
        await own.batch(calls);
        expect(await token.nonces(maker.address)).to.equal(1n);
        expect(await token.allowance(maker.address, address)).to.equal(0n);
      });
    });

    describe("when the permit is another owner's", () => {
      it("neither uses it nor moves the owner's tokens, whoever shows it", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, address, token, tokenAddress, maker, stranger } = world;
        const signed = await permit(world);
        const own = ledger.connect(stranger);
        await own.selfPermit(...argsOf(tokenAddress, signed));
        for (const owner of [maker.address, stranger.address]) {
          expect(await token.allowance(owner, address)).to.equal(0n);
          expect(await token.nonces(owner)).to.equal(0n);
        }
        await expect(own.batch([shown(world, signed), deposit(world)]))
          .to.be.revertedWithCustomError(token, "ERC20InsufficientAllowance")
          .withArgs(address, 0n, AMOUNT);
        // The owner may still use it.
        await ledger.connect(maker.signer).batch([shown(world, signed), deposit(world)]);
      });

      it("pulls from the caller alone, though the owner has permitted the ledger", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, address, token, tokenAddress, maker, stranger } = world;
        const own = ledger.connect(maker.signer);
        await own.selfPermit(...argsOf(tokenAddress, await permit(world)));
        await expect(ledger.connect(stranger).deposit(maker.account, tokenAddress, 1n))
          .to.be.revertedWithCustomError(token, "ERC20InsufficientAllowance")
          .withArgs(address, 0n, 1n);
      });
    });

    describe("when the token refuses", () => {
      /** What is wrong with the permit that is shown. */
      const wrongs: readonly [name: string, signed: (world: Permitted) => Promise<Signed>][] = [
        ["a signature of somebody else", async (world) => permit(world, { owner: world.stranger })],
        [
          "a signature of nobody",
          async (world) => ({ ...(await permit(world)), r: ZeroHash, s: ZeroHash }),
        ],
        ["another spender", async (world) => permit(world, { spender: world.stranger.address })],
        ["a nonce to come", async (world) => permit(world, { nonce: 1n })],
        [
          "another amount",
          async (world) => ({ ...(await permit(world, { value: 1n })), value: AMOUNT }),
        ],
        ["an end that has passed", async (world) => permit(world, { deadline: 1n })],
      ];
      for (const [name, sign] of wrongs) {
        it(`leaves ${name} to the deposit, which names the allowance`, async () => {
          const world = await networkHelpers.loadFixture(opened);
          const { ledger, address, token, tokenAddress, maker } = world;
          const signed = await sign(world);
          const own = ledger.connect(maker.signer);
          await expect(own.batch([shown(world, signed), deposit(world)]))
            .to.be.revertedWithCustomError(token, "ERC20InsufficientAllowance")
            .withArgs(address, 0n, AMOUNT);
          await own.selfPermit(...argsOf(tokenAddress, signed));
          expect(await token.allowance(maker.address, address)).to.equal(0n);
          expect(await token.nonces(maker.address)).to.equal(0n);
        });
      }

      it("names what the permit allows where the deposit asks for more", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, address, token, maker } = world;
        const calls = [shown(world, await permit(world)), deposit(world, AMOUNT + 1n)];
        await expect(ledger.connect(maker.signer).batch(calls))
          .to.be.revertedWithCustomError(token, "ERC20InsufficientAllowance")
          .withArgs(address, AMOUNT, AMOUNT + 1n);
        expect(await token.nonces(maker.address), "undone").to.equal(0n);
      });

      it("goes on with tokens that know no permits: an approval does", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, maker, quoteAddress } = world;
        const odd = await ethers.deployContract("OddToken");
        const oddAddress = await odd.getAddress();
        await odd.mint(maker.address, 9n);
        await odd.connect(maker.signer).approve(world.address, 9n);
        const signed = await permit(world);
        for (const token of [quoteAddress, oddAddress]) {
          const calls = [
            abi.encodeFunctionData("selfPermit", argsOf(token, signed)),
            abi.encodeFunctionData("deposit", [maker.account, token, 9n]),
          ];
          await ledger.connect(maker.signer).batch(calls);
        }
        const quote = await ledger.cashOf(maker.account, quoteAddress);
        expect(quote).to.equal(PURSE.quote + 9n);
        expect(await ledger.cashOf(maker.account, oddAddress)).to.equal(9n);
      });

      it("goes on where the token is the ledger itself", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, maker, address } = world;
        await ledger.connect(maker.signer).selfPermit(...argsOf(address, await permit(world)));
      });
    });

    describe("when there is no token", () => {
      it("reverts with NoCode for an address without code, by itself and in a batch", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, maker, stranger } = world;
        const signed = await permit(world);
        const own = ledger.connect(maker.signer);
        for (const nobody of [ZeroAddress, stranger.address]) {
          const args = argsOf(nobody, signed);
          await expect(own.selfPermit(...args))
            .to.be.revertedWithCustomError(ledger, "NoCode")
            .withArgs(nobody);
          await expect(own.batch([abi.encodeFunctionData("selfPermit", args), deposit(world)]))
            .to.be.revertedWithCustomError(ledger, "NoCode")
            .withArgs(nobody);
        }
      });
    });
  });
});
