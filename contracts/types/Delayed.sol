// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice An order that waits for its execution. What changes with an appeal is not written into it: see {IQuorum-delayedOf}.
/// @param alternative The rule that its approvals met.
/// @param about The agency that it is about; 15 when it is about none.
/// @param state See {DelayedState}.
/// @param start First second in which it may be executed.
/// @param deadline Last second in which it may be executed.
/// @param delay Seconds between decision and execution that its rule had.
/// @param firstAppeal Place of the first appeal that counts for it in the list of its case and asset.
/// @param needed Officers that its rule needed, one hex digit per agency, SELF counted in.
/// @param asset What it disposes of, or zero.
/// @param caseId Its case, or zero.
/// @param approvers `keccak256(abi.encodePacked(officerIds))` of those whose approvals counted.
struct DelayedOrder {
    uint8 act;
    uint8 alternative;
    uint8 about;
    uint8 state;
    uint40 start;
    uint40 deadline;
    uint32 delay;
    uint32 firstAppeal;
    uint64 needed;
    address asset;
    bytes32 caseId;
    bytes32 approvers;
}

library DelayedState {
    uint8 internal constant WAITS = 1;
    uint8 internal constant EXECUTED = 2;
    uint8 internal constant VETOED = 3;
}
