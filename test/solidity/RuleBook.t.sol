// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Act, Rule} from "../../contracts/types/Order.sol";
import {RuleBook} from "../../contracts/base/RuleBook.sol";
import {RuleLib, SELF} from "../../contracts/types/Rule.sol";
import {VM} from "./Vm.sol";

/// @notice The rule book alone, with seven officers in each of fifteen agencies.
contract OpenRuleBook is RuleBook {
    uint32 public constant COOLING = 40 days;

    constructor() EIP712("Sequester", "1") {
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
        Rule[] memory rules = new Rule[](uint256(place) + 1);
        // Digits that the book can take: SELF where it must stand, one agency otherwise.
        for (uint256 i = 0; i <= place; ++i) {
            rules[i] = rule;
            rules[i].officers = act == Act.ADMIT && i == 0 ? bytes8(0x1000000000000001) : bytes8(0x0000000000000001);
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

    function _expect(uint8 act, Rule memory rule, bool taken) private view {
        Rule[] memory rules = new Rule[](1);
        rules[0] = rule;
        rules[0].officers = act == Act.ADMIT ? bytes8(0x1000000000000001) : bytes8(0x0000000000000001);
        try BOOK.requireRules(act, rules) {
            VM.assertTrue(taken, "a rule outside of its bounds was taken");
        } catch {
            VM.assertTrue(!taken, "a rule inside of its bounds was refused");
        }
    }

    function _fits(uint8 act, uint256 i, Rule memory rule) private view returns (bool) {
        uint32 floor = _floor(act, i);
        bool provisional = act == Act.FREEZE || act == Act.EXCHANGE_HOLD;
        if (provisional && rule.term >= BOOK.COOLING()) return false;
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
