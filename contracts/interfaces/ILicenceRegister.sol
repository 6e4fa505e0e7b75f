// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ExchangeHold, License, Suspend} from "../types/Order.sol";
import {IMember} from "./IMember.sol";
import {Approvals} from "./IQuorum.sol";

/// @title ILicenceRegister
/// @notice The licensed platforms, their wallets, and what they withhold in sub-accounts and owe after a seizure.
interface ILicenceRegister is IMember {
    /// @notice A wallet of a platform.
    /// @param platform Name of the platform, left-aligned ASCII.
    /// @param omnibus Whether the money of many customers lies in it.
    /// @param first First second of the licence.
    /// @param until Last second of the licence.
    /// @param entry The journal's entry that decided it: a later suspension of the platform ends it.
    struct Licence {
        bytes32 platform;
        bool omnibus;
        uint40 first;
        uint40 until;
        uint40 entry;
    }

    /// @notice What is known of a sub-account in one asset.
    /// @param wallet The platform's wallet in which it lies.
    /// @param name The sub-account, as the platform knows it.
    /// @param withheld What the platform said that it withholds, less what was demanded of it since. Base units.
    /// @param askedAt When the platform was asked first what it has not answered, or had not until `answeredAt`. 0: never.
    /// @param answeredAt When the platform answered; 0: not since it was last asked.
    /// @param answered Number of the newest hold when it last answered: of later ones it has said nothing.
    struct SubAccount {
        address wallet;
        bytes32 name;
        uint96 withheld;
        uint40 askedAt;
        uint40 answeredAt;
        uint32 answered;
    }

    /// @notice The wallet has no licence in force.
    error RegisterNotLicensed(address wallet);
    error RegisterOnlyDocket(address caller);
    error RegisterZeroPlatform();
    /// @notice A licence must last longer than the `first` second from which it counts.
    error RegisterInvalidTerm(uint64 until, uint40 first);
    /// @notice The platform was suspended: what brings a wallet back rests on the document of that.
    error RegisterSuspended(bytes32 platform, bytes32 document, bytes32 needed);
    /// @notice No hold was ever placed on this sub-account of the wallet.
    error RegisterNotAsked(address asset, address wallet, bytes32 subAccount);
    error RegisterInvalidAmount(uint256 amount, uint256 most);

    /// @notice Licenses a wallet of a platform after {Terms-LICENCE_DELAY}; at once where it renews a licence in force of the
    /// same platform and kind. After a suspension of the platform a wallet comes back only by an order with the document of
    /// that suspension, so that nothing signed before can undo it.
    /// @param signature Of the wallet, a key or a contract (ERC-1271); empty where it calls itself.
    function license(License calldata order, Approvals calldata approvals, bytes calldata signature) external;

    /// @notice Suspends every wallet of a platform at once. A wallet is licensed again by a new License only.
    function suspend(Suspend calldata order, Approvals calldata approvals) external;

    /// @notice Places a provisional hold on a sub-account of a licensed platform, and asks the platform to withhold it.
    function exchangeHold(ExchangeHold calldata order, Approvals calldata approvals) external;

    /// @notice The calling platform says what it withholds in a sub-account for all holds on it. Its answering time goes
    /// into the journal. It may say so again when that changes.
    /// @param amount Base units; 0: it has nothing there.
    function acknowledge(address asset, bytes32 subAccount, uint256 amount) external;

    /// @notice The calling platform pays what a seizure demanded into the vault of the case, in whole or in part.
    /// @param amount Base units. The wallet must have allowed this contract to take them.
    function surrender(bytes32 caseId, address asset, bytes32 subAccount, uint256 amount) external;

    /// @notice A hold was placed on a sub-account: the platform is asked what it withholds, and its time counts, unless it
    /// counts already. Docket only.
    function ask(address asset, address account) external;

    /// @notice A seizure demands that the platform surrenders `amount` of the sub-account. Docket only.
    /// @param ofWithheld What of it the platform had said that it withholds. Base units.
    /// @return wallet The platform's wallet that owes it.
    function demand(
        bytes32 caseId,
        address asset,
        address account,
        uint256 amount,
        uint256 ofWithheld
    ) external returns (address wallet);

    /// @notice Reverts where the wallet has no licence in force.
    function requireLicensed(address wallet) external view;

    /// @notice Whether the wallet has a licence in force.
    function isLicensed(address wallet) external view returns (bool);

    /// @notice Whether the wallet is one in which a licensed platform keeps the money of its customers together.
    function isOmnibus(address wallet) external view returns (bool);

    /// @notice A wallet's licence, in force or not. All zero: it never had one.
    function licenceOf(address wallet) external view returns (Licence memory);

    /// @notice What is known of a sub-account. `askedAt` is 0: no hold was ever placed on it in this asset.
    function subAccountOf(address asset, address account) external view returns (SubAccount memory);

    /// @notice What the platform said that it withholds in a sub-account, for the holds up to number `answered`. Of later
    /// ones it has said nothing, and owes them whole when they are seized.
    /// @return withheld Base units.
    function withheldOf(address asset, address account) external view returns (uint256 withheld, uint32 answered);

    /// @notice What a platform owes to the vault of a case after a seizure. Base units.
    function dueOf(bytes32 caseId, address asset, address account) external view returns (uint256);

    /// @notice The address by which a sub-account of a platform's wallet is known in holds.
    function accountOf(address wallet, bytes32 subAccount) external pure returns (address);
}
