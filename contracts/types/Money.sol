// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Where the money of a payment comes from. The first three are those that a {Transfer} may name.
library Source {
    /// @dev What was taken or came as proceeds.
    uint8 internal constant CUSTODY = 1;
    /// @dev What came into the vault by no act.
    uint8 internal constant SUSPENSE = 2;
    /// @dev A payment that its payee could not receive.
    uint8 internal constant UNCLAIMED = 3;
    /// @dev What is reserved for the claims of a compensation.
    uint8 internal constant RESERVED = 4;
}

/// @notice A payment out of the vault of a case.
/// @param source See {Source}.
/// @param holder Of CUSTODY: from whom it was taken, or zero; of UNCLAIMED: whose claim it is.
/// @param amount Base units.
/// @param age For how many seconds the money must have been there. Of RESERVED: none is asked.
struct Payment {
    bytes32 caseId;
    address asset;
    uint8 source;
    address holder;
    address to;
    uint256 amount;
    uint40 age;
}

/// @notice What a case has of an asset now. Base units. The vault holds `left + reserved + suspense`, and what came by no
/// act and was not booked yet.
/// @param left What was taken or came as proceeds, and is neither paid nor reserved.
/// @param proceeds What of `left` came as proceeds: it is not converted again.
/// @param reserved Promised to claimants and still in the vault.
/// @param suspense What came by no act, was booked, and is not paid.
struct Money {
    uint256 left;
    uint256 proceeds;
    uint256 reserved;
    uint256 suspense;
}

/// @notice A compensation whose total is reserved. All zero: it was not executed.
/// @param until Last second for a claim.
/// @param rest What is still reserved. Base units.
/// @param proceeds What of `rest` came as proceeds. Base units.
struct Compensation {
    bytes32 caseId;
    bytes32 document;
    bytes32 root;
    address asset;
    uint40 until;
    uint128 rest;
    uint128 proceeds;
}
