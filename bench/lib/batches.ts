import { Signature } from "ethers";
import type { ContractTransactionResponse } from "ethers";

import { packLegs } from "../../scripts/lib/orders.ts";
import { PermitToken__factory } from "../../types/ethers-contracts/index.ts";
import type { Trader } from "./chain.ts";
import {
  CHAIN_ID,
  CONDOR,
  GAS,
  UNITS,
  condor,
  endow,
  endowBoth,
  expire,
  fill,
  fix,
  limitsOf,
  part,
  put,
  reversed,
  sign,
  useNonceWord,
  type Signed,
} from "./moves.ts";
import type { Operation } from "./operation.ts";
import { EXPIRY, accountOf, cash, usd, type Scene } from "./scene.ts";

const ACCOUNTS = 10;
/** EIP-2612. */
const PERMIT = {
  Permit: [
    { name: "owner", type: "address" },
    { name: "spender", type: "address" },
    { name: "value", type: "uint256" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
};

/** Encodes calls of the ledger and sends them as one batch; answers the gas. */
function batch(
  { chain, ledger }: Scene,
  sender: Trader,
  calls: readonly string[],
): Promise<bigint> {
  const send = (): Promise<ContractTransactionResponse> =>
    ledger.connect(sender).batch([...calls], GAS);
  return chain.send(send);
}

/** Two calls of a new account with tokens and an allowance: collateral for a put, and the fill that sells it. */
const sellFirstPut =
  (into: "book" | "cash") =>
  async (scene: Scene): Promise<bigint> => {
    const { ledger, linear, crowd } = scene;
    const [writer] = crowd;
    if (writer === undefined) throw new Error("nobody is left to write");
    const bought = [part(linear, [put(2_800, 1n)], usd(-20))];
    await endowBoth(scene, linear);
    await useNonceWord(scene);
    await fill(scene, 1n, bought);
    const signed = await sign(scene, 2n, bought);
    const account = accountOf(writer.address);
    const limits = limitsOf(signed).map((limit) => ({ ...limit, maxDraw: cash(300) }));
    const { order, signer, signature } = signed;
    return batch(scene, writer, [
      into === "book"
        ? ledger.interface.encodeFunctionData("depositToBook", [account, linear.book, cash(300)])
        : ledger.interface.encodeFunctionData("deposit", [account, linear.tokenAddress, cash(300)]),
      ledger.interface.encodeFunctionData("fill", [
        account,
        order,
        signer,
        signature,
        UNITS,
        limits,
      ]),
    ]);
  };

async function condorOfTwoMakers(scene: Scene): Promise<bigint> {
  const { chain, ledger, linear, taker, crowd } = scene;
  const makers = [scene.maker, ...crowd.slice(0, 1)];
  await endowBoth(scene, linear);
  for (const maker of makers.slice(1)) await endow(scene, linear, maker.address, cash(10_000));
  for (const maker of makers) await useNonceWord(scene, maker);
  const take = async (nonce: bigint): Promise<bigint> => {
    const fills: Signed[] = [];
    for (const maker of makers) fills.push(await sign(scene, nonce, [condor(scene)], { maker }));
    const units = UNITS * BigInt(makers.length);
    const limits = fills.slice(0, 1).flatMap(limitsOf);
    const account = accountOf(taker.address);
    return chain.send(() =>
      ledger.connect(taker).fillMany(account, fills, units, units, limits, GAS),
    );
  };
  await take(1n);
  return take(2n);
}

/** Accounts of one owner with four legs each in a fixed book, none settled. */
async function fillAccounts(scene: Scene): Promise<readonly bigint[]> {
  const { linear, maker, taker } = scene;
  const subs = Array.from({ length: ACCOUNTS }, (_, i) => BigInt(i));
  await endow(scene, linear, maker.address, cash(100_000));
  await useNonceWord(scene);
  for (const sub of subs) {
    await endow(scene, linear, taker.address, cash(1_000), sub);
    await fill(scene, sub + 1n, [condor(scene)], { sub });
  }
  await fix(scene, await expire(scene, 2_700));
  return subs.map((sub) => accountOf(taker.address, sub));
}

/** One batch: one settlement of all accounts, one claim of each. */
function settleAndClaim(scene: Scene, accounts: readonly bigint[]): Promise<bigint> {
  const { ledger, linear, taker } = scene;
  const { interface: calls } = ledger;
  return batch(scene, taker, [
    calls.encodeFunctionData("settle", [linear.book, [...accounts]]),
    ...accounts.map((account) => calls.encodeFunctionData("claim", [account, [linear.book], true])),
  ]);
}

async function settleAndClaimOne(scene: Scene): Promise<bigint> {
  const accounts = await fillAccounts(scene);
  return settleAndClaim(scene, accounts.slice(0, 1));
}

async function settleAndClaimMarginal(scene: Scene): Promise<bigint> {
  const accounts = await fillAccounts(scene);
  const one = await scene.chain.isolated(() => settleAndClaim(scene, accounts.slice(0, 1)));
  const all = await settleAndClaim(scene, accounts);
  // Rounded up: a benchmark never flatters.
  return (all - one + BigInt(ACCOUNTS) - 2n) / BigInt(ACCOUNTS - 1);
}

async function transferLegs(scene: Scene): Promise<bigint> {
  const { chain, ledger, linear, taker } = scene;
  await endowBoth(scene, linear);
  await endow(scene, linear, taker.address, cash(1_000), 1n);
  await useNonceWord(scene);
  await fill(scene, 1n, [condor(scene)]);
  await fill(scene, 2n, [condor(scene)], { sub: 1n });
  const half = reversed(CONDOR).map(({ strike, isCall, quantity }) => ({
    strike: usd(strike),
    isCall,
    quantity: (quantity * UNITS) / 2n,
  }));
  const [from, to] = [accountOf(taker.address), accountOf(taker.address, 1n)];
  return chain.send(() =>
    ledger.connect(taker).transferLegs(from, to, linear.book, packLegs(half), cash(10), GAS),
  );
}

/** Two calls: a permit for as much as is deposited, so that neither an approval nor an allowance is left behind. */
async function permitAndDeposit(scene: Scene): Promise<bigint> {
  const { chain, ledger, admin, taker } = scene;
  const token = await chain.deploying(() => new PermitToken__factory(admin).deploy());
  await chain.send(() => token.mint(taker.address, cash(1_000)));
  const [target, spender] = [await token.getAddress(), await ledger.getAddress()];
  const domain = { name: "Permit", version: "1", chainId: CHAIN_ID, verifyingContract: target };
  const value = cash(100);
  const deposit = async (nonce: bigint): Promise<bigint> => {
    const permit = { owner: taker.address, spender, value, nonce, deadline: EXPIRY };
    const { v, r, s } = Signature.from(await taker.signTypedData(domain, PERMIT, permit));
    const { interface: calls } = ledger;
    return batch(scene, taker, [
      calls.encodeFunctionData("selfPermit", [target, value, EXPIRY, v, r, s]),
      calls.encodeFunctionData("deposit", [accountOf(taker.address), target, value]),
    ]);
  };
  await deposit(0n);
  return deposit(1n);
}

/** Several makers, several calls, several accounts in one transaction. */
export const BATCHES: readonly Operation[] = [
  {
    op: "batch of deposit and fill, short put, new writer",
    target: 145_000n,
    warm: "the writer: its allowance and nothing else; depositToBook, then the fill; the buyer holds the same put; nonce word in use",
    run: sellFirstPut("book"),
    wide: true,
  },
  {
    op: "batch of deposit into free cash and fill, new writer",
    warm: "as above, but the deposit goes into free cash and the fill draws from it",
    run: sellFirstPut("cash"),
    wide: true,
  },
  {
    op: "condor filled by two makers in one fillMany, steady",
    target: 190_000n,
    warm: "the same four legs on all three sides; nonce words in use",
    run: condorOfTwoMakers,
    wide: true,
  },
  {
    op: "batch of settle and claim, 1 account with 4 legs",
    warm: "ten accounts of one owner unsettled in a fixed book; the owner's wallet and the pool keep a balance",
    run: settleAndClaimOne,
    wide: true,
  },
  {
    op: "batch of 10 settles and claims, marginal",
    warm: "(gas of one settle of 10 accounts and 10 claims to the wallet − gas of 1 and 1) / 9, each one batch from the same state",
    run: settleAndClaimMarginal,
    wide: true,
  },
  {
    op: "batch of selfPermit and deposit into free cash",
    warm: "free cash and an earlier permit; no allowance before or after; payer and ledger keep a balance",
    run: permitAndDeposit,
    wide: true,
  },
  {
    op: "transferLegs, half a condor and collateral",
    warm: "two accounts of one owner, the same four legs in both before and after",
    run: transferLegs,
    wide: true,
  },
];
