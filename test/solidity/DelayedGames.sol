// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Act} from "../../contracts/types/Act.sol";
import {Stay, Veto} from "../../contracts/types/Order.sol";
import {Quorum} from "../../contracts/Quorum.sol";
import {AGENCIES, NO_AGENCY, Seats} from "./Seats.sol";
import {Stage} from "./Stage.sol";
import {SOLD, TAKEN} from "./ToldMoney.sol";
import {Random, VM} from "./Vm.sol";

/// @notice Orders between their decision and their execution.
abstract contract DelayedGames is Stage {
    /// @dev What is known of a delayed order. `order`: its encoding; `stayed`: days, by agency.
    struct Pending {
        uint8 act;
        uint8 alternative;
        uint8 about;
        bool appealed;
        bool over;
        uint8[AGENCIES] stayed;
        uint256 start;
        uint256 deadline;
        uint256 delay;
        bytes32 caseId;
        address asset;
        bytes32 digest;
        bytes32[] ids;
        bytes order;
    }

    uint256 private constant APPEAL = 15 days;

    Pending[] internal _pending;
    /// @dev When the last appeal came.
    mapping(bytes32 caseId => mapping(address asset => uint256)) private _appealedAt;

    /// @dev Any agency, any time, as far as its days reach, and only while the order is alive.
    function _playStay(Random memory random) internal {
        (bool found, Pending storage delayed) = _pickPending(random, false);
        if (!found) return;
        uint256 signers = _draw(random, Act.STAY);
        (bool able, uint8 alternative) = system.firstMet(Act.STAY, NO_AGENCY, signers);
        Seats.Alternative memory rule = system.alternativeAt(Act.STAY, alternative);
        uint256 agency = 0;
        while (rule.officers[agency] == 0) ++agency;
        uint256 from = delayed.start < block.timestamp ? block.timestamp : delayed.start;
        uint256 until = from + (random.oneIn(2) ? random.below(3 days) : random.below(rule.term + 2));
        Stay memory order = Stay(delayed.digest, system.DOCUMENT(), uint64(until), _signBy(), _salt());
        bytes32 digest = system.lens().digestOfStay(order);
        bytes memory data = abi.encodeCall(Quorum.stay, (order, system.approve(digest, signers)));
        uint256 used = delayed.stayed[agency] + (until - from) / 1 days + ((until - from) % 1 days == 0 ? 0 : 1);
        bool may = able && _waits(delayed) && _isDisposal(delayed) && until > from && used * 1 days <= rule.term;
        VM.assertEq(_execute(address(system.quorum()), data), may ? Act.STAY : 0, "a stay is not what the design says");
        if (!may) return;
        delayed.stayed[agency] = uint8(used);
        delayed.deadline += until - from;
        delayed.start = until;
    }

    function _playVeto(Random memory random) internal {
        (bool found, Pending storage delayed) = _pickPending(random, false);
        if (!found || !random.oneIn(3)) return;
        uint256 signers = _drawAbout(random, Act.VETO, delayed.about);
        Veto memory order = Veto(delayed.digest, system.DOCUMENT(), _signBy(), _salt());
        bytes32 digest = system.lens().digestOfVeto(order);
        bytes memory data = abi.encodeCall(Quorum.veto, (order, system.approve(digest, signers)));
        (bool able, ) = system.firstMet(Act.VETO, delayed.about, signers);
        bool may = able && _waits(delayed);
        VM.assertEq(_execute(address(system.quorum()), data), may ? Act.VETO : 0, "a veto is not what the design says");
        if (may) delayed.over = true;
    }

    /// @dev An appeal makes the delay of every order on the asset that is alive 15 days longer, once.
    function _appealAll(bytes32 caseId, address asset) internal {
        _appealedAt[caseId][asset] = block.timestamp;
        for (uint256 i = 0; i < _pending.length; ++i) {
            Pending storage delayed = _pending[i];
            if (delayed.caseId != caseId || delayed.asset != asset || !_isDisposal(delayed)) continue;
            if (_waits(delayed) && !delayed.appealed) _move(delayed);
        }
    }

    /// @dev Schedules an order by the call `data`: exactly when it is valid and its officers can. One that is scheduled
    /// within 15 days after an appeal is moved by it.
    function _schedule(
        address to,
        bytes memory data,
        Pending memory delayed,
        uint256 signers,
        bool valid
    ) internal returns (bool done) {
        bool able;
        (able, delayed.alternative) = system.firstMet(delayed.act, delayed.about, signers);
        done = valid && able;
        delayed.ids = system.idsOf(delayed.act, delayed.alternative, delayed.about, signers);
        uint8 act = _execute(to, data);
        VM.assertEq(act, done ? delayed.act : 0, "an order is scheduled exactly when it is valid and its officers can");
        if (!done) return false;
        VM.assertEq(_execute(to, data), 0, "an order was scheduled twice");
        Seats.Alternative memory rule = system.alternativeAt(delayed.act, delayed.alternative);
        (delayed.delay, delayed.start) = (rule.delay, block.timestamp + rule.delay);
        delayed.deadline = delayed.start + rule.grace;
        _pending.push(delayed);
        Pending storage kept = _pending[_pending.length - 1];
        if (_isDisposal(kept) && block.timestamp < _appealedAt[kept.caseId][kept.asset] + APPEAL) _move(kept);
    }

    /// @dev Executes a delayed order by the call `data`: exactly when it may and is in its time.
    function _finish(Pending storage delayed, address caller, address to, bytes memory data, bool may) internal {
        bool due = may && _isDue(delayed);
        VM.assertEq(_executeAs(caller, to, data), due ? Act.EXECUTE : 0, "an order executes exactly when it may");
        if (!due) return;
        delayed.over = true;
        VM.assertEq(_executeAs(caller, to, data), 0, "a delayed order was executed twice");
    }

    /// @dev A delayed order; if `due`, mostly one that can be executed now.
    function _pickPending(Random memory random, bool due) internal view returns (bool found, Pending storage delayed) {
        uint256 n = _pending.length;
        uint256 recent = n > 12 ? 12 : n;
        if (n == 0) {
            assembly ("memory-safe") {
                delayed.slot := 0
            }
            return (false, delayed);
        }
        uint256 start = random.below(recent);
        delayed = _pending[n - recent + start];
        if (random.oneIn(6)) return (true, delayed);
        for (uint256 i = 0; i < recent; ++i) {
            delayed = _pending[n - recent + ((start + i) % recent)];
            if (due ? _isDue(delayed) : _waits(delayed)) return (true, delayed);
        }
        return (true, delayed);
    }

    /// @dev What of the case's money of a kind has been there for the delay of the order, and the time of an appeal.
    function _freeFor(Pending storage delayed, uint8 kind) internal view returns (uint256) {
        return auditor.leftOf(delayed.caseId, delayed.asset, kind, block.timestamp - _ageFor(delayed));
    }

    /// @dev Of what was taken and of proceeds.
    function _freeFor(Pending storage delayed) internal view returns (uint256) {
        return _freeFor(delayed, TAKEN) + _freeFor(delayed, SOLD);
    }

    function _ageFor(Pending storage delayed) internal view returns (uint256) {
        return delayed.delay + (delayed.appealed ? APPEAL : 0);
    }

    function _isDisposal(Pending storage delayed) internal view returns (bool) {
        return delayed.act >= Act.FORFEIT && delayed.act <= Act.TRANSFER;
    }

    function _move(Pending storage delayed) private {
        delayed.appealed = true;
        (delayed.start, delayed.deadline) = (delayed.start + APPEAL, delayed.deadline + APPEAL);
    }

    function _waits(Pending storage delayed) internal view returns (bool) {
        return !delayed.over && block.timestamp <= delayed.deadline;
    }

    function _isDue(Pending storage delayed) internal view returns (bool) {
        return _waits(delayed) && block.timestamp >= delayed.start;
    }
}
