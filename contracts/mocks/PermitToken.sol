// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";

/// @title PermitToken
/// @notice OpenZeppelin's ERC-20 with EIP-2612 permits, that anyone may mint: collateral deposited without an approval.
contract PermitToken is ERC20, ERC20Permit {
  constructor() ERC20("Permit", "PT") ERC20Permit("Permit") {}

  /// @notice Mints to anyone, by anyone.
  /// @param to The receiver.
  /// @param amount Base units.
  function mint(address to, uint256 amount) external {
    _mint(to, amount);
  }
}
