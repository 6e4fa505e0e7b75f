// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {CaseVault} from "./CaseVault.sol";
import {EffectList, EffectListLib, What} from "./Effects.sol";
import {Act, OrderHash, Refund, Return} from "./Orders.sol";
import {SELF} from "./Rules.sol";
import {IDisposal} from "./interfaces/IDisposal.sol";
import {IDocket} from "./interfaces/IDocket.sol";
import {Approvals, IQuorum} from "./interfaces/IQuorum.sol";

/// @title Disposal
/// @notice What ends custody, and what was paid and is reserved. Holds no money.
/// For every case and asset, always: paid + reserved <= taken.
contract Disposal is IDisposal, ReentrancyGuardTransient {
    using OrderHash for *;
    using EffectListLib for EffectList;

    uint8 private constant NO_AGENCY = uint8(SELF);

    /// @dev Base units. Reserved is promised to claimants and still in the vault.
    struct Ledger {
        uint128 paid;
        uint128 reserved;
    }

    /// @notice A payment that its payee could not receive.
    /// @param amount Base units.
    /// @param since When it was last added to.
    struct Claim {
        uint128 amount;
        uint40 since;
    }

    IQuorum public immutable QUORUM;
    IDocket public immutable DOCKET;

    mapping(bytes32 caseId => mapping(address asset => Ledger)) private _ledgers;
    mapping(bytes32 caseId => mapping(address taken => mapping(address account => uint256))) private _returned;
    mapping(bytes32 caseId => mapping(address asset => mapping(address account => Claim))) private _claims;

    error DisposalEmptyOrder();
    error DisposalZeroDocument();
    error DisposalInvalidAmount(address asset, address account, uint256 amount);
    /// @notice Refunds must ascend strictly by (taken, asset, account).
    error DisposalUnordered(address taken, address asset, address account);
    /// @notice More than what was taken from the holder and not given back yet.
    error DisposalExceedsTaken(address taken, address account, uint256 have, uint256 need);
    /// @notice More than the case has left in this asset.
    error DisposalExceedsCustody(bytes32 caseId, address asset, uint256 have, uint256 need);
    /// @notice The case has no proceeds in `asset` for what was taken in `taken`.
    error DisposalNoProceeds(bytes32 caseId, address taken, address asset);
    error DisposalNoClaim(bytes32 caseId, address asset, address account);
    /// @notice The asset still refuses to pay the claimant.
    error DisposalClaimRefused(bytes32 caseId, address asset, address account, uint256 amount);
    /// @notice The vault's balance did not move as the act says.
    error DisposalMoved(address asset, address account, uint256 expected, uint256 moved);

    constructor(IQuorum quorum, IDocket docket) {
        QUORUM = quorum;
        DOCKET = docket;
    }

    /// @notice Gives money back to the holders from whom it was taken, and to nobody else. A payment that an asset
    /// refuses becomes a claim of the holder and blocks no other.
    function refund(Return calldata order, Approvals calldata approvals) external nonReentrant {
        uint256 entry = DOCKET.nextEntry();
        (bytes32 digest, , bytes32[] memory officerIds) = QUORUM.use(
            Act.RETURN,
            NO_AGENCY,
            order.hash(),
            order.signBy,
            entry,
            approvals
        );
        if (order.document == 0) revert DisposalZeroDocument();
        uint256 n = order.holders.length;
        if (n == 0) revert DisposalEmptyOrder();
        EffectList memory effects = EffectListLib.create(n);
        for (uint256 i = 0; i < n; ++i) {
            if (i != 0) _requireAscending(order.holders[i - 1], order.holders[i]);
            _refund(order.caseId, order.holders[i], effects);
        }
        DOCKET.record(entry, Act.RETURN, order.caseId, order.document, digest, officerIds, effects.encoded);
    }

    /// @notice Pays a claim to its claimant. Anyone may call.
    function claim(bytes32 caseId, address asset, address account) external nonReentrant {
        uint256 amount = _claims[caseId][asset][account].amount;
        if (amount == 0) revert DisposalNoClaim(caseId, asset, account);
        delete _claims[caseId][asset][account];
        Ledger storage ledger = _ledgers[caseId][asset];
        ledger.reserved -= uint128(amount);
        ledger.paid += uint128(amount);
        (address vault, , ) = DOCKET.custodyOf(caseId, asset, account);
        if (!_pay(vault, asset, account, amount)) revert DisposalClaimRefused(caseId, asset, account, amount);
        EffectList memory effects = EffectListLib.create(1);
        effects.add(What.CLAIMED, asset, account, amount, 0);
        DOCKET.record(DOCKET.nextEntry(), Act.CLAIM, caseId, 0, 0, new bytes32[](0), effects.encoded);
    }

    /// @inheritdoc IDisposal
    function paidOf(bytes32 caseId, address asset) external view returns (uint256) {
        return _ledgers[caseId][asset].paid;
    }

    /// @notice What is promised to claimants and still in the vault. Base units.
    function reservedOf(bytes32 caseId, address asset) external view returns (uint256) {
        return _ledgers[caseId][asset].reserved;
    }

    /// @notice How much of what was taken from a holder has been given back, claims included. Base units of `taken`.
    function returnedTo(bytes32 caseId, address taken, address account) external view returns (uint256) {
        return _returned[caseId][taken][account];
    }

    /// @notice The claim of an account, and when it was last added to.
    function claimOf(bytes32 caseId, address asset, address account) external view returns (Claim memory) {
        return _claims[caseId][asset][account];
    }

    function _refund(bytes32 caseId, Refund calldata item, EffectList memory effects) private {
        (address asset, address account, uint256 amount) = (item.asset, item.account, item.amount);
        if (amount == 0) revert DisposalInvalidAmount(asset, account, amount);
        if (item.taken != asset) revert DisposalNoProceeds(caseId, item.taken, asset);
        (address vault, uint256 taken, uint256 takenFrom) = DOCKET.custodyOf(caseId, asset, account);
        uint256 returned = _returned[caseId][asset][account];
        if (amount > takenFrom - returned) revert DisposalExceedsTaken(asset, account, takenFrom - returned, amount);
        Ledger memory ledger = _ledgers[caseId][asset];
        uint256 left = taken - ledger.paid - ledger.reserved;
        if (amount > left) revert DisposalExceedsCustody(caseId, asset, left, amount);

        _returned[caseId][asset][account] = returned + amount;
        if (_pay(vault, asset, account, amount)) {
            ledger.paid += uint128(amount);
            effects.add(What.RETURNED, asset, account, amount, uint160(asset));
        } else {
            ledger.reserved += uint128(amount);
            Claim storage due = _claims[caseId][asset][account];
            (due.amount, due.since) = (due.amount + uint128(amount), uint40(block.timestamp));
            effects.add(What.CLAIM_DUE, asset, account, amount, uint160(asset));
        }
        _ledgers[caseId][asset] = ledger;
    }

    /// @dev Whether the asset accepted; the vault's balance has then moved by exactly `amount`, else by nothing.
    function _pay(address vault, address asset, address account, uint256 amount) private returns (bool accepted) {
        uint256 before = IERC20(asset).balanceOf(vault);
        accepted = CaseVault(vault).pay(IERC20(asset), account, amount);
        uint256 moved = before - IERC20(asset).balanceOf(vault);
        uint256 expected = accepted ? amount : 0;
        if (moved != expected) revert DisposalMoved(asset, account, expected, moved);
    }

    function _requireAscending(Refund calldata a, Refund calldata b) private pure {
        if (
            a.taken != b.taken
                ? a.taken < b.taken
                : a.asset != b.asset
                    ? a.asset < b.asset
                    : a.account < b.account
        ) {
            return;
        }
        revert DisposalUnordered(b.taken, b.asset, b.account);
    }
}
