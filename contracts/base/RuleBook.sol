// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Officers} from "./Officers.sol";
import {IDocket} from "../interfaces/IDocket.sol";
import {IQuorum} from "../interfaces/IQuorum.sol";
import {MOST_ALTERNATIVES, Terms} from "../libraries/Terms.sol";
import {Act} from "../types/Act.sol";
import {EffectList, EffectListLib, What} from "../types/Effect.sol";
import {Rule} from "../types/Order.sol";
import {PackedRule, RuleLib, SELF} from "../types/Rule.sol";

/// @title RuleBook
/// @notice Which rules an act may have. Delays have floors that are constants: no decision of officers can lower one.
abstract contract RuleBook is Officers {
    using EffectListLib for EffectList;

    /// @dev Under the contract that executes the act, so that no other can use an order.
    mapping(address executor => mapping(uint8 act => PackedRule[MOST_ALTERNATIVES])) private _rules;
    bytes32[] internal _names;

    /// @inheritdoc IQuorum
    IDocket public docket;
    address internal _disposal;
    address internal _register;
    /// @dev The charter's; a Freeze ends before it, or holds could follow each other for ever.
    uint32 internal _cooling;

    /// @inheritdoc IQuorum
    function agencyNames() external view returns (bytes32[] memory) {
        return _names;
    }

    /// @inheritdoc IQuorum
    function rule(uint8 act, uint8 alternative) external view returns (PackedRule) {
        return _rules[_executorOf(act)][act][alternative];
    }

    /// @dev The rule of an act that `executor` executes.
    function _ruleAt(address executor, uint8 act, uint8 alternative) internal view returns (PackedRule) {
        return _rules[executor][act][alternative];
    }

    /// @dev How many alternatives the act has.
    function _alternativesOf(uint8 act) internal view returns (uint256 n) {
        PackedRule[MOST_ALTERNATIVES] storage alternatives = _rules[_executorOf(act)][act];
        while (n < MOST_ALTERNATIVES && alternatives[n].officers() != 0) ++n;
    }

    /// @dev The one contract that executes orders of the act.
    function _executorOf(uint8 act) internal view returns (address) {
        if ((act >= Act.FORFEIT && act <= Act.TRANSFER) || act == Act.SET_TREASURY) return _disposal;
        if (act >= Act.STAY && act <= Act.CONFIGURE) return address(this);
        if (act == Act.EXCHANGE_HOLD || act >= Act.LICENSE) return _register;
        return address(docket);
    }

    /// @dev How many alternatives the act must have. Without some a wrong could not be righted, or officers never change.
    function _leastWays(uint8 act) internal pure returns (uint256) {
        if (act == Act.ADMIT) return Terms.LEAST_WAYS_ADMIT;
        if (act == Act.DISMISS) return Terms.LEAST_WAYS_DISMISS;
        bool needed = act == Act.LIFT || act == Act.LIFT_ARRESTED || act == Act.RETURN || act == Act.CONFIGURE;
        return needed ? 1 : 0;
    }

    /// @dev Refuses rules that the act cannot have.
    function _requireRules(uint8 act, Rule[] calldata alternatives) internal view {
        uint256 n = alternatives.length;
        if (act == 0 || act > Act.SUSPEND) revert RuleInvalid(act, 0);
        _requireWays(act, n, _leastWays(act), MOST_ALTERNATIVES);
        // Agencies of a rescue before, and those that stand in every Admit after the first.
        (uint16 rescuing, uint16 always) = (0, type(uint16).max);
        for (uint256 i = 0; i < n; ++i) {
            uint16 agencies = _requireRule(act, i, alternatives[i]);
            if (act == Act.DISMISS && i >= Terms.FIRST_RESCUE) {
                if (rescuing & agencies != 0) revert RuleGuardsItself(act, rescuing & agencies);
                rescuing |= agencies;
            } else if (act == Act.ADMIT && i != 0) {
                always &= agencies;
            }
        }
        if (act == Act.ADMIT && always != 0) revert RuleGuardsItself(act, always);
    }

    function _requireWays(uint8 act, uint256 n, uint256 least, uint256 most) internal pure {
        if (n < least || n > most) revert RuleAlternatives(act, n, least, most);
    }

    /// @dev Replaces the rules of an act by such as {_requireRules} lets pass.
    /// @return named The agencies that they name, one bit each.
    function _setRules(
        uint8 act,
        Rule[] calldata alternatives,
        EffectList memory effects
    ) internal returns (uint16 named) {
        PackedRule[MOST_ALTERNATIVES] storage slots = _rules[_executorOf(act)][act];
        uint256 before = _alternativesOf(act);
        for (uint256 i = 0; i < alternatives.length || i < before; ++i) {
            slots[i] = i < alternatives.length ? RuleLib.pack(alternatives[i]) : PackedRule.wrap(0);
            named |= RuleLib.agencies(slots[i].officers());
            uint256 packed = PackedRule.unwrap(slots[i]);
            effects.add(What.RULE_SET, address(0), address(0), (uint256(act) << 8) | i, packed);
        }
    }

    /// @return agencies Those that the rule names, one bit each.
    function _requireRule(uint8 act, uint256 i, Rule calldata alternative) private view returns (uint16 agencies) {
        PackedRule packed = RuleLib.pack(alternative);
        uint64 digits = packed.officers();
        if (digits == 0) revert RuleInvalid(act, i);
        bool self = RuleLib.digit(digits, SELF) != 0;
        if (act == Act.ADMIT || act == Act.DISMISS ? self != (i == 0) : self && act != Act.VETO)
            revert RuleSelf(act, i);
        for (uint8 agency = 0; agency < SELF; ++agency) {
            uint256 seated = _seated[agency];
            uint256 needed = RuleLib.digit(digits, agency);
            if (needed > seated) revert RuleUnreachable(act, agency, seated, needed);
            // Reverts where SELF would carry the digit of the agency above 7.
            if (self) packed.needed(agency);
        }
        agencies = RuleLib.agencies(digits);
        if (act == Act.STAY && agencies & (agencies - 1) != 0) revert RuleNotOneAgency(act, i);
        _requireTimes(act, i, alternative);
    }

    function _requireTimes(uint8 act, uint256 i, Rule calldata alternative) private view {
        (uint32 delay, uint32 grace, uint32 term) = (alternative.delay, alternative.grace, alternative.term);
        uint32 floor = _delayFloor(act, i);
        if (delay < floor || (floor == 0 && delay != 0)) revert RuleDelay(act, i, delay, floor);
        uint32 leastGrace = floor == 0 ? 0 : Terms.LEAST_GRACE;
        uint32 mostGrace = act == Act.CONVERT ? Terms.LONGEST_CONVERT_GRACE : type(uint32).max;
        if (floor == 0) mostGrace = 0;
        if (grace < leastGrace || grace > mostGrace) revert RuleGrace(act, i, grace, leastGrace, mostGrace);
        bool provisional = act == Act.FREEZE || act == Act.EXCHANGE_HOLD;
        uint32 mostTerm = act == Act.STAY ? Terms.LONGEST_STAY : type(uint32).max;
        if (provisional) mostTerm = _cooling - 1;
        bool needsTerm = provisional || act == Act.ARREST || act == Act.STAY;
        if ((needsTerm && term == 0) || term > mostTerm) revert RuleTerm(act, i, term, mostTerm);
    }

    /// @dev Least seconds between the decision of an act and its execution. Zero: it is done at once.
    function _delayFloor(uint8 act, uint256 alternative) private pure returns (uint32) {
        if (act == Act.FORFEIT) return Terms.LEAST_DELAY_FORFEIT;
        if (act == Act.COMPENSATE) return Terms.LEAST_DELAY_COMPENSATE;
        if (act == Act.CONVERT) return Terms.LEAST_DELAY_CONVERT;
        if (act == Act.TRANSFER) return Terms.LEAST_DELAY_TRANSFER;
        if (act == Act.ADMIT) {
            return alternative == 0 ? Terms.LEAST_DELAY_ADMIT : Terms.LEAST_DELAY_ADMIT_WITHOUT_SELF;
        }
        bool change = act == Act.CONFIGURE || act == Act.SET_TREASURY || act == Act.SET_ADAPTER;
        return change ? Terms.LEAST_DELAY_CHANGE : 0;
    }
}
