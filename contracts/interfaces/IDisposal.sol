// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

interface IDisposal {
    /// @notice What left the vault of a case. Base units.
    function paidOf(bytes32 caseId, address asset) external view returns (uint256);
}
