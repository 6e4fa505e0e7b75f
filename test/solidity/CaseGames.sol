// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Disposal} from "../../contracts/Disposal.sol";
import {Docket} from "../../contracts/Docket.sol";
import {Act, Lift, Refund, Return} from "../../contracts/types/Order.sol";
import {HoldGames} from "./HoldGames.sol";
import {NO_AGENCY} from "./Seats.sol";
import {ASSETS, CASES} from "./Stage.sol";
import {Random, VM} from "./Vm.sol";

/// @notice What gives money back and winds cases up.
abstract contract CaseGames is HoldGames {
    /// @dev In kind, or in proceeds where what was taken was converted.
    function _playRefund(Random memory random) internal {
        (bool found, bytes32 caseId, address taken, address account, uint256 left) = _pickTaken(random);
        if (!found) return;
        Disposal.Conversion memory conversion = _disposal.conversionOf(caseId, taken, _other(taken));
        bool inKind = conversion.proceeds == 0 || random.oneIn(2);
        Refund memory item = Refund(taken, inKind ? taken : _other(taken), account, 0);
        uint256 most = inKind ? left : _inProceeds(left, conversion);
        item.amount = _upTo(random, most);
        uint256 used = inKind ? item.amount : _standsFor(item.amount, conversion);
        bool may = used <= left && item.amount <= _left(caseId, item.asset);
        if (!inKind && item.amount > conversion.proceeds - conversion.returned) may = false;
        (uint8 alternative, uint256 signers) = _draw(random, Act.RETURN);
        _refund(random, caseId, item, alternative, signers, may);
    }

    /// @dev A case can always be wound up: what is held is lifted or lapses, what was taken goes back as far as the case
    /// has it, and it closes once it has nothing.
    function _playWindUp(Random memory random) internal {
        bytes32 caseId = caseIds[random.below(CASES)];
        if (_docket.caseOf(caseId).number == 0 || !random.oneIn(3)) return;
        _liftAll(caseId);
        _execute(address(_docket), abi.encodeCall(Docket.lapse, (caseId, _everywhere())));
        VM.assertEq(_docket.caseOf(caseId).holds, 0, "a hold that can neither be lifted nor lapse");
        _refundAll(random, caseId);
        bool closes = !_docket.caseOf(caseId).closed;
        for (uint256 a = 0; a < ASSETS; ++a) {
            if (_left(caseId, assets[a]) + _disposal.ledgerOf(caseId, assets[a]).reserved != 0) closes = false;
        }
        uint8 act = _execute(address(_docket), abi.encodeCall(Docket.close, (caseId)));
        VM.assertEq(act, closes ? Act.CLOSE : 0, "a case without hold and money closes");
    }

    function _playBook(Random memory random) internal {
        bytes32 caseId = caseIds[random.below(CASES)];
        address asset = assets[random.below(ASSETS)];
        bool known = _docket.caseOf(caseId).number != 0;
        bool due = known && deposited[caseId][asset] != _docket.suspenseOf(caseId, asset);
        uint8 act = _execute(address(_docket), abi.encodeCall(Docket.book, (caseId, asset)));
        VM.assertEq(act, due ? Act.BOOK : 0, "a deposit in a known case is booked once");
    }

    function _playClose(Random memory random) internal {
        _execute(address(_docket), abi.encodeCall(Docket.close, (caseIds[random.below(CASES)])));
    }

    function _playOpen(Random memory random) internal {
        bytes32 caseId = caseIds[random.below(CASES)];
        bool known = _docket.caseOf(caseId).number != 0;
        bytes memory data = abi.encodeCall(Docket.open, (caseId, bytes32(random.seed), bytes32(~random.seed)));
        VM.assertEq(_execute(address(_docket), data), known ? Act.OPEN : 0, "a document of a known case can be opened");
    }

    /// @dev A payment that an asset had refused.
    function _playClaim(Random memory random) internal {
        uint256 n = CASES * _pairs();
        uint256 start = random.below(n);
        for (uint256 i = 0; i < n; ++i) {
            uint256 place = (start + i) % n;
            bytes32 caseId = caseIds[place % CASES];
            (address asset, address account) = _pair(place / CASES);
            uint256 due = _disposal.claimOf(caseId, asset, account).amount;
            if (due == 0) continue;
            _mayFall[asset][_docket.vaultOf(caseId)] = due;
            uint8 act = _execute(address(_disposal), abi.encodeCall(Disposal.claim, (caseId, asset, account)));
            bool pays = _accepts(asset, account);
            VM.assertEq(act, pays ? Act.CLAIM : 0, "a claim is paid as soon as its holder can be paid");
            if (pays) _countDeposit(account, asset, due);
            return;
        }
    }

    /// @dev A Return to one holder. It executes exactly when it may and its officers can, and reaches the holder or
    /// becomes its claim.
    function _refund(
        Random memory random,
        bytes32 caseId,
        Refund memory item,
        uint8 alternative,
        uint256 signers,
        bool may
    ) private {
        Return memory order;
        (order.caseId, order.document, order.signBy, order.salt) = _frame(caseId);
        order.holders = new Refund[](1);
        order.holders[0] = item;
        uint256 before = _has(caseId, item);
        bool accepted = _accepts(item.asset, item.account);
        _mayFall[item.asset][_docket.vaultOf(caseId)] += item.amount;
        (bytes memory data, ) = system.returnCall(order, alternative, signers);
        bool done = _order(random, address(_disposal), data, alternative, signers);
        bool able = system.meets(Act.RETURN, alternative, NO_AGENCY, signers);
        VM.assertTrue(done == (may && able), "a holder gets back exactly what was taken and the case has");
        if (!done) return;
        VM.assertEq(_has(caseId, item) - before, item.amount, "a refund reaches its holder or becomes its claim");
        if (accepted) _countDeposit(item.account, item.asset, item.amount);
    }

    function _has(bytes32 caseId, Refund memory item) private view returns (uint256) {
        uint256 claimed = _disposal.claimOf(caseId, item.asset, item.account).amount;
        return IERC20(item.asset).balanceOf(item.account) + claimed;
    }

    /// @dev By several orders where more is held than one may name.
    function _liftAll(bytes32 caseId) private {
        Lift memory order;
        (order.caseId, order.document, order.signBy, order.salt) = _frame(caseId);
        bool arrested;
        (order.holds, arrested) = _liveTargets(_docket.caseOf(caseId).number);
        if (order.holds.length == 0) return;
        uint8 act = arrested ? Act.LIFT_ARRESTED : Act.LIFT;
        (bytes memory data, ) = system.liftCall(order, 0, system.quorumFor(act, 0, _salts));
        if (_execute(address(_docket), data) == act) return _liftAll(caseId);
        // What is arrested may be younger or older than what is lifted first.
        (data, ) = system.liftCall(order, 0, system.quorumFor(Act.LIFT, 0, _salts));
        VM.assertEq(_execute(address(_docket), data), Act.LIFT, "live holds cannot be lifted");
        _liftAll(caseId);
    }

    /// @dev By two judges: a silent custodian cannot keep money.
    function _refundAll(Random memory random, bytes32 caseId) private {
        uint256 judges = system.quorumFor(Act.RETURN, 1, _salts);
        for (uint256 i = 0; i < _pairs(); ++i) {
            (address taken, address account) = _pair(i);
            uint256 amount = _least(_leftOf(caseId, taken, account), _left(caseId, taken));
            if (amount != 0) _refund(random, caseId, Refund(taken, taken, account, amount), 1, judges, true);
            Disposal.Conversion memory conversion = _disposal.conversionOf(caseId, taken, _other(taken));
            if (conversion.proceeds == 0) continue;
            amount = _inProceeds(_leftOf(caseId, taken, account), conversion);
            amount = _least(amount, _left(caseId, _other(taken)));
            if (amount == 0) continue;
            _refund(random, caseId, Refund(taken, _other(taken), account, amount), 1, judges, true);
        }
    }

    /// @dev The most proceeds that `amount` of what was taken stands for.
    function _inProceeds(uint256 amount, Disposal.Conversion memory conversion) private pure returns (uint256) {
        uint256 share = (amount * conversion.proceeds) / conversion.converted;
        return _least(share, conversion.proceeds - conversion.returned);
    }

    /// @dev What of what was taken `amount` of the proceeds stands for, rounded up.
    function _standsFor(uint256 amount, Disposal.Conversion memory conversion) private pure returns (uint256) {
        return (amount * conversion.converted + conversion.proceeds - 1) / conversion.proceeds;
    }

    function _least(uint256 a, uint256 b) private pure returns (uint256) {
        return a < b ? a : b;
    }
}
