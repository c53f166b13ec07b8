import { expect } from "chai";
import { applyEvent, createState, findMarket } from "@certus/model";
import { toBeHex } from "ethers";
import fc from "fast-check";

import { LedgerLogs, isOther } from "../../scripts/lib/events.ts";
import { IClearinghouse__factory } from "../../types/ethers-contracts/index.ts";
import { connect } from "../fixtures/connection.ts";
import { marketIdOf, marketOf } from "../fixtures/ids.ts";
import { withLens } from "../fixtures/lens.ts";
import { MAX_256 } from "../fixtures/units.ts";
import { deploy, inverseTermsOf, linearTermsOf } from "../fixtures/world.ts";
import { biased } from "../helpers/arbitraries.ts";

const connection = await connect();
const { networkHelpers } = connection;

const RUNS = Number(process.env["FUZZ_RUNS"] ?? 60);
const SEED = Number(process.env["FUZZ_SEED"] ?? 20_260_105);

const logs = new LedgerLogs([...IClearinghouse__factory.abi]);

async function deployed() {
  const world = await withLens(await deploy(connection));
  return { ...world, terms: [await linearTermsOf(world), await inverseTermsOf(world)] as const };
}

/** A market to list, or to retire if it is listed: few of them, so that some come twice. */
const steps = fc.record({
  inverse: fc.boolean(),
  salt: fc.bigInt(0n, 4n),
  retire: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, fc.constant(true)),
});
const ends = fc.oneof(fc.bigInt(0n, 12n), biased(0n, MAX_256));

describe("Listings", () => {
  it(`stand in the order of their events, as the model has them, on every page (${RUNS} runs, seed ${SEED})`, async () => {
    const property = fc.asyncProperty(
      fc.array(steps, { maxLength: 12 }),
      fc.array(fc.tuple(ends, ends), { minLength: 1, maxLength: 8 }),
      async (sequence, pages) => {
        const { ledger, lens, admin, terms } = await networkHelpers.loadFixture(deployed);
        const state = createState({ chainId: 0n, ledger: 0n, treasury: 0n });
        const own = ledger.connect(admin);
        for (const { inverse, salt, retire } of sequence) {
          const asked = { ...terms[inverse ? 1 : 0], salt: toBeHex(salt, 32) };
          const key = marketOf(marketIdOf(asked));
          const known = findMarket(state, key);
          const call = retire ? own.retire(key) : own.list(asked);
          const receipt = await call.then((sent) => sent.wait()).catch(() => null);
          const allowed = retire ? known?.guard.retired === false : known === undefined;
          expect(receipt !== null, retire ? "retire" : "list").to.equal(allowed);
          for (const { topics, data } of receipt?.logs ?? []) {
            const event = logs.decode(
              topics.map((topic) => topic.slice(2)),
              data.slice(2),
            );
            if (event !== undefined && !isOther(event)) applyEvent(state, event, 0n);
          }
        }
        expect(await ledger.marketCount()).to.equal(BigInt(state.listed.length));
        for (const [from, count] of pages) {
          const { views, total } = await lens.markets(from, count);
          expect(total).to.equal(BigInt(state.listed.length));
          const expected = state.listed.filter((_, i) => from <= i && BigInt(i) - from < count);
          expect(views.map(({ market }) => market)).to.deep.equal(expected);
          for (const { market, listed, retired } of views) {
            const known = findMarket(state, market);
            expect([listed, retired]).to.deep.equal([true, known?.guard.retired]);
          }
          expect(await ledger.marketAt(from)).to.equal(state.listed[Number(from)] ?? 0n);
        }
      },
    );
    await fc.assert(property, { numRuns: RUNS, seed: SEED });
  });
});
