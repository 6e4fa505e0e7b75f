// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDisposal} from "./interfaces/IDisposal.sol";
import {IDocket} from "./interfaces/IDocket.sol";
import {ILicenceRegister} from "./interfaces/ILicenceRegister.sol";
import {IQuorum} from "./interfaces/IQuorum.sol";
import {Digests} from "./lens/Digests.sol";
import {Notices} from "./lens/Notices.sol";
import {System} from "./lens/System.sol";

/// @title Lens
/// @notice Views only. It holds no right and can be replaced at will: nothing trusts it. Lists are read in pages, so that
/// every call stays within the gas that a transaction may have. What would become of an order is found by simulation.
contract Lens is Digests, Notices {
    constructor(
        IQuorum quorum,
        IDocket docket,
        IDisposal disposal,
        ILicenceRegister register
    ) System(quorum, docket, disposal, register) {}
}
