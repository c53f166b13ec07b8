import { expect } from "chai";
import { concat } from "ethers";

import { connect } from "../fixtures/connection.ts";
import { fill, refused } from "../fixtures/fills.ts";
import { deployOpen } from "../fixtures/world.ts";
import { Mode } from "../fixtures/wallet.ts";

const connection = await connect();
const { ethers, networkHelpers } = connection;

async function opened() {
  return deployOpen(connection);
}

/** The maker's own address carries the code of a wallet, which refuses: it has no storage of its own. */
async function withCode() {
  const world = await networkHelpers.loadFixture(opened);
  const model = await ethers.deployContract("ScriptedWallet");
  await networkHelpers.setCode(world.maker.address, await ethers.provider.getCode(model));
  const wallet = await ethers.getContractAt("ScriptedWallet", world.maker.address);
  return { ...world, wallet };
}

/** As EIP-7702 leaves it: a designator that points to the wallet's code. */
async function delegated() {
  const world = await networkHelpers.loadFixture(opened);
  const model = await ethers.deployContract("ScriptedWallet");
  const designator = concat(["0xef0100", await model.getAddress()]);
  await networkHelpers.setCode(world.maker.address, designator);
  const wallet = await ethers.getContractAt("ScriptedWallet", world.maker.address);
  return { ...world, wallet };
}

describe("Attack", () => {
  describe("accounts with a key and code", () => {
    for (const [name, prepare] of [
      ["code at its address", withCode],
      ["an EIP-7702 delegation", delegated],
    ] as const) {
      describe(`when the maker has ${name}`, () => {
        it("keeps orders signed by its key, whatever the code says", async () => {
          const world = await prepare();
          for (const [nonce, mode] of [Mode.Refuse, Mode.Revert, Mode.BurnGas].entries()) {
            await world.wallet.setMode(mode);
            const order = { nonce: BigInt(nonce) };
            await expect(fill(world, { order })).to.emit(world.ledger, "OrderFilled");
          }
        });

        it("asks the code where the key did not sign", async () => {
          const world = await prepare();
          const args = [world.maker.account, world.maker.address];
          const forged = `0x${"11".repeat(64)}1b`;
          await refused(world, { signature: forged }, "BadSignature", args);
          await world.wallet.setMode(Mode.Accept);
          await expect(fill(world, { signature: forged })).to.emit(world.ledger, "OrderFilled");
        });
      });
    }
  });
});
