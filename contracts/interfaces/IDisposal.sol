// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IMember} from "./IMember.sol";

interface IDisposal is IMember {
    /// @notice What came into and left the vault of a case by disposals. Base units.
    /// @return paid What left it, suspense aside; conversions included.
    /// @return proceeds What conversions brought in.
    /// @return suspensePaid What left it of the suspense.
    function movedOf(
        bytes32 caseId,
        address asset
    ) external view returns (uint256 paid, uint256 proceeds, uint256 suspensePaid);
}
