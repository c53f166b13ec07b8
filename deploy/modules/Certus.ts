import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

/**
 * The protocol: access manager, the ledger in its two halves with the listing library, the single-feed settlement
 * oracle, and the lens, through which people look at the ledger. Talk to the ledger through `IClearinghouse`, to the lens
 * through `ILens`.
 *
 * Parameters, both the deployer if left out:
 * - `admin`: first administrator of the access manager. Nothing else is granted here; `Lister.ts` shows how.
 * - `treasury`: receiver of fees.
 */
export default buildModule("Certus", (m) => {
  const deployer = m.getAccount(0);
  const admin = m.getParameter("admin", deployer);
  const treasury = m.getParameter("treasury", deployer);

  const manager = m.contract("AccessManager", [admin]);
  const listing = m.library("Listing");
  const annex = m.contract("Annex", [], { libraries: { Listing: listing } });
  const ledger = m.contract("Clearinghouse", [manager, treasury, annex]);
  const oracle = m.contract("ChainlinkSettlement");
  const lens = m.contract("Lens", [ledger]);
  return { manager, listing, annex, ledger, oracle, lens };
});
