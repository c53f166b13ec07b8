import { formatPrice } from "../decimals.ts";
import { priceOf, timeOf } from "../shapes.ts";
import { shownTime } from "../times.ts";
import { isMaximal } from "../../../packages/model/src/oracle/multi/forms.ts";
import { closingsOf, flagNames, formText } from "./fixings.ts";
import type { Ending, Fixing, Lane } from "./fixings.ts";
import type { FoundProof, MissingProof } from "./proofs.ts";
import { sourceLabel } from "./sources.ts";
import type { Network } from "./sources.ts";

const STEPS: Readonly<Record<number, readonly [name: string, means: string]>> = {
  1: ["F0", "every class has a maximal value in every slot"],
  2: ["F1", "of the slots with three classes"],
  3: ["F2", "of the slots with two classes or more"],
  4: ["F3", "of the slots that have any value"],
  5: ["F4", "the mark, as no slot has a value"],
};

/** The name of a step by the oracle's number. */
function stepOf(step: bigint): readonly [name: string, means: string] {
  const known = STEPS[Number(step)];
  if (known === undefined) throw new Error(`the oracle tells a step ${step} not known here`);
  return known;
}

/** A fixing for a document. */
export function fixingJson(fixing: Fixing) {
  const { oracleAddress, feed, id, profile, sampling, state } = fixing;
  return {
    oracle: oracleAddress,
    hub: feed.hubAddress,
    feed: { id: feed.id, name: feed.name },
    fixing: id,
    profile: { word: profile, slots: Number(sampling.slots), step: Number(sampling.period) },
    mark: { ...priceOf(state.mark), time: timeOf(state.markTime) },
    prolonged: state.prolonged,
    closings: closingsOf(fixing).map(({ name, time }) => ({ name, ...timeOf(time) })),
    values: fixing.lanes.map((lane) => laneJson(fixing, lane)),
  };
}

function laneJson(fixing: Fixing, { vote, slot, time, value }: Lane) {
  return {
    vote,
    classes: fixing.classes.get(vote) ?? [],
    slot,
    time: timeOf(time),
    price: value === undefined ? null : priceOf(value.price),
    form:
      value === undefined
        ? null
        : {
            raw: Number(value.form),
            maximal: isMaximal(value.form),
            text: formText(value.form, networkOf(fixing, vote)),
          },
  };
}

/** What reads the form of a vote's values: the first of its sources that has signers, as a rule the only one. */
function networkOf({ sources }: Fixing, wanted: number): Network | undefined {
  return sources.find(({ vote }) => vote === wanted)?.network;
}

/** An ending for a document. */
export function endingJson({ price, step, flags, at }: Ending) {
  const [name, means] = stepOf(step);
  return {
    step: name,
    means,
    price: priceOf(price),
    flags: flagNames(flags),
    from: at === undefined ? null : timeOf(at),
  };
}

/** An ending in a sentence. */
export function endingText({ price, step, flags, at }: Ending, now: bigint): string {
  const [name, means] = stepOf(step);
  const odd = flags === 0n ? "" : `, odd: ${flagNames(flags).join(", ")}`;
  const what = `${name}, ${means}: ${formatPrice(price)}${odd}`;
  if (at === undefined) return `Final by ${what}.`;
  if (at <= now) return `Can be final now by ${what}.`;
  return `If nothing more comes: ${what}; final from ${shownTime(at)} UTC.`;
}

/** A proof for a document. */
export function proofJson({ source, vote, slot, time, price, form, fee, payload }: FoundProof) {
  return {
    source: source.index,
    kind: source.network.kind,
    vote,
    slot,
    time: timeOf(time),
    price: priceOf(price),
    form: {
      raw: Number(form),
      maximal: isMaximal(form),
      text: formText(form, source.network),
    },
    fee,
    payload,
  };
}

/** What is missing, for a document. */
export function missingJson({ source, slot, time, lacks }: MissingProof) {
  return { source: source.index, kind: source.network.kind, slot, time: timeOf(time), lacks };
}

/** Columns of `laneRow`. */
export const LANE_COLUMNS = ["slot", "time (UTC)", "class", ">value", "form", ""];

/** A lane in a line, with what is brought to it. */
export function laneRow(fixing: Fixing, lane: Lane, proofs: readonly FoundProof[]): string[] {
  const { vote, slot, time, value } = lane;
  const proof = proofs.find((one) => one.vote === vote && one.slot === slot);
  return [
    String(slot),
    shownTime(time),
    (fixing.classes.get(vote) ?? []).join(" + "),
    value === undefined ? "" : formatPrice(value.price),
    value === undefined ? "missing" : formText(value.form, networkOf(fixing, vote)),
    proof === undefined
      ? ""
      : `${formatPrice(proof.price)} by ${sourceLabel(proof.source)}, ${formText(proof.form, proof.source.network)}`,
  ];
}

/** What is missing, one line a source: for which slots, and what it takes for the first. */
export function missingText(missing: readonly MissingProof[]): string {
  const sources = [...new Map(missing.map(({ source }) => [source.index, source])).values()];
  return sources
    .map((source) => {
      const own = missing.filter((one) => one.source.index === source.index);
      const more = own.length > 1 ? ` (and ${own.length - 1} slots more)` : "";
      return `Source ${sourceLabel(source)} needs ${own[0]?.lacks ?? ""}${more}`;
    })
    .join("\n");
}
