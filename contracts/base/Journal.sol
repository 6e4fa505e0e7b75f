// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Journal
/// @notice The hash-chained list of all acts. `head` commits to every entry: one storage proof of the entry count and
/// the head proves that none is missing, altered or reordered.
abstract contract Journal {
    /// @dev One word, read and written together by most acts.
    /// @param entries Entries of the journal so far; the first is number 1.
    /// @param placed Holds placed so far; the next gets number `placed + 1`.
    /// @param freezesPerDay Most targets of Freeze in 24 hours.
    /// @param span, counts The window of {FreezeWindow}.
    struct Counters {
        uint40 entries;
        uint32 placed;
        uint16 freezesPerDay;
        uint24 span;
        uint144 counts;
    }

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
        return _counters.entries;
    }

    function _next() internal view returns (uint256) {
        return uint256(_counters.entries) + 1;
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
        _counters.entries = uint40(entry);
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
