// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Officers} from "./Officers.sol";
import {Act} from "../types/Order.sol";

/// @notice An order that waits for its execution.
/// @param alternative The rule that its approvals met.
/// @param about The agency that it is about; 15 when it is about none.
/// @param state See {DelayedState}.
/// @param stays One bit per agency that stayed it.
/// @param appealed Whether an appeal has moved it.
/// @param start First second in which it may be executed.
/// @param deadline Last second in which it may be executed.
/// @param approvers `keccak256(abi.encodePacked(officerIds))` of those whose approvals counted.
struct DelayedOrder {
    uint8 act;
    uint8 alternative;
    uint8 about;
    uint8 state;
    uint16 stays;
    bool appealed;
    uint40 start;
    uint40 deadline;
    bytes32 caseId;
    bytes32 approvers;
}

library DelayedState {
    uint8 internal constant WAITS = 1;
    uint8 internal constant EXECUTED = 2;
    uint8 internal constant VETOED = 3;
}

/// @title DelayedOrders
/// @notice Orders between their decision and their execution: stayed, vetoed, executed once, or dead by time.
abstract contract DelayedOrders is Officers {
    /// @dev The alternative of Admit that goes without the court: it cannot veto who is to restore it.
    uint8 private constant ADMIT_WITHOUT_COURT = 2;
    /// @dev In which an appeal is answered.
    uint40 private constant APPEAL_TERM = 15 days;

    mapping(bytes32 digest => DelayedOrder) internal _delayed;

    error QuorumNotScheduled(bytes32 digest);
    /// @notice The order was executed or vetoed, see {DelayedState}.
    error QuorumOrderEnded(bytes32 digest, uint8 state);
    error QuorumTooEarly(bytes32 digest, uint40 start);
    error QuorumTooLate(bytes32 digest, uint40 deadline);
    /// @notice An appeal comes before the first second in which the order may be executed.
    error QuorumStarted(bytes32 digest, uint40 start);
    /// @notice Not the officers whose approvals counted when the order was scheduled.
    error QuorumWrongApprovers(bytes32 digest);
    /// @notice One of its approvers was dismissed as compromised: the order can never execute.
    error QuorumStale(bytes32 digest, bytes32 officerId);
    /// @notice Orders of this act cannot be stayed.
    error QuorumCannotStay(bytes32 digest, uint8 act);
    error QuorumStayedBefore(bytes32 digest, uint16 agencies);
    /// @notice A stay must move the start, and at most as far as its rule lets it.
    error QuorumStayTerm(bytes32 digest, uint64 until, uint40 start, uint64 latest);
    /// @notice This rule cannot veto this order.
    error QuorumCannotVeto(bytes32 digest, uint8 act, uint8 alternative);

    /// @notice A delayed order. All zero: it was never scheduled.
    function delayedOf(bytes32 digest) external view returns (DelayedOrder memory) {
        return _delayed[digest];
    }

    /// @dev The order at `digest` while it waits and its time has not run out.
    function _waiting(bytes32 digest) internal view returns (DelayedOrder storage delayed) {
        delayed = _delayed[digest];
        if (delayed.state == 0) revert QuorumNotScheduled(digest);
        if (delayed.state != DelayedState.WAITS) revert QuorumOrderEnded(digest, delayed.state);
        if (block.timestamp > delayed.deadline) revert QuorumTooLate(digest, delayed.deadline);
    }

    /// @dev Ends the wait of an order of the act that may now be executed.
    function _release(bytes32 digest, uint8 act, bytes32[] calldata officerIds) internal {
        DelayedOrder storage delayed = _waiting(digest);
        if (delayed.act != act) revert QuorumNotScheduled(digest);
        if (block.timestamp < delayed.start) revert QuorumTooEarly(digest, delayed.start);
        if (keccak256(abi.encodePacked(officerIds)) != delayed.approvers) revert QuorumWrongApprovers(digest);
        for (uint256 i = 0; i < officerIds.length; ++i) {
            if (_isCompromised(officerIds[i])) revert QuorumStale(digest, officerIds[i]);
        }
        delayed.state = DelayedState.EXECUTED;
    }

    /// @dev Moves the start to the second `until`, and the deadline by as much.
    /// @param agencies The agency that stays, as a bit.
    /// @param longest Most seconds from now on.
    function _stay(bytes32 digest, uint64 until, uint16 agencies, uint32 longest) internal {
        DelayedOrder storage delayed = _waiting(digest);
        if (delayed.act < Act.FORFEIT || delayed.act > Act.TRANSFER) revert QuorumCannotStay(digest, delayed.act);
        if (delayed.stays & agencies != 0) revert QuorumStayedBefore(digest, delayed.stays);
        uint64 latest = uint64(block.timestamp) + longest;
        if (until <= delayed.start || until > latest) revert QuorumStayTerm(digest, until, delayed.start, latest);
        delayed.stays |= agencies;
        _postpone(delayed, uint40(until));
    }

    /// @dev The first appeal moves the order to the end of the time in which it is answered, once.
    function _appeal(bytes32 digest) internal returns (DelayedOrder storage delayed) {
        delayed = _waiting(digest);
        if (block.timestamp >= delayed.start) revert QuorumStarted(digest, delayed.start);
        uint40 answered = uint40(block.timestamp) + APPEAL_TERM;
        if (!delayed.appealed && answered > delayed.start) _postpone(delayed, answered);
        delayed.appealed = true;
    }

    /// @dev Ends the order for ever.
    /// @param bySelf Whether the agency that the order is about vetoes: only who it did not approve itself.
    function _veto(bytes32 digest, bool bySelf) internal {
        DelayedOrder storage delayed = _waiting(digest);
        (uint8 act, uint8 alternative) = (delayed.act, delayed.alternative);
        bool can =
            bySelf ? act == Act.ADMIT && alternative != 0 : act != Act.ADMIT || alternative != ADMIT_WITHOUT_COURT;
        if (!can) revert QuorumCannotVeto(digest, act, alternative);
        delayed.state = DelayedState.VETOED;
    }

    function _postpone(DelayedOrder storage delayed, uint40 start) private {
        delayed.deadline += start - delayed.start;
        delayed.start = start;
    }
}
