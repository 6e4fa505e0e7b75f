// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice What the signer of an officer is. Fixed at its admission.
library Kind {
    /// @dev 20 bytes, the address of a key. Only ever recovered: its code is never read (EIP-7702).
    uint8 internal constant KEY = 1;
    /// @dev 20 bytes, the address of a contract that answers ERC-1271.
    uint8 internal constant CONTRACT = 2;
    /// @dev The address of one of the charter's ERC-7913 verifiers, and the key that it knows.
    uint8 internal constant VERIFIER = 3;
}
