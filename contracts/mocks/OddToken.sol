// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title OddToken
/// @notice A token with the habits found in the wild: fees, gifts, no return value, a false one, blocked receivers, a pause,
///         balances that shrink. Not an ERC-20 by its types, only by its selectors.
contract OddToken {
  /// @notice What a transfer returns.
  enum Answer {
    True,
    Nothing,
    False,
    FalseUnmoved
  }

  /// @notice Balances.
  mapping(address account => uint256 amount) public balanceOf;
  /// @notice Allowances.
  mapping(address owner => mapping(address spender => uint256 amount)) public allowance;
  /// @notice Receivers that get nothing.
  mapping(address account => bool yes) public blocked;
  /// @notice What a transfer returns.
  Answer public answer;
  /// @notice Added to what the receiver gets of every transfer; negative: a fee.
  int256 public gift;
  /// @notice No transfer while true.
  bool public paused;

  /// @notice The receiver is blocked.
  error Blocked(address account);
  /// @notice No transfer now.
  error Paused();
  /// @notice The sender has less.
  error Short(address account, uint256 asked);

  /// @notice Mints to anyone, by anyone.
  function mint(address to, uint256 amount) external {
    balanceOf[to] += amount;
  }

  /// @notice A balance shrinks, as a rebase makes it.
  function burn(address from, uint256 amount) external {
    balanceOf[from] -= amount;
  }

  /// @notice Chooses what a transfer returns.
  function setAnswer(Answer newAnswer) external {
    answer = newAnswer;
  }

  /// @notice Chooses the gift.
  function setGift(int256 newGift) external {
    gift = newGift;
  }

  /// @notice Blocks a receiver, or no longer.
  function setBlocked(address account, bool yes) external {
    blocked[account] = yes;
  }

  /// @notice Pauses, or no longer.
  function setPaused(bool yes) external {
    paused = yes;
  }

  /// @notice Allows a spender.
  function approve(address spender, uint256 amount) external returns (bool) {
    allowance[msg.sender][spender] = amount;
    return true;
  }

  /// @notice Sends.
  function transfer(address to, uint256 amount) external {
    _move(msg.sender, to, amount);
  }

  /// @notice Sends what is allowed.
  function transferFrom(address from, address to, uint256 amount) external {
    if (allowance[from][msg.sender] < amount) revert Short(from, amount);
    _move(from, to, amount);
  }

  function _move(address from, address to, uint256 amount) private {
    if (paused) revert Paused();
    if (blocked[to]) revert Blocked(to);
    if (balanceOf[from] < amount) revert Short(from, amount);
    if (answer != Answer.FalseUnmoved) {
      balanceOf[from] -= amount;
      balanceOf[to] = uint256(int256(balanceOf[to] + amount) + gift);
    }
    if (answer == Answer.Nothing) return;
    uint256 word = answer == Answer.True ? 1 : 0;
    assembly ("memory-safe") {
      mstore(0x00, word)
      return(0x00, 0x20)
    }
  }
}
