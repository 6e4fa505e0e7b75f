// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Docket} from "../../contracts/Docket.sol";
import {Account} from "../../contracts/interfaces/IDocket.sol";
import {Hold, HoldLib} from "../../contracts/types/Hold.sol";
import {Act} from "../../contracts/types/Act.sol";
import {Arrest, Cancel, Freeze, Lift, Seize, Target} from "../../contracts/types/Order.sol";
import {Standing} from "../../contracts/types/Standing.sol";
import {Approvals} from "../../contracts/interfaces/IQuorum.sol";
import {Stage, CASES, ASSETS} from "./Stage.sol";
import {Random, VM} from "./Vm.sol";

/// @notice Orders on holds, rightful and not.
abstract contract HoldGames is Stage {
    function _playFreeze(Random memory random) internal {
        Freeze memory order = _freeze(random, _drawCase(random));
        uint256 signers = _draw(random, Act.FREEZE);
        (bytes memory data, ) = system.freezeCall(order, signers);
        if (!_order(random, address(_docket), data, signers)) return;
        for (uint256 i = 0; i < order.targets.length; ++i) {
            address account = order.targets[i].account;
            VM.assertTrue(!_register.isOmnibus(account), "a Freeze held the money of many");
            VM.assertTrue(_docket.standingOf(account) != Standing.SUB_ACCOUNT, "a Freeze held a sub-account");
        }
    }

    function _playArrest(Random memory random) internal {
        (Arrest memory order, Hold hold) = _arrest(random);
        uint256 signers = _draw(random, Act.ARREST);
        (bytes memory data, ) = system.arrestCall(order, signers);
        Target memory target;
        if (order.confirm.length != 0) target = order.confirm[0];
        uint256 reached = _reached(target.asset, target.account, hold.caseNumber(), order.upTo, true);
        bool done = _order(random, address(_docket), data, signers);
        for (uint256 i = 0; done && i < order.place.length; ++i) {
            bool held = order.omnibus || !_register.isOmnibus(order.place[i].account);
            VM.assertTrue(held, "an Arrest that does not say so held the money of many");
        }
        if (!done || order.confirm.length == 0) return;
        VM.assertLe(target.amount, reached, "a later hold was confirmed than the court was shown");
        VM.assertLe(order.until - block.timestamp, system.ARREST_TERM(), "an arrest above its longest term");
        VM.assertLe(
            order.until,
            uint256(hold.since()) + system.LONGEST_ARREST(),
            "an arrest beyond the longest since its hold began"
        );
    }

    function _playLift(Random memory random) internal {
        (bool found, address asset, address account, Hold hold) = _pick(random, true);
        if (!found) return;
        Lift memory order;
        (order.caseId, order.document, order.signBy, order.salt) = _frame(_docket.caseIdOf(hold.caseNumber()));
        (order.upTo, order.arrested) = (_drawNewest(random), (hold.kind() == HoldLib.ARRESTED) != random.oneIn(8));
        uint256 reached = _reached(asset, account, hold.caseNumber(), order.upTo, order.arrested);
        order.holds = new Target[](1);
        uint256 amount = _atMost(random, reached);
        order.holds[0] = Target(asset, account, amount > HoldLib.MAX_AMOUNT ? HoldLib.MAX_AMOUNT : amount);
        uint8 act = order.arrested ? Act.LIFT_ARRESTED : Act.LIFT;
        uint256 signers = _draw(random, act);
        (bytes memory data, ) = system.liftCall(order, signers);
        bool may = order.holds[0].amount <= reached && order.upTo <= _docket.placements() && _able(act, signers);
        bool done = _order(random, address(_docket), data, signers);
        VM.assertTrue(done == may, "an order lifts what it reaches, and nothing else");
    }

    function _playSeize(Random memory random) internal {
        (bool found, Seize memory order) = _seize(random);
        if (!found) return;
        uint32 caseNumber = _docket.caseOf(order.caseId).number;
        uint256[] memory seizable = new uint256[](order.holds.length);
        uint256[] memory before = new uint256[](order.holds.length);
        for (uint256 i = 0; i < order.holds.length; ++i) {
            Target memory target = order.holds[i];
            before[i] = _owned(order.caseId, target);
            seizable[i] = _seizable(order, target, caseNumber, before[i]);
            _mayFall[target.asset][target.account] = seizable[i];
        }
        uint256 signers = _draw(random, Act.SEIZE);
        (bytes memory data, ) = system.seizeCall(order, signers);
        if (!_order(random, address(_docket), data, signers)) return;
        for (uint256 i = 0; i < order.holds.length; ++i) {
            Target memory target = order.holds[i];
            uint256 now_ = _owned(order.caseId, target);
            uint256 seized = _isSub(target.account) ? now_ - before[i] : before[i] - now_;
            VM.assertEq(seized, seizable[i], "seized is what earlier holds leave");
            bytes32 ofVault = _caseOfVault(target.account);
            if (ofVault != 0) deposited[ofVault][target.asset] -= seized;
        }
    }

    /// @dev An officer withdraws an approval before the order is executed.
    function _playWithdraw(Random memory random) internal {
        Freeze memory order = _freeze(random, _drawCase(random));
        uint256 signers = _draw(random, Act.FREEZE);
        if (random.oneIn(2)) signers |= _draw(random, Act.FREEZE);
        (bytes memory data, bytes32 digest) = system.freezeCall(order, signers);
        uint256 place = random.below(system.officerCount());
        if (system.officerAt(place).dismissed) return;
        uint256 withdrawing = 1 << place;
        bytes32 salt = keccak256(abi.encode(++_salts));
        (bytes memory cancel, ) = system.cancelCall(Cancel(digest, _signBy(), salt), withdrawing);
        VM.assertTrue(_execute(address(system.quorum()), cancel) == Act.CANCEL, "an officer cannot withdraw");
        _order(random, address(_docket), data, signers & ~withdrawing);
    }

    /// @dev The approvals are of another order: one with another amount, term or salt.
    function _playForge(Random memory random) internal {
        Freeze memory order = _freeze(random, _drawCase(random));
        bytes32 digest = system.lens().digestOfFreeze(order);
        uint256 field = random.below(4);
        if (field == 0) order.targets[0].amount += 1;
        else if (field == 1) order.term = order.term == 1 ? 2 : order.term - 1;
        else if (field == 2) order.salt = keccak256(abi.encode(++_salts));
        else order.caseId = order.caseId == caseIds[0] ? caseIds[1] : caseIds[0];
        Freeze[] memory orders = new Freeze[](1);
        Approvals[] memory approvals = new Approvals[](1);
        orders[0] = order;
        approvals[0] = system.approve(digest, system.quorumFor(Act.FREEZE, 0, random.seed));
        uint8 act = _execute(address(_docket), abi.encodeCall(Docket.freeze, (orders, approvals, "")));
        VM.assertEq(act, 0, "approvals of one order executed another");
    }

    /// @dev Just the signatures that are needed, but one doubled, two exchanged, one a stranger's, or one cut short.
    function _playBotch(Random memory random) internal {
        Freeze[] memory orders = new Freeze[](1);
        Approvals[] memory approvals = new Approvals[](1);
        orders[0] = _freeze(random, _drawCase(random));
        bytes32 digest = system.lens().digestOfFreeze(orders[0]);
        uint256 signers = system.quorumFor(Act.FREEZE, 0, random.seed);
        bytes[3] memory signatures;
        for (uint256 i = 0; i < 3; ++i) {
            uint256 one = signers & ~(signers - 1);
            signatures[i] = system.approve(digest, one).keys;
            signers ^= one;
        }
        (uint256 a, uint256 b) = (random.below(3), random.between(1, 2));
        b = (a + b) % 3;
        uint256 way = random.below(5);
        if (way < 2) signatures[a] = signatures[b];
        else if (way == 2) (signatures[a], signatures[b]) = (signatures[b], signatures[a]);
        else if (way == 3) signatures[a] = _sign(_key(a), digest);
        else signatures[a] = abi.encodePacked(bytes32(signatures[a]));
        approvals[0].keys = abi.encodePacked(signatures[0], signatures[1], signatures[2]);
        uint8 act = _execute(address(_docket), abi.encodeCall(Docket.freeze, (orders, approvals, "")));
        VM.assertEq(act, 0, "botched signatures executed an order");
    }

    function _playLapse(Random memory random) internal {
        (bool found, , , Hold hold) = _pick(random, false);
        if (!found) return;
        bytes memory data = abi.encodeCall(Docket.lapse, (_docket.caseIdOf(hold.caseNumber()), _everywhere()));
        VM.assertEq(_execute(address(_docket), data), Act.LAPSE, "a hold that ended does not lapse");
    }

    /// @dev Whom nobody can hold, whoever signs.
    function _playOverreach(Random memory random) internal {
        address[9] memory standing = [
            address(0),
            _docket.treasuryOf(assets[0]),
            address(_register),
            address(system.quorum()),
            address(_docket),
            address(_disposal),
            address(system.vaults()),
            address(_tenge),
            address(_fussy)
        ];
        bytes32 caseId = caseIds[random.below(CASES)];
        bool vault = random.oneIn(2) && _docket.caseOf(caseId).number != 0;
        address account = vault ? _docket.vaultOf(caseId) : standing[random.below(standing.length)];
        Target[] memory drawn = new Target[](1);
        drawn[0] = Target(assets[random.below(ASSETS)], account, ISSUED);
        bytes memory data;
        if (random.oneIn(2)) {
            Freeze memory freeze_ = _freeze(random, caseId);
            freeze_.targets = drawn;
            (data, ) = system.freezeCall(freeze_, system.quorumFor(Act.FREEZE, 0, random.seed));
        } else {
            Arrest memory arrest_;
            (arrest_.caseId, arrest_.document, arrest_.signBy, arrest_.salt) = _frame(caseId);
            (arrest_.place, arrest_.until) = (drawn, uint64(block.timestamp + 1 days));
            (data, ) = system.arrestCall(arrest_, system.quorumFor(Act.ARREST, 0, random.seed));
        }
        VM.assertEq(_execute(address(_docket), data), 0, "an account that can never be held was held");
    }

    function _freeze(Random memory random, bytes32 caseId) internal returns (Freeze memory order) {
        (order.caseId, order.document, order.signBy, order.salt) = _frame(caseId);
        order.targets = _drawTargets(random);
        order.term = uint32(random.between(1, random.oneIn(2) ? 1 days : system.TERM()));
    }

    /// @dev Confirms `hold` where it names one.
    function _arrest(Random memory random) internal returns (Arrest memory order, Hold hold) {
        (order.caseId, order.document, order.signBy, order.salt) = _frame(_drawCase(random));
        order.until = uint64(block.timestamp + random.between(1 days, 180 days));
        order.upTo = _drawNewest(random);
        (bool found, address asset, address account, Hold picked) = _pick(random, true);
        if (found && !random.oneIn(4)) {
            hold = picked;
            order.caseId = _docket.caseIdOf(hold.caseNumber());
            if (random.oneIn(2) && order.until < hold.until()) order.until = hold.until();
            order.confirm = new Target[](1);
            order.confirm[0] = Target(asset, account, _atMost(random, _live(asset, account, hold.caseNumber())));
        }
        if (order.confirm.length == 0 || random.oneIn(3)) order.place = _drawTargets(random);
        order.omnibus = random.oneIn(2);
    }

    /// @dev From one account, or from all in which the case has live holds.
    function _seize(Random memory random) internal returns (bool found, Seize memory order) {
        (bool live, address asset, address account, Hold hold) = _pick(random, true);
        if (!live) return (false, order);
        (order.caseId, order.document, order.signBy, order.salt) = _frame(_docket.caseIdOf(hold.caseNumber()));
        (order.upTo, order.holds) = (_drawNewest(random), _liveTargets(hold.caseNumber()));
        if (!random.oneIn(3)) {
            order.holds = new Target[](1);
            order.holds[0] = Target(asset, account, _live(asset, account, hold.caseNumber()));
        }
        for (uint256 i = 0; i < order.holds.length; ++i) {
            uint256 amount = random.between(1, 2 * order.holds[i].amount);
            order.holds[i].amount = amount > HoldLib.MAX_AMOUNT ? HoldLib.MAX_AMOUNT : amount;
        }
        return (true, order);
    }

    /// @dev One or two targets, ascending.
    function _drawTargets(Random memory random) private view returns (Target[] memory drawn) {
        uint256 n = random.oneIn(3) ? 2 : 1;
        uint256 index = random.oneIn(4) ? 0 : random.below(_pairs() - n + 1);
        drawn = new Target[](n);
        for (uint256 i = 0; i < n; ++i) {
            (drawn[i].asset, drawn[i].account) = _pair(index + i);
            drawn[i].amount = random.oneIn(16) ? HoldLib.MAX_AMOUNT : random.between(1, ISSUED);
        }
    }

    /// @dev Serves the live holds one after the other from the balance; answers what those of the case get that the order
    /// reaches. Of a sub-account the balance is what the platform withholds; it owes whole on what it said nothing.
    function _seizable(
        Seize memory order,
        Target memory target,
        uint32 caseNumber,
        uint256 balance
    ) private view returns (uint256 seizable) {
        uint256 answered = type(uint32).max;
        if (_isSub(target.account)) (balance, answered) = _register.withheldOf(target.asset, target.account);
        Hold[] memory holds = _docket.holdsOf(target.asset, target.account);
        for (uint256 i = 0; i < holds.length; ++i) {
            Hold hold = holds[i];
            if (block.timestamp > hold.until()) continue;
            bool asked = hold.number() > answered;
            uint256 served = hold.amount() < balance || asked ? hold.amount() : balance;
            balance -= served < balance ? served : balance;
            if (hold.caseNumber() == caseNumber && hold.number() <= order.upTo) seizable += served;
        }
        if (seizable > target.amount) seizable = target.amount;
    }

    /// @dev What a seizure takes from, or of a sub-account what it adds to: what the platform owes.
    function _owned(bytes32 caseId, Target memory target) private view returns (uint256) {
        return
            _isSub(target.account)
                ? _register.dueOf(caseId, target.asset, target.account)
                : IERC20(target.asset).balanceOf(target.account);
    }

    function _isSub(address account) private view returns (bool) {
        return _docket.standingOf(account) == Standing.SUB_ACCOUNT;
    }

    /// @dev Every pair.
    function _everywhere() internal view returns (Account[] memory all) {
        all = new Account[](_pairs());
        for (uint256 i = 0; i < all.length; ++i) (all[i].asset, all[i].account) = _pair(i);
    }
}
