import { expect } from "chai";
import type { Provider } from "ethers";

import {
  final,
  included,
  obey,
  parseRule,
  ruleOf,
  ruleText,
  usualRule,
} from "../../../tasks/lib/finality.ts";
import type { FinalityRule } from "../../../deploy/parameters/index.ts";
import { patience } from "../../../tasks/lib/patience.ts";
import { UsageError } from "../../../tasks/lib/usage.ts";

const HASH = `0x${"12".repeat(32)}`;

/** What a node says at one look. */
interface Look {
  /** Block of the transaction; nothing while it waits. */
  readonly block?: number;
  /** The head, or what the tag names. */
  readonly height?: number;
  /** Whether the block is another one than the receipt says. */
  readonly other?: boolean;
  /** Whether the node knows nothing of the transaction. */
  readonly unknown?: boolean;
}

/** A node that says one thing after the other, and at last the same for ever. */
function node(looks: readonly Look[], rule: FinalityRule) {
  let look = -1;
  const now = (): Look => looks[Math.min(look, looks.length - 1)] ?? {};
  const provider = {
    getTransactionReceipt: async () => {
      look++;
      const { block } = now();
      return block === undefined ? null : { blockNumber: block, blockHash: "0xa", status: 1 };
    },
    getTransaction: async () => (now().unknown === true ? null : {}),
    getBlockNumber: async () => now().height ?? 0,
    getBlock: async (at: number | string) =>
      typeof at === "string"
        ? { number: now().height ?? 0 }
        : { hash: now().other === true ? "0xb" : "0xa" },
  } as unknown as Provider;
  obey(provider, rule);
  return { provider, looked: () => look + 1 };
}

const SAFE: FinalityRule = { kind: "tag", tag: "safe" };
const deep = (confirmations: number): FinalityRule => ({ kind: "confirmations", confirmations });

describe("tasks/lib/finality", () => {
  const usual = { ...patience };

  before(() => Object.assign(patience, { poll: 1 }));
  after(() => Object.assign(patience, usual));

  it("takes what is mined for done at once where the rule says so", async () => {
    const { provider, looked } = node([{ block: 7 }], deep(1));
    expect((await final(provider, HASH)).blockNumber).to.equal(7);
    expect(looked()).to.equal(1);
  });

  it("waits for so many blocks, the own one counted", async () => {
    const looks = [{}, { block: 7, height: 7 }, { block: 7, height: 8 }, { block: 7, height: 9 }];
    const { provider, looked } = node(looks, deep(3));
    await final(provider, HASH);
    expect(looked()).to.equal(4);
  });

  it("waits until the chain calls the block's height safe", async () => {
    const { provider, looked } = node(
      [
        { block: 7, height: 6 },
        { block: 7, height: 7 },
      ],
      SAFE,
    );
    await final(provider, HASH);
    expect(looked()).to.equal(2);
  });

  it("waits for nothing but a block where more is sent behind", async () => {
    const { provider, looked } = node([{}, { block: 7, height: 7 }], SAFE);
    expect((await included(provider, HASH)).blockNumber).to.equal(7);
    expect(looked()).to.equal(2);
  });

  it("follows a transaction into another block, and does not take a block of the old chain for final", async () => {
    const looks = [
      { block: 7, height: 8 },
      { block: 7, height: 20, other: true },
      {},
      { block: 9, height: 20 },
    ];
    const { provider, looked } = node(looks, deep(10));
    expect((await final(provider, HASH)).blockNumber).to.equal(9);
    expect(looked()).to.equal(4);
  });

  it("bears a node that does not know the transaction for a moment", async () => {
    const gone = { unknown: true };
    const { provider } = node(
      [{ block: 7, height: 7 }, gone, gone, gone, { block: 7, height: 9 }],
      deep(3),
    );
    expect((await final(provider, HASH)).blockNumber).to.equal(7);
  });

  it("says that a transaction is gone, and where it was", async () => {
    const { provider, looked } = node([{ block: 7, height: 7 }, { unknown: true }], deep(3));
    const message = await final(provider, HASH).then(String, String);
    expect(message).to.contain(`${HASH} is not on the chain: it was in block 7, and the chain was`);
    expect(looked()).to.equal(5);
  });

  it("gives a node longer that has never known it", async () => {
    const { provider, looked } = node([{ unknown: true }], deep(1));
    const message = await final(provider, HASH).then(String, String);
    expect(message).to.contain("the node knows nothing of it");
    expect(looked()).to.equal(30);
  });

  it("reads rules, and writes them", () => {
    expect(parseRule("--finality", "safe")).to.deep.equal(SAFE);
    expect(parseRule("--finality", "finalized")).to.deep.equal({ kind: "tag", tag: "finalized" });
    expect(parseRule("--finality", "12")).to.deep.equal(deep(12));
    for (const text of ["0", "-1", "latest", "1.5", ""]) {
      expect(() => parseRule("--finality", text)).to.throw(UsageError, "is no rule");
    }
    expect([SAFE, deep(1), deep(12)].map(ruleText)).to.deep.equal([
      "safe head",
      "1 confirmation",
      "12 confirmations",
    ]);
  });

  it("knows the usual rule of a chain, and of one that it does not know", () => {
    expect(usualRule(11_155_111n)).to.deep.equal(SAFE);
    expect(usualRule(31_337n)).to.deep.equal(deep(1));
    expect(usualRule(5n)).to.deep.equal(deep(1));
    expect(ruleOf({} as Provider)).to.deep.equal(deep(1));
  });
});
