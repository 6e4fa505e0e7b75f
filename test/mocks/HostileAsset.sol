// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title HostileAsset
/// @notice An installed asset that keeps a part of what it should move, and calls back into the docket.
contract HostileAsset {
    address public immutable DOCKET;

    mapping(address account => uint256) public balanceOf;
    /// @notice What gets lost in a forced transfer. Base units.
    uint256 public skim;
    bytes private _callback;

    constructor(address docket) {
        DOCKET = docket;
    }

    function mint(address to, uint256 amount) external {
        balanceOf[to] += amount;
    }

    function setSkim(uint256 amount) external {
        skim = amount;
    }

    /// @notice What to call the docket with whenever the docket calls.
    function setCallback(bytes calldata callback) external {
        _callback = callback;
    }

    function setHeld(address, uint256, uint40) external {
        _callBack();
    }

    function forcedTransfer(address from, address to, uint256 amount) external returns (bool) {
        balanceOf[from] -= amount;
        balanceOf[to] += amount - skim;
        return true;
    }

    function _callBack() private {
        if (_callback.length == 0) return;
        (bool done, bytes memory reason) = DOCKET.call(_callback);
        if (done) return;
        assembly ("memory-safe") {
            revert(add(reason, 32), mload(reason))
        }
    }
}
