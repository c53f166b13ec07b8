import type { ErrorEntry } from "../../packages/contracts/src/errors/catalogue.ts";

/** Errors that come through the ledger, the access manager or a token, but whose NatSpec is not ours to write. */
export const FOREIGN_ERRORS: readonly ErrorEntry[] = [
  {
    error: "error AccessManagedUnauthorized(address caller)",
    why: "The access manager does not let the caller use this function.",
    remedy: "Ask its administrator for the role, or call from an account that has it.",
  },
  {
    error: "error AccessManagedRequiredDelay(address caller, uint32 delay)",
    why: "The caller may use this function only after a delay.",
    remedy:
      "Schedule the call at the access manager first, then execute it when the delay is over.",
  },
  {
    error: "error AccessManagedInvalidAuthority(address authority)",
    why: "The new authority is no contract.",
    remedy: "Name a deployed access manager.",
  },
  {
    error: "error AccessManagerAlreadyScheduled(bytes32 operationId)",
    why: "The operation is scheduled already.",
    remedy: "Execute it when its delay is over, or cancel it first.",
  },
  {
    error: "error AccessManagerNotScheduled(bytes32 operationId)",
    why: "The operation is not scheduled.",
    remedy: "Schedule it first.",
  },
  {
    error: "error AccessManagerNotReady(bytes32 operationId)",
    why: "The operation's delay is not over.",
    remedy: "Wait until it is.",
  },
  {
    error: "error AccessManagerExpired(bytes32 operationId)",
    why: "The operation was scheduled too long ago.",
    remedy: "Schedule it again.",
  },
  {
    error: "error AccessManagerLockedFunction(bytes4 selector)",
    why: "This function's role cannot be changed.",
    remedy: "Leave it as it is.",
  },
  {
    error: "error AccessManagerLockedRole(uint64 roleId)",
    why: "This role cannot be changed.",
    remedy: "Use another role.",
  },
  {
    error: "error AccessManagerBadConfirmation()",
    why: "Who renounces a role confirms it by its own address.",
    remedy: "Pass the caller's address.",
  },
  {
    error: "error AccessManagerUnauthorizedAccount(address msgsender, uint64 roleId)",
    why: "The caller lacks the role.",
    remedy: "Call from an account that has it.",
  },
  {
    error: "error AccessManagerUnauthorizedCall(address caller, address target, bytes4 selector)",
    why: "The caller may not use this function of the target, or not at that time.",
    remedy: "Ask the administrator for the role, and schedule the call if the role has a delay.",
  },
  {
    error: "error AccessManagerUnauthorizedConsume(address target)",
    why: "Only a contract that is consuming a scheduled operation may do this.",
    remedy: "Call the managed contract itself.",
  },
  {
    error:
      "error AccessManagerUnauthorizedCancel(address msgsender, address caller, address target, bytes4 selector)",
    why: "Only who scheduled the operation, a guardian of its role or an administrator may cancel it.",
    remedy: "Cancel from one of those.",
  },
  {
    error: "error AccessManagerInvalidInitialAdmin(address initialAdmin)",
    why: "The access manager needs an administrator.",
    remedy: "Name one that is not the zero address.",
  },
  {
    error: "error AddressEmptyCode(address target)",
    why: "The address that was to be called holds no contract.",
    remedy: "Check the address and the chain.",
  },
  {
    error: "error InsufficientBalance(uint256 balance, uint256 needed)",
    why: "The contract has less ether than the call is to carry.",
    remedy: "Send the ether along.",
  },
  {
    error: "error SafeCastOverflowedUintDowncast(uint8 bits, uint256 value)",
    why: "The value does not fit its type.",
    remedy: "Pass a smaller one.",
  },
  {
    error: "error ERC20InsufficientBalance(address sender, uint256 balance, uint256 needed)",
    why: "The payer has fewer tokens than asked for.",
    remedy: "Ask for at most the balance, or fund the payer.",
  },
  {
    error: "error ERC20InsufficientAllowance(address spender, uint256 allowance, uint256 needed)",
    why: "The payer lets the spender move fewer tokens than asked for.",
    remedy: "Approve the ledger at the token, for at least the amount.",
  },
  {
    error: "error ERC20InvalidReceiver(address receiver)",
    why: "The token does not go to this receiver.",
    remedy: "Name another one.",
  },
  {
    error: "error ERC20InvalidSender(address sender)",
    why: "The token does not come from this sender.",
    remedy: "Pay from another address.",
  },
  {
    error: "error ReentrancyGuardReentrantCall()",
    why: "The contract is in the midst of another call.",
    remedy: "Call when that has ended; a contract that is called on the way may not call back.",
  },
  {
    error:
      "error InsufficientNumberOfUniqueSigners(uint256 receivedSignersCount, uint256 requiredSignersCount)",
    why: "Too few of the packages say something of the source's feed.",
    remedy: "Bring packages of the feed, one of each claimed signer.",
  },
  {
    error: "error TimestampsMustBeEqual()",
    why: "The packages are not all of one time.",
    remedy: "Bring packages of one time.",
  },
  {
    error: "error CalldataMustHaveValidPayload()",
    why: "The packages are not encoded as RedStone's connector reads them.",
    remedy: "Encode them as `scripts/lib/oracle/redstone.ts` does.",
  },
  {
    error: "error CalldataOverOrUnderFlow()",
    why: "The packages end before RedStone's connector has read them.",
    remedy: "Encode them as `scripts/lib/oracle/redstone.ts` does.",
  },
  {
    error: "error InvalidSignature(bytes32 signedHash)",
    why: "The signature of a package is none.",
    remedy: "Bring the package as its signer gave it.",
  },
  {
    error: "error BadVerification()",
    why: "A signature of the report is not of an oracle of the network.",
    remedy: "Bring the report as the network gave it.",
  },
  {
    error: "error VerifierNotFound(bytes32 configDigest)",
    why: "No verifier knows the configuration in which the report was signed.",
    remedy: "Bring a report of this network, from this chain's environment.",
  },
  {
    error: "error DigestInactive(bytes32 configDigest)",
    why: "The configuration in which the report was signed is no longer in use.",
    remedy: "Bring a newer report.",
  },
];
