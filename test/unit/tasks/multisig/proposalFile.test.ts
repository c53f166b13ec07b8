import { expect } from "chai";
import { hashMessage, SigningKey, TypedDataEncoder } from "ethers";

import { hashesOf, isRejection, proposalOf } from "../../../../tasks/lib/multisig/proposal.ts";
import { parseProposal, proposalJson } from "../../../../tasks/lib/multisig/proposalFile.ts";
import { merged } from "../../../../tasks/lib/multisig/signatures.ts";
import { toJson } from "../../../../tasks/lib/print.ts";
import {
  altered,
  BATCH_AT,
  batchOf,
  dataOf,
  LEDGER_AT,
  OWNERS,
  SAFE_AT,
  SCHEDULE,
  sign,
  signed,
  TREASURY,
} from "./proposals.ts";

const [alice, bob] = OWNERS;
if (alice === undefined || bob === undefined) throw new Error("no owners");

const proposal = signed(batchOf([SCHEDULE, TREASURY]), alice);
const file = toJson(proposalJson(proposal));

describe("tasks/lib/multisig/proposalFile", () => {
  it("reads what it writes", () => {
    expect(parseProposal(file)).to.deep.equal(proposal);
  });

  it("tells the calls of a batch, and what they carry", () => {
    const { calls } = proposalJson(proposal);
    expect(calls.map(({ text }) => text)).to.deep.equal([
      `schedule(target: ${LEDGER_AT}, data: …, when: 0)`,
      `setTreasury(newTreasury: ${SCHEDULE.to})`,
    ]);
    expect(calls[0]?.calls[0]?.text).to.equal(
      "retire(market: 0x0000000000000000000000000000000700000000000000000000000000000000)",
    );
  });

  it("makes the hashes that EIP-712 makes of a Safe's transaction", () => {
    const fields = ["to address", "value uint256", "data bytes", "operation uint8"];
    const gas = ["safeTxGas uint256", "baseGas uint256", "gasPrice uint256", "gasToken address"];
    const types = [...fields, ...gas, "refundReceiver address", "nonce uint256"].map((field) => {
      const [name = "", type = ""] = field.split(" ");
      return { name, type };
    });
    const domain = { chainId: 31_337n, verifyingContract: SAFE_AT };
    const { data } = proposal;
    expect(hashesOf(proposal)).to.deep.equal({
      safeTxHash: TypedDataEncoder.hash(domain, { SafeTx: types }, data),
      domainHash: TypedDataEncoder.hashDomain(domain),
      messageHash: TypedDataEncoder.from({ SafeTx: types }).hash(data),
    });
  });

  const twice = { owner: alice.address.toLowerCase(), signature: sign(alice, proposal) };
  const word = `0x${"ab".repeat(32)}`;
  for (const [what, path, value, message] of [
    ["another text of a call", ["calls", 1, "text"], "nothing", "calls is not what"],
    ["another text of a call inside", ["calls", 0, "calls", 0, "text"], "x", "calls is not what"],
    ["another receiver of a call", ["calls", 1, "to"], SAFE_AT, "calls is not what"],
    ["a call left out", ["calls"], [], "calls is not what"],
    [
      "another hash",
      ["safeTxHash"],
      word,
      `safeTxHash is not what its transaction says, which is ${proposal.hash}: somebody has`,
    ],
    ["another chain", ["chainId"], "1", "safeTxHash is not what"],
    ["another Safe", ["safe"], LEDGER_AT, "safeTxHash is not what"],
    ["another version", ["version"], "1.0.0", "safeTxHash is not what"],
    ["another nonce", ["nonce"], 4, "nonce is not what its transaction says, which is 3"],
    ["another nonce inside", ["transaction", "nonce"], 4, "safeTxHash is not what"],
    ["another receiver inside", ["transaction", "to"], SAFE_AT, "safeTxHash is not what"],
    ["another operation", ["transaction", "operation"], 2, "operation is neither 0 nor 1"],
    ["another format", ["format"], "certus-multisig-2", "its format is not"],
    ["no calls", ["calls"], undefined, "calls is not what"],
    ["no signatures", ["signatures"], undefined, "signatures is no list"],
    ["no transaction", ["transaction"], 1, "transaction is no object"],
    ["a Safe that is none", ["safe"], "0x12", "safe is no address"],
    ["data that is none", ["transaction", "data"], "0x1", "data is no hex"],
    ["a nonce that is none", ["transaction", "nonce"], -1, "nonce is no whole number"],
    [
      "somebody else's signature",
      ["signatures", 0, "signature"],
      sign(bob, proposal),
      `the signature of ${alice.address} is ${bob.address}'s or of something else`,
    ],
    [
      "a signature under another name",
      ["signatures", 0, "owner"],
      bob.address,
      `the signature of ${bob.address} is ${alice.address}'s`,
    ],
    [
      "a signature that is none",
      ["signatures", 0, "signature"],
      `0x${"00".repeat(65)}`,
      "is nobody's",
    ],
    ["a signature that is short", ["signatures", 0, "signature"], word, "is not 65 bytes of hex"],
    ["a signature twice", ["signatures"], [twice, twice], `${alice.address} has signed twice`],
  ] as const) {
    it(`refuses ${what}`, () => {
      expect(() => parseProposal(altered(file, path, value))).to.throw(message);
    });
  }

  it("refuses a transaction that pays whoever executes, though its hash is right", () => {
    for (const name of ["safeTxGas", "baseGas", "gasPrice"] as const) {
      const paying = signed({ ...dataOf(TREASURY), [name]: "1" });
      expect(() => parseProposal(toJson(proposalJson(paying)))).to.throw(`${name} is not 0`);
    }
    for (const name of ["gasToken", "refundReceiver"] as const) {
      const paying = signed({ ...dataOf(TREASURY), [name]: LEDGER_AT });
      expect(() => parseProposal(toJson(proposalJson(paying)))).to.throw(`${name} is not 0`);
    }
  });

  it("refuses a loan of the Safe's identity that is no plain batch of calls", () => {
    const batch = batchOf([TREASURY]);
    for (const data of [
      dataOf({ ...TREASURY, to: BATCH_AT }, 1),
      // Bytes behind the batch, which the contract for batches would not look at.
      { ...batch, data: `${batch.data}00` },
      batchOf([TREASURY], 1),
    ]) {
      const bare = proposalOf({ chainId: 31_337n, safe: SAFE_AT, version: "1.5.0" }, data);
      const { calls, ...rest } = proposalJson(signed(batch));
      const forged = { ...rest, transaction: { ...rest.transaction, ...data }, calls };
      const text = toJson({ ...forged, safeTxHash: bare.hash });
      expect(() => parseProposal(text)).to.throw("no batch of calls");
    }
  });

  it("takes a signature over the hash as a message, as a Safe does", () => {
    const bytes = Buffer.from(proposal.hash.slice(2), "hex");
    const { r, s, v } = new SigningKey(bob.privateKey).sign(hashMessage(bytes));
    const signature = `${r}${s.slice(2)}${(v + 4).toString(16)}`;
    const both = { ...proposal, signatures: new Map([[bob.address, signature]]) };
    expect(parseProposal(toJson(proposalJson(both)))).to.deep.equal(both);
  });

  it("merges files of one transaction, and refuses those of others", () => {
    const other = { ...proposal, signatures: new Map([[bob.address, sign(bob, proposal)]]) };
    const both = merged([proposal, other], ["a.json", "b.json"]);
    expect([...both.signatures.keys()]).to.deep.equal([alice.address, bob.address]);
    const third = signed(dataOf(TREASURY), bob);
    expect(() => merged([proposal, third], ["a.json", "c.json"])).to.throw(
      `c.json is another transaction (${third.hash}) than a.json`,
    );
  });

  it("knows what does nothing", () => {
    expect(isRejection(signed(dataOf({ to: SAFE_AT, value: 0n, data: "0x" })))).to.equal(true);
    expect(isRejection(signed(dataOf({ to: SAFE_AT, value: 1n, data: "0x" })))).to.equal(false);
    expect(isRejection(signed(dataOf(TREASURY)))).to.equal(false);
  });
});
