// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";

/// @title HostileOfficer
/// @notice A contract officer (ERC-1271) that answers the bytes that it was told to, and may burn all gas or call back
/// first. As deployed it says yes to everything.
contract HostileOfficer {
    bytes public answer = abi.encode(IERC1271.isValidSignature.selector);
    bool public burning;
    address private _target;
    bytes private _callback;
    bool private _insists;

    function setAnswer(bytes calldata answer_) external {
        answer = answer_;
    }

    function setBurning(bool burns) external {
        burning = burns;
    }

    /// @notice From now on `target` is called with `callback` before the answer. Address zero: nothing is called.
    /// @param insists Whether there is no answer where the call fails.
    function setCallback(address target, bytes calldata callback, bool insists) external {
        (_target, _callback, _insists) = (target, callback, insists);
    }

    /// @notice Calls as this officer.
    function perform(address target, bytes calldata data) external {
        _call(target, data, true);
    }

    /// @dev Not a view, so that it can try to change something.
    function isValidSignature(bytes32, bytes calldata) external returns (bytes4) {
        if (burning) {
            assembly ("memory-safe") {
                invalid()
            }
        }
        if (_target != address(0)) _call(_target, _callback, _insists);
        bytes memory answered = answer;
        assembly ("memory-safe") {
            return(add(answered, 32), mload(answered))
        }
    }

    function _call(address target, bytes memory data, bool insists) private {
        (bool done, bytes memory reason) = target.call(data);
        if (done || !insists) return;
        assembly ("memory-safe") {
            revert(add(reason, 32), mload(reason))
        }
    }
}
