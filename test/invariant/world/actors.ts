import { accountOf, keccakText } from "@certus/model";
import type { AccountId, Address } from "@certus/model";
import { computeAddress } from "ethers";

/** Somebody with a key. */
export interface Actor {
  readonly name: string;
  readonly key: bigint;
  readonly address: Address;
}

function createActor(name: string): Actor {
  const key = keccakText(`certus invariant campaign: ${name}`);
  const address = BigInt(computeAddress(`0x${key.toString(16).padStart(64, "0")}`));
  return { name, key, address };
}

const NAMES = [
  "deployer",
  "admin",
  "guard",
  "alice",
  "bob",
  "carol",
  "dave",
  "oscar",
  "sam",
  "fred",
  "paul",
] as const;

type Name = (typeof NAMES)[number];

/**
 * Who takes part. Alice to Dave own accounts; Oscar is an operator; Sam is a stranger; Fred has allowed the ledger
 * little of his tokens; Paul has few.
 */
export const ACTORS = Object.fromEntries(
  NAMES.map((name) => [name, createActor(name)]),
) as Readonly<Record<Name, Actor>>;

/** Actors by address. */
export const ACTOR_AT: ReadonlyMap<Address, Actor> = new Map(
  Object.values(ACTORS).map((actor) => [actor.address, actor]),
);

/** An ERC-1271 wallet that owns an account; it answers as it is told. */
export const WALLET: Address = 0xfa11_0000_0000_0000_0000_0000_0000_0000_0000_1271n;

/** A contract that makes several calls in one transaction; it may be made an operator. */
export const RELAY: Address = 0xfa11_0000_0000_0000_0000_0000_0000_0000_0000_5e91n;

/** Who owns accounts that trade. */
export const OWNERS: readonly Address[] = [
  ACTORS.alice.address,
  ACTORS.bob.address,
  ACTORS.carol.address,
  ACTORS.dave.address,
  WALLET,
];

/** Who may be made an operator. */
export const OPERATORS: readonly Address[] = [
  ACTORS.oscar.address,
  ACTORS.bob.address,
  ACTORS.sam.address,
  RELAY,
];

/** Who pays into accounts. */
export const PAYERS: readonly Address[] = [
  ...OWNERS,
  ACTORS.oscar.address,
  ACTORS.fred.address,
  ACTORS.paul.address,
  RELAY,
];

/** Who holds packages and moves them. */
export const HOLDERS: readonly Address[] = [
  ...OWNERS,
  ACTORS.oscar.address,
  ACTORS.sam.address,
  ACTORS.fred.address,
  RELAY,
];

/** Who may move packages of others. */
export const SPENDERS: readonly Address[] = [
  ACTORS.oscar.address,
  ACTORS.sam.address,
  ACTORS.bob.address,
  RELAY,
];

/** The accounts that trade. */
export const ACCOUNTS: readonly AccountId[] = [
  accountOf(ACTORS.alice.address, 0n),
  accountOf(ACTORS.alice.address, 1n),
  accountOf(ACTORS.bob.address, 0n),
  accountOf(ACTORS.carol.address, 0n),
  accountOf(ACTORS.carol.address, (1n << 96n) - 1n),
  accountOf(ACTORS.dave.address, 0n),
  accountOf(WALLET, 3n),
];

/** Receivers of fees. */
export const TREASURIES: readonly Address[] = [0x7ea1n, 0x7ea2n];
