// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ILicenceRegister} from "./ILicenceRegister.sol";
import {IMember} from "./IMember.sol";
import {Approvals} from "./IQuorum.sol";
import {Compensation} from "../types/Money.sol";
import {Appeal, Compensate, Convert, Forfeit, Return, SetTreasury, Transfer} from "../types/Order.sol";

/// @title IDisposal
/// @notice Forfeit, compensate, convert, transfer; appeals, claims, compensations, treasuries.
interface IDisposal is IMember {
    /// @notice Zero, or 2^96 and more.
    error DisposalInvalidAmount(address asset, address account, uint256 amount);
    error DisposalUnknownAsset(address asset);
    error DisposalUnknownCase(bytes32 caseId);
    /// @notice Refunds must ascend strictly by (taken, asset, account).
    error DisposalUnordered(address taken, address asset, address account);
    error DisposalEmptyOrder();
    /// @notice Not the treasury that is registered for the asset.
    error DisposalWrongTreasury(address asset, address treasury, address registered);
    /// @notice The asset that is converted itself.
    error DisposalInvalidProceedsAsset(address asset);
    /// @notice Only the wallet that the order names executes a conversion: it pays.
    error DisposalOnlyWallet(address caller, address wallet);
    /// @notice Base units.
    error DisposalProceedsTooLow(address asset, uint256 have, uint256 need);
    /// @notice No such source, or one that does not go with the holder that is named or missing.
    error DisposalInvalidSource(uint8 source, address holder);
    /// @notice Zero, an asset, a contract of the system, what stands for a sub-account, or the case's own vault: money
    /// could not leave it again.
    error DisposalInvalidPayee(address payee);
    /// @notice `held` base units of the account are held: only itself may claim, a stranger must not push money into a
    /// seizure.
    error DisposalHeldPayee(address asset, address account, uint256 held);
    error DisposalNoClaim(bytes32 caseId, address asset, address account);
    /// @notice Zero, of the system, an asset, a vault, a platform's, or the treasury already.
    error DisposalInvalidTreasury(address treasury);
    /// @notice The account cannot become a treasury, which can never be held: it has a live hold. Base units.
    error DisposalHeldTreasury(address asset, address treasury, uint256 held);

    error DisposalAppealedBefore(bytes32 order, address holder);
    /// @notice The order disposes of another asset than the appeal names.
    error DisposalWrongAsset(bytes32 order, address asset, address named);
    /// @notice The case owes the holder nothing, in this asset or in one that was converted into it, and keeps no claim of it.
    error DisposalNotAffected(bytes32 order, address asset, address holder);

    /// @notice Seconds.
    error DisposalInvalidClaimTerm(uint32 claimTerm, uint32 least, uint32 most);
    error DisposalZeroRoot();
    error DisposalNoCompensation(bytes32 order);
    /// @notice The claim does not stand in the list.
    error DisposalNotInList(bytes32 order, uint256 index, address account, uint256 amount);
    error DisposalClaimPaid(bytes32 order, uint256 index);
    /// @notice The last second for a claim was `until`.
    error DisposalClaimTooLate(bytes32 order, uint40 until);
    /// @notice The list is worth more than its total: nothing of it is left for this claim. Base units.
    error DisposalExceedsCompensation(bytes32 order, uint256 have, uint256 need);
    /// @notice There is nothing to free, or not before the second after `until`. Base units.
    error DisposalStillReserved(bytes32 order, uint256 rest, uint40 until);

    /// @notice Who tells whether a wallet that converts is licensed.
    function REGISTER() external view returns (ILicenceRegister);

    /// @notice Schedules a payment to the treasury.
    function forfeit(Forfeit calldata order, Approvals calldata approvals) external;

    /// @notice Pays the treasury as scheduled, of money that has lain in the case for the order's whole delay. Anyone may
    /// call.
    /// @param officerIds The officers whose approvals counted when it was scheduled.
    /// @param further See {IQuorum-execute}.
    function executeForfeit(Forfeit calldata order, bytes32[] calldata officerIds, Approvals calldata further) external;

    /// @notice Schedules a compensation of victims by a list.
    function compensate(Compensate calldata order, Approvals calldata approvals) external;

    /// @notice Reserves the total of a compensation as scheduled, of money that has lain in the case for the order's whole
    /// delay: from now on its claims are paid. Anyone may call.
    /// @param officerIds The officers whose approvals counted when it was scheduled.
    /// @param further See {IQuorum-execute}.
    function executeCompensate(
        Compensate calldata order,
        bytes32[] calldata officerIds,
        Approvals calldata further
    ) external;

    /// @notice Pays a claim of a compensation to the account that the list names. Anyone may call; where the account's
    /// money is held, itself alone.
    /// @param order Digest of the Compensate.
    /// @param index Place of the claim in the list.
    /// @param amount Base units.
    /// @param proof From the leaf (chain id, docket, case, asset, index, account, amount) to the root, see
    /// OpenZeppelin's StandardMerkleTree.
    function claimCompensation(
        bytes32 order,
        uint256 index,
        address account,
        uint256 amount,
        bytes32[] calldata proof
    ) external;

    /// @notice Frees what nobody claimed of a compensation in time. Anyone may call.
    /// @param order Digest of the Compensate.
    function unreserve(bytes32 order) external;

    /// @notice Schedules a conversion: delivery versus payment with one licensed wallet.
    function convert(Convert calldata order, Approvals calldata approvals) external;

    /// @notice The wallet gets the amount and pays the proceeds into the vault, in one act. It chooses the second within
    /// its window; when it never calls, nothing moves.
    /// @param officerIds The officers whose approvals counted when it was scheduled.
    /// @param further See {IQuorum-execute}.
    /// @param proceeds What the wallet pays, at least what the order asks for. Base units. It must have allowed this
    /// contract to take them.
    function executeConvert(
        Convert calldata order,
        bytes32[] calldata officerIds,
        Approvals calldata further,
        uint256 proceeds
    ) external;

    /// @notice Schedules a payment to a free payee.
    function transfer(Transfer calldata order, Approvals calldata approvals) external;

    /// @notice Pays a free payee as scheduled, of money that has lain in the case for the order's whole delay, or of a
    /// claim that its holder did not come for within {Terms-UNCLAIMED}. Anyone may call.
    /// @param officerIds The officers whose approvals counted when it was scheduled.
    /// @param further See {IQuorum-execute}.
    function executeTransfer(
        Transfer calldata order,
        bytes32[] calldata officerIds,
        Approvals calldata further
    ) external;

    /// @notice Schedules another treasury of an asset.
    function setTreasury(SetTreasury calldata order, Approvals calldata approvals) external;

    /// @notice Registers a treasury as scheduled. Anyone may call. The former one can be held again, unless it is the
    /// treasury of another asset.
    /// @param officerIds The officers whose approvals counted when it was scheduled.
    /// @param further See {IQuorum-execute}.
    function executeSetTreasury(
        SetTreasury calldata order,
        bytes32[] calldata officerIds,
        Approvals calldata further
    ) external;

    /// @notice The affected holder contests a scheduled disposal, without a bond, so that it can be answered by a Return. The
    /// first appeal makes the delay longer of the orders on this asset in the case, see {IQuorum-appeal}; each further one
    /// is recorded.
    /// @param order Names the asset of the order that it contests.
    /// @param signature Of the holder, a key or a contract (ERC-1271); empty where it calls itself.
    function appeal(Appeal calldata order, bytes calldata signature) external;

    /// @notice Pays a claim to its claimant. Anyone may call; where the account's money is held, itself alone.
    function claim(bytes32 caseId, address asset, address account) external;

    /// @notice Whether a disposal of `asset` concerns the holder: it is owed something in it, or in an asset that was
    /// converted into it, or its claim in it waits.
    function isAffected(bytes32 caseId, address asset, address holder) external view returns (bool);

    /// @notice Gives money back to the holders from whom it was taken, and to nobody else. A payment that an asset
    /// refuses becomes a claim of the holder and blocks no other.
    function refund(Return[] calldata orders, Approvals[] calldata approvals, bytes calldata range) external;

    /// @notice Books what arrived in a case's vault by no act as suspense. Anyone may call, as soon as an order named the
    /// case: before that nobody can tell the address from any other, and a stranger's word must not make it a vault.
    function book(bytes32 caseId, address asset) external;

    /// @notice Opens a document on the journal: shows of which file it is the hash. Anyone who has both may call.
    function open(bytes32 caseId, bytes32 documentSalt, bytes32 fileHash) external;

    /// @notice Whether the holder has appealed against the order.
    function isAppealed(bytes32 order, address holder) external view returns (bool);

    /// @notice The compensation that this order made. All zero: none.
    function compensationOf(bytes32 order) external view returns (Compensation memory);

    /// @notice Whether the claim at `index` of the list was paid.
    function isCompensated(bytes32 order, uint256 index) external view returns (bool);
}
