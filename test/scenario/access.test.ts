import { readFileSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";
import type { Interface } from "ethers";
import { config, network, tasks } from "hardhat";

import { SAFE_ARTIFACTS, packagedArtifact } from "../../deploy/parts/packaged.ts";
import { PUBLIC, roleNamed } from "../../deploy/roles.ts";
import { selectorOf } from "../../deploy/selectors.ts";
import { deployLens } from "../../scripts/lib/deploy.ts";
import { root } from "../../scripts/lib/proc.ts";
import { auditAccess } from "../../tasks/lib/access/audit.ts";
import type { Audit } from "../../tasks/lib/access/audit.ts";
import { START } from "../fixtures/connection.ts";
import { deployGoverned, execute, schedule } from "../fixtures/governance.ts";
import type { Governed } from "../fixtures/governance.ts";
import { safeSends } from "../fixtures/safe.ts";
import { DAY } from "../fixtures/units.ts";
import { at, hardhat } from "./tasks.support.ts";

const deploymentId = `access-${process.pid}`;

/** The words of every proposal on the page, without `npx hardhat`. */
function commands(): string[][] {
  const page = readFileSync(join(root, "docs/governance.md"), "utf8").replaceAll("\\\n", " ");
  const lines = page.split("\n").filter((line) => line.includes("hardhat multisig:propose"));
  return lines.map((line) =>
    [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? "").slice(2),
  );
}

describe("access:audit", () => {
  let world: Governed;
  let options: readonly string[];
  /** Those that say where the ledger is. */
  let located: readonly string[];
  let close: () => Promise<void>;

  before(async () => {
    const initialDate = new Date(Number(START) * 1_000);
    const server = await network.createServer({ override: { initialDate } }, "127.0.0.1");
    const { address, port } = await server.listen();
    const url = `http://${address}:${port}`;
    const connection = await network.create({ network: "localhost", override: { url } });
    close = async () => {
      await connection.close();
      await server.close();
      const journal = join(config.paths.ignition, "deployments", deploymentId);
      await rm(journal, { recursive: true, force: true });
    };
    world = await deployGoverned(connection, deploymentId);
    const lens = await deployLens(world.admin, world.ledger);
    const { hub, breaker, bounties } = world.targets;
    const named = { hub, breaker, bounties, ...world.holders, lens: await lens.getAddress() };
    located = ["--rpc", url, "--lens", named.lens];
    options = ["--rpc", url, ...Object.entries(named).flatMap(([name, to]) => [`--${name}`, to])];
  });

  after(() => close());

  const audit = async (fromBlock = 0): Promise<Audit> => {
    const { manager, targets, holders, connection } = world;
    const parties = { manager: await manager.getAddress(), targets, holders };
    return auditAccess(connection.ethers.provider, parties, fromBlock);
  };

  const wait = async (seconds: bigint): Promise<void> => {
    await world.connection.networkHelpers.time.increase(seconds);
  };

  /** The calls of the access manager, made by the Safe as its administrator. */
  const ofManager = async (...calls: readonly (readonly [string, ...unknown[]])[]) => {
    const abi: Interface = world.manager.interface;
    const to = await world.manager.getAddress();
    const encoded = calls.map(([name, ...args]) => abi.encodeFunctionData(name, args));
    return {
      to,
      schedule: encoded.map((data) => abi.encodeFunctionData("schedule", [to, data, 0n])),
      execute: encoded,
      together: (each: readonly string[]) => ({
        to,
        data: abi.encodeFunctionData("multicall", [each]),
      }),
    };
  };

  it("finds a fresh deployment as it should be, its longer delays on their way", async () => {
    const { differences, underway, state } = await audit();
    expect(differences).to.deep.equal([]);
    // Of six roles and of four targets.
    expect(underway).to.have.length(10);
    expect(state.firstAdmin).to.equal(world.admin.address);
  });

  it("goes back to the manager's creation from wherever it was to begin", async () => {
    const whole = await audit();
    const { provider } = world.connection.ethers;
    const late = await audit(await provider.getBlockNumber());
    expect(late).to.deep.equal(whole);
  });

  it("passes as a task, and prints every role", async () => {
    const { code, stdout, stderr } = await hardhat(["access:audit", ...options]);
    expect(stderr).to.equal("");
    expect(code).to.equal(0);
    expect(stdout).to.contain("All is as in deploy/roles.ts.");
    for (const word of ["LISTER", "STEWARD", "breaker.impose", "Nothing is scheduled."]) {
      expect(stdout).to.contain(word);
    }
  });

  it("lists what is scheduled until it is executed or expired", async () => {
    const { ledger, linearTerms, address } = world;
    const data = ledger.interface.encodeFunctionData("list", [{ ...linearTerms, lastTrade: 7n }]);
    const call = { to: address, data };
    const standing = async () => (await audit()).state.operations.map((each) => each.standing);
    await schedule(world, call);
    expect(await standing()).to.deep.equal(["waiting"]);
    await wait(2n * DAY);
    expect(await standing()).to.deep.equal(["ready"]);
    await wait(7n * DAY);
    expect(await standing()).to.deep.equal(["expired"]);
    await schedule(world, call);
    await wait(2n * DAY);
    await execute(world, call);
    expect(await standing()).to.deep.equal([]);
    const { differences, underway } = await audit();
    expect([...differences, ...underway]).to.deep.equal([]);
  });

  it("is prepared for by the commands of docs/governance.md, by which a Safe hands its roles on", async () => {
    const { connection, safe, stranger } = world;
    const { abi, bytecode } = packagedArtifact(SAFE_ARTIFACTS.multiSendCallOnly);
    const factory = await connection.ethers.getContractFactory(abi, bytecode);
    const multiSend = await (await factory.deploy()).getAddress();
    const folder = await mkdtemp(join(tmpdir(), "certus-governance-"));
    try {
      const [granting = [], revoking = []] = commands();
      const proposed = async (command: readonly string[], old: string, next: string) => {
        const words = command.map((word) => word.replaceAll("OLD", old).replaceAll("NEW", next));
        const out = join(folder, words[words.indexOf("--out") + 1] ?? "");
        const kept = words.filter((word, i) => word !== "--out" && words[i - 1] !== "--out");
        const more = ["--out", out, "--multi-send", multiSend, ...located];
        const { code, stderr } = await hardhat([...kept, ...more]);
        expect(code, stderr).to.equal(0);
        return readFile(out, "utf8");
      };
      const texts = await Promise.all([
        proposed(granting, safe.address, stranger.address),
        proposed(revoking, stranger.address, safe.address),
      ]);
      // One batch that schedules a call for each role of the Safe.
      const { selector } = world.manager.interface.getFunction("schedule");
      for (const text of texts) expect(text.split(selector.slice(2)).length - 1).to.equal(5);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("fails on every difference that somebody made on the chain, and names each", async () => {
    const { stranger, safe, targets, holders } = world;
    const { id: lister } = roleNamed("LISTER");
    const { id: steward } = roleNamed("STEWARD");
    const {
      together,
      schedule: scheduled,
      execute: executed,
    } = await ofManager(
      ["grantRole", lister, stranger.address, 0],
      ["revokeRole", steward, holders.steward],
      ["grantRole", roleNamed("RISK").id, holders.safe, 60],
      ["setRoleAdmin", lister, steward],
      ["setRoleGuardian", roleNamed("SOURCES").id, 0n],
      ["setGrantDelay", roleNamed("GUARDIAN").id, 0],
      ["labelRole", 9n, "BACKDOOR"],
      ["setTargetClosed", targets.breaker, true],
      ["setTargetAdminDelay", targets.hub, 0],
      ["setTargetFunctionRole", targets.ledger, [selectorOf("ledger", "list")], PUBLIC],
      ["setTargetFunctionRole", stranger.address, ["0x12345678"], lister],
    );
    await safeSends(safe, together(scheduled));
    await wait(7n * DAY);
    await safeSends(safe, together(executed));

    const { differences, state } = await audit();
    expect(state.contradictions).to.deep.equal([]);
    const told = differences.map(({ kind, what }) => `${kind}: ${what}`);
    expect(told.sort()).to.deep.equal(
      [
        `member not expected: ${stranger.address} in LISTER`,
        `member missing: ${holders.steward} in STEWARD`,
        `member delay: delay of ${holders.safe} in RISK`,
        "role admin: admin of LISTER",
        "role guardian: guardian of SOURCES",
        "grant delay: grant delay of GUARDIAN",
        'role not expected: role 9 "BACKDOOR"',
        "closed: the breaker",
        "target delay: admin delay of the hub",
        "function role: ledger.list",
        `target not expected: ${stranger.address}`,
      ].sort(),
    );

    const { code, stdout, stderr } = await hardhat(["access:audit", "--json", ...options]);
    expect(code).to.equal(1);
    expect(stderr).to.equal("The chain differs from deploy/roles.ts in 11 respects.\n");
    expect(at(JSON.parse(stdout), "differences", "length")).to.equal(11);
  });

  it("says what is missing, and what is no contract", async () => {
    const at0 = { rpc: options[1], lens: options.at(-1) };
    const refusal = async (more: Readonly<Record<string, string>>) => {
      const write = process.stderr.write.bind(process.stderr);
      process.stderr.write = () => true;
      try {
        const result: unknown = await tasks.getTask("access:audit").run({ ...at0, ...more });
        return at(result, "error", "message");
      } finally {
        process.stderr.write = write;
      }
    };
    const { safe, steward } = world.holders;
    const { hub, breaker, bounties } = world.targets;
    expect(await refusal({ hub, breaker, bounties, safe })).to.equal(
      "No file below deployments/ names all of this deployment: pass --guardian, --steward.",
    );
    const wrong = { hub, breaker, bounties, safe, steward, guardian: world.stranger.address };
    expect(await refusal(wrong)).to.contain("pass the right address with --guardian");
    expect(await refusal({ ...wrong, guardian: "0x12" })).to.contain("--guardian:");
    const guardian = world.holders.guardian;
    expect(await refusal({ ...wrong, guardian, manager: hub })).to.contain("no access manager");
  });
});
