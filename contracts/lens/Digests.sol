// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {
    OrderHash,
    Freeze,
    Arrest,
    Lift,
    Seize,
    Return,
    Forfeit,
    Compensate,
    Convert,
    Transfer,
    ExchangeHold,
    Stay,
    Veto,
    Appeal,
    Cancel,
    Admit,
    Dismiss,
    Configure,
    SetTreasury,
    SetAdapter,
    License,
    Suspend
} from "../types/Order.sol";
import {System} from "./System.sol";

/// @title Digests
/// @notice What officers sign, by the contracts' own reckoning: a third one beside those of viem and ethers.
abstract contract Digests is System {
    using OrderHash for *;

    /// @notice The digest that officers sign for a {Freeze} (EIP-712).
    function digestOfFreeze(Freeze calldata order) external view returns (bytes32) {
        return _digest(order.hash());
    }

    /// @notice The digest that officers sign for a {Arrest} (EIP-712).
    function digestOfArrest(Arrest calldata order) external view returns (bytes32) {
        return _digest(order.hash());
    }

    /// @notice The digest that officers sign for a {Lift} (EIP-712).
    function digestOfLift(Lift calldata order) external view returns (bytes32) {
        return _digest(order.hash());
    }

    /// @notice The digest that officers sign for a {Seize} (EIP-712).
    function digestOfSeize(Seize calldata order) external view returns (bytes32) {
        return _digest(order.hash());
    }

    /// @notice The digest that officers sign for a {Return} (EIP-712).
    function digestOfReturn(Return calldata order) external view returns (bytes32) {
        return _digest(order.hash());
    }

    /// @notice The digest that officers sign for a {Forfeit} (EIP-712).
    function digestOfForfeit(Forfeit calldata order) external view returns (bytes32) {
        return _digest(order.hash());
    }

    /// @notice The digest that officers sign for a {Compensate} (EIP-712).
    function digestOfCompensate(Compensate calldata order) external view returns (bytes32) {
        return _digest(order.hash());
    }

    /// @notice The digest that officers sign for a {Convert} (EIP-712).
    function digestOfConvert(Convert calldata order) external view returns (bytes32) {
        return _digest(order.hash());
    }

    /// @notice The digest that officers sign for a {Transfer} (EIP-712).
    function digestOfTransfer(Transfer calldata order) external view returns (bytes32) {
        return _digest(order.hash());
    }

    /// @notice The digest that officers sign for a {ExchangeHold} (EIP-712).
    function digestOfExchangeHold(ExchangeHold calldata order) external view returns (bytes32) {
        return _digest(order.hash());
    }

    /// @notice The digest that officers sign for a {Stay} (EIP-712).
    function digestOfStay(Stay calldata order) external view returns (bytes32) {
        return _digest(order.hash());
    }

    /// @notice The digest that officers sign for a {Veto} (EIP-712).
    function digestOfVeto(Veto calldata order) external view returns (bytes32) {
        return _digest(order.hash());
    }

    /// @notice The digest that officers sign for a {Appeal} (EIP-712).
    function digestOfAppeal(Appeal calldata order) external view returns (bytes32) {
        return _digest(order.hash());
    }

    /// @notice The digest that officers sign for a {Cancel} (EIP-712).
    function digestOfCancel(Cancel calldata order) external view returns (bytes32) {
        return _digest(order.hash());
    }

    /// @notice The digest that officers sign for a {Admit} (EIP-712).
    function digestOfAdmit(Admit calldata order) external view returns (bytes32) {
        return _digest(order.hash());
    }

    /// @notice The digest that officers sign for a {Dismiss} (EIP-712).
    function digestOfDismiss(Dismiss calldata order) external view returns (bytes32) {
        return _digest(order.hash());
    }

    /// @notice The digest that officers sign for a {Configure} (EIP-712).
    function digestOfConfigure(Configure calldata order) external view returns (bytes32) {
        return _digest(order.hash());
    }

    /// @notice The digest that officers sign for a {SetTreasury} (EIP-712).
    function digestOfSetTreasury(SetTreasury calldata order) external view returns (bytes32) {
        return _digest(order.hash());
    }

    /// @notice The digest that officers sign for a {SetAdapter} (EIP-712).
    function digestOfSetAdapter(SetAdapter calldata order) external view returns (bytes32) {
        return _digest(order.hash());
    }

    /// @notice The digest that officers sign for a {License} (EIP-712).
    function digestOfLicense(License calldata order) external view returns (bytes32) {
        return _digest(order.hash());
    }

    /// @notice The digest that officers sign for a {Suspend} (EIP-712).
    function digestOfSuspend(Suspend calldata order) external view returns (bytes32) {
        return _digest(order.hash());
    }
}
