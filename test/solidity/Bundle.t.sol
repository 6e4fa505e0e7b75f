// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {BundleLib} from "../../contracts/types/Bundle.sol";
import {Bundles} from "./Bundles.sol";
import {Random, VM} from "./Vm.sol";

/// @notice The library, called as the Quorum calls it.
contract OpenBundle {
    function digestOf(uint8 act, bytes32[] memory leaves, bytes calldata range) external pure returns (bytes32) {
        return BundleLib.digestOf(act, leaves, range);
    }
}

/// @notice A bundle's signature approves exactly its leaves: any run of them, each at its place, and nothing else.
contract BundleTest {
    using Bundles for bytes32[];

    OpenBundle private immutable BUNDLE = new OpenBundle();

    /// @dev Every run of leaves has one range, by which the digest is that of the whole list.
    function testFuzz_everyRunLeadsToTheWhole(uint256 seed) external view {
        Random memory random = Random(seed);
        (bytes32[] memory leaves, uint256 index, uint256 n) = _draw(random);
        uint8 act = uint8(random.below(256));
        bytes32 whole = BUNDLE.digestOf(act, leaves, leaves.range(0, leaves.length));
        VM.assertTrue(whole == leaves.digest(act), "the digest is not that of the plain tree");
        bytes32 part = BUNDLE.digestOf(act, _slice(leaves, index, n), leaves.range(index, n));
        VM.assertTrue(part == whole, "a run of leaves leads elsewhere");
    }

    /// @dev Another leaf, place, count, act or node leads elsewhere, or is refused, and so does one leaf more, also behind
    /// the end, and the 0 that pairs with the end; a byte more or less is refused.
    function testFuzz_nothingElsePasses(uint256 seed) external view {
        Random memory random = Random(seed);
        (bytes32[] memory leaves, uint256 index, uint256 n) = _draw(random);
        bytes32 whole = BUNDLE.digestOf(1, leaves, leaves.range(0, leaves.length));
        bytes memory range = leaves.range(index, n);
        bytes32[] memory run = _slice(leaves, index, n);
        uint8 act = 1;
        uint256 way = random.below(8);
        if (way == 0) {
            run[random.below(n)] = bytes32(random.below(type(uint256).max));
        } else if (way == 1) {
            act = 2;
        } else if (way == 2) {
            range = bytes.concat(bytes4(uint32(leaves.length + 1)), _tail(range, 4));
        } else if (way == 3) {
            uint256 other = random.below(leaves.length);
            if (other == index) return;
            range = bytes.concat(bytes4(uint32(leaves.length)), bytes4(uint32(other)), _tail(range, 8));
        } else if (way == 4) {
            if (range.length == 8) return;
            range[8 + random.below(range.length - 8)] ^= 0x01;
        } else if (way == 5) {
            range = leaves.range(index, leaves.length - index);
            run = _slice(leaves, index, leaves.length - index + 1);
            run[run.length - 1] = bytes32(random.below(type(uint256).max));
        } else if (way == 6) {
            run = _slice(leaves, index, leaves.length - index + 1);
            range = _slice(leaves, 0, leaves.length + 1).range(index, run.length);
        } else {
            uint256 cut = random.below(range.length);
            if (random.oneIn(2)) range = bytes.concat(range, new bytes(1 + random.below(40)));
            else range = _head(range, cut);
            (bool taken, ) = address(BUNDLE).staticcall(abi.encodeCall(OpenBundle.digestOf, (act, run, range)));
            VM.assertTrue(!taken, "a range of another length was taken");
            return;
        }
        (bool success, bytes memory answer) = address(BUNDLE).staticcall(
            abi.encodeCall(OpenBundle.digestOf, (act, run, range))
        );
        VM.assertTrue(!success || abi.decode(answer, (bytes32)) != whole, "something else passes for the bundle");
    }

    function test_noOrdersAndOrdersBeyondTheEndAreRefused() external view {
        bytes32[] memory leaves = new bytes32[](2);
        (leaves[0], leaves[1]) = ("a", "b");
        bytes memory range = bytes.concat(bytes4(uint32(2)), bytes4(uint32(1)));
        _refuses(leaves, range, abi.encodeWithSelector(BundleLib.BundleRange.selector, 1, 2, 2));
        _refuses(new bytes32[](0), range, abi.encodeWithSelector(BundleLib.BundleRange.selector, 1, 0, 2));
        _refuses(leaves, hex"00000002", abi.encodeWithSelector(BundleLib.BundleProof.selector, 4, 8));
    }

    function _refuses(bytes32[] memory leaves, bytes memory range, bytes memory reason) private view {
        (bool success, bytes memory answer) = address(BUNDLE).staticcall(
            abi.encodeCall(OpenBundle.digestOf, (1, leaves, range))
        );
        VM.assertTrue(!success && keccak256(answer) == keccak256(reason), "another refusal");
    }

    /// @dev A list of up to forty leaves and a run of them.
    function _draw(Random memory random) private pure returns (bytes32[] memory leaves, uint256 index, uint256 n) {
        leaves = new bytes32[](random.between(1, 40));
        for (uint256 i = 0; i < leaves.length; ++i) leaves[i] = bytes32(random.below(type(uint256).max));
        index = random.below(leaves.length);
        n = random.between(1, leaves.length - index);
    }

    /// @dev Behind the end are zeros.
    function _slice(bytes32[] memory leaves, uint256 index, uint256 n) private pure returns (bytes32[] memory run) {
        run = new bytes32[](n);
        for (uint256 i = 0; i < n && index + i < leaves.length; ++i) run[i] = leaves[index + i];
    }

    function _head(bytes memory data, uint256 length) private pure returns (bytes memory head) {
        head = new bytes(length);
        for (uint256 i = 0; i < length; ++i) head[i] = data[i];
    }

    function _tail(bytes memory data, uint256 start) private pure returns (bytes memory tail) {
        tail = new bytes(data.length - start);
        for (uint256 i = 0; i < tail.length; ++i) tail[i] = data[start + i];
    }
}
