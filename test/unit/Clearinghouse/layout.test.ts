import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { expect } from "chai";
import { AbiCoder, ZeroAddress, id as hashOf, keccak256 } from "ethers";
import hre from "hardhat";
import solc from "solc";

import { buildOutputOf } from "../../../scripts/lib/build-output.ts";
import { root } from "../../../scripts/lib/proc.ts";
import { storageOf } from "../../../scripts/lib/storage-layout.ts";
import type { SolcStorageLayout } from "../../../scripts/lib/storage-layout.ts";
import { Annex__factory, IClearinghouse__factory } from "../../../types/ethers-contracts/index.ts";
import { connect } from "../../fixtures/connection.ts";
import { put } from "../../fixtures/ids.ts";
import { manyArgs, manyCall } from "../../fixtures/takes.ts";
import { usd } from "../../fixtures/units.ts";
import { deployOpen } from "../../fixtures/world.ts";
import type { World } from "../../fixtures/world.ts";

const connection = await connect();
const { ethers, networkHelpers } = connection;

async function opened() {
  const world = await deployOpen(connection);
  const annexAddress = await world.ledger.annex();
  return { ...world, annexAddress, annex: IClearinghouse__factory.connect(annexAddress) };
}

const FRONT = "contracts/Clearinghouse.sol";
const BACK = "contracts/Annex.sol";

/** Rows of variables, and of the structs in them. */
interface Layout {
  readonly variables: readonly string[];
  readonly structs: Readonly<Record<string, readonly string[]>>;
}

async function stored(source: string, name: string): Promise<Layout> {
  const { layout } = await buildOutputOf(`${source}:${name}`);
  return storageOf(layout) as unknown as Layout;
}

interface Transients {
  readonly contracts: Record<string, Record<string, { transientStorageLayout: SolcStorageLayout }>>;
}

/** The compiler's word on transient variables, which the build does not ask for. */
async function transients(source: string, name: string): Promise<Layout> {
  const buildId = await hre.artifacts.getBuildInfoId(`${source}:${name}`);
  const path = buildId === undefined ? undefined : await hre.artifacts.getBuildInfoPath(buildId);
  if (path === undefined) throw new Error(`no build of ${source}`);
  const { input } = JSON.parse(await readFile(path, "utf8")) as {
    input: { settings: { outputSelection: unknown } };
  };
  const outputSelection = { [`project/${source}`]: { [name]: ["transientStorageLayout"] } };
  input.settings = { ...input.settings, outputSelection };
  const compile = solc.compile as (input: string) => string;
  const { contracts } = JSON.parse(compile(JSON.stringify(input))) as Transients;
  const layout = contracts[`project/${source}`]?.[name]?.transientStorageLayout;
  if (layout === undefined) throw new Error(`${source} does not compile`);
  return storageOf(layout) as unknown as Layout;
}

/** A call of the annex by itself, and what it comes to; an error of nobody: it holds, and is of no use. */
interface Alone {
  readonly call: (world: World) => readonly unknown[] | Promise<readonly unknown[]>;
  readonly error?: string;
  readonly args?: (world: World, caller: string) => readonly unknown[];
}

const LEGS = [put(usd(2_000), 1n)];

/** Everything that the annex's own ABI lets one change. The caller is the taker, for its own account. */
const ALONE: Readonly<Record<string, Alone>> = {
  list: {
    call: ({ linearTerms }) => [linearTerms],
    error: "AccessManagedUnauthorized",
    args: (_, caller) => [caller],
  },
  retire: {
    call: ({ linear }) => [linear],
    error: "AccessManagedUnauthorized",
    args: (_, caller) => [caller],
  },
  setAuthority: {
    call: ({ address }) => [address],
    error: "AccessManagedUnauthorized",
    args: (_, caller) => [caller],
  },
  setGuard: {
    call: ({ linear }) => [linear, 0n, 0n, 1n],
    error: "MarketUnknown",
    args: ({ linear }) => [linear],
  },
  openBook: {
    call: ({ linear, expiry }) => [linear, expiry],
    error: "MarketUnknown",
    args: ({ linear }) => [linear],
  },
  fillMany: {
    call: async (world) => manyArgs(await manyCall(world)),
    error: "BookNotOpen",
    args: ({ linearBook }) => [linearBook],
  },
  wrap: {
    call: ({ taker, linearBook }) => [taker.account, linearBook, LEGS, 1n],
    error: "BookNotOpen",
    args: ({ linearBook }) => [linearBook],
  },
  unwrap: {
    call: ({ taker, linearBook }) => [taker.account, linearBook, LEGS, 1n],
    error: "BookNotOpen",
    args: ({ linearBook }) => [linearBook],
  },
  redeem: {
    call: ({ taker, linearBook }) => [linearBook, LEGS, 1n, taker.address],
    error: "BookNotOpen",
    args: ({ linearBook }) => [linearBook],
  },
  transfer: {
    call: ({ maker, linearBook }) => [maker.address, linearBook | usd(2_000), 1n],
    error: "ERC6909InsufficientBalance",
    args: ({ linearBook }, caller) => [caller, 0n, 1n, linearBook | usd(2_000)],
  },
  transferFrom: {
    call: ({ maker, stranger }) => [maker.address, stranger.address, 7n, 1n],
    error: "ERC6909InsufficientAllowance",
    args: (_, caller) => [caller, 0n, 1n, 7n],
  },
  approve: { call: ({ maker }) => [maker.address, 7n, 1n] },
  setOperator: { call: ({ maker }) => [maker.address, true] },
};

describe("Clearinghouse", () => {
  describe("layout of its two halves", () => {
    it("keeps the ledger's variables where the annex keeps them, packages and the list of markets behind", async () => {
      const front = await stored(FRONT, "Clearinghouse");
      const back = await stored(BACK, "Annex");
      const { length } = front.variables;
      expect(length).to.be.greaterThan(10);
      expect(back.variables.slice(0, length)).to.deep.equal(front.variables);
      const behind = back.variables.slice(length).map((row) => row.split(" ").at(-1));
      expect(behind).to.deep.equal(["_balances", "_operatorApprovals", "_allowances", "_listed"]);
    });

    it("has one layout of each struct", async () => {
      const front = await stored(FRONT, "Clearinghouse");
      const back = await stored(BACK, "Annex");
      expect(Object.keys(front.structs)).to.have.length.greaterThan(2);
      expect(back.structs).to.deep.equal(front.structs);
    });

    it("shares the one transient variable, the context", async () => {
      const front = await transients(FRONT, "Clearinghouse");
      expect(front.variables).to.deep.equal(["slot 0 offset 0: uint256 _context"]);
      expect(await transients(BACK, "Annex")).to.deep.equal(front);
    });

    it("queues at a place by its name, as in ERC-7201, far from what the compiler lays out", async () => {
      const source = await readFile(join(root, "contracts/libraries/Queue.sol"), "utf8");
      const [, slot] = /LENGTH = (0x[0-9a-f]{64});/.exec(source) ?? [];
      const inner = BigInt(hashOf("certus.batch.queue")) - 1n;
      const outer = keccak256(AbiCoder.defaultAbiCoder().encode(["uint256"], [inner]));
      expect(BigInt(slot ?? 0n)).to.equal((BigInt(outer) >> 8n) << 8n);
    });
  });

  describe("annex, called by itself", () => {
    const changing: string[] = [];
    Annex__factory.createInterface().forEachFunction(({ name, constant }) => {
      if (!constant) changing.push(name);
    });

    it("has no function that is not tried here", () => {
      expect(Object.keys(ALONE).sort()).to.deep.equal([...changing].sort());
    });

    for (const [name, { call, error, args }] of Object.entries(ALONE)) {
      const answer =
        error === undefined ? "holds, of packages that are not there," : `reverts with ${error}`;
      it(`${answer} for ${name}`, async () => {
        const world = await networkHelpers.loadFixture(opened);
        const { annex, taker } = world;
        const own = annex.connect(taker.signer).getFunction(name);
        const sent = own.send(...(await call(world)));
        if (error === undefined) {
          await sent;
          expect(await annex.connect(taker.signer).balanceOf(taker.address, 7n)).to.equal(0n);
          return;
        }
        await expect(sent)
          .to.be.revertedWithCustomError(world.ledger, error)
          .withArgs(...(args?.(world, taker.address) ?? []));
      });
    }

    it("does not let the admin of the ledger list either", async () => {
      const { annex, admin, linearTerms } = await networkHelpers.loadFixture(opened);
      await expect(annex.connect(admin).list(linearTerms))
        .to.be.revertedWithCustomError(annex, "AccessManagedUnauthorized")
        .withArgs(admin.address);
      expect(await annex.connect(admin).authority()).to.equal(ZeroAddress);
    });

    it("takes no tokens, knows no market, and has nothing of the ledger's other half", async () => {
      const world = await networkHelpers.loadFixture(opened);
      const { annex, taker, linear, quoteAddress } = world;
      const own = annex.connect(taker.signer);
      expect((await own.guardOf(linear)).listed).to.equal(false);
      expect(await own.marketCount()).to.equal(0n);
      await expect(own.deposit(taker.account, quoteAddress, 1n)).to.be.revertedWithoutReason(
        ethers,
      );
      await expect(own.batch([])).to.be.revertedWithoutReason(ethers);
    });
  });
});
