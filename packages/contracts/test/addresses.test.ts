import { expect } from "chai";

import { addresses, addressesOf } from "../src/addresses.ts";

describe("addressesOf", () => {
  it("answers every deployment that is recorded", () => {
    for (const deployment of Object.values(addresses)) {
      expect(addressesOf(deployment.chainId)).to.equal(deployment);
    }
  });

  it("names the chains it knows and how to pass an address", () => {
    expect(() => addressesOf(123_456_789n)).to.throw(
      Error,
      /on chain 123456789; known: .+ IClearinghouse__factory\.connect\("0x…", signer\)$/,
    );
  });

  it("refuses what is no chain id", () => {
    expect(() => addressesOf(-1)).to.throw(TypeError, /^chainId must be between/);
  });
});
