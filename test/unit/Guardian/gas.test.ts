import { expect } from "chai";

import { connect } from "../../fixtures/connection.ts";
import { deployGoverned } from "../../fixtures/governance.ts";
import type { Governed } from "../../fixtures/governance.ts";
import { operation, send } from "../../fixtures/guardian.ts";
import type { Keys } from "../../fixtures/guardian.ts";
import { printGas } from "../../fixtures/sources.ts";
import { HOUR, Level } from "../../fixtures/units.ts";

/** P-256 is a precompile from Osaka on, and on the rollups; OpenZeppelin computes it where it is none. */
const CHAINS = [
  { name: "with a precompile for P-256", connection: await connect(), bound: 240_000n },
  { name: "without", connection: await connect(31_337, "prague"), bound: 750_000n },
] as const;

const PAIRS = [
  ["account", "p256"],
  ["account", "passkey"],
  ["p256", "passkey"],
] as const;

/** Gas of a halt that two keys sign, all of it: the entry point's, the signatures' and the breaker's. */
async function halt(
  { guardian, breaker, targets, guarded, ledger }: Governed,
  first: keyof Keys,
  second: keyof Keys,
): Promise<bigint> {
  const { [first]: one, [second]: other } = guardian.keys;
  const data = breaker.interface.encodeFunctionData("impose", [guarded, Level.Halted, HOUR]);
  const made = await operation(guardian, [{ target: targets.breaker, data }], [one, other]);
  const sent = await send(guardian, made);
  expect((await ledger.guardOf(guarded)).level).to.equal(Level.Halted);
  return (await sent.wait())?.gasUsed ?? 0n;
}

describe("Guardian: gas", () => {
  for (const { name, connection, bound } of CHAINS) {
    const deployed = () => deployGoverned(connection);

    for (const [first, second] of PAIRS) {
      it(`halts a market ${name}, signed by ${first} and ${second}, for at most ${bound}`, async () => {
        const world = await connection.networkHelpers.loadFixture(deployed);
        const gas = await halt(world, first, second);
        printGas(`${first} and ${second}`, gas);
        expect(gas).to.be.lessThan(bound);
      });
    }
  }
});
