// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Approvals, IQuorum} from "./IQuorum.sol";
import {Asset, Contracts, Numbers} from "../types/Charter.sol";
import {Hold} from "../types/Hold.sol";
import {Money, Payment} from "../types/Money.sol";
import {Arrest, Freeze, Lift, Refund, Seize} from "../types/Order.sol";

/// @notice An account of an asset.
struct Account {
    address asset;
    address account;
}

/// @notice State of a case.
/// @param number From 1; 0: never opened.
/// @param hasVault Whether the vault exists.
struct Case {
    uint32 number;
    bool hasVault;
}

/// @title IDocket
/// @notice Cases, holds, seizure, Return, the one ledger of a case's money, and the journal. Amounts are base units, times
/// Unix seconds, terms seconds. An `account` is that of a holder, or a sub-account, see {ILicenceRegister-accountOf}.
interface IDocket {
    /// @notice An act.
    /// @param seq Number of the entry.
    /// @param act Number of the act.
    /// @param caseId The case, or zero.
    /// @param order Digest of the order, or zero where the act needs none.
    /// @param document The document that the act rests on, or zero.
    /// @param officerIds The officers whose approvals counted, ascending.
    /// @param effects `abi.encode(Effect[])`.
    /// @param head The head after this entry.
    event Entry(
        uint256 indexed seq,
        uint8 act,
        bytes32 indexed caseId,
        bytes32 indexed order,
        bytes32 document,
        bytes32[] officerIds,
        bytes effects,
        bytes32 head
    );

    error DocketOnlySystem(address caller);
    error DocketInstalled();
    error DocketInvalidAsset(address asset, address adapter);
    /// @notice Zero, of the system, an asset or a vault.
    error DocketInvalidTreasury(address treasury);
    /// @notice Not 1 to 31 printable ASCII characters, left-aligned.
    error DocketInvalidCaseId(bytes32 caseId);
    error DocketUnknownCase(bytes32 caseId);
    error DocketUnknownAsset(address asset);
    error DocketEmptyOrder();
    /// @notice Targets must ascend strictly by (asset, account), refunds by (taken, asset, account).
    error DocketUnordered(address asset, address account);
    error DocketInvalidAmount(address asset, address account, uint256 amount);
    /// @notice A term, or a last second, that is none or too late.
    error DocketInvalidTerm(uint256 term, uint256 longest);
    /// @notice The account is part of the system: a treasury, a vault, one of its contracts; or a sub-account or a
    /// platform's wallet that the order does not name as such. See {Standing}.
    error DocketCannotHold(address account, uint8 standing);
    /// @notice The order reaches up to a hold that was never placed.
    error DocketUnknownHold(uint32 upTo, uint32 placed);
    /// @notice Not enough is held by the case's own live holds that the order may touch.
    error DocketHoldTooSmall(address asset, address account, uint256 have, uint256 need);
    /// @notice The account has as many holds of this kind, live or remembered, as it can have.
    error DocketHoldsFull(address asset, address account, uint256 most);
    /// @notice A provisional hold would end later than the one that began at `since` could, within {cooling} of that.
    error DocketRollover(address asset, address account, uint40 since, uint40 latestUntil, uint40 until);
    /// @notice A confirmation may not shorten a hold.
    error DocketTermShortened(address asset, address account, uint40 until, uint40 newUntil);
    /// @notice A hold would end more than {longestArrest} after the case's holds on the account began.
    error DocketHoldTooLong(address asset, address account, uint40 since, uint40 latestUntil, uint40 until);
    /// @notice No hold of the case is live on a target of a Seize: the order is skipped and stays unused.
    error DocketNothingHeld();
    error DocketNothingLapsed(bytes32 caseId);
    /// @notice Another entry was made since this act foresaw its number.
    error JournalWrongEntry(uint256 entry, uint256 next);
    /// @notice There is nothing in the vault of the case that no act put there and nobody booked.
    error DocketNothingToBook(bytes32 caseId, address asset);
    /// @notice More than what was taken from the account and not given back yet. Base units of `taken`.
    error DocketExceedsOwed(bytes32 caseId, address taken, address account, uint256 have, uint256 need);
    /// @notice More than what is left of what was taken: proceeds are not returned in kind. Base units.
    error DocketExceedsTaken(bytes32 caseId, address asset, uint256 have, uint256 need);
    /// @notice More than what conversions of `taken` into `asset` brought in and is still there for holders. Base units.
    error DocketExceedsProceeds(bytes32 caseId, address taken, address asset, uint256 have, uint256 need);
    /// @notice More than what is left and has been in the case for as long as the order's delay, and an appeal's time: of
    /// proceeds too, but not for a conversion; none of it where the holder whom the order names was taken from since. Base
    /// units.
    error DocketExceedsFree(bytes32 caseId, address asset, uint256 free, uint256 need);
    /// @notice The claim is smaller, or is not moved before the second `free`. Base units.
    error DocketClaimKept(bytes32 caseId, address asset, address account, uint256 amount, uint40 free);
    /// @notice The asset refuses to pay the payee.
    error DocketPaymentRefused(bytes32 caseId, address asset, address account, uint256 amount);

    /// @notice Places provisional holds, for one or many cases in one transaction. An order that was used before, or is
    /// short of approvals because officers withdrew them, is skipped; any other fault reverts all, and so does a call
    /// that would execute none.
    function freeze(Freeze[] calldata orders, Approvals[] calldata approvals, bytes calldata range) external;

    /// @notice The court confirms live holds of the case, up to number `upTo`, and places new ones.
    function arrest(Arrest[] calldata orders, Approvals[] calldata approvals, bytes calldata range) external;

    /// @notice Ends holds of the case, up to number `upTo`, in whole or in part: provisional ones, with `arrested` those
    /// too that a court arrested, by the rule for these.
    function lift(Lift calldata order, Approvals calldata approvals) external;

    /// @notice Moves held money into the vault of the case and nowhere else: of each target the least of what the order
    /// names, what the case's live holds up to number `upTo` name, and the balance less all earlier live holds. The rest
    /// stays held. Of a sub-account the platform then owes what was seized, see {ILicenceRegister-surrender}.
    function seize(Seize[] calldata orders, Approvals[] calldata approvals, bytes calldata range) external;

    /// @notice Records the end of holds of a case that ended by time. Nobody decides it, anyone may call; accounts
    /// without such a hold are passed over.
    function lapse(bytes32 caseId, Account[] calldata accounts) external;

    /// @notice Counts what arrived in the vault of a case that an order named, by no act, as suspense: at most 2^96-1 base
    /// units at a time. Disposal only.
    function countSuspense(bytes32 caseId, address asset) external returns (address vault, uint256 added);

    /// @notice Gives money back to the holder from whom it was taken, or makes it the holder's claim where the asset refuses.
    /// Disposal only.
    /// @return accepted Whether it was paid.
    function giveBack(bytes32 caseId, Refund calldata item) external returns (bool accepted);

    /// @notice Pays out of the vault of a case, or reverts. Disposal only.
    /// @return proceeds What of it came as proceeds. Base units.
    function pay(Payment calldata payment) external returns (uint256 proceeds);

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

    /// @notice Counts what a platform surrendered into the vault of a case as taken from its wallet. Register only.
    function take(bytes32 caseId, address asset, address wallet, uint256 amount) external;

    /// @notice Marks the wallet of a licensed platform, so that a hold on it asks the register. Register only.
    function mark(address wallet) external;

    /// @notice Who tells whether the right officers approved an order.
    function QUORUM() external view returns (IQuorum);

    /// @notice What the account is to the system; 0: nothing. See {Standing}.
    function standingOf(address account) external view returns (uint8);

    /// @notice What every vault is a clone of. The docket created it.
    function VAULT() external view returns (address);

    /// @notice The treasury of an asset.
    function treasuryOf(address asset) external view returns (address);

    /// @notice Number of the newest hold ever placed.
    function placements() external view returns (uint32);

    /// @notice Seconds for which F is open, and for which a case's hold that ended still counts as its own. Set by install.
    function cooling() external view returns (uint32);

    /// @notice Most seconds from the beginning of a case's holds on an account to the end of any of them. Set by install.
    function longestArrest() external view returns (uint32);

    /// @notice `keccak256(abi.encode(head, seq, act, caseId, document, order, keccak256(officerIds),
    /// keccak256(effects), timestamp))`, from `keccak256(abi.encode(chainId, docket))` on. The ids are hashed as their
    /// plain concatenation.
    function head() external view returns (bytes32);

    /// @notice Entries of the journal so far.
    function entries() external view returns (uint256);

    /// @notice Number that the next entry of the journal will have.
    function nextEntry() external view returns (uint256);

    /// @notice The assets that can be held.
    function allAssets() external view returns (address[] memory);

    /// @notice State of a case. All zero: never opened.
    function caseOf(bytes32 caseId) external view returns (Case memory);

    /// @notice The case with this number, from 1 on.
    function caseIdOf(uint256 number) external view returns (bytes32);

    /// @notice Number of cases ever opened.
    function caseCount() external view returns (uint256);

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

    /// @notice What conversions of `taken` into `asset` brought in, less what was returned of it. A disposal of proceeds
    /// changes neither.
    /// @return converted What of `taken` those proceeds stand for. Base units of `taken`.
    /// @return proceeds Base units of `asset`.
    function conversionOf(
        bytes32 caseId,
        address taken,
        address asset
    ) external view returns (uint256 converted, uint256 proceeds);

    /// @notice The words on an account, by priority: live holds, those that ended unrecorded, and, with amount 0, those
    /// that something still counts from.
    function holdsOf(address asset, address account) external view returns (Hold[] memory);

    /// @notice Live claims on an account, saturated at 2^96-1.
    /// @return held Base units.
    /// @return until The last second in which all of them are live.
    function heldOf(address asset, address account) external view returns (uint256 held, uint40 until);
}
