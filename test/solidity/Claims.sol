// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice A claim of a compensation. Base units.
struct ListedClaim {
    address account;
    uint256 amount;
}

/// @notice The Merkle tree of a list of claims: on each level a node stands for two, the last one alone for itself.
library Claims {
    /// @notice Leaves of the list, for one chain, docket, case and asset.
    function leaves(
        ListedClaim[] memory list,
        address docket,
        bytes32 caseId,
        address asset
    ) internal view returns (bytes32[] memory hashed) {
        hashed = new bytes32[](list.length);
        for (uint256 i = 0; i < list.length; ++i) {
            bytes memory claim = abi.encode(block.chainid, docket, caseId, asset, i, list[i].account, list[i].amount);
            hashed[i] = keccak256(bytes.concat(keccak256(claim)));
        }
    }

    function root(bytes32[] memory level) internal pure returns (bytes32) {
        while (level.length > 1) level = _above(level);
        return level[0];
    }

    /// @notice From the leaf at `index` to the root.
    function proof(bytes32[] memory level, uint256 index) internal pure returns (bytes32[] memory path) {
        path = new bytes32[](16);
        uint256 n = 0;
        while (level.length > 1) {
            if ((index ^ 1) < level.length) path[n++] = level[index ^ 1];
            index /= 2;
            level = _above(level);
        }
        assembly ("memory-safe") {
            mstore(path, n)
        }
    }

    function _above(bytes32[] memory level) private pure returns (bytes32[] memory above) {
        above = new bytes32[]((level.length + 1) / 2);
        for (uint256 i = 0; i < above.length; ++i) {
            (bytes32 a, bytes32 b) = (level[2 * i], 2 * i + 1 < level.length ? level[2 * i + 1] : bytes32(0));
            above[i] =
                b == 0
                    ? a
                    : a < b
                        ? keccak256(bytes.concat(a, b))
                        : keccak256(bytes.concat(b, a));
        }
    }
}
