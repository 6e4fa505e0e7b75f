// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FaultyTenge} from "./FaultyTenge.sol";

/// @notice A {FaultyTenge} that says beforehand whom it refuses.
contract RefusingTenge is FaultyTenge {
    constructor(address docket) FaultyTenge(docket) {}

    function canTransfer(address, address to, uint256) external view returns (bool) {
        Fault fault = faultOf[to];
        return fault != Fault.REVERT && fault != Fault.RETURN_FALSE;
    }
}
