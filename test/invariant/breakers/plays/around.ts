import { accountOf, cashOf, findAccount, findBook, marketOfBook, packLeg } from "@certus/model";
import type { AccountId, BookId, Order } from "@certus/model";

import type { CallOf, LedgerCall } from "../../run/command.ts";
import { ACTORS } from "../../world/actors.ts";
import { AT, FEEDS, TOKENS } from "../places.ts";
import { PEG, anyMarket, call, holder, nearTime, say, voteCount, watchOf } from "../scene.ts";
import type { Play, Scene } from "../scene.ts";
import { ACCOUNTS, OWNERS } from "../twin.ts";

const MINUTE = 60n;
const HOUR = 3_600n;

/** The sequencer goes down, comes up, cannot be read; whoever sees it trips. */
export function* sequencer(scene: Scene): Play {
  const { dice, twin } = scene;
  const market = anyMarket(scene);
  const tripped = (at: bigint) =>
    call(at, { kind: "trip", market, trigger: "Sequencer", hint: 0n });
  if (!twin.knobs.sequencer) {
    yield tripped(scene.now + dice.between(0n, 60n));
    return;
  }
  if (dice.chance(0.15)) {
    yield { kind: "uptimeRead", readable: false, at: scene.now + 1n };
    yield tripped(scene.now + dice.between(0n, 100n));
    yield { kind: "uptimeRead", readable: true, at: scene.now + dice.between(1n, 900n) };
    yield tripped(scene.now);
    return;
  }
  const began = scene.now + dice.between(1n, 50n);
  yield { kind: "uptime", answer: dice.pick([1n, 1n, 2n]), startedAt: began, at: began };
  if (dice.chance(0.7)) yield tripped(scene.now + dice.between(0n, 200n));
  const outage = dice.weighted([
    [3, dice.between(100n, 2_900n)],
    [1, dice.near(300n)],
    [1, dice.near(2_700n)],
  ]);
  const end = began + outage < scene.now ? scene.now : began + outage;
  const odd = dice.chance(0.1);
  const startedAt = odd ? dice.pick([0n, end + 20n]) : end;
  yield { kind: "uptime", answer: 0n, startedAt, at: end };
  const grace = outage < 300n ? 300n : outage > 2_700n ? 2_700n : outage;
  const at = dice.weighted([
    [4, end + dice.between(0n, grace)],
    [4, nearTime(scene, end + grace)],
  ]);
  yield tripped(at);
  if (odd) yield { kind: "uptime", answer: 0n, startedAt: scene.now, at: scene.now };
}

/** Collateral leaves its peg, stays near it, comes back. */
export function* peg(scene: Scene): Play {
  const { dice, worth } = scene;
  const market = anyMarket(scene);
  const watch = watchOf(scene, market);
  if (watch.tokenFeed !== FEEDS.coin.name && dice.chance(0.9)) {
    const sender = holder(scene, "safe");
    yield call(scene.now, { kind: "setTokenFeed", market, feed: FEEDS.coin.name, sender });
  }
  const count = voteCount(scene, "coin");
  const speak = (at: bigint, bps: bigint, silent = 0) => {
    worth.coin = (PEG * bps) / 10_000n + dice.pick([0n, 0n, 9_999n, -1n]);
    const spreading = dice.chance(0.2) ? worth.coin / 50n : 0n;
    const prices = Array.from({ length: count }, (_, index) =>
      index < silent ? undefined : worth.coin + spreading * BigInt(index - 1),
    );
    return say(at, "coin", prices);
  };
  const below = (): bigint => {
    const { depegBelow, pegAbove } = watchOf(scene, market).policy;
    return dice.weighted([
      [4, dice.near(depegBelow)],
      [4, depegBelow - dice.between(1n, 900n)],
      [1, dice.between(depegBelow, pegAbove)],
    ]);
  };
  yield speak(scene.now + dice.between(1n, 90n), below());
  yield call(scene.now, { kind: "notice", market, trigger: "Depeg" });
  for (let left = dice.pick([1, 2, 3]); left > 0; left--) {
    const since = watchOf(scene, market).notices.get("Depeg") ?? scene.now;
    const time = dice.weighted([
      [5, nearTime(scene, since + 30n * MINUTE)],
      [3, since + dice.between(30n * MINUTE, HOUR)],
      [2, nearTime(scene, since + HOUR)],
    ]);
    const at = time < scene.now ? scene.now : time;
    const { depegBelow, pegAbove } = watchOf(scene, market).policy;
    const held = watchOf(scene, market).depegUntil > at;
    const bps = held
      ? dice.pick([dice.near(pegAbove), dice.between(depegBelow, pegAbove), dice.near(depegBelow)])
      : below();
    yield speak(at, bps, dice.chance(0.15) ? 1 : 0);
    yield call(at, { kind: "trip", market, trigger: "Depeg", hint: 0n });
    if (dice.chance(0.15)) yield call(at, { kind: "answer", market, trigger: "Depeg" });
  }
  if (!dice.chance(0.4)) return;
  yield speak(scene.now + dice.between(1n, 400n), dice.pick([9_990n, 10_000n, 10_010n]));
  yield call(scene.now, { kind: "answer", market, trigger: "Depeg" });
}

/** Books of a token that owe something, and accounts with cash of it, ascending. */
function owedIn({ twin }: Scene, token: bigint) {
  const { state } = twin.ledger;
  const books = twin.books.filter((book) => findBook(state, book)?.market.terms.token === token);
  const ascending = (list: readonly bigint[]) => [...list].sort((a, b) => (a < b ? -1 : 1));
  const accounts = ascending(ACCOUNTS);
  const owed =
    books.reduce((sum, book) => {
      const { pool = 0n, fees = 0n } = findBook(state, book) ?? {};
      return sum + pool + fees;
    }, 0n) +
    accounts.reduce((sum, account) => sum + cashOf(findAccount(state, account), token), 0n);
  return { books: ascending(books), accounts, owed };
}

/** The ledger's balance of a market's collateral falls short of what it owes, by a unit or by more. */
export function* shortfall(scene: Scene): Play {
  const { dice, twin } = scene;
  const market = anyMarket(scene);
  const token = watchOf(scene, market).token || AT.quote;
  const { books, accounts, owed } = owedIn(scene, token);
  const held = twin.ledger.world.tokens.get(token)?.balances.get(AT.ledger) ?? 0n;
  const at = scene.now + dice.between(1n, 100n);
  const wanted = dice.weighted([
    [4, dice.near(owed)],
    [2, owed > 0n ? dice.between(0n, owed) : 0n],
  ]);
  const target = wanted < 0n ? 0n : wanted;
  if (target < held) yield { kind: "lose", token, amount: held - target, at };
  if (target > held) yield { kind: "donate", token, amount: target - held, at };
  const lists = dice.weighted<() => { books: readonly BookId[]; accounts: readonly AccountId[] }>([
    [9, () => ({ books, accounts })],
    [1, () => ({ books: dice.some(books), accounts: dice.some(accounts) })],
    [1, () => ({ books: [...books].reverse(), accounts })],
    [1, () => ({ books, accounts: [...accounts, accounts.at(-1) ?? 0n] })],
    [1, () => ({ books: [...books, 1n << 250n], accounts })],
    [1, () => ({ books: [...twin.books].sort((a, b) => (a < b ? -1 : 1)), accounts })],
  ])();
  yield call(at, { kind: "tripShortfall", market, ...lists });
  // It lasts: halt after halt, until the ledger has none left.
  for (let left = dice.chance(0.3) ? 3 : 0; left > 0; left--) {
    const { until } = watchOf(scene, market);
    const again = until > scene.now ? nearTime(scene, until) : scene.now;
    yield call(again, { kind: "tripShortfall", market, ...lists });
  }
  if (!dice.chance(0.7)) return;
  const now = twin.ledger.world.tokens.get(token)?.balances.get(AT.ledger) ?? 0n;
  const missing = owedIn(scene, token).owed - now;
  if (missing > 0n) yield { kind: "donate", token, amount: missing, at: scene.now };
}

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
