import { IPriceSource__factory } from "../../../packages/contracts/src/generated/bindings/factories/IPriceSource__factory.ts";
import { decodeError } from "../../../packages/contracts/src/errors/decode.ts";
import { isMaximal } from "../../../packages/model/src/oracle/multi/forms.ts";
import { refusalText } from "../refusals.ts";
import type { Session } from "../session.ts";
import type { Acting } from "../signers.ts";
import { UsageError } from "../usage.ts";
import { demotedForm, isBetter, withValues } from "./fixings.ts";
import type { Fixing, Lane, Value } from "./fixings.ts";
import { NEXT_BLOCK } from "./hubs.ts";
import { checkLocal, payloadOf } from "./payloads.ts";
import type { Origin, Payload } from "./payloads.ts";
import { saidIn, SILENCE } from "./said.ts";
import type { SaidArguments } from "./said.ts";
import { sourceLabel } from "./sources.ts";
import type { Network, Source } from "./sources.ts";

/** A value that improves its lane, and what proves it. */
export interface FoundProof extends Value {
  readonly source: Source;
  readonly vote: number;
  readonly slot: number;
  readonly time: bigint;
  readonly fee: bigint;
  readonly payload: string;
}

/** A value that a source could still give, and what is lacking for it. */
export interface MissingProof {
  readonly source: Source;
  readonly slot: number;
  readonly time: bigint;
  readonly lacks: string;
}

/** What can be proven now, and what cannot. */
export interface Findings {
  readonly found: readonly FoundProof[];
  readonly missing: readonly MissingProof[];
}

/** Where the values of an `oracle:prove` come from. */
export interface ProofArguments extends SaidArguments {
  readonly localSigners: boolean;
}

/** Which network each file is for. */
const NETWORK_OF: Readonly<Record<keyof SaidArguments, Network["kind"]>> = {
  packages: "RedStone",
  observations: "own signers",
  reports: "Data Streams",
};

/** Collects what improves the lanes of a fixing whose slots have passed; each value is tried at its source. */
export async function findProofs(
  session: Session,
  fixing: Fixing,
  args: ProofArguments,
  actor: Acting,
): Promise<Findings> {
  checkNetworks(fixing, args);
  if (args.localSigners) checkLocal(session);
  const price = (time: bigint) => localPrice(session, fixing, actor, time);
  const localPriceAt = args.localSigners ? price : undefined;
  const origin: Origin = { said: await saidIn(args), localPrice: localPriceAt };
  const open = fixing.lanes.filter(
    ({ time, value }) => time < session.now && (value === undefined || !isMaximal(value.form)),
  );
  const places = open.flatMap((lane) =>
    fixing.sources.filter(({ vote }) => vote === lane.vote).map((source) => ({ lane, source })),
  );
  const looked = await Promise.all(
    places.map(async ({ lane, source }) => {
      const payload = await payloadOf(session, source, origin, lane.time);
      return tried(session, fixing, { lane, source, payload, actor });
    }),
  );
  const found = bestOf(
    fixing,
    looked.flatMap((one) => (one !== undefined && "payload" in one ? [one] : [])),
  );
  const lacking = looked.flatMap((one) => (one !== undefined && "lacks" in one ? [one] : []));
  const wanting = withValues(fixing.lanes, found).filter(
    ({ value }) => value === undefined || !isMaximal(value.form),
  );
  const missing = lacking.filter(({ source, slot }) =>
    wanting.some((lane) => lane.vote === source.vote && lane.slot === slot),
  );
  const findings = { found, missing };
  checkFiles(findings, args);
  return findings;
}

/** A value that its source gives and that improves the lane; what is lacking for one; or nothing. */
async function tried(
  session: Session,
  fixing: Fixing,
  place: { lane: Lane; source: Source; payload: Payload; actor: Acting },
): Promise<FoundProof | MissingProof | undefined> {
  const { lane, source, payload: found, actor } = place;
  const { slot, time, vote } = lane;
  if ("lacks" in found) return { source, slot, time, lacks: found.lacks };
  const { payload, fee } = found;
  try {
    const value = await valueOf({ source, actor, time, payload, fee });
    const form = demotedForm(fixing, source, value.form);
    const proof = { source, vote, slot, time, payload, fee, price: value.price, form };
    return isBetter(proof, lane) ? proof : undefined;
  } catch (error) {
    const decoded = decodeError(error);
    if (decoded.kind === "none") throw error;
    const sentence = await refusalText(session, decoded);
    return { source, slot, time, lacks: `another payload: ${sentence}` };
  }
}

interface Asked {
  readonly source: Source;
  readonly actor: Acting;
  readonly time: bigint;
  readonly payload: string;
  readonly fee: bigint;
}

async function valueOf({ source, actor, time, payload, fee }: Asked): Promise<Value> {
  const contract = IPriceSource__factory.connect(source.address, actor);
  const overrides = { value: fee, ...NEXT_BLOCK };
  const { price, form } = await contract.valueAt.staticCall(time, payload, overrides);
  return { price, form };
}

/** One proof a lane: of two sources of a vote the better value. */
function bestOf(fixing: Fixing, proofs: readonly FoundProof[]): FoundProof[] {
  const lanes = withValues(fixing.lanes, proofs);
  return lanes.flatMap(({ vote, slot, value }) => {
    const proof = proofs.find(
      (one) =>
        one.vote === vote &&
        one.slot === slot &&
        one.price === value?.price &&
        one.form === value.form,
    );
    return proof ?? [];
  });
}

/** What local signers sign for a time: what a push source of the fixing said then, else the mark. */
async function localPrice(
  session: Session,
  { sources, state }: Fixing,
  actor: Acting,
  time: bigint,
): Promise<bigint> {
  const silent: Origin = { said: SILENCE, localPrice: undefined };
  for (const source of sources.filter(({ push }) => push)) {
    const found = await payloadOf(session, source, silent, time);
    if ("payload" in found) return (await valueOf({ source, actor, time, ...found })).price;
  }
  return state.mark;
}

/** Refuses files for which the fixing has no source. */
function checkNetworks({ sources, feed }: Fixing, args: SaidArguments): void {
  for (const kind of given(args)) {
    const wanted = NETWORK_OF[kind];
    if (sources.some(({ network }) => network.kind === wanted)) continue;
    const known = sources.map(sourceLabel).join(", ");
    throw new UsageError(
      `--${kind}: the fixing has no ${wanted} source of ${feed.name}: it has ${known}.`,
    );
  }
}

/** Refuses files of which nothing is of use while their source lacks something. */
function checkFiles({ found, missing }: Findings, args: SaidArguments): void {
  for (const kind of given(args)) {
    const wanted = NETWORK_OF[kind];
    if (found.some(({ source }) => source.network.kind === wanted)) continue;
    const first = missing.find(({ source }) => source.network.kind === wanted);
    if (first === undefined) continue;
    throw new UsageError(
      `--${kind}: ${args[kind]} brings nothing of use: source ${sourceLabel(first.source)} needs ${first.lacks.replace(/\.$/, "")}.`,
    );
  }
}

function given(args: SaidArguments): (keyof SaidArguments)[] {
  const kinds = ["packages", "observations", "reports"] as const;
  return kinds.filter((kind) => args[kind] !== undefined);
}
