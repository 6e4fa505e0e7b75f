// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {BitMaps} from "@openzeppelin/contracts/utils/structs/BitMaps.sol";
import {Compensate} from "../types/Order.sol";

/// @notice A compensation whose total is reserved. All zero: it was not executed.
/// @param until Last second for a claim.
/// @param rest What is still reserved. Base units.
struct Compensation {
    bytes32 caseId;
    bytes32 document;
    bytes32 root;
    address asset;
    uint40 until;
    uint128 rest;
}

/// @title Compensations
/// @notice Lists of victims, each behind a Merkle root: whoever stands in one is paid once, up to the reserved total.
abstract contract Compensations {
    using BitMaps for BitMaps.BitMap;

    /// @dev So that a victim hears of it in time, and what nobody claims is free again.
    uint32 private constant LEAST_CLAIM_TERM = 90 days;
    uint32 private constant MOST_CLAIM_TERM = 3 * 365 days;

    mapping(bytes32 order => Compensation) private _compensations;
    mapping(bytes32 order => BitMaps.BitMap) private _paid;

    error DisposalInvalidClaimTerm(uint32 claimTerm, uint32 least, uint32 most);
    error DisposalZeroRoot();
    error DisposalNoCompensation(bytes32 order);
    /// @notice The claim does not stand in the list.
    error DisposalNotInList(bytes32 order, uint256 index, address account, uint256 amount);
    error DisposalClaimPaid(bytes32 order, uint256 index);
    /// @notice The last second for a claim was `until`.
    error DisposalClaimTooLate(bytes32 order, uint40 until);
    /// @notice The list is worth more than its total: nothing of it is left for this claim.
    error DisposalExceedsCompensation(bytes32 order, uint256 have, uint256 need);
    /// @notice There is nothing to free, or not before the second after `until`.
    error DisposalStillReserved(bytes32 order, uint256 rest, uint40 until);

    /// @notice The compensation that this order made. All zero: none.
    function compensationOf(bytes32 order) external view returns (Compensation memory) {
        return _compensations[order];
    }

    /// @notice Whether the claim at `index` of the list was paid.
    function isCompensated(bytes32 order, uint256 index) external view returns (bool) {
        return _paid[order].get(index);
    }

    function _requireCompensable(Compensate calldata order) internal pure {
        if (order.root == 0) revert DisposalZeroRoot();
        if (order.claimTerm < LEAST_CLAIM_TERM || order.claimTerm > MOST_CLAIM_TERM) {
            revert DisposalInvalidClaimTerm(order.claimTerm, LEAST_CLAIM_TERM, MOST_CLAIM_TERM);
        }
    }

    /// @return until Last second for a claim.
    function _startCompensation(bytes32 digest, Compensate calldata order) internal returns (uint40 until) {
        until = uint40(block.timestamp) + order.claimTerm;
        _compensations[digest] = Compensation({
            caseId: order.caseId,
            document: order.document,
            root: order.root,
            asset: order.asset,
            until: until,
            rest: uint128(order.total)
        });
    }

    /// @dev Marks a claim of the list as paid.
    /// @param docket Of this system: a list is for one chain, docket, case and asset.
    function _useClaim(
        bytes32 order,
        address docket,
        uint256 index,
        address account,
        uint256 amount,
        bytes32[] calldata proof
    ) internal returns (Compensation memory compensation) {
        compensation = _compensations[order];
        if (compensation.root == 0) revert DisposalNoCompensation(order);
        if (block.timestamp > compensation.until) revert DisposalClaimTooLate(order, compensation.until);
        if (_paid[order].get(index)) revert DisposalClaimPaid(order, index);
        bytes memory claim = abi.encode(
            block.chainid,
            docket,
            compensation.caseId,
            compensation.asset,
            index,
            account,
            amount
        );
        // Hashed twice, so that no inner node of the tree passes for a claim.
        bytes32 leaf = keccak256(bytes.concat(keccak256(claim)));
        if (!MerkleProof.verifyCalldata(proof, compensation.root, leaf)) {
            revert DisposalNotInList(order, index, account, amount);
        }
        if (amount > compensation.rest) revert DisposalExceedsCompensation(order, compensation.rest, amount);
        _paid[order].set(index);
        _compensations[order].rest = compensation.rest - uint128(amount);
    }

    /// @dev Ends a compensation whose time has run out.
    function _endCompensation(bytes32 order) internal returns (Compensation memory compensation) {
        compensation = _compensations[order];
        if (compensation.rest == 0 || block.timestamp <= compensation.until) {
            revert DisposalStillReserved(order, compensation.rest, compensation.until);
        }
        _compensations[order].rest = 0;
    }
}
