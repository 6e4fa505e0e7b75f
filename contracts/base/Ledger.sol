// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {CaseVault} from "../CaseVault.sol";
import {IDocket} from "../interfaces/IDocket.sol";
import {Moves} from "../libraries/Moves.sol";
import {Money, Payment, Source} from "../types/Money.sol";
import {Due} from "../types/Due.sol";
import {Purse} from "../types/Purse.sol";

/// @title Ledger
/// @notice The money of each case: what is left of it and since when it is there, what is reserved, and what is owed to
/// whom. For every case and asset, always: what came by acts = what was paid + reserved + left, the vault holds what is
/// left, reserved and in suspense, and no holder gets back more than what was taken from it.
/// What is paid is counted before the asset is called, and an asset that calls back finds the docket closed.
abstract contract Ledger is IDocket {
    /// @dev What was taken, what came as proceeds, what came by no act, and what of the first two is reserved. Base units.
    struct Book {
        Purse taken;
        Purse proceeds;
        Purse suspense;
        uint256 reserved;
    }

    /// @dev What conversions of one asset into another brought in, and was not returned. Base units, see
    /// {IDocket-conversionOf}.
    struct Conversion {
        uint256 converted;
        uint256 proceeds;
    }

    mapping(bytes32 caseId => mapping(address asset => Book)) private _books;
    mapping(bytes32 caseId => mapping(address taken => mapping(address account => Due))) private _owed;
    mapping(bytes32 caseId => mapping(address taken => mapping(address proceedsAsset => Conversion)))
        private _conversions;
    mapping(bytes32 caseId => mapping(address asset => mapping(address account => Due))) private _claims;

    /// @inheritdoc IDocket
    function moneyOf(bytes32 caseId, address asset) external view returns (Money memory) {
        Book storage book = _books[caseId][asset];
        (uint256 taken, uint256 proceeds) = (book.taken.left, book.proceeds.left);
        return Money(taken + proceeds, proceeds, book.reserved, book.suspense.left);
    }

    /// @inheritdoc IDocket
    function owedTo(
        bytes32 caseId,
        address asset,
        address account
    ) external view returns (uint256 owed, uint256 claim, uint40 since) {
        Due storage kept = _claims[caseId][asset][account];
        return (_owed[caseId][asset][account].amount, kept.amount, kept.since);
    }

    /// @inheritdoc IDocket
    function conversionOf(
        bytes32 caseId,
        address taken,
        address asset
    ) external view returns (uint256 converted, uint256 proceeds) {
        Conversion storage conversion = _conversions[caseId][taken][asset];
        return (conversion.converted, conversion.proceeds);
    }

    /// @dev Counts what was taken from an account into the vault.
    function _countTaken(bytes32 caseId, address asset, address account, uint256 amount) internal {
        _books[caseId][asset].taken.come(amount);
        _owed[caseId][asset][account].grow(amount);
    }

    /// @dev Counts what a wallet paid into the vault itself: it knows, and cannot put off what a Transfer gives on.
    function _countSurrendered(bytes32 caseId, address asset, address wallet, uint256 amount) internal {
        _books[caseId][asset].taken.come(amount);
        _owed[caseId][asset][wallet].amount += uint128(amount);
    }

    /// @dev Counts what came into the vault by no act.
    /// @param vault Of the case.
    function _countSuspense(bytes32 caseId, address asset, address vault) internal returns (uint256 added) {
        Book storage book = _books[caseId][asset];
        uint256 booked = uint256(book.taken.left) + book.proceeds.left + book.suspense.left + book.reserved;
        // No more than an order can name: an asset whose supply knows no such bound is booked piece by piece.
        added = Math.min(Math.saturatingSub(Moves.balanceOf(asset, vault), booked), type(uint96).max);
        if (added == 0) revert DocketNothingToBook(caseId, asset);
        book.suspense.come(added);
    }

    /// @dev Gives back what was taken from an account, in kind or in proceeds. What the asset refuses to pay becomes a
    /// claim of the account.
    /// @return accepted Whether it was paid.
    function _giveBack(
        bytes32 caseId,
        address vault,
        address taken,
        address asset,
        address account,
        uint256 amount
    ) internal returns (bool accepted) {
        Book storage book = _books[caseId][asset];
        bool inKind = taken == asset;
        _useOwed(caseId, taken, account, inKind ? amount : _useProceeds(book, caseId, taken, asset, amount));
        if (inKind) {
            uint256 have = book.taken.left;
            if (amount > have) revert DocketExceedsTaken(caseId, asset, have, amount);
            book.taken.left = uint104(have - amount);
        }
        accepted = _tryPay(vault, asset, account, amount);
        if (accepted) return true;
        book.reserved += amount;
        _claims[caseId][asset][account].grow(amount);
    }

    /// @dev Pays as a disposal decided, or reverts.
    /// @return proceeds What of it came as proceeds.
    function _payOut(Payment calldata payment, address vault) internal returns (uint256 proceeds) {
        (bytes32 caseId, address asset, uint256 amount) = (payment.caseId, payment.asset, payment.amount);
        (uint8 source, address holder, uint40 age) = (payment.source, payment.holder, payment.age);
        Book storage book = _books[caseId][asset];
        if (source == Source.CUSTODY) {
            if (holder != address(0)) {
                // It has as long to appeal as anybody from whom was taken.
                if (block.timestamp < _owed[caseId][asset][holder].since + age) {
                    revert DocketExceedsFree(caseId, asset, 0, amount);
                }
                _useOwed(caseId, asset, holder, amount);
            }
            proceeds = _spend(book, caseId, asset, amount, age);
        } else if (source == Source.SUSPENSE) {
            _leave(book.suspense, caseId, asset, amount, age);
        } else {
            if (source == Source.UNCLAIMED) _useClaim(caseId, asset, holder, amount, age);
            book.reserved -= amount;
        }
        _pay(caseId, vault, asset, payment.to, amount);
    }

    /// @dev Reserves what has been there for `age` seconds.
    /// @return proceeds What of it came as proceeds.
    function _reserve(bytes32 caseId, address asset, uint256 amount, uint40 age) internal returns (uint256 proceeds) {
        Book storage book = _books[caseId][asset];
        proceeds = _spend(book, caseId, asset, amount, age);
        book.reserved += amount;
    }

    /// @dev Frees what was reserved and came as much earlier: it is no coming.
    /// @param proceeds What of it came as proceeds.
    function _unreserve(bytes32 caseId, address asset, uint256 amount, uint256 proceeds) internal {
        Book storage book = _books[caseId][asset];
        book.reserved -= amount;
        book.taken.left += uint104(amount - proceeds);
        book.proceeds.left += uint104(proceeds);
    }

    /// @dev Delivers `amount` of what was taken against `proceeds`, which are counted before they come.
    function _deliver(Payment calldata payment, address vault, address proceedsAsset, uint256 proceeds) internal {
        (bytes32 caseId, address asset, uint256 amount) = (payment.caseId, payment.asset, payment.amount);
        Conversion storage conversion = _conversions[caseId][asset][proceedsAsset];
        conversion.converted += amount;
        conversion.proceeds += proceeds;
        _books[caseId][proceedsAsset].proceeds.come(proceeds);
        _leave(_books[caseId][asset].taken, caseId, asset, amount, payment.age);
        _pay(caseId, vault, asset, payment.to, amount);
    }

    /// @dev Takes `amount` of the proceeds of `taken` for its holders.
    /// @return used What of `taken` it stands for, rounded up, at the price of what was converted and is not answered yet:
    /// so the last unit of it answers for the whole rest. Base units of `taken`.
    function _useProceeds(
        Book storage book,
        bytes32 caseId,
        address taken,
        address asset,
        uint256 amount
    ) private returns (uint256 used) {
        Conversion storage conversion = _conversions[caseId][taken][asset];
        (uint256 converted, uint256 proceeds) = (conversion.converted, conversion.proceeds);
        // Rounding may answer for the last of what was converted before the last of the proceeds.
        uint256 have = converted == 0 ? 0 : Math.min(proceeds, book.proceeds.left);
        if (amount > have) revert DocketExceedsProceeds(caseId, taken, asset, have, amount);
        used = Math.ceilDiv(amount * converted, proceeds);
        (conversion.converted, conversion.proceeds) = (converted - used, proceeds - amount);
        book.proceeds.left -= uint104(amount);
    }

    function _useOwed(bytes32 caseId, address taken, address account, uint256 amount) private {
        Due storage debt = _owed[caseId][taken][account];
        uint256 owed = debt.amount;
        if (amount > owed) revert DocketExceedsOwed(caseId, taken, account, owed, amount);
        debt.amount = uint128(owed - amount);
    }

    function _useClaim(bytes32 caseId, address asset, address account, uint256 amount, uint40 age) private {
        Due storage claim = _claims[caseId][asset][account];
        (uint256 have, uint40 free) = (claim.amount, claim.since + age);
        if (amount > have || block.timestamp < free) revert DocketClaimKept(caseId, asset, account, have, free);
        claim.amount = uint128(have - amount);
    }

    /// @dev Takes `amount` out of the custody: of what was taken as far as it lay there for `age` seconds, then of proceeds.
    /// @return proceeds What of it came as proceeds.
    function _spend(
        Book storage book,
        bytes32 caseId,
        address asset,
        uint256 amount,
        uint40 age
    ) private returns (uint256 proceeds) {
        uint256 taken = book.taken.free(age);
        if (amount > taken) {
            proceeds = amount - taken;
            uint256 free = book.proceeds.free(age);
            if (proceeds > free) revert DocketExceedsFree(caseId, asset, taken + free, amount);
            book.proceeds.left -= uint104(proceeds);
        }
        book.taken.left -= uint104(amount - proceeds);
    }

    function _leave(Purse storage purse, bytes32 caseId, address asset, uint256 amount, uint40 age) private {
        uint256 free = purse.free(age);
        if (amount > free) revert DocketExceedsFree(caseId, asset, free, amount);
        purse.left -= uint104(amount);
    }

    function _pay(bytes32 caseId, address vault, address asset, address account, uint256 amount) private {
        if (!_tryPay(vault, asset, account, amount)) revert DocketPaymentRefused(caseId, asset, account, amount);
    }

    /// @dev Whether the asset accepted; the vault's balance has then moved by exactly `amount`, else by nothing.
    function _tryPay(address vault, address asset, address account, uint256 amount) private returns (bool accepted) {
        uint256 before = Moves.balanceOf(asset, vault);
        accepted = CaseVault(vault).pay(IERC20(asset), account, amount);
        Moves.requireExact(asset, account, accepted ? amount : 0, before - Moves.balanceOf(asset, vault));
    }
}
