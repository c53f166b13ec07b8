import { expect } from "chai";
import { AbiCoder } from "ethers";

import { connect } from "../../fixtures/connection.ts";
import {
  NO_LIMIT,
  fillArgs,
  fillCall,
  inversePart,
  linearPart,
  orderArgument,
  sign,
  sorted,
} from "../../fixtures/fills.ts";
import type { FillPatch } from "../../fixtures/fills.ts";
import { accountOf, bookOf, call, put } from "../../fixtures/ids.ts";
import {
  errorIn,
  expectPreviewed,
  outcomeOf,
  plainly,
  previewOf,
  withLens,
} from "../../fixtures/lens.ts";
import type { LensWorld } from "../../fixtures/lens.ts";
import { stateOf } from "../../fixtures/state.ts";
import { Scope, WEEK, usd, usdc } from "../../fixtures/units.ts";
import { Mode, deployWallet, ofWallet } from "../../fixtures/wallet.ts";
import { FEE, deployOpen, now } from "../../fixtures/world.ts";

const connection = await connect();
const { networkHelpers } = connection;

async function opened() {
  return withLens(await deployOpen(connection));
}

async function withWallet() {
  return withLens(await deployWallet(await deployOpen(connection)));
}

/** The preview agrees with the ledger in everything, and the fill goes through. */
async function filled(world: LensWorld, patch: FillPatch = {}): Promise<void> {
  expect(await expectPreviewed(world, await fillCall(world, patch))).to.equal("filled");
}

describe("Lens", () => {
  describe("previewFill", () => {
    describe("when the fill goes through", () => {
      it("tells ten puts: premium, fee, draws, pool and what both sides come to", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, linearBook } = world;
        const request = await fillCall(world);
        const fees = 10n * FEE.linear;
        const orderHash = await ledger.orderHash(orderArgument(request.order));
        const side = { collateralBefore: 0n, requirementBefore: 0n };
        expect(plainly("previewFill", await previewOf(world, request))).to.deep.equal({
          refusal: "0x",
          orderHash,
          remaining: 0n,
          parts: [
            {
              book: linearBook,
              premium: usdc(5),
              fee: fees,
              pay: usdc(5) + fees,
              pool: usdc(200),
              maker: {
                ...side,
                draw: usdc(195),
                collateralAfter: usdc(200),
                requirementAfter: usdc(200),
              },
              taker: { ...side, draw: usdc(5) + fees, collateralAfter: 0n, requirementAfter: 0n },
            },
          ],
        });
        await filled(world);
      });

      it("changes nothing", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const before = await stateOf(world);
        await previewOf(world, await fillCall(world));
        expect(await stateOf(world)).to.deep.equal(before);
      });

      it("tells an inverse fill", async () => {
        const world = await networkHelpers.loadFixture(opened);
        await filled(world, { order: { parts: [inversePart(world)] } });
      });

      it("tells two parts of two tokens, and a second fill of the rest", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const order = { parts: sorted(linearPart(world), inversePart(world)) };
        await filled(world, { order, units: 3n });
        await filled(world, { order, units: 7n });
      });

      it("tells four parts that draw on the same two purses", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, linear, inverse, expiry } = world;
        const later = expiry + WEEK;
        await ledger.openBook(linear, later);
        await ledger.openBook(inverse, later);
        const parts = sorted(
          linearPart(world),
          linearPart(world, { book: bookOf(linear, later) }),
          inversePart(world),
          inversePart(world, { book: bookOf(inverse, later), legs: [call(usd(2_500), 1n)] }),
        );
        await filled(world, { order: { parts } });
      });

      it("tells an order taken in pieces, roundings included, by what remains", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const part = { premium: usd(50) + 1n };
        for (const units of [3n, 6n, 1n]) {
          const request = await fillCall(world, { part, units });
          const { remaining } = await previewOf(world, request);
          await filled(world, { part, units });
          const { filled: done, state } = await world.ledger.nonceOf(world.maker.account, 1n);
          expect(remaining).to.equal(state === 1n ? 10n - done : 0n);
        }
      });

      it("tells collateral that is there, legs that net, and a sign that turns", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, maker, taker, linearBook } = world;
        await ledger.connect(maker.signer).allocate(maker.account, linearBook, usdc(300));
        await ledger.connect(taker.signer).allocate(taker.account, linearBook, usdc(2));
        await filled(world);
        const back = [put(usd(1_900), 2n), put(usd(2_000), 1n)];
        await filled(world, { order: { nonce: 2n, units: 4n }, part: { legs: back } });
        const more = { legs: back, premium: -usd(30) };
        await filled(world, { order: { nonce: 3n, units: 9n }, part: more });
      });

      it("takes limits to the base unit", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { parts } = await previewOf(world, await fillCall(world));
        const [part] = parts;
        if (part === undefined) throw new Error("one part");
        const limit = { maxPay: part.pay, maxDraw: part.taker.draw };
        for (const [less, error] of [
          [{ ...limit, maxPay: limit.maxPay - 1n }, "PayAboveLimit"],
          [{ ...limit, maxDraw: limit.maxDraw - 1n }, "DrawTooSmall"],
        ] as const) {
          const request = await fillCall(world, { limits: [less] });
          expect(await expectPreviewed(world, request)).to.equal(error);
        }
        await filled(world, { limits: [limit] });
      });
    });

    describe("when others act", () => {
      it("asks whether the caller may trade: its owner, an operator, nobody else", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, taker, stranger, expiry } = world;
        const as = async () =>
          expectPreviewed(world, await fillCall(world, { from: stranger, units: 1n }));
        const own = ledger.connect(taker.signer);
        expect(await as()).to.equal("NotPermitted");
        await own.setAccountOperator(taker.account, stranger.address, Scope.Manage, expiry);
        expect(await as()).to.equal("NotPermitted");
        await own.setAccountOperator(taker.account, stranger.address, Scope.Trade, expiry);
        expect(await as()).to.equal("filled");
        const until = (await now(world)) + 10n;
        await own.setAccountOperator(taker.account, stranger.address, Scope.Both, until);
        expect(await as()).to.equal("filled");
        await networkHelpers.time.increaseTo(until);
        expect(await as()).to.equal("NotPermitted");
      });

      it("does not care who asks", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const request = await fillCall(world);
        const asked = await previewOf(world, request);
        for (const signer of [world.stranger, world.maker.signer]) {
          const lens = world.lens.connect(signer);
          expect(await previewOf({ ...world, lens }, request)).to.deep.equal(asked);
        }
      });

      it("counts an operator's signature from its grant on", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, maker, stranger, expiry } = world;
        const own = ledger.connect(maker.signer);
        await own.setAccountOperator(maker.account, stranger.address, Scope.Trade, expiry);
        const { since } = await ledger.operatorOf(maker.account, stranger.address);
        const signed = async (signedAt: bigint, nonce: bigint) => {
          const patch = { order: { signedAt, nonce }, signer: stranger.address };
          const { order } = await fillCall(world, patch);
          const signature = await sign(world, order, stranger);
          return expectPreviewed(world, await fillCall(world, { ...patch, signature }));
        };
        expect(await signed(since - 1n, 1n)).to.equal("BadSignature");
        expect(await signed(since, 1n)).to.equal("filled");
        expect(await signed((await now(world)) + 100n, 2n)).to.equal("BadSignature");
        await own.setAccountOperator(maker.account, stranger.address, 0n, 0n);
        expect(await signed(since, 3n)).to.equal("BadSignature");
      });

      it("fills between two accounts of one owner, and into any sub-account", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, maker, quoteAddress } = world;
        const account = accountOf(maker.address, 7n);
        await ledger.connect(maker.signer).deposit(account, quoteAddress, usdc(100));
        await filled(world, { account, from: maker.signer });
      });
    });

    describe("when a wallet signs", () => {
      for (const mode of ["Accept", "LongAnswer", "ReturnBomb"] as const) {
        it(`tells the fill when it answers by ${mode}`, async () => {
          const world = await networkHelpers.loadFixture(withWallet);
          await world.wallet.setMode(Mode[mode]);
          const request = await fillCall(world, ofWallet(world));
          expect(await expectPreviewed(world, request)).to.equal("filled");
        });
      }

      for (const mode of [
        "Refuse",
        "Revert",
        "WrongMagic",
        "DirtyMagic",
        "ShortAnswer",
        "BurnGas",
        "RevertBomb",
      ] as const) {
        it(`tells BadSignature when it answers by ${mode}`, async () => {
          const world = await networkHelpers.loadFixture(withWallet);
          await world.wallet.setMode(Mode[mode]);
          const request = await fillCall(world, ofWallet(world));
          expect(await expectPreviewed(world, request)).to.equal("BadSignature");
        });
      }

      it("gives it as much gas as the ledger does, and no more", async () => {
        const world = await networkHelpers.loadFixture(withWallet);
        const request = await fillCall(world, ofWallet(world));
        await world.wallet.setSpend(150_000n);
        expect(await expectPreviewed(world, request)).to.equal("BadSignature");
        await world.wallet.setSpend(140_000n);
        expect(await expectPreviewed(world, request)).to.equal("filled");
      });

      it("is bounded by what it burns: a bomb costs at most 150,000 gas", async () => {
        const world = await networkHelpers.loadFixture(withWallet);
        const { lens, wallet } = world;
        const request = await fillCall(world, ofWallet(world));
        const cost = () => lens.previewFill.estimateGas(request.from.address, ...fillArgs(request));
        await wallet.setMode(Mode.Refuse);
        const plain = await cost();
        for (const mode of [Mode.ReturnBomb, Mode.RevertBomb, Mode.BurnGas]) {
          await wallet.setMode(mode);
          expect((await cost()) - plain).to.be.lessThan(200_000n);
        }
      });

      it("asks no wallet that may not sign", async () => {
        const world = await networkHelpers.loadFixture(withWallet);
        await world.wallet.setMode(Mode.Accept);
        const patch = { signer: world.walletAddress, signature: "0x" };
        expect(await expectPreviewed(world, await fillCall(world, patch))).to.equal("BadSignature");
      });

      it("asks while the ledger's views answer, which a wallet that looks at them can tell", async () => {
        const world = await networkHelpers.loadFixture(withWallet);
        const { ledger, address, maker, quoteAddress, wallet } = world;
        await wallet.setMode(Mode.Reenter);
        const look = ledger.interface.encodeFunctionData("cashOf", [maker.account, quoteAddress]);
        const signature = AbiCoder.defaultAbiCoder().encode(
          ["address", "bytes[]"],
          [address, [look]],
        );
        const request = await fillCall(world, ofWallet(world, { signature }));
        expect(await outcomeOf(world, request)).to.have.length(1);
        const { refusal } = await previewOf(world, request);
        expect(errorIn(world, refusal)).to.equal("BadSignature");
      });

      it("asks for the digest that a key behind the wallet signs", async () => {
        const world = await networkHelpers.loadFixture(withWallet);
        const { wallet, maker } = world;
        await wallet.setKey(maker.address);
        const { order } = await fillCall(world, ofWallet(world));
        const { signature } = await fillCall(world, { order });
        const patch = ofWallet(world, { signature });
        expect(await expectPreviewed(world, await fillCall(world, patch))).to.equal("filled");
      });
    });

    describe("when there is little gas", () => {
      /** Preview by gas limit: how often it told what. */
      async function outcomes(world: LensWorld, patch: FillPatch, most: bigint, step: bigint) {
        const request = await fillCall(world, patch);
        const { lens, ledger } = world;
        const found = new Map<string, number>();
        for (let gasLimit = 40_000n; gasLimit <= most; gasLimit += step) {
          const told = await lens.previewFill
            .staticCall(request.from.address, ...fillArgs(request), { gasLimit })
            .then(
              ({ refusal, parts }) =>
                refusal === "0x"
                  ? `${parts.length} parts`
                  : (ledger.interface.parseError(refusal)?.name ?? refusal),
              () => "none",
            );
          found.set(told, (found.get(told) ?? 0) + 1);
        }
        return found;
      }

      it("tells GasStarved or nothing of a wallet that it cannot ask, and never a forgery", async () => {
        const world = await networkHelpers.loadFixture(withWallet);
        await world.wallet.setSpend(140_000n);
        const found = await outcomes(world, ofWallet(world, { units: 1n }), 700_000n, 10_000n);
        expect([...found.keys()].sort()).to.deep.equal(["1 parts", "GasStarved", "none"]);
      });

      it("never tells a fill through of which it knows nothing", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, linear, inverse, expiry } = world;
        const later = expiry + WEEK;
        await ledger.openBook(linear, later);
        await ledger.openBook(inverse, later);
        const puts = Array.from({ length: 32 }, (_, i) => put(usd(10 * (i + 1)), -1n));
        const calls = Array.from({ length: 32 }, (_, i) => call(usd(10 * (i + 1)), -1n));
        const parts = sorted(
          linearPart(world, { legs: puts }),
          linearPart(world, { book: bookOf(linear, later), legs: puts }),
          inversePart(world, { legs: calls, premium: 0n }),
          inversePart(world, { book: bookOf(inverse, later), legs: calls, premium: 0n }),
        );
        const patch = { order: { parts, units: 1n }, limits: parts.map(() => NO_LIMIT) };
        const found = await outcomes(world, patch, 3_000_000n, 40_000n);
        expect([...found.keys()].sort()).to.deep.equal(["4 parts", "none"]);
      });
    });

    describe("dryFill", () => {
      it("answers the same preview, and reverts with the refusal itself", async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { lens, maker } = world;
        const request = await fillCall(world);
        const dry = await lens.dryFill(request.from.address, ...fillArgs(request));
        expect(dry).to.deep.equal(await previewOf(world, request));
        const forged = fillArgs({ ...request, signature: "0x" });
        await expect(lens.dryFill(request.from.address, ...forged))
          .to.be.revertedWithCustomError(lens, "BadSignature")
          .withArgs(maker.account, maker.address);
      });
    });
  });
});
