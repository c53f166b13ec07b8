import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { partiesOf } from "../../../../tasks/lib/access/parties.ts";
import type { PartyArguments } from "../../../../tasks/lib/access/parties.ts";
import type { Session } from "../../../../tasks/lib/session.ts";
import { PARTIES, STRANGER } from "./state.ts";

const { manager, targets, holders } = PARTIES;
const NONE: PartyArguments = {
  manager: undefined,
  hub: undefined,
  breaker: undefined,
  bounties: undefined,
  safe: undefined,
  guardian: undefined,
  steward: undefined,
};

/** A file as `deploy` writes it, as far as it is read. */
const WRITTEN = {
  chainId: 31_337,
  contracts: {
    clearinghouse: targets.ledger,
    oracleHub: targets.hub,
    circuitBreaker: targets.breaker,
    bounties: targets.bounties,
    accessManager: manager,
  },
  roles: { admin: holders.safe, steward: holders.steward, guardian: holders.guardian },
};

/** A session of the ledger on a chain where every address has code but those named. */
function session(empty: readonly string[] = []): Session {
  const code = async (address: string) => (empty.includes(address) ? "0x" : "0x00");
  const fake = {
    chainId: 31_337n,
    ledgerAddress: targets.ledger,
    ledger: { authority: async () => manager },
    provider: { getCode: code },
  };
  return fake as unknown as Session;
}

describe("access:audit, whose access", () => {
  let root: string;

  before(async () => {
    root = await mkdtemp(join(tmpdir(), "certus-parties-"));
    await mkdir(join(root, "deployments", "local"), { recursive: true });
    const other = { ...WRITTEN, contracts: { ...WRITTEN.contracts, clearinghouse: STRANGER } };
    await writeFile(join(root, "deployments", "other.json"), JSON.stringify(other));
    await writeFile(join(root, "deployments", "local", "own.json"), JSON.stringify(WRITTEN));
  });

  after(() => rm(root, { recursive: true }));

  const found = (
    args: Partial<PartyArguments> = {},
    of: Session = session(),
    at: string = root,
  ) => {
    const hre = { config: { paths: { root: at } } } as unknown as HardhatRuntimeEnvironment;
    return partiesOf(of, { ...NONE, ...args }, hre);
  };

  it("is written in the file of this ledger", async () => {
    expect(await found()).to.deep.equal(PARTIES);
  });

  it("is what options say before that", async () => {
    const parties = await found({ safe: STRANGER, hub: STRANGER });
    expect(parties.holders).to.deep.equal({ ...holders, safe: STRANGER });
    expect(parties.targets).to.deep.equal({ ...targets, hub: STRANGER });
  });

  it("is refused without a file, but for the manager, which the ledger names", async () => {
    const { hub, breaker, bounties } = targets;
    const all = { hub, breaker, bounties, ...holders };
    const nowhere = join(root, "nowhere");
    expect(await found(all, session(), nowhere)).to.deep.equal(PARTIES);
    const missing = await found({ ...all, steward: undefined }, session(), nowhere).catch(
      (error: unknown) => String(error),
    );
    expect(missing).to.contain("pass --steward.");
  });

  it("has code, all but the steward", async () => {
    expect(await found({}, session([holders.steward]))).to.deep.equal(PARTIES);
    const failed = await found({}, session([targets.breaker])).catch((error: unknown) =>
      String(error),
    );
    expect(failed).to.contain(`no contract at ${targets.breaker}`).and.to.contain("--breaker");
  });

  it("is refused if its file is broken", async () => {
    const broken = join(root, "broken");
    await mkdir(join(broken, "deployments"), { recursive: true });
    await writeFile(join(broken, "deployments", "sepolia.json"), "{");
    const failed = await found({}, session(), broken).catch((error: unknown) => String(error));
    expect(failed).to.contain("sepolia.json is no JSON");
  });
});
