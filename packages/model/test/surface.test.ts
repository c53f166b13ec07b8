import { expect } from "chai";
import fc from "fast-check";
import { readFileSync, readdirSync } from "node:fs";
import {
  BREAKER_ERRORS,
  FIXING_ERRORS,
  FOREIGN_ERRORS,
  HUB_ERRORS,
  LEDGER_ERRORS,
  ORACLE_ERRORS,
  SOURCE_ERRORS,
  TOKEN_ERRORS,
  findAccount,
} from "@certus/model";
import type { LedgerEvent } from "@certus/model";
import { createCampaign } from "./helpers/campaign.ts";
import { leave } from "./helpers/ending.ts";
import { steps, takeStep } from "./helpers/operations.ts";
import {
  ALICE,
  EXPIRY,
  NO_PROOF,
  STRANGER,
  createScene,
  expectOk,
  from,
  leg,
} from "./helpers/scene.ts";

const interfaces = new URL("../../../contracts/interfaces/", import.meta.url);
const libraries = new URL("../../../node_modules/@openzeppelin/contracts/", import.meta.url);

/** Names of the parameters of every error or event that a file declares. */
function declared(
  kind: "error" | "event",
  file: string,
  folder = interfaces,
): Map<string, readonly string[]> {
  const source = readFileSync(new URL(file, folder), "utf8");
  const declarations = source.matchAll(new RegExp(`^\\s*${kind} (\\w+)\\(([^)]*)\\);`, "gm"));
  return new Map(
    [...declarations].map(([, name = "", parameters = ""]) => {
      const names = parameters.split(",").map((each) => each.trim().split(/\s+/).at(-1) ?? "");
      return [name, names.filter((each) => each !== "")];
    }),
  );
}

function sorted(catalogue: Iterable<readonly [string, readonly string[]]>): unknown {
  return [...catalogue].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** One event of every kind, from calls. */
function everyEvent(): readonly LedgerEvent[] {
  const campaigns = fc.array(steps, { minLength: 40, maxLength: 60, size: "max" });
  const events = fc.sample(campaigns, { numRuns: 40, seed: 7 }).flatMap((sequence) => {
    const campaign = createCampaign();
    for (const step of sequence) takeStep(campaign, step);
    leave(campaign, 30n);
    return campaign.log.map(({ event }) => event);
  });
  const { ledger, linear, alice } = createScene();
  const uncovered = { collateral: 1n, settled: false, legs: [leg("put", 9_000, -1)] };
  findAccount(ledger.state, alice)?.positions.set(linear.key, uncovered);
  expectOk(ledger.fixPrice(from(STRANGER, EXPIRY), linear.book, NO_PROOF));
  expectOk(ledger.settle(from(STRANGER, EXPIRY), linear.book, [alice]), events);
  expectOk(ledger.approve(from(STRANGER), ALICE, 1n, 1n), events);
  return events;
}

describe("surface", () => {
  describe("errors", () => {
    it("are those that the interfaces declare, with their parameters", () => {
      const ledger = declared("error", "ICertusErrors.sol");
      expect(ledger.size > 60, "the interface was read").to.equal(true);
      expect(sorted(Object.entries(LEDGER_ERRORS))).to.deep.equal(sorted(ledger));
      const token = declared("error", "token/ERC6909/ERC6909.sol", libraries);
      expect(sorted(Object.entries(TOKEN_ERRORS))).to.deep.equal(sorted(token));
      const every = declared("error", "ISettlementOracle.sol");
      const oracle = new Map([...declared("error", "IChainlinkSettlement.sol"), ...every]);
      expect(sorted(Object.entries(ORACLE_ERRORS))).to.deep.equal(sorted(oracle));
      const hub = declared("error", "IOracleHub.sol");
      expect(sorted(Object.entries(HUB_ERRORS))).to.deep.equal(sorted(hub));
    });

    it("of fixings from several sources are those of their interface, and those of every oracle", () => {
      const own = declared("error", "IMultiSourceSettlement.sol");
      // The model has no fees, and no encoding that could be malformed.
      const unmodelled = ["FeesMismatch", "ProofsMalformed"];
      for (const name of unmodelled) expect(own.delete(name)).to.equal(true);
      expect(sorted(Object.entries(FIXING_ERRORS))).to.deep.equal(sorted(own));
    });

    it("of the circuit breaker are those of its interface", () => {
      const own = declared("error", "ICircuitBreaker.sol");
      // The model deploys nothing.
      expect(own.delete("BreakerWithoutCode")).to.equal(true);
      expect(sorted(Object.entries(BREAKER_ERRORS))).to.deep.equal(sorted(own));
    });

    it("are each asserted by name in a test", () => {
      const here = new URL("./", import.meta.url);
      const tests = readdirSync(here).filter((file) => file.endsWith(".test.ts"));
      const text = tests.map((file) => readFileSync(new URL(file, here), "utf8")).join("\n");
      const asserted = new Set([...text.matchAll(/"([A-Z]\w+)"/g)].map(([, name]) => name));
      const own = { ...LEDGER_ERRORS, ...TOKEN_ERRORS };
      const names = Object.keys({
        ...own,
        ...FOREIGN_ERRORS,
        ...ORACLE_ERRORS,
        ...SOURCE_ERRORS,
        ...HUB_ERRORS,
        ...FIXING_ERRORS,
        ...BREAKER_ERRORS,
      });
      expect(names.filter((name) => !asserted.has(name))).to.deep.equal([]);
    });
  });

  describe("events", () => {
    it("are those that the interface declares, with their parameters in order", () => {
      const emitted = new Map(everyEvent().map(({ name, args }) => [name, Object.keys(args)]));
      const own = declared("event", "ICertusEvents.sol");
      const token = declared("event", "interfaces/IERC6909.sol", libraries);
      expect(sorted(emitted)).to.deep.equal(sorted([...own, ...token]));
    });
  });
});
