// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Approvals} from "./IQuorum.sol";
import {Asset, Contracts, Numbers} from "../types/Charter.sol";
import {Money, Payment} from "../types/Money.sol";
import {Return} from "../types/Order.sol";

interface IDocket {
    /// @notice Zero, of the system, an asset or a vault.
    error DocketInvalidTreasury(address treasury);
    /// @notice There is nothing in the vault of the case that no act put there and nobody booked.
    error DocketNothingToBook(bytes32 caseId, address asset);
    /// @notice More than what was taken from the account and not given back yet. Base units of `taken`.
    error DocketExceedsOwed(bytes32 caseId, address taken, address account, uint256 have, uint256 need);
    /// @notice More than what is left of what was taken: proceeds are neither returned in kind nor converted again. Base
    /// units.
    error DocketExceedsTaken(bytes32 caseId, address asset, uint256 have, uint256 need);
    /// @notice More than what conversions of `taken` into `asset` brought in and is still there for holders. Base units.
    error DocketExceedsProceeds(bytes32 caseId, address taken, address asset, uint256 have, uint256 need);
    /// @notice More than what is left and has been in the case for as long as the order's delay, and an appeal's time. Base
    /// units.
    error DocketExceedsFree(bytes32 caseId, address asset, uint256 free, uint256 need);
    /// @notice The claim is smaller, or is not moved before the second `free`. Base units.
    error DocketClaimKept(bytes32 caseId, address asset, address account, uint256 amount, uint40 free);
    /// @notice The asset refuses to pay the payee.
    error DocketPaymentRefused(bytes32 caseId, address asset, address account, uint256 amount);

    /// @notice Gives money back to the holders from whom it was taken, and to nobody else. A payment that an asset
    /// refuses becomes a claim of the holder and blocks no other.
    function refund(Return calldata order, Approvals calldata approvals) external;

    /// @notice Books what arrived in a case's vault by no act as suspense. Anyone may call, as soon as an order named the
    /// case: before that nobody can tell the address from any other, and a stranger's word must not make it a vault.
    function book(bytes32 caseId, address asset) external;

    /// @notice Pays out of the vault of a case, or reverts. Disposal only.
    function pay(Payment calldata payment) external;

    /// @notice Pays out of what a case took, against proceeds that the disposal brings in the same act. Disposal only.
    /// @param payment From custody.
    /// @param proceeds Base units of `proceedsAsset`.
    function deliver(Payment calldata payment, address proceedsAsset, uint256 proceeds) external;

    /// @notice Reserves money of a case that has been there for `age` seconds. Disposal only.
    /// @return proceeds What of it came as proceeds. Base units.
    function reserve(bytes32 caseId, address asset, uint256 amount, uint40 age) external returns (uint256 proceeds);

    /// @notice Frees what was reserved. Disposal only.
    /// @param proceeds What of `amount` came as proceeds. Base units.
    function unreserve(bytes32 caseId, address asset, uint256 amount, uint256 proceeds) external;

    /// @notice Registers the treasury of an asset. Disposal only.
    /// @param retires Whether the former one is no other asset's treasury, so that it can be held again.
    function setTreasury(address asset, address treasury, bool retires) external;

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

    /// @notice What every vault is a clone of. The docket created it.
    function VAULT() external view returns (address);

    /// @notice The treasury of an asset.
    function treasuryOf(address asset) external view returns (address);

    /// @notice Number of the newest hold ever placed.
    function placements() external view returns (uint32);

    /// @notice Number that the next entry of the journal will have.
    function nextEntry() external view returns (uint256);

    /// @notice The assets that can be held.
    function allAssets() external view returns (address[] memory);

    /// @notice Address of the vault of a case, also before it exists.
    function vaultOf(bytes32 caseId) external view returns (address);

    /// @notice What a case has of an asset.
    function moneyOf(bytes32 caseId, address asset) external view returns (Money memory);

    /// @notice What a case owes to an account.
    /// @param asset The one that was taken, or is claimed.
    /// @return owed What was taken and was not given back yet, in kind or in proceeds. Base units.
    /// @return claim A payment that the account could not receive and may claim. Base units.
    /// @return since When the claim was last added to.
    function owedTo(
        bytes32 caseId,
        address asset,
        address account
    ) external view returns (uint256 owed, uint256 claim, uint40 since);

    /// @notice What conversions of `taken` into `asset` brought in, in all.
    /// @return converted Base units of `taken`.
    /// @return proceeds Base units of `asset`.
    /// @return returned What of the proceeds went to holders. Base units of `asset`.
    function conversionOf(
        bytes32 caseId,
        address taken,
        address asset
    ) external view returns (uint256 converted, uint256 proceeds, uint256 returned);

    /// @notice Live claims on an account, saturated at 2^96-1.
    /// @return held Base units.
    /// @return until The last second in which all of them are live.
    function heldOf(address asset, address account) external view returns (uint256 held, uint40 until);
}
