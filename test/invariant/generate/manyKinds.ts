import { crowdedBetween } from "./crowded.ts";
import { behindRestriction, belowCeiling, drawBehindCeiling } from "./gates.ts";
import { draftFillMany } from "./many.ts";
import type { Draft, Scene } from "./scene.ts";

/** fillMany: any, or such that a gate shuts or the taker's room ends between one order and the next. */
export function draftMany(scene: Scene): Draft | undefined {
  const { dice } = scene;
  const special = dice.weighted([
    [8, undefined],
    [1, behindRestriction],
    [1, belowCeiling],
    [0.5, drawBehindCeiling],
    [0.4, crowdedBetween],
  ]);
  return special?.(scene) ?? draftFillMany(scene);
}
