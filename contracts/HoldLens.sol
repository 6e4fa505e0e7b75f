// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Quorum} from "./Quorum.sol";
import {Disposal} from "./Disposal.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Docket} from "./Docket.sol";
import {What} from "./Effects.sol";
import {HoldBook} from "./HoldBook.sol";
import {Hold, HoldLib} from "./Holds.sol";
import {LicenceRegister} from "./LicenceRegister.sol";
import {Act, Arrest, ExchangeHold, Freeze, Lift, OrderHash, Seize, Target} from "./Orders.sol";
import {Standing} from "./Standing.sol";
import {ILicenceRegister} from "./interfaces/ILicenceRegister.sol";
import {Approvals} from "./interfaces/IQuorum.sol";
import {Preview} from "./lens/Ballots.sol";
import {Checks} from "./lens/Checks.sol";
import {Findings, FindingsLib} from "./lens/Findings.sol";
import {System} from "./lens/System.sol";

/// @title HoldLens
/// @notice What would become of orders about holds. Long ones are looked at in pages: `count` targets from the one at
/// `from` on, in an Arrest those that it confirms before those that it places. How many targets were frozen today is
/// nothing that a contract can see.
contract HoldLens is Checks {
    using OrderHash for *;

    /// @dev See {HoldBook}.
    uint256 private constant MOST_HOLDS = 16;
    uint256 private constant MOST_PROVISIONAL = 8;

    constructor(
        Quorum quorum,
        Docket docket,
        Disposal disposal,
        LicenceRegister register
    ) System(quorum, docket, disposal, register) {}

    /// @notice What would become of a {Freeze}.
    function previewFreeze(
        Freeze calldata order,
        Approvals calldata approvals,
        uint256 from,
        uint256 count
    ) external view returns (Preview memory preview) {
        uint256 to = _end(order.targets.length, from, count);
        Findings memory found = FindingsLib.create(to - from + 1);
        preview = _ballot(Act.FREEZE, NO_AGENCY, order.hash(), order.signBy, approvals, found);
        uint256 longest = _ruleOf(preview, approvals).term;
        _requireFilled(order.document, order.targets.length, found);
        _requireTerm(order.term, longest, found);
        uint32 caseNumber = _openCase(order.caseId, found);
        for (uint256 i = from; i < to; ++i) {
            Target calldata target = order.targets[i];
            if (!_requireTarget(order.targets, i, found) || !_requireHoldable(target.account, false, found)) continue;
            _placeProvisional(target.asset, target.account, target.amount, caseNumber, order.term, longest, found);
        }
        _conclude(preview, found);
    }

    /// @notice What would become of an {ExchangeHold}.
    function previewExchangeHold(
        ExchangeHold calldata order,
        Approvals calldata approvals
    ) external view returns (Preview memory preview) {
        Findings memory found = FindingsLib.create(3);
        preview = _ballot(Act.EXCHANGE_HOLD, NO_AGENCY, order.hash(), order.signBy, approvals, found);
        uint256 longest = _ruleOf(preview, approvals).term;
        if (order.document == 0) found.refuse(LicenceRegister.RegisterZeroDocument.selector);
        if (!REGISTER.isLicensed(order.wallet)) {
            found.refuse(ILicenceRegister.RegisterNotLicensed.selector, abi.encode(order.wallet));
        }
        _requireTerm(order.term, longest, found);
        address account = REGISTER.accountOf(order.wallet, order.subAccount);
        uint32 caseNumber = _openCase(order.caseId, found);
        if (_requireAsset(order.asset, found) && _requireUnits(order.asset, account, order.amount, found)) {
            _placeProvisional(order.asset, account, order.amount, caseNumber, order.term, longest, found);
        }
        found.add(What.SUB_ACCOUNT, order.asset, account, uint160(order.wallet), uint256(order.subAccount));
        _conclude(preview, found);
    }

    /// @notice What would become of an {Arrest}.
    function previewArrest(
        Arrest calldata order,
        Approvals calldata approvals,
        uint256 from,
        uint256 count
    ) external view returns (Preview memory preview) {
        uint256 confirmed = order.confirm.length;
        uint256 to = _end(confirmed + order.place.length, from, count);
        Findings memory found = FindingsLib.create(to - from + 1);
        preview = _ballot(Act.ARREST, NO_AGENCY, order.hash(), order.signBy, approvals, found);
        _requireFilled(order.document, confirmed + order.place.length, found);
        uint256 latest = block.timestamp + _ruleOf(preview, approvals).term;
        if (order.until <= block.timestamp || order.until > latest) {
            found.refuse(Docket.DocketInvalidTerm.selector, abi.encode(order.until, latest));
        }
        uint32 caseNumber = _openCase(order.caseId, found);
        for (uint256 i = from; i < to && i < confirmed; ++i) {
            if (!_requireTarget(order.confirm, i, found)) continue;
            _confirm(order.confirm[i], caseNumber, uint40(order.until), found);
        }
        for (uint256 i = Math.max(from, confirmed); i < to; ++i) {
            if (!_requireTarget(order.place, i - confirmed, found)) continue;
            _placeArrested(order, order.place[i - confirmed], caseNumber, found);
        }
        _conclude(preview, found);
    }

    /// @notice What would become of a {Lift}. `act` is that of the targets that the page shows: the whole order is a Lift
    /// of an arrested hold as soon as a page of it is.
    function previewLift(
        Lift calldata order,
        Approvals calldata approvals,
        uint256 from,
        uint256 count
    ) external view returns (Preview memory preview) {
        uint256 to = _end(order.holds.length, from, count);
        Findings memory lifted = FindingsLib.create(to - from);
        uint8 act = Act.LIFT;
        uint32 caseNumber = _requireCase(order.caseId, lifted);
        for (uint256 i = from; i < to; ++i) {
            if (!_requireTarget(order.holds, i, lifted)) continue;
            if (_lift(order.holds[i], caseNumber, lifted)) act = Act.LIFT_ARRESTED;
        }
        _requireFilled(order.document, order.holds.length, lifted);
        preview = _ballot(act, NO_AGENCY, order.hash(), order.signBy, approvals, lifted);
        _conclude(preview, lifted);
    }

    /// @notice What would become of a {Seize}.
    function previewSeize(
        Seize calldata order,
        Approvals calldata approvals,
        uint256 from,
        uint256 count
    ) external view returns (Preview memory preview) {
        uint256 to = _end(order.holds.length, from, count);
        Findings memory found = FindingsLib.create(to - from + 1);
        preview = _ballot(Act.SEIZE, NO_AGENCY, order.hash(), order.signBy, approvals, found);
        _requireFilled(order.document, order.holds.length, found);
        uint32 caseNumber = _requireCase(order.caseId, found);
        if (caseNumber != 0 && !_caseAt(order.caseId).hasVault) {
            found.add(What.VAULT_CREATED, address(0), _vaultOf(order.caseId), 0, 0);
        }
        for (uint256 i = from; i < to; ++i) {
            if (_requireTarget(order.holds, i, found)) _seize(order.holds[i], caseNumber, found);
        }
        _conclude(preview, found);
    }

    function _placeProvisional(
        address asset,
        address account,
        uint256 amount,
        uint32 caseNumber,
        uint32 term,
        uint256 longest,
        Findings memory found
    ) private view {
        uint40 start = uint40(block.timestamp);
        uint40 until = start + term;
        Hold[] memory holds = _holdsOn(asset, account);
        uint256 live = 0;
        uint256 provisional = 0;
        uint40 oldest = 0;
        for (uint256 i = 0; i < holds.length; ++i) {
            bool isProvisional = holds[i].kind() == HoldLib.PROVISIONAL;
            if (isProvisional && oldest == 0) oldest = holds[i].since();
            if (!holds[i].isLive()) continue;
            ++live;
            if (isProvisional) ++provisional;
        }
        uint40 latest = oldest + uint40(longest);
        if (oldest != 0 && start < oldest + DOCKET.cooling() && until > latest) {
            found.refuse(HoldBook.DocketRollover.selector, abi.encode(asset, account, oldest, latest, until));
        }
        if (provisional >= MOST_PROVISIONAL) _refuseFull(asset, account, MOST_PROVISIONAL, found);
        else if (live >= MOST_HOLDS) _refuseFull(asset, account, MOST_HOLDS, found);
        Hold hold = HoldLib.create(HoldLib.PROVISIONAL, caseNumber, 0, start, until, amount);
        found.add(What.HELD, asset, account, amount, Hold.unwrap(hold));
    }

    function _placeArrested(
        Arrest calldata order,
        Target calldata target,
        uint32 caseNumber,
        Findings memory found
    ) private view {
        (address asset, address account) = (target.asset, target.account);
        bool subAccount = _standingOf(account) == Standing.SUB_ACCOUNT;
        if (!subAccount && !_requireHoldable(account, order.omnibus, found)) return;
        Hold[] memory holds = _holdsOn(asset, account);
        uint256 live = _confirmsPart(order, target, caseNumber) ? 1 : 0;
        uint40 since = uint40(block.timestamp);
        for (uint256 i = 0; i < holds.length; ++i) {
            if (!holds[i].isLive()) continue;
            ++live;
            if (holds[i].caseNumber() == caseNumber && holds[i].since() < since) since = holds[i].since();
        }
        uint40 until = uint40(order.until);
        _requireArrestTerm(target, since, until, found);
        if (live >= MOST_HOLDS) _refuseFull(asset, account, MOST_HOLDS, found);
        Hold hold = HoldLib.create(HoldLib.ARRESTED, caseNumber, 0, since, until, target.amount);
        found.add(What.ARRESTED, asset, account, target.amount, Hold.unwrap(hold));
    }

    /// @dev Whether a confirmation of the same order splits a hold on the account of `target`.
    function _confirmsPart(
        Arrest calldata order,
        Target calldata target,
        uint32 caseNumber
    ) private view returns (bool) {
        (uint256 low, uint256 high) = (0, order.confirm.length);
        while (low < high) {
            uint256 middle = (low + high) / 2;
            Target calldata other = order.confirm[middle];
            if (other.asset == target.asset && other.account == target.account) {
                return _confirm(other, caseNumber, uint40(order.until), FindingsLib.create(0));
            }
            if (_precedes(other, target)) low = middle + 1;
            else high = middle;
        }
        return false;
    }

    /// @return split Whether a part of a hold would be confirmed, which makes two of it.
    function _confirm(
        Target calldata target,
        uint32 caseNumber,
        uint40 until,
        Findings memory found
    ) private view returns (bool split) {
        Hold[] memory holds = _holdsOn(target.asset, target.account);
        uint256 live = 0;
        uint256 provisional = 0;
        for (uint256 i = 0; i < holds.length; ++i) {
            if (holds[i].isLive()) ++live;
            if (holds[i].kind() != HoldLib.PROVISIONAL || !holds[i].isLiveOf(caseNumber)) continue;
            provisional += holds[i].amount();
        }
        uint256 first = Math.min(target.amount, provisional);
        uint256 rest;
        (rest, split) = _confirmKind(holds, HoldLib.ARRESTED, target, caseNumber, target.amount - first, until, found);
        if (rest != 0) _refuseTooSmall(target, target.amount - rest, found);
        (, bool splitToo) = _confirmKind(holds, HoldLib.PROVISIONAL, target, caseNumber, first, until, found);
        split = split || splitToo;
        if (split && live >= MOST_HOLDS) _refuseFull(target.asset, target.account, MOST_HOLDS, found);
    }

    function _confirmKind(
        Hold[] memory holds,
        uint8 kind,
        Target calldata target,
        uint32 caseNumber,
        uint256 amount,
        uint40 until,
        Findings memory found
    ) private view returns (uint256 rest, bool split) {
        rest = amount;
        for (uint256 i = 0; i < holds.length && rest != 0; ++i) {
            Hold hold = holds[i];
            if (hold.kind() != kind || !hold.isLiveOf(caseNumber)) continue;
            if (until < hold.until()) {
                found.refuse(
                    HoldBook.DocketTermShortened.selector,
                    abi.encode(target.asset, target.account, hold.until(), until)
                );
            }
            _requireArrestTerm(target, hold.since(), until, found);
            uint256 part = Math.min(hold.amount(), rest);
            split = part < hold.amount();
            rest -= part;
            uint256 value = Hold.unwrap(hold.arrested(until, part));
            found.add(What.CONFIRMED, target.asset, target.account, part, value);
        }
    }

    /// @return anyArrested Whether an arrested hold would be touched.
    function _lift(
        Target calldata target,
        uint32 caseNumber,
        Findings memory found
    ) private view returns (bool anyArrested) {
        Hold[] memory holds = _holdsOn(target.asset, target.account);
        uint256 rest = target.amount;
        for (uint256 i = holds.length; i > 0 && rest != 0; --i) {
            Hold hold = holds[i - 1];
            if (!hold.isLiveOf(caseNumber)) continue;
            if (hold.kind() == HoldLib.ARRESTED) anyArrested = true;
            uint256 part = Math.min(hold.amount(), rest);
            rest -= part;
            uint256 value = Hold.unwrap(hold.withAmount(hold.amount() - part));
            found.add(What.LIFTED, target.asset, target.account, part, value);
        }
        if (rest != 0) _refuseTooSmall(target, target.amount - rest, found);
    }

    function _seize(Target calldata target, uint32 caseNumber, Findings memory found) private view {
        (address asset, address account) = (target.asset, target.account);
        bool subAccount = _standingOf(account) == Standing.SUB_ACCOUNT;
        if (!subAccount && !_requireHoldable(account, true, found)) return;
        Hold[] memory holds = _holdsOn(asset, account);
        uint256 free = subAccount ? REGISTER.withheldOf(asset, account) : IERC20(asset).balanceOf(account);
        uint256 taken = 0;
        bool any = false;
        for (uint256 i = 0; i < holds.length && taken < target.amount; ++i) {
            Hold hold = holds[i];
            if (!hold.isLive()) continue;
            if (hold.caseNumber() != caseNumber) {
                free = Math.saturatingSub(free, hold.amount());
                continue;
            }
            any = true;
            uint256 part = Math.min(Math.min(hold.amount(), target.amount - taken), free);
            taken += part;
            free -= part;
            found.add(What.SEIZED, asset, account, part, Hold.unwrap(hold.withAmount(hold.amount() - part)));
        }
        if (!any) _refuseTooSmall(target, 0, found);
        if (subAccount) {
            found.add(What.DEMANDED, asset, account, taken, uint160(REGISTER.subAccountOf(asset, account).wallet));
        }
    }

    function _requireCase(bytes32 caseId, Findings memory found) private view returns (uint32 number) {
        number = _caseAt(caseId).number;
        if (number == 0) found.refuse(Docket.DocketUnknownCase.selector, abi.encode(caseId));
    }

    /// @dev The target at `i`, for what every target must be.
    function _requireTarget(Target[] calldata targets, uint256 i, Findings memory found) private view returns (bool) {
        Target calldata target = targets[i];
        (address asset, address account) = (target.asset, target.account);
        if (i != 0 && !_precedes(targets[i - 1], target)) {
            found.refuse(Docket.DocketUnordered.selector, abi.encode(asset, account));
        }
        return _requireAsset(asset, found) && _requireUnits(asset, account, target.amount, found);
    }

    function _requireArrestTerm(
        Target calldata target,
        uint40 since,
        uint40 until,
        Findings memory found
    ) private view {
        uint40 latest = since + DOCKET.longestArrest();
        if (until <= latest) return;
        found.refuse(
            HoldBook.DocketArrestTooLong.selector,
            abi.encode(target.asset, target.account, since, latest, until)
        );
    }

    function _requireUnits(
        address asset,
        address account,
        uint256 amount,
        Findings memory found
    ) private pure returns (bool valid) {
        valid = amount != 0 && amount <= HoldLib.MAX_AMOUNT;
        if (!valid) {
            found.refuse(Docket.DocketInvalidAmount.selector, abi.encode(asset, account, amount));
        }
    }

    function _requireFilled(bytes32 document, uint256 targets, Findings memory found) private pure {
        if (document == 0) found.refuse(Docket.DocketZeroDocument.selector);
        if (targets == 0) found.refuse(Docket.DocketEmptyOrder.selector);
    }

    function _requireTerm(uint256 term, uint256 longest, Findings memory found) private pure {
        if (term == 0 || term > longest) {
            found.refuse(Docket.DocketInvalidTerm.selector, abi.encode(term, longest));
        }
    }

    function _refuseFull(address asset, address account, uint256 most, Findings memory found) private pure {
        found.refuse(HoldBook.DocketHoldsFull.selector, abi.encode(asset, account, most));
    }

    function _refuseTooSmall(Target calldata target, uint256 have, Findings memory found) private pure {
        bytes4 selector = HoldBook.DocketHoldTooSmall.selector;
        found.refuse(selector, abi.encode(target.asset, target.account, have, target.amount));
    }

    function _precedes(Target calldata a, Target calldata b) private pure returns (bool) {
        return a.asset != b.asset ? a.asset < b.asset : a.account < b.account;
    }
}
