import { expect } from "chai";

import type { PartInput } from "../../../scripts/lib/orders.ts";
import { connect } from "../../fixtures/connection.ts";
import {
  fill,
  inversePart,
  linearPart,
  orderArgument,
  orderOf,
  sorted,
} from "../../fixtures/fills.ts";
import { bookOf, call, put } from "../../fixtures/ids.ts";
import { bookView, cashOf } from "../../fixtures/state.ts";
import { WEEK, usd } from "../../fixtures/units.ts";
import { deployOpen } from "../../fixtures/world.ts";
import type { World } from "../../fixtures/world.ts";

const connection = await connect();
const { networkHelpers } = connection;

/** A second expiry of both markets. */
async function opened() {
  const world = await deployOpen(connection);
  await world.ledger.openBook(world.linear, world.expiry + WEEK);
  await world.ledger.openBook(world.inverse, world.expiry + WEEK);
  return world;
}

function puts(count: number): bigint[] {
  return Array.from({ length: count }, (_, i) =>
    put(usd(10 * (i + 1)), BigInt(i % 2 === 0 ? -1 : 3)),
  );
}

function calls(count: number): bigint[] {
  return Array.from({ length: count }, (_, i) =>
    call(usd(10 * (i + 1)), BigInt(i % 2 === 0 ? -2 : 1)),
  );
}

/** Parts with these numbers of legs, linear and inverse by turns, premiums of either sign. */
function partsOf(world: World, counts: readonly number[]): PartInput[] {
  const later = world.expiry + WEEK;
  const makers = [
    (n: number) => linearPart(world, { legs: puts(n), premium: 12_345n }),
    (n: number) => inversePart(world, { legs: calls(n), premium: -12_345n }),
    (n: number) =>
      linearPart(world, { legs: puts(n), premium: -7n, book: bookOf(world.linear, later) }),
    (n: number) =>
      inversePart(world, { legs: calls(n), premium: 0n, book: bookOf(world.inverse, later) }),
  ];
  return sorted(...counts.flatMap((n, i) => makers[i]?.(n) ?? []));
}

/** The log of a fill, decoded by the event's own ABI, and its data as they stand. */
async function logOf(world: World, parts: PartInput[], units: bigint) {
  const tx = await fill(world, { order: { parts }, units });
  const receipt = await tx.wait();
  const [log, ...others] = receipt?.logs ?? [];
  if (log === undefined || others.length > 0) throw new Error("one log");
  const parsed = world.ledger.interface.parseLog(log);
  if (parsed === null) throw new Error("no event of the ledger");
  const encoded = world.ledger.interface.encodeEventLog(parsed.fragment, [...parsed.args]);
  return { log, parsed, encoded };
}

describe("Clearinghouse", () => {
  describe("fill, its event", () => {
    for (const counts of [[1], [32], [2, 1], [1, 32, 3], [32, 32, 32, 32], [5, 4, 3, 2]]) {
      it(`is encoded as the ABI says for parts of ${counts.join(", ")} legs`, async () => {
        const world = await networkHelpers.loadFixture(opened);
        const parts = partsOf(world, counts);
        const { log, parsed, encoded } = await logOf(world, parts, 3n);
        expect(parsed.name).to.equal("OrderFilled");
        expect([log.topics, log.data]).to.deep.equal([encoded.topics, encoded.data]);
        expect(log.address).to.equal(world.address);
      });

      it(`tells order, units and what each of the parts of ${counts.join(", ")} legs moved`, async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { ledger, maker, taker } = world;
        const parts = partsOf(world, counts);
        const hash = await ledger.orderHash(orderArgument(orderOf(world, { parts })));
        const { parsed } = await logOf(world, parts, 3n);
        const head: unknown[] = parsed.args.slice(0, 6);
        expect(head).to.deep.equal([maker.account, taker.account, hash, 1n, 3n, 7n]);
        const told = parsed.args.getValue("parts") as { book: bigint; legs: bigint[] }[];
        expect(told.map(({ book, legs }) => [book, [...legs]])).to.deep.equal(
          parts.map(({ book, legs }) => [book, [...legs]]),
        );
      });
    }

    it("adds up: draws less fees are what pools and free cash moved by", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const parts = partsOf(world, [4, 5]);
      const before = await cashOf(world, world.maker.account);
      const { parsed } = await logOf(world, parts, 3n);
      const told = parsed.args.getValue("parts") as { book: bigint; fee: bigint; draws: bigint }[];
      for (const { book, fee, draws } of told) {
        const { pool, fees } = await bookView(world, book);
        const makerDraw = draws >> 128n;
        expect(pool).to.equal(makerDraw + BigInt.asUintN(128, draws) - fee);
        expect(fees).to.equal(fee);
        const after = await cashOf(world, world.maker.account);
        const spent =
          book === world.linearBook ? before.quote - after.quote : before.base - after.base;
        expect(spent).to.equal(makerDraw);
      }
    });
  });
});
