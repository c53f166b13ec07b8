import { expect } from "chai";
import { ErrorFragment, getBytes, Interface, makeError, toUtf8Bytes } from "ethers";

import { decodeError } from "../src/errors/decode.ts";
import { ERRORS } from "../src/generated/errors.ts";

const calls = new Interface([
  "error UnitsBound(uint256 units, uint256 remaining)",
  "error BadSignature(uint256 account, address signer)",
  "error Error(string)",
  "error Panic(uint256)",
  "error NobodyKnows(uint256 a)",
]);
const encode = (name: string, args: readonly unknown[]) => calls.encodeErrorResult(name, args);
const UNITS = encode("UnitsBound", [7n, 6n]);

describe("decodeError", () => {
  it("names the error, its values, why and what to do", () => {
    const error = decodeError(UNITS);
    expect(error).to.deep.equal({
      kind: "typed",
      name: "UnitsBound",
      args: { units: 7n, remaining: 6n },
      signature: "UnitsBound(uint256,uint256)",
      why: "The order has fewer units left.",
      remedy: "Fill at most what remains.",
      sentence:
        "UnitsBound: The order has fewer units left. Fill at most what remains. (units 7, remaining 6)",
      data: UNITS,
    });
  });

  it("has words for every error of the catalogue, whatever its arguments are", () => {
    expect(ERRORS.length).to.be.greaterThan(100);
    for (const { error, why, remedy } of ERRORS) {
      const fragment = ErrorFragment.from(error);
      const values = fragment.inputs.map(({ type }) =>
        type === "address" ? `0x${"11".repeat(20)}` : type.startsWith("bytes") ? zeros(type) : 0n,
      );
      const data = new Interface([error]).encodeErrorResult(fragment, values);
      const decoded = decodeError(data);
      expect([decoded.kind, decoded.name, decoded.why, decoded.remedy]).to.deep.equal([
        "typed",
        fragment.name,
        why,
        remedy,
      ]);
      expect(Object.keys(decoded.args)).to.deep.equal(fragment.inputs.map(({ name }) => name));
    }
  });

  it("shows identifiers in hex", () => {
    const signer = `0x${"22".repeat(20)}`;
    const { sentence } = decodeError(encode("BadSignature", [1n << 160n, signer]));
    expect(sentence).to.match(/\(account 0x010{40}, signer 0x2{40}\)$/);
  });

  describe("of data hidden in what was thrown", () => {
    const info = { error: { code: 3, message: "execution reverted", data: UNITS } };
    const thrown: readonly (readonly [string, unknown])[] = [
      ["hex", UNITS],
      ["hex in capitals", UNITS.toUpperCase().replace("0X", "0x")],
      ["bytes", getBytes(UNITS)],
      ["an ethers error", makeError("reverted", "CALL_EXCEPTION", callException(UNITS))],
      ["an ethers error that could not read it", Object.assign(new Error("?"), { info })],
      ["a JSON-RPC error", { code: 3, message: "execution reverted", data: UNITS }],
      ["a node that wraps it", { error: { code: -32_000, data: { data: UNITS, message: "" } } }],
      ["a wallet that wraps it", { data: { originalError: { code: 3, data: UNITS } } }],
      ["a cause", new Error("outer", { cause: new Error("inner", { cause: { raw: UNITS } }) })],
      ["a message", new Error(`VM Exception: reverted with data ${UNITS}`)],
      ["a node that says Reverted", { error: { data: `Reverted ${UNITS}` } }],
      ["a JSON text", { responseBody: JSON.stringify({ error: { data: UNITS } }) }],
      ["a table by transaction", { data: { "0xabcd": { error: "revert", return: UNITS } } }],
    ];
    for (const [form, value] of thrown) {
      it(`finds it in ${form}`, () => {
        expect(decodeError(value).args).to.deep.equal({ units: 7n, remaining: 6n });
      });
    }

    it("does not take the calldata of the transaction for it", () => {
      const transaction = { to: null, from: null, data: UNITS };
      expect(decodeError({ code: "CALL_EXCEPTION", data: null, transaction }).kind).to.equal(
        "none",
      );
    });

    it("prefers what it knows to what it does not", () => {
      const cause = { data: UNITS };
      const outer = Object.assign(new Error("x"), { data: encode("NobodyKnows", [1n]), cause });
      expect(decodeError(outer).name).to.equal("UnitsBound");
    });
  });

  describe("of Solidity's own errors", () => {
    it("repeats the message", () => {
      const error = decodeError(encode("Error", ["not today"]));
      expect([error.kind, error.name, error.args]).to.deep.equal([
        "message",
        "Error",
        { message: "not today" },
      ]);
      expect(error.why).to.equal('A contract said: "not today".');
    });

    it("explains a panic", () => {
      const error = decodeError(encode("Panic", [0x11n]));
      expect([error.kind, error.args]).to.deep.equal(["panic", { code: 0x11n }]);
      expect(error.why).to.equal("A sum, difference or product left its type.");
    });

    it("takes a panic of no known code", () => {
      const { kind, why } = decodeError(encode("Panic", [0x99n]));
      expect(kind).to.equal("panic");
      expect(why).to.include("does not use");
    });
  });

  describe("of what it does not know", () => {
    it("names the selector", () => {
      const data = encode("NobodyKnows", [1n]);
      const error = decodeError(data);
      expect([error.kind, error.name, error.data]).to.deep.equal(["unknown", "UnknownError", data]);
      expect(error.sentence).to.include(data.slice(0, 10));
    });

    it("does not guess at arguments that are cut off", () => {
      expect(decodeError(UNITS.slice(0, -64)).kind).to.equal("unknown");
    });

    it("does not guess at a message that is no text", () => {
      const broken = encode("Error", ["??"]).replace("3f3f", "ffff");
      expect(() => decodeError(broken)).not.to.throw();
    });

    it("says that there is no reason", () => {
      expect(decodeError("0x").kind).to.equal("empty");
      expect(decodeError({ data: "0x" }).kind).to.equal("empty");
    });

    const loop: { cause?: unknown } = {};
    loop.cause = loop;
    const hostile = new Proxy({}, { get: () => Number.NaN.toString(99) });
    const others: readonly (readonly [string, unknown])[] = [
      ["nothing", undefined],
      ["null", null],
      ["a number", 7],
      ["a text", "user rejected the request"],
      ["a text that only looks like JSON", "{ not JSON"],
      ["an empty object", {}],
      ["a loop", loop],
      ["an object that cannot be read", hostile],
      ["a function", () => UNITS],
      ["a rejection", makeError("user rejected action", "ACTION_REJECTED", rejection())],
    ];
    for (const [form, value] of others) {
      it(`never throws: ${form}`, () => {
        const error = decodeError(value);
        expect([error.kind, error.name, error.data]).to.deep.equal(["none", "NoRevertData", "0x"]);
      });
    }

    it("repeats the message of an error without data", () => {
      expect(decodeError(new Error("no network")).why).to.include('"no network"');
    });

    it("never throws on bytes of any length", () => {
      const text = toUtf8Bytes("certus".repeat(30));
      for (let length = 0; length <= 140; length++) {
        expect(() => decodeError(text.slice(0, length))).not.to.throw();
        expect(() => decodeError(UNITS.slice(0, 2 + length))).not.to.throw();
      }
    });
  });
});

function zeros(type: string): string {
  return `0x${"00".repeat(Number(type.slice("bytes".length)))}`;
}

function callException(data: string) {
  const transaction = { to: null, data: "0x" };
  return {
    action: "call" as const,
    data,
    reason: null,
    transaction,
    invocation: null,
    revert: null,
  };
}

function rejection() {
  return { action: "sendTransaction" as const, reason: "rejected" as const };
}
