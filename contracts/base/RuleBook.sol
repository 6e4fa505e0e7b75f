// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EffectList, EffectListLib, What} from "../types/Effect.sol";
import {Officers} from "./Officers.sol";
import {Act, Rule} from "../types/Order.sol";
import {PackedRule, RuleLib, SELF} from "../types/Rule.sol";
import {IDocket} from "../interfaces/IDocket.sol";

/// @title RuleBook
/// @notice Which rules an act may have. Delays have floors that are constants: no decision of officers can lower one.
abstract contract RuleBook is Officers {
    using EffectListLib for EffectList;

    uint256 internal constant MOST_ALTERNATIVES = 6;
    /// @dev Less would let a delayed order die before anybody can execute it.
    uint32 private constant LEAST_GRACE = 1 days;
    uint32 private constant LONGEST_CONVERT_GRACE = 7 days;

    /// @dev Under the contract that executes the act, so that no other can use an order.
    mapping(address executor => mapping(uint8 act => PackedRule[MOST_ALTERNATIVES])) private _rules;
    bytes32[] internal _names;

    IDocket public docket;
    address internal _disposal;
    address internal _register;
    /// @dev The charter's; a Freeze ends before it, or holds could follow each other for ever.
    uint32 internal _cooling;

    /// @notice The act has no such rule for the caller, so it cannot execute.
    error QuorumNoRule(uint8 act, uint8 alternative);
    error QuorumUnknownAgency(uint256 agency, uint256 agencies);
    /// @notice No such act, or a rule that asks for nobody.
    error RuleInvalid(uint8 act, uint256 alternative);
    /// @notice Too many or, for an act that must stay possible, too few alternatives; those of Admit never change number.
    error RuleAlternatives(uint8 act, uint256 alternatives, uint256 least, uint256 most);
    /// @notice The rule asks for more officers of the agency than it seats.
    error RuleUnreachable(uint8 act, uint256 agency, uint256 seated, uint256 needed);
    /// @notice SELF stands in the first alternative of Admit and in no other, and may stand in Dismiss and Veto only.
    error RuleSelf(uint8 act, uint256 alternative);
    /// @notice Each alternative of Stay names one agency: every agency may stay an order once.
    error RuleNotOneAgency(uint8 act, uint256 alternative);
    /// @notice A delay below its floor, or one where the act is done at once (`floor` 0). Seconds.
    error RuleDelay(uint8 act, uint256 alternative, uint32 delay, uint32 floor);
    /// @notice Seconds.
    error RuleGrace(uint8 act, uint256 alternative, uint32 grace, uint32 least, uint32 most);
    /// @notice Seconds.
    error RuleTerm(uint8 act, uint256 alternative, uint32 term, uint32 most);

    /// @notice Names of the agencies, left-aligned ASCII, by index.
    function agencyNames() external view returns (bytes32[] memory) {
        return _names;
    }

    /// @notice An alternative of an act's rules. Zero: there is none.
    function rule(uint8 act, uint8 alternative) external view returns (PackedRule) {
        return _rules[_executorOf(act)][act][alternative];
    }

    /// @dev The rule of an act that `executor` executes.
    function _ruleOf(address executor, uint8 act, uint8 alternative) internal view returns (PackedRule found) {
        if (alternative >= MOST_ALTERNATIVES) revert QuorumNoRule(act, alternative);
        found = _rules[executor][act][alternative];
        if (found.officers() == 0) revert QuorumNoRule(act, alternative);
    }

    /// @dev How many alternatives the act has.
    function _alternativesOf(uint8 act) internal view returns (uint256 n) {
        PackedRule[MOST_ALTERNATIVES] storage alternatives = _rules[_executorOf(act)][act];
        while (n < MOST_ALTERNATIVES && alternatives[n].officers() != 0) ++n;
    }

    /// @dev The one contract that executes orders of the act.
    function _executorOf(uint8 act) internal view returns (address) {
        if (act >= Act.RETURN && act <= Act.TRANSFER) return _disposal;
        if (act >= Act.STAY && act <= Act.CONFIGURE) return address(this);
        if (act == Act.EXCHANGE_HOLD || act >= Act.LICENSE) return _register;
        return address(docket);
    }

    /// @dev Without these a wrong could not be righted, or the officers never change.
    function _mustStayPossible(uint8 act) internal pure returns (bool) {
        return
            act == Act.LIFT ||
            act == Act.LIFT_ARRESTED ||
            act == Act.RETURN ||
            act == Act.ADMIT ||
            act == Act.DISMISS ||
            act == Act.CONFIGURE;
    }

    /// @dev Refuses rules that the act cannot have.
    function _requireRules(uint8 act, Rule[] calldata alternatives) internal view {
        uint256 n = alternatives.length;
        uint256 least = _mustStayPossible(act) ? 1 : 0;
        if (n < least || n > MOST_ALTERNATIVES) revert RuleAlternatives(act, n, least, MOST_ALTERNATIVES);
        if (act == 0 || act > Act.SUSPEND) revert RuleInvalid(act, 0);
        for (uint256 i = 0; i < n; ++i) _requireRule(act, i, alternatives[i]);
    }

    /// @dev Replaces the rules of an act by such as {_requireRules} lets pass.
    function _setRules(uint8 act, Rule[] calldata alternatives, EffectList memory effects) internal {
        PackedRule[MOST_ALTERNATIVES] storage slots = _rules[_executorOf(act)][act];
        uint256 before = _alternativesOf(act);
        for (uint256 i = 0; i < alternatives.length || i < before; ++i) {
            slots[i] = i < alternatives.length ? RuleLib.pack(alternatives[i]) : PackedRule.wrap(0);
            uint256 packed = PackedRule.unwrap(slots[i]);
            effects.add(What.RULE_SET, address(0), address(0), (uint256(act) << 8) | i, packed);
        }
    }

    function _requireRule(uint8 act, uint256 i, Rule calldata alternative) private view {
        PackedRule packed = RuleLib.pack(alternative);
        uint64 digits = packed.officers();
        if (digits == 0) revert RuleInvalid(act, i);
        bool self = RuleLib.digit(digits, SELF) != 0;
        if (act == Act.ADMIT ? self != (i == 0) : self && act != Act.DISMISS && act != Act.VETO) {
            revert RuleSelf(act, i);
        }
        for (uint8 agency = 0; agency < SELF; ++agency) {
            uint256 seated = _agencies[agency].seated;
            uint256 needed = RuleLib.digit(digits, agency);
            if (needed > seated) revert RuleUnreachable(act, agency, seated, needed);
            // Reverts where SELF would carry the digit of the agency above 7.
            if (self) packed.needed(agency);
        }
        uint16 agencies = RuleLib.agencies(digits);
        if (act == Act.STAY && agencies & (agencies - 1) != 0) revert RuleNotOneAgency(act, i);
        _requireTimes(act, i, alternative);
    }

    function _requireTimes(uint8 act, uint256 i, Rule calldata alternative) private view {
        (uint32 delay, uint32 grace, uint32 term) = (alternative.delay, alternative.grace, alternative.term);
        uint32 floor = _delayFloor(act, i);
        if (delay < floor || (floor == 0 && delay != 0)) revert RuleDelay(act, i, delay, floor);
        uint32 leastGrace = floor == 0 ? 0 : LEAST_GRACE;
        uint32 mostGrace =
            floor == 0
                ? 0
                : act == Act.CONVERT
                    ? LONGEST_CONVERT_GRACE
                    : type(uint32).max;
        if (grace < leastGrace || grace > mostGrace) revert RuleGrace(act, i, grace, leastGrace, mostGrace);
        bool provisional = act == Act.FREEZE || act == Act.EXCHANGE_HOLD;
        uint32 mostTerm = provisional ? _cooling - 1 : type(uint32).max;
        bool needsTerm = provisional || act == Act.ARREST || act == Act.STAY;
        if ((needsTerm && term == 0) || term > mostTerm) revert RuleTerm(act, i, term, mostTerm);
    }

    /// @dev Least seconds between the decision of an act and its execution. Zero: it is done at once.
    function _delayFloor(uint8 act, uint256 alternative) private pure returns (uint32) {
        if (act == Act.FORFEIT || act == Act.COMPENSATE) return 7 days;
        if (act == Act.CONVERT || (act == Act.ADMIT && alternative == 0)) return 48 hours;
        if (act == Act.TRANSFER || act == Act.ADMIT || act == Act.CONFIGURE) return 14 days;
        if (act == Act.SET_TREASURY || act == Act.SET_ADAPTER) return 14 days;
        return 0;
    }
}
