import { max } from "@certus/model";

import type { Together } from "./batchFills.ts";
import { bookAt } from "./cash.ts";
import { covering } from "./covering.ts";
import { shortAfterWrap, soundWrap } from "./packages.ts";
import type { Scene } from "./scene.ts";

/** A wrap that leaves the rest uncovered, until something is paid in; some packages may come back before. */
export function wrapThenCover(scene: Scene): Together | undefined {
  const { dice } = scene;
  const wrap = soundWrap(scene);
  const book = wrap && bookAt(scene, wrap.book);
  if (wrap === undefined || book === undefined) return undefined;
  const back = dice.chance(0.4) && wrap.amount > 1n ? dice.between(1n, wrap.amount - 1n) : 0n;
  const short = shortAfterWrap(scene, { ...wrap, amount: wrap.amount - back });
  const paid = max(
    0n,
    dice.weighted([
      [6, short],
      [2, short + 1n],
      [1, short - 1n],
    ]),
  );
  const { sender, account } = wrap;
  return {
    calls: [
      wrap,
      ...(back > 0n ? [{ ...wrap, kind: "unwrap" as const, amount: back }] : []),
      ...(paid > 0n ? covering(scene, sender, account, book, paid) : []),
    ],
    note: paid >= short ? "covered later" : "left uncovered",
  };
}

/** A wrap, and the unwrap that gives all of it back. */
export function wrapAndBack(scene: Scene): Together | undefined {
  const wrap = soundWrap(scene);
  if (wrap === undefined) return undefined;
  return { calls: [wrap, { ...wrap, kind: "unwrap" as const }], note: "undone later" };
}
