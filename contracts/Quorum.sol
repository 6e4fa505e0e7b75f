// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Charter, MIN_GUARDED_KEYS, Asset, Seat} from "./types/Charter.sol";
import {DelayedOrder, DelayedOrders, DelayedState} from "./base/DelayedOrders.sol";
import {EffectList, EffectListLib, What} from "./types/Effect.sol";
import {Kind} from "./base/Officers.sol";
import {Act, Admit, Cancel, Configure, Dismiss, OrderHash, Stay, Veto} from "./types/Order.sol";
import {RuleBook} from "./base/RuleBook.sol";
import {PackedRule, RuleLib, SELF} from "./types/Rule.sol";
import {IDocket} from "./interfaces/IDocket.sol";
import {IMember} from "./interfaces/IMember.sol";
import {Approvals, IQuorum} from "./interfaces/IQuorum.sol";

/// @title Quorum
/// @notice Officers sign, agencies are counted. Answers one question: did the right bodies approve this order?
/// Orders are unordered, unique by their salted digest, used once and dead after their `signBy`. An order whose rule has
/// a delay is scheduled first, and can be stayed and vetoed until it is executed.
contract Quorum is IQuorum, RuleBook, DelayedOrders {
    using OrderHash for *;
    using EffectListLib for EffectList;

    /// @dev About no agency, for rules.
    uint8 private constant NO_AGENCY = uint8(SELF);
    /// @dev Between two dismissals of officers of one agency by others: two stolen keys cannot empty a court overnight.
    uint40 private constant DISMISSAL_PAUSE = 7 days;
    /// @dev Set in an order's slot when an officer withdrew its approval of it. The low bits hold the entry's number.
    uint256 private constant WITHDRAWN = 1 << 255;

    mapping(bytes32 digest => uint256) private _orders;
    address private immutable DEPLOYER;

    error QuorumNotInstaller(address caller);
    error QuorumOnlyDisposal(address caller);
    error QuorumInstalled();
    error QuorumOrderExpired(bytes32 digest, uint64 signBy);
    error QuorumNotOneApproval(uint256 approvals);
    error QuorumApprovalWithdrawn(bytes32 digest, bytes32 officerId);
    error QuorumApprovedBefore(bytes32 digest, bytes32 officerId);
    error QuorumZeroDocument();
    /// @notice An act that is done at once cannot be scheduled, nor a delayed one be used. `delay` in seconds.
    error QuorumDelay(uint8 act, uint8 alternative, uint32 delay);
    /// @notice The candidate did not sign its own admission.
    error QuorumNoConsent(bytes32 officerId);
    /// @notice The last officer of an agency goes only after its successor is seated.
    error QuorumLastOfficer(uint8 agency, bytes32 officerId);
    /// @notice Other agencies may dismiss an officer of this one again at the second `next`.
    error QuorumDismissalPause(uint8 agency, uint40 next);

    error CharterInvalidContracts(address docket, address disposal, address register, address vault);
    error CharterUnknownAgency(uint256 agency, uint256 agencies);
    error CharterTooManyAgencies(uint256 agencies, uint256 most);
    /// @notice The court and the prosecutor are one agency.
    error CharterOneGuard(uint256 agency);
    /// @notice The first officers that signed are not those of the charter's seats.
    error CharterNotSigned(uint256 seats, uint256 signatures);
    error CharterTooFewKeys(uint256 agency, uint256 keys, uint256 least);
    /// @notice The act stands in the charter twice.
    error CharterActTwice(uint8 act);
    /// @notice Without a rule for this act a wrong could not be righted, or the officers never change.
    error CharterMissingRule(uint8 act);
    /// @notice A number of the charter, by its place in {Numbers}, is zero, or shorter than what it bounds.
    error CharterInvalidNumber(uint256 number, uint256 value);

    constructor() EIP712("Sequester", "1") {
        DEPLOYER = msg.sender;
    }

    /// @notice Closes the circle, once. Nothing executes before it; after it the deployer can do nothing that a
    /// stranger could not.
    /// @param signatures For each seat, in order, the signature of its officer over {Admit} with the charter's
    /// document, `signBy`, and its hash `keccak256(abi.encode(charter))` as salt.
    function install(Charter calldata charter, bytes[] calldata signatures) external {
        if (address(docket) != address(0)) revert QuorumInstalled();
        if (msg.sender != DEPLOYER) revert QuorumNotInstaller(msg.sender);
        _requireDocument(charter.document);

        EffectList memory effects = EffectListLib.create(96);
        uint256 agencies = charter.agencies.length;
        if (agencies > SELF) revert CharterTooManyAgencies(agencies, SELF);
        for (uint256 i = 0; i < agencies; ++i) {
            _names.push(charter.agencies[i]);
            effects.add(What.AGENCY_NAMED, address(0), address(0), i, uint256(charter.agencies[i]));
        }
        for (uint256 i = 0; i < charter.verifiers.length; ++i) {
            _allowVerifier(charter.verifiers[i]);
            effects.add(What.VERIFIER_ALLOWED, address(0), charter.verifiers[i], 0, 0);
        }
        bytes32[] memory officerIds = _seatAll(charter, signatures, effects);
        _adoptContracts(charter);
        _requireNumbers(charter);
        if (charter.court == charter.prosecutor) revert CharterOneGuard(charter.court);
        _requireKeys(charter.court);
        _requireKeys(charter.prosecutor);
        _adoptRules(charter, effects);
        _describe(charter, effects);
        docket.install(
            charter.contracts,
            charter.numbers,
            charter.assets,
            charter.document,
            officerIds,
            effects.encoded
        );
    }

    /// @inheritdoc IQuorum
    function use(
        uint8 act,
        uint8 about,
        bytes32 structHash,
        uint64 signBy,
        uint256 entry,
        Approvals calldata approvals
    ) external returns (bytes32 digest, uint32 term, bytes32[] memory officerIds) {
        PackedRule met;
        (digest, met, officerIds) = _use(msg.sender, act, about, structHash, signBy, entry, approvals);
        if (met.delay() != 0) revert QuorumDelay(act, approvals.alternative, met.delay());
        term = met.term();
    }

    /// @inheritdoc IQuorum
    function schedule(
        uint8 act,
        uint8 about,
        bytes32 structHash,
        uint64 signBy,
        bytes32 caseId,
        uint256 entry,
        Approvals calldata approvals
    ) external returns (bytes32 digest, uint40 start, uint40 deadline, bytes32[] memory officerIds) {
        return _schedule(msg.sender, act, about, structHash, signBy, caseId, entry, approvals);
    }

    /// @inheritdoc IQuorum
    function execute(uint8 act, bytes32 structHash, bytes32[] calldata officerIds) external returns (bytes32 digest) {
        // The rule may be gone since; the act's executor cannot.
        if (msg.sender != _executorOf(act)) revert QuorumNoRule(act, 0);
        digest = _hashTypedDataV4(structHash);
        _release(digest, act, officerIds);
    }

    /// @inheritdoc IQuorum
    function appeal(bytes32 digest) external returns (bytes32 caseId, uint40 start, uint40 deadline) {
        if (msg.sender != _disposal) revert QuorumOnlyDisposal(msg.sender);
        DelayedOrder storage delayed = _appeal(digest);
        return (delayed.caseId, delayed.start, delayed.deadline);
    }

    /// @notice Schedules the admission of an officer.
    /// @param consent The candidate's own signature over the order.
    function admit(Admit calldata order, Approvals calldata approvals, bytes calldata consent) external {
        _requireDocument(order.document);
        if (order.agency >= _names.length) revert QuorumUnknownAgency(order.agency, _names.length);
        bytes32 officerId = _requireCandidate(order.kind, order.signer);
        bytes32 structHash = order.hash();
        if (!_isSigned(order.kind, order.signer, _hashTypedDataV4(structHash), consent)) {
            revert QuorumNoConsent(officerId);
        }
        _scheduleOwn(Act.ADMIT, order.agency, structHash, order.signBy, order.document, approvals);
    }

    /// @notice Seats an officer whose admission was scheduled. Anyone may call.
    /// @param officerIds The officers whose approvals counted when it was scheduled.
    function executeAdmit(Admit calldata order, bytes32[] calldata officerIds) external {
        bytes32 digest = _hashTypedDataV4(order.hash());
        _release(digest, Act.ADMIT, officerIds);
        bytes32 officerId = _requireCandidate(order.kind, order.signer);
        EffectList memory effects = EffectListLib.create(1);
        _admit(order.agency, order.kind, order.signer, officerId, effects);
        _enter(docket.nextEntry(), Act.EXECUTE, 0, order.document, digest, officerIds, effects);
    }

    /// @notice Unseats an officer for ever, at once. One that was dismissed can still be dismissed as compromised, which
    /// makes the delayed orders stale that it approved.
    function dismiss(Dismiss calldata order, Approvals calldata approvals) external {
        _requireDocument(order.document);
        bytes32 officerId = order.officerId;
        uint8 agency = _agencyOf(officerId);
        uint256 entry = docket.nextEntry();
        (bytes32 digest, PackedRule met, bytes32[] memory officerIds) = _use(
            address(this),
            Act.DISMISS,
            agency,
            order.hash(),
            order.signBy,
            entry,
            approvals
        );
        if (_unseat(officerId, order.compromised)) {
            if (_agencies[agency].seated == 0) revert QuorumLastOfficer(agency, officerId);
            if (RuleLib.digit(met.officers(), SELF) == 0) _countDismissal(agency);
        }
        uint256 how = (uint256(order.compromised ? 1 : 0) << 8) | agency;
        EffectList memory effects = _effect(What.DISMISSED, how, uint256(officerId));
        _enter(entry, Act.DISMISS, 0, order.document, digest, officerIds, effects);
    }

    /// @notice Schedules new rules of an act.
    function configure(Configure calldata order, Approvals calldata approvals) external {
        _requireDocument(order.document);
        _requireConfigurable(order);
        _scheduleOwn(Act.CONFIGURE, NO_AGENCY, order.hash(), order.signBy, order.document, approvals);
    }

    /// @notice Replaces the rules of an act as scheduled. Anyone may call.
    /// @param officerIds The officers whose approvals counted when it was scheduled.
    function executeConfigure(Configure calldata order, bytes32[] calldata officerIds) external {
        bytes32 digest = _hashTypedDataV4(order.hash());
        _release(digest, Act.CONFIGURE, officerIds);
        // Once more: officers may have gone since.
        _requireConfigurable(order);
        EffectList memory effects = EffectListLib.create(MOST_ALTERNATIVES);
        _setRules(order.act, order.rules, effects);
        _enter(docket.nextEntry(), Act.EXECUTE, 0, order.document, digest, officerIds, effects);
    }

    /// @notice Postpones the start of a delayed order, and its deadline by as much. Each agency may do so once.
    function stay(Stay calldata order, Approvals calldata approvals) external {
        _requireDocument(order.document);
        uint256 entry = docket.nextEntry();
        (bytes32 digest, PackedRule met, bytes32[] memory officerIds) = _use(
            address(this),
            Act.STAY,
            NO_AGENCY,
            order.hash(),
            order.signBy,
            entry,
            approvals
        );
        _stay(order.order, order.until, RuleLib.agencies(met.officers()), met.term());
        DelayedOrder storage delayed = _delayed[order.order];
        uint256 times = (uint256(delayed.start) << 40) | delayed.deadline;
        EffectList memory effects = _effect(What.STAYED, uint256(order.order), times);
        _enter(entry, Act.STAY, delayed.caseId, order.document, digest, officerIds, effects);
    }

    /// @notice Ends a delayed order for ever.
    function veto(Veto calldata order, Approvals calldata approvals) external {
        _requireDocument(order.document);
        DelayedOrder storage delayed = _delayed[order.order];
        uint256 entry = docket.nextEntry();
        (bytes32 digest, PackedRule met, bytes32[] memory officerIds) = _use(
            address(this),
            Act.VETO,
            delayed.about,
            order.hash(),
            order.signBy,
            entry,
            approvals
        );
        _veto(order.order, RuleLib.digit(met.officers(), SELF) != 0);
        EffectList memory effects = _effect(What.VETOED, uint256(order.order), 0);
        _enter(entry, Act.VETO, delayed.caseId, order.document, digest, officerIds, effects);
    }

    /// @notice A contract officer approves an order by calling. The digest is salted: it tells nothing about the order.
    function approve(bytes32 digest) external {
        bytes32 officerId = _requireOpen(digest);
        if (_approved[digest][officerId]) revert QuorumApprovedBefore(digest, officerId);
        _approved[digest][officerId] = true;
        _recordOwn(docket.nextEntry(), Act.APPROVE, What.APPROVED, digest, officerId, 0);
    }

    /// @notice A contract officer withdraws its approval of an order by calling, however it approved: the same as
    /// {cancel}, for ever.
    function revoke(bytes32 digest) external {
        bytes32 officerId = _requireOpen(digest);
        _withdraw(digest, officerId);
        _recordOwn(docket.nextEntry(), Act.REVOKE, What.APPROVAL_WITHDRAWN, digest, officerId, 0);
    }

    /// @notice Withdraws an officer's own approval of one order for ever, and nothing else. Anyone may bring it.
    /// @param approvals The one signature of that officer.
    function cancel(Cancel calldata order, Approvals calldata approvals) external {
        bytes32 digest = _hashTypedDataV4(order.hash());
        uint256 slot = _unused(digest);
        _requireInTime(digest, order.signBy);
        uint256 n = _signatures(approvals.keys) + approvals.others.length;
        if (n != 1) revert QuorumNotOneApproval(n);
        bytes32 officerId = _onlyApproval(digest, approvals);
        _requireNotWithdrawn(digest, officerId);
        uint256 entry = docket.nextEntry();
        _orders[digest] = slot | entry;

        _unused(order.order);
        _requireNotWithdrawn(order.order, officerId);
        _withdraw(order.order, officerId);
        _recordOwn(entry, Act.CANCEL, What.APPROVAL_WITHDRAWN, order.order, officerId, digest);
    }

    /// @inheritdoc IQuorum
    function domainSeparator() external view returns (bytes32) {
        return _domainSeparatorV4();
    }

    /// @notice The journal's entry that used or scheduled the order; 0 while it is unused.
    function entryOf(bytes32 digest) external view returns (uint256) {
        return _orders[digest] & ~WITHDRAWN;
    }

    function _use(
        address executor,
        uint8 act,
        uint8 about,
        bytes32 structHash,
        uint64 signBy,
        uint256 entry,
        Approvals calldata approvals
    ) private returns (bytes32 digest, PackedRule met, bytes32[] memory officerIds) {
        digest = _hashTypedDataV4(structHash);
        // Before its last second is asked for: a used order of a batch is skipped, whenever that is.
        uint256 slot = _unused(digest);
        _requireInTime(digest, signBy);
        met = _ruleOf(executor, act, approvals.alternative);

        uint64 given;
        uint64 ended;
        (officerIds, given, ended) = _count(digest, approvals, slot != 0);
        uint64 need = met.needed(about);
        uint64 have = given - ended;
        if (!RuleLib.meets(have, need)) {
            if (RuleLib.meets(given, need)) revert QuorumWithdrawn(digest, have, need);
            revert QuorumNotMet(digest, have, need);
        }
        _orders[digest] = slot | entry;
    }

    function _schedule(
        address executor,
        uint8 act,
        uint8 about,
        bytes32 structHash,
        uint64 signBy,
        bytes32 caseId,
        uint256 entry,
        Approvals calldata approvals
    ) private returns (bytes32 digest, uint40 start, uint40 deadline, bytes32[] memory officerIds) {
        PackedRule met;
        (digest, met, officerIds) = _use(executor, act, about, structHash, signBy, entry, approvals);
        if (met.delay() == 0) revert QuorumDelay(act, approvals.alternative, 0);
        start = uint40(block.timestamp) + met.delay();
        deadline = start + met.grace();
        _delayed[digest] = DelayedOrder({
            act: act,
            alternative: approvals.alternative,
            about: about,
            state: DelayedState.WAITS,
            stays: 0,
            appealed: false,
            start: start,
            deadline: deadline,
            caseId: caseId,
            approvers: keccak256(abi.encodePacked(officerIds))
        });
    }

    /// @dev Schedules an order that this contract executes.
    function _scheduleOwn(
        uint8 act,
        uint8 about,
        bytes32 structHash,
        uint64 signBy,
        bytes32 document,
        Approvals calldata approvals
    ) private {
        uint256 entry = docket.nextEntry();
        (bytes32 digest, uint40 start, uint40 deadline, bytes32[] memory officerIds) = _schedule(
            address(this),
            act,
            about,
            structHash,
            signBy,
            0,
            entry,
            approvals
        );
        _enter(entry, act, 0, document, digest, officerIds, _effect(What.SCHEDULED, start, deadline));
    }

    function _effect(uint8 what, uint256 amount, uint256 value) private pure returns (EffectList memory effects) {
        effects = EffectListLib.create(1);
        effects.add(what, address(0), address(0), amount, value);
    }

    function _enter(
        uint256 entry,
        uint8 act,
        bytes32 caseId,
        bytes32 document,
        bytes32 digest,
        bytes32[] memory officerIds,
        EffectList memory effects
    ) private {
        docket.record(entry, act, caseId, document, digest, officerIds, effects.encoded);
    }

    /// @dev Records what an officer does about its own approval of the order at `about`.
    function _recordOwn(
        uint256 entry,
        uint8 act,
        uint8 what,
        bytes32 about,
        bytes32 officerId,
        bytes32 digest
    ) private {
        bytes32[] memory officerIds = new bytes32[](1);
        officerIds[0] = officerId;
        _enter(entry, act, 0, 0, digest, officerIds, _effect(what, uint256(about), uint256(officerId)));
    }

    /// @dev The calling contract officer, whose approval of the order may still change.
    function _requireOpen(bytes32 digest) private view returns (bytes32 officerId) {
        officerId = _idOf(msg.sender);
        _requireSeated(officerId, Kind.CONTRACT);
        _unused(digest);
        _requireNotWithdrawn(digest, officerId);
    }

    function _withdraw(bytes32 digest, bytes32 officerId) private {
        _orders[digest] = WITHDRAWN;
        _withdrawn[digest][officerId] = true;
    }

    /// @dev The slot of an order that was not used: 0 or {WITHDRAWN}.
    function _unused(bytes32 digest) private view returns (uint256 slot) {
        slot = _orders[digest];
        if (slot & ~WITHDRAWN != 0) revert QuorumOrderUsed(digest, slot & ~WITHDRAWN);
    }

    function _requireNotWithdrawn(bytes32 digest, bytes32 officerId) private view {
        if (_withdrawn[digest][officerId]) revert QuorumApprovalWithdrawn(digest, officerId);
    }

    function _requireInTime(bytes32 digest, uint64 signBy) private view {
        if (block.timestamp > signBy) revert QuorumOrderExpired(digest, signBy);
    }

    function _requireDocument(bytes32 document) private pure {
        if (document == 0) revert QuorumZeroDocument();
    }

    function _requireConfigurable(Configure calldata order) private view {
        _requireRules(order.act, order.rules);
        uint256 n = _alternativesOf(Act.ADMIT);
        if (order.act == Act.ADMIT && order.rules.length != n) {
            revert RuleAlternatives(Act.ADMIT, order.rules.length, n, n);
        }
    }

    /// @dev Lets other agencies dismiss one officer of the agency, then none for a while.
    function _countDismissal(uint8 agency) private {
        uint40 last = _agencies[agency].lastDismissal;
        if (last != 0 && block.timestamp < last + DISMISSAL_PAUSE) {
            revert QuorumDismissalPause(agency, last + DISMISSAL_PAUSE);
        }
        _agencies[agency].lastDismissal = uint40(block.timestamp);
    }

    function _admit(
        uint8 agency,
        uint8 kind,
        bytes calldata signer,
        bytes32 officerId,
        EffectList memory effects
    ) private {
        _seat(agency, kind, officerId);
        uint256 seat = (uint256(kind) << 8) | agency;
        effects.add(What.ADMITTED, address(0), address(bytes20(signer)), seat, uint256(officerId));
    }

    function _adoptContracts(Charter calldata charter) private {
        (address docket_, address disposal, address register, address vault) = (
            charter.contracts.docket,
            charter.contracts.disposal,
            charter.contracts.register,
            charter.contracts.vault
        );
        if (
            docket_.code.length == 0 ||
            vault.code.length == 0 ||
            !_isMember(disposal, docket_) ||
            !_isMember(register, docket_)
        ) revert CharterInvalidContracts(docket_, disposal, register, vault);
        (docket, _disposal, _register) = (IDocket(docket_), disposal, register);
    }

    /// @dev Whether the contract follows this quorum and writes into the journal of this docket.
    function _isMember(address member, address docket_) private view returns (bool) {
        return
            member.code.length != 0 &&
            address(IMember(member).QUORUM()) == address(this) &&
            address(IMember(member).DOCKET()) == docket_;
    }

    function _requireNumbers(Charter calldata charter) private {
        (uint256 freezes, uint256 cooling, uint256 longest) = (
            charter.numbers.freezesPerDay,
            charter.numbers.cooling,
            charter.numbers.longestArrest
        );
        if (freezes == 0) revert CharterInvalidNumber(0, freezes);
        if (cooling == 0) revert CharterInvalidNumber(1, cooling);
        if (longest < cooling) revert CharterInvalidNumber(2, longest);
        _cooling = charter.numbers.cooling;
    }

    function _seatAll(
        Charter calldata charter,
        bytes[] calldata signatures,
        EffectList memory effects
    ) private returns (bytes32[] memory officerIds) {
        uint256 n = charter.seats.length;
        if (signatures.length != n) revert CharterNotSigned(n, signatures.length);
        bytes32 salt = _hash(charter, signatures);
        officerIds = new bytes32[](n);
        for (uint256 i = 0; i < n; ++i) {
            Seat calldata seat = charter.seats[i];
            if (seat.agency >= charter.agencies.length) {
                revert CharterUnknownAgency(seat.agency, charter.agencies.length);
            }
            bytes32 officerId = _requireCandidate(seat.kind, seat.signer);
            bytes32 digest = _hashTypedDataV4(_admission(seat, charter, salt));
            _requireInTime(digest, charter.signBy);
            if (!_isSigned(seat.kind, seat.signer, digest, signatures[i])) revert QuorumInvalidSignature(i);
            _admit(seat.agency, seat.kind, seat.signer, officerId, effects);
            officerIds[i] = officerId;
        }
    }

    /// @dev `keccak256(abi.encode(charter))`, of the call data as it came: encoding it anew would take a twentieth of the
    /// contract. Of a charter that is encoded in another way this is another hash, which no officer signed.
    function _hash(Charter calldata charter, bytes[] calldata signatures) private pure returns (bytes32 hashed) {
        uint256 start;
        uint256 end;
        assembly ("memory-safe") {
            start := charter
            end := sub(signatures.offset, 32)
        }
        return keccak256(bytes.concat(bytes32(uint256(32)), msg.data[start:end]));
    }

    function _adoptRules(Charter calldata charter, EffectList memory effects) private {
        for (uint256 i = 0; i < charter.rules.length; ++i) {
            uint8 act = charter.rules[i].act;
            _requireRules(act, charter.rules[i].alternatives);
            if (_alternativesOf(act) != 0) revert CharterActTwice(act);
            _setRules(act, charter.rules[i].alternatives, effects);
        }
        for (uint8 act = 1; act <= Act.SUSPEND; ++act) {
            if (_mustStayPossible(act) && _alternativesOf(act) == 0) revert CharterMissingRule(act);
        }
    }

    /// @dev The effects of what the docket installs.
    function _describe(Charter calldata charter, EffectList memory effects) private pure {
        effects.add(What.CONTRACT_INSTALLED, address(0), charter.contracts.docket, 1, 0);
        effects.add(What.CONTRACT_INSTALLED, address(0), charter.contracts.disposal, 2, 0);
        effects.add(What.CONTRACT_INSTALLED, address(0), charter.contracts.vault, 3, 0);
        effects.add(What.CONTRACT_INSTALLED, address(0), charter.contracts.register, 4, 0);
        effects.add(What.NUMBER_SET, address(0), address(0), 0, charter.numbers.freezesPerDay);
        effects.add(What.NUMBER_SET, address(0), address(0), 1, charter.numbers.cooling);
        effects.add(What.NUMBER_SET, address(0), address(0), 2, charter.numbers.longestArrest);
        for (uint256 i = 0; i < charter.assets.length; ++i) {
            Asset calldata installed = charter.assets[i];
            effects.add(What.ASSET_INSTALLED, installed.asset, installed.adapter, 0, 0);
            effects.add(What.TREASURY_SET, installed.asset, installed.treasury, 0, 0);
        }
    }

    /// @dev Struct hash of the {Admit} that the charter's seat signs.
    function _admission(Seat calldata seat, Charter calldata charter, bytes32 salt) private pure returns (bytes32) {
        return
            keccak256(
                abi.encode(
                    OrderHash.ADMIT_TYPEHASH,
                    seat.agency,
                    seat.kind,
                    keccak256(seat.signer),
                    charter.document,
                    charter.signBy,
                    salt
                )
            );
    }

    function _requireKeys(uint8 agency) private view {
        if (agency >= _names.length) revert CharterUnknownAgency(agency, _names.length);
        uint256 seated = _agencies[agency].seated;
        if (seated < MIN_GUARDED_KEYS) revert CharterTooFewKeys(agency, seated, MIN_GUARDED_KEYS);
    }
}
