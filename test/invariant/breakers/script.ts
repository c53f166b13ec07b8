import type { Command } from "./command.ts";
import type { Step } from "./lockstep.ts";
import { FEEDS, HOLDERS } from "./places.ts";
import { peg } from "./plays/peg.ts";
import { sequencer } from "./plays/sequencer.ts";
import { shortfall } from "./plays/shortfall.ts";
import { trade } from "./plays/trade.ts";
import { enrolment, impose, policies, retire, roles, tokenFeed } from "./plays/governing.ts";
import { anniversary, move, relapse, tumble, underHalt } from "./plays/moves.ts";
import { calm, recover } from "./plays/observing.ts";
import { adapt, pass, stray } from "./plays/passing.ts";
import { apart, farApart, silence } from "./plays/votes.ts";
import { call } from "./scene.ts";
import type { Play, Scene } from "./scene.ts";
import { ACCOUNTS, OWNERS } from "./twin.ts";

/** How likely it is that somebody calls something else between two commands. */
const BETWEEN = 0.07;

/** Some cash, and most of what the run is about is watched from the beginning. */
function* opening(scene: Scene): Play {
  const { dice, twin } = scene;
  const at = scene.now + 1n;
  for (const [index, sender] of OWNERS.entries()) {
    const account = ACCOUNTS[index] ?? 0n;
    for (const { token } of twin.terms.slice(0, 2)) {
      const amount = dice.between(1n, 1n << 90n);
      yield { kind: "ledger", call: { kind: "deposit", sender, account, token, amount }, at };
    }
  }
  const foreign = twin.markets[2] ?? 0n;
  if (dice.chance(0.2)) yield call(at, { kind: "enroll", market: foreign });
  for (const market of twin.markets.slice(0, 2)) {
    if (dice.chance(0.95)) yield call(at, { kind: "enroll", market });
    if (!dice.chance(0.6)) continue;
    const feed = FEEDS.coin.name;
    yield call(at, { kind: "setTokenFeed", market, feed, sender: HOLDERS.safe });
  }
}

type Plays = readonly (readonly [weight: number, play: (scene: Scene) => Play])[];

const PLAYS: Plays = [
  [10, calm],
  [11, recover],
  [8, move],
  [2, tumble],
  [2, relapse],
  [1.5, anniversary],
  [4, underHalt],
  [7, apart],
  [7, farApart],
  [8, silence],
  [5, sequencer],
  [6, peg],
  [5, shortfall],
  [6, trade],
  [8, policies],
  [6, impose],
  [1.5, tokenFeed],
  [0.6, roles],
  [0.6, enrolment],
  [0.1, retire],
  [8, pass],
  [7, adapt],
  [2, stray],
];

/** The plays of a run: each run likes some of them better than others. */
function* plays(scene: Scene): Play {
  const { dice } = scene;
  yield* opening(scene);
  const liked = PLAYS.map(([weight, play]) => {
    return [weight * dice.pick([0.2, 1, 1, 1, 3]), play] as const;
  });
  for (;;) yield* dice.weighted(liked)(scene);
}

/** The commands of a run, each drawn out of the model as it is then; somebody else acts in between. */
export function* commandsOf(scene: Scene): Generator<Command, void, Step> {
  const script = plays(scene);
  let step: Step = undefined;
  for (;;) {
    const { value, done } = script.next(step);
    if (done === true) return;
    if (scene.dice.chance(BETWEEN)) yield* stray(scene, scene.now);
    // What was planned before others acted comes after them.
    step = yield value.at < scene.now ? { ...value, at: scene.now } : value;
  }
}
