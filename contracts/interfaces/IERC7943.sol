// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";

/// @notice ERC-7943 for fungible tokens (https://eips.ethereum.org/EIPS/eip-7943), interface id 0x3edbb4c4.
interface IERC7943Fungible is IERC165 {
    /// @notice Money was moved without its holder's doing.
    event ForcedTransfer(address indexed from, address indexed to, uint256 amount);
    /// @notice The frozen amount of `account` is now `amount`.
    event Frozen(address indexed account, uint256 amount);

    /// @notice `account` may not send.
    error ERC7943CannotSend(address account);
    /// @notice `account` may not receive.
    error ERC7943CannotReceive(address account);
    /// @notice This transfer is not allowed.
    error ERC7943CannotTransfer(address from, address to, uint256 amount);
    /// @notice The balance suffices, but too much of it is frozen.
    error ERC7943InsufficientUnfrozenBalance(address account, uint256 amount, uint256 unfrozen);

    /// @notice Moves `amount` whether or not it is frozen.
    function forcedTransfer(address from, address to, uint256 amount) external returns (bool);
    /// @notice Sets the frozen amount, which may exceed the balance.
    function setFrozenTokens(address account, uint256 amount) external returns (bool);
    /// @notice Whether `account` may send at all.
    function canSend(address account) external view returns (bool);
    /// @notice Whether `account` may receive at all.
    function canReceive(address account) external view returns (bool);
    /// @notice The frozen amount, which may exceed the balance.
    function getFrozenTokens(address account) external view returns (uint256);
    /// @notice Whether holds let this transfer pass; says nothing about balance and allowance.
    function canTransfer(address from, address to, uint256 amount) external view returns (bool);
}
