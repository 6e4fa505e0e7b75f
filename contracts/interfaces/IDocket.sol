// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Asset, Contracts, Numbers} from "../types/Charter.sol";

interface IDocket {
    /// @notice Takes over what of the charter concerns the docket and makes the journal's first entry. Quorum only, once.
    /// @param document The document that founds the deployment.
    /// @param officerIds The first officers.
    /// @param effects `abi.encode(Effect[])` of everything that is installed.
    function install(
        Contracts calldata contracts,
        Numbers calldata numbers,
        Asset[] calldata assets,
        bytes32 document,
        bytes32[] calldata officerIds,
        bytes calldata effects
    ) external;

    /// @notice Enters an act of another contract of the system into the journal.
    /// @param entry The number that the entry must get: one that was foretold by {nextEntry}.
    /// @param act Number of the act.
    /// @param caseId The case, or zero.
    /// @param document The document that the act rests on, or zero.
    /// @param order Digest of the order, or zero.
    /// @param officerIds The officers whose approvals counted.
    /// @param effects `abi.encode(Effect[])`.
    function record(
        uint256 entry,
        uint8 act,
        bytes32 caseId,
        bytes32 document,
        bytes32 order,
        bytes32[] calldata officerIds,
        bytes calldata effects
    ) external;

    /// @notice Opens a case that a disposal names, or creates its vault. Disposal only.
    /// @return effects `abi.encode(Effect[])` of what was not so before.
    function prepare(bytes32 caseId, bool withVault) external returns (bytes memory effects);

    /// @notice Places a provisional hold of `term` seconds, of which its rule allows `longest`, on the sub-account of a
    /// platform. Register only.
    /// @return effects `abi.encode(Effect[])`.
    function holdSubAccount(
        bytes32 caseId,
        address asset,
        address account,
        uint256 amount,
        uint32 term,
        uint32 longest
    ) external returns (bytes memory effects);

    /// @notice Counts what a platform surrendered into the vault of a case as taken from its wallet; opens the case again
    /// where it was closed before. Register only.
    /// @return effects `abi.encode(Effect[])` of what was not so before.
    function take(
        bytes32 caseId,
        address asset,
        address wallet,
        uint256 amount
    ) external returns (bytes memory effects);

    /// @notice Marks the wallet of a licensed platform, so that a hold on it asks the register. Register only.
    function mark(address wallet) external;

    /// @notice What the account is to the system; 0: nothing.
    function standingOf(address account) external view returns (uint8);

    /// @notice The treasury of an asset.
    function treasuryOf(address asset) external view returns (address);

    /// @notice What arrived in the vault of a case by no act and was booked. Base units.
    function suspenseOf(bytes32 caseId, address asset) external view returns (uint256);

    /// @notice Number that the next entry of the journal will have.
    function nextEntry() external view returns (uint256);

    /// @notice Where a case's money sits and what was taken. Base units.
    /// @return vault The vault's address, also before the vault exists.
    /// @return taken What was taken in this asset in the whole case.
    /// @return takenFrom What was taken in this asset from `account`.
    function custodyOf(
        bytes32 caseId,
        address asset,
        address account
    ) external view returns (address vault, uint256 taken, uint256 takenFrom);

    /// @notice Live claims on an account, saturated at 2^96-1.
    /// @return held Base units.
    /// @return until The first second in which one of them ends.
    function heldOf(address asset, address account) external view returns (uint256 held, uint40 until);
}
