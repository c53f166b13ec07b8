import type { Deployment } from "../addresses.ts";

/** Where Certus is deployed, by chain id. */
export const addresses: Readonly<Record<string, Deployment>> = {};
