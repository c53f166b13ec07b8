import { encodeBytes32String, ZeroHash } from "ethers";

import { ABIS, callOf } from "../../tasks/lib/multisig/calls.ts";
import type { Call } from "../../tasks/lib/multisig/calls.ts";
import type { Fields } from "../../tasks/lib/multisig/fields.ts";
import type { Operation } from "../../tasks/lib/multisig/operations.ts";
import { THRESHOLD } from "./multisig.support.ts";
import type { MultisigWorld } from "./multisig.support.ts";

/** An action, what it is given, and the call that it has to make. */
export type ActionRow = readonly [action: string, values: Fields, call: Call];

const DAY = 86_400;
const ETH = encodeBytes32String("ETH-USD");
/** Thresholds of a market that was just enrolled but for its ceiling, as docs/multisig.md sets it. */
const POLICY = [300, 800, 1_000, 9_700, 9_850, 8_000, 5_000];

const changed = (index: number, value: number) => POLICY.map((it, i) => (i === index ? value : it));

/**
 * Every action but `list` and `call`, whose values are not so short.
 *
 * @param keys - Markets by their numbers.
 * @param waiting - An operation of the access manager.
 */
export function actionRows(
  { governed, manager, owners, otherSafe }: MultisigWorld,
  keys: Readonly<Record<1 | 3, bigint>>,
  waiting: Operation,
): ActionRow[] {
  const { ledger, hub, breaker, bounties } = governed.targets;
  const safe = governed.safe.address;
  const [, second, third] = owners;
  const at = {
    ledger: (name: string, ...values: unknown[]) => callOf(ledger, ABIS.ledger, name, values),
    hub: (name: string, ...values: unknown[]) => callOf(hub, ABIS.hub, name, values),
    breaker: (name: string, ...values: unknown[]) => callOf(breaker, ABIS.breaker, name, values),
    bounties: (name: string, ...values: unknown[]) => callOf(bounties, ABIS.bounties, name, values),
    manager: (name: string, ...values: unknown[]) => callOf(manager, ABIS.manager, name, values),
    safe: (name: string, ...values: unknown[]) => callOf(safe, ABIS.safe, name, values),
  };
  const market = "3";
  const key = keys[3];
  const feed = { feed: "X-USD", base: "X", quote: "USD", quorum: 3, dailyVol: "500", priceExp: 2 };
  const words = ["X-USD", "X", "USD"].map(encodeBytes32String);
  const { id, caller, target, data } = waiting;
  return [
    ["retire", { market: "1" }, at.ledger("retire", keys[1])],
    ["set-treasury", { treasury: third }, at.ledger("setTreasury", third)],
    [
      "create-feed",
      { ...feed, sources: `${third} ${hub}` },
      at.hub("createFeed", ...words, 2, 3, 500, [third, hub]),
    ],
    ["add-source", { feed: "ETH-USD", source: third }, at.hub("addSource", ETH, third)],
    ["disable-source", { feed: ETH, index: "1" }, at.hub("disable", ETH, 1)],
    ["set-cap", { market, ceiling: "7000" }, at.breaker("setPolicy", key, changed(5, 7_000))],
    ["set-policy", { market, move: "900" }, at.breaker("setPolicy", key, changed(2, 900))],
    ["tighten", { market, floor: 4_500 }, at.breaker("tighten", key, changed(6, 4_500))],
    [
      "impose",
      { market, level: "Halted", duration: "6h" },
      at.breaker("impose", key, 2, 6 * 3_600),
    ],
    ["lift", { market }, at.breaker("lift", key)],
    ["roll-back", { market }, at.breaker("rollBack", key)],
    ["release", { market }, at.breaker("release", key)],
    ["trip", { market, trigger: "bigmove", hint: "4" }, at.breaker("trip", key, 6, 4)],
    ["set-token-feed", { market, feed: "none" }, at.breaker("setTokenFeed", key, ZeroHash)],
    ["set-bounty", { market, perPoint: "0.05" }, at.bounties("setBounty", key, 50_000)],
    [
      "grant-role",
      { role: "risk", account: third, delay: "2d" },
      at.manager("grantRole", 3, third, 2 * DAY),
    ],
    ["revoke-role", { role: "5", account: third }, at.manager("revokeRole", 5, third)],
    ["execute", { operation: id.slice(0, 12) }, at.manager("execute", target, data)],
    ["cancel", { operation: id }, at.manager("cancel", caller, target, data)],
    [
      "add-signer",
      { signer: otherSafe, threshold: "3" },
      at.safe("addOwnerWithThreshold", otherSafe, 3),
    ],
    ["remove-signer", { signer: third }, at.safe("removeOwner", second, third, THRESHOLD)],
    ["swap-signer", { old: third, new: otherSafe }, at.safe("swapOwner", second, third, otherSafe)],
    ["set-threshold", { threshold: "3" }, at.safe("changeThreshold", 3)],
  ];
}
