// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDisposal} from "./interfaces/IDisposal.sol";
import {IDocket} from "./interfaces/IDocket.sol";
import {IMember} from "./interfaces/IMember.sol";
import {IQuorum} from "./interfaces/IQuorum.sol";
import {ISovereignAsset} from "./interfaces/ISovereignAsset.sol";
import {MOST_ALTERNATIVES, Terms} from "./libraries/Terms.sol";
import {Act} from "./types/Act.sol";
import {Asset, Contracts, Numbers} from "./types/Charter.sol";
import {EffectList, EffectListLib, What} from "./types/Effect.sol";
import {Rule} from "./types/Order.sol";
import {PackedRule, RuleLib, SELF} from "./types/Rule.sol";

/// @title CharterCheck
/// @notice What a charter may say, and a Configure after it. Delays have floors that are constants: no decision of officers
/// can lower one. It knows nothing and decides nothing but that; the Quorum creates it, and adopts what it lets pass.
contract CharterCheck {
    using EffectListLib for EffectList;

    /// @dev Of a count in `seated`.
    uint256 private constant COUNT_BITS = 16;

    /// @notice Refuses rules that the act cannot have.
    /// @param seated Officers of each agency, 16 bits each, agency 0 lowest.
    /// @param cooling Seconds, of the charter. A Freeze ends before it, or holds could follow each other for ever.
    function requireRules(uint8 act, Rule[] calldata alternatives, uint256 seated, uint32 cooling) external pure {
        uint256 n = alternatives.length;
        if (act == 0 || act > Act.SUSPEND) revert IQuorum.RuleInvalid(act, 0);
        uint256 least = leastWays(act);
        if (n < least || n > MOST_ALTERNATIVES) {
            revert IQuorum.RuleAlternatives(act, n, least, MOST_ALTERNATIVES);
        }
        // Agencies of a rescue before, and those that stand in every Admit after the first.
        (uint16 rescuing, uint16 always) = (0, type(uint16).max);
        for (uint256 i = 0; i < n; ++i) {
            uint16 agencies = _requireOfficers(act, i, alternatives[i], seated);
            _requireTimes(act, i, alternatives[i], cooling);
            if (act == Act.DISMISS && i >= Terms.FIRST_RESCUE) {
                if (rescuing & agencies != 0) revert IQuorum.RuleGuardsItself(act, rescuing & agencies);
                rescuing |= agencies;
            } else if (act == Act.ADMIT && i != 0) {
                always &= agencies;
            }
        }
        if (act == Act.ADMIT && always != 0) revert IQuorum.RuleGuardsItself(act, always);
    }

    /// @notice Refuses contracts that are not the calling quorum's, and numbers that mean nothing.
    /// @return effects `abi.encode(Effect[])` of what the docket installs.
    function describe(
        Contracts calldata contracts,
        Numbers calldata numbers,
        Asset[] calldata assets
    ) external view returns (bytes memory) {
        (address docket, address disposal, address register, address vault) = (
            contracts.docket,
            contracts.disposal,
            contracts.register,
            contracts.vault
        );
        if (
            vault == address(0) ||
            vault != _told(docket, IDocket.VAULT.selector) ||
            !_isMember(disposal, docket) ||
            !_isMember(register, docket) ||
            register != _told(disposal, IDisposal.REGISTER.selector)
        ) revert IQuorum.CharterInvalidContracts(docket, disposal, register, vault);
        (uint256 freezes, uint256 cooling, uint256 longest) = (
            numbers.freezesPerDay,
            numbers.cooling,
            numbers.longestArrest
        );
        if (freezes == 0) revert IQuorum.CharterInvalidNumber(0, freezes);
        if (cooling == 0) revert IQuorum.CharterInvalidNumber(1, cooling);
        if (longest < cooling) revert IQuorum.CharterInvalidNumber(2, longest);
        EffectList memory effects = EffectListLib.create(7 + 2 * assets.length);
        effects.add(What.CONTRACT_INSTALLED, address(0), docket, 1, 0);
        effects.add(What.CONTRACT_INSTALLED, address(0), disposal, 2, 0);
        effects.add(What.CONTRACT_INSTALLED, address(0), vault, 3, 0);
        effects.add(What.CONTRACT_INSTALLED, address(0), register, 4, 0);
        effects.add(What.NUMBER_SET, address(0), address(0), 0, freezes);
        effects.add(What.NUMBER_SET, address(0), address(0), 1, cooling);
        effects.add(What.NUMBER_SET, address(0), address(0), 2, longest);
        for (uint256 i = 0; i < assets.length; ++i) {
            Asset calldata installed = assets[i];
            if (
                installed.adapter != installed.asset ||
                _told(installed.asset, ISovereignAsset.DOCKET.selector) != docket
            ) revert IDocket.DocketInvalidAsset(installed.asset, installed.adapter);
            effects.add(What.ASSET_INSTALLED, installed.asset, installed.adapter, 0, 0);
            effects.add(What.TREASURY_SET, installed.asset, installed.treasury, 0, 0);
        }
        return effects.encoded;
    }

    /// @notice How many alternatives the act must have. Without some a wrong could not be righted, or officers never change.
    function leastWays(uint8 act) public pure returns (uint256) {
        if (act == Act.ADMIT) return Terms.LEAST_WAYS_ADMIT;
        if (act == Act.DISMISS) return Terms.LEAST_WAYS_DISMISS;
        bool needed = act == Act.LIFT || act == Act.LIFT_ARRESTED || act == Act.RETURN || act == Act.CONFIGURE;
        return needed ? 1 : 0;
    }

    /// @dev Whether the contract follows the calling quorum and writes into the journal of this docket.
    function _isMember(address member, address docket) private view returns (bool) {
        return _told(member, IMember.QUORUM.selector) == msg.sender && _told(member, IMember.DOCKET.selector) == docket;
    }

    /// @dev The address that the account names when it is asked; 0 where it is no contract, or knows no answer.
    function _told(address account, bytes4 question) private view returns (address) {
        (bool answered, bytes memory answer) = account.staticcall(abi.encodePacked(question));
        return answered && answer.length == 32 ? address(uint160(uint256(bytes32(answer)))) : address(0);
    }

    /// @return agencies Those that the rule names, one bit each.
    function _requireOfficers(
        uint8 act,
        uint256 i,
        Rule calldata alternative,
        uint256 seated
    ) private pure returns (uint16 agencies) {
        PackedRule packed = RuleLib.pack(alternative);
        uint64 digits = packed.officers();
        if (digits == 0) revert IQuorum.RuleInvalid(act, i);
        bool self = RuleLib.digit(digits, SELF) != 0;
        if (act == Act.ADMIT || act == Act.DISMISS ? self != (i == 0) : self && act != Act.VETO) {
            revert IQuorum.RuleSelf(act, i);
        }
        for (uint8 agency = 0; agency < SELF; ++agency) {
            uint256 sits = uint16(seated >> (agency * COUNT_BITS));
            uint256 needed = RuleLib.digit(digits, agency);
            if (needed > sits) revert IQuorum.RuleUnreachable(act, agency, sits, needed);
            // Reverts where SELF would carry the digit of the agency above 7.
            if (self) packed.needed(agency);
        }
        agencies = RuleLib.agencies(digits);
        if (act == Act.STAY && agencies & (agencies - 1) != 0) revert IQuorum.RuleNotOneAgency(act, i);
    }

    function _requireTimes(uint8 act, uint256 i, Rule calldata alternative, uint32 cooling) private pure {
        (uint32 delay, uint32 grace, uint32 term) = (alternative.delay, alternative.grace, alternative.term);
        uint32 floor = _delayFloor(act, i);
        if (delay < floor || (floor == 0 && delay != 0)) revert IQuorum.RuleDelay(act, i, delay, floor);
        uint32 leastGrace = floor == 0 ? 0 : Terms.LEAST_GRACE;
        uint32 mostGrace = act == Act.CONVERT ? Terms.LONGEST_CONVERT_GRACE : type(uint32).max;
        if (floor == 0) mostGrace = 0;
        if (grace < leastGrace || grace > mostGrace) {
            revert IQuorum.RuleGrace(act, i, grace, leastGrace, mostGrace);
        }
        bool provisional = act == Act.FREEZE || act == Act.EXCHANGE_HOLD;
        uint32 mostTerm = act == Act.STAY ? Terms.LONGEST_STAY : type(uint32).max;
        if (provisional) mostTerm = cooling - 1;
        bool needsTerm = provisional || act == Act.ARREST || act == Act.STAY;
        if ((needsTerm && term == 0) || term > mostTerm) revert IQuorum.RuleTerm(act, i, term, mostTerm);
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
