// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Disposal} from "../../contracts/Disposal.sol";
import {Docket} from "../../contracts/Docket.sol";
import {Act} from "../../contracts/types/Act.sol";
import {Lift, Refund, Return} from "../../contracts/types/Order.sol";
import {HoldGames} from "./HoldGames.sol";
import {ASSETS, CASES} from "./Stage.sol";
import {Random, VM} from "./Vm.sol";

/// @notice What gives money back and winds cases up.
abstract contract CaseGames is HoldGames {
    function _playRefund(Random memory random) internal {
        (bool found, bytes32 caseId, Refund memory item, bool may) = _drawRefund(random);
        if (found) _refund(random, caseId, item, _draw(random, Act.RETURN), may);
    }

    /// @dev In kind, or in proceeds where what was taken was converted.
    /// @return found Whether there is something to give back.
    /// @return caseId Of the case that has it.
    /// @return item What, and to whom.
    /// @return may Whether no more than was taken and is there.
    function _drawRefund(
        Random memory random
    ) internal view returns (bool found, bytes32 caseId, Refund memory item, bool may) {
        address taken;
        address account;
        uint256 left;
        (found, caseId, taken, account, left) = _pickTaken(random);
        if (!found) return (found, caseId, item, may);
        Conversion memory conversion = _conversionOf(caseId, taken);
        bool inKind = conversion.converted == 0 || random.oneIn(2);
        item = Refund(taken, inKind ? taken : _other(taken), account, 0);
        uint256 most = inKind ? left : _inProceeds(left, conversion);
        item.amount = _atMost(random, most);
        uint256 used = inKind ? item.amount : _standsFor(item.amount, conversion);
        uint256 there = inKind ? _leftInKind(caseId, taken) : _proceedsOf(caseId, item.asset, conversion);
        may = used <= left && item.amount <= there;
    }

    /// @dev A case can always be wound up: what is held is lifted or lapses, what was taken goes back as far as the case
    /// has it.
    function _playWindUp(Random memory random) internal {
        bytes32 caseId = caseIds[random.below(CASES)];
        if (_docket.caseOf(caseId).number == 0 || !random.oneIn(3)) return;
        _liftAll(caseId);
        _execute(address(_docket), abi.encodeCall(Docket.lapse, (caseId, _everywhere())));
        _refundAll(random, caseId);
        for (uint256 i = 0; i < _pairs(); ++i) {
            (address asset, address account) = _pair(i);
            uint256 held = _live(asset, account, _docket.caseOf(caseId).number);
            VM.assertEq(held, 0, "a hold that can neither be lifted nor lapse");
            bool owed = _leftOf(caseId, asset, account) != 0 && _leftInKind(caseId, asset) != 0;
            VM.assertTrue(!owed, "what is there cannot go back to whom it was taken from");
        }
    }

    function _playBook(Random memory random) internal {
        bytes32 caseId = caseIds[random.below(CASES)];
        address asset = assets[random.below(ASSETS)];
        bool known = _docket.caseOf(caseId).number != 0;
        bool due = known && deposited[caseId][asset] != auditor.sumsOf(caseId, asset).suspense;
        uint8 act = _execute(address(_disposal), abi.encodeCall(Disposal.book, (caseId, asset)));
        VM.assertEq(act, due ? Act.BOOK : 0, "a deposit in a known case is booked once");
    }

    function _playOpen(Random memory random) internal {
        bytes32 caseId = caseIds[random.below(CASES)];
        bool known = _docket.caseOf(caseId).number != 0;
        bytes memory data = abi.encodeCall(Disposal.open, (caseId, bytes32(random.seed), bytes32(~random.seed)));
        uint8 act = _execute(address(_disposal), data);
        VM.assertEq(act, known ? Act.OPEN : 0, "a document of a known case can be opened");
    }

    /// @dev A payment that an asset had refused.
    function _playClaim(Random memory random) internal {
        uint256 n = CASES * _pairs();
        uint256 start = random.below(n);
        for (uint256 i = 0; i < n; ++i) {
            uint256 place = (start + i) % n;
            bytes32 caseId = caseIds[place % CASES];
            (address asset, address account) = _pair(place / CASES);
            uint256 due = _claimOf(caseId, asset, account);
            if (due == 0) continue;
            _mayFall[asset][_docket.vaultOf(caseId)] = due;
            (address caller, bool pays) = _drawClaimant(random, asset, account);
            if (!_accepts(asset, account)) pays = false;
            bytes memory data = abi.encodeCall(Disposal.claim, (caseId, asset, account));
            uint8 act = _executeAs(caller, address(_disposal), data);
            VM.assertEq(act, pays ? Act.CLAIM : 0, "a claim is paid as soon as its holder can be paid");
            if (pays) _countDeposit(account, asset, due);
            return;
        }
    }

    /// @dev A Return to one holder. It executes exactly when it may and its officers can, and reaches the holder or
    /// becomes its claim.
    function _refund(Random memory random, bytes32 caseId, Refund memory item, uint256 signers, bool may) private {
        Return memory order = _return(caseId, item);
        uint256 before = _has(caseId, item);
        bool accepted = _accepts(item.asset, item.account);
        _mayFall[item.asset][_docket.vaultOf(caseId)] += item.amount;
        (bytes memory data, ) = system.returnCall(order, signers);
        bool done = _order(random, address(_disposal), data, signers);
        VM.assertTrue(
            done == (may && _able(Act.RETURN, signers)),
            "a holder gets back exactly what was taken and the case has"
        );
        if (!done) return;
        VM.assertEq(_has(caseId, item) - before, item.amount, "a refund reaches its holder or becomes its claim");
        if (accepted) _countDeposit(item.account, item.asset, item.amount);
    }

    function _return(bytes32 caseId, Refund memory item) internal returns (Return memory order) {
        (order.caseId, order.document, order.signBy, order.salt) = _frame(caseId);
        order.holders = new Refund[](1);
        order.holders[0] = item;
    }

    function _has(bytes32 caseId, Refund memory item) private view returns (uint256) {
        return IERC20(item.asset).balanceOf(item.account) + _claimOf(caseId, item.asset, item.account);
    }

    /// @dev By several orders where more is held than one may name.
    function _liftAll(bytes32 caseId) internal {
        Lift memory order;
        (order.caseId, order.document, order.signBy, order.salt) = _frame(caseId);
        order.holds = _liveTargets(_docket.caseOf(caseId).number);
        if (order.holds.length == 0) return;
        (order.upTo, order.arrested) = (_docket.placements(), true);
        (bytes memory data, ) = system.liftCall(order, system.quorumFor(Act.LIFT_ARRESTED, 0, _salts));
        VM.assertEq(_execute(address(_docket), data), Act.LIFT_ARRESTED, "live holds cannot be lifted");
        _liftAll(caseId);
    }

    /// @dev By two judges: a silent custodian cannot keep money.
    function _refundAll(Random memory random, bytes32 caseId) private {
        uint256 judges = system.quorumFor(Act.RETURN, 1, _salts);
        for (uint256 i = 0; i < _pairs(); ++i) {
            (address taken, address account) = _pair(i);
            uint256 amount = _least(_leftOf(caseId, taken, account), _leftInKind(caseId, taken));
            if (amount != 0) _refund(random, caseId, Refund(taken, taken, account, amount), judges, true);
            Conversion memory conversion = _conversionOf(caseId, taken);
            if (conversion.converted == 0) continue;
            amount = _inProceeds(_leftOf(caseId, taken, account), conversion);
            amount = _least(amount, _proceedsOf(caseId, _other(taken), conversion));
            if (amount == 0) continue;
            _refund(random, caseId, Refund(taken, _other(taken), account, amount), judges, true);
        }
    }

    /// @dev The most proceeds that `amount` of what was taken stands for.
    function _inProceeds(uint256 amount, Conversion memory conversion) private pure returns (uint256) {
        return (amount * conversion.proceeds) / conversion.converted;
    }

    /// @dev What of the proceeds of the conversion is still there.
    function _proceedsOf(bytes32 caseId, address asset, Conversion memory conversion) private view returns (uint256) {
        return _least(_docket.moneyOf(caseId, asset).proceeds, conversion.proceeds);
    }

    /// @dev What of what was taken `amount` of the proceeds stands for, rounded up.
    function _standsFor(uint256 amount, Conversion memory conversion) private pure returns (uint256) {
        return (amount * conversion.converted + conversion.proceeds - 1) / conversion.proceeds;
    }

    function _least(uint256 a, uint256 b) private pure returns (uint256) {
        return a < b ? a : b;
    }
}
