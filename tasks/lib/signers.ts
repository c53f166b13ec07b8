import { accountId } from "../../packages/contracts/src/ids.ts";
import { accountText, parseAccount, parseAddress } from "./accounts.ts";
import type { ActingArguments } from "./arguments.ts";
import { SCOPES } from "./operators.ts";
import type { Scope } from "./operators.ts";
import type { Session } from "./session.ts";
import { UsageError } from "./usage.ts";

/** The number of an account of the network. */
const INDEX = /^\d{1,4}$/;

/** An account of the network that signs and sends. */
export type Acting = Awaited<ReturnType<Session["ethers"]["getSigners"]>>[number];

/** Who acts: an account of the network, by its index or its address. */
export async function actorOf(
  session: Session,
  { from }: Pick<ActingArguments, "from">,
): Promise<Acting> {
  return signerOf(session, "--from", from);
}

async function signerOf({ ethers }: Session, name: string, text: string): Promise<Acting> {
  return signerAmong(await ethers.getSigners(), name, text);
}

/** The account that is meant among those of a network, by its index or its address. */
export function signerAmong(signers: readonly Acting[], name: string, text: string): Acting {
  if (signers.length === 0) {
    throw new UsageError(
      "The network has no accounts to act with: set its keys, npx hardhat keystore set DEPLOYER_KEY.",
    );
  }
  const index = INDEX.test(text.trim()) ? Number(text) : undefined;
  const address = index === undefined ? parseAddress(name, text) : undefined;
  const found = signers.find((signer, i) => i === index || signer.address === address);
  if (found !== undefined) return found;
  const shown = signers.slice(0, 3).map((signer, i) => `${i} ${signer.address}`);
  const more = signers.length > shown.length ? `, … ${signers.length - 1}` : "";
  throw new UsageError(
    `${name}: the network has no account ${text}: it has ${shown.join(", ")}${more}.`,
  );
}

/**
 * The account that is meant: `address[:sub]`; `INDEX[:sub]`, an account of the network; `:sub`, of whoever acts; or
 * nothing, the actor's own account 0.
 */
export async function accountOf(
  session: Session,
  name: string,
  text: string | undefined,
  actor: Pick<Acting, "address">,
): Promise<bigint> {
  if (text === undefined) return accountId(actor.address);
  const [, index, sub] = /^(\d{0,4})(:\d+)?$/.exec(text.trim()) ?? [];
  if (index === undefined) return parseAccount(name, text);
  const owner = index === "" ? actor.address : (await signerOf(session, name, index)).address;
  return parseAccount(name, `${owner}${sub ?? ""}`);
}

/** The address that is meant: itself, or that of an account of the network, by its index. */
export async function addressOf(session: Session, name: string, text: string): Promise<string> {
  if (!INDEX.test(text.trim())) return parseAddress(name, text);
  return (await signerOf(session, name, text)).address;
}

/** Refuses what only the owner or an operator with a scope may do, before anything is signed or sent. */
export async function checkScope(
  { ledger, now }: Session,
  account: bigint,
  actor: Pick<Acting, "address">,
  scope: Scope,
): Promise<void> {
  if (accountId(actor.address) >> 96n === account >> 96n) return;
  const { scopes, until } = await ledger.operatorOf(account, actor.address);
  if ((scopes & SCOPES[scope]) !== 0n && now < until) return;
  throw new UsageError(
    `${actor.address} is neither the owner nor a ${scope} operator of ${accountText(account)}: its owner lets it act by operator:set; or choose another --from or --account.`,
  );
}
