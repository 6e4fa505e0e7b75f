// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Checks} from "./Checks.sol";

/// @notice Many short games, each from where much is going on.
/// hardhat-config: invariant.fail-on-revert = true
contract InvariantsTest is Checks {
    uint256 private constant PRELUDE = 300;

    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    function setUp() public {
        _begin();
        for (uint256 i = 0; i < PRELUDE; ++i) handler.play(uint256(keccak256(abi.encode(i))));
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function targetSelectors() public view returns (FuzzSelector[] memory targets) {
        targets = new FuzzSelector[](1);
        (targets[0].addr, targets[0].selectors) = (address(handler), new bytes4[](1));
        targets[0].selectors[0] = handler.play.selector;
    }

    /// @dev One function, since each one would play all its games anew.
    function invariant_everySumHolds() external view {
        _check();
    }
}
