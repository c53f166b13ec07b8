import { expect } from "chai";

import { LOCAL_SIGNERS } from "../../../../scripts/lib/oracle/localFeed.ts";
import { SETTINGS, settingsOf, typed } from "../../../../tasks/lib/deploy/arguments.ts";
import type { DeployArguments, Setting } from "../../../../tasks/lib/deploy/arguments.ts";
import { governorsOf } from "../../../../tasks/lib/deploy/governors.ts";
import { UsageError } from "../../../../tasks/lib/usage.ts";

const DEPLOYER = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
const [A, B, C] = LOCAL_SIGNERS.own as [string, string, string];
const KEY = "ab".repeat(64);

type Some = Partial<Record<Setting, string>>;
const NONE = Object.fromEntries(Object.keys(SETTINGS).map((name) => [name, undefined])) as Record<
  Setting,
  undefined
>;

const governors = (some: Some = {}, local = false, solo = false) =>
  governorsOf({ ...NONE, ...some }, { local }, DEPLOYER, solo);

/** The sentence with which settings are refused. */
function refusal(some: Some): string {
  try {
    governors(some, true);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  throw new Error("nothing was refused");
}

describe("tasks/lib/deploy/governors", () => {
  it("lets the deployer stand for everybody on a local chain, and elsewhere if it is said", () => {
    const alone = {
      safe: { owners: [DEPLOYER], threshold: 1 },
      steward: DEPLOYER,
      guardian: { signers: [DEPLOYER.toLowerCase()], threshold: 1 },
    };
    expect(governors({}, true)).to.deep.equal({ ...alone, ownSigners: LOCAL_SIGNERS.own });
    expect(governors({}, false, true)).to.deep.equal({ ...alone, ownSigners: [] });
  });

  it("names what is missing on a public chain", () => {
    expect(() => governors()).to.throw(
      UsageError,
      "Who governs is not said: --owners (or CERTUS_OWNERS), --steward (or CERTUS_STEWARD), --guardians (or CERTUS_GUARDIANS). Name them, or pass --solo",
    );
    expect(() => governors({ safe: A, steward: B })).to.throw(
      UsageError,
      "not said: --guardians (or CERTUS_GUARDIANS). Name",
    );
  });

  it("reads all of them, and lets more than half sign where it is not said", () => {
    const owners = `${A}, ${B},${C}`;
    const guardians = `${A},${B.toLowerCase()}${KEY}`;
    expect(governors({ owners, steward: C, guardians })).to.deep.equal({
      safe: { owners: [A, B, C], threshold: 2 },
      steward: C,
      guardian: { signers: [A.toLowerCase(), `${B.toLowerCase()}${KEY}`], threshold: 2 },
      ownSigners: [],
    });
    const said = { owners, threshold: "3", steward: C, guardians, guardianThreshold: "1" };
    const { safe, guardian } = governors(said);
    expect(safe).to.deep.equal({ owners: [A, B, C], threshold: 3 });
    expect(guardian.threshold).to.equal(1);
  });

  it("takes a Safe that is there", () => {
    expect(governors({ safe: A, steward: B, guardians: C }).safe).to.deep.equal({ address: A });
  });

  it("refuses what makes no sense", () => {
    const cases: readonly (readonly [Some, string])[] = [
      [{ safe: A, owners: B }, "--safe names a Safe that has its owners already"],
      [{ owners: `${A},${A}` }, `--owners: ${A} stands there twice.`],
      [{ owners: `${A},,${B}` }, "--owners: one entry of"],
      [{ owners: "0x12" }, '--owners: "0x12" is no address'],
      [{ owners: A, threshold: "2" }, "--threshold must be between 1 and 1, not 2."],
      [{ owners: A, threshold: "0" }, "--threshold must be between 1 and 1, not 0."],
      [{ steward: "me" }, '--steward: "me" is no address'],
      [{ guardians: "p256" }, '--guardians: "p256" is no signer'],
      [{ guardians: A.slice(0, 20) }, "--guardians:"],
      [{ guardians: `${A},${A.toLowerCase()}` }, "stands there twice."],
      [{ guardians: A, guardianThreshold: "2" }, "--guardian-threshold must be between 1 and 1"],
      [{ ownSigners: `${A},${B},${C}` }, "--own-signers: name 4, 7, 10, 13 or 16 signers, not 3."],
      [{ ownSigners: `${A},${B},${C},${A}` }, `--own-signers: ${A} stands there twice.`],
    ];
    for (const [some, sentence] of cases) expect(refusal(some)).to.contain(sentence);
  });

  it("reads options before the environment, and the environment by its names", () => {
    expect(typed("guardianThreshold")).to.equal("--guardian-threshold");
    const args = { ...NONE, owners: A } as unknown as DeployArguments;
    const environment = { CERTUS_OWNERS: B, CERTUS_STEWARD: C, CERTUS_SAFE: "" };
    expect(settingsOf(args, environment)).to.deep.equal({ ...NONE, owners: A, steward: C });
  });
});
