import { applyEvent, createState, dumpState } from "@certus/model";
import type { LedgerEvent, ModelError, OracleEvent, Outcome, State } from "@certus/model";

import type { Named, Value } from "../chain/abi.ts";
import type { RawLog, Sent } from "../chain/chain.ts";
import { WALLET } from "../world/actors.ts";
import { AT, FOREIGN } from "../world/places.ts";
import { createTwin, genesis } from "../world/twin.ts";
import type { Twin } from "../world/twin.ts";
import { callChain, changeChain } from "./chainSide.ts";
import type { Stage } from "./chainSide.ts";
import { compareAll } from "./compareAll.ts";
import { isCall } from "./command.ts";
import type { CallOf, Command, LedgerCall } from "./command.ts";
import { Difference, ensure, show } from "./difference.ts";
import { Invariants } from "./invariants.ts";
import { asNamed, callModel, changeWorld, returnedValues } from "./modelSide.ts";
import { signAs } from "./signing.ts";
import type { Signed } from "./signing.ts";
import { tokensMoved, wordsTouched } from "./touched.ts";
import { compareBalances, compareWords } from "./words.ts";

/** What one step came to. */
export interface Step {
  readonly ok: boolean;
  /** The error both sides refused with. */
  readonly error?: Named;
  readonly returned?: readonly Value[];
  readonly events?: readonly LedgerEvent[];
  readonly oracleEvents?: readonly OracleEvent[];
}

/** Steps between two comparisons of the whole state. */
const FULL_EVERY = 16;

/** What a foreign contract makes of a call, where the model only knows that the call fails somehow. */
const FOREIGN_FAILURES: ReadonlyMap<bigint, string> = new Map([
  [FOREIGN.calling, "InExternalCall"],
]);

function same(a: Value, b: Value): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    const [left, right] = [a as readonly Value[], b as readonly Value[]];
    return left.length === right.length && left.every((item, at) => same(item, right[at] ?? ""));
  }
  return a === b;
}

/** One run: the same commands on the chain and on the model, side by side. */
export class Lockstep {
  readonly stage: Stage;
  readonly twin: Twin = createTwin();
  readonly #invariants = new Invariants();
  readonly #log: (readonly [event: LedgerEvent, at: bigint])[] = [];
  #steps = 0;
  #forced = false;

  /** @param stage - Its chain stands at its set-up. */
  constructor(stage: Stage) {
    this.stage = stage;
  }

  /** The model's state. */
  get state(): State {
    return this.twin.ledger.state;
  }

  /** Runs a command on both sides. Throws a `Difference` if they do not agree. */
  async step(command: Command): Promise<Step> {
    const step = isCall(command) ? await this.#call(command) : await this.#change(command);
    this.#steps++;
    if (this.#steps % FULL_EVERY === 0) await this.#compareAll(false);
    return step;
  }

  /** Compares all that is left to compare. */
  async finish(): Promise<void> {
    await this.#compareAll(true);
    if (this.#forced) return;
    this.#invariants.checkHalts();
    const replayed = createState(genesis());
    for (const [event, at] of this.#log) applyEvent(replayed, event, at);
    const [left, right] = [replayed, this.state].map((state) => JSON.stringify(dumpState(state)));
    ensure(left === right, "replay", () => "replaying the events gives another state");
  }

  #compareAll(last: boolean): Promise<void> {
    return compareAll(this.stage, this.twin, { forced: this.#forced, last });
  }

  async #change(command: Command): Promise<Step> {
    if (isCall(command)) throw new TypeError("a call changes no world");
    if (command.kind === "force") this.#forced = true;
    if (command.kind !== "wait") await this.stage.chain.setTime(command.at);
    await changeChain(this.stage, this.twin, command);
    changeWorld(this.twin, command);
    return { ok: true };
  }

  async #call(call: CallOf<LedgerCall> & Command): Promise<Step> {
    const { chain, interfaces } = this.stage;
    const wallet = { address: WALLET, accepts: this.twin.wallet.accepts };
    const signed: Signed | undefined =
      call.kind === "fill" ? signAs(call.signing, call.order, call.signer, wallet) : undefined;
    await chain.setTime(call.at);
    const sent = await callChain(chain, interfaces, call, signed);
    const outcome = this.#modelOutcome(call, signed);
    if (!outcome.ok || !sent.ok) return { ok: false, error: this.#compareErrors(outcome, sent) };
    const { output, logs } = sent;
    const returned = interfaces.ledger(call.kind).decode(output);
    const wanted = returnedValues(call.kind, outcome);
    ensure(
      same(returned, wanted),
      "return value",
      () => `${call.kind} returns ${show(returned)}, the model ${show(wanted)}`,
    );
    this.#compareEvents(logs, outcome.events, outcome.oracleEvents);
    await this.#compareTouched(outcome.events);
    for (const event of outcome.events) this.#log.push([event, call.at]);
    this.#invariants.observe(this.state, outcome.events, this.#forced);
    const { events, oracleEvents } = outcome;
    return { ok: true, returned, events, oracleEvents };
  }

  #modelOutcome(call: CallOf<LedgerCall> & Command, signed: Signed | undefined): Outcome<unknown> {
    try {
      return callModel(this.twin, call, signed);
    } catch (thrown) {
      throw new Difference("model fault", String(thrown));
    }
  }

  #compareErrors(outcome: Outcome<unknown>, sent: Sent): Named {
    const chain = sent.ok ? undefined : this.stage.interfaces.errors.decode(sent.data);
    const model = outcome.ok ? undefined : expectedError(outcome.error);
    const tell = (error: Named | undefined): string =>
      error === undefined ? "succeeds" : `refuses with ${error.name}${show(error.args)}`;
    const agree = chain?.name === model?.name && same(chain?.args ?? [], model?.args ?? []);
    const about = `outcome (${chain?.name ?? "success"}, ${model?.name ?? "success"})`;
    ensure(agree, about, () => `the ledger ${tell(chain)}, the model ${tell(model)}`);
    if (chain === undefined) throw new Error("both sides succeeded");
    return chain;
  }

  #compareEvents(
    logs: readonly RawLog[],
    events: readonly LedgerEvent[],
    oracleEvents: readonly OracleEvent[],
  ): void {
    const { ledgerEvents, oracleEvents: ofOracle } = this.stage.interfaces;
    const emitted = (address: bigint, table: typeof ledgerEvents): readonly Named[] =>
      logs
        .filter((log) => log.address === address)
        .map(({ topics, data }) => table.decode(topics, data) ?? { name: "unknown", args: [] });
    compareNamed("ledger event", emitted(AT.ledger, ledgerEvents), events.map(asNamed));
    compareNamed("oracle event", emitted(AT.oracle, ofOracle), oracleEvents.map(asNamed));
  }

  async #compareTouched(events: readonly LedgerEvent[]): Promise<void> {
    const words = events.flatMap((event) => wordsTouched(this.stage.storage, this.state, event));
    await compareWords(this.stage.chain, AT.ledger, words);
    if (this.#forced) return;
    const tokens = new Set(events.flatMap((event) => tokensMoved(this.state, event)));
    for (const token of tokens) await compareBalances(this.stage, this.twin, token, [AT.ledger]);
  }
}

function expectedError({ name, args }: ModelError): Named {
  if (name !== "ForeignCallFailed") return { name, args: [...args] };
  const [target] = args;
  return { name: FOREIGN_FAILURES.get(target) ?? name, args: [] };
}

function compareNamed(what: string, chain: readonly Named[], model: readonly Named[]): void {
  const tell = (list: readonly Named[]): string =>
    list.map(({ name, args }) => `${name}${show(args)}`).join("; ");
  const equal =
    chain.length === model.length &&
    chain.every(({ name, args }, at) => {
      const other = model[at];
      return other !== undefined && other.name === name && same(args, other.args);
    });
  ensure(equal, what, () => `the chain emits ${tell(chain)}, the model ${tell(model)}`);
}
