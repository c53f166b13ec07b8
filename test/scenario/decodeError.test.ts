import { expect } from "chai";
import { JsonRpcProvider } from "ethers";
import { network } from "hardhat";

import { decodeError } from "../../packages/contracts/src/errors/decode.ts";
import { IClearinghouse__factory } from "../../types/ethers-contracts/index.ts";
import { connect } from "../fixtures/connection.ts";
import { fillArgs, fillCall } from "../fixtures/fills.ts";
import { manyArgs, manyCall, toldBy, twoOffers, withSecond } from "../fixtures/takes.ts";
import { usdc } from "../fixtures/units.ts";
import { deployOpen } from "../fixtures/world.ts";

const connection = await connect();
const { networkHelpers } = connection;

async function opened() {
  return withSecond(await deployOpen(connection));
}

/** What a promise was refused with. */
async function thrownBy(act: () => Promise<unknown>): Promise<unknown> {
  try {
    await act();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

describe("decodeError, of what a chain answers", () => {
  it("reads a refused call and a refused transaction of Hardhat", async () => {
    const world = await networkHelpers.loadFixture(opened);
    const request = await fillCall(world, { units: 11n });
    const own = world.ledger.connect(request.from);
    for (const act of [
      () => own.fill.staticCall(...fillArgs(request)),
      () => own.fill(...fillArgs(request)),
      () => own.fill.estimateGas(...fillArgs(request)),
    ]) {
      const { kind, name, args } = decodeError(await thrownBy(act));
      expect([kind, name, args]).to.deep.equal([
        "typed",
        "UnitsBound",
        { units: 11n, remaining: 10n },
      ]);
    }
  });

  it("reads the error of a token", async () => {
    const { ledger, taker, quoteAddress } = await networkHelpers.loadFixture(opened);
    const most = usdc(10_000_000);
    const own = ledger.connect(taker.signer);
    const error = await thrownBy(() => own.deposit(taker.account, quoteAddress, most));
    const { name, args } = decodeError(error);
    expect(name).to.equal("ERC20InsufficientBalance");
    expect([args["sender"], args["needed"]]).to.deep.equal([taker.address, most]);
  });

  it("reads why fillMany skipped an order", async () => {
    const world = await networkHelpers.loadFixture(opened);
    const [spoilt, good] = await twoOffers(world);
    const request = await manyCall(world, {
      offers: [{ ...spoilt, signature: good.signature }, good],
      maxUnits: 10n,
    });
    const sent = world.ledger.connect(request.from).fillMany(...manyArgs(request));
    const skipped = (await toldBy(world, sent)).find(({ name }) => name === "FillSkipped");
    const { name, args, sentence } = decodeError(skipped?.args.at(-1));
    expect([name, args]).to.deep.equal([
      "BadSignature",
      { account: spoilt.order.account, signer: spoilt.signer },
    ]);
    expect(sentence).to.include("Sign the order for this chain");
  });

  it("reads refusals of a node behind JSON-RPC", async () => {
    const server = await network.createServer(undefined, "127.0.0.1");
    const { address, port } = await server.listen();
    const provider = new JsonRpcProvider(`http://${address}:${port}`);
    try {
      const { ledger } = await networkHelpers.loadFixture(opened);
      const signer = await provider.getSigner();
      // No ledger stands on that chain: a creation whose code returns the data of an error stands in for it.
      const data = ledger.interface.encodeErrorResult("BookNotOpen", [7n]).slice(2);
      const size = (data.length / 2).toString(16).padStart(2, "0");
      const revert = `0x60${size}600c60003960${size}6000fd${data}`;
      const refused = { from: signer.address, data: revert };
      for (const act of [
        () => provider.call(refused),
        () => provider.send("eth_call", [refused, "latest"]),
        () => signer.sendTransaction({ data: revert }),
        () => provider.send("eth_sendTransaction", [{ ...refused, gas: "0x100000" }]),
      ]) {
        const { name, args } = decodeError(await thrownBy(act));
        expect([name, args]).to.deep.equal(["BookNotOpen", { book: 7n }]);
      }
    } finally {
      provider.destroy();
      await server.close();
    }
  });

  it("says so when the address holds no contract", async () => {
    const { taker, linearBook } = await networkHelpers.loadFixture(opened);
    const nothing = IClearinghouse__factory.connect(taker.address, taker.signer);
    const error = await thrownBy(() => nothing.bookOf(linearBook));
    expect(decodeError(error).kind).to.equal("none");
  });
});
