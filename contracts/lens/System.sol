// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {IDisposal} from "../interfaces/IDisposal.sol";
import {Case, IDocket} from "../interfaces/IDocket.sol";
import {ILicenceRegister} from "../interfaces/ILicenceRegister.sol";
import {IQuorum} from "../interfaces/IQuorum.sol";
import {DelayedOrder} from "../types/Delayed.sol";
import {Hold} from "../types/Hold.sol";

/// @title System
/// @notice The contracts that the lens looks at.
abstract contract System {
    IQuorum public immutable QUORUM;
    IDocket public immutable DOCKET;
    IDisposal public immutable DISPOSAL;
    ILicenceRegister public immutable REGISTER;

    constructor(IQuorum quorum, IDocket docket, IDisposal disposal, ILicenceRegister register) {
        QUORUM = quorum;
        DOCKET = docket;
        DISPOSAL = disposal;
        REGISTER = register;
    }

    // Each question is asked in one place only: a call takes a lot of code.

    function _caseAt(bytes32 caseId) internal view returns (Case memory) {
        return DOCKET.caseOf(caseId);
    }

    function _vaultOf(bytes32 caseId) internal view returns (address) {
        return DOCKET.vaultOf(caseId);
    }

    function _standingOf(address account) internal view returns (uint8) {
        return DOCKET.standingOf(account);
    }

    function _holdsOn(address asset, address account) internal view returns (Hold[] memory) {
        return DOCKET.holdsOf(asset, account);
    }

    function _delayedOf(bytes32 order) internal view returns (DelayedOrder memory) {
        return QUORUM.delayedOf(order);
    }

    function _digest(bytes32 structHash) internal view returns (bytes32) {
        return MessageHashUtils.toTypedDataHash(QUORUM.domainSeparator(), structHash);
    }
}
