import { fixingIdOf } from "@certus/model";
import type { Book, State } from "@certus/model";

import { OracleHub__factory } from "../../../packages/contracts/src/generated/bindings/factories/OracleHub__factory.ts";
import { SettlementOracle__factory } from "../../../packages/contracts/src/generated/bindings/factories/SettlementOracle__factory.ts";
import type { VoteReportStructOutput } from "../../../packages/contracts/src/generated/bindings/OracleHub.ts";
import type { ChainNode, Header } from "../../../scripts/replay/node.ts";
import { feedName } from "../oracle/hubs.ts";
import { classNames } from "../oracle/sources.ts";
import { verdictOf } from "../oracle/status.ts";
import { idOf } from "../shapes.ts";
import { asked } from "./asked.ts";
import type { Contracts } from "./contracts.ts";
import { addressName } from "./names.ts";
import type { Unfixed } from "./rules/fixing.ts";
import type { TokenStand } from "./rules/shortfall.ts";
import type { SeenFeed, SeenVote } from "./rules/stale.ts";

const hubCalls = OracleHub__factory.createInterface();
const oracleCalls = SettlementOracle__factory.createInterface();

/** Looks at what the replica does not hold: balances, feeds and fixings of several sources, at one block. */
export class Look {
  readonly #node: ChainNode;
  readonly #contracts: Contracts;

  constructor(node: ChainNode, contracts: Contracts) {
    this.#node = node;
    this.#contracts = contracts;
  }

  /** What the ledger has of each token, beside what it owes. */
  async tokens({ held, ledger }: State, block: Header): Promise<TokenStand[]> {
    return Promise.all(
      [...held].map(async ([token, owed]) => ({
        token,
        owed,
        balance: await this.#node.balance(addressName(token), ledger, block),
      })),
    );
  }

  /** The feeds that open books will settle on. */
  async feeds({ books }: State, block: Header): Promise<SeenFeed[]> {
    const wanted = new Map<string, { hub: string; id: string }>();
    for (const { market, price, expiry } of books.values()) {
      const hub = this.#contracts.multi(market.terms.oracle)?.hub;
      if (hub === undefined || price !== 0n || expiry <= block.time) continue;
      const id = idOf(market.terms.feed);
      wanted.set(`${hub} ${id}`, { hub, id });
    }
    const seen = await Promise.all(
      [...wanted.values()].map(async ({ hub, id }) => this.#feed(hub, id, block)),
    );
    return seen.flatMap((feed) => feed ?? []);
  }

  async #feed(hub: string, id: string, block: Header): Promise<SeenFeed | undefined> {
    const call = { contract: hub, calls: hubCalls, name: "report", args: [id], block };
    const found = await asked(this.#node, call);
    if (found === undefined) return undefined;
    const [{ status }, votes] = found as unknown as [
      { status: bigint },
      readonly VoteReportStructOutput[],
    ];
    const name = feedName(id);
    return { hub, id, name, status, votes: votes.map((vote, at) => seen(vote, at, block)) };
  }

  /** The books that have expired and have no price. */
  async unfixed({ books }: State, block: Header): Promise<Unfixed[]> {
    const open = [...books.values()].filter(
      ({ price, expiry }) => price === 0n && expiry <= block.time,
    );
    return Promise.all(open.map((book) => this.#unfixed(book, block)));
  }

  async #unfixed({ book, expiry, market }: Book, block: Header): Promise<Unfixed> {
    const { oracle, feed, profile } = market.terms;
    const multi = this.#contracts.multi(oracle);
    if (multi === undefined) return { book, expiry, multi: false, prolonged: false };
    const found = await asked(this.#node, {
      contract: multi.address,
      calls: oracleCalls,
      name: "fixingState",
      args: [idOf(fixingIdOf(feed, profile, expiry))],
      block,
    });
    const [state] = (found ?? []) as { readonly prolonged?: boolean }[];
    return { book, expiry, multi: true, prolonged: state?.prolonged === true };
  }
}

function seen({ classes, verdict, time }: VoteReportStructOutput, vote: number, at: Header) {
  const age = at.time > time ? at.time - time : 0n;
  return {
    vote,
    classes: classNames(classes),
    verdict: verdictOf(verdict),
    age: time === 0n ? undefined : age,
  } satisfies SeenVote;
}
