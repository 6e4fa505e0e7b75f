// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {RuleLib} from "../types/Rule.sol";
import {Approvals, Signed} from "../interfaces/IQuorum.sol";

/// @notice What the signer of an officer is. Fixed at its admission.
library Kind {
    /// @dev 20 bytes, the address of a key. Only ever recovered: its code is never read (EIP-7702).
    uint8 internal constant KEY = 1;
    /// @dev 20 bytes, the address of a contract that answers ERC-1271.
    uint8 internal constant CONTRACT = 2;
    /// @dev The address of one of the charter's ERC-7913 verifiers, and the key that it knows.
    uint8 internal constant VERIFIER = 3;
}

/// @title Officers
/// @notice Who sits for which agency, and who approved which order. An officer is known by `keccak256(signer)`, where
/// `signer` are its ERC-7913 signer bytes. An id that was dismissed is never seated again.
abstract contract Officers is EIP712 {
    /// @param seated Officers of the agency now.
    /// @param lastDismissal When other agencies last dismissed one of them.
    struct Agency {
        uint32 seated;
        uint40 lastDismissal;
    }

    uint256 private constant ADDRESS_BYTES = 20;
    uint256 private constant SIGNATURE_BYTES = 65;
    /// @dev Precompiles stand below. The identity precompile would approve everything as a verifier.
    uint256 private constant FIRST_VERIFIER = 0x200;
    /// @dev Beginning of the code of a key that delegates to a contract (EIP-7702).
    bytes3 private constant DELEGATION = 0xef0100;

    /// @dev A seat, from the low end: agency u8, kind u8, dismissed, compromised. Zero: never seated.
    uint256 private constant KIND = 8;
    uint256 private constant DISMISSED = 1 << 16;
    uint256 private constant COMPROMISED = 1 << 17;

    mapping(bytes32 officerId => uint256) private _seats;
    mapping(uint256 agency => Agency) internal _agencies;
    mapping(address verifier => bool) private _verifiers;
    mapping(bytes32 digest => mapping(bytes32 officerId => bool)) internal _approved;
    mapping(bytes32 digest => mapping(bytes32 officerId => bool)) internal _withdrawn;

    error QuorumSignatureLength(uint256 length);
    /// @notice The signature at `index`, counted through keys and others, is not one of its officer.
    error QuorumInvalidSignature(uint256 index);
    error QuorumUnknownOfficer(bytes32 officerId);
    error QuorumDismissedOfficer(bytes32 officerId);
    error QuorumSeatedOfficer(bytes32 officerId);
    /// @notice Officer ids must ascend strictly; so none counts twice.
    error QuorumUnorderedOfficer(bytes32 officerId, bytes32 previous);
    /// @notice No officer of this kind can be seated.
    error QuorumUnknownKind(uint8 kind);
    /// @notice The signer bytes are not those of an officer of this kind.
    error QuorumInvalidSigner(uint8 kind, bytes signer);
    /// @notice Not a verifier of the charter, or one that can be none: a precompile, or without code.
    error QuorumUnknownVerifier(address verifier);

    /// @notice The seat of an officer. `kind` 0: it has none, or none any more.
    function officer(bytes32 officerId) external view returns (uint8 kind, uint8 agency) {
        uint256 seat = _seats[officerId];
        if (seat < DISMISSED) (kind, agency) = (_kind(seat), uint8(seat));
    }

    /// @notice Whether an officer was dismissed, and as compromised.
    function dismissalOf(bytes32 officerId) external view returns (bool dismissed, bool compromised) {
        uint256 seat = _seats[officerId];
        return (seat & DISMISSED != 0, seat & COMPROMISED != 0);
    }

    /// @notice How many officers an agency has, and when other agencies last dismissed one of them.
    function agencyOf(uint8 agency) external view returns (Agency memory) {
        return _agencies[agency];
    }

    /// @notice Whether keys of this verifier may be seated.
    function isVerifier(address verifier) external view returns (bool) {
        return _verifiers[verifier];
    }

    /// @notice Whether the contract officer approved the order on chain and did not revoke it.
    function isApproved(bytes32 digest, bytes32 officerId) external view returns (bool) {
        return _approved[digest][officerId] && !_withdrawn[digest][officerId];
    }

    /// @notice Whether the officer withdrew its approval of the order.
    function isWithdrawn(bytes32 digest, bytes32 officerId) external view returns (bool) {
        return _withdrawn[digest][officerId];
    }

    function _allowVerifier(address verifier) internal {
        if (uint160(verifier) < FIRST_VERIFIER || verifier.code.length == 0) revert QuorumUnknownVerifier(verifier);
        _verifiers[verifier] = true;
    }

    /// @dev Refuses a signer that cannot be seated; answers its id.
    function _requireCandidate(uint8 kind, bytes calldata signer) internal view returns (bytes32 officerId) {
        if (kind == Kind.VERIFIER) {
            if (signer.length <= ADDRESS_BYTES) revert QuorumInvalidSigner(kind, signer);
            address verifier = address(bytes20(signer));
            if (!_verifiers[verifier]) revert QuorumUnknownVerifier(verifier);
        } else if (kind == Kind.KEY || kind == Kind.CONTRACT) {
            if (signer.length != ADDRESS_BYTES) revert QuorumInvalidSigner(kind, signer);
            // A key with code of its own choice is still one key: it can sit only as what it is.
            if (kind == Kind.CONTRACT && !_isContract(address(bytes20(signer)))) {
                revert QuorumInvalidSigner(kind, signer);
            }
        } else {
            revert QuorumUnknownKind(kind);
        }
        officerId = keccak256(signer);
        uint256 seat = _seats[officerId];
        if (seat & DISMISSED != 0) revert QuorumDismissedOfficer(officerId);
        if (seat != 0) revert QuorumSeatedOfficer(officerId);
    }

    function _seat(uint8 agency, uint8 kind, bytes32 officerId) internal {
        _seats[officerId] = (uint256(kind) << KIND) | agency;
        ++_agencies[agency].seated;
    }

    /// @dev Ends a seat, or adds to a dismissal that it was compromised.
    /// @return unseated Whether it was seated.
    function _unseat(bytes32 officerId, bool compromised) internal returns (bool unseated) {
        uint256 seat = _seats[officerId];
        unseated = seat & DISMISSED == 0;
        if (!unseated && (!compromised || seat & COMPROMISED != 0)) revert QuorumDismissedOfficer(officerId);
        _seats[officerId] = seat | DISMISSED | (compromised ? COMPROMISED : 0);
        if (unseated) --_agencies[uint8(seat)].seated;
    }

    /// @dev The agency that the officer sits, or sat, for.
    function _agencyOf(bytes32 officerId) internal view returns (uint8) {
        uint256 seat = _seats[officerId];
        if (seat == 0) revert QuorumUnknownOfficer(officerId);
        return uint8(seat);
    }

    function _isCompromised(bytes32 officerId) internal view returns (bool) {
        return _seats[officerId] & COMPROMISED != 0;
    }

    function _requireSeated(bytes32 officerId, uint8 kind) internal view {
        uint256 seat = _seats[officerId];
        if (seat == 0 || (kind != 0 && _kind(seat) != kind)) revert QuorumUnknownOfficer(officerId);
        if (seat & DISMISSED != 0) revert QuorumDismissedOfficer(officerId);
    }

    /// @dev Tallies of all approvals given, and of those that ended since: their officers withdrew them or were
    /// dismissed. Ids of those that count, keys before others.
    function _count(
        bytes32 digest,
        Approvals calldata approvals,
        bool anyWithdrawn
    ) internal view returns (bytes32[] memory officerIds, uint64 given, uint64 ended) {
        bytes calldata keys = approvals.keys;
        uint256 n = _signatures(keys);
        uint256 others = approvals.others.length;
        officerIds = new bytes32[](n + others);
        uint256 counted = 0;
        bytes32 previous = 0;
        for (uint256 i = 0; i < n; ++i) {
            (bytes32 officerId, uint256 seat) = _keyAt(digest, keys, i);
            if (officerId <= previous) revert QuorumUnorderedOfficer(officerId, previous);
            previous = officerId;
            given = RuleLib.count(given, uint8(seat));
            if (seat >= DISMISSED || (anyWithdrawn && _withdrawn[digest][officerId])) {
                ended = RuleLib.count(ended, uint8(seat));
            } else {
                officerIds[counted++] = officerId;
            }
        }
        previous = 0;
        for (uint256 i = 0; i < others; ++i) {
            (bytes32 officerId, uint256 seat) = _otherAt(digest, approvals.others[i], n + i);
            if (officerId <= previous) revert QuorumUnorderedOfficer(officerId, previous);
            previous = officerId;
            given = RuleLib.count(given, uint8(seat));
            if (seat >= DISMISSED || (anyWithdrawn && _withdrawn[digest][officerId])) {
                ended = RuleLib.count(ended, uint8(seat));
            } else {
                officerIds[counted++] = officerId;
            }
        }
        assembly ("memory-safe") {
            mstore(officerIds, counted)
        }
    }

    /// @dev The one officer that approves.
    function _onlyApproval(bytes32 digest, Approvals calldata approvals) internal view returns (bytes32 officerId) {
        uint256 n = _signatures(approvals.keys);
        (officerId, ) = n == 1 ? _keyAt(digest, approvals.keys, 0) : _otherAt(digest, approvals.others[0], 0);
        _requireSeated(officerId, 0);
    }

    /// @dev How many signatures `keys` are.
    function _signatures(bytes calldata keys) internal pure returns (uint256 n) {
        n = keys.length / SIGNATURE_BYTES;
        if (n * SIGNATURE_BYTES != keys.length) revert QuorumSignatureLength(keys.length);
    }

    /// @dev Whether `signature` is one of `signer` over `digest`.
    function _isSigned(
        uint8 kind,
        bytes calldata signer,
        bytes32 digest,
        bytes calldata signature
    ) internal view returns (bool) {
        if (kind == Kind.KEY) {
            if (signature.length != SIGNATURE_BYTES) return false;
            (address key, ECDSA.RecoverError fault) = _recover(digest, signature, 0);
            return fault == ECDSA.RecoverError.NoError && key == address(bytes20(signer));
        }
        if (kind == Kind.CONTRACT) {
            address account = address(bytes20(signer));
            bool affirmed = SignatureChecker.isValidERC1271SignatureNowCalldata(account, digest, signature);
            uint256 answered;
            assembly ("memory-safe") {
                answered := returndatasize()
            }
            // One word: nothing longer is an answer to this question.
            return affirmed && answered == 32;
        }
        return SignatureChecker.isValidSignatureNow(signer, digest, signature);
    }

    /// @dev The key officer that made the signature at `index`, which must lie within `keys`, and its seat.
    function _keyAt(
        bytes32 digest,
        bytes calldata keys,
        uint256 index
    ) private view returns (bytes32 officerId, uint256 seat) {
        unchecked {
            // Within `keys`, whose length is in the call data.
            (address key, ECDSA.RecoverError fault) = _recover(digest, keys, index * SIGNATURE_BYTES);
            if (fault != ECDSA.RecoverError.NoError) revert QuorumInvalidSignature(index);
            officerId = _idOf(key);
        }
        seat = _seats[officerId];
        if (_kind(seat) != Kind.KEY) revert QuorumUnknownOfficer(officerId);
    }

    /// @dev The officer of another kind that approves by `signed`, and its seat. Once it is dismissed or has withdrawn
    /// nobody asks it any more, so that what it answers then cannot stop a batch.
    function _otherAt(
        bytes32 digest,
        Signed calldata signed,
        uint256 index
    ) private view returns (bytes32 officerId, uint256 seat) {
        officerId = keccak256(signed.signer);
        seat = _seats[officerId];
        uint8 kind = _kind(seat);
        if (kind != Kind.CONTRACT && kind != Kind.VERIFIER) revert QuorumUnknownOfficer(officerId);
        if (seat >= DISMISSED || _withdrawn[digest][officerId] || _approved[digest][officerId])
            return (officerId, seat);
        if (!_isSigned(kind, signed.signer, digest, signed.signature)) revert QuorumInvalidSignature(index);
    }

    /// @dev Whether the account has code, and not that of a contract that its key delegates to.
    function _isContract(address account) private view returns (bool) {
        bytes memory code = account.code;
        return code.length != 0 && bytes3(code) != DELEGATION;
    }

    function _kind(uint256 seat) private pure returns (uint8) {
        return uint8(seat >> KIND);
    }

    /// @dev The key that made the signature at `start`, which must lie within `keys`.
    function _recover(
        bytes32 digest,
        bytes calldata keys,
        uint256 start
    ) private pure returns (address key, ECDSA.RecoverError fault) {
        (bytes32 r, bytes32 s, uint8 v) = (0, 0, 0);
        assembly ("memory-safe") {
            let at := add(keys.offset, start)
            r := calldataload(at)
            s := calldataload(add(at, 32))
            v := byte(0, calldataload(add(at, 64)))
        }
        (key, fault, ) = ECDSA.tryRecover(digest, v, r, s);
    }

    /// @dev `keccak256(abi.encodePacked(key))`, without taking memory for each officer.
    function _idOf(address key) internal pure returns (bytes32 officerId) {
        assembly ("memory-safe") {
            mstore(0, shl(96, key))
            officerId := keccak256(0, 20)
        }
    }
}
