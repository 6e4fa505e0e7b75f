// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";

/// @notice Several acts in one transaction, as anyone may send them.
contract Calls {
    using Address for address;

    struct Call {
        address target;
        bytes data;
    }

    function all(Call[] calldata calls) external {
        for (uint256 i = 0; i < calls.length; ++i) calls[i].target.functionCall(calls[i].data);
    }
}
