// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Account, Docket} from "../../contracts/Docket.sol";
import {Hold, HoldLib} from "../../contracts/types/Hold.sol";
import {Act, Arrest, Freeze, Lift, Seize, Target} from "../../contracts/types/Order.sol";
import {Tenge} from "../../contracts/Tenge.sol";
import {HoldModel} from "./HoldModel.sol";
import {System} from "./System.t.sol";
import {deploy, Random, VM} from "./Vm.sol";

/// @notice One account's holds in the docket against the same acts on a plain list: after every step the same acts are
/// refused, the same holds stand in the same order, the same amounts are live and were taken.
contract HoldBookTest {
    uint256 private constant START = 1_790_000_000;
    uint256 private constant STEPS = 40;
    uint32 private constant CASES = 3;
    address private constant HOLDER = address(0xA11CE);

    System private system;
    Docket private docket;
    Tenge private tenge;
    HoldModel private model;
    bytes32[] private caseIds;
    mapping(uint8 act => mapping(uint8 alternative => uint256)) private signers;

    /// @dev The second of the running step. `block.timestamp` is a constant to the optimizer.
    uint256 private time;
    uint256 private salts;

    function setUp() external {
        _warp(START);
        system = System(deploy("test/solidity/System.t.sol:System", ""));
        (docket, tenge) = (system.docket(), system.tenge());
        model = new HoldModel(CASES, system.LONGEST_ARREST());
        for (uint8 act = Act.FREEZE; act <= Act.SEIZE; ++act) {
            for (uint8 i = 0; i < system.alternativeCount(act); ++i) signers[act][i] = system.quorumFor(act, i, 0);
        }
        caseIds.push("CASE-1");
        caseIds.push("CASE-2");
        caseIds.push("CASE-3");
        // Opens the cases, so that their numbers are known.
        for (uint32 i = 1; i <= CASES; ++i) {
            Target[] memory elsewhere = _target(address(0xE15E), 1);
            VM.assertTrue(_freeze(i, elsewhere, 1), "a case cannot be opened");
            VM.assertTrue(_lift(i, elsewhere, false), "a hold cannot be lifted");
        }
    }

    function testFuzz_docketIsThePlainList(uint256 seed) external {
        Random memory random = Random(seed);
        // How often an act is played: all about equally; until the list is full; over long times.
        uint8[7][3] memory weights = [[5, 4, 3, 2, 2, 3, 1], [9, 6, 1, 1, 1, 2, 1], [6, 3, 2, 1, 3, 6, 1]];
        uint256 game = random.below(3);
        _mint(random.below(2000));
        for (uint256 step = 0; step < STEPS; ++step) {
            uint256 draw = random.below(
                game == 0
                    ? 20
                    : game == 1
                        ? 21
                        : 22
            );
            uint256 way = 0;
            while (draw >= weights[game][way]) draw -= weights[game][way++];
            uint32 caseNumber = uint32(random.between(1, CASES));
            if (way == 0) _playFreeze(random, caseNumber);
            else if (way == 1) _playArrest(random, caseNumber);
            else if (way == 2) _playLift(random, caseNumber);
            else if (way == 3) _playSeize(random, caseNumber);
            else if (way == 4) _playLapse(caseNumber);
            else if (way == 5)
                _playWait(
                    random,
                    game == 0
                        ? 3 days
                        : game == 1
                            ? 3 hours
                            : 20 days
                );
            else _playMoney(random);
            _compare();
        }
    }

    /// @notice Balance 80: A of 60, then B of 50. A takes 60, B then 20.
    function test_earlierHoldIsServedFirst() external {
        _mint(80);
        VM.assertTrue(_freeze(1, _target(HOLDER, 60), 10 days), "A");
        VM.assertTrue(_freeze(2, _target(HOLDER, 50), 10 days), "B");
        VM.assertTrue(_seize(2, _target(HOLDER, 50)), "B seizes");
        VM.assertEq(tenge.balanceOf(HOLDER), 60, "B takes what A leaves");
        VM.assertTrue(_seize(1, _target(HOLDER, 60)), "A seizes");
        VM.assertEq(tenge.balanceOf(HOLDER), 0, "A takes all that it holds");
        VM.assertEq(tenge.getFrozenTokens(HOLDER), 30, "the rest of B stays held");
    }

    /// @notice Whether a lapse was recorded changes nothing about when the next provisional hold may begin and end. The
    /// first hold began a cooling that the second one's, recorded late, must neither prolong ...
    function test_unrecordedLapseProlongsNoCooling() external {
        _freezeTwoAndRecordTheFirst();
        _warp(START + 41 days);
        VM.assertTrue(
            _arrest(3, _target(HOLDER, 0), _target(HOLDER, 10), time + 1 days),
            "an arrest after the cooling"
        );
        VM.assertTrue(_freeze(3, _target(HOLDER, 10), 10 days), "a provisional hold after the cooling");
    }

    /// @notice ... nor hide the one that begins after it.
    function test_unrecordedLapseHidesNoCooling() external {
        _freezeTwoAndRecordTheFirst();
        _warp(START + 41 days);
        VM.assertTrue(_freeze(3, _target(HOLDER, 10), 10 days), "a provisional hold after the cooling");
        _warp(START + 46 days);
        VM.assertTrue(!_freeze(3, _target(HOLDER, 10), 10 days), "a provisional hold rolled over");
        VM.assertTrue(_freeze(3, _target(HOLDER, 10), 5 days), "a provisional hold that ends with the first");
    }

    /// @notice Suspense moves by Transfer alone: no hold can reach what was booked in a vault, seized from yet or not.
    function test_bookedSuspenseCannotBeHeld() external {
        caseIds.push("CASE-4");
        address vault = docket.vaultOf(caseIds[3]);
        VM.prank(system.ISSUER());
        tenge.mint(vault, 100);
        VM.assertTrue(_freeze(2, _target(vault, 30), 10 days), "nobody knows yet that it is a vault");
        VM.assertTrue(!_call(abi.encodeCall(Docket.book, (caseIds[3], address(tenge)))), "no order named the case");
        VM.assertTrue(_freeze(4, _target(HOLDER, 1), 10 days), "an order names the case");
        VM.assertTrue(!_freeze(3, _target(vault, 30), 10 days), "the vault of a named case was held");
        docket.book(caseIds[3], address(tenge));
        VM.assertEq(tenge.getFrozenTokens(vault), 0, "booking releases a vault");
        VM.assertTrue(!_arrest(2, _target(vault, 0), _target(vault, 100), time + 1 days), "a booked vault was held");
        VM.assertTrue(!_seize(2, _target(vault, 100)), "suspense was seized");
        VM.assertEq(tenge.balanceOf(vault), docket.suspenseOf(caseIds[3], address(tenge)), "suspense is in the vault");
    }

    function _freezeTwoAndRecordTheFirst() private {
        VM.assertTrue(_freeze(1, _target(HOLDER, 10), 10 days), "the first hold");
        _warp(START + 5 days);
        VM.assertTrue(_freeze(2, _target(HOLDER, 10), 5 days), "a second hold that ends with the first");
        _warp(START + 12 days);
        VM.assertTrue(_lapse(1), "the lapse of the first hold");
    }

    function _playFreeze(Random memory random, uint32 caseNumber) private {
        uint256 term = random.between(1, 10 days);
        uint256 start = model.coolingStart();
        if (start != 0 && time < start + 10 days && !random.oneIn(6)) term = random.between(1, start + 10 days - time);
        uint256 amount = random.oneIn(30) ? HoldLib.MAX_AMOUNT : random.between(1, 300);
        bool expected = _modelled(abi.encodeCall(HoldModel.freeze, (caseNumber, amount, time + term)));
        VM.assertTrue(_freeze(caseNumber, _target(HOLDER, amount), term) == expected, "freeze");
    }

    function _playArrest(Random memory random, uint32 caseNumber) private {
        uint256 live = model.liveOf(caseNumber);
        uint256 confirmed = live == 0 || random.oneIn(3) ? 0 : random.between(1, live + (random.oneIn(5) ? 1 : 0));
        uint256 placed = confirmed != 0 && !random.oneIn(4) ? 0 : random.between(1, 300);
        if (confirmed > HoldLib.MAX_AMOUNT) confirmed = HoldLib.MAX_AMOUNT;
        uint256 until = time + random.between(random.oneIn(3) ? 1 : 100 days, 180 days);
        bool expected = _modelled(abi.encodeCall(HoldModel.arrest, (caseNumber, confirmed, placed, until)));
        bool done = _arrest(caseNumber, _target(HOLDER, confirmed), _target(HOLDER, placed), until);
        VM.assertTrue(done == expected, "arrest");
    }

    function _playLift(Random memory random, uint32 caseNumber) private {
        uint256 live = model.liveOf(caseNumber);
        uint256 amount = random.oneIn(3) ? live : random.between(1, live + 1);
        if (amount == 0) amount = 1;
        if (amount > HoldLib.MAX_AMOUNT) amount = HoldLib.MAX_AMOUNT;
        (bool expected, bytes memory answer) = address(model).call(
            abi.encodeCall(HoldModel.lift, (caseNumber, amount))
        );
        bool arrested = expected && abi.decode(answer, (bool));
        VM.assertTrue(_lift(caseNumber, _target(HOLDER, amount), arrested) == expected, "lift");
    }

    function _playSeize(Random memory random, uint32 caseNumber) private {
        uint256 amount = random.between(1, 600);
        uint256 balance = tenge.balanceOf(HOLDER);
        bytes memory call = abi.encodeCall(HoldModel.seize, (caseNumber, amount, balance));
        (bool expected, bytes memory answer) = address(model).call(call);
        VM.assertTrue(_seize(caseNumber, _target(HOLDER, amount)) == expected, "seize");
        uint256 taken = expected ? abi.decode(answer, (uint256)) : 0;
        VM.assertEq(balance - tenge.balanceOf(HOLDER), taken, "taken");
    }

    function _playLapse(uint32 caseNumber) private {
        bool expected = _modelled(abi.encodeCall(HoldModel.lapse, (caseNumber)));
        VM.assertTrue(_lapse(caseNumber) == expected, "lapse");
    }

    /// @dev Some while, or to the second in which a hold or a cooling ends, or one beside it.
    function _playWait(Random memory random, uint256 longest) private {
        HoldModel.Entry[] memory list = model.listed();
        uint256 start = model.coolingStart();
        uint256 way = random.below(4);
        uint256 to = time + random.between(1, longest);
        if (way == 0 && list.length != 0) to = list[random.below(list.length)].until + random.below(2);
        if (way == 1 && start != 0) to = start + 40 days - random.below(2);
        if (to > time) _warp(to);
    }

    function _playMoney(Random memory random) private {
        uint256 balance = tenge.balanceOf(HOLDER);
        uint256 live = model.liveOf(0);
        if (balance > live && random.oneIn(2)) {
            VM.prank(HOLDER);
            tenge.transfer(address(0xB0B), random.between(0, balance - live));
        } else {
            _mint(random.below(1000));
        }
    }

    function _compare() private view {
        HoldModel.Entry[] memory list = model.listed();
        Hold[] memory holds = docket.holdsOf(address(tenge), HOLDER);
        uint256[4] memory counts;
        uint256 n = 0;
        for (uint256 i = 0; i < holds.length; ++i) {
            Hold hold = holds[i];
            if (hold.amount() == 0) continue;
            VM.assertTrue(n < list.length, "a hold too many");
            HoldModel.Entry memory entry = list[n++];
            VM.assertEq(hold.number(), entry.number, "number");
            VM.assertEq(hold.caseNumber(), entry.caseNumber, "case");
            VM.assertEq(hold.kind(), entry.kind, "kind");
            VM.assertEq(hold.since(), entry.since, "since");
            VM.assertEq(hold.until(), entry.until, "until");
            VM.assertEq(hold.amount(), entry.amount, "amount");
            ++counts[entry.caseNumber];
        }
        VM.assertEq(n, list.length, "a hold too few");
        VM.assertLe(holds.length, n + 1, "one empty hold keeps the cooling");
        for (uint256 i = 1; i <= CASES; ++i) {
            VM.assertEq(docket.caseOf(caseIds[i - 1]).holds, counts[i], "holds of a case");
        }

        uint256 live = model.liveOf(0);
        if (live > HoldLib.MAX_AMOUNT) live = HoldLib.MAX_AMOUNT;
        (uint256 held, ) = docket.heldOf(address(tenge), HOLDER);
        VM.assertEq(held, live, "held");
        VM.assertEq(tenge.getFrozenTokens(HOLDER), live, "frozen");
        uint256 balance = tenge.balanceOf(HOLDER);
        uint256 free = balance > live ? balance - live : 0;
        VM.assertTrue(tenge.canTransfer(HOLDER, address(0xB0B), free), "what no hold names is free");
        VM.assertTrue(free == balance || !tenge.canTransfer(HOLDER, address(0xB0B), free + 1), "what is held stays");
    }

    function _modelled(bytes memory data) private returns (bool ok) {
        (ok, ) = address(model).call(data);
    }

    function _call(bytes memory data) private returns (bool ok) {
        (ok, ) = address(docket).call(data);
    }

    function _freeze(uint32 caseNumber, Target[] memory targets, uint256 term) private returns (bool) {
        Freeze memory order;
        (order.caseId, order.document, order.signBy, order.salt) = _frame(caseNumber);
        (order.targets, order.term) = (targets, uint32(term));
        (bytes memory data, ) = system.freezeCall(order, 0, signers[Act.FREEZE][0]);
        return _call(data);
    }

    function _arrest(
        uint32 caseNumber,
        Target[] memory confirm,
        Target[] memory place,
        uint256 until
    ) private returns (bool) {
        Arrest memory order;
        (order.caseId, order.document, order.signBy, order.salt) = _frame(caseNumber);
        (order.confirm, order.place, order.until) = (confirm, place, uint64(until));
        (bytes memory data, ) = system.arrestCall(order, 0, signers[Act.ARREST][0]);
        return _call(data);
    }

    function _lift(uint32 caseNumber, Target[] memory targets, bool arrested) private returns (bool) {
        Lift memory order;
        (order.caseId, order.document, order.signBy, order.salt) = _frame(caseNumber);
        order.holds = targets;
        uint8 act = arrested ? Act.LIFT_ARRESTED : Act.LIFT;
        (bytes memory data, ) = system.liftCall(order, 0, signers[act][0]);
        return _call(data);
    }

    function _seize(uint32 caseNumber, Target[] memory targets) private returns (bool) {
        Seize memory order;
        (order.caseId, order.document, order.signBy, order.salt) = _frame(caseNumber);
        order.holds = targets;
        (bytes memory data, ) = system.seizeCall(order, 0, signers[Act.SEIZE][0]);
        return _call(data);
    }

    function _lapse(uint32 caseNumber) private returns (bool) {
        Account[] memory accounts = new Account[](1);
        accounts[0] = Account(address(tenge), HOLDER);
        return _call(abi.encodeCall(Docket.lapse, (caseIds[caseNumber - 1], accounts)));
    }

    function _frame(uint32 caseNumber) private returns (bytes32, bytes32, uint64, bytes32) {
        return (caseIds[caseNumber - 1], system.DOCUMENT(), system.SIGN_BY(), keccak256(abi.encode(++salts)));
    }

    /// @dev An amount of 0 is no target.
    function _target(address account, uint256 amount) private view returns (Target[] memory targets) {
        if (amount == 0) return targets;
        targets = new Target[](1);
        targets[0] = Target(address(tenge), account, amount);
    }

    function _mint(uint256 amount) private {
        VM.prank(system.ISSUER());
        tenge.mint(HOLDER, amount);
    }

    function _warp(uint256 to) private {
        time = to;
        VM.warp(to);
    }
}
