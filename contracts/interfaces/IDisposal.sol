// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDocket} from "./IDocket.sol";
import {IQuorum} from "./IQuorum.sol";

interface IDisposal {
    /// @notice The quorum whose word it follows.
    function QUORUM() external view returns (IQuorum);

    /// @notice The docket whose journal it writes.
    function DOCKET() external view returns (IDocket);

    /// @notice What left the vault of a case. Base units.
    function paidOf(bytes32 caseId, address asset) external view returns (uint256);
}
