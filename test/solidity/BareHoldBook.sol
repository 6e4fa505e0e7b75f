// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Docket} from "../../contracts/Docket.sol";
import {IQuorum} from "../../contracts/interfaces/IQuorum.sol";
import {EffectList, EffectListLib} from "../../contracts/types/Effect.sol";
import {Hold, HoldLib} from "../../contracts/types/Hold.sol";

/// @notice The docket's holds on one account, without orders and officers; it is its own asset.
contract BareHoldBook is Docket {
    using EffectListLib for EffectList;

    address private constant HOLDER = address(0xA11CE);

    /// @notice What the asset was told.
    uint256 public held;
    uint40 public heldUntil;

    constructor(uint32 window, uint32 twoYears) Docket(IQuorum(address(0))) {
        (cooling, longestArrest) = (window, twoYears);
    }

    function setHeld(address, uint256 amount, uint40 until) external {
        (held, heldUntil) = (amount, until);
    }

    function freeze(
        uint32 caseNumber,
        uint32 number,
        uint256 amount,
        uint40 until,
        uint40 longest
    ) external returns (bytes memory) {
        EffectList memory effects = EffectListLib.create(1);
        Hold hold = HoldLib.create(HoldLib.PROVISIONAL, caseNumber, number, uint40(block.timestamp), until, amount);
        _placeProvisional(address(this), HOLDER, hold, longest, effects);
        return effects.encoded;
    }

    function place(uint32 caseNumber, uint32 number, uint256 amount, uint40 until) external returns (bytes memory) {
        EffectList memory effects = EffectListLib.create(1);
        Hold hold = HoldLib.create(HoldLib.ARRESTED, caseNumber, number, uint40(block.timestamp), until, amount);
        _placeArrested(address(this), HOLDER, hold, effects);
        return effects.encoded;
    }

    function confirm(uint32 caseNumber, uint32 upTo, uint256 amount, uint40 until) external returns (bytes memory) {
        EffectList memory effects = EffectListLib.create(1);
        _confirm(address(this), HOLDER, caseNumber, amount, upTo, until, effects);
        return effects.encoded;
    }

    function lift(uint32 caseNumber, uint32 upTo, bool arrested, uint256 amount) external returns (bytes memory) {
        EffectList memory effects = EffectListLib.create(1);
        _lift(address(this), HOLDER, caseNumber, amount, upTo, arrested, effects);
        return effects.encoded;
    }

    function seize(
        uint32 caseNumber,
        uint32 upTo,
        uint256 amount,
        uint256 balance,
        uint32 known
    ) external returns (bytes memory, uint256 taken, uint256 ofBalance) {
        if (!_isHeldBy(address(this), HOLDER, caseNumber, upTo)) revert DocketNothingHeld();
        EffectList memory effects = EffectListLib.create(1);
        (taken, ofBalance) = _consume(address(this), HOLDER, caseNumber, amount, upTo, balance, known, effects);
        return (effects.encoded, taken, ofBalance);
    }

    function lapse(uint32 caseNumber) external returns (bytes memory) {
        EffectList memory effects = EffectListLib.create(1);
        _lapse(address(this), HOLDER, caseNumber, effects);
        if (effects.length() == 0) revert DocketNothingLapsed(0);
        return effects.encoded;
    }

    function words() external view returns (Hold[] memory) {
        return this.holdsOf(address(this), HOLDER);
    }

    function heldNow() external view returns (uint256 amount, uint40 until) {
        return this.heldOf(address(this), HOLDER);
    }
}
