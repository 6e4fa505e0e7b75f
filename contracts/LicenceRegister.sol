// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {Consent} from "./libraries/Consent.sol";
import {Documents} from "./libraries/Documents.sol";
import {Moves} from "./libraries/Moves.sol";
import {Terms} from "./libraries/Terms.sol";
import {EffectList, EffectListLib, What} from "./types/Effect.sol";
import {HoldLib} from "./types/Hold.sol";
import {Act} from "./types/Act.sol";
import {ExchangeHold, License, OrderHash, Suspend} from "./types/Order.sol";
import {NO_AGENCY} from "./types/Rule.sol";
import {IDocket} from "./interfaces/IDocket.sol";
import {ILicenceRegister} from "./interfaces/ILicenceRegister.sol";
import {IMember} from "./interfaces/IMember.sol";
import {Approvals, IQuorum} from "./interfaces/IQuorum.sol";

/// @title LicenceRegister
/// @notice See {ILicenceRegister}. Holds no money.
contract LicenceRegister is ILicenceRegister, ReentrancyGuardTransient {
    using OrderHash for *;
    using EffectListLib for EffectList;

    /// @dev The last suspension of a platform.
    struct Suspension {
        uint256 entry;
        bytes32 document;
    }

    /// @dev See {SubAccount}. Where a sub-account lies is the same for all assets, what is withheld in it is not.
    struct Place {
        address wallet;
        bytes32 name;
    }

    struct Answer {
        uint96 withheld;
        uint40 askedAt;
        uint40 answeredAt;
        uint32 answered;
    }

    /// @inheritdoc IMember
    IQuorum public immutable QUORUM;
    /// @inheritdoc IMember
    IDocket public immutable DOCKET;

    mapping(address wallet => Licence) private _licences;
    mapping(bytes32 platform => Suspension) private _suspensions;
    mapping(address account => Place) private _places;
    mapping(address asset => mapping(address account => Answer)) private _answers;
    mapping(bytes32 caseId => mapping(address asset => mapping(address account => uint256))) private _due;

    modifier onlyDocket() {
        if (msg.sender != address(DOCKET)) revert RegisterOnlyDocket(msg.sender);
        _;
    }

    constructor(IQuorum quorum, IDocket docket) {
        QUORUM = quorum;
        DOCKET = docket;
    }

    /// @inheritdoc ILicenceRegister
    function license(
        License calldata order,
        Approvals calldata approvals,
        bytes calldata signature
    ) external nonReentrant {
        Documents.requireOne(order.document);
        if (order.platform == 0) revert RegisterZeroPlatform();
        (uint256 entry, bytes32 digest, bytes32[] memory officerIds) = _use(
            Act.LICENSE,
            order.hash(),
            order.signBy,
            approvals
        );
        Consent.requireBy(order.wallet, digest, signature);
        uint40 first = _firstSecond(order);
        if (order.until <= first || order.until > type(uint40).max) revert RegisterInvalidTerm(order.until, first);
        _licences[order.wallet] = Licence(order.platform, order.omnibus, first, uint40(order.until), uint40(entry));
        DOCKET.mark(order.wallet);
        EffectList memory effects = EffectListLib.create(1);
        uint256 terms = (uint256(order.omnibus ? 1 : 0) << 80) | (uint256(first) << 40) | order.until;
        effects.add(What.LICENSED, address(0), order.wallet, terms, uint256(order.platform));
        DOCKET.record(entry, Act.LICENSE, 0, order.document, digest, officerIds, effects.encoded);
    }

    /// @inheritdoc ILicenceRegister
    function suspend(Suspend calldata order, Approvals calldata approvals) external nonReentrant {
        Documents.requireOne(order.document);
        if (order.platform == 0) revert RegisterZeroPlatform();
        (uint256 entry, bytes32 digest, bytes32[] memory officerIds) = _use(
            Act.SUSPEND,
            order.hash(),
            order.signBy,
            approvals
        );
        _suspensions[order.platform] = Suspension(entry, order.document);
        EffectList memory effects = EffectListLib.create(1);
        effects.add(What.SUSPENDED, address(0), address(0), 0, uint256(order.platform));
        DOCKET.record(entry, Act.SUSPEND, 0, order.document, digest, officerIds, effects.encoded);
    }

    /// @inheritdoc ILicenceRegister
    function exchangeHold(ExchangeHold calldata order, Approvals calldata approvals) external nonReentrant {
        Documents.requireOne(order.document);
        // Also after a licence's end: what lies there of a customer must not become free by it.
        if (_licences[order.wallet].entry == 0) revert RegisterNotLicensed(order.wallet);
        uint256 entry = DOCKET.nextEntry();
        (bytes32 digest, uint32 longest, bytes32[] memory officerIds) = QUORUM.use(
            Act.EXCHANGE_HOLD,
            NO_AGENCY,
            order.hash(),
            order.signBy,
            entry,
            false,
            approvals
        );
        address account = accountOf(order.wallet, order.subAccount);
        _places[account] = Place(order.wallet, order.subAccount);
        _ask(order.asset, account);
        EffectList memory effects = EffectListLib.wrap(
            DOCKET.holdSubAccount(order.caseId, order.asset, account, order.amount, order.term, longest)
        );
        effects.add(What.SUB_ACCOUNT, order.asset, account, uint160(order.wallet), uint256(order.subAccount));
        DOCKET.record(entry, Act.EXCHANGE_HOLD, order.caseId, order.document, digest, officerIds, effects.encoded);
    }

    /// @inheritdoc ILicenceRegister
    function acknowledge(address asset, bytes32 subAccount, uint256 amount) external nonReentrant {
        address account = accountOf(msg.sender, subAccount);
        Answer storage answer = _answers[asset][account];
        if (answer.askedAt == 0) revert RegisterNotAsked(asset, msg.sender, subAccount);
        if (amount > HoldLib.MAX_AMOUNT) revert RegisterInvalidAmount(amount, HoldLib.MAX_AMOUNT);
        uint256 seconds_ = block.timestamp - answer.askedAt;
        (answer.withheld, answer.answeredAt) = (uint96(amount), uint40(block.timestamp));
        answer.answered = DOCKET.placements();
        EffectList memory effects = EffectListLib.create(1);
        effects.add(What.ACKNOWLEDGED, asset, account, amount, seconds_);
        _enterUnsigned(Act.ACKNOWLEDGE, 0, effects);
    }

    /// @inheritdoc ILicenceRegister
    function surrender(bytes32 caseId, address asset, bytes32 subAccount, uint256 amount) external nonReentrant {
        address account = accountOf(msg.sender, subAccount);
        uint256 due = _due[caseId][asset][account];
        if (amount == 0 || amount > due || amount > HoldLib.MAX_AMOUNT) revert RegisterInvalidAmount(amount, due);
        _due[caseId][asset][account] = due - amount;
        address vault = DOCKET.vaultOf(caseId);
        // Counted before it comes: an asset that calls back cannot have it booked as suspense as well.
        DOCKET.take(caseId, asset, msg.sender, amount);
        Moves.pull(asset, msg.sender, vault, amount);
        EffectList memory effects = EffectListLib.create(1);
        effects.add(What.SURRENDERED, asset, msg.sender, amount, uint160(account));
        _enterUnsigned(Act.SURRENDER, caseId, effects);
    }

    /// @inheritdoc ILicenceRegister
    function ask(address asset, address account) external onlyDocket {
        _ask(asset, account);
    }

    /// @inheritdoc ILicenceRegister
    function demand(
        bytes32 caseId,
        address asset,
        address account,
        uint256 amount,
        uint256 ofWithheld
    ) external onlyDocket returns (address wallet) {
        _answers[asset][account].withheld -= uint96(ofWithheld);
        _due[caseId][asset][account] += amount;
        return _places[account].wallet;
    }

    /// @inheritdoc ILicenceRegister
    function licenceOf(address wallet) external view returns (Licence memory) {
        return _licences[wallet];
    }

    /// @inheritdoc ILicenceRegister
    function subAccountOf(address asset, address account) external view returns (SubAccount memory) {
        Place memory place = _places[account];
        Answer memory answer = _answers[asset][account];
        return
            SubAccount(place.wallet, place.name, answer.withheld, answer.askedAt, answer.answeredAt, answer.answered);
    }

    /// @inheritdoc ILicenceRegister
    function dueOf(bytes32 caseId, address asset, address account) external view returns (uint256) {
        return _due[caseId][asset][account];
    }

    /// @inheritdoc ILicenceRegister
    function withheldOf(address asset, address account) external view returns (uint256 withheld, uint32 answered) {
        Answer memory answer = _answers[asset][account];
        return (answer.withheld, answer.answered);
    }

    /// @inheritdoc ILicenceRegister
    function isOmnibus(address wallet) external view returns (bool) {
        return _licences[wallet].omnibus && isLicensed(wallet);
    }

    /// @inheritdoc ILicenceRegister
    function requireLicensed(address wallet) public view {
        if (!isLicensed(wallet)) revert RegisterNotLicensed(wallet);
    }

    /// @inheritdoc ILicenceRegister
    function isLicensed(address wallet) public view returns (bool) {
        Licence storage licence = _licences[wallet];
        return
            block.timestamp >= licence.first &&
            block.timestamp <= licence.until &&
            licence.entry > _suspensions[licence.platform].entry;
    }

    /// @inheritdoc ILicenceRegister
    function accountOf(address wallet, bytes32 subAccount) public pure returns (address) {
        return address(uint160(uint256(keccak256(abi.encode(wallet, subAccount)))));
    }

    function _ask(address asset, address account) private {
        Answer storage answer = _answers[asset][account];
        // A question that waits is not asked anew: its time counts from the first hold that was not answered.
        if (answer.askedAt == 0 || answer.answeredAt != 0) {
            (answer.askedAt, answer.answeredAt) = (uint40(block.timestamp), 0);
        }
    }

    /// @dev From when on the licence counts that is ordered now. Whoever was suspended comes back by a License with the
    /// document of that suspension alone, whichever platform it is of then.
    function _firstSecond(License calldata order) private view returns (uint40) {
        Licence memory licence = _licences[order.wallet];
        bool same = licence.platform == order.platform;
        if (!same) _requireAnswer(order, licence.platform, licence.entry);
        _requireAnswer(order, order.platform, same ? licence.entry : 0);
        if (!isLicensed(order.wallet)) return uint40(block.timestamp) + Terms.LICENCE_DELAY;
        // A License that was left over must not undo a later one; shortening is a Suspend.
        if (order.until < licence.until) revert RegisterInvalidTerm(order.until, licence.until);
        bool renews = same && licence.omnibus == order.omnibus;
        return renews ? licence.first : uint40(block.timestamp) + Terms.LICENCE_DELAY;
    }

    /// @dev Refuses a License that does not answer a suspension of the platform after the journal's entry `since`.
    function _requireAnswer(License calldata order, bytes32 platform, uint256 since) private view {
        Suspension memory suspension = _suspensions[platform];
        if (suspension.entry > since && order.document != suspension.document) {
            revert RegisterSuspended(platform, order.document, suspension.document);
        }
    }

    function _use(
        uint8 act,
        bytes32 structHash,
        uint64 signBy,
        Approvals calldata approvals
    ) private returns (uint256 entry, bytes32 digest, bytes32[] memory officerIds) {
        entry = DOCKET.nextEntry();
        (digest, , officerIds) = QUORUM.use(act, NO_AGENCY, structHash, signBy, entry, false, approvals);
    }

    function _enterUnsigned(uint8 act, bytes32 caseId, EffectList memory effects) private {
        DOCKET.record(DOCKET.nextEntry(), act, caseId, 0, 0, new bytes32[](0), effects.encoded);
    }
}
