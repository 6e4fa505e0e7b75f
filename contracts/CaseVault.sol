// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @title CaseVault
/// @notice Holds the assets of one case and stores nothing. The docket creates the implementation, and of it one clone per
/// case, at the address that follows from the case id.
contract CaseVault {
    using SafeERC20 for IERC20;

    /// @notice The one contract that may pay.
    address public immutable DOCKET = msg.sender;

    error CaseVaultOnlyDocket(address caller, address docket);

    /// @notice Pays base units of an asset. Docket only.
    /// @return Whether the asset accepted the payment; false where it refused and nothing moved.
    function pay(IERC20 asset, address to, uint256 amount) external returns (bool) {
        if (msg.sender != DOCKET) revert CaseVaultOnlyDocket(msg.sender, DOCKET);
        return asset.trySafeTransfer(to, amount);
    }
}
