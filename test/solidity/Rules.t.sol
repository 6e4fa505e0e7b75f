// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Rule} from "../../contracts/types/Order.sol";
import {PackedRule, RuleLib, SELF} from "../../contracts/types/Rule.sol";
import {VM} from "./Vm.sol";

/// @notice The arithmetic on sixteen digits at once equals counting on fingers.
contract RulesTest {
    uint64 private constant BELOW_EIGHT = 0x7777777777777777;

    function testFuzz_meetsComparesEveryDigit(uint64 have, uint64 need) external pure {
        (have, need) = (have & BELOW_EIGHT, need & BELOW_EIGHT);
        bool expected = true;
        for (uint256 i = 0; i < 16; ++i) {
            if (_digit(have, i) < _digit(need, i)) expected = false;
        }
        VM.assertTrue(RuleLib.meets(have, need) == expected, "meets");
    }

    /// @dev Two random words nearly never meet; these differ in one digit by one.
    function testFuzz_oneOfficerDecides(uint64 need, uint8 agency) external pure {
        agency %= 16;
        need = (need & BELOW_EIGHT) | (uint64(1) << (4 * agency));
        VM.assertTrue(RuleLib.meets(need, need), "just enough");
        VM.assertTrue(!RuleLib.meets(need - (uint64(1) << (4 * agency)), need), "one too few");
    }

    function testFuzz_surplusIsADigitThatIsNotNeeded(uint64 have, uint64 need, uint64 mask) external pure {
        // Most digits zero: else nearly every pair has a surplus.
        (have, need) = (have & BELOW_EIGHT & mask, need & BELOW_EIGHT);
        bool expected = false;
        for (uint256 i = 0; i < 16; ++i) {
            if (_digit(have, i) != 0 && _digit(need, i) == 0) expected = true;
        }
        VM.assertTrue(RuleLib.surplus(have, need) == expected, "surplus");
        VM.assertTrue(!RuleLib.surplus(have, have), "nothing is a surplus over itself");
        uint64 single = uint64(1) << uint64(4 * (mask % 16));
        VM.assertTrue(RuleLib.surplus(single, need) == (_digit(need, mask % 16) == 0), "one officer's surplus");
    }

    function testFuzz_lowestIsTheFirstDigitThatIsNotZero(uint64 digits, uint8 agency) external pure {
        uint8 found = RuleLib.lowest(digits);
        for (uint256 i = 0; i < 16; ++i) {
            if (i < found) VM.assertEq(_digit(digits, i), 0, "a lower one was there");
            if (i == found) VM.assertTrue(_digit(digits, i) != 0, "nobody sits there");
        }
        VM.assertEq(RuleLib.lowest(uint64(1) << uint64(4 * (agency % 16))), agency % 16, "a single agency");
    }

    function testFuzz_countAddsOneToOneDigit(uint64 tally, uint8 agency) external view {
        (tally, agency) = (tally & BELOW_EIGHT, agency % 16);
        uint256 digit = _digit(tally, agency);
        try this.count(tally, agency) returns (uint64 counted) {
            VM.assertTrue(digit < 7, "an eighth officer counted");
            for (uint256 i = 0; i < 16; ++i) {
                VM.assertEq(_digit(counted, i), _digit(tally, i) + (i == agency ? 1 : 0), "counted");
            }
        } catch (bytes memory reason) {
            VM.assertEq(digit, 7, "an officer did not count");
            VM.assertEq(bytes32(bytes4(reason)), RuleLib.RuleDigitTooLarge.selector, "reason");
        }
    }

    function testFuzz_selfIsAddedToTheAgencyItIsAbout(uint64 officers, uint8 about) external view {
        (officers, about) = (officers & BELOW_EIGHT, about % uint8(SELF));
        uint256 sum = _digit(officers, about) + _digit(officers, SELF);
        try this.needed(officers, about) returns (uint64 need) {
            VM.assertLe(sum, 7, "a digit above 7");
            for (uint256 i = 0; i < SELF; ++i) {
                VM.assertEq(_digit(need, i), i == about ? sum : _digit(officers, i), "needed");
            }
            VM.assertEq(_digit(need, SELF), 0, "nobody sits in SELF");
        } catch (bytes memory reason) {
            VM.assertTrue(sum > 7, "a rule that can be met was refused");
            VM.assertEq(bytes32(bytes4(reason)), RuleLib.RuleDigitTooLarge.selector, "reason");
        }
    }

    /// @dev An order about no agency can never meet a rule with SELF: nobody sits there.
    function testFuzz_selfOfNobodyIsNeverMet(uint64 officers, uint64 have) external pure {
        officers = (officers & BELOW_EIGHT) | (uint64(1) << 60);
        have &= BELOW_EIGHT >> 4;
        uint64 need = RuleLib.needed(PackedRule.wrap(officers), uint8(SELF));
        VM.assertTrue(!RuleLib.meets(have, need), "SELF was met by nobody");
    }

    function testFuzz_packGivesBackOfficersAndTerm(Rule calldata rule) external view {
        uint64 officers = uint64(rule.officers);
        try this.pack(rule) returns (PackedRule packed) {
            VM.assertEq(officers & ~BELOW_EIGHT, 0, "a digit above 7 was packed");
            VM.assertEq(packed.officers(), officers, "officers");
            VM.assertEq(packed.term(), rule.term, "term");
            uint256 word = PackedRule.unwrap(packed);
            VM.assertEq(uint32(word >> 64), rule.delay, "delay");
            VM.assertEq(uint32(word >> 96), rule.grace, "grace");
            VM.assertEq(word >> 160, 0, "nothing else");
            for (uint256 i = 0; i < 16; ++i) VM.assertEq(RuleLib.digit(officers, i), _digit(officers, i), "digit");
        } catch (bytes memory reason) {
            VM.assertTrue(officers & ~BELOW_EIGHT != 0, "a good rule was refused");
            VM.assertEq(bytes32(bytes4(reason)), RuleLib.RuleDigitTooLarge.selector, "reason");
        }
    }

    function testFuzz_packTakesEveryDigitBelowEight(Rule calldata rule) external view {
        Rule memory small = rule;
        small.officers = bytes8(uint64(rule.officers) & BELOW_EIGHT);
        VM.assertEq(this.pack(small).officers(), uint64(small.officers), "officers");
    }

    function count(uint64 tally, uint8 agency) external pure returns (uint64) {
        return RuleLib.count(tally, agency);
    }

    function needed(uint64 officers, uint8 agency) external pure returns (uint64) {
        return RuleLib.needed(PackedRule.wrap(officers), agency);
    }

    function pack(Rule calldata rule) external pure returns (PackedRule) {
        return RuleLib.pack(rule);
    }

    /// @dev By division, unlike the library.
    function _digit(uint256 digits, uint256 index) private pure returns (uint256) {
        return (digits / 16 ** index) % 16;
    }
}
