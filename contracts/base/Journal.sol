// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Counters} from "../types/Counters.sol";

/// @title Journal
/// @notice The hash-chained list of all acts. `head` commits to every entry: one storage proof of the entry count and
/// the head proves that none is missing, altered or reordered.
abstract contract Journal {
    Counters internal _counters;
    /// @notice `keccak256(abi.encode(head, seq, act, caseId, document, order, keccak256(officerIds),
    /// keccak256(effects), timestamp))`, from `keccak256(abi.encode(chainId, docket))` on. The ids are hashed as their
    /// plain concatenation.
    bytes32 public head;

    /// @param seq Number of the entry.
    /// @param act Number of the act.
    /// @param caseId The case, or zero.
    /// @param order Digest of the order, or zero where the act needs none.
    /// @param document The document that the act rests on, or zero.
    /// @param officerIds The officers whose approvals counted, ascending.
    /// @param effects `abi.encode(Effect[])`.
    /// @param head The head after this entry.
    event Entry(
        uint256 indexed seq,
        uint8 act,
        bytes32 indexed caseId,
        bytes32 indexed order,
        bytes32 document,
        bytes32[] officerIds,
        bytes effects,
        bytes32 head
    );

    /// @notice Another entry was made since this act foresaw its number.
    error JournalWrongEntry(uint256 entry, uint256 next);

    constructor() {
        head = keccak256(abi.encode(block.chainid, address(this)));
    }

    /// @notice Entries so far.
    function entries() external view returns (uint256) {
        return _counters.entries();
    }

    function _next() internal view returns (uint256) {
        return uint256(_counters.entries()) + 1;
    }

    function _record(
        uint256 entry,
        uint8 act,
        bytes32 caseId,
        bytes32 document,
        bytes32 order,
        bytes32[] memory officerIds,
        bytes memory effects
    ) internal {
        if (entry != _next()) revert JournalWrongEntry(entry, _next());
        _counters = _counters.entered();
        bytes32 next = keccak256(
            abi.encode(
                head,
                entry,
                act,
                caseId,
                document,
                order,
                keccak256(abi.encodePacked(officerIds)),
                keccak256(effects),
                block.timestamp
            )
        );
        head = next;
        emit Entry(entry, act, caseId, order, document, officerIds, effects, next);
    }
}
