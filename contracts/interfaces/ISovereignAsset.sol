// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC7943Fungible} from "./IERC7943.sol";

/// @notice A stablecoin that obeys the docket directly.
interface ISovereignAsset is IERC7943Fungible {
    /// @notice Sets the frozen amount and the second in which the first of its holds ends.
    function setHeld(address account, uint256 amount, uint40 until) external;

    /// @notice The one contract whose word holds and forced transfers follow.
    function DOCKET() external view returns (address);
}
