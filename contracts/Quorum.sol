// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {DelayedOrders} from "./base/DelayedOrders.sol";
import {RuleBook} from "./base/RuleBook.sol";
import {IDocket} from "./interfaces/IDocket.sol";
import {Approvals, IQuorum} from "./interfaces/IQuorum.sol";
import {Documents} from "./libraries/Documents.sol";
import {SignBy} from "./libraries/SignBy.sol";
import {MOST_ALTERNATIVES, Terms} from "./libraries/Terms.sol";
import {Act} from "./types/Act.sol";
import {BundleLib} from "./types/Bundle.sol";
import {Charter, Seat} from "./types/Charter.sol";
import {DelayedOrder, DelayedState} from "./types/Delayed.sol";
import {EffectList, EffectListLib, What} from "./types/Effect.sol";
import {Kind} from "./types/Kind.sol";
import {Admit, Cancel, Configure, Dismiss, OrderHash, Stay, Veto} from "./types/Order.sol";
import {NO_AGENCY, PackedRule, RuleLib, SELF} from "./types/Rule.sol";

/// @title Quorum
/// @notice Officers sign, agencies are counted. Answers one question: did the right bodies approve this order?
/// Orders are unordered, unique by their salted digest, used once and dead after their `signBy`. An order whose rule has
/// a delay is scheduled first, and can be stayed and vetoed until it is executed.
contract Quorum is RuleBook, DelayedOrders {
    using OrderHash for *;
    using EffectListLib for EffectList;

    /// @dev Set in an order's slot when an officer withdrew its approval of it. The low bits hold the entry's number.
    uint256 private constant WITHDRAWN = 1 << 255;

    mapping(bytes32 digest => uint256) private _orders;
    address private immutable DEPLOYER;

    /// @dev An order on its way through {_use}.
    /// @param signed What the officers signed: the digest, or that of a bundle in which it stands.
    struct Passed {
        bytes32 digest;
        bytes32 signed;
        PackedRule met;
        uint8 alternative;
        bytes32[] officerIds;
    }

    constructor() EIP712("Sequester", "1") {
        DEPLOYER = msg.sender;
    }

    /// @inheritdoc IQuorum
    function install(Charter calldata charter, bytes[] calldata signatures) external {
        if (address(docket) != address(0)) revert QuorumInstalled();
        if (msg.sender != DEPLOYER) revert QuorumNotInstaller(msg.sender);
        _requireDocument(charter.document);

        EffectList memory effects = EffectListLib.wrap(
            CHECK.describe(charter.contracts, charter.numbers, charter.assets)
        );
        (docket, _disposal, _register, _cooling) = (
            IDocket(charter.contracts.docket),
            charter.contracts.disposal,
            charter.contracts.register,
            charter.numbers.cooling
        );
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
        if (charter.court == charter.prosecutor) revert CharterOneGuard(charter.court);
        _requireKeys(charter.court, Terms.LEAST_GUARD_KEYS);
        _requireKeys(charter.prosecutor, Terms.LEAST_GUARD_KEYS);
        _adoptRules(charter, effects);
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
        bool bundled,
        Approvals calldata approvals
    ) external returns (bytes32 digest, uint32 term, bytes32[] memory officerIds) {
        Passed memory passed = _order(structHash);
        if (bundled) passed.signed = _known(_listedAt(msg.sender, act, passed.digest));
        _use(passed, msg.sender, act, about, signBy, entry, approvals);
        uint32 delay = passed.met.delay();
        if (delay != 0) revert QuorumDelay(act, delay);
        return (passed.digest, passed.met.term(), passed.officerIds);
    }

    /// @inheritdoc IQuorum
    function enlist(uint8 act, bytes32[] calldata structHashes, bytes calldata range) external {
        uint256 n = structHashes.length;
        bytes32[] memory digests = new bytes32[](n);
        for (uint256 i = 0; i < n; ++i) digests[i] = _hashTypedDataV4(structHashes[i]);
        bytes32 bundle = BundleLib.digestOf(act, digests, range);
        for (uint256 i = 0; i < n; ++i) _keep(_listedAt(msg.sender, act, _hashTypedDataV4(structHashes[i])), bundle);
    }

    /// @inheritdoc IQuorum
    function schedule(
        uint8 act,
        uint8 about,
        bytes32 structHash,
        uint64 signBy,
        bytes32 caseId,
        address asset,
        uint256 entry,
        Approvals calldata approvals
    ) external returns (bytes32 digest, uint40 start, uint40 deadline, bytes32[] memory officerIds) {
        Passed memory passed = _order(structHash);
        _use(passed, msg.sender, act, about, signBy, entry, approvals);
        (start, deadline) = _delay(act, about, caseId, asset, passed);
        return (passed.digest, start, deadline, passed.officerIds);
    }

    /// @inheritdoc IQuorum
    function execute(
        uint8 act,
        bytes32 structHash,
        bytes32[] calldata officerIds,
        Approvals calldata further
    ) external returns (bytes32 digest, uint40 age, bytes32[] memory counted) {
        // The rule may be gone since; the act's executor cannot.
        if (msg.sender != _executorOf(act)) revert QuorumNoRule(act);
        digest = _hashTypedDataV4(structHash);
        (age, counted) = _release(digest, act, officerIds, further);
    }

    /// @inheritdoc IQuorum
    function appeal(bytes32 digest) external returns (bytes32 caseId, address asset, uint40 start, uint40 deadline) {
        if (msg.sender != _disposal) revert QuorumOnlyDisposal(msg.sender);
        return _appeal(digest);
    }

    /// @inheritdoc IQuorum
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

    /// @inheritdoc IQuorum
    function executeAdmit(Admit calldata order, bytes32[] calldata officerIds, Approvals calldata further) external {
        bytes32 digest = _hashTypedDataV4(order.hash());
        (, bytes32[] memory counted) = _release(digest, Act.ADMIT, officerIds, further);
        bytes32 officerId = _requireCandidate(order.kind, order.signer);
        EffectList memory effects = EffectListLib.create(1);
        _admit(order.agency, order.kind, order.signer, officerId, effects);
        _enter(docket.nextEntry(), Act.EXECUTE, 0, order.document, digest, counted, effects);
    }

    /// @inheritdoc IQuorum
    function dismiss(Dismiss calldata order, Approvals calldata approvals) external {
        _requireDocument(order.document);
        bytes32 officerId = order.officerId;
        uint8 agency = _agencyOf(officerId);
        uint256 entry = docket.nextEntry();
        Passed memory passed = _useOwn(Act.DISMISS, agency, order.hash(), order.signBy, entry, approvals);
        bool rescue = passed.alternative >= Terms.FIRST_RESCUE;
        _pause(passed.officerIds, uint40(block.timestamp) + (rescue ? Terms.RESCUE_PAUSE : Terms.DISMISSAL_PAUSE));
        if (_unseat(officerId, order.compromised) && _seated[agency] == 0 && !rescue) {
            revert QuorumLastOfficer(agency, officerId);
        }
        uint256 how = (uint256(order.compromised ? 1 : 0) << 8) | agency;
        _enterPassed(entry, Act.DISMISS, 0, order.document, passed, _effect(What.DISMISSED, how, uint256(officerId)));
    }

    /// @inheritdoc IQuorum
    function configure(Configure calldata order, Approvals calldata approvals) external {
        _requireDocument(order.document);
        _requireConfigurable(order);
        _scheduleOwn(Act.CONFIGURE, NO_AGENCY, order.hash(), order.signBy, order.document, approvals);
    }

    /// @inheritdoc IQuorum
    function executeConfigure(
        Configure calldata order,
        bytes32[] calldata officerIds,
        Approvals calldata further
    ) external {
        bytes32 digest = _hashTypedDataV4(order.hash());
        (, bytes32[] memory counted) = _release(digest, Act.CONFIGURE, officerIds, further);
        // Once more: officers may have gone since.
        _requireConfigurable(order);
        EffectList memory effects = EffectListLib.create(MOST_ALTERNATIVES);
        _setRules(order.act, order.rules, effects);
        _enter(docket.nextEntry(), Act.EXECUTE, 0, order.document, digest, counted, effects);
    }

    /// @inheritdoc IQuorum
    function stay(Stay calldata order, Approvals calldata approvals) external {
        _requireDocument(order.document);
        _waiting(order.order);
        uint256 entry = docket.nextEntry();
        Passed memory passed = _useOwn(Act.STAY, NO_AGENCY, order.hash(), order.signBy, entry, approvals);
        uint40 deadline = _stay(order.order, order.until, RuleLib.lowest(passed.met.officers()), passed.met.term());
        EffectList memory effects = _effect(What.STAYED, uint256(order.order), (uint256(order.until) << 40) | deadline);
        _enterPassed(entry, Act.STAY, _delayed[order.order].caseId, order.document, passed, effects);
    }

    /// @inheritdoc IQuorum
    function veto(Veto calldata order, Approvals calldata approvals) external {
        _requireDocument(order.document);
        (DelayedOrder storage vetoed, ) = _waiting(order.order);
        uint256 entry = docket.nextEntry();
        // SELF can be met where the order is about an agency: of delayed orders, that is an Admit.
        Passed memory passed = _useOwn(Act.VETO, vetoed.about, order.hash(), order.signBy, entry, approvals);
        _veto(order.order);
        EffectList memory effects = _effect(What.VETOED, uint256(order.order), 0);
        _enterPassed(entry, Act.VETO, vetoed.caseId, order.document, passed, effects);
    }

    /// @inheritdoc IQuorum
    function approve(bytes32 digest) external {
        bytes32 officerId = _requireOpen(digest);
        if (_approved[digest][officerId]) revert QuorumApprovedBefore(digest, officerId);
        _approved[digest][officerId] = true;
        _recordOwn(docket.nextEntry(), Act.APPROVE, What.APPROVED, digest, officerId, 0);
    }

    /// @inheritdoc IQuorum
    function revoke(bytes32 digest) external {
        bytes32 officerId = _requireOpen(digest);
        _withdraw(digest, officerId);
        _recordOwn(docket.nextEntry(), Act.REVOKE, What.APPROVAL_WITHDRAWN, digest, officerId, 0);
    }

    /// @inheritdoc IQuorum
    function cancel(Cancel calldata order, Approvals calldata approvals) external {
        bytes32 digest = _hashTypedDataV4(order.hash());
        uint256 slot = _unused(digest);
        SignBy.requireInTime(digest, order.signBy);
        bytes32 officerId = _onlyApproval(digest, approvals);
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

    /// @inheritdoc IQuorum
    function entryOf(bytes32 digest) external view returns (uint256) {
        return _orders[digest] & ~WITHDRAWN;
    }

    function _useOwn(
        uint8 act,
        uint8 about,
        bytes32 structHash,
        uint64 signBy,
        uint256 entry,
        Approvals calldata approvals
    ) private returns (Passed memory passed) {
        passed = _order(structHash);
        _use(passed, address(this), act, about, signBy, entry, approvals);
    }

    /// @dev An order that nobody signed in a bundle.
    function _order(bytes32 structHash) private view returns (Passed memory passed) {
        passed.digest = passed.signed = _hashTypedDataV4(structHash);
    }

    function _use(
        Passed memory passed,
        address executor,
        uint8 act,
        uint8 about,
        uint64 signBy,
        uint256 entry,
        Approvals calldata approvals
    ) private {
        bytes32 digest = passed.digest;
        // Before its last second is asked for: a used order of a batch is skipped, whenever that is.
        uint256 slot = _orders[digest];
        uint256 used = slot & ~WITHDRAWN;
        if (used != 0 && act != Act.ADMIT) revert QuorumOrderUsed(digest, used);
        SignBy.requireWithin(
            digest,
            signBy,
            act == Act.DISMISS ? Terms.LONGEST_DISMISS_SIGN_BY : Terms.LONGEST_SIGN_BY
        );

        bool anyWithdrawn = (slot | _orders[passed.signed]) & WITHDRAWN != 0;
        _decide(passed, executor, act, about, anyWithdrawn, approvals);
        if (used != 0) _requireSooner(digest, used, passed);
        _orders[digest] = (slot & WITHDRAWN) | entry;
    }

    /// @dev Finds the rule that the approvals meet, and whose of them count for it.
    function _decide(
        Passed memory passed,
        address executor,
        uint8 act,
        uint8 about,
        bool anyWithdrawn,
        Approvals calldata approvals
    ) private {
        uint64 given;
        uint64 ended;
        (passed.officerIds, given, ended) = _count(passed.digest, passed.signed, approvals, anyWithdrawn);
        (passed.met, passed.alternative) = _firstMet(passed.digest, executor, act, about, given, ended);
        uint64 needed = passed.met.needed(about);
        if (!RuleLib.surplus(given, needed)) return;
        // Which agency stays an order must not be for others to choose.
        if (act == Act.STAY) revert QuorumTooManyApprovals(passed.digest, given);
        _keepNeeded(passed.officerIds, needed);
    }

    /// @dev Where it is kept in which bundle the contract listed the order.
    function _listedAt(address executor, uint8 act, bytes32 digest) private pure returns (bytes32) {
        return keccak256(abi.encode(executor, act, digest));
    }

    /// @dev An admission that waits may be scheduled again where that makes it sooner: who executes must not be able to
    /// choose the slow one of two alternatives that its approvals meet.
    function _requireSooner(bytes32 digest, uint256 used, Passed memory passed) private view {
        DelayedOrder storage order = _delayed[digest];
        bool waits = order.state == DelayedState.WAITS && block.timestamp <= order.deadline;
        (uint40 start, ) = _timesOf(passed.met);
        if (!waits || passed.alternative >= order.alternative || start >= order.start) {
            revert QuorumOrderUsed(digest, used);
        }
    }

    /// @dev Keeps an order that has passed until its execution.
    function _delay(
        uint8 act,
        uint8 about,
        bytes32 caseId,
        address asset,
        Passed memory passed
    ) private returns (uint40 start, uint40 deadline) {
        if (passed.met.delay() == 0) revert QuorumDelay(act, 0);
        (start, deadline) = _timesOf(passed.met);
        _delayed[passed.digest] = DelayedOrder({
            act: act,
            alternative: passed.alternative,
            about: about,
            state: DelayedState.WAITS,
            start: start,
            deadline: deadline,
            delay: passed.met.delay(),
            firstAppeal: _firstAppeal(caseId, asset),
            needed: passed.met.needed(about),
            asset: asset,
            caseId: caseId,
            approvers: keccak256(abi.encodePacked(passed.officerIds))
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
        Passed memory passed = _useOwn(act, about, structHash, signBy, entry, approvals);
        (uint40 start, uint40 deadline) = _delay(act, about, 0, address(0), passed);
        _enterPassed(entry, act, 0, document, passed, _effect(What.SCHEDULED, start, deadline));
    }

    /// @dev The first alternative of the act that the approvals meet; of Dismiss, the one whose officers they are.
    function _firstMet(
        bytes32 digest,
        address executor,
        uint8 act,
        uint8 about,
        uint64 given,
        uint64 ended
    ) private view returns (PackedRule met, uint8 alternative) {
        uint64 have = given - ended;
        (bool once, bool over) = (false, false);
        for (; alternative < MOST_ALTERNATIVES; ++alternative) {
            met = _ruleAt(executor, act, alternative);
            if (met.officers() == 0) break;
            uint64 need = met.needed(about);
            if (RuleLib.meets(have, need)) {
                if (act != Act.DISMISS || have == need) return (met, alternative);
                over = true;
            }
            if (RuleLib.meets(given, need)) once = true;
        }
        if (alternative == 0) revert QuorumNoRule(act);
        if (over) revert QuorumTooManyApprovals(digest, have);
        if (once) revert QuorumWithdrawn(digest, have, given);
        revert QuorumNotMet(digest, act, about, have);
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

    function _enterPassed(
        uint256 entry,
        uint8 act,
        bytes32 caseId,
        bytes32 document,
        Passed memory passed,
        EffectList memory effects
    ) private {
        _enter(entry, act, caseId, document, passed.digest, passed.officerIds, effects);
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

    function _requireDocument(bytes32 document) private pure {
        Documents.requireOne(document);
    }

    /// @dev The number of ways to admit and to dismiss is the charter's: a search over stolen keys rests on them.
    function _requireConfigurable(Configure calldata order) private view {
        uint8 act = order.act;
        _requireRules(act, order.rules);
        if (act != Act.ADMIT && act != Act.DISMISS) return;
        (uint256 n, uint256 stands) = (order.rules.length, _alternativesOf(act));
        if (n != stands) revert RuleAlternatives(act, n, stands, stands);
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
            SignBy.requireInTime(digest, charter.signBy);
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
        uint16 named = 0;
        for (uint256 i = 0; i < charter.rules.length; ++i) {
            uint8 act = charter.rules[i].act;
            _requireRules(act, charter.rules[i].alternatives);
            if (_alternativesOf(act) != 0) revert CharterActTwice(act);
            named |= _setRules(act, charter.rules[i].alternatives, effects);
        }
        for (uint8 act = 1; act <= Act.SUSPEND; ++act) {
            if (_alternativesOf(act) == 0 && CHECK.leastWays(act) != 0) revert CharterMissingRule(act);
        }
        for (uint8 agency = 0; agency < SELF; ++agency) {
            if ((named >> agency) & 1 != 0) _requireKeys(agency, Terms.LEAST_KEYS);
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

    function _requireKeys(uint8 agency, uint256 least) private view {
        if (agency >= _names.length) revert CharterUnknownAgency(agency, _names.length);
        if (_seated[agency] < least) revert CharterTooFewKeys(agency, _seated[agency], least);
    }
}
