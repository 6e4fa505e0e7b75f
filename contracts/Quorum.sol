// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {ActRules, Asset, Charter, MIN_GUARDED_KEYS, Seat} from "./Charter.sol";
import {EffectList, EffectListLib, What} from "./Effects.sol";
import {Act, Cancel, OrderHash} from "./Orders.sol";
import {PackedRule, RuleLib, SELF} from "./Rules.sol";
import {IDocket} from "./interfaces/IDocket.sol";
import {Approvals, IQuorum} from "./interfaces/IQuorum.sol";

/// @title Quorum
/// @notice Officers sign, agencies are counted. Answers one question: did the right bodies approve this order?
/// Officers are known by `keccak256(signer)`; a key is only ever recovered, its code is never read (EIP-7702).
/// Orders are unordered, unique by their salted digest, used once and dead after their `signBy`.
contract Quorum is IQuorum, EIP712 {
    using OrderHash for *;
    using EffectListLib for EffectList;

    /// @notice Kind of an officer whose signer is the address of a key.
    uint8 private constant KIND_KEY = 1;
    uint256 private constant MOST_ALTERNATIVES = 6;
    /// @dev Built so far; the acts above have no rule and cannot execute.
    uint8 private constant LAST_ACT = Act.RETURN;

    uint256 private constant KEY_BYTES = 20;
    uint256 private constant SIGNATURE_BYTES = 65;
    /// @dev Set in an order's slot when an officer withdrew its approval of it. The low bits hold the entry's number.
    uint256 private constant WITHDRAWN = 1 << 255;

    /// @dev kind << 8 | agency. Zero: not seated.
    mapping(bytes32 officerId => uint256) private _officers;
    /// @dev Under the contract that executes the act, so that no other can use an order.
    mapping(address executor => mapping(uint8 act => PackedRule[MOST_ALTERNATIVES])) private _rules;
    mapping(bytes32 digest => uint256) private _orders;
    mapping(bytes32 digest => mapping(bytes32 officerId => bool)) private _withdrawn;
    bytes32[] private _agencies;

    address private immutable DEPLOYER;
    IDocket public docket;
    address private _disposal;

    error QuorumNotInstaller(address caller);
    error QuorumInstalled();
    error QuorumOrderExpired(bytes32 digest, uint64 signBy);
    /// @notice The act has no such rule for the caller, so it cannot execute.
    error QuorumNoRule(uint8 act, uint8 alternative);
    error QuorumSignatureLength(uint256 length);
    error QuorumInvalidSignature(uint256 index);
    error QuorumUnknownOfficer(bytes32 officerId);
    /// @notice Officer ids must ascend strictly; so none counts twice.
    error QuorumUnorderedOfficer(bytes32 officerId, bytes32 previous);
    /// @notice No officer of this kind can be seated.
    error QuorumUnknownKind(uint8 kind);
    /// @notice Only keys approve, so {Approvals} must bring no other signatures.
    error QuorumKeysOnly(uint256 others);
    error QuorumNotOneApproval(uint256 approvals);
    error QuorumApprovalWithdrawn(bytes32 digest, bytes32 officerId);
    error QuorumZeroDocument();

    error CharterInvalidContracts(address docket, address disposal, address vault);
    error CharterUnknownAgency(uint256 agency, uint256 agencies);
    error CharterTooManyAgencies(uint256 agencies, uint256 most);
    error CharterInvalidSigner(bytes signer);
    error CharterSeatedTwice(bytes32 officerId);
    /// @notice The first officers that signed are not those of the charter's seats.
    error CharterNotSigned(uint256 seats, uint256 signatures);
    error CharterTooFewKeys(uint256 agency, uint256 keys, uint256 least);
    error CharterInvalidRule(uint8 act, uint256 alternative);
    error CharterAlternatives(uint8 act, uint256 alternatives, uint256 most);
    /// @notice The rule asks for more officers of the agency than it seats.
    error CharterUnreachableRule(uint8 act, uint256 agency, uint256 seated, uint256 needed);

    constructor() EIP712("Sequester", "1") {
        DEPLOYER = msg.sender;
    }

    /// @notice Closes the circle, once. Nothing executes before it; after it the deployer can do nothing that a
    /// stranger could not.
    /// @param signatures For each seat, in order, the 65-byte signature of its key over {Admit} with the charter's
    /// document, `signBy`, and its hash `keccak256(abi.encode(charter))` as salt.
    function install(Charter calldata charter, bytes[] calldata signatures) external {
        if (address(docket) != address(0)) revert QuorumInstalled();
        if (msg.sender != DEPLOYER) revert QuorumNotInstaller(msg.sender);
        if (charter.document == 0) revert QuorumZeroDocument();
        uint256 agencies = charter.agencies.length;
        if (agencies > SELF) revert CharterTooManyAgencies(agencies, SELF);
        (address docket_, address disposal, address vault) = (
            charter.contracts.docket,
            charter.contracts.disposal,
            charter.contracts.vault
        );
        if (docket_.code.length == 0 || disposal.code.length == 0 || vault.code.length == 0) {
            revert CharterInvalidContracts(docket_, disposal, vault);
        }
        docket = IDocket(docket_);
        _disposal = disposal;

        EffectList memory effects = EffectListLib.create(64);
        for (uint256 i = 0; i < agencies; ++i) {
            _agencies.push(charter.agencies[i]);
            effects.add(What.AGENCY_NAMED, address(0), address(0), i, uint256(charter.agencies[i]));
        }
        (bytes32[] memory officerIds, uint256[] memory seated) = _seatAll(charter, signatures, effects);
        _requireKeys(charter.court, seated);
        _requireKeys(charter.prosecutor, seated);
        for (uint256 i = 0; i < charter.rules.length; ++i) _setRules(charter.rules[i], seated, effects);
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
        _requireKeysOnly(approvals);
        digest = _hashTypedDataV4(structHash);
        // Before its last second is asked for: a used order of a batch is skipped, whenever that is.
        uint256 slot = _unused(digest);
        _requireInTime(digest, signBy);
        if (approvals.alternative >= MOST_ALTERNATIVES) revert QuorumNoRule(act, approvals.alternative);
        PackedRule met = _rules[msg.sender][act][approvals.alternative];
        if (met.officers() == 0) revert QuorumNoRule(act, approvals.alternative);

        uint64 given;
        uint64 withdrawn;
        (officerIds, given, withdrawn) = _count(digest, approvals.keys, slot != 0);
        uint64 need = met.needed(about);
        uint64 have = given - withdrawn;
        if (!RuleLib.meets(have, need)) {
            if (RuleLib.meets(given, need)) revert QuorumWithdrawn(digest, have, need);
            revert QuorumNotMet(digest, have, need);
        }
        _orders[digest] = slot | entry;
        term = met.term();
    }

    /// @notice Withdraws an officer's own approval of one order for ever, and nothing else. Anyone may bring it.
    /// @param approvals The one signature of that officer.
    function cancel(Cancel calldata order, Approvals calldata approvals) external {
        bytes32 digest = _digest(order.hash(), order.signBy);
        uint256 slot = _unused(digest);
        _requireKeysOnly(approvals);
        uint256 n = _signatures(approvals.keys);
        if (n != 1) revert QuorumNotOneApproval(n);
        (bytes32 officerId, ) = _officerAt(digest, approvals.keys, 0);
        _requireNotWithdrawn(digest, officerId);
        uint256 entry = docket.nextEntry();
        _orders[digest] = slot | entry;

        _unused(order.order);
        _requireNotWithdrawn(order.order, officerId);
        _orders[order.order] = WITHDRAWN;
        _withdrawn[order.order][officerId] = true;

        bytes32[] memory officerIds = new bytes32[](1);
        officerIds[0] = officerId;
        EffectList memory effects = EffectListLib.create(1);
        effects.add(What.APPROVAL_WITHDRAWN, address(0), address(0), uint256(order.order), uint256(officerId));
        docket.record(entry, Act.CANCEL, 0, 0, digest, officerIds, effects.encoded);
    }

    /// @inheritdoc IQuorum
    function domainSeparator() external view returns (bytes32) {
        return _domainSeparatorV4();
    }

    /// @notice Names of the agencies, left-aligned ASCII, by index.
    function agencyNames() external view returns (bytes32[] memory) {
        return _agencies;
    }

    /// @notice The seat of an officer. `kind` 0: none.
    function officer(bytes32 officerId) external view returns (uint8 kind, uint8 agency) {
        uint256 seat = _officers[officerId];
        return (uint8(seat >> 8), uint8(seat));
    }

    /// @notice An alternative of an act's rules. Zero: there is none.
    function rule(uint8 act, uint8 alternative) external view returns (PackedRule) {
        return _rules[_executorOf(act)][act][alternative];
    }

    /// @notice The journal's entry that used the order; 0 while it is unused.
    function entryOf(bytes32 digest) external view returns (uint256) {
        return _orders[digest] & ~WITHDRAWN;
    }

    /// @notice Whether the officer withdrew its approval of the order.
    function isWithdrawn(bytes32 digest, bytes32 officerId) external view returns (bool) {
        return _withdrawn[digest][officerId];
    }

    /// @dev Tallies of all approvals given, and of those that their officers withdrew; ids of those that count.
    function _count(
        bytes32 digest,
        bytes calldata keys,
        bool anyWithdrawn
    ) private view returns (bytes32[] memory officerIds, uint64 given, uint64 withdrawn) {
        uint256 n = _signatures(keys);
        officerIds = new bytes32[](n);
        uint256 counted = 0;
        bytes32 previous = 0;
        for (uint256 i = 0; i < n; ++i) {
            (bytes32 officerId, uint8 agency) = _officerAt(digest, keys, i);
            if (officerId <= previous) revert QuorumUnorderedOfficer(officerId, previous);
            previous = officerId;
            given = RuleLib.count(given, agency);
            if (anyWithdrawn && _withdrawn[digest][officerId]) withdrawn = RuleLib.count(withdrawn, agency);
            else officerIds[counted++] = officerId;
        }
        assembly ("memory-safe") {
            mstore(officerIds, counted)
        }
    }

    /// @dev The slot of an order that was not used: 0 or {WITHDRAWN}.
    function _unused(bytes32 digest) private view returns (uint256 slot) {
        slot = _orders[digest];
        if (slot & ~WITHDRAWN != 0) revert QuorumOrderUsed(digest, slot & ~WITHDRAWN);
    }

    function _requireNotWithdrawn(bytes32 digest, bytes32 officerId) private view {
        if (_withdrawn[digest][officerId]) revert QuorumApprovalWithdrawn(digest, officerId);
    }

    /// @dev How many signatures `keys` are.
    function _signatures(bytes calldata keys) private pure returns (uint256 n) {
        n = keys.length / SIGNATURE_BYTES;
        if (n * SIGNATURE_BYTES != keys.length) revert QuorumSignatureLength(keys.length);
    }

    /// @dev The officer whose key made the signature at `index`.
    function _officerAt(
        bytes32 digest,
        bytes calldata keys,
        uint256 index
    ) private view returns (bytes32 officerId, uint8 agency) {
        unchecked {
            // Within `keys`, whose length is in the call data.
            officerId = _idOf(_recover(digest, keys, index * SIGNATURE_BYTES, index));
        }
        uint256 seat = _officers[officerId];
        if (seat == 0) revert QuorumUnknownOfficer(officerId);
        agency = uint8(seat);
    }

    /// @dev The key that made the signature at `start`, which must lie within `keys`. `index` is for the error.
    function _recover(
        bytes32 digest,
        bytes calldata keys,
        uint256 start,
        uint256 index
    ) private pure returns (address key) {
        (bytes32 r, bytes32 s, uint8 v) = (0, 0, 0);
        assembly ("memory-safe") {
            let at := add(keys.offset, start)
            r := calldataload(at)
            s := calldataload(add(at, 32))
            v := byte(0, calldataload(add(at, 64)))
        }
        ECDSA.RecoverError fault;
        (key, fault, ) = ECDSA.tryRecover(digest, v, r, s);
        if (fault != ECDSA.RecoverError.NoError) revert QuorumInvalidSignature(index);
    }

    function _digest(bytes32 structHash, uint64 signBy) private view returns (bytes32 digest) {
        digest = _hashTypedDataV4(structHash);
        _requireInTime(digest, signBy);
    }

    function _requireInTime(bytes32 digest, uint64 signBy) private view {
        if (block.timestamp > signBy) revert QuorumOrderExpired(digest, signBy);
    }

    /// @dev `keccak256(abi.encodePacked(key))`, without taking memory for each officer.
    function _idOf(address key) private pure returns (bytes32 officerId) {
        assembly ("memory-safe") {
            mstore(0, shl(96, key))
            officerId := keccak256(0, 20)
        }
    }

    function _requireKeysOnly(Approvals calldata approvals) private pure {
        if (approvals.others.length != 0) revert QuorumKeysOnly(approvals.others.length);
    }

    function _seatAll(
        Charter calldata charter,
        bytes[] calldata signatures,
        EffectList memory effects
    ) private returns (bytes32[] memory officerIds, uint256[] memory seated) {
        uint256 n = charter.seats.length;
        if (signatures.length != n) revert CharterNotSigned(n, signatures.length);
        bytes32 salt = keccak256(abi.encode(charter));
        officerIds = new bytes32[](n);
        seated = new uint256[](charter.agencies.length);
        for (uint256 i = 0; i < n; ++i) {
            Seat calldata seat = charter.seats[i];
            if (seat.agency >= seated.length) revert CharterUnknownAgency(seat.agency, seated.length);
            if (seat.kind != KIND_KEY) revert QuorumUnknownKind(seat.kind);
            if (seat.signer.length != KEY_BYTES) revert CharterInvalidSigner(seat.signer);
            bytes32 officerId = keccak256(seat.signer);
            if (_officers[officerId] != 0) revert CharterSeatedTwice(officerId);
            bytes32 digest = _digest(_admission(seat, charter, salt), charter.signBy);
            if (signatures[i].length != SIGNATURE_BYTES) revert QuorumSignatureLength(signatures[i].length);
            if (_idOf(_recover(digest, signatures[i], 0, i)) != officerId) revert QuorumInvalidSignature(i);
            _officers[officerId] = (uint256(seat.kind) << 8) | seat.agency;
            officerIds[i] = officerId;
            ++seated[seat.agency];
            effects.add(What.ADMITTED, address(0), address(bytes20(seat.signer)), seat.agency, uint256(officerId));
        }
    }

    /// @dev The effects of what the docket installs.
    function _describe(Charter calldata charter, EffectList memory effects) private pure {
        effects.add(What.CONTRACT_INSTALLED, address(0), charter.contracts.docket, 1, 0);
        effects.add(What.CONTRACT_INSTALLED, address(0), charter.contracts.disposal, 2, 0);
        effects.add(What.CONTRACT_INSTALLED, address(0), charter.contracts.vault, 3, 0);
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

    /// @dev The one contract that uses orders of the act.
    function _executorOf(uint8 act) private view returns (address) {
        return act == Act.RETURN ? _disposal : address(docket);
    }

    function _requireKeys(uint256 agency, uint256[] memory seated) private pure {
        if (agency >= seated.length) revert CharterUnknownAgency(agency, seated.length);
        if (seated[agency] < MIN_GUARDED_KEYS) revert CharterTooFewKeys(agency, seated[agency], MIN_GUARDED_KEYS);
    }

    /// @dev The acts built so far execute at once, so a delay in their rule would promise what nothing keeps.
    function _setRules(ActRules calldata set, uint256[] memory seated, EffectList memory effects) private {
        uint256 n = set.alternatives.length;
        PackedRule[MOST_ALTERNATIVES] storage alternatives = _rules[_executorOf(set.act)][set.act];
        if (n == 0 || n > MOST_ALTERNATIVES) revert CharterAlternatives(set.act, n, MOST_ALTERNATIVES);
        for (uint256 i = 0; i < n; ++i) {
            PackedRule packed = RuleLib.pack(set.alternatives[i]);
            uint64 digits = packed.officers();
            if (
                set.act == 0 ||
                set.act > LAST_ACT ||
                digits == 0 ||
                set.alternatives[i].delay != 0 ||
                set.alternatives[i].grace != 0 ||
                PackedRule.unwrap(alternatives[i]) != 0
            ) revert CharterInvalidRule(set.act, i);
            for (uint256 agency = 0; agency < SELF; ++agency) {
                uint256 needed = RuleLib.digit(digits, agency);
                uint256 have = agency < seated.length ? seated[agency] : 0;
                if (needed > have) revert CharterUnreachableRule(set.act, agency, have, needed);
            }
            alternatives[i] = packed;
            effects.add(What.RULE_SET, address(0), address(0), (uint256(set.act) << 8) | i, PackedRule.unwrap(packed));
        }
    }
}
