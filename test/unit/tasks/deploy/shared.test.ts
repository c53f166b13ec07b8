import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { expect } from "chai";
import { getAddress } from "ethers";

import { CHAINS } from "../../../../deploy/parameters/index.ts";
import type { SafeContract } from "../../../../deploy/parts/packaged.ts";
import { CANONICAL_ENTRY_POINT, CANONICAL_SAFE } from "../../../../tasks/lib/deploy/shared.ts";

/** Files of Safe's own list of deployments, by the names of contracts here. */
const PUBLISHED: Readonly<Record<SafeContract, string>> = {
  safeSingleton: "safe_l2",
  safeProxyFactory: "safe_proxy_factory",
  safeFallbackHandler: "compatibility_fallback_handler",
  safeExtensibleFallbackHandler: "extensible_fallback_handler",
  multiSend: "multi_send",
  multiSendCallOnly: "multi_send_call_only",
  signMessageLib: "sign_message_lib",
  createCall: "create_call",
  simulateTxAccessor: "simulate_tx_accessor",
};

describe("tasks/lib/deploy/shared", () => {
  for (const [name, file] of Object.entries(PUBLISHED)) {
    it(`works out the address of ${name} that Safe publishes`, () => {
      const specifier = `@safe-global/safe-deployments/dist/assets/v1.5.0/${file}.json`;
      const text = readFileSync(fileURLToPath(import.meta.resolve(specifier)), "utf8");
      const { deployments } = JSON.parse(text) as {
        readonly deployments: { readonly canonical: { readonly address: string } };
      };
      expect(CANONICAL_SAFE[name as SafeContract]).to.equal(deployments.canonical.address);
    });
  }

  it("works out the entry point's address that everybody knows", () => {
    expect(CANONICAL_ENTRY_POINT).to.equal("0x4337084D9E255Ff0702461CF8895CE9E3b5Ff108");
  });
});

describe("deploy/parameters", () => {
  for (const { name, local, feed, redStone, uptimeFeed, finality } of CHAINS) {
    it(`has addresses of ${name} with their checksums, and where they are from`, () => {
      const known = [feed?.proxy, uptimeFeed, ...(redStone?.signers ?? [])];
      for (const address of known.filter((each) => each !== undefined)) {
        expect(getAddress(address.toLowerCase())).to.equal(address);
      }
      for (const source of [feed?.source, redStone?.source]) {
        if (local) expect(source).to.equal(undefined);
        else expect(source).to.be.a("string").with.length.greaterThan(10);
      }
      // Only a chain of one's own is taken at its first word.
      expect(finality.kind === "confirmations" && finality.confirmations === 1).to.equal(local);
    });
  }

  it("names every chain once", () => {
    expect(new Set(CHAINS.map(({ chainId }) => chainId)).size).to.equal(CHAINS.length);
    expect(new Set(CHAINS.map(({ name }) => name)).size).to.equal(CHAINS.length);
  });
});
