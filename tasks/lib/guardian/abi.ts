import { Interface } from "ethers";

import { ENTRY_POINT_ARTIFACT, packagedArtifact } from "../../../deploy/parts/packaged.ts";

/** What is called and told of the guardian: `Guardian`, most of it OpenZeppelin's. A test compares it with the contract. */
export const GUARDIAN = new Interface([
  "function addSigners(bytes[] signers)",
  "function removeSigners(bytes[] signers)",
  "function setThreshold(uint64 newThreshold)",
  "function execute(bytes32 mode, bytes executionData) payable",
  "function entryPoint() view returns (address)",
  "function getSigners(uint64 start, uint64 end) view returns (bytes[])",
  "function threshold() view returns (uint64)",
  "event ERC7913SignerAdded(bytes indexed signers)",
  "event ERC7913SignerRemoved(bytes indexed signers)",
  "event ERC7913ThresholdSet(uint64 threshold)",
  "error AccountUnauthorized(address sender)",
  "error MultiSignerERC7913AlreadyExists(bytes signer)",
  "error MultiSignerERC7913NonexistentSigner(bytes signer)",
  "error MultiSignerERC7913InvalidSigner(bytes signer)",
  "error MultiSignerERC7913ZeroThreshold()",
  "error MultiSignerERC7913UnreachableThreshold(uint64 signers, uint64 threshold)",
]);

/** ERC-4337's entry point, version 0.8. */
export const ENTRY_POINT = new Interface([...packagedArtifact(ENTRY_POINT_ARTIFACT).abi]);

/** How contracts that know keys, or are keys themselves, say whether a signature is good: ERC-7913 and ERC-1271. */
export const VERIFIERS = new Interface([
  "function verify(bytes key, bytes32 hash, bytes signature) view returns (bytes4)",
  "function isValidSignature(bytes32 hash, bytes signature) view returns (bytes4)",
]);
