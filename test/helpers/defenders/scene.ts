import { expect } from "chai";

import { Chain } from "../../../scripts/demo/chain.ts";
import type { Connection } from "../../fixtures/connection.ts";
import { MINUTE } from "../../fixtures/units.ts";
import { passTo } from "../../fixtures/world.ts";
import { Owners } from "./owners.ts";
import { openStage } from "./stage.ts";
import type { Stage } from "./stage.ts";

/** A stage with its owners, for stories that are told step by step. */
export interface Scene {
  readonly stage: Stage;
  readonly owners: Owners;
}

/** Scenes of a connection, each from the same beginning. */
export function scenesOf(connection: Connection): () => Promise<Scene> {
  const staged = () => openStage(connection);
  return async () => {
    const world = await connection.networkHelpers.loadFixture(staged);
    const stage = { ...world, chain: Chain.over(connection, world.begins) };
    const owners = new Owners(stage);
    await owners.begin();
    return { stage, owners };
  };
}

/** It is this time, for those who send with a clock of their own and for those without. */
export async function at({ stage }: Scene, time: bigint): Promise<void> {
  await passTo(stage, time);
  await stage.chain.synchronise();
}

/** What new risk is told; undefined if it is taken. */
export async function told({ stage, owners }: Scene): Promise<string | undefined> {
  await stage.chain.synchronise();
  return owners.shut();
}

/** Everybody leaves every book, each at its expiry, with all that is owed. */
export async function leave(scene: Scene, halted: boolean): Promise<void> {
  const { stage, owners } = scene;
  await owners.everyday(halted);
  for (const { book, expiry } of stage.books) {
    if (expiry + MINUTE > stage.chain.time) await at(scene, expiry + MINUTE);
    await owners.settle(book, expiry);
  }
  expect(owners.findings).to.deep.equal([]);
  expect(owners.settled).to.equal(stage.books.length);
}
