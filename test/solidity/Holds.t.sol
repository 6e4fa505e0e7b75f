// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Hold, HoldLib} from "../../contracts/types/Hold.sol";
import {VM} from "./Vm.sol";

/// @notice A hold in one word gives back what went in.
contract HoldsTest {
    struct Fields {
        uint8 kind;
        uint32 caseNumber;
        uint32 number;
        uint40 since;
        uint40 until;
        uint96 amount;
    }

    function testFuzz_wordGivesBackItsFields(Fields calldata fields) external pure {
        _check(_pack(fields), fields);
        Hold form = HoldLib.create(fields.kind, fields.caseNumber, 0, fields.since, fields.until, 0);
        _check(form.numbered(fields.number, fields.amount), fields);
    }

    function testFuzz_anotherAmountChangesNothingElse(Fields memory fields, uint96 amount) external pure {
        Hold hold = _pack(fields).withAmount(amount);
        fields.amount = amount;
        _check(hold, fields);
    }

    function testFuzz_confirmationKeepsCaseNumberAndBeginning(
        Fields memory fields,
        uint40 until,
        uint96 amount
    ) external pure {
        Hold hold = _pack(fields).arrested(until, amount);
        (fields.kind, fields.until, fields.amount) = (HoldLib.ARRESTED, until, amount);
        _check(hold, fields);
    }

    function testFuzz_liveToTheLastSecondOfItsTerm(Fields calldata fields, uint40 time) external {
        Hold hold = _pack(fields);
        VM.warp(time);
        bool live = time <= fields.until && fields.amount != 0;
        VM.assertTrue(hold.isLive() == live, "live iff timestamp <= until");
        VM.assertTrue(hold.isLiveOf(fields.caseNumber) == live, "live for its own case");
        unchecked {
            VM.assertTrue(!hold.isLiveOf(fields.caseNumber + 1), "live for another case");
        }
    }

    function _pack(Fields memory fields) private pure returns (Hold) {
        return HoldLib.create(fields.kind, fields.caseNumber, fields.number, fields.since, fields.until, fields.amount);
    }

    function _check(Hold hold, Fields memory fields) private pure {
        VM.assertEq(hold.kind(), fields.kind, "kind");
        VM.assertEq(hold.caseNumber(), fields.caseNumber, "case");
        VM.assertEq(hold.number(), fields.number, "number");
        VM.assertEq(hold.since(), fields.since, "since");
        VM.assertEq(hold.until(), fields.until, "until");
        VM.assertEq(hold.amount(), fields.amount, "amount");
        VM.assertTrue(hold.exists() == (Hold.unwrap(hold) != 0), "exists");
    }
}
