// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Officers} from "./Officers.sol";
import {Approvals, IQuorum} from "../interfaces/IQuorum.sol";
import {Terms} from "../libraries/Terms.sol";
import {Act} from "../types/Act.sol";
import {DelayedOrder, DelayedState} from "../types/Delayed.sol";
import {PackedRule, RuleLib} from "../types/Rule.sol";

/// @title DelayedOrders
/// @notice Orders between their decision and their execution: stayed, appealed against, vetoed, executed once, or dead
/// by time. An appeal is kept once, for all orders on the same asset of the case: it makes the delay of each longer that
/// waits when it comes, or was scheduled within {Terms-APPEAL} after it. So the times kept in an order are those without it.
abstract contract DelayedOrders is Officers {
    uint256 private constant DAYS_BITS = 8;

    mapping(bytes32 digest => DelayedOrder) internal _delayed;
    /// @dev Days that each agency stayed the order, one byte an agency.
    mapping(bytes32 digest => uint256) private _stayed;
    /// @dev Seconds in which appeals came, ascending.
    mapping(bytes32 caseId => mapping(address asset => uint40[])) private _appeals;

    /// @inheritdoc IQuorum
    function delayedOf(bytes32 digest) external view returns (DelayedOrder memory order) {
        order = _delayed[digest];
        uint40 extra = _extra(_delayed[digest]);
        order.start += extra;
        order.deadline += extra;
    }

    /// @inheritdoc IQuorum
    function appealsOf(bytes32 caseId, address asset) external view returns (uint40[] memory) {
        return _appeals[caseId][asset];
    }

    /// @inheritdoc IQuorum
    function stayedBy(bytes32 digest, uint8 agency) external view returns (uint8) {
        return uint8(_stayed[digest] >> (agency * DAYS_BITS));
    }

    /// @dev Times of an order of the rule that is decided now.
    function _timesOf(PackedRule met) internal view returns (uint40 start, uint40 deadline) {
        start = uint40(block.timestamp) + met.delay();
        deadline = start + met.grace();
    }

    /// @dev The first appeal that counts for an order that is decided now: the last one, as long as it is answered.
    function _firstAppeal(bytes32 caseId, address asset) internal view returns (uint32) {
        uint40[] storage appeals = _appeals[caseId][asset];
        uint256 n = appeals.length;
        return uint32(n != 0 && block.timestamp < appeals[n - 1] + Terms.APPEAL ? n - 1 : n);
    }

    /// @dev The order at `digest` while it waits and its time has not run out, and what an appeal added to its times.
    function _waiting(bytes32 digest) internal view returns (DelayedOrder storage order, uint40 extra) {
        order = _delayed[digest];
        if (order.state == 0) revert QuorumNotScheduled(digest);
        if (order.state != DelayedState.WAITS) revert QuorumOrderEnded(digest, order.state);
        extra = _extra(order);
        if (block.timestamp > order.deadline + extra) revert QuorumTooLate(digest, order.deadline + extra);
    }

    /// @dev Ends the wait of an order of the act that may now be executed.
    /// @return age Seconds that money must have lain in the case.
    function _release(
        bytes32 digest,
        uint8 act,
        bytes32[] calldata officerIds,
        Approvals calldata further
    ) internal returns (uint40 age, bytes32[] memory counted) {
        (DelayedOrder storage order, uint40 extra) = _waiting(digest);
        if (order.act != act) revert QuorumNotScheduled(digest);
        if (block.timestamp < order.start + extra) revert QuorumTooEarly(digest, order.start + extra);
        if (keccak256(abi.encodePacked(officerIds)) != order.approvers) revert QuorumWrongApprovers(digest);
        _end(order, DelayedState.EXECUTED, extra);
        age = order.delay + extra;
        counted = _anyCompromised(officerIds) ? _recount(digest, order.needed, officerIds, further) : officerIds;
    }

    /// @dev Moves the start to the second `until`, and the deadline by as much.
    /// @param agency The one that stays.
    /// @param longest Most seconds for which it may stay an order in all.
    /// @return deadline The new one.
    function _stay(bytes32 digest, uint64 until, uint8 agency, uint32 longest) internal returns (uint40 deadline) {
        (DelayedOrder storage order, uint40 extra) = _waiting(digest);
        _requireDisposal(digest, order.act);
        uint256 from = order.start + extra;
        if (from < block.timestamp) from = block.timestamp;
        if (until <= from) revert QuorumStayTooShort(digest, until, from);
        uint256 stayed = _stayed[digest];
        uint256 place = agency * DAYS_BITS;
        uint256 used = uint8(stayed >> place);
        uint256 adding = (until - from + 1 days - 1) / 1 days;
        if ((used + adding) * 1 days > longest) revert QuorumStayedTooLong(digest, agency, used, adding, longest);
        // At most {Terms-LONGEST_STAY}: a byte holds the days, and `until` is a second near.
        _stayed[digest] = stayed + (adding << place);
        deadline = order.deadline + uint40(until - from);
        (order.start, order.deadline) = (uint40(until) - extra, deadline);
        return deadline + extra;
    }

    /// @dev Keeps an appeal against a disposal that waits. One a second is enough.
    function _appeal(bytes32 digest) internal returns (bytes32 caseId, address asset, uint40 start, uint40 deadline) {
        (DelayedOrder storage order, ) = _waiting(digest);
        _requireDisposal(digest, order.act);
        (caseId, asset) = (order.caseId, order.asset);
        uint40[] storage appeals = _appeals[caseId][asset];
        uint256 n = appeals.length;
        if (n == 0 || appeals[n - 1] < block.timestamp) appeals.push(uint40(block.timestamp));
        uint40 extra = _extra(order);
        return (caseId, asset, order.start + extra, order.deadline + extra);
    }

    /// @dev Ends the order for ever.
    function _veto(bytes32 digest) internal {
        (DelayedOrder storage order, uint40 extra) = _waiting(digest);
        _end(order, DelayedState.VETOED, extra);
    }

    /// @dev Ends the wait. The times stay as they are now: no later appeal concerns the order.
    function _end(DelayedOrder storage order, uint8 state, uint40 extra) private {
        order.state = state;
        order.start += extra;
        order.deadline += extra;
        order.firstAppeal = type(uint32).max;
    }

    function _requireDisposal(bytes32 digest, uint8 act) private pure {
        if (act < Act.FORFEIT || act > Act.TRANSFER) revert QuorumNotDisposal(digest, act);
    }

    /// @dev What appeals add to the order's times: once, and nothing where the first came when it was dead.
    function _extra(DelayedOrder storage order) private view returns (uint40) {
        uint40[] storage appeals = _appeals[order.caseId][order.asset];
        uint256 first = order.firstAppeal;
        return first < appeals.length && appeals[first] <= order.deadline ? Terms.APPEAL : 0;
    }

    function _anyCompromised(bytes32[] calldata officerIds) private view returns (bool) {
        for (uint256 i = 0; i < officerIds.length; ++i) {
            if (_isCompromised(officerIds[i])) return true;
        }
        return false;
    }

    /// @dev Counts anew who of those that approved is seated now, and who approves by `further`.
    function _recount(
        bytes32 digest,
        uint64 needed,
        bytes32[] calldata officerIds,
        Approvals calldata further
    ) private returns (bytes32[] memory counted) {
        (bytes32[] memory added, , ) = _count(digest, digest, further, true);
        counted = new bytes32[](officerIds.length + added.length);
        uint64 have;
        uint256 n;
        for (uint256 i = 0; i < counted.length; ++i) {
            bool first = i < officerIds.length;
            bytes32 officerId = first ? officerIds[i] : added[i - officerIds.length];
            uint8 agency = _agencyOf(officerId);
            if (first ? !_isSeated(officerId) : _isAmong(officerId, officerIds)) continue;
            if (RuleLib.digit(needed, agency) == 0) continue;
            have = RuleLib.count(have, agency);
            counted[n++] = officerId;
        }
        if (!RuleLib.meets(have, needed)) revert QuorumStale(digest, have, needed);
        assembly ("memory-safe") {
            mstore(counted, n)
        }
    }

    function _isAmong(bytes32 officerId, bytes32[] calldata officerIds) private pure returns (bool) {
        for (uint256 i = 0; i < officerIds.length; ++i) {
            if (officerIds[i] == officerId) return true;
        }
        return false;
    }
}
