// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Rule} from "./Order.sol";

/// @notice One alternative of an act in one word: officers u64, delay u32, grace u32, term u32, from the low end.
/// Officers are one hex digit per agency, agency 0 lowest; digit 15 is {SELF}.
type PackedRule is uint256;

using RuleLib for PackedRule global;

/// @dev Index of the digit that is added to the agency an order is about.
uint256 constant SELF = 15;
/// @dev What an order is about that is about no agency.
uint8 constant NO_AGENCY = uint8(SELF);

library RuleLib {
    uint256 private constant DIGIT = 0xf;
    uint256 private constant DIGIT_BITS = 4;
    /// @dev The highest bit of every digit. A digit never holds it, so a subtraction cannot borrow past it.
    uint64 private constant GUARD = 0x8888888888888888;
    uint64 private constant FULL = 0x7777777777777777;
    uint64 private constant SELF_MASK = 0xf000000000000000;

    /// @notice A digit above 7, here or after SELF was added, or more than 7 approvals of one agency.
    error RuleDigitTooLarge(uint64 officers);

    function pack(Rule calldata rule) internal pure returns (PackedRule) {
        uint64 digits = uint64(rule.officers);
        if (digits & GUARD != 0) revert RuleDigitTooLarge(digits);
        return
            PackedRule.wrap(
                uint256(digits) |
                    (uint256(rule.delay) << 64) |
                    (uint256(rule.grace) << 96) |
                    (uint256(rule.term) << 128)
            );
    }

    /// @notice Least number of officers per agency, one hex digit each. Zero: there is no such rule.
    function officers(PackedRule rule) internal pure returns (uint64) {
        return uint64(PackedRule.unwrap(rule));
    }

    /// @notice Seconds between the decision and the first execution. Zero: it is done at once.
    function delay(PackedRule rule) internal pure returns (uint32) {
        return uint32(PackedRule.unwrap(rule) >> 64);
    }

    /// @notice Seconds after the delay in which the order may be executed.
    function grace(PackedRule rule) internal pure returns (uint32) {
        return uint32(PackedRule.unwrap(rule) >> 96);
    }

    /// @notice Longest term in seconds.
    function term(PackedRule rule) internal pure returns (uint32) {
        return uint32(PackedRule.unwrap(rule) >> 128);
    }

    /// @notice The officers that the rule needs for an order about `agency`: SELF is added to the digit of that agency.
    /// About none, it stays a digit that nobody can meet.
    function needed(PackedRule rule, uint8 agency) internal pure returns (uint64 digits) {
        digits = officers(rule);
        uint64 self = digits >> uint64(SELF * DIGIT_BITS);
        if (self == 0 || agency >= SELF) return digits;
        digits = (digits & ~SELF_MASK) + (self << uint64(agency * DIGIT_BITS));
        if (digits & GUARD != 0) revert RuleDigitTooLarge(digits);
    }

    /// @notice `tally` with one more officer of `agency`.
    function count(uint64 tally, uint8 agency) internal pure returns (uint64 counted) {
        unchecked {
            // No carry: a digit that reaches 8 reverts.
            counted = tally + uint64(1 << (uint256(agency) * DIGIT_BITS));
        }
        if (counted & GUARD != 0) revert RuleDigitTooLarge(counted);
    }

    /// @notice Whether every digit of `have` is at least the digit of `need`.
    function meets(uint64 have, uint64 need) internal pure returns (bool) {
        unchecked {
            return (((have | GUARD) - need) & GUARD) == GUARD;
        }
    }

    /// @notice Whether a digit of `have` is not zero where that of `need` is.
    function surplus(uint64 have, uint64 need) internal pure returns (bool) {
        unchecked {
            // Seven more lifts every digit but zero to its highest bit, and none past it.
            return (have + FULL) & ~(need + FULL) & GUARD != 0;
        }
    }

    /// @notice The lowest agency whose digit is not zero; 16: all are.
    function lowest(uint64 digits) internal pure returns (uint8 agency) {
        while (agency <= SELF && digit(digits, agency) == 0) ++agency;
    }

    /// @notice One bit per agency whose digit is not zero.
    function agencies(uint64 digits) internal pure returns (uint16 bits) {
        for (uint256 agency = 0; agency <= SELF; ++agency) {
            if (digit(digits, agency) != 0) bits |= uint16(1 << agency);
        }
    }

    /// @notice The digit of `agency`.
    function digit(uint64 digits, uint256 agency) internal pure returns (uint64) {
        return uint64((digits >> (agency * DIGIT_BITS)) & DIGIT);
    }
}
