// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";

/// @title FaucetToken
/// @notice Collateral of test networks: OpenZeppelin's ERC-20 with EIP-2612 permits, of which everybody may take a fixed
///         sum a day. It is worth nothing, and nobody owns it.
contract FaucetToken is ERC20, ERC20Permit {
  /// @notice Seconds between two takings of one address.
  uint256 public constant PERIOD = 1 days;

  /// @notice What one taking gives, base units.
  uint256 public immutable SUM;

  uint8 private immutable _DECIMALS;

  mapping(address account => uint256 time) private _next;

  /// @notice The account has taken its sum already.
  /// @dev Come back at `from`, or ask from another address.
  /// @param account Who asked.
  /// @param from When it may take again, unix seconds.
  error FaucetClosed(address account, uint256 from);

  /// @param name_ Name of the token.
  /// @param symbol_ Symbol of the token.
  /// @param decimals_ Decimals of the token.
  /// @param sum What one taking gives, base units.
  constructor(
    string memory name_,
    string memory symbol_,
    uint8 decimals_,
    uint256 sum
  ) ERC20(name_, symbol_) ERC20Permit(name_) {
    _DECIMALS = decimals_;
    SUM = sum;
  }

  /// @notice Mints the sum to the caller, once in a period.
  function faucet() external {
    uint256 from = _next[msg.sender];
    if (block.timestamp < from) revert FaucetClosed(msg.sender, from);
    _next[msg.sender] = block.timestamp + PERIOD;
    _mint(msg.sender, SUM);
  }

  /// @notice When an account may take again.
  /// @param account The account.
  /// @return time Unix seconds; 0 if it never took.
  function nextFaucet(address account) external view returns (uint256 time) {
    return _next[account];
  }

  /// @inheritdoc ERC20
  function decimals() public view override returns (uint8) {
    return _DECIMALS;
  }
}
