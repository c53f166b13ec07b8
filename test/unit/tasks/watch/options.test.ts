import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import { UsageError } from "../../../../tasks/lib/usage.ts";
import { readOptions, USUAL_SETTINGS } from "../../../../tasks/lib/watch/options.ts";
import type { WatchArguments } from "../../../../tasks/lib/watch/options.ts";
import { loadState, saveState } from "../../../../tasks/lib/watch/stateFile.ts";
import { limits } from "./support.ts";

const NOTHING = {
  ledger: undefined,
  lens: undefined,
  rpc: undefined,
  fromBlock: undefined,
  deployments: undefined,
  settings: undefined,
  since: undefined,
  untilBlock: undefined,
  for: undefined,
  state: undefined,
  keepGoing: false,
  strict: false,
  pretty: false,
  ...(Object.fromEntries(Object.keys(USUAL_SETTINGS).map((name) => [name, undefined])) as Record<
    keyof typeof USUAL_SETTINGS,
    undefined
  >),
};

/** What a call refuses with. */
async function refusal(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    expect(error).to.be.instanceOf(UsageError);
    return (error as Error).message;
  }
  throw new Error("nothing was refused");
}

describe("tasks/lib/watch/options", () => {
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "certus-watch-"));
  });
  after(() => rm(folder, { recursive: true }));

  const options = (changed: Partial<WatchArguments> = {}) =>
    readOptions({ ...NOTHING, ...changed });
  const file = async (text: string) => {
    const path = join(folder, "watch.json");
    await writeFile(path, text);
    return path;
  };

  it("has usual ones", async () => {
    expect(await options()).to.deep.equal({
      limits: {
        window: 3_600n,
        outflow: 2_500n,
        volume: 1_000n,
        payout: 2_500n,
        stale: 900n,
        lag: 120n,
        reorgDepth: 64,
      },
      since: undefined,
      until: undefined,
      time: undefined,
      confirmations: 0,
      poll: 2_000,
      patience: 300_000,
      fullEvery: 100,
      state: undefined,
      keepGoing: false,
    });
  });

  it("reads them from the command line, over those of a file", async () => {
    const settings = await file('{"outflow": "12.5%", "volume": 3, "poll": "0.1", "lag": "off"}');
    const read = await options({
      settings,
      volume: "2.5",
      for: "10",
      untilBlock: "9",
      since: "0x7",
    });
    expect(read.limits).to.deep.include({ outflow: 1_250n, volume: 250n, lag: undefined });
    expect(read).to.deep.include({ poll: 100, time: 10_000, until: 9, since: 7 });
  });

  for (const [changed, sentence] of [
    [{ outflow: "0.25" }, '--outflow: "0.25" is no share: write 25%'],
    [{ outflow: "0%" }, "--outflow must be above 0% and at most 100%."],
    [{ payout: "101%" }, "--payout must be above 0% and at most 100%."],
    [{ volume: "0" }, "--volume must be above 0"],
    [{ volume: "much" }, '--volume: "much" is no number'],
    [{ window: "off" }, '--window: "off" is no length of time'],
    [{ window: "0" }, "--window must be above 0"],
    [{ lag: "0" }, "--lag must be above 0"],
    [{ reorgDepth: "0" }, "--reorg-depth must be a whole number between 1 and 512."],
    [{ reorgDepth: "off" }, "--reorg-depth must be a whole number between 1 and 512."],
    [{ poll: "0" }, "--poll must be between 0.05 and 600 seconds, not 0."],
    [{ fullEvery: "0" }, "--full-every must be between 1 and"],
    [{ confirmations: "-1" }, '--confirmations: "-1" is no whole number'],
    [{ since: "9", untilBlock: "8" }, "--until-block 8 is before --since 9."],
    [{ for: "soon" }, '--for: "soon" is no length of time'],
    [{ settings: "/nowhere/watch.json" }, "--settings: /nowhere/watch.json cannot be read"],
  ] as const) {
    it(`refuses ${JSON.stringify(changed)}`, async () => {
      expect(await refusal(options(changed))).to.contain(sentence);
    });
  }

  for (const [text, sentence] of [
    ["{", "is no JSON"],
    ["[]", "must hold an object"],
    ['{"outflows": 1}', 'has "outflows", which is none of window, outflow'],
    ['{"outflow": true}', "outflow in"],
  ] as const) {
    it(`refuses settings of ${text}`, async () => {
      expect(await refusal(options({ settings: await file(text) }))).to.contain(sentence);
    });
  }

  it("takes off for no alarm", () => {
    const off = { outflow: "off", volume: "off", payout: "off", stale: "off", lag: "off" };
    const { outflow, volume, payout, stale, lag } = limits(off);
    expect([outflow, volume, payout, stale, lag]).to.deep.equal(Array(5).fill(undefined));
  });

  it("keeps the last block in a file, of one ledger on one chain", async () => {
    const path = join(folder, "state.json");
    const mine = { chainId: 5n, ledger: "0x01" };
    expect(await loadState(path, mine)).to.equal(undefined);
    await saveState(path, mine, { number: 77, hash: "0x" });
    expect(await loadState(path, mine)).to.equal(77);
    expect(await refusal(loadState(path, { ...mine, chainId: 6n }))).to.contain(
      "is of the ledger 0x01 on chain 5: name another file.",
    );
    await writeFile(path, "{}");
    expect(await refusal(loadState(path, mine))).to.contain("was not written by watch");
    expect(
      await refusal(saveState(join(folder, "no/where"), mine, { number: 1, hash: "" })),
    ).to.contain("cannot be written");
  });
});
