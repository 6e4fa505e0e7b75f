// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Disposal} from "../../contracts/Disposal.sol";
import {IDocket} from "../../contracts/interfaces/IDocket.sol";
import {ILicenceRegister} from "../../contracts/interfaces/ILicenceRegister.sol";
import {IQuorum} from "../../contracts/interfaces/IQuorum.sol";
import {Compensate} from "../../contracts/types/Order.sol";
import {Claims, ListedClaim} from "./Claims.sol";
import {Random, VM} from "./Vm.sol";

/// @notice The compensations alone, with a door to every change.
contract OpenCompensations is Disposal {
    constructor() Disposal(IQuorum(address(0)), IDocket(address(0)), ILicenceRegister(address(0))) {}

    function start(bytes32 digest, Compensate calldata order) external returns (uint40) {
        _requireCompensable(order);
        return _startCompensation(digest, order, 0);
    }

    function use(
        bytes32 digest,
        address docket,
        uint256 index,
        address account,
        uint256 amount,
        bytes32[] calldata proof
    ) external {
        _useClaim(digest, docket, index, account, amount, proof);
    }

    function end(bytes32 digest) external returns (uint256) {
        return _endCompensation(digest).rest;
    }
}

/// @notice One compensation under random claims, beside a plain list with a mark at each claim that was paid.
contract CompensationsTest {
    using Claims for ListedClaim[];
    using Claims for bytes32[];

    bytes32 private constant DIGEST = keccak256("order");
    bytes32 private constant CASE = "CASE-1";
    address private constant DOCKET = address(0xD0C);
    address private constant ASSET = address(0xA55E7);
    uint256 private constant START = 1_800_000_000;
    uint256 private constant STEPS = 40;
    uint256 private constant MOST = 300;

    OpenCompensations private compensations;
    /// @dev The second of the running step. `block.timestamp` is a constant to the optimizer.
    uint256 private time;

    function testFuzz_claimsAreThePlainList(uint256 seed) external {
        Random memory random = Random(seed);
        (ListedClaim[] memory list, bytes32[] memory leaves, uint256 rest) = _begin(random);
        uint256 until = compensations.compensationOf(DIGEST).until;
        bool[] memory paid = new bool[](list.length);
        for (uint256 step = 0; step < STEPS; ++step) {
            if (random.oneIn(20)) _warp(random.oneIn(2) ? until + random.below(2) : time + random.below(10 days));
            if (random.oneIn(20)) {
                bool ends = rest != 0 && time > until;
                bytes memory data = abi.encodeCall(OpenCompensations.end, (DIGEST));
                VM.assertTrue(_succeeds(data) == ends, "the rest is free after the last second, once");
                if (ends) rest = 0;
                continue;
            }
            uint256 index = random.below(list.length);
            bool may = time <= until && !paid[index] && list[index].amount <= rest;
            VM.assertTrue(_claim(random, list, leaves, index, may) == may, "a claim is not what the list says");
            if (may) (paid[index], rest) = (true, rest - list[index].amount);
            VM.assertEq(compensations.compensationOf(DIGEST).rest, rest, "what is reserved is what was not claimed");
        }
        for (uint256 i = 0; i < list.length; ++i) {
            VM.assertTrue(compensations.isCompensated(DIGEST, i) == paid[i], "another claim was marked as paid");
        }
        for (uint256 i = list.length; i < list.length + 300; ++i) {
            VM.assertTrue(!compensations.isCompensated(DIGEST, i), "a claim outside of the list was marked as paid");
        }
    }

    /// @dev No field of a leaf, no inner node and no other place passes for a claim.
    function testFuzz_nothingElsePassesForAClaim(uint256 seed) external {
        Random memory random = Random(seed);
        (ListedClaim[] memory list, bytes32[] memory leaves, ) = _begin(random);
        uint256 index = random.below(list.length);
        ListedClaim memory item = list[index];
        bytes32[] memory proof = leaves.proof(index);
        uint256 way = random.below(7);
        (address docket, bytes32 digest) = (DOCKET, DIGEST);
        if (way == 0) docket = address(0xBAD);
        else if (way == 1) digest = keccak256("another order");
        else if (way == 2) item = ListedClaim(address(uint160(item.account) + 1), item.amount);
        else if (way == 3) item = ListedClaim(item.account, item.amount - 1);
        else if (way == 4) index += random.between(1, 300);
        else if (way == 5) proof = _longer(proof, leaves[index]);
        else VM.chainId(random.between(1, 30_000));
        bytes memory data = abi.encodeCall(
            OpenCompensations.use,
            (digest, docket, index, item.account, item.amount, proof)
        );
        VM.assertTrue(!_succeeds(data), "what the list does not name passed for a claim");
    }

    /// @dev Up to 300 claims, more than one word of marks; the total is at times less than their sum.
    function _begin(
        Random memory random
    ) private returns (ListedClaim[] memory list, bytes32[] memory leaves, uint256 total) {
        _warp(START);
        compensations = new OpenCompensations();
        list = new ListedClaim[](random.oneIn(4) ? random.between(1, MOST) : random.between(1, 12));
        for (uint256 i = 0; i < list.length; ++i) {
            list[i] = ListedClaim(address(uint160(random.between(1, 1000))), random.between(1, 1000));
            total += list[i].amount;
        }
        if (random.oneIn(3)) total = random.between(1, total);
        leaves = list.leaves(DOCKET, CASE, ASSET);
        Compensate memory order;
        (order.caseId, order.asset, order.total) = (CASE, ASSET, total);
        (order.root, order.claimTerm) = (leaves.root(), uint32(random.between(90 days, 100 days)));
        VM.assertEq(
            compensations.start(DIGEST, order),
            START + order.claimTerm,
            "claims last as long as the order says"
        );
    }

    /// @dev Claims as the list says, at times for another account, of another amount or at another place.
    function _claim(
        Random memory random,
        ListedClaim[] memory list,
        bytes32[] memory leaves,
        uint256 index,
        bool may
    ) private returns (bool) {
        ListedClaim memory item = list[index];
        bytes32[] memory proof = leaves.proof(index);
        if (random.oneIn(4)) {
            bytes memory forged = abi.encodeCall(
                OpenCompensations.use,
                (DIGEST, DOCKET, index, item.account, item.amount + 1, proof)
            );
            VM.assertTrue(!_succeeds(forged), "a claim of another amount was paid");
        }
        bytes memory data = abi.encodeCall(
            OpenCompensations.use,
            (DIGEST, DOCKET, index, item.account, item.amount, proof)
        );
        bool done = _succeeds(data);
        if (may && done) VM.assertTrue(!_succeeds(data), "a claim was paid twice");
        return done;
    }

    function _longer(bytes32[] memory proof, bytes32 last) private pure returns (bytes32[] memory longer) {
        longer = new bytes32[](proof.length + 1);
        for (uint256 i = 0; i < proof.length; ++i) longer[i] = proof[i];
        longer[proof.length] = last;
    }

    function _warp(uint256 to) private {
        VM.warp(time = to);
    }

    function _succeeds(bytes memory data) private returns (bool success) {
        (success, ) = address(compensations).call(data);
    }
}
