import { expect } from "chai";
import { AbiCoder, keccak256 } from "ethers";

import {
  operationDomain,
  operationHash,
  operationOf,
} from "../../../../scripts/lib/guardian/userOperation.ts";
import { payingOf, transactionGas } from "../../../../tasks/lib/guardian/gas.ts";
import { gasOf, hashesOf, nonceOf, proposalOf } from "../../../../tasks/lib/guardian/proposal.ts";
import { parseProposal, proposalJson } from "../../../../tasks/lib/guardian/proposalFile.ts";
import { sendable } from "../../../../tasks/lib/guardian/signatures.ts";
import { merged } from "../../../../tasks/lib/multisig/signatures.ts";
import { toJson } from "../../../../tasks/lib/print.ts";
import { altered, TREASURY } from "../multisig/proposals.ts";
import {
  ACCOUNT,
  BREAKER_AT,
  GAS,
  GUARDIAN_AT,
  HALT,
  madeOf,
  NONCE,
  P256,
  signedBy,
  THRESHOLD,
  WHERE,
} from "./proposals.ts";

const proposal = signedBy(madeOf([HALT, THRESHOLD]), ACCOUNT);
const file = toJson(proposalJson(proposal));
const account = {
  ...{ address: GUARDIAN_AT, entryPoint: WHERE.entryPoint, deposit: 10n ** 15n, balance: 0n },
  ...{ signers: [ACCOUNT.signer, P256.signer], threshold: 2 },
};

describe("tasks/lib/guardian/proposalFile", () => {
  it("reads what it writes", () => {
    expect(parseProposal(file)).to.deep.equal(proposal);
    expect(gasOf(proposal)).to.deep.equal(GAS);
    expect(nonceOf(proposal)).to.deep.equal({ key: 7n, sequence: 0n });
  });

  it("tells the calls", () => {
    expect(proposalJson(proposal).calls.map(({ text }) => text)).to.deep.equal([
      "impose(market: 0x0000000000000000000000000000000700000000000000000000000000000000, level: 2, duration: 21600)",
      "setThreshold(newThreshold: 1)",
    ]);
  });

  it("has the hash that every key signs, as the entry point makes it", () => {
    const { operation } = proposal;
    const { operationHash: hash, challenge } = hashesOf(proposal);
    expect(hash).to.equal(
      operationHash(operation, operationDomain(WHERE.chainId, WHERE.entryPoint)),
    );
    expect(Buffer.from(challenge, "base64url").toString("hex")).to.equal(hash.slice(2));
  });

  const word = `0x${"ab".repeat(32)}`;
  const other = signedBy(madeOf([HALT]), P256);
  for (const [what, path, value, message] of [
    ["another text of a call", ["calls", 0, "text"], "nothing", "calls is not what"],
    ["another receiver of a call", ["calls", 0, "to"], GUARDIAN_AT, "calls is not what"],
    ["a call left out", ["calls"], [], "calls is not what"],
    ["another hash", ["operationHash"], word, "operationHash is not what its transaction says"],
    ["another chain", ["chainId"], "1", "operationHash is not what"],
    ["another guardian", ["guardian"], BREAKER_AT, "operationHash is not what"],
    ["another entry point", ["entryPoint"], BREAKER_AT, "operationHash is not what"],
    ["another nonce key", ["nonceKey"], "8", "nonceKey is not what"],
    ["another nonce inside", ["operation", "nonce"], "1", "operationHash is not what"],
    ["another fee", ["operation", "maxFeePerGas"], "1", "operationHash is not what"],
    [
      "other call data",
      ["operation", "callData"],
      other.operation.callData,
      "operationHash is not what",
    ],
    ["call data that is no batch", ["operation", "callData"], "0x12345678", "is no batch of calls"],
    ["another format", ["format"], "certus-multisig-1", "its format is not certus-guardian-1"],
    ["more gas than there is", ["operation", "callGas"], `1${"0".repeat(40)}`, "is more than"],
    ["a signer that is none", ["signatures", 0, "signer"], "0x1234", "shorter than an address"],
    ["a signature that is none", ["signatures", 0, "signature"], "sig", "signature is no hex"],
  ] as const) {
    it(`refuses ${what}`, () => {
      expect(() => parseProposal(altered(file, path, value))).to.throw(message);
    });
  }

  it("refuses two signatures of one key", () => {
    const [entry] = proposalJson(proposal).signatures;
    const twice = altered(file, ["signatures"], [entry, entry]);
    expect(() => parseProposal(twice)).to.throw("has signed twice");
  });

  it("refuses a batch with something hidden behind it, though its hash is right", () => {
    const { callData } = proposal.operation;
    for (const hidden of [`${callData}00`, `${callData}${"00".repeat(32)}`]) {
      const operation = operationOf(GUARDIAN_AT, NONCE, hidden, GAS);
      const { hash } = proposalOf(WHERE, operation);
      const forged = altered(file, ["operation", "callData"], hidden);
      expect(() => parseProposal(altered(forged, ["operationHash"], hash))).to.throw(
        "no batch of calls",
      );
    }
  });

  it("merges files of one operation, and refuses those of others", () => {
    const bare = { ...proposal, signatures: new Map<string, string>() };
    const both = merged([proposal, signedBy(bare, P256)], ["a.json", "b.json"]);
    expect([...both.signatures.keys()]).to.deep.equal([ACCOUNT.signer, P256.signer]);
    expect(() => merged([proposal, signedBy(madeOf([TREASURY]), P256)], ["a", "b"])).to.throw(
      "only files of one can be merged",
    );
  });
});

describe("tasks/lib/guardian: sending", () => {
  const all = signedBy(proposal, P256, ACCOUNT);
  const decoded = (threshold: number) =>
    AbiCoder.defaultAbiCoder().decode(
      ["bytes[]", "bytes[]"],
      sendable({ ...account, threshold }, all).signature,
    );

  it("takes the cheapest signatures, in the order that the guardian reads best", () => {
    const [one] = decoded(1) as unknown as [string[]];
    expect([...one]).to.deep.equal([ACCOUNT.signer]);
    const [two, signatures] = decoded(2) as unknown as [string[], string[]];
    const ids = [...two].map((signer) => keccak256(signer));
    expect(ids).to.deep.equal(ids.toSorted());
    expect([...two].map((signer) => all.signatures.get(signer))).to.deep.equal([...signatures]);
  });

  it("knows what the deposit has to have, and how much gas the transaction takes", () => {
    expect(payingOf(account, proposal)).to.deep.equal({
      needed: 750_000n * GAS.maxFee,
      lacking: 5n * 10n ** 14n,
    });
    expect(payingOf({ ...account, balance: 10n ** 18n }, proposal).lacking).to.equal(0n);
    // The entry point wants the calls' gas to be 63 parts of 64.
    expect((transactionGas(GAS) - GAS.verification - GAS.preVerification) * 63n).to.be.greaterThan(
      GAS.call * 64n,
    );
  });
});
