// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

import {Reenterer} from "./Reenterer.sol";

/// @title ScriptedWallet
/// @notice An ERC-1271 wallet that answers as told: honestly, dishonestly, expensively, or by calling back.
contract ScriptedWallet is IERC1271, Reenterer {
  /// @notice How it answers. Refusing is 0, so that code put at an address without storage refuses.
  enum Mode {
    Refuse,
    Accept,
    ByKey,
    Revert,
    WrongMagic,
    DirtyMagic,
    ShortAnswer,
    LongAnswer,
    BurnGas,
    SpendGas,
    ReturnBomb,
    RevertBomb,
    Reenter
  }

  bytes4 private constant MAGIC = IERC1271.isValidSignature.selector;
  /// @dev Bytes of a bomb: within what the call may spend, so that it is the copy that would hurt a careless caller.
  uint256 private constant BOMB_SIZE = 160_000;

  /// @notice How it answers.
  Mode public mode;
  /// @notice Whose ECDSA signatures it takes in the mode ByKey.
  address public key;
  /// @notice Gas it spends before it accepts in the mode SpendGas.
  uint256 public spend;

  /// @notice What a wallet says when it reverts.
  error NoSignature();

  /// @notice Chooses how it answers.
  function setMode(Mode newMode) external {
    mode = newMode;
  }

  /// @notice Chooses the key of the mode ByKey.
  function setKey(address newKey) external {
    (mode, key) = (Mode.ByKey, newKey);
  }

  /// @notice Chooses the gas of the mode SpendGas.
  function setSpend(uint256 newSpend) external {
    (mode, spend) = (Mode.SpendGas, newSpend);
  }

  /// @inheritdoc IERC1271
  /// @dev In the mode Reenter the signature is abi.encode(target, calls): it accepts if all calls back are refused.
  function isValidSignature(bytes32 hash, bytes calldata signature) external view returns (bytes4) {
    Mode how = mode;
    if (how == Mode.Refuse) return 0xffffffff;
    if (how == Mode.ByKey) return ECDSA.recoverCalldata(hash, signature) == key ? MAGIC : bytes4(0xffffffff);
    if (how == Mode.Revert) revert NoSignature();
    if (how == Mode.WrongMagic) return 0x20c13b0b;
    if (how == Mode.SpendGas) _spend();
    if (how == Mode.Reenter) _callBack(signature);
    if (how == Mode.Accept || how == Mode.SpendGas || how == Mode.Reenter) return MAGIC;
    _misbehave(how, MAGIC);
  }

  function _callBack(bytes calldata signature) private view {
    (address target, bytes[] memory calls) = abi.decode(signature, (address, bytes[]));
    for (uint256 i = 0; i < calls.length; ++i) _requireRefusal(target, calls[i], i);
  }

  function _spend() private view {
    uint256 end = gasleft() - spend;
    uint256 rounds;
    while (gasleft() > end) ++rounds;
  }

  function _misbehave(Mode how, bytes4 magic) private pure {
    assembly ("memory-safe") {
      let free := mload(0x40)
      mstore(free, magic)
      switch how
      case 5 {
        mstore(free, or(magic, 1))
        return(free, 0x20)
      }
      case 6 {
        return(free, 4)
      }
      case 7 {
        return(free, 0x60)
      }
      case 10 {
        return(free, BOMB_SIZE)
      }
      case 11 {
        revert(free, BOMB_SIZE)
      }
      default {
        invalid()
      }
    }
  }
}
