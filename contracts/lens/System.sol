// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {Cases} from "../base/Cases.sol";
import {DelayedOrder} from "../base/DelayedOrders.sol";
import {Disposal} from "../Disposal.sol";
import {Docket} from "../Docket.sol";
import {Hold} from "../types/Hold.sol";
import {LicenceRegister} from "../LicenceRegister.sol";
import {Quorum} from "../Quorum.sol";

/// @title System
/// @notice The contracts that the lens looks at.
abstract contract System {
    Quorum public immutable QUORUM;
    Docket public immutable DOCKET;
    Disposal public immutable DISPOSAL;
    LicenceRegister public immutable REGISTER;

    constructor(Quorum quorum, Docket docket, Disposal disposal, LicenceRegister register) {
        QUORUM = quorum;
        DOCKET = docket;
        DISPOSAL = disposal;
        REGISTER = register;
    }

    // Each question is asked in one place only: a call takes a lot of code.

    function _caseAt(bytes32 caseId) internal view returns (Cases.Case memory) {
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

    function _entryOf(bytes32 order) internal view returns (uint256) {
        return QUORUM.entryOf(order);
    }

    function _digest(bytes32 structHash) internal view returns (bytes32) {
        return MessageHashUtils.toTypedDataHash(QUORUM.domainSeparator(), structHash);
    }
}
