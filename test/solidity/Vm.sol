// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice The cheat codes that these tests use.
interface Vm {
    struct Log {
        bytes32[] topics;
        bytes data;
        address emitter;
    }

    function getCode(string calldata artifact) external view returns (bytes memory creationCode);
    function addr(uint256 key) external pure returns (address);
    function sign(uint256 key, bytes32 digest) external pure returns (uint8 v, bytes32 r, bytes32 s);
    function warp(uint256 timestamp) external;
    function chainId(uint256 id) external;
    function prank(address sender) external;
    function recordLogs() external;
    function getRecordedLogs() external returns (Log[] memory);
    function assertTrue(bool condition, string calldata reason) external pure;
    function assertEq(uint256 left, uint256 right, string calldata reason) external pure;
    function assertEq(bytes32 left, bytes32 right, string calldata reason) external pure;
    function assertEq(bytes calldata left, bytes calldata right, string calldata reason) external pure;
    function assertLe(uint256 left, uint256 right, string calldata reason) external pure;
}

Vm constant VM = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

/// @notice A contract could not be deployed.
error DeploymentFailed(string artifact, bytes reason);

/// @notice Deploys a contract from its artifact: the very bytecode that people deploy, and no second compilation of it.
function deploy(string memory artifact, bytes memory arguments) returns (address created) {
    bytes memory code = abi.encodePacked(VM.getCode(artifact), arguments);
    assembly ("memory-safe") {
        created := create(0, add(code, 32), mload(code))
    }
    if (created != address(0)) return created;
    bytes memory reason;
    assembly ("memory-safe") {
        reason := mload(0x40)
        mstore(0x40, add(reason, add(32, returndatasize())))
        mstore(reason, returndatasize())
        returndatacopy(add(reason, 32), 0, returndatasize())
    }
    revert DeploymentFailed(artifact, reason);
}

/// @notice Draws that follow from one seed.
struct Random {
    uint256 seed;
}

using RandomLib for Random global;

library RandomLib {
    /// @notice A number below `limit`.
    function below(Random memory random, uint256 limit) internal pure returns (uint256) {
        random.seed = uint256(keccak256(abi.encode(random.seed)));
        return random.seed % limit;
    }

    /// @notice A number from `least` to `most`.
    function between(Random memory random, uint256 least, uint256 most) internal pure returns (uint256) {
        return least + below(random, most - least + 1);
    }

    /// @notice True once in `n` draws.
    function oneIn(Random memory random, uint256 n) internal pure returns (bool) {
        return below(random, n) == 0;
    }
}
