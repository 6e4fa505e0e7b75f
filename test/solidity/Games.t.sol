// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";
import {IDocket} from "../../contracts/interfaces/IDocket.sol";
import {IQuorum} from "../../contracts/interfaces/IQuorum.sol";
import {Act} from "../../contracts/types/Act.sol";
import {Checks} from "./Checks.sol";
import {VM} from "./Vm.sol";

/// @notice A few long games, each from the beginning.
contract GamesTest is Checks {
    uint256 private constant STEPS = 400;
    uint256 private constant GAMES = 6;
    /// @dev Number of an act that is not used any more.
    uint8 private constant UNUSED = 70;
    /// @dev Why lists pass over orders; 0: they do not, and are refused whole.
    bytes4[4] private _reasons = [
        bytes4(0),
        IQuorum.QuorumOrderUsed.selector,
        IQuorum.QuorumWithdrawn.selector,
        IDocket.DocketNothingHeld.selector
    ];
    /// @dev How often lists of an act, signed singly or as a bundle, came to each of them.
    mapping(uint8 act => mapping(bool bundled => uint256[4])) private _ends;

    function setUp() public {
        _begin();
    }

    /// hardhat-config: fuzz.runs = 12
    function testFuzz_everySumHoldsInLongGames(uint256 seed) external {
        _play(seed, STEPS, 10);
    }

    /// @notice The games reach every act.
    function test_gamesReachEveryAct() external {
        bool[] memory reached = new bool[](Act.UNRESERVE + 1);
        for (uint256 game = 1; game <= GAMES; ++game) {
            _begin();
            _play(game, STEPS, 100);
            for (uint8 act = 1; act <= Act.UNRESERVE; ++act) {
                if (handler.executed(act) != 0) reached[act] = true;
            }
            VM.assertTrue(handler.refused() != 0, "the games never overstep");
            for (uint8 act = Act.FREEZE; act <= Act.RETURN; ++act) _countEnds(act);
        }
        for (uint8 act = 1; act <= Act.UNRESERVE; ++act) {
            bool signed = act <= Act.SUSPEND && act != Act.SET_ADAPTER;
            bool unsigned = act >= Act.LAPSE && act != UNUSED && act != Act.OBSERVE;
            if (!signed && !unsigned && act != Act.CANCEL) continue;
            string memory number = Strings.toString(act);
            VM.assertTrue(reached[act], string.concat("an act that the games never reach: ", number));
            if (act <= Act.RETURN && act != Act.LIFT && act != Act.LIFT_ARRESTED) _requireEnds(act, number);
        }
    }

    function _requireEnds(uint8 act, string memory number) private view {
        for (uint256 i = 0; i < _reasons.length; ++i) {
            if (_reasons[i] == IDocket.DocketNothingHeld.selector && act != Act.SEIZE) continue;
            string memory what = string.concat(
                "lists of an act that never end so: ",
                number,
                ", ",
                Strings.toString(i)
            );
            VM.assertTrue(_ends[act][false][i] != 0, what);
            VM.assertTrue(_ends[act][true][i] != 0, string.concat(what, " as a bundle"));
        }
    }

    function _countEnds(uint8 act) private {
        for (uint256 i = 0; i < _reasons.length; ++i) {
            _ends[act][false][i] += handler.passedOver(act, false, _reasons[i]);
            _ends[act][true][i] += handler.passedOver(act, true, _reasons[i]);
        }
    }

    function _play(uint256 seed, uint256 steps, uint256 between) private {
        for (uint256 i = 1; i <= steps; ++i) {
            handler.play(uint256(keccak256(abi.encode(seed, i))));
            if (i % between == 0) this.check();
        }
    }

    /// @dev A call of its own, in which the time is not that of an earlier step.
    function check() external view {
        _check();
    }
}
