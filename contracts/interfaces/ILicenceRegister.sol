// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IMember} from "./IMember.sol";

interface ILicenceRegister is IMember {
    /// @notice The wallet has no licence in force.
    error RegisterNotLicensed(address wallet);

    /// @notice Reverts where the wallet has no licence in force.
    function requireLicensed(address wallet) external view;

    /// @notice Whether the wallet is one in which a licensed platform keeps the money of its customers together.
    function isOmnibus(address wallet) external view returns (bool);

    /// @notice What the platform said that it withholds in a sub-account; 2^96-1 while it said nothing. Base units.
    function withheldOf(address asset, address account) external view returns (uint256);

    /// @notice A seizure demands that the platform surrenders `amount` of the sub-account. Docket only.
    /// @return wallet The platform's wallet that owes it.
    function demand(bytes32 caseId, address asset, address account, uint256 amount) external returns (address wallet);
}
