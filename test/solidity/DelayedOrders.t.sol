// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {DelayedOrder, DelayedOrders, DelayedState} from "../../contracts/base/DelayedOrders.sol";
import {Act} from "../../contracts/types/Order.sol";
import {VM} from "./Vm.sol";

/// @notice The delayed orders alone, with a door to every transition.
contract OpenDelayedOrders is DelayedOrders {
    constructor() EIP712("Sequester", "1") {}

    function seat(bytes32 officerId) external {
        _seat(0, 1, officerId);
    }

    function dismiss(bytes32 officerId, bool compromised) external {
        _unseat(officerId, compromised);
    }

    function schedule(bytes32 digest, DelayedOrder calldata order) external {
        _delayed[digest] = order;
    }

    function release(bytes32 digest, uint8 act, bytes32[] calldata officerIds) external {
        _release(digest, act, officerIds);
    }

    function stay(bytes32 digest, uint64 until, uint16 agencies, uint32 longest) external {
        _stay(digest, until, agencies, longest);
    }

    function appeal(bytes32 digest) external {
        _appeal(digest);
    }

    function veto(bytes32 digest, bool bySelf) external {
        _veto(digest, bySelf);
    }
}

/// @notice One delayed order under a random history, beside what a plain reading of the design says of it.
contract DelayedOrdersTest {
    /// @dev What the design knows of an order.
    struct Model {
        uint8 act;
        uint8 alternative;
        uint256 start;
        uint256 deadline;
        bool over;
        bool compromised;
        bool appealed;
        bool[8] stayedBy;
    }

    uint256 private constant STEPS = 24;
    uint32 private constant LONGEST_STAY = 30 days;
    uint256 private constant ANSWER = 15 days;
    bytes32 private constant DIGEST = keccak256("order");
    bytes32 private constant APPROVER = keccak256("approver");

    function testFuzz_historyIsThePlainReading(uint256 seed) external {
        OpenDelayedOrders orders = new OpenDelayedOrders();
        orders.seat(APPROVER);
        bytes32[] memory ids = new bytes32[](1);
        ids[0] = APPROVER;
        VM.warp(1_800_000_000);
        Model memory model = _draw(seed);
        orders.schedule(
            DIGEST,
            DelayedOrder({
                act: model.act,
                alternative: model.alternative,
                about: 3,
                state: DelayedState.WAITS,
                stays: 0,
                appealed: false,
                start: uint40(model.start),
                deadline: uint40(model.deadline),
                caseId: 0,
                approvers: keccak256(abi.encodePacked(ids))
            })
        );
        uint256 executions = 0;
        for (uint256 step = 0; step < STEPS; ++step) {
            seed = uint256(keccak256(abi.encode(seed)));
            uint256 roll = seed % 20;
            if (roll < 6) {
                VM.warp(block.timestamp + ((seed >> 8) % 12 days));
            } else if (roll < 10) {
                _stay(orders, model, seed >> 8);
            } else if (roll < 14) {
                bool may = !model.over && !model.compromised && _inTime(model) && block.timestamp >= model.start;
                bool done = _succeeds(
                    address(orders),
                    abi.encodeCall(OpenDelayedOrders.release, (DIGEST, model.act, ids))
                );
                VM.assertTrue(done == may, "execution is not what the design says");
                if (done) ++executions;
                if (done) model.over = true;
            } else if (roll == 14) {
                bool bySelf = (seed >> 8) % 2 == 0;
                bool can =
                    bySelf
                        ? model.act == Act.ADMIT && model.alternative != 0
                        : !(model.act == Act.ADMIT && model.alternative == 2);
                bool done = _succeeds(address(orders), abi.encodeCall(OpenDelayedOrders.veto, (DIGEST, bySelf)));
                VM.assertTrue(done == (can && !model.over && _inTime(model)), "veto is not what the design says");
                if (done) model.over = true;
            } else if (roll > 15) {
                _appeal(orders, model);
            } else if ((seed >> 8) % 4 == 0) {
                bool done = _succeeds(address(orders), abi.encodeCall(OpenDelayedOrders.dismiss, (APPROVER, true)));
                VM.assertTrue(done == !model.compromised, "an officer is marked as compromised once");
                model.compromised = true;
            }
            DelayedOrder memory kept = orders.delayedOf(DIGEST);
            VM.assertTrue(
                kept.start == model.start && kept.deadline == model.deadline && kept.appealed == model.appealed,
                "start and deadline are not what the design says"
            );
        }
        VM.assertTrue(executions <= 1, "executed twice");
    }

    function _draw(uint256 seed) private view returns (Model memory model) {
        uint8[4] memory acts = [Act.FORFEIT, Act.TRANSFER, Act.ADMIT, Act.CONFIGURE];
        model.act = acts[seed % 4];
        model.alternative = uint8((seed >> 8) % 3);
        model.start = block.timestamp + ((seed >> 16) % 20 days);
        model.deadline = model.start + 1 days + ((seed >> 64) % 40 days);
    }

    function _stay(OpenDelayedOrders orders, Model memory model, uint256 seed) private {
        uint256 agency = seed % 8;
        uint256 until = block.timestamp + ((seed >> 16) % 40 days);
        bool may =
            !model.over &&
                _inTime(model) &&
                model.act >= Act.FORFEIT &&
                model.act <= Act.TRANSFER &&
                !model.stayedBy[agency] &&
                until > model.start &&
                until <= block.timestamp + LONGEST_STAY;
        bool done = _succeeds(
            address(orders),
            abi.encodeCall(OpenDelayedOrders.stay, (DIGEST, uint64(until), uint16(1 << agency), LONGEST_STAY))
        );
        VM.assertTrue(done == may, "stay is not what the design says");
        if (!done) return;
        model.stayedBy[agency] = true;
        model.deadline += until - model.start;
        model.start = until;
    }

    /// @dev Before the start, as often as holders like; the first one moves the order by the time of its answer, once.
    function _appeal(OpenDelayedOrders orders, Model memory model) private {
        bool may = !model.over && _inTime(model) && block.timestamp < model.start;
        bool done = _succeeds(address(orders), abi.encodeCall(OpenDelayedOrders.appeal, (DIGEST)));
        VM.assertTrue(done == may, "an appeal is not what the design says");
        if (!done) return;
        uint256 answered = block.timestamp + ANSWER;
        if (!model.appealed && answered > model.start) {
            model.deadline += answered - model.start;
            model.start = answered;
        }
        model.appealed = true;
    }

    /// @notice Whatever a hundred holders appeal and seven agencies stay, the order starts within the time of one answer
    /// and of one stay each, and keeps its whole grace.
    function testFuzz_delayIsBounded(uint256 seed) external {
        OpenDelayedOrders orders = new OpenDelayedOrders();
        VM.warp(1_800_000_000);
        // `block.timestamp` is a constant to the optimizer.
        uint256 time = 1_800_000_000;
        uint256 scheduled = time + 15 days;
        orders.schedule(
            DIGEST,
            DelayedOrder({
                act: Act.FORFEIT,
                alternative: 0,
                about: 15,
                state: DelayedState.WAITS,
                stays: 0,
                appealed: false,
                start: uint40(scheduled),
                deadline: uint40(scheduled + 90 days),
                caseId: 0,
                approvers: 0
            })
        );
        uint256 stays = 0;
        for (uint256 i = 0; i < 100; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            DelayedOrder memory before = orders.delayedOf(DIGEST);
            bool stays_ = seed % 5 == 0;
            bytes memory data = abi.encodeCall(OpenDelayedOrders.appeal, (DIGEST));
            if (stays_) {
                uint64 until = uint64(before.start + ((seed >> 16) % 31 days));
                data = abi.encodeCall(
                    OpenDelayedOrders.stay,
                    (DIGEST, until, uint16(1 << ((seed >> 8) % 7)), LONGEST_STAY)
                );
            }
            bool done = _succeeds(address(orders), data);
            if (done && stays_) ++stays;
            DelayedOrder memory kept = orders.delayedOf(DIGEST);
            VM.assertEq(kept.deadline - kept.start, 90 days, "the grace is not what it was");
            VM.assertLe(
                kept.start,
                scheduled + ANSWER + stays * LONGEST_STAY,
                "an order is postponed beyond its bound"
            );
            VM.assertLe(stays, 7, "an agency stayed twice");
            if (seed % 3 == 0) VM.warp(time += 1 hours);
        }
        VM.assertTrue(orders.delayedOf(DIGEST).appealed, "nobody appealed");
    }

    function _inTime(Model memory model) private view returns (bool) {
        return block.timestamp <= model.deadline;
    }

    function _succeeds(address target, bytes memory data) private returns (bool success) {
        (success, ) = target.call(data);
    }
}
