import { decodeError } from "../../../packages/contracts/src/errors/decode.ts";
import type { Feed } from "../oracle/hubs.ts";
import { sourcesOf } from "../oracle/sources.ts";
import { bring, bringings, simulated } from "../oracle/updates.ts";
import { note } from "../print.ts";
import type { Session } from "../session.ts";
import type { Acting } from "../signers.ts";

/** What tasks take that bring readings before anything else. */
export interface ReadingArguments {
  readonly bring: boolean;
  readonly localSigners: string | undefined;
  readonly dryRun: boolean;
}

/**
 * Brings what can be brought without a payload, if that is asked for; says so on stderr. In a bad hour others bring readings as
 * well: where the hub has one as new, what follows goes on with it.
 */
export async function bringFirst(
  session: Session,
  feed: Feed,
  { bring: wanted, localSigners, dryRun }: ReadingArguments,
  actor: Acting,
): Promise<void> {
  if (!wanted && localSigners === undefined) return;
  const sources = await sourcesOf(session, feed);
  const args = { source: undefined, payload: undefined, localSigners };
  const bringing = await bringings(session, feed, sources, args);
  for (const one of bringing) {
    try {
      if (dryRun) await simulated(feed, one, actor);
      else note((await bring(feed, sources, [one], actor)).lines.join("\n"));
    } catch (error) {
      if (decodeError(error).name !== "NotNewer") throw error;
      note(`${one.what}: the hub has one that is as new.`);
    }
  }
  if (!dryRun) return;
  note(
    `Would bring to ${feed.name}: ${bringing.map(({ what }) => what).join("; ")}; what follows is tried without it.`,
  );
}
