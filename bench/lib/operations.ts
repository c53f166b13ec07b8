import { SignerWallet__factory } from "../../types/ethers-contracts/index.ts";
import { BATCHES } from "./batches.ts";
import type { Trader } from "./chain.ts";
import {
  GAS,
  call,
  condor,
  credit,
  endow,
  endowBoth,
  expire,
  fill,
  fix,
  part,
  put,
  reversed,
  settle,
  useNonceWord,
  CONDOR,
} from "./moves.ts";
import type { Operation } from "./operation.ts";
import { PACKAGES } from "./packages.ts";
import { EXPIRY, accountOf, cash, usd, type Scene } from "./scene.ts";

const BATCH = 20;
const WEEK = 604_800n;

const single =
  (lots = [put(2_800, -1n)]) =>
  async (scene: Scene): Promise<bigint> => {
    const venue = lots[0]?.isCall === true ? scene.inverse : scene.linear;
    const parts = [part(venue, lots, venue === scene.linear ? usd(20) : usd(0.02))];
    await endowBoth(scene, venue);
    await useNonceWord(scene);
    await fill(scene, 1n, parts);
    return fill(scene, 2n, parts);
  };

async function newCondor(scene: Scene): Promise<bigint> {
  await endowBoth(scene, scene.linear);
  await useNonceWord(scene);
  return fill(scene, 1n, [condor(scene)]);
}

async function condorAgain(scene: Scene): Promise<bigint> {
  await newCondor(scene);
  return fill(scene, 2n, [condor(scene)]);
}

async function closeCondor(scene: Scene): Promise<bigint> {
  await newCondor(scene);
  return fill(scene, 2n, [part(scene.linear, reversed(CONDOR), usd(-18))]);
}

async function drawnCondor(scene: Scene): Promise<bigint> {
  await endow(scene, scene.linear, scene.taker.address, cash(10_000));
  await credit(scene, scene.linear, scene.maker, cash(10_000));
  await useNonceWord(scene);
  await fill(scene, 1n, [condor(scene, usd(20), cash(3))]);
  return fill(scene, 2n, [condor(scene, usd(20), cash(3))]);
}

async function strangle(scene: Scene): Promise<bigint> {
  await endowBoth(scene, scene.linear);
  await endowBoth(scene, scene.inverse);
  await useNonceWord(scene);
  return fill(scene, 1n, [
    part(scene.linear, [put(2_800, -1n)], usd(20)),
    part(scene.inverse, [call(3_200, -1n)], usd(0.02)),
  ]);
}

async function walletCondor(scene: Scene): Promise<bigint> {
  const { chain, admin, maker } = scene;
  const contract = await chain.deploying(() =>
    new SignerWallet__factory(admin).deploy(maker.address),
  );
  const wallet = await contract.getAddress();
  await endow(scene, scene.linear, wallet, cash(10_000));
  await endow(scene, scene.linear, scene.taker.address, cash(10_000));
  await fill(scene, 1n, [condor(scene)], { wallet });
  return fill(scene, 2n, [condor(scene)], { wallet });
}

async function openBook({ chain, ledger, linear }: Scene): Promise<bigint> {
  return chain.send(() => ledger.openBook(linear.market, EXPIRY + WEEK, GAS));
}

async function deposit(scene: Scene): Promise<bigint> {
  await credit(scene, scene.linear, scene.maker, cash(100));
  return credit(scene, scene.linear, scene.maker, cash(100));
}

async function depositToBook(scene: Scene): Promise<bigint> {
  const { chain, ledger, linear, maker } = scene;
  const pay = (): Promise<bigint> =>
    chain.send(() =>
      ledger.connect(maker).depositToBook(accountOf(maker.address), linear.book, cash(100), GAS),
    );
  await pay();
  return pay();
}

/** Cash and a position of the maker, both in use before and after. */
async function fund(scene: Scene): Promise<void> {
  await credit(scene, scene.linear, scene.maker, cash(1_000));
  await newCondor(scene);
}

async function allocate(scene: Scene): Promise<bigint> {
  const { chain, ledger, linear, maker } = scene;
  await fund(scene);
  return chain.send(() =>
    ledger.connect(maker).allocate(accountOf(maker.address), linear.book, cash(100), GAS),
  );
}

async function free(scene: Scene): Promise<bigint> {
  const { chain, ledger, linear, maker } = scene;
  await fund(scene);
  return chain.send(() =>
    ledger.connect(maker).free(accountOf(maker.address), linear.book, cash(100), GAS),
  );
}

async function withdraw(scene: Scene): Promise<bigint> {
  const { chain, ledger, linear, maker } = scene;
  await fund(scene);
  return chain.send(() =>
    ledger
      .connect(maker)
      .withdraw(accountOf(maker.address), linear.tokenAddress, cash(100), maker.address, GAS),
  );
}

async function cancel(scene: Scene): Promise<bigint> {
  const { chain, ledger, maker } = scene;
  await useNonceWord(scene);
  return chain.send(() => ledger.connect(maker).cancel(accountOf(maker.address), [1n], GAS));
}

async function fixPrice(scene: Scene): Promise<bigint> {
  await newCondor(scene);
  return fix(scene, await expire(scene, 2_700));
}

/** Twenty takers with four legs each in a fixed book, none settled. */
async function fillCrowd(scene: Scene): Promise<Trader[]> {
  const crowd = scene.crowd.slice(0, BATCH);
  await endow(scene, scene.linear, scene.maker.address, cash(100_000));
  await useNonceWord(scene);
  for (const [i, taker] of crowd.entries()) {
    await endow(scene, scene.linear, taker.address, cash(1_000));
    await fill(scene, BigInt(i + 1), [condor(scene)], { taker });
  }
  await fix(scene, await expire(scene, 2_700));
  return crowd;
}

async function settleOne(scene: Scene): Promise<bigint> {
  const crowd = await fillCrowd(scene);
  return settle(scene, crowd.slice(0, 1));
}

async function settleMarginal(scene: Scene): Promise<bigint> {
  const crowd = await fillCrowd(scene);
  const one = await scene.chain.isolated(() => settle(scene, crowd.slice(0, 1)));
  const all = await settle(scene, crowd);
  // Rounded up: a benchmark never flatters.
  return (all - one + BigInt(BATCH) - 2n) / BigInt(BATCH - 1);
}

const claim =
  (toWallet: boolean) =>
  async (scene: Scene): Promise<bigint> => {
    const { chain, ledger, linear, maker, taker } = scene;
    await fund(scene);
    await fix(scene, await expire(scene, 2_700));
    await settle(scene, [maker, taker]);
    return chain.send(() =>
      ledger.connect(maker).claim(accountOf(maker.address), [linear.book], toWallet, GAS),
    );
  };

/** Every operation, in the order of the table. */
export const OPERATIONS: readonly Operation[] = [
  {
    op: "fill, 4-leg condor, new accounts",
    target: 185_000n,
    warm: "collateral in the book, no legs; nonce word in use",
    run: newCondor,
  },
  {
    op: "fill, 4-leg condor, same accounts again",
    target: 120_000n,
    warm: "the same four legs on both sides; nonce word in use",
    run: condorAgain,
  },
  {
    op: "fill, 1 put, same accounts again",
    target: 81_000n,
    warm: "the same leg on both sides; nonce word in use",
    run: single(),
  },
  {
    op: "fill, 1 inverse call, same accounts again",
    target: 81_000n,
    warm: "the same leg on both sides; nonce word in use",
    run: single([call(3_200, -1n)]),
  },
  {
    op: "close the condor before expiry",
    target: 107_000n,
    warm: "four legs on both sides, none after it; nonce word in use",
    run: closeCondor,
  },
  {
    op: "deposit into a book",
    target: 58_000n,
    warm: "collateral in the book; the payer's allowance is infinite",
    run: depositToBook,
  },
  {
    op: "settle, per account with 4 legs",
    target: 18_000n,
    warm: "(gas of 20 accounts − gas of 1) / 19, each from the same state",
    run: settleMarginal,
  },
  {
    op: "claim to the wallet",
    target: 50_000n,
    warm: "settled position; the receiver and the pool keep a balance",
    run: claim(true),
  },
  {
    op: "fixPrice, one Chainlink feed",
    target: 82_000n,
    warm: "hint given; the round after it is published; phase proxy over the aggregator",
    run: fixPrice,
  },
  { op: "openBook", warm: "nothing: a new expiry and its fixing", run: openBook },
  {
    op: "deposit into free cash",
    warm: "free cash; the payer's allowance is infinite",
    run: deposit,
  },
  { op: "allocate", warm: "free cash before and after; four legs in the book", run: allocate },
  { op: "free", warm: "free cash; four legs in the book, their coverage is checked", run: free },
  { op: "withdraw", warm: "free cash before and after; the receiver has a balance", run: withdraw },
  { op: "cancel one order", warm: "nonce word in use", run: cancel },
  {
    op: "claim to free cash",
    warm: "settled position; free cash; the pool keeps a balance",
    run: claim(false),
  },
  {
    op: "settle, one account with 4 legs",
    warm: "twenty accounts unsettled in a fixed book, one of them is settled",
    run: settleOne,
  },
  {
    op: "fill, 4-leg condor again, maker draws",
    warm: "the same four legs on both sides; free cash before and after; nonce word in use",
    run: drawnCondor,
  },
  {
    op: "fill, strangle over two books, new accounts",
    warm: "collateral in both books, no legs; nonce word in use",
    run: strangle,
  },
  {
    op: "fill, 4-leg condor again, ERC-1271 maker",
    warm: "the same four legs on both sides; the wallet's one key signs; nonce word in use",
    run: walletCondor,
  },
  ...BATCHES,
  ...PACKAGES,
];
