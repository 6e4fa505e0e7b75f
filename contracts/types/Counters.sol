// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice What the docket counts, in one word, from the low end: entries u40, placed u32, freezesPerDay u16, span u24,
/// counts u144.
type Counters is uint256;

using CountersLib for Counters global;

library CountersLib {
    uint256 private constant PLACED = 40;
    uint256 private constant FREEZES_PER_DAY = 72;
    uint256 private constant SPAN = 88;
    uint256 private constant COUNTS = 112;

    /// @notice The counters of a docket that counted nothing, and allows so many targets of Freeze in 24 hours.
    function create(uint16 freezesPerDay_) internal pure returns (Counters) {
        return Counters.wrap(uint256(freezesPerDay_) << FREEZES_PER_DAY);
    }

    /// @notice Entries of the journal so far; the first is number 1.
    function entries(Counters counters) internal pure returns (uint40) {
        return uint40(Counters.unwrap(counters));
    }

    /// @notice Holds placed so far; the next gets number `placed + 1`.
    function placed(Counters counters) internal pure returns (uint32) {
        return uint32(Counters.unwrap(counters) >> PLACED);
    }

    /// @notice Most targets of Freeze in 24 hours.
    function freezesPerDay(Counters counters) internal pure returns (uint16) {
        return uint16(Counters.unwrap(counters) >> FREEZES_PER_DAY);
    }

    /// @notice The window of {FreezeWindow}.
    function window(Counters counters) internal pure returns (uint24 span, uint144 counts) {
        return (uint24(Counters.unwrap(counters) >> SPAN), uint144(Counters.unwrap(counters) >> COUNTS));
    }

    /// @notice One entry more.
    function entered(Counters counters) internal pure returns (Counters) {
        return Counters.wrap(Counters.unwrap(counters) + 1);
    }

    /// @notice `n` holds more.
    function placing(Counters counters, uint256 n) internal pure returns (Counters) {
        return Counters.wrap(Counters.unwrap(counters) + (n << PLACED));
    }

    function withWindow(Counters counters, uint24 span, uint144 counts) internal pure returns (Counters) {
        uint256 rest = Counters.unwrap(counters) & ((1 << SPAN) - 1);
        return Counters.wrap((uint256(counts) << COUNTS) | (uint256(span) << SPAN) | rest);
    }
}
