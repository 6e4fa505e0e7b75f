// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title BundleLib
/// @notice One signature for many orders of one act: over the root of the tree of their digests, in the order in which they
/// are listed. A digest commits to its own chain and contract, so the bundle names neither. A leaf is the digest of an
/// order, which has a preimage of 66 bytes, a node that of 64: neither passes for the other.
library BundleLib {
    bytes32 internal constant TYPEHASH = keccak256("Bundle(bytes32 root,uint32 count,uint8 act)");
    bytes32 internal constant DOMAIN_SEPARATOR = keccak256(
        abi.encode(
            keccak256("EIP712Domain(string name,string version)"),
            keccak256("Sequester bundle"),
            keccak256("1")
        )
    );

    /// @dev Bytes of a range before its proof: count u32, index u32.
    uint256 private constant HEAD = 8;

    /// @notice The orders lie beyond the bundle's end, or there are none.
    error BundleRange(uint256 index, uint256 orders, uint256 count);
    /// @notice A range is 8 bytes and 32 for each node of its proof: more or fewer than these orders need.
    error BundleProof(uint256 given, uint256 needed);

    /// @notice The digest that officers sign.
    /// @param leaves Digests of orders of the act that follow each other in the bundle. Used up.
    /// @param range Orders in the bundle (4 bytes), place of the first of these, from 0 on (4 bytes), and the nodes beside
    /// them that the root needs: row by row from the leaves on, the left one first.
    function digestOf(uint8 act, bytes32[] memory leaves, bytes calldata range) internal pure returns (bytes32) {
        if (range.length < HEAD) revert BundleProof(range.length, HEAD);
        uint256 count = uint32(bytes4(range));
        bytes32 root = _rootOf(leaves, uint32(bytes4(range[4:])), count, range);
        return
            keccak256(
                bytes.concat(
                    hex"1901",
                    DOMAIN_SEPARATOR,
                    keccak256(abi.encode(TYPEHASH, root, count, act))
                )
            );
    }

    /// @dev The row is hashed pairwise, by place, until one node is left; the end of an odd row pairs with 0.
    function _rootOf(
        bytes32[] memory row,
        uint256 index,
        uint256 count,
        bytes calldata range
    ) private pure returns (bytes32) {
        uint256 n = row.length;
        if (n == 0 || index + n > count) revert BundleRange(index, n, count);
        uint256 used = HEAD;
        for (; count > 1; count = (count + 1) / 2) {
            uint256 next = 0;
            uint256 i = 0;
            if (index % 2 == 1) {
                row[next++] = _node(_proofAt(range, used), row[i++]);
                used += 32;
            }
            for (; i + 1 < n; i += 2) row[next++] = _node(row[i], row[i + 1]);
            if (i < n) {
                bytes32 right = 0;
                if (index + n < count) {
                    right = _proofAt(range, used);
                    used += 32;
                }
                row[next++] = _node(row[i], right);
            }
            (index, n) = (index / 2, next);
        }
        if (used != range.length) revert BundleProof(range.length, used);
        return row[0];
    }

    function _proofAt(bytes calldata range, uint256 place) private pure returns (bytes32) {
        if (place + 32 > range.length) revert BundleProof(range.length, place + 32);
        return bytes32(range[place:]);
    }

    function _node(bytes32 left, bytes32 right) private pure returns (bytes32 node) {
        assembly ("memory-safe") {
            mstore(0, left)
            mstore(32, right)
            node := keccak256(0, 64)
        }
    }
}
