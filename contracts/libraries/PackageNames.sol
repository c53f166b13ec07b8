// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";

import {Ids} from "./Ids.sol";
import {Packages} from "./Packages.sol";

/// @title PackageNames
/// @notice What a wallet shows for a package. A series tells its right, strike and expiry; other packages are known by their id.
library PackageNames {
  using Strings for uint256;

  uint256 private constant PRICE_ONE = 1e8;
  uint256 private constant PRICE_DECIMALS = 8;

  /// @dev "Certus put 2750.5, expiry 1798790400", or "Certus package".
  function name(uint256 id) internal pure returns (string memory) {
    if (!Packages.isSeries(id)) return "Certus package";
    string memory right = _isCall(id) ? "call" : "put";
    return string.concat("Certus ", right, " ", _strike(id), ", expiry ", uint256(Ids.expiryOf(id)).toString());
  }

  /// @dev "CERTUS-1798790400-2750.5-P", or "CERTUS-PACKAGE".
  function symbol(uint256 id) internal pure returns (string memory) {
    if (!Packages.isSeries(id)) return "CERTUS-PACKAGE";
    string memory right = _isCall(id) ? "C" : "P";
    return string.concat("CERTUS-", uint256(Ids.expiryOf(id)).toString(), "-", _strike(id), "-", right);
  }

  function _isCall(uint256 id) private pure returns (bool) {
    return (id >> 63) & 1 == 1;
  }

  /// @dev The strike in decimals, without zeros at its end.
  function _strike(uint256 id) private pure returns (string memory) {
    uint256 strike = id & (type(uint64).max >> 1);
    uint256 fraction = strike % PRICE_ONE;
    string memory whole = (strike / PRICE_ONE).toString();
    if (fraction == 0) return whole;
    uint256 digits = PRICE_DECIMALS;
    while (fraction % 10 == 0) (fraction, digits) = (fraction / 10, digits - 1);
    // A one in front keeps the zeros behind the point: it becomes the point.
    bytes memory tail = bytes((10 ** digits + fraction).toString());
    tail[0] = ".";
    return string.concat(whole, string(tail));
  }
}
