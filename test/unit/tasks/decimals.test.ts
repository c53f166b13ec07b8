import { expect } from "chai";
import fc from "fast-check";

import {
  formatDecimal,
  formatPrice,
  parseAmount,
  parseDecimal,
  parseSigned,
  parseWhole,
} from "../../../tasks/lib/decimals.ts";
import { UsageError } from "../../../tasks/lib/usage.ts";

describe("tasks/lib/decimals", () => {
  for (const [text, decimals, value] of [
    ["2750.5", 8, 275_050_000_000n],
    ["0.000001", 6, 1n],
    ["-12.50", 6, -12_500_000n],
    ["−1", 0, -1n],
    ["+1_000", 2, 100_000n],
    [" 7 ", 0, 7n],
    ["1.500000000", 1, 15n],
  ] as const) {
    it(`reads ${JSON.stringify(text)} with ${decimals} decimals`, () => {
      expect(parseDecimal("--amount", text, decimals)).to.equal(value);
    });
  }

  for (const text of ["", "1,000", "1e3", "0x10", "1.", ".5", "--1", "1__", "NaN"]) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      expect(() => parseDecimal("--amount", text, 6)).to.throw(UsageError, "is no number");
    });
  }

  it("refuses to round", () => {
    expect(() => parseDecimal("--amount", "0.0000001", 6)).to.throw(
      UsageError,
      "--amount: 0.0000001 has more than 6 decimals: round it.",
    );
  });

  it("writes the shortest form", () => {
    expect(formatPrice(275_050_000_000n)).to.equal("2750.5");
    expect(formatDecimal(-1n, 6)).to.equal("-0.000001");
    expect(formatDecimal(100n, 0)).to.equal("100");
    expect(formatDecimal(0n, 18)).to.equal("0");
  });

  it("reads back what it writes", () => {
    const any = fc.bigInt({ min: -(1n << 255n), max: (1n << 255n) - 1n });
    fc.assert(
      fc.property(any, fc.integer({ min: 0, max: 36 }), (value, decimals) => {
        expect(parseDecimal("x", formatDecimal(value, decimals), decimals)).to.equal(value);
      }),
    );
  });

  it("takes a word for the sign", () => {
    const [receiver, payer] = [
      { side: "receiver", bits: 64n },
      { side: "payer", bits: 8n },
    ] as const;
    expect(parseSigned("--premium", "pay 12.5", 1, receiver)).to.equal(-125n);
    expect(parseSigned("--premium", "receive 12.5", 1, receiver)).to.equal(125n);
    expect(parseSigned("--max-pay", "receive 12.5", 1, payer)).to.equal(-125n);
    expect(parseSigned("--max-pay", "-12.5", 1, payer)).to.equal(-125n);
    for (const text of ["pay -1", "give 1", "pay"]) {
      expect(() => parseSigned("--premium", text, 1, receiver)).to.throw(UsageError, "--premium");
    }
    expect(() => parseSigned("--max-pay", "receive 12.8", 1, payer)).to.throw(
      UsageError,
      "--max-pay: receive 12.8 must be between -12.7 and 12.7.",
    );
  });

  it("holds amounts to what the ledger's word holds", () => {
    const most = 5192296858534827628530496329220095n;
    expect(parseAmount("--amount", String(most), 0)).to.equal(most);
    for (const text of [String(most + 1n), "-1"]) {
      expect(() => parseAmount("--amount", text, 0)).to.throw(
        UsageError,
        `--amount: ${text} must be between 0 and ${most}.`,
      );
    }
  });

  it("holds whole numbers to their bounds", () => {
    expect(parseWhole("--units", "0x10", 1n, 16n)).to.equal(16n);
    expect(() => parseWhole("--units", "0", 1n, 16n)).to.throw(
      UsageError,
      "--units must be between 1 and 16, not 0.",
    );
    expect(() => parseWhole("--units", "1.5", 1n, 16n)).to.throw(UsageError, "is no whole number");
  });
});
