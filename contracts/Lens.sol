// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {Disposal} from "./Disposal.sol";
import {Docket} from "./Docket.sol";
import {LicenceRegister} from "./LicenceRegister.sol";
import {IQuorum} from "./interfaces/IQuorum.sol";
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
} from "./Orders.sol";

/// @title Lens
/// @notice Views only. It holds no right and can be replaced at will: nothing trusts it.
contract Lens {
    using OrderHash for *;

    IQuorum public immutable QUORUM;
    Docket public immutable DOCKET;
    Disposal public immutable DISPOSAL;
    LicenceRegister public immutable REGISTER;

    constructor(IQuorum quorum, Docket docket, Disposal disposal, LicenceRegister register) {
        QUORUM = quorum;
        DOCKET = docket;
        DISPOSAL = disposal;
        REGISTER = register;
    }

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

    function _digest(bytes32 structHash) private view returns (bytes32) {
        return MessageHashUtils.toTypedDataHash(QUORUM.domainSeparator(), structHash);
    }
}
