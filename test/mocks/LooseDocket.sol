// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice A docket whose sums do not add up: from every account all was taken.
contract LooseDocket {
    uint256 public immutable TAKEN;

    constructor(uint256 taken) {
        TAKEN = taken;
    }

    function nextEntry() external pure returns (uint256) {
        return 1;
    }

    function custodyOf(
        bytes32,
        address,
        address
    ) external view returns (address vault, uint256 taken, uint256 takenFrom) {
        return (address(this), TAKEN, 2 * TAKEN);
    }
}
