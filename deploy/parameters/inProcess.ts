import { localhost } from "./localhost.ts";
import type { ChainParameters } from "./types.ts";

/** A chain inside Hardhat that ends with its process: for tests, and to rehearse. */
export const inProcess: ChainParameters = { ...localhost, name: "default" };
