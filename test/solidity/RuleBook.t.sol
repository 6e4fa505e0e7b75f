// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Quorum} from "../../contracts/Quorum.sol";
import {Act} from "../../contracts/types/Act.sol";
import {Rule} from "../../contracts/types/Order.sol";
import {RuleLib, SELF} from "../../contracts/types/Rule.sol";
import {VM} from "./Vm.sol";

/// @notice The rule book, with seven officers in each of fifteen agencies.
contract OpenRuleBook is Quorum {
    uint32 public constant COOLING = 40 days;

    constructor() {
        _cooling = COOLING;
        for (uint8 agency = 0; agency < SELF; ++agency) {
            for (uint256 n = 0; n < 7; ++n) _seat(agency, 1, keccak256(abi.encode(agency, n)));
        }
    }

    function requireRules(uint8 act, Rule[] calldata rules) external view {
        _requireRules(act, rules);
    }
}

contract RuleBookTest {
    OpenRuleBook private immutable BOOK = new OpenRuleBook();

    /// @dev No rule that the book takes lets a delayed act execute before its floor, or an act at once be delayed.
    function testFuzz_noRuleIsBelowItsFloor(uint8 act, uint8 place, Rule memory rule) external view {
        act = uint8(1 + (act % Act.SUSPEND));
        place %= 6;
        if (act == Act.ADMIT && place < 2) place = 2;
        if (act == Act.DISMISS && place < 3) place = 3;
        Rule[] memory rules = new Rule[](uint256(place) + 1);
        for (uint256 i = 0; i <= place; ++i) {
            rules[i] = Rule(_officers(act, i), rule.delay, rule.grace, rule.term);
        }
        bool taken = true;
        try BOOK.requireRules(act, rules) {} catch {
            taken = false;
        }
        bool fits = true;
        for (uint256 i = 0; i <= place; ++i) fits = fits && _fits(act, i, rule);
        VM.assertTrue(taken == fits, "a rule is not judged by its floor");
    }

    /// @dev Just inside and just outside of every bound.
    function test_boundsOfEveryAct() external view {
        for (uint8 act = 1; act <= Act.SUSPEND; ++act) {
            uint32 floor = _floor(act, 0);
            Rule memory least = Rule(bytes8(0), floor, floor == 0 ? 0 : 1 days, 1);
            _expect(act, least, true);
            if (floor != 0) _expect(act, Rule(bytes8(0), floor - 1, 1 days, 1), false);
            if (floor != 0) _expect(act, Rule(bytes8(0), floor, 1 days - 1, 1), false);
            if (floor == 0) _expect(act, Rule(bytes8(0), 1, 0, 1), false);
            if (floor == 0) _expect(act, Rule(bytes8(0), 0, 1, 1), false);
        }
        _expect(Act.CONVERT, Rule(bytes8(0), 48 hours, 7 days, 0), true);
        _expect(Act.CONVERT, Rule(bytes8(0), 48 hours, 7 days + 1, 0), false);
        _expect(Act.FREEZE, Rule(bytes8(0), 0, 0, 40 days - 1), true);
        _expect(Act.FREEZE, Rule(bytes8(0), 0, 0, 40 days), false);
        _expect(Act.FREEZE, Rule(bytes8(0), 0, 0, 0), false);
        _expect(Act.STAY, Rule(bytes8(0), 0, 0, 255 days), true);
        _expect(Act.STAY, Rule(bytes8(0), 0, 0, 255 days + 1), false);
        _expect(Act.STAY, Rule(bytes8(0), 0, 0, 0), false);
        _expect(Act.ARREST, Rule(bytes8(0), 0, 0, 0), false);
    }

    /// @dev The bits are those of the digits that are not zero.
    function testFuzz_agenciesAreTheDigitsThatAreNotZero(uint64 digits) external pure {
        uint16 bits = RuleLib.agencies(digits);
        for (uint256 agency = 0; agency <= SELF; ++agency) {
            bool set = (bits >> agency) & 1 == 1;
            VM.assertTrue(set == ((digits >> uint64(4 * agency)) & 0xf != 0), "a bit is not its digit's");
        }
    }

    /// @dev Whichever agency thieves hold, one rescue and one Admit go without it; and no rule that is so is refused.
    function testFuzz_noAgencyGuardsItsOwnLastSeat(uint256 seed, uint8 ways) external view {
        for (uint256 which = 0; which < 2; ++which) {
            uint8 act = which == 0 ? Act.DISMISS : Act.ADMIT;
            uint256 first = which == 0 ? 2 : 1;
            Rule[] memory rules = new Rule[](first + 2 + (ways % (5 - first)));
            for (uint256 i = 0; i < rules.length; ++i) {
                seed = uint256(keccak256(abi.encode(seed)));
                uint64 digits = 0;
                // Of few agencies each, so that often none is shared.
                for (uint256 n = 0; n < 1 + (seed % 3); ++n)
                    digits |= uint64(1 << (4 * ((seed >> (8 + 8 * n)) % SELF)));
                rules[i] = Rule(bytes8(i == 0 ? 0x1000000000000000 : digits), _floor(act, i), 0, 0);
                if (act == Act.ADMIT) rules[i].grace = 1 days;
            }
            bool taken = true;
            try BOOK.requireRules(act, rules) {} catch {
                taken = false;
            }
            bool shared = false;
            for (uint256 agency = 0; agency < SELF; ++agency) {
                uint256 named = 0;
                for (uint256 i = first; i < rules.length; ++i) {
                    if ((uint64(rules[i].officers) >> uint64(4 * agency)) & 0xf != 0) ++named;
                }
                bool guarded = named == rules.length - first;
                if (which == 0 ? named > 1 : guarded) shared = true;
                VM.assertTrue(!taken || !guarded, "an agency guards its own last seat");
            }
            VM.assertTrue(taken == !shared, "rules that share no agency were refused");
        }
    }

    function _expect(uint8 act, Rule memory rule, bool taken) private view {
        Rule[] memory rules = new Rule[](
            act == Act.ADMIT
                ? 3
                : act == Act.DISMISS
                    ? 4
                    : 1
        );
        for (uint256 i = 0; i < rules.length; ++i) {
            rules[i] = Rule(_officers(act, i), rule.delay, rule.grace, rule.term);
            // Only the first one is at its bound.
            if (i != 0 && act == Act.ADMIT) (rules[i].delay, rules[i].grace) = (14 days, 1 days);
        }
        try BOOK.requireRules(act, rules) {
            VM.assertTrue(taken, "a rule outside of its bounds was taken");
        } catch {
            VM.assertTrue(!taken, "a rule inside of its bounds was refused");
        }
    }

    /// @dev Digits that the book can take: SELF where it must stand, else one agency, each another one.
    function _officers(uint8 act, uint256 i) private pure returns (bytes8) {
        bool self = i == 0 && (act == Act.ADMIT || act == Act.DISMISS);
        return bytes8(self ? 0x1000000000000001 : uint64(1 << (4 * i)));
    }

    function _fits(uint8 act, uint256 i, Rule memory rule) private view returns (bool) {
        uint32 floor = _floor(act, i);
        bool provisional = act == Act.FREEZE || act == Act.EXCHANGE_HOLD;
        if (provisional && rule.term >= BOOK.COOLING()) return false;
        if (act == Act.STAY && rule.term > 255 days) return false;
        if ((provisional || act == Act.ARREST || act == Act.STAY) && rule.term == 0) return false;
        if (floor == 0) return rule.delay == 0 && rule.grace == 0;
        if (act == Act.CONVERT && rule.grace > 7 days) return false;
        return rule.delay >= floor && rule.grace >= 1 days;
    }

    /// @dev The table of the design.
    function _floor(uint8 act, uint256 i) private pure returns (uint32) {
        if (act == Act.FORFEIT || act == Act.COMPENSATE) return 7 days;
        if (act == Act.CONVERT) return 2 days;
        if (act == Act.ADMIT) return i == 0 ? 2 days : 14 days;
        if (act == Act.TRANSFER || act == Act.CONFIGURE || act == Act.SET_TREASURY || act == Act.SET_ADAPTER) {
            return 14 days;
        }
        return 0;
    }
}
