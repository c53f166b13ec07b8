import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import { deployedOn } from "../../../tasks/lib/deployment.ts";
import { UsageError } from "../../../tasks/lib/usage.ts";

const LEDGER = "0x2279B7A0a67DB372996a5FaB50D91eAA73d2eBe6";
const LENS = "0x8A791620dd6260079BF849Dc5567aDC3F2FdC318";

describe("tasks/lib/deployment", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "certus-deployments-"));
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  /** A deployment as Ignition leaves it. */
  async function deployment(id: string, chainId: number, ledger = LEDGER): Promise<void> {
    await mkdir(join(folder, id));
    const addresses = { "Certus#Clearinghouse": ledger, "Certus#Lens": LENS };
    await writeFile(join(folder, id, "deployed_addresses.json"), JSON.stringify(addresses));
    await writeFile(
      join(folder, id, "journal.jsonl"),
      `\n{"chainId":${chainId},"type":"DEPLOYMENT_INITIALIZE"}\n`,
    );
  }

  /** The sentence with which the look-up fails. */
  async function failure(chainId: bigint): Promise<string> {
    try {
      await deployedOn(chainId, { files: [], journals: folder });
    } catch (error) {
      if (error instanceof UsageError) return error.message;
      throw error;
    }
    throw new Error("a deployment was found");
  }

  it("finds the deployment that is called by its chain, before others", async () => {
    await deployment("chain-31337", 31_337);
    await deployment("other", 31_337, LENS);
    expect(await deployedOn(31_337n, { files: [], journals: folder })).to.deep.equal({
      ledger: LEDGER,
      lens: LENS,
      block: 0,
      source: "deploy/deployments/chain-31337",
    });
  });

  it("finds the only one of the chain by its journal", async () => {
    await deployment("demo", 31_337);
    await deployment("elsewhere", 1, LENS);
    expect((await deployedOn(31_337n, { files: [], journals: folder })).source).to.equal(
      "deploy/deployments/demo",
    );
  });

  it("does not choose between two", async () => {
    await deployment("one", 31_337);
    await deployment("two", 31_337);
    expect(await failure(31_337n)).to.contain("several deployments (one, two): pass --ledger");
  });

  it("says how to deploy where there is none, and no folder either", async () => {
    await rm(folder, { recursive: true });
    expect(await failure(31_337n)).to.match(
      /^No ledger is known on chain 31337\. .+ npx hardhat deploy/,
    );
  });
});
