// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {CharterCheck} from "../CharterCheck.sol";
import {Officers} from "./Officers.sol";
import {IDocket} from "../interfaces/IDocket.sol";
import {IQuorum} from "../interfaces/IQuorum.sol";
import {MOST_ALTERNATIVES} from "../libraries/Terms.sol";
import {Act} from "../types/Act.sol";
import {EffectList, EffectListLib, What} from "../types/Effect.sol";
import {Rule} from "../types/Order.sol";
import {PackedRule, RuleLib, SELF} from "../types/Rule.sol";

/// @title RuleBook
/// @notice Which rules each act has.
abstract contract RuleBook is Officers {
    using EffectListLib for EffectList;

    CharterCheck internal immutable CHECK = new CharterCheck();

    /// @dev Under the contract that executes the act, so that no other can use an order.
    mapping(address executor => mapping(uint8 act => PackedRule[MOST_ALTERNATIVES])) private _rules;
    bytes32[] internal _names;

    /// @inheritdoc IQuorum
    IDocket public docket;
    address internal _disposal;
    address internal _register;
    /// @dev The charter's. Seconds.
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
        if ((act >= Act.RETURN && act <= Act.TRANSFER) || act == Act.SET_TREASURY) return _disposal;
        if (act >= Act.STAY && act <= Act.CONFIGURE) return address(this);
        if (act == Act.EXCHANGE_HOLD || act >= Act.LICENSE) return _register;
        return address(docket);
    }

    /// @dev Refuses rules that the act cannot have.
    function _requireRules(uint8 act, Rule[] calldata alternatives) internal view {
        uint256 seated = 0;
        for (uint256 agency = 0; agency < SELF; ++agency) seated |= _seated[agency] << (16 * agency);
        CHECK.requireRules(act, alternatives, seated, _cooling);
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
}
