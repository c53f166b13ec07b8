import { expect } from "chai";
import { getBytes } from "ethers";
import type { ContractTransactionResponse } from "ethers";
import { network } from "hardhat";

import { T, deployFeed, equivocate, payloadOf, prove, usd } from "./support.ts";

const connection = await network.create();

/** Gas of a transaction, and of it what the execution takes. */
async function gasOf(sent: Promise<ContractTransactionResponse>): Promise<[bigint, bigint]> {
  const response = await sent;
  const receipt = await response.wait();
  if (receipt === null) throw new Error("the transaction was not mined");
  const calldata = getBytes(response.data).reduce((sum, byte) => sum + (byte === 0 ? 4n : 16n), 0n);
  return [receipt.gasUsed, receipt.gasUsed - 21_000n - calldata];
}

describe("SignedFeed", () => {
  describe("gas", () => {
    for (const [signers, of, most] of [
      [3, 4, 25_000n],
      [4, 4, 32_000n],
      [5, 7, 40_000n],
      [11, 16, 90_000n],
      [16, 16, 130_000n],
    ] as const) {
      it(`reads ${signers} of ${of} signers`, async () => {
        const world = await deployFeed(connection, of);
        const prices = Array.from({ length: signers }, (_, i) => usd(2_000 + ((i * 7) % 5)));
        const payload = await payloadOf(world, prices);
        const [total, inside] = await gasOf(world.feed.latest(payload));
        const [pastTotal, pastInside] = await gasOf(world.feed.valueAt(T, payload));
        console.log(
          `        SignedFeed ${signers}/${of}: latest ${inside} (transaction ${total}), at ${pastInside} (${pastTotal})`,
        );
        expect(inside < most && pastInside < most).to.equal(true);
      });
    }

    it("removes a signer", async () => {
      const world = await deployFeed(connection, 4);
      const [total, inside] = await gasOf(prove(world.feed, 1, await equivocate(world, 1)));
      console.log(`        SignedFeed proveEquivocation: ${inside} (transaction ${total})`);
      expect(inside < 80_000n).to.equal(true);
    });
  });
});
