// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Asset, Contracts, Numbers} from "../../contracts/types/Charter.sol";
import {Approvals, IQuorum} from "../../contracts/interfaces/IQuorum.sol";

/// @notice Stands in for both the docket and the disposal of a quorum: takes every call, and passes `use` on.
contract OrderUser {
    IQuorum public immutable QUORUM;

    constructor(IQuorum quorum) {
        QUORUM = quorum;
    }

    function install(
        Contracts calldata,
        Numbers calldata,
        Asset[] calldata,
        bytes32,
        bytes32[] calldata,
        bytes calldata
    ) external {}

    function record(uint256, uint8, bytes32, bytes32, bytes32, bytes32[] calldata, bytes calldata) external {}

    function use(
        uint8 act,
        uint8 about,
        bytes32 structHash,
        uint64 signBy,
        uint256 entry,
        Approvals calldata approvals
    ) external returns (bytes32 digest, uint32 term, bytes32[] memory officerIds) {
        return QUORUM.use(act, about, structHash, signBy, entry, approvals);
    }

    function schedule(
        uint8 act,
        uint8 about,
        bytes32 structHash,
        uint64 signBy,
        bytes32 caseId,
        uint256 entry,
        Approvals calldata approvals
    ) external returns (bytes32 digest, uint40 start, uint40 deadline, bytes32[] memory officerIds) {
        return QUORUM.schedule(act, about, structHash, signBy, caseId, entry, approvals);
    }

    function execute(uint8 act, bytes32 structHash, bytes32[] calldata officerIds) external returns (bytes32 digest) {
        return QUORUM.execute(act, structHash, officerIds);
    }

    function DOCKET() external view returns (address) {
        return address(this);
    }

    function nextEntry() external pure returns (uint256) {
        return 7;
    }
}
