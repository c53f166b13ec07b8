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

  describe("with files that deploy wrote", () => {
    const FILE = {
      chainId: 84_532,
      block: 12,
      finality: { kind: "tag", tag: "safe" },
      contracts: { clearinghouse: LEDGER, lens: LENS },
    };
    const written = async (name: string, document: unknown) =>
      writeFile(
        join(folder, name),
        typeof document === "string" ? document : JSON.stringify(document),
      );
    const found = (chainId = 84_532n) =>
      deployedOn(chainId, { files: [join(folder, "nowhere"), folder], journals: folder });
    const refusal = () => found().then(String, (error: Error) => error.message);

    it("finds them first, with the block where events begin and the rule to wait by", async () => {
      await deployment("chain-84532", 84_532, LENS);
      await written("baseSepolia.json", FILE);
      await written("other.json", { ...FILE, chainId: 1 });
      expect(await found()).to.deep.equal({
        ledger: LEDGER,
        lens: LENS,
        block: 12,
        finality: FILE.finality,
        source: join(folder, "baseSepolia.json"),
      });
    });

    it("does not choose between two of a chain", async () => {
      await written("a.json", FILE);
      await written("b.json", FILE);
      expect(await refusal()).to.match(/several deployments: .*a\.json, .*b\.json\. Move all but/);
    });

    it("refuses one that is broken, and says what is", async () => {
      await written("a.json", "{");
      expect(await refusal()).to.match(/a\.json is no JSON: .* Restore it, or deploy again\.$/);
      await written("a.json", { ...FILE, block: "12", finality: { kind: "tag", tag: "latest" } });
      expect(await refusal()).to.contain(
        "a.json: block is no number, finality is no rule. Restore",
      );
      await written("a.json", { chainId: 84_532, block: 1, contracts: { lens: "0x12" } });
      expect(await refusal()).to.contain(
        "contracts.clearinghouse is no address, contracts.lens is no address, finality is no rule",
      );
      const none = { ...FILE, finality: { kind: "confirmations", confirmations: 0 } };
      await written("a.json", none);
      expect(await refusal()).to.contain("a.json: finality is no rule.");
    });
  });

  it("says how to deploy where there is none, and no folder either", async () => {
    await rm(folder, { recursive: true });
    expect(await failure(31_337n)).to.match(
      /^No ledger is known on chain 31337\. .+ npx hardhat deploy/,
    );
  });
});
