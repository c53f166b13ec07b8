import { expect } from "chai";
import { allowanceOf, createToken, keccakText, keccakWords, permitDigest } from "@certus/model";
import type { Ledger, Signature } from "@certus/model";
import { permit } from "./helpers/permits.ts";
import { expectNothing } from "./helpers/refusals.ts";
import {
  BOB,
  EXPIRY,
  LEDGER,
  PERMIT_DOMAIN,
  QUOTE,
  STRANGER,
  UNDERLYING,
  createScene,
  expectOk,
  from,
} from "./helpers/scene.ts";

const AMOUNT = 1_000n;

/** What the ledger may take of a token from someone. */
function allowed({ world }: Ledger, owner: bigint, token: bigint = QUOTE): bigint {
  return allowanceOf(world.tokens.get(token) ?? createToken(), owner, LEDGER);
}

/** The stranger presents a permit. */
function present(ledger: Ledger, signature: Signature, token = QUOTE, now?: bigint) {
  return ledger.selfPermit(from(STRANGER, now), token, AMOUNT, EXPIRY, signature);
}

describe("selfPermit", () => {
  it("lets the ledger take the amount from the caller, and says nothing", () => {
    const { ledger } = createScene();
    const outcome = present(ledger, permit(ledger, STRANGER, AMOUNT));
    expect(outcome).to.deep.equal({ ok: true, returned: undefined, events: [], oracleEvents: [] });
    expect(allowed(ledger, STRANGER)).to.equal(AMOUNT);
    // The next one carries the next nonce, and overwrites what was allowed.
    const smaller = permit(ledger, STRANGER, 5n);
    expectOk(ledger.selfPermit(from(STRANGER), QUOTE, 5n, EXPIRY, smaller));
    expect(allowed(ledger, STRANGER)).to.equal(5n);
  });

  it("goes on where the token refuses: the allowance stays as it is", () => {
    const { ledger } = createScene();
    const refused: readonly Signature[] = [
      { kind: "garbage" },
      permit(ledger, STRANGER, AMOUNT, { by: BOB }),
      permit(ledger, BOB, AMOUNT),
      permit(ledger, STRANGER, AMOUNT + 1n),
      permit(ledger, STRANGER, AMOUNT, { nonce: 1n }),
      permit(ledger, STRANGER, AMOUNT, { deadline: EXPIRY + 1n }),
      permit(ledger, STRANGER, AMOUNT, { spender: BOB }),
      permit(ledger, STRANGER, AMOUNT, { domain: PERMIT_DOMAIN + 1n }),
    ];
    for (const signature of refused) expectOk(present(ledger, signature));
    const good = permit(ledger, STRANGER, AMOUNT);
    expectOk(present(ledger, good, QUOTE, EXPIRY + 1n));
    expectOk(present(ledger, good, UNDERLYING));
    expect([allowed(ledger, STRANGER), allowed(ledger, STRANGER, UNDERLYING)]).to.deep.equal([
      0n,
      0n,
    ]);
    expectOk(present(ledger, good, QUOTE, EXPIRY));
    expect(allowed(ledger, STRANGER)).to.equal(AMOUNT);
    // Presented before by somebody: the allowance that it gave still stands.
    expectOk(present(ledger, good));
    expect(allowed(ledger, STRANGER)).to.equal(AMOUNT);
  });

  it("goes on at an address with code that is no token, and refuses one without", () => {
    const { ledger } = createScene();
    const good = permit(ledger, STRANGER, AMOUNT);
    ledger.world.code.add(0x77n);
    expectOk(present(ledger, good, 0x77n));
    expectNothing(ledger, () => present(ledger, good, 0x78n), "NoCode", 0x78n);
    const env = { ...from(STRANGER), external: true };
    const entered = () => ledger.selfPermit(env, 0x78n, AMOUNT, EXPIRY, good);
    expectNothing(ledger, entered, "InExternalCall");
  });

  it("signs what EIP-2612 says", () => {
    const type =
      "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)";
    const hash = keccakWords([keccakText(type), 1n, 2n, 3n, 4n, 5n]);
    const said = { owner: 1n, spender: 2n, value: 3n, nonce: 4n, deadline: 5n };
    expect(permitDigest(9n, said)).to.equal(keccakWords([9n, hash], [0x19, 0x01]));
  });
});
