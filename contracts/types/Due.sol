// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice What a case owes to an account. Base units.
/// @param since When it was last added to.
struct Due {
    uint128 amount;
    uint40 since;
}

using DueLib for Due global;

library DueLib {
    /// @notice Adds less than 2^96 base units.
    function grow(Due storage due, uint256 amount) internal {
        (due.amount, due.since) = (due.amount + uint128(amount), uint40(block.timestamp));
    }
}
