// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Effect, What} from "../../contracts/types/Effect.sol";
import {Hold, HoldLib} from "../../contracts/types/Hold.sol";
import {Act} from "../../contracts/types/Act.sol";
import {VM} from "./Vm.sol";

/// @notice The holds, as the journal tells of them; and, from when each began and ended alone, how long an account may be
/// held.
abstract contract ToldHolds {
    /// @notice Sums of one case and asset. Base units.
    struct HoldSums {
        uint256 placed;
        uint256 lifted;
        uint256 lapsed;
        uint256 seized;
    }

    /// @dev In which a case held an account without {COOLING} free.
    struct Span {
        uint256 begin;
        uint256 end;
    }

    uint256 private constant TERM = 10 days;
    uint256 private constant COOLING = 40 days;
    uint256 private constant LONGEST_ARREST = 300 days;

    /// @notice Number of the newest hold.
    uint256 public placements;
    mapping(bytes32 caseId => mapping(address asset => HoldSums)) private _holdSums;
    mapping(uint256 number => bytes32) private _caseIds;
    mapping(address asset => mapping(address account => Hold[])) private _holds;
    mapping(address asset => mapping(address account => mapping(uint256 caseNumber => Span))) private _spans;
    /// @dev When the first provisional hold began that opened {COOLING}.
    mapping(address asset => mapping(address account => uint256)) private _opened;
    /// @dev Behind the words of an account that one entry extended.
    uint256 private _behind;

    /// @notice An effect is on a hold that no earlier effect placed.
    error AuditorUnknownHold(address asset, address account, Hold hold);

    function holdSumsOf(bytes32 caseId, address asset) external view returns (HoldSums memory) {
        return _holdSums[caseId][asset];
    }

    /// @notice The words on an account, by priority.
    function holdsOf(address asset, address account) external view returns (Hold[] memory) {
        return _kept(_holds[asset][account]);
    }

    function _nameCase(bytes32 caseId, uint256 number) internal {
        _caseIds[number] = caseId;
    }

    /// @dev What was held of the account is now the case's. `number` is that of the hold.
    function _seized(bytes32 caseId, address asset, address account, uint256 amount, uint32 number) internal virtual;

    function _vaultOf(bytes32 caseId) internal view virtual returns (address);

    /// @dev Takes out, between two entries, what nothing counts from any more.
    function _tidy(Effect[] memory effects) internal {
        for (uint256 i = 0; i < effects.length; ++i) {
            if (_isOnHold(effects[i].what)) _fallOut(_holds[effects[i].asset][effects[i].account]);
        }
    }

    /// @dev Whether the effect at `i` is on a hold.
    function _applyHold(uint8 act, bytes32 caseId, Effect[] memory effects, uint256 i) internal returns (bool) {
        Effect memory effect = effects[i];
        uint8 what = effect.what;
        if (!_isOnHold(what)) return false;
        Hold[] storage holds = _holds[effect.asset][effect.account];
        Hold told = Hold.wrap(effect.value);
        if (what == What.HELD || what == What.ARRESTED) {
            holds.push(told);
            _holdSums[caseId][effect.asset].placed += effect.amount;
            VM.assertEq(told.number(), ++placements, "holds are not numbered one after the other");
            if (what == What.HELD) _checkProvisional(effect.asset, effect.account, told);
            _extend(effect.asset, effect.account, told);
        } else if (what == What.MARKED) {
            holds.push(told);
        } else if (what == What.FORGOTTEN) {
            _fallOut(holds);
            _remove(holds, _indexOf(effect, told, false));
            delete _spans[effect.asset][effect.account][told.caseNumber()];
        } else if (what == What.CONFIRMED || what == What.EXTENDED) {
            bool same = i != 0 && effects[i - 1].what == what && effects[i - 1].account == effect.account;
            if (!same || effects[i - 1].asset != effect.asset) _behind = 0;
            _confirm(effect, told);
            _extend(effect.asset, effect.account, told);
        } else {
            _reduce(act, caseId, effect, told);
        }
        return true;
    }

    /// @dev The hold that `effect` leaves behind tells which one it was before.
    function _reduce(uint8 act, bytes32 caseId, Effect memory effect, Hold then_) private {
        uint256 index = _indexOf(effect, then_, effect.what == What.LIFTED);
        Hold[] storage holds = _holds[effect.asset][effect.account];
        uint256 until = holds[index].until();
        holds[index] = then_;

        bytes32 holder = _caseIds[then_.caseNumber()];
        HoldSums storage sums = _holdSums[holder][effect.asset];
        if (effect.what == What.LAPSED) {
            VM.assertTrue(until < block.timestamp, "a live hold lapsed");
            sums.lapsed += effect.amount;
            return;
        }
        VM.assertTrue(block.timestamp <= until, "a hold that ended was lifted or seized");
        _shorten(effect.asset, effect.account, then_.caseNumber());
        if (effect.what == What.LIFTED) {
            bool ofVault = effect.account == _vaultOf(caseId);
            VM.assertTrue(ofVault || holder == caseId, "a hold of another case was lifted");
            bool mayLift = act == Act.LIFT_ARRESTED || (act == Act.LIFT && then_.kind() == HoldLib.PROVISIONAL);
            VM.assertTrue(ofVault || mayLift, "a hold was lifted under the wrong rule");
            sums.lifted += effect.amount;
        } else {
            VM.assertTrue(act == Act.SEIZE && holder == caseId, "a hold of another case was seized");
            sums.seized += effect.amount;
            _seized(caseId, effect.asset, effect.account, effect.amount, then_.number());
        }
    }

    /// @dev Confirms the provisional hold of the number, or the first live arrested one behind those confirmed before.
    function _confirm(Effect memory effect, Hold confirmed) private {
        uint8 kind = effect.what == What.CONFIRMED ? HoldLib.PROVISIONAL : HoldLib.ARRESTED;
        Hold[] storage holds = _holds[effect.asset][effect.account];
        for (uint256 i = kind == HoldLib.ARRESTED ? _behind : 0; i < holds.length; ++i) {
            Hold hold = holds[i];
            if (hold.number() != confirmed.number() || hold.kind() != kind || !hold.isLive()) continue;
            VM.assertTrue(hold.until() <= confirmed.until(), "a confirmation shortened a hold");
            VM.assertEq(hold.since(), confirmed.since(), "a confirmation changed the beginning");
            VM.assertTrue(hold.opens() == confirmed.opens(), "a confirmation changed what opens");
            VM.assertTrue(effect.amount == confirmed.amount(), "another amount was confirmed than is told");
            VM.assertLe(confirmed.amount(), hold.amount(), "more was confirmed than was held");
            _behind = i + 1;
            if (hold.amount() > confirmed.amount()) {
                Hold rest = hold.following().withAmount(hold.amount() - confirmed.amount());
                holds.push(rest);
                for (uint256 k = holds.length - 1; k > i + 1; --k) holds[k] = holds[k - 1];
                holds[i + 1] = rest;
            }
            holds[i] = confirmed;
            return;
        }
        revert AuditorUnknownHold(effect.asset, effect.account, confirmed);
    }

    /// @dev No provisional hold ends more than {TERM} after the first one within {COOLING}.
    function _checkProvisional(address asset, address account, Hold hold) private {
        uint256 opened = _opened[asset][account];
        if (opened == 0 || block.timestamp >= opened + COOLING) {
            opened = block.timestamp;
            _opened[asset][account] = opened;
        }
        VM.assertLe(hold.until(), opened + TERM, "a provisional hold rolled over");
    }

    /// @dev The case holds the account until the end of `hold` too.
    function _extend(address asset, address account, Hold hold) private {
        Span storage span = _spans[asset][account][hold.caseNumber()];
        if (span.begin == 0 || block.timestamp > span.end + COOLING) span.begin = block.timestamp;
        if (hold.until() > span.end) span.end = hold.until();
        VM.assertLe(hold.until(), span.begin + LONGEST_ARREST, "a case held an account beyond the longest time");
    }

    /// @dev A hold of the case ended before its time.
    function _shorten(address asset, address account, uint32 caseNumber) private {
        Span storage span = _spans[asset][account][caseNumber];
        Hold[] storage holds = _holds[asset][account];
        span.end = block.timestamp;
        for (uint256 i = 0; i < holds.length; ++i) {
            Hold hold = holds[i];
            if (hold.caseNumber() == caseNumber && hold.isLive() && hold.until() > span.end) span.end = hold.until();
        }
    }

    /// @dev Which word `told` was before, of `effect.amount` more: of equals the first, or the last. Where it ended whole,
    /// its `until` may have been later.
    function _indexOf(Effect memory effect, Hold told, bool last) private view returns (uint256 index) {
        Hold[] storage holds = _holds[effect.asset][effect.account];
        bool early = told.amount() == 0 && effect.what != What.LAPSED && effect.what != What.FORGOTTEN;
        Hold before = told.withAmount(told.amount() + effect.amount);
        index = holds.length;
        for (uint256 i = 0; i < holds.length && (last || index == holds.length); ++i) {
            Hold hold = holds[i];
            bool same = Hold.unwrap(hold) == Hold.unwrap(before);
            if (early && block.timestamp <= hold.until()) {
                same = Hold.unwrap(hold.ended()) == Hold.unwrap(told) && hold.amount() == effect.amount;
            }
            if (same) index = i;
        }
        if (index == holds.length) revert AuditorUnknownHold(effect.asset, effect.account, told);
    }

    function _fallOut(Hold[] storage holds) private {
        Hold[] memory kept = _kept(holds);
        for (uint256 i = 0; i < kept.length; ++i) holds[i] = kept[i];
        while (holds.length > kept.length) holds.pop();
    }

    /// @dev The words from which something still counts: those that hold; that of the opening; and of a case's that ended,
    /// while another hold of it would count from there, the one that tells it for longest.
    function _kept(Hold[] memory holds) private view returns (Hold[] memory kept) {
        kept = new Hold[](holds.length);
        uint256 n = 0;
        for (uint256 i = 0; i < holds.length; ++i) {
            Hold hold = holds[i];
            bool opens = hold.opens() && block.timestamp < hold.since() + COOLING;
            bool remembered = hold.caseNumber() != 0 && block.timestamp <= hold.until() + COOLING;
            for (uint256 k = 0; k < holds.length; ++k) {
                if (k == i || holds[k].caseNumber() != hold.caseNumber()) continue;
                if (holds[k].isLive() || holds[k].until() > hold.until()) remembered = false;
                if (holds[k].until() == hold.until() && k > i) remembered = false;
            }
            if (hold.amount() != 0 || opens || remembered) kept[n++] = hold;
        }
        assembly ("memory-safe") {
            mstore(kept, n)
        }
    }

    function _isOnHold(uint8 what) private pure returns (bool) {
        return what >= What.HELD && what <= What.FORGOTTEN;
    }

    function _remove(Hold[] storage holds, uint256 index) private {
        for (uint256 k = index + 1; k < holds.length; ++k) holds[k - 1] = holds[k];
        holds.pop();
    }
}
