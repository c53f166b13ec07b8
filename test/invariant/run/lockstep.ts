import { applyEvent, createState, dumpState } from "@certus/model";
import type { Address, LedgerEvent, ModelError, OracleEvent, Outcome, State } from "@certus/model";

import type { Named, Value } from "../../../scripts/lib/abi.ts";
import type { RawLog, Sent } from "../chain/chain.ts";
import { RELAY, WALLET } from "../world/actors.ts";
import { AT, FOREIGN } from "../world/places.ts";
import { createTwin, genesis } from "../world/twin.ts";
import type { Twin } from "../world/twin.ts";
import { callChain, decodeReturned, relayCalls } from "./chainCalls.ts";
import { changeChain } from "./chainSide.ts";
import type { Stage } from "./chainSide.ts";
import { compareAll } from "./compareAll.ts";
import { compareAround } from "./compareAround.ts";
import { isCall } from "./command.ts";
import type {
  CallOf,
  Command,
  LedgerAction,
  LedgerCall,
  Sequence,
  WorldAction,
} from "./command.ts";
import { Difference, ensure, same, show } from "./difference.ts";
import { Invariants } from "./invariants.ts";
import { callModel } from "./modelCalls.ts";
import { asNamed, changeWorld, returnedValues } from "./modelSide.ts";
import { compareForeseen, foresee } from "./previews.ts";
import type { Signatories } from "./signing.ts";
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
  /** What the calls of a sequence came to, each for itself. */
  readonly inner?: readonly Step[];
  /** Whether the lens foresaw what became of it. */
  readonly foreseen?: boolean;
}

/** Steps between two comparisons of the whole state. */
const FULL_EVERY = 16;

/** What a foreign contract makes of a call, where the model only knows that the call fails somehow. */
const FOREIGN_FAILURES: ReadonlyMap<bigint, string> = new Map([
  [FOREIGN.calling, "InExternalCall"],
]);

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
    const step = await this.#do(command);
    this.#steps++;
    if (this.#steps % FULL_EVERY === 0) await this.#compareAll(false);
    return step;
  }

  #do(command: Command): Promise<Step> {
    if (isCall(command)) return this.#call(command);
    return command.kind === "sequence" ? this.#sequence(command) : this.#change(command);
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

  async #change(command: WorldAction & Command): Promise<Step> {
    if (command.kind === "force") this.#forced = true;
    if (command.kind !== "wait") await this.stage.chain.setTime(command.at);
    await changeChain(this.stage, this.twin, command);
    changeWorld(this.twin, command);
    return { ok: true };
  }

  #signatories(caller: Address): Signatories {
    return { caller, wallet: { address: WALLET, accepts: this.twin.wallet.accepts } };
  }

  async #call(call: CallOf<LedgerCall> & Command): Promise<Step> {
    const signatories = this.#signatories(call.sender);
    await this.stage.chain.setTime(call.at);
    const foreseen =
      call.kind === "fill" ? await foresee(this.stage, this.state, call, signatories) : undefined;
    const sent = await callChain(this.stage, call, signatories);
    const step = this.#compareOutcomes(call, signatories, sent);
    if (sent.ok) await this.#compareTraces([step], [call], call, sent.logs);
    if (foreseen === undefined) return step;
    compareForeseen(this.stage.interfaces, foreseen, sent, step, this.state);
    return { ...step, foreseen: true };
  }

  /** Several calls of one transaction: each compared for itself, then what they left behind together. */
  async #sequence(sequence: Sequence & Command): Promise<Step> {
    const { at, calls } = sequence;
    const signatories = this.#signatories(RELAY);
    await this.stage.chain.setTime(at);
    const { sent, logs } = await relayCalls(this.stage, sequence, signatories);
    const inner = calls.map((call, index) => {
      const [made, outcome] = [{ ...call, sender: RELAY, at }, sent[index]];
      if (outcome === undefined) throw new Error("the relay left a call out");
      return this.#compareOutcomes(made, signatories, outcome);
    });
    await this.#compareTraces(inner, calls, { sender: RELAY, at }, logs);
    return { ok: inner.every(({ ok }) => ok), inner };
  }

  #compareOutcomes(
    call: CallOf<LedgerCall> & { readonly at: bigint },
    signatories: Signatories,
    sent: Sent,
  ): Step {
    const outcome = this.#modelOutcome(call, signatories);
    if (!outcome.ok || !sent.ok) return { ok: false, error: this.#compareErrors(outcome, sent) };
    const returned = decodeReturned(this.stage.interfaces, call, sent.output);
    const wanted = returnedValues(call, outcome);
    ensure(
      same(returned, wanted),
      "return value",
      () => `${call.kind} returns ${show(returned)}, the model ${show(wanted)}`,
    );
    const { events, oracleEvents } = outcome;
    return { ok: true, returned, events, oracleEvents };
  }

  /** Compares what the calls of one transaction left behind: logs, words of storage, balances. */
  async #compareTraces(
    steps: readonly Step[],
    calls: readonly LedgerAction[],
    { sender, at }: { readonly sender: Address; readonly at: bigint },
    logs: readonly RawLog[],
  ): Promise<void> {
    const events = steps.flatMap((step) => step.events ?? []);
    const oracleEvents = steps.flatMap((step) => step.oracleEvents ?? []);
    this.#compareEvents(logs, events, oracleEvents);
    await this.#compareTouched(events);
    for (const [index, call] of calls.entries()) {
      if (steps[index]?.ok === true) await compareAround(this.stage, this.twin, sender, call);
    }
    for (const event of events) this.#log.push([event, at]);
    this.#invariants.observe(this.state, events, this.#forced);
  }

  #modelOutcome(
    call: CallOf<LedgerCall> & { readonly at: bigint },
    signatories: Signatories,
  ): Outcome<unknown> {
    try {
      return callModel(this.twin, call, signatories);
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
    const { ledgerEvents, oracleEvents: ofOracle, errors } = this.stage.interfaces;
    const emitted = (address: bigint, table: typeof ledgerEvents): readonly Named[] =>
      logs
        .filter((log) => log.address === address)
        .map(({ topics, data }) => table.decode(topics, data) ?? { name: "unknown", args: [] });
    const named = (event: LedgerEvent | OracleEvent): Named => asNamed(event, errors);
    compareNamed("ledger event", emitted(AT.ledger, ledgerEvents), events.map(named));
    compareNamed("oracle event", emitted(AT.oracle, ofOracle), oracleEvents.map(named));
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
