// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Disposal} from "./Disposal.sol";
import {Docket} from "./Docket.sol";
import {LicenceRegister} from "./LicenceRegister.sol";
import {Quorum} from "./Quorum.sol";
import {Digests} from "./lens/Digests.sol";
import {Notices} from "./lens/Notices.sol";
import {System} from "./lens/System.sol";

/// @title Lens
/// @notice Views only. It holds no right and can be replaced at will: nothing trusts it. Lists are read in pages, so that
/// every call stays within the gas that a transaction may have. What would become of an order is found by simulation.
contract Lens is Digests, Notices {
    constructor(
        Quorum quorum,
        Docket docket,
        Disposal disposal,
        LicenceRegister register
    ) System(quorum, docket, disposal, register) {}
}
