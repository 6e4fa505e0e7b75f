// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Documents
/// @notice What an order rests on: the salted hash of a ruling or request.
library Documents {
    /// @notice The order rests on no document.
    error ZeroDocument();

    function requireOne(bytes32 document) internal pure {
        if (document == 0) revert ZeroDocument();
    }
}
