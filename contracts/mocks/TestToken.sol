// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title TestToken
/// @notice OpenZeppelin's ERC-20 with chosen decimals that anyone may mint: collateral for tests, demos and benchmarks.
contract TestToken is ERC20 {
  uint8 private immutable _DECIMALS;

  /// @param name_ Name of the token.
  /// @param symbol_ Symbol of the token.
  /// @param decimals_ Decimals of the token.
  constructor(string memory name_, string memory symbol_, uint8 decimals_) ERC20(name_, symbol_) {
    _DECIMALS = decimals_;
  }

  /// @notice Mints to anyone, by anyone.
  /// @param to The receiver.
  /// @param amount Base units.
  function mint(address to, uint256 amount) external {
    _mint(to, amount);
  }

  /// @inheritdoc ERC20
  function decimals() public view override returns (uint8) {
    return _DECIMALS;
  }
}
