// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Cases} from "./Cases.sol";
import {EffectList, EffectListLib, What} from "../types/Effect.sol";
import {Hold, HoldLib} from "../types/Hold.sol";
import {ISovereignAsset} from "../interfaces/ISovereignAsset.sol";

/// @title HoldBook
/// @notice The holds on every account, in the order of their priority. An account's holds stand dense from slot 0 and
/// ascend by placement number; where a confirmation split one, its arrested half comes first.
abstract contract HoldBook is Cases {
    using EffectListLib for EffectList;

    /// @dev An account's holds while they are worked on. One more than fits, for a split.
    struct HoldList {
        address asset;
        address account;
        Hold[18] items;
        uint256 length;
    }

    /// @dev Most holds on one account, of which Freeze may fill half: so it can never lock the court out.
    uint256 internal constant MOST_HOLDS = 16;
    uint256 internal constant MOST_PROVISIONAL = 8;

    /// @notice Seconds after a provisional hold in which no further one may outlast it. Set by install.
    uint32 public cooling;
    /// @notice Most seconds from the beginning of a hold to the end of its arrest. Set by install.
    uint32 public longestArrest;
    /// @dev The 17th slot is for the hold of amount 0 that keeps an account's cooling.
    mapping(address asset => mapping(address account => Hold[MOST_HOLDS + 1])) private _holds;

    /// @notice Not enough is held by the case's own live holds.
    error DocketHoldTooSmall(address asset, address account, uint256 have, uint256 need);
    /// @notice The account has as many holds of this kind as it can have.
    error DocketHoldsFull(address asset, address account, uint256 most);
    /// @notice A provisional hold would outlast the account's oldest one, that began at `since`, before it cooled down.
    error DocketRollover(address asset, address account, uint40 since, uint40 latestUntil, uint40 until);
    /// @notice A confirmation may not shorten a hold.
    error DocketTermShortened(address asset, address account, uint40 until, uint40 newUntil);
    /// @notice An arrest would outlast the longest that is allowed since the hold began.
    error DocketArrestTooLong(address asset, address account, uint40 since, uint40 latestUntil, uint40 until);

    /// @notice The holds on an account as packed words, by priority, those included that ended and were not recorded
    /// as lapsed.
    function holdsOf(address asset, address account) external view returns (Hold[] memory holds) {
        HoldList memory list = _load(asset, account);
        holds = new Hold[](list.length);
        for (uint256 i = 0; i < holds.length; ++i) holds[i] = list.items[i];
    }

    /// @dev Live claims on an account, saturated at 2^96-1, and the first second in which one ends.
    function _heldOf(address asset, address account) internal view returns (uint256 held, uint40 until) {
        return _sum(_load(asset, account));
    }

    /// @dev Places a provisional hold, whose rule allows `longest` seconds.
    function _placeProvisional(
        address asset,
        address account,
        Hold hold,
        uint40 longest,
        EffectList memory effects
    ) internal {
        effects.add(What.HELD, asset, account, hold.amount(), Hold.unwrap(hold));
        Hold[MOST_HOLDS + 1] storage slots = _holds[asset][account];
        if (!slots[0].exists()) {
            slots[0] = hold;
            ISovereignAsset(asset).setHeld(account, hold.amount(), hold.until());
            return;
        }
        HoldList memory list = _load(asset, account);
        uint40 start = _coolingStart(list);
        bool cooled = block.timestamp >= start + cooling;
        if (!cooled && hold.until() > start + longest) {
            revert DocketRollover(asset, account, start, start + longest, hold.until());
        }
        if (cooled && start != 0) {
            // Nothing of the last cooling may stay and pass for the beginning of the next.
            _dropEnded(list, 0, effects);
            _compact(list);
        }
        _makeRoom(list, effects);
        if (_count(list, HoldLib.PROVISIONAL) >= MOST_PROVISIONAL) {
            revert DocketHoldsFull(list.asset, list.account, MOST_PROVISIONAL);
        }
        _insert(list, list.length, hold);
        _store(list);
    }

    /// @dev Places an arrested hold. Beside a live one of the same case it counts from when that began.
    function _placeArrested(address asset, address account, Hold hold, EffectList memory effects) internal {
        HoldList memory list = _load(asset, account);
        _makeRoom(list, effects);
        uint40 since = hold.since();
        for (uint256 i = 0; i < list.length; ++i) {
            Hold other = list.items[i];
            if (other.isLiveOf(hold.caseNumber()) && other.since() < since) since = other.since();
        }
        hold = HoldLib.create(HoldLib.ARRESTED, hold.caseNumber(), hold.number(), since, hold.until(), hold.amount());
        _requireArrestTerm(list, since, hold.until());
        effects.add(What.ARRESTED, asset, account, hold.amount(), Hold.unwrap(hold));
        _insert(list, list.length, hold);
        _store(list);
    }

    /// @dev Confirms `amount` of the case's live holds until `until`: provisional ones first, then arrested ones,
    /// each oldest first. Splits the last one where only a part is confirmed.
    function _confirm(
        address asset,
        address account,
        uint32 caseNumber,
        uint256 amount,
        uint40 until,
        EffectList memory effects
    ) internal {
        HoldList memory list = _load(asset, account);
        _makeRoom(list, effects);
        uint256 provisional = 0;
        for (uint256 i = 0; i < list.length; ++i) {
            Hold hold = list.items[i];
            if (hold.kind() == HoldLib.PROVISIONAL && hold.isLiveOf(caseNumber)) provisional += hold.amount();
        }
        uint256 fromProvisional = Math.min(amount, provisional);
        uint256 rest = amount - fromProvisional;
        // Arrested ones first, so that what is confirmed below is not met again.
        rest = _confirmKind(list, HoldLib.ARRESTED, caseNumber, rest, until, effects);
        if (rest != 0) revert DocketHoldTooSmall(asset, account, amount - rest, amount);
        _confirmKind(list, HoldLib.PROVISIONAL, caseNumber, fromProvisional, until, effects);
        _store(list);
    }

    function _confirmKind(
        HoldList memory list,
        uint8 kind,
        uint32 caseNumber,
        uint256 amount,
        uint40 until,
        EffectList memory effects
    ) private returns (uint256 rest) {
        rest = amount;
        for (uint256 i = 0; i < list.length && rest != 0; ++i) {
            Hold hold = list.items[i];
            if (hold.kind() != kind || !hold.isLiveOf(caseNumber)) continue;
            if (until < hold.until()) revert DocketTermShortened(list.asset, list.account, hold.until(), until);
            _requireArrestTerm(list, hold.since(), until);
            uint256 part = Math.min(hold.amount(), rest);
            Hold confirmed = hold.arrested(until, part);
            effects.add(What.CONFIRMED, list.asset, list.account, part, Hold.unwrap(confirmed));
            if (part == hold.amount()) {
                list.items[i] = confirmed;
            } else {
                list.items[i] = hold.withAmount(hold.amount() - part);
                _insert(list, i, confirmed);
                ++_caseOf(hold).holds;
            }
            rest -= part;
        }
    }

    /// @dev Ends `amount` of the case's live holds, youngest first.
    /// @return anyArrested Whether an arrested hold was touched.
    function _lift(
        address asset,
        address account,
        uint32 caseNumber,
        uint256 amount,
        EffectList memory effects
    ) internal returns (bool anyArrested) {
        HoldList memory list = _load(asset, account);
        uint256 rest = amount;
        for (uint256 i = list.length; i > 0 && rest != 0; --i) {
            Hold hold = list.items[i - 1];
            if (!hold.isLiveOf(caseNumber)) continue;
            if (hold.kind() == HoldLib.ARRESTED) anyArrested = true;
            uint256 part = Math.min(hold.amount(), rest);
            rest -= part;
            _reduce(list, i - 1, What.LIFTED, part, effects);
        }
        if (rest != 0) revert DocketHoldTooSmall(asset, account, amount - rest, amount);
        _store(list);
    }

    /// @dev Consumes up to `amount` of the case's live holds, oldest first, as far as the balance less all earlier live
    /// holds of other cases covers them. The rest stays held.
    /// @return taken What may now be moved out of the account. Base units.
    function _consume(
        address asset,
        address account,
        uint32 caseNumber,
        uint256 amount,
        uint256 balance,
        EffectList memory effects
    ) internal returns (uint256 taken) {
        HoldList memory list = _load(asset, account);
        uint256 before = effects.length();
        uint256 free = balance;
        for (uint256 i = 0; i < list.length && taken < amount; ++i) {
            Hold hold = list.items[i];
            if (!hold.isLive()) continue;
            if (hold.caseNumber() == caseNumber) {
                uint256 part = Math.min(Math.min(hold.amount(), amount - taken), free);
                taken += part;
                free -= part;
                _reduce(list, i, What.SEIZED, part, effects);
            } else {
                free = Math.saturatingSub(free, hold.amount());
            }
        }
        if (effects.length() == before) revert DocketHoldTooSmall(asset, account, 0, amount);
        if (taken != 0) _store(list);
    }

    /// @dev Records the end of holds of the case (0: of every case) that ended by time.
    function _lapse(address asset, address account, uint32 caseNumber, EffectList memory effects) internal {
        HoldList memory list = _load(asset, account);
        if (_dropEnded(list, caseNumber, effects)) _store(list);
    }

    /// @dev Ends every hold on an account that has turned out to be a vault, which can always spend.
    function _releaseVault(address asset, address vault, EffectList memory effects) internal {
        HoldList memory list = _load(asset, vault);
        if (list.length == 0) return;
        _dropEnded(list, 0, effects);
        for (uint256 i = 0; i < list.length; ++i) {
            uint256 amount = list.items[i].amount();
            if (amount != 0) _reduce(list, i, What.LIFTED, amount, effects);
        }
        _store(list);
    }

    function _caseOf(Hold hold) private view returns (Case storage) {
        return _cases[_caseIds[hold.caseNumber() - 1]];
    }

    function _requireArrestTerm(HoldList memory list, uint40 since, uint40 until) private view {
        uint40 latest = since + longestArrest;
        if (until > latest) revert DocketArrestTooLong(list.asset, list.account, since, latest, until);
    }

    /// @dev Takes `part` off the hold at `index`; what becomes empty falls out at {_store}.
    function _reduce(HoldList memory list, uint256 index, uint8 what, uint256 part, EffectList memory effects) private {
        Hold hold = list.items[index];
        Hold reduced = hold.withAmount(hold.amount() - part);
        list.items[index] = reduced;
        effects.add(what, list.asset, list.account, part, Hold.unwrap(reduced));
        if (reduced.amount() == 0) --_caseOf(hold).holds;
    }

    /// @dev Empties the holds of the case (0: of every case) that ended by time.
    function _dropEnded(HoldList memory list, uint32 caseNumber, EffectList memory effects) private returns (bool any) {
        for (uint256 i = 0; i < list.length; ++i) {
            Hold hold = list.items[i];
            if (hold.amount() == 0 || hold.isLive()) continue;
            if (caseNumber != 0 && hold.caseNumber() != caseNumber) continue;
            _reduce(list, i, What.LAPSED, hold.amount(), effects);
            any = true;
        }
    }

    /// @dev A list that is full, or full of provisional holds, first drops what has ended.
    function _makeRoom(HoldList memory list, EffectList memory effects) private {
        if (_count(list, 0) >= MOST_HOLDS || _count(list, HoldLib.PROVISIONAL) >= MOST_PROVISIONAL) {
            _dropEnded(list, 0, effects);
        }
    }

    function _insert(HoldList memory list, uint256 index, Hold hold) private pure {
        if (_count(list, 0) >= MOST_HOLDS) revert DocketHoldsFull(list.asset, list.account, MOST_HOLDS);
        for (uint256 i = list.length; i > index; --i) list.items[i] = list.items[i - 1];
        list.items[index] = hold;
        ++list.length;
    }

    /// @dev Since when the account cools down, or did last: since its oldest provisional hold; 0 when it has none. Those
    /// that began within the cooling of that one do not count, whether or not their lapse was recorded.
    function _coolingStart(HoldList memory list) private pure returns (uint40) {
        for (uint256 i = 0; i < list.length; ++i) {
            Hold hold = list.items[i];
            if (hold.kind() == HoldLib.PROVISIONAL) return hold.since();
        }
        return 0;
    }

    /// @dev Holds of the kind (0: of any), without those of amount 0.
    function _count(HoldList memory list, uint8 kind) private pure returns (uint256 count) {
        for (uint256 i = 0; i < list.length; ++i) {
            Hold hold = list.items[i];
            if (hold.amount() != 0 && (kind == 0 || hold.kind() == kind)) ++count;
        }
    }

    function _sum(HoldList memory list) private view returns (uint256 held, uint40 until) {
        for (uint256 i = 0; i < list.length; ++i) {
            Hold hold = list.items[i];
            if (!hold.isLive()) continue;
            held += hold.amount();
            if (until == 0 || hold.until() < until) until = hold.until();
        }
        if (held > HoldLib.MAX_AMOUNT) held = HoldLib.MAX_AMOUNT;
    }

    function _load(address asset, address account) private view returns (HoldList memory list) {
        Hold[MOST_HOLDS + 1] storage slots = _holds[asset][account];
        (list.asset, list.account) = (asset, account);
        uint256 length = 0;
        while (length <= MOST_HOLDS) {
            Hold hold = slots[length];
            if (!hold.exists()) break;
            list.items[length++] = hold;
        }
        list.length = length;
    }

    /// @dev Takes the empty holds out, but for the oldest provisional one while the account cools down, and while others
    /// stand that would pass for the oldest.
    function _compact(HoldList memory list) private view {
        bool cooled = block.timestamp >= _coolingStart(list) + cooling;
        bool kept = cooled && _count(list, HoldLib.PROVISIONAL) == 0;
        uint256 length = 0;
        for (uint256 i = 0; i < list.length; ++i) {
            Hold hold = list.items[i];
            bool keeps = !kept && hold.kind() == HoldLib.PROVISIONAL;
            if (hold.amount() == 0 && !keeps) continue;
            if (keeps) kept = true;
            list.items[length++] = hold;
        }
        list.length = length;
    }

    /// @dev Writes the list back and tells the asset.
    function _store(HoldList memory list) private {
        _compact(list);
        Hold[MOST_HOLDS + 1] storage slots = _holds[list.asset][list.account];
        for (uint256 i = 0; i <= MOST_HOLDS; ++i) {
            Hold hold = i < list.length ? list.items[i] : Hold.wrap(0);
            bool stood = slots[i].exists();
            if (Hold.unwrap(slots[i]) != Hold.unwrap(hold)) slots[i] = hold;
            if (!stood && !hold.exists()) break;
        }
        (uint256 held, uint40 until) = _sum(list);
        ISovereignAsset(list.asset).setHeld(list.account, held, until);
    }
}
