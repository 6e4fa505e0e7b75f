// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice What officers sign for many orders at once, from the whole tree, row by row: the orders' digests are the lowest
/// row, a node stands for the two below it, the end of an odd row for itself and 0.
library Bundles {
    /// @notice The digest of the bundle of all the leaves.
    function digest(bytes32[] memory leaves, uint8 act) internal pure returns (bytes32) {
        bytes32[] memory row = leaves;
        while (row.length > 1) row = _above(row);
        bytes32 name = keccak256("Sequester bundle");
        bytes32 domain = keccak256(
            abi.encode(keccak256("EIP712Domain(string name,string version)"), name, keccak256("1"))
        );
        bytes32 typehash = keccak256("Bundle(bytes32 root,uint32 count,uint8 act)");
        bytes32 message = keccak256(abi.encode(typehash, row[0], leaves.length, act));
        return keccak256(bytes.concat(hex"1901", domain, message));
    }

    /// @notice Where a run of the leaves stands, and of each row the nodes beside it that its parents need.
    function range(bytes32[] memory leaves, uint256 index, uint256 n) internal pure returns (bytes memory encoded) {
        encoded = bytes.concat(bytes4(uint32(leaves.length)), bytes4(uint32(index)));
        (uint256 first, uint256 last) = (index, index + n - 1);
        for (bytes32[] memory row = leaves; row.length > 1; row = _above(row)) {
            if (first % 2 == 1) encoded = bytes.concat(encoded, row[first - 1]);
            if (last % 2 == 0 && last + 1 < row.length) encoded = bytes.concat(encoded, row[last + 1]);
            (first, last) = (first / 2, last / 2);
        }
    }

    function _above(bytes32[] memory row) private pure returns (bytes32[] memory above) {
        above = new bytes32[]((row.length + 1) / 2);
        for (uint256 i = 0; i < above.length; ++i) {
            bytes32 right = 2 * i + 1 < row.length ? row[2 * i + 1] : bytes32(0);
            above[i] = keccak256(bytes.concat(row[2 * i], right));
        }
    }
}
