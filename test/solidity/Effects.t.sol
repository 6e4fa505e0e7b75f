// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Effect, EffectList, EffectListLib} from "../../contracts/types/Effect.sol";
import {VM} from "./Vm.sol";

/// @notice Effects are encoded while they are listed: what stands in memory is always `abi.encode(Effect[])`.
contract EffectsTest {
    using EffectListLib for EffectList;

    function testFuzz_encodedLikeAbiEncode(Effect[] calldata effects, uint8 capacity) external pure {
        EffectList memory list = EffectListLib.create(capacity % 8);
        _addAll(list, effects);
        VM.assertEq(list.length(), effects.length, "length");
        VM.assertEq(list.encoded, abi.encode(effects), "encoded");
    }

    /// @dev Twice forty from every capacity: each list grows several times, beside one that must not be overwritten.
    function testFuzz_growthOverwritesNothing(Effect calldata effect, uint8 capacity) external pure {
        EffectList memory list = EffectListLib.create(capacity % 40);
        EffectList memory other = EffectListLib.create(capacity % 3);
        Effect[] memory effects = new Effect[](40);
        Effect[] memory others = new Effect[](40);
        for (uint256 i = 0; i < 40; ++i) {
            effects[i] = Effect(effect.what, effect.asset, effect.account, i, effect.value);
            others[i] = Effect(effect.what, effect.account, effect.asset, i, ~effect.value);
            _add(list, effects[i]);
            _add(other, others[i]);
        }
        VM.assertEq(list.encoded, abi.encode(effects), "encoded");
        VM.assertEq(other.encoded, abi.encode(others), "encoded beside another list");
    }

    function _addAll(EffectList memory list, Effect[] calldata effects) private pure {
        for (uint256 i = 0; i < effects.length; ++i) _add(list, effects[i]);
    }

    function _add(EffectList memory list, Effect memory effect) private pure {
        list.add(effect.what, effect.asset, effect.account, effect.amount, effect.value);
    }
}
