import { isMaximal } from "@certus/model";
import type { MultiOracleEvent } from "@certus/model";

/** What a value is worth to whoever brought it. */
function worthOf(form: bigint): bigint {
  return isMaximal(form) ? 2n : 1n;
}

/** Points of one beneficiary, out of the values that a fixing accepted. */
export class Points {
  readonly #beneficiary: bigint;
  readonly #worth = new Map<string, bigint>();
  /** Points so far. */
  sum = 0n;

  constructor(beneficiary: bigint) {
    this.#beneficiary = beneficiary;
  }

  /** Takes note of an event. */
  hear({ name, args }: MultiOracleEvent): void {
    if (name !== "ValueAccepted") return;
    const lane = `${args.vote} ${args.slot}`;
    const worth = worthOf(args.form);
    if (args.beneficiary === this.#beneficiary) this.sum += worth - (this.#worth.get(lane) ?? 0n);
    this.#worth.set(lane, worth);
  }
}
