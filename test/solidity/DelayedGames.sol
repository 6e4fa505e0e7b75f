// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Act, Stay, Veto} from "../../contracts/types/Order.sol";
import {Quorum} from "../../contracts/Quorum.sol";
import {NO_AGENCY, Seats} from "./Seats.sol";
import {Stage} from "./Stage.sol";
import {Random, VM} from "./Vm.sol";

/// @notice Orders between their decision and their execution.
abstract contract DelayedGames is Stage {
    /// @dev What is known of a delayed order. `order`: its encoding.
    struct Pending {
        uint8 act;
        uint8 alternative;
        uint8 about;
        bool appealed;
        bool over;
        uint16 stays;
        uint256 start;
        uint256 deadline;
        bytes32 caseId;
        bytes32 digest;
        bytes32[] ids;
        bytes order;
    }

    Pending[] internal _pending;

    /// @dev Any agency, any time: it moves the order once for each agency, and only while it waits.
    function _playStay(Random memory random) internal {
        (bool found, Pending storage delayed) = _pickPending(random, false);
        if (!found) return;
        (uint8 alternative, uint256 signers) = _draw(random, Act.STAY);
        Seats.Alternative memory rule = system.alternativeAt(Act.STAY, alternative);
        uint256 agency = 0;
        while (rule.officers[agency] == 0) ++agency;
        uint64 until = uint64(delayed.start + random.below(rule.term + 2));
        Stay memory order = Stay(delayed.digest, system.DOCUMENT(), until, system.SIGN_BY(), _salt());
        bytes32 digest = system.lens().digestOfStay(order);
        bytes memory data = abi.encodeCall(Quorum.stay, (order, system.approve(digest, alternative, signers)));
        bool may =
            _waits(delayed) &&
                delayed.act >= Act.FORFEIT &&
                delayed.act <= Act.TRANSFER &&
                (delayed.stays >> agency) & 1 == 0 &&
                until > delayed.start &&
                until <= block.timestamp + rule.term &&
                system.meets(Act.STAY, alternative, NO_AGENCY, signers);
        VM.assertEq(_execute(address(system.quorum()), data), may ? Act.STAY : 0, "a stay is not what the design says");
        if (!may) return;
        delayed.stays |= uint16(1 << agency);
        delayed.deadline += until - delayed.start;
        delayed.start = until;
    }

    function _playVeto(Random memory random) internal {
        (bool found, Pending storage delayed) = _pickPending(random, false);
        if (!found || !random.oneIn(3)) return;
        (uint8 alternative, uint256 signers) = _drawAbout(random, Act.VETO, delayed.about);
        Veto memory order = Veto(delayed.digest, system.DOCUMENT(), system.SIGN_BY(), _salt());
        bytes32 digest = system.lens().digestOfVeto(order);
        bytes memory data = abi.encodeCall(Quorum.veto, (order, system.approve(digest, alternative, signers)));
        bool can =
            alternative == 1
                ? delayed.act == Act.ADMIT && delayed.alternative != 0
                : delayed.act != Act.ADMIT || delayed.alternative != 2;
        bool may = can && _waits(delayed) && system.meets(Act.VETO, alternative, delayed.about, signers);
        VM.assertEq(_execute(address(system.quorum()), data), may ? Act.VETO : 0, "a veto is not what the design says");
        if (may) delayed.over = true;
    }

    /// @dev Schedules an order by the call `data`: exactly when it is valid and its officers can.
    function _schedule(
        address to,
        bytes memory data,
        Pending memory delayed,
        uint256 signers,
        bool valid
    ) internal returns (bool done) {
        delayed.ids = system.idsOf(signers);
        done = valid && system.meets(delayed.act, delayed.alternative, delayed.about, signers);
        uint8 act = _execute(to, data);
        VM.assertEq(act, done ? delayed.act : 0, "an order is scheduled exactly when it is valid and its officers can");
        if (!done) return false;
        VM.assertEq(_execute(to, data), 0, "an order was scheduled twice");
        Seats.Alternative memory rule = system.alternativeAt(delayed.act, delayed.alternative);
        delayed.start = block.timestamp + rule.delay;
        delayed.deadline = delayed.start + rule.grace;
        _pending.push(delayed);
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

    function _waits(Pending storage delayed) internal view returns (bool) {
        return !delayed.over && block.timestamp <= delayed.deadline;
    }

    function _isDue(Pending storage delayed) internal view returns (bool) {
        return _waits(delayed) && block.timestamp >= delayed.start && !system.anyCompromised(delayed.ids);
    }
}
