// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Consent} from "./libraries/Consent.sol";
import {EffectList, EffectListLib, What} from "./types/Effect.sol";
import {HoldLib} from "./types/Hold.sol";
import {Act, ExchangeHold, License, OrderHash, Suspend} from "./types/Order.sol";
import {SELF} from "./types/Rule.sol";
import {IDocket} from "./interfaces/IDocket.sol";
import {ILicenceRegister} from "./interfaces/ILicenceRegister.sol";
import {Approvals, IQuorum} from "./interfaces/IQuorum.sol";

/// @title LicenceRegister
/// @notice The licensed platforms, their wallets, and what they withhold in sub-accounts and owe after a seizure. Holds no
/// money.
contract LicenceRegister is ILicenceRegister, ReentrancyGuardTransient {
    using OrderHash for *;
    using EffectListLib for EffectList;
    using SafeERC20 for IERC20;

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

    /// @notice What is known of a sub-account that was asked for.
    /// @param wallet The platform's wallet in which it lies.
    /// @param withheld What the platform said that it withholds, less what was demanded since. Base units.
    /// @param askedAt When a hold was last placed that the platform had not yet answered.
    /// @param answeredAt When the platform last answered; 0: never.
    struct SubAccount {
        address wallet;
        uint96 withheld;
        uint40 askedAt;
        uint40 answeredAt;
    }

    uint8 private constant NO_AGENCY = uint8(SELF);
    /// @dev In which a licence that should not be is seen: a conversion cannot pay a wallet that came overnight.
    uint40 private constant PUBLIC_TERM = 7 days;

    IQuorum public immutable QUORUM;
    IDocket public immutable DOCKET;

    mapping(address wallet => Licence) private _licences;
    /// @dev The journal's entry of the last suspension.
    mapping(bytes32 platform => uint256) private _suspensions;
    mapping(address asset => mapping(address account => SubAccount)) private _subAccounts;
    mapping(bytes32 caseId => mapping(address asset => mapping(address account => uint256))) private _due;

    error RegisterOnlyDocket(address caller);
    error RegisterZeroDocument();
    error RegisterZeroPlatform();
    /// @notice A licence must last longer than the `first` second from which it counts.
    error RegisterInvalidTerm(uint64 until, uint40 first);
    /// @notice No hold was ever placed on this sub-account of the wallet.
    error RegisterNotAsked(address asset, address wallet, bytes32 subAccount);
    error RegisterInvalidAmount(uint256 amount, uint256 most);
    /// @notice What the vault received is not what was surrendered.
    error RegisterMoved(address asset, uint256 expected, uint256 moved);

    modifier onlyDocket() {
        if (msg.sender != address(DOCKET)) revert RegisterOnlyDocket(msg.sender);
        _;
    }

    constructor(IQuorum quorum, IDocket docket) {
        QUORUM = quorum;
        DOCKET = docket;
    }

    /// @notice Licenses a wallet of a platform after {PUBLIC_TERM}; at once where it renews a licence in force of the same
    /// platform and kind.
    /// @param signature Of the wallet, a key or a contract (ERC-1271); empty where it calls itself.
    function license(
        License calldata order,
        Approvals calldata approvals,
        bytes calldata signature
    ) external nonReentrant {
        _requireDocument(order.document);
        if (order.platform == 0) revert RegisterZeroPlatform();
        (uint256 entry, bytes32 digest, bytes32[] memory officerIds) = _use(
            Act.LICENSE,
            order.hash(),
            order.signBy,
            approvals
        );
        Consent.requireBy(order.wallet, digest, signature);
        Licence memory licence = _licences[order.wallet];
        bool renews =
            isLicensed(order.wallet) && licence.platform == order.platform && licence.omnibus == order.omnibus;
        uint40 first = renews ? licence.first : uint40(block.timestamp) + PUBLIC_TERM;
        if (order.until <= first || order.until <= block.timestamp || order.until > type(uint40).max) {
            revert RegisterInvalidTerm(order.until, first);
        }
        _licences[order.wallet] = Licence(order.platform, order.omnibus, first, uint40(order.until), uint40(entry));
        DOCKET.mark(order.wallet);
        EffectList memory effects = EffectListLib.create(1);
        uint256 terms = (uint256(order.omnibus ? 1 : 0) << 80) | (uint256(first) << 40) | order.until;
        effects.add(What.LICENSED, address(0), order.wallet, terms, uint256(order.platform));
        DOCKET.record(entry, Act.LICENSE, 0, order.document, digest, officerIds, effects.encoded);
    }

    /// @notice Suspends every wallet of a platform at once. A wallet is licensed again by a new License only.
    function suspend(Suspend calldata order, Approvals calldata approvals) external nonReentrant {
        _requireDocument(order.document);
        if (order.platform == 0) revert RegisterZeroPlatform();
        (uint256 entry, bytes32 digest, bytes32[] memory officerIds) = _use(
            Act.SUSPEND,
            order.hash(),
            order.signBy,
            approvals
        );
        _suspensions[order.platform] = entry;
        EffectList memory effects = EffectListLib.create(1);
        effects.add(What.SUSPENDED, address(0), address(0), 0, uint256(order.platform));
        DOCKET.record(entry, Act.SUSPEND, 0, order.document, digest, officerIds, effects.encoded);
    }

    /// @notice Places a provisional hold on a sub-account of a licensed platform, and asks the platform to withhold it.
    function exchangeHold(ExchangeHold calldata order, Approvals calldata approvals) external nonReentrant {
        _requireDocument(order.document);
        requireLicensed(order.wallet);
        uint256 entry = DOCKET.nextEntry();
        (bytes32 digest, uint32 longest, bytes32[] memory officerIds) = QUORUM.use(
            Act.EXCHANGE_HOLD,
            NO_AGENCY,
            order.hash(),
            order.signBy,
            entry,
            approvals
        );
        address account = accountOf(order.wallet, order.subAccount);
        SubAccount storage asked = _subAccounts[order.asset][account];
        asked.wallet = order.wallet;
        if (asked.askedAt <= asked.answeredAt) asked.askedAt = uint40(block.timestamp);
        EffectList memory effects = EffectListLib.wrap(
            DOCKET.holdSubAccount(order.caseId, order.asset, account, order.amount, order.term, longest)
        );
        effects.add(What.SUB_ACCOUNT, order.asset, account, uint160(order.wallet), uint256(order.subAccount));
        DOCKET.record(entry, Act.EXCHANGE_HOLD, order.caseId, order.document, digest, officerIds, effects.encoded);
    }

    /// @notice The calling platform says what it withholds in a sub-account for all holds on it. Its answering time goes
    /// into the journal. It may say so again when that changes.
    /// @param amount Base units; 0: it has nothing there.
    function acknowledge(address asset, bytes32 subAccount, uint256 amount) external nonReentrant {
        address account = accountOf(msg.sender, subAccount);
        SubAccount storage asked = _requireAsked(asset, msg.sender, subAccount, account);
        if (amount > HoldLib.MAX_AMOUNT) revert RegisterInvalidAmount(amount, HoldLib.MAX_AMOUNT);
        uint256 seconds_ = block.timestamp - asked.askedAt;
        asked.withheld = uint96(amount);
        asked.answeredAt = uint40(block.timestamp);
        EffectList memory effects = EffectListLib.create(1);
        effects.add(What.ACKNOWLEDGED, asset, account, amount, seconds_);
        _enterUnsigned(Act.ACKNOWLEDGE, 0, effects);
    }

    /// @notice The calling platform pays what a seizure demanded into the vault of the case, in whole or in part.
    /// @param amount Base units. The wallet must have allowed this contract to take them.
    function surrender(bytes32 caseId, address asset, bytes32 subAccount, uint256 amount) external nonReentrant {
        address account = accountOf(msg.sender, subAccount);
        uint256 due = _due[caseId][asset][account];
        if (amount == 0 || amount > due) revert RegisterInvalidAmount(amount, due);
        _due[caseId][asset][account] = due - amount;
        (address vault, , ) = DOCKET.custodyOf(caseId, asset, account);
        // Counted before it comes: an asset that calls back cannot have it booked as suspense as well.
        EffectList memory effects = EffectListLib.wrap(DOCKET.take(caseId, asset, msg.sender, amount));
        uint256 before = IERC20(asset).balanceOf(vault);
        IERC20(asset).safeTransferFrom(msg.sender, vault, amount);
        uint256 moved = IERC20(asset).balanceOf(vault) - before;
        if (moved != amount) revert RegisterMoved(asset, amount, moved);
        effects.add(What.SURRENDERED, asset, msg.sender, amount, uint160(account));
        _enterUnsigned(Act.SURRENDER, caseId, effects);
    }

    /// @inheritdoc ILicenceRegister
    function demand(
        bytes32 caseId,
        address asset,
        address account,
        uint256 amount
    ) external onlyDocket returns (address wallet) {
        SubAccount storage asked = _subAccounts[asset][account];
        asked.withheld = uint96(Math.saturatingSub(asked.withheld, amount));
        _due[caseId][asset][account] += amount;
        return asked.wallet;
    }

    /// @notice A wallet's licence, in force or not. All zero: it never had one.
    function licenceOf(address wallet) external view returns (Licence memory) {
        return _licences[wallet];
    }

    /// @notice What is known of a sub-account. All zero: no hold was ever placed on it.
    function subAccountOf(address asset, address account) external view returns (SubAccount memory) {
        return _subAccounts[asset][account];
    }

    /// @notice What a platform owes to the vault of a case after a seizure. Base units.
    function dueOf(bytes32 caseId, address asset, address account) external view returns (uint256) {
        return _due[caseId][asset][account];
    }

    /// @inheritdoc ILicenceRegister
    function withheldOf(address asset, address account) external view returns (uint256) {
        SubAccount storage asked = _subAccounts[asset][account];
        return asked.answeredAt == 0 ? HoldLib.MAX_AMOUNT : asked.withheld;
    }

    /// @inheritdoc ILicenceRegister
    function isOmnibus(address wallet) external view returns (bool) {
        return _licences[wallet].omnibus && isLicensed(wallet);
    }

    /// @inheritdoc ILicenceRegister
    function requireLicensed(address wallet) public view {
        if (!isLicensed(wallet)) revert RegisterNotLicensed(wallet);
    }

    /// @notice Whether the wallet has a licence in force.
    function isLicensed(address wallet) public view returns (bool) {
        Licence storage licence = _licences[wallet];
        return
            block.timestamp >= licence.first &&
            block.timestamp <= licence.until &&
            licence.entry > _suspensions[licence.platform];
    }

    /// @notice The address by which a sub-account of a platform's wallet is known in holds.
    function accountOf(address wallet, bytes32 subAccount) public pure returns (address) {
        return address(uint160(uint256(keccak256(abi.encode(wallet, subAccount)))));
    }

    function _use(
        uint8 act,
        bytes32 structHash,
        uint64 signBy,
        Approvals calldata approvals
    ) private returns (uint256 entry, bytes32 digest, bytes32[] memory officerIds) {
        entry = DOCKET.nextEntry();
        (digest, , officerIds) = QUORUM.use(act, NO_AGENCY, structHash, signBy, entry, approvals);
    }

    function _enterUnsigned(uint8 act, bytes32 caseId, EffectList memory effects) private {
        DOCKET.record(DOCKET.nextEntry(), act, caseId, 0, 0, new bytes32[](0), effects.encoded);
    }

    function _requireAsked(
        address asset,
        address wallet,
        bytes32 subAccount,
        address account
    ) private view returns (SubAccount storage asked) {
        asked = _subAccounts[asset][account];
        if (asked.wallet == address(0)) revert RegisterNotAsked(asset, wallet, subAccount);
    }

    function _requireDocument(bytes32 document) private pure {
        if (document == 0) revert RegisterZeroDocument();
    }
}
