import { accountOf, marketOfBook, packLeg } from "@certus/model";
import type { Order } from "@certus/model";

import type { CallOf, LedgerCall } from "../../run/command.ts";
import { ACTORS } from "../../world/actors.ts";
import { TOKENS } from "../places.ts";
import { anyMarket, holder } from "../scene.ts";
import type { Play, Scene } from "../scene.ts";
import { ACCOUNTS, OWNERS } from "../twin.ts";

/** A call of the ledger at a time. */
function ledgerCall<K extends LedgerCall>(at: bigint, command: CallOf<K>) {
  return { kind: "ledger", call: command as CallOf<LedgerCall>, at } as const;
}

/** Cash comes and goes, options change hands, books are settled: what a shortfall is counted from, and what levels stop. */
export function* trade(scene: Scene): Play {
  const { dice, twin } = scene;
  const at = scene.now + dice.between(1n, 200n);
  const owner = dice.pick(OWNERS);
  const account = accountOf(owner, 0n);
  const token = dice.pick(TOKENS);
  yield* dice.weighted<() => Play>([
    [
      4,
      function* () {
        const amount = dice.between(1n, 1n << 70n);
        yield ledgerCall(at, { kind: "deposit", sender: owner, account, token, amount });
      },
    ],
    [
      1,
      function* () {
        const amount = dice.between(1n, 1n << 60n);
        yield ledgerCall(at, {
          kind: "withdraw",
          sender: owner,
          account,
          token,
          amount,
          to: owner,
        });
      },
    ],
    [6, () => fill(scene, at)],
    [
      1,
      function* () {
        const book = dice.pick(twin.books);
        const sender = ACTORS.sam.address;
        if (dice.chance(0.5)) yield ledgerCall(at, { kind: "fixPrice", sender, book, proof: "0x" });
        yield ledgerCall(at, { kind: "settle", sender, book, accounts: ACCOUNTS });
        if (dice.chance(0.5)) yield ledgerCall(at, { kind: "pushFees", sender, book });
      },
    ],
    [
      0.6,
      function* () {
        const guard = { market: anyMarket(scene), level: 0n, until: 0n, ceiling: 1n };
        yield ledgerCall(at, { kind: "setGuard", sender: holder(scene, "guardian"), ...guard });
      },
    ],
  ])();
}

/** An option changes hands: a put of the linear market, a call of the inverse one; more of it, or some back. */
function* fill(scene: Scene, at: bigint): Play {
  const { dice, twin } = scene;
  const book = dice.pick(twin.books);
  const isCall = twin.markets.indexOf(marketOfBook(book)) === 1;
  const [maker, taker] = [ACTORS.alice.address, ACTORS.bob.address];
  const quantity = dice.pick([-1n, -1n, 1n]);
  const strike = dice.pick([2_000_00000000n, 2_200_00000000n]);
  const order: Order = {
    account: accountOf(maker, 0n),
    nonce: dice.bits(64),
    epoch: 0n,
    units: dice.between(1n, 5_000n),
    minFill: 0n,
    signedAt: at,
    deadline: at + 1_000n,
    taker: 0n,
    parts: [
      {
        book,
        legs: [packLeg({ strike, isCall, quantity })],
        premium: 1_00000000n * -quantity,
        maxDraw: 1n << 100n,
      },
    ],
  };
  yield ledgerCall(at, {
    kind: "fill",
    sender: taker,
    account: accountOf(taker, 0n),
    order,
    signer: maker,
    signing: { kind: "ecdsa", by: maker, over: "ours", form: "plain" },
    units: order.units,
    limits: [{ maxPay: 1n << 100n, maxDraw: 1n << 100n }],
  });
}
