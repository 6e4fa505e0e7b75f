// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Terms} from "./Terms.sol";

/// @title SignBy
/// @notice The last second of an order, which everything signed has.
library SignBy {
    /// @notice The order's last second has passed.
    error OrderExpired(bytes32 digest, uint64 signBy);
    /// @notice The order's last second lies further ahead than `latest`: one in milliseconds would never come.
    error OrderSignByTooFar(bytes32 digest, uint64 signBy, uint256 latest);

    /// @notice Refuses an order that came too late, or has no end in sight.
    function requireInTime(bytes32 digest, uint64 signBy) internal view {
        requireWithin(digest, signBy, Terms.LONGEST_SIGN_BY);
    }

    /// @param longest Most seconds from now to `signBy`.
    function requireWithin(bytes32 digest, uint64 signBy, uint64 longest) internal view {
        if (block.timestamp > signBy) revert OrderExpired(digest, signBy);
        uint256 latest = block.timestamp + longest;
        if (signBy > latest) revert OrderSignByTooFar(digest, signBy, latest);
    }
}
