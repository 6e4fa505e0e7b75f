// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @title Moves
/// @notice What an asset moved, beside what an act told it to move.
library Moves {
    /// @notice Another amount moved than the act says. Base units.
    error MovedOtherwise(address asset, address account, uint256 expected, uint256 moved);

    /// @dev In one place: each call that is spelled out takes code.
    function balanceOf(address asset, address account) internal view returns (uint256) {
        return IERC20(asset).balanceOf(account);
    }

    function requireExact(address asset, address account, uint256 expected, uint256 moved) internal pure {
        if (moved != expected) revert MovedOtherwise(asset, account, expected, moved);
    }
}
