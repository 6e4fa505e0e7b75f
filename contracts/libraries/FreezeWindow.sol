// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice How many targets were frozen lately, in nine spans of three hours: any 24 hours lie within nine of them, so
/// a limit on their sum holds for every 24 hours, wherever they begin.
library FreezeWindow {
    uint256 private constant SPAN = 3 hours;
    uint256 private constant SPANS = 9;
    uint256 private constant COUNT_BITS = 16;

    /// @notice More targets in 24 hours than the charter allows.
    error FreezeWindowFull(uint256 frozen, uint256 adding, uint256 most);

    /// @param span Number of the newest counted span.
    /// @param counts One u16 per span, the newest lowest.
    /// @param adding Targets to add now.
    /// @param most Most targets within the window.
    /// @return newSpan The span of this second.
    /// @return newCounts The counts with `adding` in it.
    function add(
        uint24 span,
        uint144 counts,
        uint256 adding,
        uint16 most
    ) internal view returns (uint24 newSpan, uint144 newCounts) {
        newSpan = uint24(block.timestamp / SPAN);
        uint256 frozen = 0;
        unchecked {
            // Time does not run backwards, and nine counts of 16 bits neither overflow nor, below `most`, carry.
            uint256 passed = newSpan - span;
            newCounts = passed < SPANS ? counts << uint144(passed * COUNT_BITS) : 0;
            for (uint256 rest = newCounts; rest != 0; rest >>= COUNT_BITS) frozen += uint16(rest);
        }
        if (frozen + adding > most) revert FreezeWindowFull(frozen, adding, most);
        newCounts += uint144(adding);
    }
}
