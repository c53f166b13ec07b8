import type { FinalityRule, KnownSigners } from "./types.ts";

/** Mined is done: nobody reorganises a chain of one's own. */
export const AT_ONCE: FinalityRule = { kind: "confirmations", confirmations: 1 };

/**
 * The head that the chain calls safe: justified by two thirds of the stake on Ethereum, posted to Ethereum on rollups. Minutes, where
 * "finalized" takes a quarter of an hour and more.
 */
export const SAFE_HEAD: FinalityRule = { kind: "tag", tag: "safe" };

/** RedStone's main data service; its gateways serve packages of these signers for every chain. */
export const PRIMARY_PROD: KnownSigners = {
  signers: [
    "0x8BB8F32Df04c8b654987DAaeD53D6B6091e3B774",
    "0xdEB22f54738d54976C4c0fe5ce6d408E40d88499",
    "0x51Ce04Be4b3E32572C4Ec9135221d0691Ba7d202",
    "0xDD682daEC5A90dD295d14DA4b0bec9281017b5bE",
    "0x9c5AE89C4Af6aA32cE58588DBaF90d18a855B6de",
  ],
  threshold: 3,
  source: "PrimaryProdDataServiceConsumerBase of @redstone-finance/evm-connector 0.9.0",
};
