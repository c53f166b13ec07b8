// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {ICertusEvents} from "../../interfaces/ICertusEvents.sol";
import {IChainlinkSettlement} from "../../interfaces/IChainlinkSettlement.sol";
import {IPhaseProxy} from "../../interfaces/IPhaseProxy.sol";
import {BookWord} from "../../libraries/BookWord.sol";
import {Header} from "../../libraries/Header.sol";
import {Ids} from "../../libraries/Ids.sol";
import {Legs} from "../../libraries/Legs.sol";
import {FilledPart, Order, Part, TakerLimit} from "../../types/Order.sol";

/// @title FloorLedger
/// @notice The ledger's words, calldata, events and token transfers, and none of its rules: anyone may do anything. What
///         the ledger costs above it is what its rules cost. For benchmarks.
/// @dev It checks no signature, coverage, limit, expiry or balance, and believes that legs filled are the legs held.
contract FloorLedger is ICertusEvents {
  using SafeERC20 for IERC20;

  struct Position {
    uint256 header;
    uint256[16] legs;
  }

  struct Venue {
    address token;
    address feed;
  }

  uint256 internal constant FEE = 1;
  uint256 internal constant PREMIUM_DIVISOR = 10_000;
  /// @dev Where the first hint stands in an encoded list of hints.
  uint256 private constant FIRST_HINT = 64;

  mapping(uint256 market => Venue venue) private _venues;
  mapping(uint256 book => uint256 word) internal _books;
  mapping(uint256 book => uint256 word) private _fixings;
  mapping(uint256 account => mapping(uint256 book => Position position)) private _positions;
  mapping(uint256 account => mapping(address token => uint256 amount)) private _cash;
  mapping(uint256 account => mapping(uint256 index => uint256 word)) private _nonces;

  /// @notice Names token and feed of a market.
  function setMarket(uint256 market, address token, address feed) external {
    _venues[market] = Venue({token: token, feed: feed});
  }

  /* BOOKS */

  /// @notice Writes a book and its fixing.
  function openBook(uint256 market, uint40 expiry) external returns (uint256 book) {
    (uint80 id, int256 answer, , uint256 updatedAt, ) = IPhaseProxy(_venues[market].feed).latestRoundData();
    book = Ids.book(market, expiry);
    _books[book] = BookWord.OPEN;
    _fixings[book] = uint64(uint256(answer)) | (updatedAt << 64);
    emit IChainlinkSettlement.FixingOpened({
      fixing: bytes32(book),
      feed: bytes32(market),
      profile: 0,
      expiry: expiry,
      mark: uint64(uint256(answer)),
      markTime: uint40(updatedAt),
      decimals: 8,
      phase: 1,
      roundId: id
    });
    emit BookOpened(book, market, expiry, bytes32(book), uint64(uint256(answer)));
  }

  /// @notice Believes the round it is shown.
  function fixPrice(uint256 book, bytes calldata proof) external returns (uint64 price) {
    uint80 hint = uint80(uint256(bytes32(proof[FIRST_HINT:])));
    (uint80 id, int256 answer, , , ) = IPhaseProxy(_venues[Ids.marketOf(book)].feed).getRoundData(hint);
    price = uint64(uint256(answer));
    _fixings[book] = (_fixings[book] & ~uint256(type(uint64).max)) | price;
    _books[book] = BookWord.withPrice(_books[book], price);
    emit IChainlinkSettlement.PriceSettled(bytes32(book), price, id, IChainlinkSettlement.Step.Round);
    emit PriceFixed(book, price);
  }

  /* CASH AND COLLATERAL */

  /// @notice Adds to free cash.
  function deposit(uint256 account, address token, uint256 amount) external {
    _cash[account][token] += amount;
    IERC20(token).safeTransferFrom(msg.sender, address(this), amount);
    emit Deposited(account, token, 0, msg.sender, amount);
  }

  /// @notice Adds to a position.
  function depositToBook(uint256 account, uint256 book, uint256 amount) external {
    address token = _tokenOf(book);
    _positions[account][book].header += amount;
    _books[book] += amount;
    IERC20(token).safeTransferFrom(msg.sender, address(this), amount);
    emit Deposited(account, token, book, msg.sender, amount);
  }

  /// @notice Pays free cash out.
  function withdraw(uint256 account, address token, uint256 amount, address to) external {
    _cash[account][token] -= amount;
    IERC20(token).safeTransfer(to, amount);
    emit Withdrawn(account, token, to, amount);
  }

  /// @notice Moves cash into a position.
  function allocate(uint256 account, uint256 book, uint256 amount) external {
    _cash[account][_tokenOf(book)] -= amount;
    _positions[account][book].header += amount;
    _books[book] += amount;
    emit Allocated(account, book, int256(amount));
  }

  /// @notice Moves collateral to free cash.
  function free(uint256 account, uint256 book, uint256 amount) external {
    _positions[account][book].header -= amount;
    _books[book] -= amount;
    _cash[account][_tokenOf(book)] += amount;
    emit Allocated(account, book, -int256(amount));
  }

  /* ORDERS */

  /// @notice Writes both sides of every part.
  function fill(
    uint256 account,
    Order calldata order,
    address,
    bytes calldata,
    uint64 units,
    TakerLimit[] calldata
  ) external returns (int256[] memory paid) {
    uint256 count = order.parts.length;
    paid = new int256[](count);
    FilledPart[] memory parts = new FilledPart[](count);
    for (uint256 i = 0; i < count; ++i) {
      Part calldata part = order.parts[i];
      int256 premium = (int256(part.premium) * int256(uint256(units))) / int256(PREMIUM_DIVISOR);
      paid[i] = premium + int256(FEE);
      if (part.maxDraw != 0) _cash[order.account][_tokenOf(part.book)] -= part.maxDraw;
      _move(order.account, part.book, part.legs, int256(uint256(units)), premium + int256(uint256(part.maxDraw)));
      _move(account, part.book, part.legs, -int256(uint256(units)), -premium - int256(FEE));
      _books[part.book] += uint256(part.maxDraw) + (FEE << 112) - FEE;
      parts[i] = FilledPart(part.book, premium, FEE, uint256(part.maxDraw) << 128, part.legs);
    }
    _setNonce(order.account, order.nonce, 3);
    emit OrderFilled(order.account, account, bytes32(order.nonce), order.nonce, units, order.units - units, parts);
  }

  /// @notice Marks nonces as cancelled.
  function cancel(uint256 account, uint256[] calldata nonces) external {
    for (uint256 i = 0; i < nonces.length; ++i) _setNonce(account, nonces[i], 2);
    emit OrdersCancelled(account, nonces);
  }

  /* SETTLEMENT */

  /// @notice Clears the legs; the collateral is the payout.
  function settle(uint256 book, uint256[] calldata accounts) external returns (uint256 count) {
    count = accounts.length;
    uint256[] memory payouts = new uint256[](count);
    for (uint256 i = 0; i < count; ++i) {
      Position storage position = _positions[accounts[i]][book];
      uint256 header = position.header;
      payouts[i] = Header.collateral(header);
      position.header = Header.settled(payouts[i]);
      uint256 slots = Header.count(header) >> 1;
      for (uint256 j = 0; j < slots; ++j) position.legs[j] = 0;
    }
    emit Settled(book, accounts, payouts);
  }

  /// @notice Pays what a header says.
  function claim(uint256 account, uint256[] calldata books, bool toWallet) external returns (uint256[] memory amounts) {
    amounts = new uint256[](books.length);
    for (uint256 i = 0; i < books.length; ++i) {
      uint256 book = books[i];
      address token = _tokenOf(book);
      amounts[i] = Header.collateral(_positions[account][book].header);
      _positions[account][book].header = 0;
      _books[book] -= amounts[i];
      if (toWallet) IERC20(token).safeTransfer(Ids.ownerOf(account), amounts[i]);
      else _cash[account][token] += amounts[i];
      emit Claimed(account, book, amounts[i], toWallet);
    }
  }

  /* INTERNAL */

  function _move(uint256 account, uint256 book, uint128[] calldata legs, int256 units, int256 change) internal {
    Position storage position = _positions[account][book];
    uint256 header = position.header;
    bool held = Header.count(header) != 0;
    uint256 count = legs.length;
    uint256 left = 0;
    // Unchecked: a benchmark's quantities are small.
    unchecked {
      for (uint256 i = 1; i < count; i += 2) {
        uint256 pair = held ? position.legs[i >> 1] : 0;
        uint256 next = _added(uint128(pair), legs[i], units);
        if (i + 1 < count) next |= _added(pair >> 128, legs[i + 1], units) << 128;
        left |= next;
        position.legs[i >> 1] = next;
      }
      uint256 first = _added(held ? Header.firstLeg(header) : 0, legs[0], units);
      if (first | left == 0) count = 0;
      uint256 collateral = uint256(int256(Header.collateral(header)) + change);
      position.header = Header.pack(collateral, count, first);
    }
  }

  function _added(uint256 held, uint256 leg, int256 units) private pure returns (uint256) {
    // Unchecked: a benchmark's quantities are small.
    unchecked {
      int256 lots = Legs.quantity(held) + Legs.quantity(leg) * units;
      return lots == 0 ? 0 : ((leg >> 64) << 64) | uint64(int64(lots));
    }
  }

  function _setNonce(uint256 account, uint256 nonce, uint256 state) internal {
    _nonces[account][nonce >> 7] |= state << ((nonce & 127) << 1);
  }

  function _tokenOf(uint256 book) internal view returns (address) {
    return _venues[Ids.marketOf(book)].token;
  }
}
