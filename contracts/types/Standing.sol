// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice What an account is to the system. 0: nothing.
library Standing {
    uint8 internal constant SYSTEM = 1;
    uint8 internal constant ASSET = 2;
    uint8 internal constant TREASURY = 3;
    uint8 internal constant VAULT = 4;
    /// @dev A platform's wallet that the register knows. Holds on it depend on its licence.
    uint8 internal constant PLATFORM = 5;
    /// @dev Stands for a sub-account of a platform, see {LicenceRegister}.
    uint8 internal constant SUB_ACCOUNT = 6;
}
