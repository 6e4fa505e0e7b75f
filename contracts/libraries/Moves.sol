// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @title Moves
/// @notice What an asset moved, beside what an act told it to move.
library Moves {
    /// @notice Another amount moved than the act says. Base units.
    error MovedOtherwise(address asset, address account, uint256 expected, uint256 moved);

    /// @dev In one place: each call that is spelled out takes code.
    function balanceOf(address asset, address account) internal view returns (uint256) {
        return IERC20(asset).balanceOf(account);
    }

    /// @notice Takes exactly `amount` base units of the wallet into the vault, as the wallet allowed the caller.
    function pull(address asset, address wallet, address vault, uint256 amount) internal {
        uint256 before = balanceOf(asset, vault);
        SafeERC20.safeTransferFrom(IERC20(asset), wallet, vault, amount);
        uint256 moved = balanceOf(asset, vault) - before;
        requireExact(asset, wallet, amount, moved);
    }

    function requireExact(address asset, address account, uint256 expected, uint256 moved) internal pure {
        if (moved != expected) revert MovedOtherwise(asset, account, expected, moved);
    }
}
