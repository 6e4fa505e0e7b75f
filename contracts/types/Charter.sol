// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Rule} from "./Order.sol";

/// @notice Everything that a deployment is: installed once, after every first officer signed {Admit} with the
/// charter's hash as salt.
/// @param document Hash of the document that founds the deployment; never zero.
/// @param signBy Last second in which the charter may be installed.
/// @param agencies Names of the agencies, left-aligned ASCII; an agency is known by its place here.
/// @param court Index of the court. It needs {Terms-LEAST_GUARD_KEYS} keys.
/// @param prosecutor Index of the prosecutor, another agency. It needs as many.
/// @param verifiers ERC-7913 verifiers whose keys may be seated: contracts, never a precompile.
struct Charter {
    bytes32 document;
    uint64 signBy;
    bytes32[] agencies;
    uint8 court;
    uint8 prosecutor;
    address[] verifiers;
    Seat[] seats;
    ActRules[] rules;
    Contracts contracts;
    Asset[] assets;
    Numbers numbers;
}

/// @notice A first officer. `kind`: see {Kind}. `signer`: ERC-7913 signer bytes, for a key its address.
struct Seat {
    uint8 agency;
    uint8 kind;
    bytes signer;
}

/// @notice The alternatives of one act.
struct ActRules {
    uint8 act;
    Rule[] alternatives;
}

/// @notice The contracts of the system besides the quorum.
struct Contracts {
    address docket;
    address disposal;
    address register;
    address vault;
}

/// @notice An asset with its adapter (the asset itself: sovereign) and the treasury that its forfeitures go to.
struct Asset {
    address asset;
    address adapter;
    address treasury;
}

/// @notice The numbers that stand in no rule.
/// @param freezesPerDay Most targets that Freeze may hold in any 24 hours.
/// @param cooling Seconds after the first provisional hold in which none may end later than that one could, and for which a
/// hold that ended still counts.
/// @param longestArrest Most seconds from a case's first hold on an account to the end of any of them.
struct Numbers {
    uint16 freezesPerDay;
    uint32 cooling;
    uint32 longestArrest;
}
