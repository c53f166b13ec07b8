import { FunctionFragment, isHexString } from "ethers";

import { UsageError } from "../../usage.ts";
import { encoded } from "../calls.ts";
import { valueIn } from "../inputs.ts";
import type { Action } from "./types.ts";

const MOST_VALUE = (1n << 256n) - 1n;

/** A call in full, for what has no name here. */
export const RAW_ACTIONS: Readonly<Record<string, Action>> = {
  call: {
    what: "makes any call",
    takes: {
      to: "whom to call",
      "value?": "wei to send along; 0",
      "data?": "call data in hex; or:",
      "signature?": 'the function, as in "f(uint256)"',
      "values?": "its values, a list of JSON",
    },
    guarded: false,
    call: async (_, given) => {
      const to = given.address("to", "write whom to call");
      const value = given.has("value") ? given.whole("value", "wei", 0n, MOST_VALUE) : 0n;
      if (given.has("signature")) {
        const fragment = fragmentIn(given.name("signature"), given.text("signature", "f(uint256)"));
        const values = given.has("values") ? given.raw("values", "a list of JSON") : [];
        const data = encoded(fragment, valuesFor(fragment, given.name("values"), values));
        return { to, value, data, signature: fragment.format("sighash") };
      }
      const data = given.has("data") ? given.text("data", "call data in hex") : "0x";
      if (isHexString(data, true)) return { to, value, data: data.toLowerCase() };
      throw new UsageError(`${given.name("data")}: ${JSON.stringify(data)} is no hex.`);
    },
  },
};

function fragmentIn(name: string, text: string): FunctionFragment {
  try {
    return FunctionFragment.from(text);
  } catch {
    throw new UsageError(
      `${name}: ${JSON.stringify(text)} is no function: write its name and types, as in "f(uint256,address)".`,
    );
  }
}

function valuesFor(fragment: FunctionFragment, name: string, values: unknown): unknown[] {
  const list: unknown[] = Array.isArray(values) ? values : [];
  const { inputs } = fragment;
  if (!Array.isArray(values) || list.length !== inputs.length) {
    throw new UsageError(
      `${name}: ${fragment.format("sighash")} takes ${inputs.length} values in a list.`,
    );
  }
  return inputs.map((type, i) => valueIn(`${name}, number ${i + 1}`, type, list[i]));
}
