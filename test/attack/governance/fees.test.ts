import { expect } from "chai";

import { connect } from "../../fixtures/connection.ts";
import { fill, linearPart } from "../../fixtures/fills.ts";
import { deployGoverned } from "../../fixtures/governance.ts";
import type { Governed } from "../../fixtures/governance.ts";

const connection = await connect();
const { ethers, networkHelpers } = connection;

/** Lots of a usual fill. */
const LOTS = 10n;

/** Fees of a fill wait in a book of the guarded market. */
async function deployed(): Promise<Governed & { readonly fees: bigint }> {
  const world = await deployGoverned(connection);
  const { guardedBook: book, ledger } = world;
  await fill(world, { order: { parts: [linearPart(world, { book })] } });
  const { fees } = await ledger.bookOf(book);
  return { ...world, fees };
}

const fresh = () => networkHelpers.loadFixture(deployed);

describe("fees", () => {
  it("go to the Safe by anyone's call, through the bounties", async () => {
    const { ledger, bounties, quote, safe, stranger, guardedBook, fees, targets } = await fresh();
    expect(fees).to.equal(LOTS * 500n);
    expect(await ledger.treasury()).to.equal(targets.bounties);
    expect(await bounties.TREASURY()).to.equal(safe.address);
    const collect = bounties.connect(stranger).collect(guardedBook);
    await expect(collect).to.changeTokenBalance(ethers, quote, safe.address, fees);
    expect((await ledger.bookOf(guardedBook)).fees).to.equal(0n);
  });

  it("reach it also when somebody pushed them past the bounties' books", async () => {
    const { ledger, bounties, quote, safe, stranger, guardedBook, fees } = await fresh();
    await ledger.connect(stranger).pushFees(guardedBook);
    const sweep = bounties.connect(stranger).sweep(quote);
    await expect(sweep).to.changeTokenBalance(ethers, quote, safe.address, fees);
  });
});
