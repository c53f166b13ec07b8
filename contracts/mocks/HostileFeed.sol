// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title HostileFeed
/// @notice Answers every call as told: any words, too few of them, a revert with any bytes, a bomb. For tests.
/// @dev A reply to the whole calldata goes before a reply to the selector; without either the call reverts.
contract HostileFeed {
  enum Mode {
    Silent,
    Data,
    Revert,
    BurnGas,
    ReturnBomb,
    RevertBomb
  }

  struct Reply {
    Mode mode;
    bytes data;
  }

  /// @dev Bytes of a bomb: within what a read gives its target, so that it is the copy that hurts a careless reader.
  uint256 private constant BOMB_SIZE = 160_000;

  mapping(bytes32 call => Reply reply) private _replies;

  /// @notice Sets the reply to a selector (4 bytes) or to exact calldata.
  function teach(bytes calldata call, Mode mode, bytes calldata data) external {
    _replies[keccak256(call)] = Reply({mode: mode, data: data});
  }

  /// @notice Plays the reply to this call.
  fallback() external {
    Reply storage reply = _replies[keccak256(msg.data)];
    if (reply.mode == Mode.Silent) reply = _replies[keccak256(msg.data[:4])];
    Mode mode = reply.mode;
    if (mode == Mode.Data) _return(reply.data);
    if (mode == Mode.Revert) _revert(reply.data);
    // `invalid` burns all gas at once. Unwritten memory reads as zeros; only its size costs.
    assembly ("memory-safe") {
      if eq(mode, 3) {
        invalid()
      }
      if eq(mode, 4) {
        return(mload(0x40), BOMB_SIZE)
      }
      if eq(mode, 5) {
        revert(mload(0x40), BOMB_SIZE)
      }
      revert(0, 0)
    }
  }

  function _return(bytes memory data) private pure {
    assembly ("memory-safe") {
      return(add(data, 0x20), mload(data))
    }
  }

  function _revert(bytes memory data) private pure {
    assembly ("memory-safe") {
      revert(add(data, 0x20), mload(data))
    }
  }
}
