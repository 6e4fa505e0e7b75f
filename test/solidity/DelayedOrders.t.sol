// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Quorum} from "../../contracts/Quorum.sol";
import {Approvals} from "../../contracts/interfaces/IQuorum.sol";
import {Act} from "../../contracts/types/Act.sol";
import {DelayedOrder, DelayedState} from "../../contracts/types/Delayed.sol";
import {VM} from "./Vm.sol";

/// @notice The delayed orders of one case and asset, with a door to every transition.
contract OpenDelayedOrders is Quorum {
    bytes32 private constant CASE = "CASE";
    address private constant ASSET = address(0xa55e7);

    function seat(bytes32 officerId) external {
        _seat(0, 1, officerId);
    }

    function unseat(bytes32 officerId) external {
        _unseat(officerId, true);
    }

    function keep(bytes32 digest, uint8 act, uint32 delay, uint40 grace, bytes32 approver) external {
        uint40 start = uint40(block.timestamp) + delay;
        _delayed[digest] = DelayedOrder({
            act: act,
            alternative: 0,
            about: 15,
            state: DelayedState.WAITS,
            start: start,
            deadline: start + grace,
            delay: delay,
            firstAppeal: _firstAppeal(CASE, ASSET),
            needed: 1,
            asset: ASSET,
            caseId: CASE,
            approvers: keccak256(abi.encodePacked(approver))
        });
    }

    function release(
        bytes32 digest,
        uint8 act,
        bytes32[] calldata officerIds,
        Approvals calldata further
    ) external returns (uint40 age) {
        (age, ) = _release(digest, act, officerIds, further);
    }

    function postpone(bytes32 digest, uint64 until, uint8 agency, uint32 longest) external {
        _stay(digest, until, agency, longest);
    }

    function contest(bytes32 digest) external {
        _appeal(digest);
    }

    function end(bytes32 digest) external {
        _veto(digest);
    }
}

/// @notice Several delayed orders on one asset under a random history, beside what a plain reading of the design says.
contract DelayedOrdersTest {
    /// @dev What the design knows of an order: it is told of an appeal when that comes, and keeps no list.
    struct Model {
        uint8 act;
        bool over;
        bool compromised;
        bool appealed;
        uint256 delay;
        uint256 start;
        uint256 deadline;
        uint256 last;
        uint256[15] used;
    }

    uint256 private constant STEPS = 32;
    uint256 private constant ORDERS = 4;
    uint32 private constant LONGEST_STAY = 9 days;
    uint256 private constant ANSWER = 15 days;
    bytes32 private constant APPROVER = keccak256("approver");
    bytes32 private constant THIEF = keccak256("thief");

    OpenDelayedOrders private _orders;
    Model[] private _models;
    uint256 private _time;
    uint256 private _lastAppeal;
    bool private _stolen;

    function testFuzz_historyIsThePlainReading(uint256 seed) external {
        _begin();
        for (uint256 step = 0; step < STEPS; ++step) {
            seed = uint256(keccak256(abi.encode(seed)));
            uint256 roll = seed % 20;
            if (_models.length < ORDERS && (roll < 3 || _models.length == 0)) {
                _schedule(seed >> 8);
                continue;
            }
            uint256 place = (seed >> 8) % _models.length;
            if (roll < 9) VM.warp(_time += (seed >> 16) % (seed % 3 == 0 ? 20 days : 4 days));
            else if (roll < 13) _stay(place, seed >> 16);
            else if (roll < 16) _release(place);
            else if (roll < 18) _appeal(place);
            else if (roll == 18) _veto(place);
            else _steal();
            _compare();
        }
    }

    /// @notice Whatever a hundred holders appeal and fifteen agencies stay, an order is dead after its scheduling, its
    /// delay, its grace, 15 days, and the days for which it can be stayed; and it keeps its grace while it was not open.
    function testFuzz_delayIsBounded(uint256 seed) external {
        _begin();
        _orders.keep(bytes32(0), Act.FORFEIT, 15 days, 90 days, APPROVER);
        uint256 scheduled = _time;
        for (uint256 i = 0; i < 100; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            DelayedOrder memory order = _orders.delayedOf(bytes32(0));
            bytes memory data = abi.encodeCall(OpenDelayedOrders.contest, (bytes32(0)));
            if (seed % 3 != 0) {
                uint64 from = order.start > _time ? order.start : uint64(_time);
                data = abi.encodeCall(
                    OpenDelayedOrders.postpone,
                    (bytes32(0), uint64(from + ((seed >> 16) % 10 days)), uint8((seed >> 8) % 15), LONGEST_STAY)
                );
            }
            _succeeds(data);
            order = _orders.delayedOf(bytes32(0));
            uint256 most = scheduled + 105 days + ANSWER + 15 * uint256(LONGEST_STAY);
            VM.assertLe(order.deadline, most, "an order lives beyond its bound");
            VM.assertLe(order.start, order.deadline, "an order dies before it opens");
            if (seed % 5 == 0) VM.warp(_time += (seed >> 128) % 5 days);
        }
    }

    function _begin() private {
        _orders = new OpenDelayedOrders();
        _orders.seat(APPROVER);
        _orders.seat(THIEF);
        delete _models;
        (_time, _lastAppeal, _stolen) = (1_800_000_000, 0, false);
        VM.warp(_time);
    }

    function _schedule(uint256 seed) private {
        uint8[4] memory acts = [Act.FORFEIT, Act.TRANSFER, Act.CONVERT, Act.CONFIGURE];
        uint32 delay = uint32((seed >> 16) % 20 days);
        uint40 grace = uint40(1 days + ((seed >> 64) % 40 days));
        bool byThief = seed % 3 == 0;
        Model storage model = _models.push();
        (model.act, model.compromised) = (acts[seed % 4], byThief);
        (model.delay, model.start) = (delay, _time + delay);
        model.deadline = model.start + grace;
        // Those of the fifteen days before count for it, too; and the acts without holders take no part.
        model.appealed = _lastAppeal != 0 && _time - _lastAppeal < ANSWER;
        model.last = _time;
        if (model.appealed) (model.start, model.deadline) = (model.start + ANSWER, model.deadline + ANSWER);
        _orders.keep(bytes32(_models.length - 1), model.act, delay, grace, byThief ? THIEF : APPROVER);
    }

    function _stay(uint256 place, uint256 seed) private {
        Model storage model = _models[place];
        uint256 agency = seed % 15;
        uint256 from = model.start > _time ? model.start : _time;
        // Around now as around the start.
        uint256 until = ((seed >> 8) % 2 == 0 ? from : _time) + ((seed >> 16) % 10 days);
        uint256 adding = until > from ? (until - from + 1 days - 1) / 1 days : 0;
        bool may = _waits(model) && _isDisposal(model) && adding != 0 && model.used[agency] + adding <= 9;
        bool done = _succeeds(
            abi.encodeCall(OpenDelayedOrders.postpone, (bytes32(place), uint64(until), uint8(agency), LONGEST_STAY))
        );
        VM.assertTrue(done == may, "a stay is not what the design says");
        if (!done) return;
        model.used[agency] += adding;
        model.deadline += until - from;
        model.start = until;
        VM.assertEq(_orders.stayedBy(bytes32(place), uint8(agency)), model.used[agency], "days are not counted");
    }

    /// @dev As often as holders like, while the order waits: all orders of the asset that wait are moved, each once.
    function _appeal(uint256 place) private {
        bool may = _waits(_models[place]) && _isDisposal(_models[place]);
        bool done = _succeeds(abi.encodeCall(OpenDelayedOrders.contest, (bytes32(place))));
        VM.assertTrue(done == may, "an appeal is not what the design says");
        if (!done) return;
        _lastAppeal = _time;
        for (uint256 i = 0; i < _models.length; ++i) {
            Model storage model = _models[i];
            if (model.appealed || !_waits(model)) continue;
            model.appealed = true;
            model.start += ANSWER;
            model.deadline += ANSWER;
        }
    }

    function _release(uint256 place) private {
        Model storage model = _models[place];
        bytes32[] memory ids = new bytes32[](1);
        ids[0] = model.compromised ? THIEF : APPROVER;
        bool may = _waits(model) && _time >= model.start && !(model.compromised && _stolen);
        Approvals memory none;
        (bool done, bytes memory answer) = address(_orders).call(
            abi.encodeCall(OpenDelayedOrders.release, (bytes32(place), model.act, ids, none))
        );
        VM.assertTrue(done == may, "execution is not what the design says");
        if (!done) return;
        model.over = true;
        uint256 age = model.delay + (model.appealed ? ANSWER : 0);
        VM.assertEq(abi.decode(answer, (uint40)), age, "the age of money is not the delay and an appeal's time");
    }

    function _veto(uint256 place) private {
        bool may = _waits(_models[place]);
        bool done = _succeeds(abi.encodeCall(OpenDelayedOrders.end, (bytes32(place))));
        VM.assertTrue(done == may, "a veto is not what the design says");
        if (done) _models[place].over = true;
    }

    function _steal() private {
        bool done = _succeeds(abi.encodeCall(OpenDelayedOrders.unseat, (THIEF)));
        VM.assertTrue(done == !_stolen, "an officer is marked as compromised once");
        _stolen = true;
    }

    /// @dev Times of those that wait: what is over is of no interest to anybody.
    function _compare() private view {
        for (uint256 i = 0; i < _models.length; ++i) {
            Model storage model = _models[i];
            if (model.over) continue;
            DelayedOrder memory kept = _orders.delayedOf(bytes32(i));
            VM.assertEq(kept.start, model.start, "the start is not what the design says");
            VM.assertEq(kept.deadline, model.deadline, "the deadline is not what the design says");
        }
    }

    function _waits(Model storage model) private view returns (bool) {
        return !model.over && _time <= model.deadline;
    }

    function _isDisposal(Model storage model) private view returns (bool) {
        return model.act >= Act.FORFEIT && model.act <= Act.TRANSFER;
    }

    function _succeeds(bytes memory data) private returns (bool success) {
        (success, ) = address(_orders).call(data);
    }
}
