// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EffectList, EffectListLib} from "../Effects.sol";

/// @notice What is found out about an order: why it would be refused, and what it would change.
/// @param obstacles The errors with which the contracts would refuse it, encoded as they revert.
/// @param effects What the entry of the journal would tell.
struct Findings {
    bytes[] obstacles;
    EffectList effects;
}

using FindingsLib for Findings global;

library FindingsLib {
    using EffectListLib for EffectList;

    function create(uint256 capacity) internal pure returns (Findings memory found) {
        found.effects = EffectListLib.create(capacity);
    }

    /// @notice Adds an error without arguments.
    function refuse(Findings memory found, bytes4 selector) internal pure {
        refuse(found, bytes.concat(selector));
    }

    /// @param arguments Encoded.
    function refuse(Findings memory found, bytes4 selector, bytes memory arguments) internal pure {
        refuse(found, bytes.concat(selector, arguments));
    }

    /// @notice Adds an error as a contract reverts with it. They are few, so each takes a list of its own.
    function refuse(Findings memory found, bytes memory fault) internal pure {
        bytes[] memory before = found.obstacles;
        uint256 n = before.length;
        bytes[] memory obstacles = new bytes[](n + 1);
        for (uint256 i = 0; i < n; ++i) obstacles[i] = before[i];
        obstacles[n] = fault;
        found.obstacles = obstacles;
    }

    function add(
        Findings memory found,
        uint8 what,
        address asset,
        address account,
        uint256 amount,
        uint256 value
    ) internal pure {
        found.effects.add(what, asset, account, amount, value);
    }
}
