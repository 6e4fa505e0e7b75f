// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Cases} from "./Cases.sol";
import {EffectList, EffectListLib, What} from "../types/Effect.sol";
import {Hold, HoldLib} from "../types/Hold.sol";
import {IDocket} from "../interfaces/IDocket.sol";
import {ISovereignAsset} from "../interfaces/ISovereignAsset.sol";
import {Terms} from "../libraries/Terms.sol";

/// @title HoldBook
/// @notice The holds on every account, in the order of their priority, and what must be remembered of those that ended. An
/// account's words stand dense from slot 0 and ascend by placement number; where a confirmation split one, its arrested half
/// comes first.
///
/// F = the second of the first provisional hold placed while no F is open. It is open for {cooling} seconds, and is the
/// `since` of the one word with OPENS. In that time no provisional hold of any case ends later than the first one could.
abstract contract HoldBook is Cases {
    using EffectListLib for EffectList;

    /// @dev An account's words while they are worked on. Two more than {SLOTS}: a new hold, and its marker.
    struct HoldList {
        address asset;
        address account;
        Hold[19] items;
        uint256 length;
    }

    /// @dev {Terms-MOST_HOLDS}, and one more for the empty word that keeps F.
    uint256 private constant SLOTS = 17;

    /// @inheritdoc IDocket
    uint32 public cooling;
    /// @inheritdoc IDocket
    uint32 public longestArrest;
    mapping(address asset => mapping(address account => Hold[SLOTS])) private _holds;

    /// @inheritdoc IDocket
    function holdsOf(address asset, address account) external view returns (Hold[] memory holds) {
        HoldList memory list = _load(asset, account);
        holds = new Hold[](list.length);
        for (uint256 i = 0; i < holds.length; ++i) holds[i] = list.items[i];
    }

    /// @inheritdoc IDocket
    function heldOf(address asset, address account) external view returns (uint256 held, uint40 until) {
        return _sum(_read(asset, account));
    }

    /// @dev Whether the case has a live hold on the account with a number up to `upTo`.
    function _isHeldBy(address asset, address account, uint32 caseNumber, uint32 upTo) internal view returns (bool) {
        HoldList memory list = _read(asset, account);
        for (uint256 i = 0; i < list.length; ++i) {
            if (list.items[i].isLiveOf(caseNumber, upTo)) return true;
        }
        return false;
    }

    /// @dev Places a provisional hold from now on, whose rule allows `longest` seconds.
    function _placeProvisional(
        address asset,
        address account,
        Hold hold,
        uint40 longest,
        EffectList memory effects
    ) internal {
        Hold[SLOTS] storage slots = _holds[asset][account];
        if (!slots[0].exists()) {
            hold = hold.opening();
            effects.add(What.HELD, asset, account, hold.amount(), Hold.unwrap(hold));
            slots[0] = hold;
            ISovereignAsset(asset).setHeld(account, hold.amount(), hold.until());
            return;
        }
        HoldList memory list = _load(asset, account);
        hold = hold.withSince(_sinceOf(list, hold.caseNumber()));
        _requireTerm(list, hold.since(), hold.until());
        uint40 opened = _openedAt(list);
        if (opened == 0) {
            if (hold.since() == block.timestamp) hold = hold.opening();
        } else if (hold.until() > opened + longest) {
            revert DocketRollover(asset, account, opened, opened + longest, hold.until());
        }
        _append(list, What.HELD, hold, effects);
        // Where the hold counts from earlier, F stands beside it.
        if (opened == 0 && !hold.opens()) _append(list, What.MARKED, HoldLib.marker(hold.number()), effects);
        _fit(list, false, effects);
        _store(list);
    }

    /// @dev Places an arrested hold from now on.
    function _placeArrested(address asset, address account, Hold hold, EffectList memory effects) internal {
        HoldList memory list = _load(asset, account);
        hold = hold.withSince(_sinceOf(list, hold.caseNumber()));
        _requireTerm(list, hold.since(), hold.until());
        _append(list, What.ARRESTED, hold, effects);
        _fit(list, true, effects);
        _store(list);
    }

    /// @dev Confirms `amount` of the case's live holds until `until`: provisional ones first, then arrested ones, each
    /// oldest first. Splits the last one where only a part is confirmed.
    /// @param upTo Number of the newest hold that may be touched.
    function _confirm(
        address asset,
        address account,
        uint32 caseNumber,
        uint256 amount,
        uint32 upTo,
        uint40 until,
        EffectList memory effects
    ) internal {
        HoldList memory list = _load(asset, account);
        uint256 provisional = 0;
        for (uint256 i = 0; i < list.length; ++i) {
            Hold hold = list.items[i];
            if (hold.kind() == HoldLib.PROVISIONAL && hold.isLiveOf(caseNumber, upTo)) provisional += hold.amount();
        }
        uint256 fromProvisional = Math.min(amount, provisional);
        uint256 rest = amount - fromProvisional;
        // Arrested ones first, so that what is confirmed below is not met again.
        rest = _confirmKind(list, HoldLib.ARRESTED, caseNumber, rest, upTo, until, effects);
        if (rest != 0) revert DocketHoldTooSmall(asset, account, amount - rest, amount);
        _confirmKind(list, HoldLib.PROVISIONAL, caseNumber, fromProvisional, upTo, until, effects);
        _fit(list, true, effects);
        _store(list);
    }

    function _confirmKind(
        HoldList memory list,
        uint8 kind,
        uint32 caseNumber,
        uint256 amount,
        uint32 upTo,
        uint40 until,
        EffectList memory effects
    ) private view returns (uint256 rest) {
        rest = amount;
        for (uint256 i = 0; i < list.length && rest != 0; ++i) {
            Hold hold = list.items[i];
            if (hold.kind() != kind || !hold.isLiveOf(caseNumber, upTo)) continue;
            if (until < hold.until()) revert DocketTermShortened(list.asset, list.account, hold.until(), until);
            _requireTerm(list, hold.since(), until);
            uint256 part = Math.min(hold.amount(), rest);
            Hold confirmed = hold.arrested(until, part);
            uint8 what = kind == HoldLib.PROVISIONAL ? What.CONFIRMED : What.EXTENDED;
            effects.add(what, list.asset, list.account, part, Hold.unwrap(confirmed));
            list.items[i] = confirmed;
            if (part < hold.amount()) _insert(list, i + 1, hold.following().withAmount(hold.amount() - part));
            rest -= part;
        }
    }

    /// @dev Ends `amount` of the case's live holds, youngest first.
    /// @param upTo Number of the newest hold that may be touched.
    /// @param arrested Whether arrested ones may be touched too.
    function _lift(
        address asset,
        address account,
        uint32 caseNumber,
        uint256 amount,
        uint32 upTo,
        bool arrested,
        EffectList memory effects
    ) internal {
        HoldList memory list = _load(asset, account);
        uint256 rest = amount;
        for (uint256 i = list.length; i > 0 && rest != 0; --i) {
            Hold hold = list.items[i - 1];
            if (!hold.isLiveOf(caseNumber, upTo) || (hold.kind() == HoldLib.ARRESTED && !arrested)) continue;
            uint256 part = Math.min(hold.amount(), rest);
            rest -= part;
            _reduce(list, i - 1, What.LIFTED, part, effects);
        }
        if (rest != 0) revert DocketHoldTooSmall(asset, account, amount - rest, amount);
        _store(list);
    }

    /// @dev Consumes up to `amount` of the case's live holds, oldest first, as far as the balance less all earlier live
    /// holds of other cases covers them. The rest stays held.
    /// @param upTo Number of the newest hold that may be touched.
    /// @param balance Base units.
    /// @param known Number of the newest hold for which the balance is known; later ones count as covered whole.
    /// @return taken What may now be moved out of the account. Base units.
    /// @return ofBalance What of it the balance covers. Base units.
    function _consume(
        address asset,
        address account,
        uint32 caseNumber,
        uint256 amount,
        uint32 upTo,
        uint256 balance,
        uint32 known,
        EffectList memory effects
    ) internal returns (uint256 taken, uint256 ofBalance) {
        HoldList memory list = _load(asset, account);
        uint256 free = balance;
        for (uint256 i = 0; i < list.length && taken < amount; ++i) {
            Hold hold = list.items[i];
            if (!hold.isLive()) continue;
            if (hold.isLiveOf(caseNumber, upTo)) {
                uint256 part = Math.min(hold.amount(), amount - taken);
                if (hold.number() <= known) {
                    part = Math.min(part, free);
                    free -= part;
                    ofBalance += part;
                }
                taken += part;
                _reduce(list, i, What.SEIZED, part, effects);
            } else {
                free = Math.saturatingSub(free, hold.amount());
            }
        }
        if (taken != 0) _store(list);
    }

    /// @dev Records the end of holds of the case that ended by time.
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

    /// @dev Since when the case has held the account: of its words that are live, or ended at most {cooling} ago, the
    /// earliest; else now. So it never matters whether a lapse was recorded, and no end begins the time anew.
    function _sinceOf(HoldList memory list, uint32 caseNumber) private view returns (uint40 since) {
        since = uint40(block.timestamp);
        for (uint256 i = 0; i < list.length; ++i) {
            Hold hold = list.items[i];
            if (hold.caseNumber() != caseNumber || block.timestamp > hold.until() + cooling) continue;
            if (hold.since() < since) since = hold.since();
        }
    }

    /// @dev F; 0 while none is open.
    function _openedAt(HoldList memory list) private view returns (uint40) {
        for (uint256 i = 0; i < list.length; ++i) {
            if (_keepsOpen(list.items[i])) return list.items[i].since();
        }
        return 0;
    }

    function _keepsOpen(Hold hold) private view returns (bool) {
        return hold.opens() && block.timestamp < hold.since() + cooling;
    }

    function _requireTerm(HoldList memory list, uint40 since, uint40 until) private view {
        uint40 latest = since + longestArrest;
        if (until > latest) revert DocketHoldTooLong(list.asset, list.account, since, latest, until);
    }

    /// @dev Takes `part` off the hold at `index`. What becomes empty is remembered, as far as {_fallOut} leaves it.
    function _reduce(
        HoldList memory list,
        uint256 index,
        uint8 what,
        uint256 part,
        EffectList memory effects
    ) private view {
        Hold hold = list.items[index];
        hold = part == hold.amount() ? hold.ended() : hold.withAmount(hold.amount() - part);
        list.items[index] = hold;
        effects.add(what, list.asset, list.account, part, Hold.unwrap(hold));
    }

    /// @dev Empties the holds of the case (0: of every case) that ended by time.
    function _dropEnded(
        HoldList memory list,
        uint32 caseNumber,
        EffectList memory effects
    ) private view returns (bool any) {
        for (uint256 i = 0; i < list.length; ++i) {
            Hold hold = list.items[i];
            if (hold.amount() == 0 || hold.isLive()) continue;
            if (caseNumber != 0 && hold.caseNumber() != caseNumber) continue;
            _reduce(list, i, What.LAPSED, hold.amount(), effects);
            any = true;
        }
    }

    /// @dev Takes out the empty words from which nothing counts any more.
    function _fallOut(HoldList memory list) private view {
        uint256 length = 0;
        for (uint256 i = 0; i < list.length; ++i) {
            Hold hold = list.items[i];
            if (hold.amount() != 0 || _keepsOpen(hold) || _isRemembered(list, i)) list.items[length++] = hold;
        }
        list.length = length;
    }

    /// @dev Whether the empty word at `index` tells since when its case held the account: while the case may still place
    /// another hold that counts from then, and no other word of the case will tell it for longer.
    function _isRemembered(HoldList memory list, uint256 index) private view returns (bool) {
        Hold hold = list.items[index];
        if (hold.caseNumber() == 0 || block.timestamp > hold.until() + cooling) return false;
        for (uint256 i = 0; i < list.length; ++i) {
            Hold other = list.items[i];
            if (i == index || other.caseNumber() != hold.caseNumber()) continue;
            if (other.isLive() || other.until() > hold.until()) return false;
            if (other.until() == hold.until() && i > index) return false;
        }
        return true;
    }

    /// @dev Makes a list fit that has become longer: it drops what has ended, with its lapse; then a provisional hold is
    /// refused, and an arrest takes the places of what is remembered, but never that of F.
    function _fit(HoldList memory list, bool byCourt, EffectList memory effects) private view {
        _fallOut(list);
        (uint256 all, uint256 unarrested) = _count(list);
        if (all > Terms.MOST_HOLDS || (!byCourt && unarrested > Terms.MOST_UNARRESTED)) {
            _dropEnded(list, 0, effects);
            _fallOut(list);
            (all, unarrested) = _count(list);
        }
        for (; all > Terms.MOST_HOLDS; --all) {
            if (!byCourt || !_forget(list, effects)) {
                revert DocketHoldsFull(list.asset, list.account, Terms.MOST_HOLDS);
            }
        }
        if (!byCourt && unarrested > Terms.MOST_UNARRESTED) {
            revert DocketHoldsFull(list.asset, list.account, Terms.MOST_UNARRESTED);
        }
    }

    /// @dev Words that count, all and those that no court arrested: without the empty one that keeps F.
    function _count(HoldList memory list) private view returns (uint256 all, uint256 unarrested) {
        for (uint256 i = 0; i < list.length; ++i) {
            Hold hold = list.items[i];
            if (hold.amount() == 0 && _keepsOpen(hold)) continue;
            ++all;
            if (hold.kind() != HoldLib.ARRESTED) ++unarrested;
        }
    }

    /// @dev Takes out the remembered word with the latest `since`.
    function _forget(HoldList memory list, EffectList memory effects) private view returns (bool any) {
        uint256 latest = 0;
        for (uint256 i = 0; i < list.length; ++i) {
            Hold hold = list.items[i];
            if (hold.amount() != 0 || _keepsOpen(hold)) continue;
            if (!any || hold.since() >= list.items[latest].since()) latest = i;
            any = true;
        }
        if (!any) return false;
        effects.add(What.FORGOTTEN, list.asset, list.account, 0, Hold.unwrap(list.items[latest]));
        for (uint256 i = latest + 1; i < list.length; ++i) list.items[i - 1] = list.items[i];
        --list.length;
    }

    function _append(HoldList memory list, uint8 what, Hold hold, EffectList memory effects) private pure {
        effects.add(what, list.asset, list.account, hold.amount(), Hold.unwrap(hold));
        _insert(list, list.length, hold);
    }

    function _insert(HoldList memory list, uint256 index, Hold hold) private pure {
        for (uint256 i = list.length; i > index; --i) list.items[i] = list.items[i - 1];
        list.items[index] = hold;
        ++list.length;
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

    /// @dev What counts of an account's words.
    function _load(address asset, address account) private view returns (HoldList memory list) {
        list = _read(asset, account);
        _fallOut(list);
    }

    function _read(address asset, address account) private view returns (HoldList memory list) {
        Hold[SLOTS] storage slots = _holds[asset][account];
        (list.asset, list.account) = (asset, account);
        uint256 length = 0;
        while (length < SLOTS) {
            Hold hold = slots[length];
            if (!hold.exists()) break;
            list.items[length++] = hold;
        }
        list.length = length;
    }

    /// @dev Writes the list back and tells the asset.
    function _store(HoldList memory list) private {
        _fallOut(list);
        Hold[SLOTS] storage slots = _holds[list.asset][list.account];
        for (uint256 i = 0; i < SLOTS; ++i) {
            Hold hold = i < list.length ? list.items[i] : Hold.wrap(0);
            bool stood = slots[i].exists();
            if (Hold.unwrap(slots[i]) != Hold.unwrap(hold)) slots[i] = hold;
            if (!stood && !hold.exists()) break;
        }
        (uint256 held, uint40 until) = _sum(list);
        ISovereignAsset(list.asset).setHeld(list.account, held, until);
    }
}
