// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {BitMaps} from "@openzeppelin/contracts/utils/structs/BitMaps.sol";
import {IDisposal} from "../interfaces/IDisposal.sol";
import {Terms} from "../libraries/Terms.sol";
import {Compensation} from "../types/Money.sol";
import {Compensate} from "../types/Order.sol";

/// @title Compensations
/// @notice Lists of victims, each behind a Merkle root: whoever stands in one is paid once, up to the reserved total.
abstract contract Compensations is IDisposal {
    using BitMaps for BitMaps.BitMap;

    mapping(bytes32 order => Compensation) private _compensations;
    mapping(bytes32 order => BitMaps.BitMap) private _paid;

    /// @inheritdoc IDisposal
    function compensationOf(bytes32 order) external view returns (Compensation memory) {
        return _compensations[order];
    }

    /// @inheritdoc IDisposal
    function isCompensated(bytes32 order, uint256 index) external view returns (bool) {
        return _paid[order].get(index);
    }

    function _requireCompensable(Compensate calldata order) internal pure {
        if (order.root == 0) revert DisposalZeroRoot();
        if (order.claimTerm < Terms.LEAST_CLAIM_TERM || order.claimTerm > Terms.LONGEST_CLAIM_TERM) {
            revert DisposalInvalidClaimTerm(order.claimTerm, Terms.LEAST_CLAIM_TERM, Terms.LONGEST_CLAIM_TERM);
        }
    }

    /// @param proceeds What of the total came as proceeds.
    /// @return until Last second for a claim.
    function _startCompensation(
        bytes32 digest,
        Compensate calldata order,
        uint256 proceeds
    ) internal returns (uint40 until) {
        until = uint40(block.timestamp) + order.claimTerm;
        _compensations[digest] = Compensation({
            caseId: order.caseId,
            document: order.document,
            root: order.root,
            asset: order.asset,
            until: until,
            rest: uint128(order.total),
            proceeds: uint128(proceeds)
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
        // What came as proceeds is paid last, as everywhere.
        uint128 rest = compensation.rest - uint128(amount);
        if (rest < compensation.proceeds) _compensations[order].proceeds = rest;
        _compensations[order].rest = rest;
    }

    /// @dev Ends a compensation whose time has run out.
    function _endCompensation(bytes32 order) internal returns (Compensation memory compensation) {
        compensation = _compensations[order];
        if (compensation.rest == 0 || block.timestamp <= compensation.until) {
            revert DisposalStillReserved(order, compensation.rest, compensation.until);
        }
        (_compensations[order].rest, _compensations[order].proceeds) = (0, 0);
    }
}
