import { expect } from "chai";
import { getBytes } from "ethers";
import type { ContractTransactionResponse } from "ethers";
import { network } from "hardhat";

import { T, deploySource, payloadOf, usd } from "./support.ts";

const connection = await network.create();

/** Gas of a transaction, and of it what the execution takes. */
async function gasOf(sent: Promise<ContractTransactionResponse>): Promise<[bigint, bigint]> {
  const response = await sent;
  const receipt = await response.wait();
  if (receipt === null) throw new Error("the transaction was not mined");
  const calldata = getBytes(response.data).reduce((sum, byte) => sum + (byte === 0 ? 4n : 16n), 0n);
  return [receipt.gasUsed, receipt.gasUsed - 21_000n - calldata];
}

describe("RedStone", () => {
  describe("gas", () => {
    for (const [signers, of, most] of [
      [3, 4, 60_000n],
      [3, 5, 60_000n],
      [5, 5, 80_000n],
      [16, 16, 250_000n],
    ] as const) {
      it(`reads ${signers} of ${of} signers`, async () => {
        const world = await deploySource(connection, { count: of, threshold: 3 });
        const values = Array.from({ length: signers }, (_, i) => usd(2_000 + ((i * 7) % 5)));
        const payload = payloadOf(world, values);
        const [total, inside] = await gasOf(world.source.latest(payload));
        const [pastTotal, pastInside] = await gasOf(world.source.valueAt(T, payload));
        console.log(
          `        RedStone ${signers}/${of}: latest ${inside} (transaction ${total}), at ${pastInside} (${pastTotal})`,
        );
        expect(inside < most && pastInside < most).to.equal(true);
      });
    }
  });
});
