// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDocket} from "../interfaces/IDocket.sol";
import {Approvals, IQuorum} from "../interfaces/IQuorum.sol";
import {NO_AGENCY} from "../types/Rule.sol";

/// @dev An order that the quorum let pass: the entry it becomes, its digest, the approving officers, the rule's term.
struct Passed {
    uint256 entry;
    bytes32 digest;
    uint256 term;
    bytes32[] officerIds;
}

/// @dev Orders of one act on their way through a transaction.
/// @param bundled Whether one signature of each officer stands for all.
/// @param idle Whether the next one would change nothing: it is skipped, and can still be executed later.
/// @param any Whether one was executed.
/// @param free Where memory begins that an order may use: none of it outlives the order.
/// @param passed The order that passed last.
/// @param reason Why the last one was skipped; empty where it was not.
struct List {
    uint8 act;
    bool bundled;
    bool idle;
    bool any;
    uint256 free;
    bytes32[] hashes;
    Passed passed;
    bytes reason;
}

/// @title Lists
/// @notice Many orders of one act in one transaction. One that was used before, or is short of approvals because officers
/// withdrew them, is skipped and told; any other fault reverts all, and so does a list of which none is executed.
abstract contract Lists {
    /// @dev Place of {List-free} in the struct.
    uint256 private constant FREE = 128;

    /// @notice The order at `index` was not executed, for `reason`.
    event Skipped(uint256 indexed index, bytes reason);

    error EmptyList();
    /// @notice One `Approvals` for each order, or one for all that stand in a bundle.
    error ListLengths(uint256 orders, uint256 approvals);

    function _list(uint8 act, uint256 n) internal pure returns (List memory list) {
        if (n == 0) revert EmptyList();
        list.act = act;
        list.hashes = new bytes32[](n);
    }

    /// @dev Finds out which approvals are whose: each order has its own, or all were signed as a bundle.
    function _enlist(List memory list, uint256 approvals, bytes calldata range) internal {
        list.bundled = range.length != 0;
        if (approvals != (list.bundled ? 1 : list.hashes.length)) revert ListLengths(list.hashes.length, approvals);
        if (list.bundled) _quorum().enlist(list.act, list.hashes, range);
        assembly ("memory-safe") {
            mstore(add(list, FREE), mload(0x40))
        }
    }

    /// @dev Whether the order at `i` is executed; else it is skipped, and told.
    function _passes(
        List memory list,
        uint256 i,
        uint64 signBy,
        Approvals[] calldata approvals
    ) internal returns (bool) {
        assembly ("memory-safe") {
            mstore(0x40, mload(add(list, FREE)))
        }
        (list.passed, list.reason) = _tryUse(
            list.act,
            list.hashes[i],
            signBy,
            list.idle ? 0 : _nextEntry(),
            list.bundled,
            approvals[list.bundled ? 0 : i]
        );
        if (list.idle && list.reason.length == 0) list.reason = abi.encodePacked(IDocket.DocketNothingHeld.selector);
        if (list.reason.length == 0) return list.any = true;
        emit Skipped(i, list.reason);
        return false;
    }

    /// @dev A list of which nothing was executed reverts, with the reason of the last order.
    function _requireAny(List memory list) internal pure {
        if (!list.any) _revert(list.reason);
    }

    /// @param entry Of the journal, that the order becomes; 0: it is asked for only, and not used.
    /// @return passed What became of an order that passes.
    /// @return reason That the order was used before, or is short of approvals because officers withdrew them; any other
    /// fault reverts.
    function _tryUse(
        uint8 act,
        bytes32 structHash,
        uint64 signBy,
        uint256 entry,
        bool bundled,
        Approvals calldata approvals
    ) internal returns (Passed memory passed, bytes memory reason) {
        try _quorum().use(act, NO_AGENCY, structHash, signBy, entry, bundled, approvals) returns (
            bytes32 digest,
            uint32 term,
            bytes32[] memory officerIds
        ) {
            passed = Passed(entry, digest, term, officerIds);
        } catch (bytes memory fault) {
            bytes4 selector = bytes4(fault);
            if (selector != IQuorum.QuorumOrderUsed.selector && selector != IQuorum.QuorumWithdrawn.selector) {
                _revert(fault);
            }
            reason = fault;
        }
    }

    function _revert(bytes memory reason) internal pure {
        assembly ("memory-safe") {
            revert(add(reason, 32), mload(reason))
        }
    }

    function _quorum() internal view virtual returns (IQuorum);

    /// @dev The number that the next entry of the journal will have.
    function _nextEntry() internal view virtual returns (uint256);
}
