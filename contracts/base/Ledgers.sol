// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {CaseVault} from "../CaseVault.sol";
import {IDisposal} from "../interfaces/IDisposal.sol";
import {IDocket} from "../interfaces/IDocket.sol";

/// @title Ledgers
/// @notice What the vault of each case owes and has paid. For every case and asset, always:
/// paid + reserved <= taken + proceeds, and suspense paid <= suspense. What a holder got back in kind and in proceeds
/// together is never more than what was taken from it. What is paid counts after it has moved: an asset that calls back
/// before it moves must find no money in the vault that is not booked.
abstract contract Ledgers is IDisposal {
    /// @dev Base units. The first word is met by every payment, the others only where the case has conversions or
    /// suspense.
    /// @param paid What left the vault, conversions included, suspense not.
    /// @param reserved Promised to claimants and still in the vault.
    /// @param hasProceeds Whether `proceeds` is not zero.
    /// @param proceeds What conversions brought in.
    /// @param converted What left in conversions.
    /// @param suspensePaid What left of the suspense.
    struct Ledger {
        uint128 paid;
        uint120 reserved;
        bool hasProceeds;
        uint128 proceeds;
        uint128 converted;
        uint128 suspensePaid;
    }

    /// @notice What conversions of one asset into another brought in. Base units.
    /// @param converted Of the asset that was taken.
    /// @param proceeds Of the asset that was paid for it.
    /// @param returned Of the proceeds, to holders.
    struct Conversion {
        uint128 converted;
        uint128 proceeds;
        uint128 returned;
    }

    /// @notice A payment that its payee could not receive.
    /// @param amount Base units.
    /// @param since When it was last added to.
    struct Claim {
        uint128 amount;
        uint40 since;
    }

    IDocket public immutable DOCKET;

    mapping(bytes32 caseId => mapping(address asset => Ledger)) private _ledgers;
    mapping(bytes32 caseId => mapping(address taken => mapping(address proceedsAsset => Conversion)))
        private _conversions;
    mapping(bytes32 caseId => mapping(address taken => mapping(address account => uint256))) private _returned;
    mapping(bytes32 caseId => mapping(address asset => mapping(address account => Claim))) private _claims;

    /// @notice More than what was taken from the holder and not given back yet. Base units of `taken`.
    error DisposalExceedsTaken(address taken, address account, uint256 have, uint256 need);
    /// @notice More than the case has left in this asset.
    error DisposalExceedsCustody(bytes32 caseId, address asset, uint256 have, uint256 need);
    /// @notice More than the suspense of the case that is booked and was not paid.
    error DisposalExceedsSuspense(bytes32 caseId, address asset, uint256 have, uint256 need);
    /// @notice More than conversions of `taken` into `asset` brought in and holders did not get yet.
    error DisposalExceedsProceeds(bytes32 caseId, address taken, address asset, uint256 have, uint256 need);
    /// @notice More than what was taken in this asset and was not converted: proceeds are not converted again.
    error DisposalExceedsConvertible(bytes32 caseId, address asset, uint256 have, uint256 need);
    error DisposalNoClaim(bytes32 caseId, address asset, address account);
    /// @notice The claim is too small, or it may not be moved before the second `free`.
    error DisposalClaimKept(bytes32 caseId, address asset, address account, uint256 amount, uint40 free);
    /// @notice The asset refuses to pay the payee.
    error DisposalPaymentRefused(bytes32 caseId, address asset, address account, uint256 amount);
    /// @notice The vault's balance did not move as the act says.
    error DisposalMoved(address asset, address account, uint256 expected, uint256 moved);

    /// @inheritdoc IDisposal
    function movedOf(
        bytes32 caseId,
        address asset
    ) external view returns (uint256 paid, uint256 proceeds, uint256 suspensePaid) {
        Ledger storage ledger = _ledgers[caseId][asset];
        return (ledger.paid, ledger.proceeds, ledger.suspensePaid);
    }

    /// @notice The whole ledger of a case in an asset. Base units.
    function ledgerOf(bytes32 caseId, address asset) external view returns (Ledger memory) {
        return _ledgers[caseId][asset];
    }

    /// @notice What conversions of `taken` into `asset` brought in.
    function conversionOf(bytes32 caseId, address taken, address asset) external view returns (Conversion memory) {
        return _conversions[caseId][taken][asset];
    }

    /// @notice How much of what was taken from a holder has been given back, in proceeds and claims too. Base units of
    /// `taken`.
    function returnedTo(bytes32 caseId, address taken, address account) external view returns (uint256) {
        return _returned[caseId][taken][account];
    }

    /// @notice The claim of an account, and when it was last added to.
    function claimOf(bytes32 caseId, address asset, address account) external view returns (Claim memory) {
        return _claims[caseId][asset][account];
    }

    /// @dev Pays out of custody, or keeps the payment as a claim of the payee where the asset refuses it.
    /// @return accepted Whether it was paid.
    function _payOrKeep(
        bytes32 caseId,
        address vault,
        address asset,
        address account,
        uint256 amount
    ) internal returns (bool accepted) {
        Ledger storage ledger = _ledgers[caseId][asset];
        accepted = _tryPay(vault, asset, account, amount);
        if (accepted) {
            ledger.paid += uint128(amount);
            return true;
        }
        ledger.reserved += uint120(amount);
        Claim storage due = _claims[caseId][asset][account];
        (due.amount, due.since) = (due.amount + uint128(amount), uint40(block.timestamp));
    }

    /// @dev Pays out of custody, or reverts.
    function _payCustody(bytes32 caseId, address vault, address asset, address account, uint256 amount) internal {
        _pay(caseId, vault, asset, account, amount);
        _ledgers[caseId][asset].paid += uint128(amount);
    }

    /// @dev Pays out of what is reserved, or reverts.
    function _payReserved(bytes32 caseId, address vault, address asset, address account, uint256 amount) internal {
        _pay(caseId, vault, asset, account, amount);
        Ledger storage ledger = _ledgers[caseId][asset];
        ledger.reserved -= uint120(amount);
        ledger.paid += uint128(amount);
    }

    /// @dev Pays out of the suspense, or reverts.
    function _paySuspense(bytes32 caseId, address vault, address asset, address account, uint256 amount) internal {
        Ledger storage ledger = _ledgers[caseId][asset];
        uint256 left = DOCKET.suspenseOf(caseId, asset) - ledger.suspensePaid;
        if (amount > left) revert DisposalExceedsSuspense(caseId, asset, left, amount);
        _pay(caseId, vault, asset, account, amount);
        ledger.suspensePaid += uint128(amount);
    }

    function _reserve(bytes32 caseId, address asset, uint256 amount) internal {
        _ledgers[caseId][asset].reserved += uint120(amount);
    }

    function _unreserve(bytes32 caseId, address asset, uint256 amount) internal {
        _ledgers[caseId][asset].reserved -= uint120(amount);
    }

    /// @dev Takes the whole claim of an account; it is still reserved.
    function _takeClaim(bytes32 caseId, address asset, address account) internal returns (uint256 amount) {
        amount = _claims[caseId][asset][account].amount;
        if (amount == 0) revert DisposalNoClaim(caseId, asset, account);
        delete _claims[caseId][asset][account];
    }

    /// @dev Takes `amount` of a claim that nobody came for in `term` seconds; it is still reserved.
    function _takeOldClaim(bytes32 caseId, address asset, address account, uint256 amount, uint40 term) internal {
        Claim storage due = _claims[caseId][asset][account];
        if (amount > due.amount || block.timestamp <= due.since + term) {
            revert DisposalClaimKept(caseId, asset, account, due.amount, due.since + term + 1);
        }
        due.amount -= uint128(amount);
    }

    /// @dev Counts what a holder gets back against what was taken from it.
    function _useLimit(bytes32 caseId, address taken, address account, uint256 takenFrom, uint256 amount) internal {
        uint256 returned = _returned[caseId][taken][account];
        if (amount > takenFrom - returned) {
            revert DisposalExceedsTaken(taken, account, takenFrom - returned, amount);
        }
        _returned[caseId][taken][account] = returned + amount;
    }

    /// @dev Counts `amount` of the proceeds of `taken` as returned.
    /// @return used What of `taken` it stands for, rounded up. Base units of `taken`.
    function _useProceeds(
        bytes32 caseId,
        address taken,
        address asset,
        uint256 amount
    ) internal returns (uint256 used) {
        Conversion memory conversion = _conversions[caseId][taken][asset];
        uint256 left = conversion.proceeds - conversion.returned;
        if (amount > left) revert DisposalExceedsProceeds(caseId, taken, asset, left, amount);
        used = _ceilDiv(amount * conversion.converted, conversion.proceeds);
        _conversions[caseId][taken][asset].returned = conversion.returned + uint128(amount);
    }

    /// @dev Counts a delivery of `amount` of `asset` against `proceeds` of `proceedsAsset`.
    function _countConversion(
        bytes32 caseId,
        address asset,
        uint256 taken,
        uint256 amount,
        address proceedsAsset,
        uint256 proceeds
    ) internal {
        Ledger storage ledger = _ledgers[caseId][asset];
        uint256 convertible = taken - ledger.converted;
        if (amount > convertible) revert DisposalExceedsConvertible(caseId, asset, convertible, amount);
        ledger.converted += uint128(amount);
        Ledger storage received = _ledgers[caseId][proceedsAsset];
        received.hasProceeds = true;
        received.proceeds += uint128(proceeds);
        Conversion storage conversion = _conversions[caseId][asset][proceedsAsset];
        conversion.converted += uint128(amount);
        conversion.proceeds += uint128(proceeds);
    }

    /// @dev Refuses more than the case has left of an asset of which it took `taken`.
    function _requireLeft(bytes32 caseId, address asset, uint256 taken, uint256 amount) internal view {
        Ledger storage ledger = _ledgers[caseId][asset];
        uint256 proceeds = ledger.hasProceeds ? ledger.proceeds : 0;
        uint256 left = taken + proceeds - ledger.paid - ledger.reserved;
        if (amount > left) revert DisposalExceedsCustody(caseId, asset, left, amount);
    }

    /// @dev Whether something that was taken from the account is not given back.
    function _isAffected(bytes32 caseId, address asset, address account) internal view returns (bool) {
        (, , uint256 takenFrom) = DOCKET.custodyOf(caseId, asset, account);
        return takenFrom > _returned[caseId][asset][account];
    }

    function _pay(bytes32 caseId, address vault, address asset, address account, uint256 amount) private {
        if (!_tryPay(vault, asset, account, amount)) {
            revert DisposalPaymentRefused(caseId, asset, account, amount);
        }
    }

    /// @dev Whether the asset accepted; the vault's balance has then moved by exactly `amount`, else by nothing.
    function _tryPay(address vault, address asset, address account, uint256 amount) private returns (bool accepted) {
        uint256 before = IERC20(asset).balanceOf(vault);
        accepted = CaseVault(vault).pay(IERC20(asset), account, amount);
        uint256 moved = before - IERC20(asset).balanceOf(vault);
        uint256 expected = accepted ? amount : 0;
        if (moved != expected) revert DisposalMoved(asset, account, expected, moved);
    }

    /// @dev Both are below 2^128, so nothing overflows.
    function _ceilDiv(uint256 a, uint256 b) private pure returns (uint256) {
        return (a + b - 1) / b;
    }
}
