import { addresses } from "./generated/addresses.ts";
import { uint } from "./ranges.ts";
import type { Integer } from "./ranges.ts";

/** Certus on one chain. */
export interface Deployment {
  /** The chain's id. */
  readonly chainId: number;
  /** The chain's name. */
  readonly name: string;
  /** Block of the ledger's creation: events start here. */
  readonly block: number;
  /** Addresses of the contracts. */
  readonly contracts: {
    /** The ledger: connect to it through `IClearinghouse`. */
    readonly clearinghouse: string;
    /** The half of the ledger's code that is called less often; nobody calls it directly. */
    readonly annex: string;
    /** The library linked to the annex. */
    readonly listing: string;
    /** The single-feed settlement oracle. */
    readonly chainlinkSettlement: string;
    /** Who may list, retire and name the treasury. */
    readonly accessManager: string;
    /** The ledger as people ask about it. */
    readonly lens: string;
  };
}

export { addresses };

/**
 * The deployment on a chain.
 *
 * @throws Error that names the chains there are, if it is none of them.
 */
export function addressesOf(chainId: Integer): Deployment {
  const wanted = uint("chainId", chainId, 256);
  const found = addresses[wanted.toString()];
  if (found !== undefined) return found;
  const known = Object.values(addresses).map(({ chainId: id, name }) => `${id} (${name})`);
  throw new Error(
    `no deployment of Certus is known on chain ${wanted}; known: ${known.join(", ") || "none"}. ` +
      'Pass an address of your own: IClearinghouse__factory.connect("0x…", signer)',
  );
}
