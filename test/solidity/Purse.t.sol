// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Purse} from "../../contracts/types/Purse.sol";
import {Random, VM} from "./Vm.sol";

/// @notice A purse against a plain list of every unit's second: what leaves counts as the oldest.
contract PurseTest {
    struct Came {
        uint256 time;
        uint256 amount;
    }

    Purse private _purse;
    Came[] private _list;

    function testFuzz_freeIsWhatLayLongEnough(uint256 seed) external {
        Random memory random = Random(seed);
        uint256 time = random.between(400 days, 40_000 days);
        for (uint256 i = 0; i < 60; ++i) {
            if (!random.oneIn(3)) time += random.below(random.oneIn(2) ? 3 : 20 days);
            VM.warp(time);
            if (random.oneIn(3)) {
                uint256 leaving = random.below(uint256(_purse.left) + 1);
                _purse.left -= uint104(leaving);
                _leave(leaving);
            } else {
                uint256 amount = random.between(1, 1e20);
                _purse.come(amount);
                _list.push(Came(time, amount));
            }
            uint40 age = uint40(random.below(40 days));
            VM.assertEq(_purse.free(age), _olderThan(time, age), "what is free is what lay long enough");
            VM.assertEq(_purse.left, _olderThan(time, 0), "what is left is what came and did not leave");
        }
    }

    function _leave(uint256 amount) private {
        for (uint256 i = 0; i < _list.length && amount != 0; ++i) {
            uint256 part = amount < _list[i].amount ? amount : _list[i].amount;
            _list[i].amount -= part;
            amount -= part;
        }
    }

    function _olderThan(uint256 time, uint256 age) private view returns (uint256 sum) {
        for (uint256 i = 0; i < _list.length; ++i) {
            if (_list[i].time + age <= time) sum += _list[i].amount;
        }
    }
}
