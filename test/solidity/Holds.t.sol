// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Hold, HoldLib} from "../../contracts/types/Hold.sol";
import {VM} from "./Vm.sol";

/// @notice A hold in one word gives back what went in.
contract HoldsTest {
    struct Fields {
        uint8 kind;
        bool opens;
        uint32 caseNumber;
        uint32 number;
        uint40 since;
        uint40 until;
        uint96 amount;
    }

    function testFuzz_wordGivesBackItsFields(Fields calldata fields) external pure {
        _check(_pack(fields), fields);
        Hold form = HoldLib.create(fields.kind & 0x7f, fields.caseNumber, 0, fields.since, fields.until, 0);
        if (fields.opens) form = form.opening();
        _check(form.numbered(fields.number, fields.amount), fields);
    }

    function testFuzz_anotherAmountChangesNothingElse(Fields memory fields, uint96 amount) external pure {
        Hold hold = _pack(fields).withAmount(amount);
        fields.amount = amount;
        _check(hold, fields);
    }

    function testFuzz_anotherBeginningOrMarkChangesNothingElse(Fields memory fields, uint40 since) external pure {
        Hold hold = _pack(fields);
        fields.since = since;
        _check(hold.withSince(since), fields);
        fields.opens = true;
        _check(hold.withSince(since).opening(), fields);
        fields.opens = false;
        _check(hold.withSince(since).following(), fields);
    }

    function testFuzz_whatEndedTellsWhen(Fields memory fields, uint40 time) external {
        VM.warp(time);
        Hold hold = _pack(fields).ended();
        (fields.amount, fields.until) = (0, time < fields.until ? time : fields.until);
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

    function testFuzz_liveToTheLastSecondOfItsTerm(Fields calldata fields, uint40 time, uint32 upTo) external {
        Hold hold = _pack(fields);
        VM.warp(time);
        bool live = time <= fields.until && fields.amount != 0;
        VM.assertTrue(hold.isLive() == live, "live iff timestamp <= until");
        bool reached = live && fields.number <= upTo;
        VM.assertTrue(hold.isLiveOf(fields.caseNumber, upTo) == reached, "live for its own case, up to its number");
        unchecked {
            VM.assertTrue(!hold.isLiveOf(fields.caseNumber + 1, upTo), "live for another case");
        }
    }

    function _pack(Fields memory fields) private pure returns (Hold hold) {
        uint8 kind = fields.kind & 0x7f;
        hold = HoldLib.create(kind, fields.caseNumber, fields.number, fields.since, fields.until, fields.amount);
        if (fields.opens) hold = hold.opening();
    }

    function _check(Hold hold, Fields memory fields) private pure {
        VM.assertEq(hold.kind(), fields.kind & 0x7f, "kind");
        VM.assertTrue(hold.opens() == fields.opens, "opens");
        VM.assertEq(hold.caseNumber(), fields.caseNumber, "case");
        VM.assertEq(hold.number(), fields.number, "number");
        VM.assertEq(hold.since(), fields.since, "since");
        VM.assertEq(hold.until(), fields.until, "until");
        VM.assertEq(hold.amount(), fields.amount, "amount");
        VM.assertTrue(hold.exists() == (Hold.unwrap(hold) != 0), "exists");
    }
}
