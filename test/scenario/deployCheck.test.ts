import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { expect } from "chai";
import { dataLength, dataSlice, ZeroAddress } from "ethers";
import type { Result } from "ethers";

import {
  AccessManager__factory,
  IClearinghouse__factory,
  ILens__factory,
} from "../../types/ethers-contracts/index.ts";
import { startOpenChain } from "../helpers/deployedChain.ts";
import type { OpenChain } from "../helpers/deployedChain.ts";
import { runTask } from "../helpers/taskRunner.ts";

const DAY = 86_400;
const [ADMIN, LISTER, GUARDIAN] = [0n, 1n, 6n];

/** What `deploy:check` finds wrong, by what it is wrong about. */
type Wrong = Readonly<Record<string, string>>;

describe("deploy:check", function () {
  this.timeout(120_000);

  let chain: OpenChain;
  let contracts: Readonly<Record<string, string>>;
  let clean: { readonly restore: () => Promise<void> };

  before(async () => {
    chain = await startOpenChain();
    await chain.deploy();
    ({ contracts } = await chain.file());
    clean = await chain.connection.networkHelpers.takeSnapshot();
  });

  after(() => chain?.close());

  afterEach(() => clean.restore());

  const addressOf = (name: string): string => contracts[name] ?? "";
  const codeOf = (name: string) => chain.connection.ethers.provider.getCode(addressOf(name));
  const setCode = (name: string, code: string) =>
    chain.connection.networkHelpers.setCode(addressOf(name), code);

  /** What is wrong; the task has to fail exactly if something is. */
  async function check(): Promise<Wrong> {
    const { url: rpc, deployments } = chain;
    const options = { rpc, deployments, noCompile: true, json: true };
    const { success, stdout, stderr } = await runTask("deploy:check", options);
    const { differences, findings } = JSON.parse(stdout) as {
      readonly differences: number;
      readonly findings: readonly { kind: string; what: string; wrong?: string }[];
    };
    const wrong = findings.filter((each) => each.wrong !== undefined);
    expect(differences).to.equal(wrong.length);
    expect(success).to.equal(differences === 0);
    if (differences > 0) expect(stderr).to.contain(`${differences} of ${findings.length} are not`);
    return Object.fromEntries(
      wrong.map(({ kind, what, wrong }) => [`${kind} ${what}`, `${wrong}`]),
    );
  }

  /** Code with one byte changed. */
  function withByte(code: string, place: number): string {
    const byte = Number(dataSlice(code, place, place + 1)) ^ 1;
    const digits = byte.toString(16).padStart(2, "0");
    return `${dataSlice(code, 0, place)}${digits}${dataSlice(code, place + 1).slice(2)}`;
  }

  /** Lets the Safe do what takes a delay. */
  async function asSafe(target: string, data: string, delay: number): Promise<void> {
    const { ethers, networkHelpers } = chain.connection;
    const safe = addressOf("safe");
    await networkHelpers.setBalance(safe, 10n ** 18n);
    const signer = await ethers.getImpersonatedSigner(safe);
    const manager = AccessManager__factory.connect(addressOf("accessManager"), signer);
    await (await manager.schedule(target, data, 0)).wait();
    await networkHelpers.time.increase(delay);
    await (await manager.execute(target, data)).wait();
  }

  const ofManager = AccessManager__factory.createInterface();

  it("finds nothing where all is as it was deployed", async () => {
    expect(await check()).to.deep.equal({});
  });

  it("finds a changed byte of the project's code, of a package's and of a token's", async () => {
    for (const name of [
      "clearinghouse",
      "circuitBreaker",
      "multiSendCallOnly",
      "entryPoint",
      "usdc",
    ]) {
      const code = await codeOf(name);
      await setCode(name, withByte(code, dataLength(code) - 1));
      const place = dataLength(code) - 1;
      const wrong = await check();
      expect(wrong[`code ${name}`]).to.match(new RegExp(`^byte ${place} of ${place + 1} is 0x`));
      await setCode(name, code);
    }
  });

  it("finds code that is longer, and code that is gone", async () => {
    const code = await codeOf("bounties");
    await setCode("bounties", `${code}00`);
    const size = dataLength(code);
    expect(await check()).to.deep.equal({
      "code bounties": `the code has ${size + 1} bytes, the build ${size}`,
    });
    await setCode("bounties", "0x");
    const wrong = await check();
    expect(wrong["code bounties"]).to.equal("there is no code");
    expect(wrong["wiring bounties.LEDGER"]).to.match(/^it is silent, not clearinghouse 0x/);
  });

  it("finds an immutable that points elsewhere, by the code's hash and by the wire", async () => {
    const code = await codeOf("lens");
    const [ledger, annex] = ["clearinghouse", "annex"].map((name) =>
      addressOf(name).slice(2).toLowerCase(),
    );
    await setCode("lens", code.replaceAll(ledger ?? "", annex ?? ""));
    const wrong = await check();
    expect(wrong["code lens"]).to.equal("it is not the code that was deployed");
    expect(wrong["wiring lens.ledger"]).to.equal(
      `it is ${addressOf("annex")}, not clearinghouse ${addressOf("clearinghouse")}`,
    );
  });

  it("finds a library that is not the one that was linked", async () => {
    const code = await codeOf("annex");
    const [listing, lens] = ["listing", "lens"].map((name) =>
      addressOf(name).slice(2).toLowerCase(),
    );
    await setCode("annex", code.replaceAll(listing ?? "", lens ?? ""));
    expect(await check()).to.deep.equal({
      "code annex": `library Listing is ${addressOf("lens")}, not ${addressOf("listing")}`,
    });
  });

  it("finds a file that was changed", async () => {
    const path = join(chain.deployments, "localhost.json");
    const file = await chain.file();
    const { code, ...rest } = file;
    const other = { ...rest.contracts, settlementOracle: rest.contracts["chainlinkSettlement"] };
    const fewer = { ...code, annex: undefined };
    await writeFile(path, JSON.stringify({ ...rest, contracts: other, code: fewer }));
    try {
      const wrong = await check();
      expect(wrong["code settlementOracle"]).to.match(/^the code has \d+ bytes, the build \d+$/);
      expect(wrong["wiring settlementOracle.HUB"]).to.match(/^it is silent/);
      expect(wrong["code annex"]).to.equal("it is not the code that was deployed");
    } finally {
      await writeFile(path, JSON.stringify(file));
    }
  });

  it("finds another access manager and another treasury", async () => {
    const { ethers, networkHelpers } = chain.connection;
    const manager = addressOf("accessManager");
    const ledger = IClearinghouse__factory.createInterface();
    const data = ledger.encodeFunctionData("setTreasury", [addressOf("weth")]);
    await asSafe(addressOf("clearinghouse"), data, 7 * DAY);
    await networkHelpers.setBalance(manager, 10n ** 18n);
    const signer = await ethers.getImpersonatedSigner(manager);
    const front = new ethers.Contract(
      addressOf("circuitBreaker"),
      ["function setAuthority(address)"],
      signer,
    );
    await front.getFunction("setAuthority")(addressOf("guardian"));
    const wrong = await check();
    expect(wrong["wiring clearinghouse.treasury"]).to.contain(`it is ${addressOf("weth")}`);
    expect(wrong["wiring circuitBreaker.authority"]).to.contain(`it is ${addressOf("guardian")}`);
  });

  it("finds roles that the deployer has, that are given up, and whose delay is another", async () => {
    const { ethers, networkHelpers } = chain.connection;
    const [manager, guardian] = [addressOf("accessManager"), addressOf("guardian")];
    const { deployer } = await chain.file();
    const grants: [bigint, string, number][] = [
      [ADMIN, deployer, 0],
      [LISTER, addressOf("safe"), 3_600],
    ];
    for (const grant of grants) {
      await asSafe(manager, ofManager.encodeFunctionData("grantRole", grant), 7 * DAY);
    }
    await networkHelpers.setBalance(guardian, 10n ** 18n);
    const signer = await ethers.getImpersonatedSigner(guardian);
    await AccessManager__factory.connect(manager, signer).renounceRole(GUARDIAN, guardian);
    await networkHelpers.time.increase(7 * DAY);
    expect(await check()).to.deep.equal({
      "role ADMIN not of the deployer": `the deployer ${deployer} has it still`,
      "role LISTER of safe": "its delay is 3600 s, not 172800 s",
      "role GUARDIAN of guardian": `${guardian} does not have it`,
    });
  });

  it("finds a market that somebody else guards", async () => {
    const { provider } = chain.connection.ethers;
    const { views } = await ILens__factory.connect(addressOf("lens"), provider).markets(0n, 1n);
    const terms = (views[0]?.terms as unknown as Result).toObject();
    const data = IClearinghouse__factory.createInterface().encodeFunctionData("list", [
      { ...terms, guard: ZeroAddress } as never,
    ]);
    await asSafe(addressOf("clearinghouse"), data, 2 * DAY);
    const wrong = Object.values(await check());
    expect(wrong).to.deep.equal([`it is ${ZeroAddress}, not ${addressOf("circuitBreaker")}`]);
  });

  it("says what to do where nothing is written down", async () => {
    const options = {
      rpc: chain.url,
      deployments: join(chain.deployments, "none"),
      noCompile: true,
    };
    const { success, stderr } = await runTask("deploy:check", options);
    expect(success).to.equal(false);
    expect(stderr).to.contain("No deployment on chain 31337 is written down: npx hardhat deploy");
  });
});
