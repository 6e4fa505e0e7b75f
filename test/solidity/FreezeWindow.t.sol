// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FreezeWindow} from "../../contracts/libraries/FreezeWindow.sol";
import {Random, VM} from "./Vm.sol";

/// @notice Nine counters against a list of every freeze.
contract FreezeWindowTest {
    struct Frozen {
        uint256 time;
        uint256 targets;
    }

    uint24 private _span;
    uint144 private _counts;
    Frozen[] private _list;

    function testFuzz_neverMoreThanTheLimitInADay(uint256 seed, uint16 most) external {
        Random memory random = Random(seed);
        uint256 time = random.between(30 days, 36_500 days);
        uint256 scale = random.below(4);
        for (uint256 i = 0; i < 60; ++i) {
            // Waits of minutes, hours and days, and the very seconds where spans meet.
            if (random.oneIn(4)) time += 3 hours - (time % 3 hours) - random.below(2);
            else
                time += random.below(
                    scale == 0
                        ? 1 hours
                        : scale == 1
                            ? 6 hours
                            : scale == 2
                                ? 1 days
                                : 3 days
                );
            VM.warp(time);
            uint256 adding = random.between(1, uint256(most) / random.between(1, 12) + 1);
            uint256 day = _sum(time, 24 hours);
            uint256 longest = _sum(time, 27 hours);
            try this.add(adding, most) {
                VM.assertLe(day + adding, most, "more than the limit in 24 hours");
                _list.push(Frozen(time, adding));
            } catch (bytes memory reason) {
                VM.assertEq(bytes32(bytes4(reason)), FreezeWindow.FreezeWindowFull.selector, "reason");
                VM.assertTrue(longest + adding > most, "refused though 27 hours had room");
            }
        }
    }

    function add(uint256 adding, uint16 most) external {
        (_span, _counts) = FreezeWindow.add(_span, _counts, adding, most);
    }

    /// @dev Targets frozen from `length` seconds before `time` on, that second included.
    function _sum(uint256 time, uint256 length) private view returns (uint256 sum) {
        for (uint256 i = 0; i < _list.length; ++i) {
            if (_list[i].time + length >= time) sum += _list[i].targets;
        }
    }
}
