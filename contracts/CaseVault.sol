// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @title CaseVault
/// @notice Holds the assets of one case and stores nothing. One clone per case with immutable arguments: the disposal
/// that alone may pay, and the case. The implementation itself has no arguments and can never pay.
contract CaseVault {
    using SafeERC20 for IERC20;

    address private immutable IMPLEMENTATION = address(this);

    error CaseVaultOnlyDisposal(address caller, address disposal);

    /// @notice Pays base units of an asset. Disposal only.
    /// @return Whether the asset accepted the payment; false where it refused and nothing moved.
    function pay(IERC20 asset, address to, uint256 amount) external returns (bool) {
        (address disposal, ) = arguments();
        if (msg.sender != disposal) revert CaseVaultOnlyDisposal(msg.sender, disposal);
        return asset.trySafeTransfer(to, amount);
    }

    /// @notice The disposal that may pay and the case whose money this is. Zero for the implementation.
    function arguments() public view returns (address disposal, bytes32 caseId) {
        if (address(this) == IMPLEMENTATION) return (address(0), 0);
        return abi.decode(Clones.fetchCloneArgs(address(this)), (address, bytes32));
    }
}
