import type { Scene } from "./scene.ts";

/** One measured operation. */
export interface Operation {
  readonly op: string;
  /** Most gas it may use. */
  readonly target?: bigint;
  /** Most gas it may use, in multiples of another operation. */
  readonly atMost?: { readonly times: bigint; readonly of: Pick<Operation, "run"> };
  /** Which storage the operation finds in use. */
  readonly warm: string;
  /** Why a missed target is accepted; printed with the row. */
  readonly why?: string;
  /** There is nothing to set beside it on the floor. */
  readonly floorless?: true;
  /** Its floor is the wide one, with several makers, batches and packages. */
  readonly wide?: true;
  /** Sets up a state on the scene's ledger and measures the operation in it. */
  readonly run: (scene: Scene) => Promise<bigint>;
}
