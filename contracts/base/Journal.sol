// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDocket} from "../interfaces/IDocket.sol";
import {Counters} from "../types/Counters.sol";

/// @title Journal
/// @notice The hash-chained list of all acts. `head` commits to every entry: one storage proof of the entry count and
/// the head proves that none is missing, altered or reordered.
abstract contract Journal is IDocket {
    Counters internal _counters;
    /// @inheritdoc IDocket
    bytes32 public head;

    constructor() {
        head = keccak256(abi.encode(block.chainid, address(this)));
    }

    /// @inheritdoc IDocket
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
