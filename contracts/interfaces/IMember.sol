// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDocket} from "./IDocket.sol";
import {IQuorum} from "./IQuorum.sol";

/// @notice A contract of the system besides quorum and docket.
interface IMember {
    /// @notice The quorum whose word it follows.
    function QUORUM() external view returns (IQuorum);

    /// @notice The docket whose journal it writes.
    function DOCKET() external view returns (IDocket);
}
