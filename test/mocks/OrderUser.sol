// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Asset, Contracts, Numbers} from "../../contracts/types/Charter.sol";
import {Approvals, IQuorum} from "../../contracts/interfaces/IQuorum.sol";

/// @notice Stands in for the docket, its vault and the disposal of a quorum: takes every call, and passes those
/// of the quorum on. It is the asset of the orders that it schedules, too.
contract OrderUser {
    struct Entered {
        uint8 act;
        bytes32 caseId;
        bytes32 document;
        bytes32 order;
        bytes32[] officerIds;
        bytes effects;
    }

    IQuorum public immutable QUORUM;
    Entered private _last;

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

    /// @notice What the quorum entered last.
    function last() external view returns (Entered memory) {
        return _last;
    }

    function record(
        uint256,
        uint8 act,
        bytes32 caseId,
        bytes32 document,
        bytes32 order,
        bytes32[] calldata officerIds,
        bytes calldata effects
    ) external {
        _last = Entered(act, caseId, document, order, officerIds, effects);
    }

    function use(
        uint8 act,
        uint8 about,
        bytes32 structHash,
        uint64 signBy,
        uint256 entry,
        Approvals calldata approvals
    ) external returns (bytes32 digest, uint32 term, bytes32[] memory officerIds) {
        return QUORUM.use(act, about, structHash, signBy, entry, false, approvals);
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
        return QUORUM.schedule(act, about, structHash, signBy, caseId, address(this), entry, approvals);
    }

    function execute(
        uint8 act,
        bytes32 structHash,
        bytes32[] calldata officerIds,
        Approvals calldata further
    ) external returns (bytes32 digest, uint40 age, bytes32[] memory counted) {
        return QUORUM.execute(act, structHash, officerIds, further);
    }

    function appeal(bytes32 digest) external returns (bytes32 caseId, address asset, uint40 start, uint40 deadline) {
        return QUORUM.appeal(digest);
    }

    function DOCKET() external view returns (address) {
        return address(this);
    }

    function REGISTER() external view returns (address) {
        return address(this);
    }

    function VAULT() external view returns (address) {
        return address(this);
    }

    function nextEntry() external pure returns (uint256) {
        return 7;
    }
}
