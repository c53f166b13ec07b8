import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";

import { expect } from "chai";
import { AbiCoder } from "ethers";
import { createHardhatRuntimeEnvironment } from "hardhat/hre";

import { baseSepolia } from "../../deploy/parameters/baseSepolia.ts";
import userConfig from "../../hardhat.config.ts";
import { root } from "../../scripts/lib/proc.ts";
import { CANONICAL_ENTRY_POINT, CANONICAL_SAFE } from "../../tasks/lib/deploy/shared.ts";
import { bodyOf } from "../helpers/rpcProxy.ts";
import { runTask } from "../helpers/taskRunner.ts";
import type { TaskRun } from "../helpers/taskRunner.ts";
import { environmentOf, startTestnet } from "../helpers/testnet.ts";
import type { Testnet } from "../helpers/testnet.ts";

/** A form that sources are handed in with. */
type Form = Readonly<Record<string, string>>;

describe("deploy --verify", function () {
  this.timeout(120_000);

  let testnet: Testnet;
  let explorer: Server;
  let deploy: () => Promise<TaskRun>;
  const names: string[] = [];
  /** Addresses whose sources the explorer lacks. */
  const lacking = new Set<string>();
  const forms: Form[] = [];

  /** What Blockscout answers. */
  function answer(query: URLSearchParams, form: Form): unknown {
    const action = query.get("action") ?? form["action"];
    if (action === "getsourcecode") {
      const known = !lacking.has(query.get("address") ?? "");
      return { status: "1", message: "OK", result: [known ? { SourceCode: "known" } : {}] };
    }
    if (action === "verifysourcecode") {
      forms.push(form);
      return { status: "0", message: "NOTOK", result: "The sources are not those of the code" };
    }
    throw new Error(`the explorer does not know ${action}`);
  }

  before(async () => {
    const shared = { safe: CANONICAL_SAFE, entryPoint: CANONICAL_ENTRY_POINT };
    testnet = await startTestnet(baseSepolia, shared);
    for (const [name, value] of Object.entries(environmentOf(baseSepolia, testnet.url))) {
      process.env[name] = value;
      names.push(name);
    }
    explorer = createServer((request, response) => {
      void bodyOf(request).then((body) => {
        const { searchParams } = new URL(request.url ?? "/", "http://explorer");
        const told = answer(searchParams, Object.fromEntries(new URLSearchParams(body)));
        response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(told));
      });
    });
    await new Promise<void>((resolve) => explorer.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(explorer.address() as AddressInfo).port}`;
    const hre = await createHardhatRuntimeEnvironment(
      {
        ...userConfig,
        verify: { etherscan: { enabled: false }, sourcify: { enabled: false } },
        chainDescriptors: {
          [baseSepolia.chainId]: {
            name: "Base Sepolia",
            chainType: "op",
            blockExplorers: { blockscout: { url, apiUrl: `${url}/api` } },
          },
        },
      },
      { network: "baseSepolia" },
      root,
    );
    const options = { from: "0", deployments: testnet.folder, noCompile: true, solo: true };
    deploy = () => runTask("deploy", { ...options, verify: true, json: true }, hre);
  });

  after(async () => {
    explorer?.close();
    for (const name of names) Reflect.deleteProperty(process.env, name);
    await testnet?.close();
  });

  it("shows the sources of all that was built here, and fails while one is not shown", async () => {
    const first = await deploy();
    expect(first.success, first.stderr).to.equal(true);
    const { contracts, code, shown } = JSON.parse(first.stdout) as {
      readonly contracts: Form;
      readonly code: Readonly<Record<string, { artifact?: string; shared: boolean }>>;
      readonly shown: readonly { address: string; verified: string[] }[];
    };
    const built = Object.entries(code).filter(
      ([, { artifact, shared }]) => !shared && artifact?.endsWith(".json") === false,
    );
    expect(shown.map(({ address }) => address)).to.have.members(
      built.map(([name]) => contracts[name]),
    );
    expect(shown.every(({ verified }) => verified.join() === "blockscout")).to.equal(true);

    const {
      clearinghouse = "",
      accessManager = "",
      annex = "",
      deployer,
    } = {
      ...contracts,
      deployer: (JSON.parse(first.stdout) as { deployer: string }).deployer,
    };
    lacking.add(clearinghouse);
    const second = await deploy();
    expect(second.success).to.equal(false);
    expect(second.stderr).to.contain("The sources of 1 of 15 contracts are on no explorer");
    const [form] = forms;
    expect(form?.["contractname"]).to.match(/contracts\/Clearinghouse\.sol:Clearinghouse$/);
    expect(form?.["compilerversion"]).to.match(/^v0\.8\.37\+/);
    const arguments_ = AbiCoder.defaultAbiCoder().encode(
      ["address", "address", "address"],
      [accessManager, deployer, annex],
    );
    expect(Object.values(form ?? {})).to.include(arguments_.slice(2));
  });
});
