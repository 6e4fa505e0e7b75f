// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {Approvals, IQuorum, Signed} from "../interfaces/IQuorum.sol";
import {Kind} from "../types/Kind.sol";
import {RuleLib} from "../types/Rule.sol";

/// @title Officers
/// @notice Who sits for which agency, and who approved which order. An officer is known by `keccak256(signer)`, where
/// `signer` are its ERC-7913 signer bytes. An id that was dismissed is never seated again.
abstract contract Officers is IQuorum, EIP712 {
    uint256 private constant ADDRESS_BYTES = 20;
    uint256 private constant SIGNATURE_BYTES = 65;
    /// @dev Precompiles stand below. The identity precompile would approve everything as a verifier.
    uint256 private constant FIRST_VERIFIER = 0x200;
    /// @dev Beginning of the code of a key that delegates to a contract (EIP-7702).
    bytes3 private constant DELEGATION = 0xef0100;

    /// @dev What an officer that is a contract may spend on an answer: burning all that a batch has would stop it.
    uint256 private constant ANSWER_GAS = 500_000;
    /// @dev What is kept of an answer.
    bytes32 private constant YES = bytes32(uint256(1));
    bytes32 private constant NO = bytes32(uint256(2));

    /// @dev A seat, from the low end: agency u8, kind u8, dismissed, compromised, pauseUntil u40. Zero: never seated.
    uint256 private constant KIND = 8;
    uint256 private constant DISMISSED = 1 << 16;
    uint256 private constant COMPROMISED = 1 << 17;
    uint256 private constant PAUSE_UNTIL = 24;
    uint256 private constant BELOW_PAUSE = (1 << PAUSE_UNTIL) - 1;

    mapping(bytes32 officerId => uint256) private _seats;
    mapping(uint256 agency => uint256) internal _seated;
    mapping(address verifier => bool) private _verifiers;
    mapping(bytes32 digest => mapping(bytes32 officerId => bool)) internal _approved;
    mapping(bytes32 digest => mapping(bytes32 officerId => bool)) internal _withdrawn;

    /// @inheritdoc IQuorum
    function officer(bytes32 officerId) external view returns (uint8 kind, uint8 agency) {
        uint256 seat = _seats[officerId];
        if (seat & DISMISSED == 0) (kind, agency) = (_kind(seat), uint8(seat));
    }

    /// @inheritdoc IQuorum
    function dismissalOf(bytes32 officerId) external view returns (bool dismissed, bool compromised) {
        uint256 seat = _seats[officerId];
        return (seat & DISMISSED != 0, seat & COMPROMISED != 0);
    }

    /// @inheritdoc IQuorum
    function pauseOf(bytes32 officerId) external view returns (uint40 until) {
        return uint40(_seats[officerId] >> PAUSE_UNTIL);
    }

    /// @inheritdoc IQuorum
    function agencyOf(uint8 agency) external view returns (uint256 seated) {
        return _seated[agency];
    }

    /// @inheritdoc IQuorum
    function isVerifier(address verifier) external view returns (bool) {
        return _verifiers[verifier];
    }

    /// @inheritdoc IQuorum
    function isApproved(bytes32 digest, bytes32 officerId) external view returns (bool) {
        return _approved[digest][officerId] && !_withdrawn[digest][officerId];
    }

    /// @inheritdoc IQuorum
    function isWithdrawn(bytes32 digest, bytes32 officerId) external view returns (bool) {
        return _withdrawn[digest][officerId];
    }

    function _allowVerifier(address verifier) internal {
        if (uint160(verifier) < FIRST_VERIFIER || !_isContract(verifier)) revert QuorumUnknownVerifier(verifier);
        _verifiers[verifier] = true;
    }

    /// @dev Refuses a signer that cannot be seated; answers its id.
    function _requireCandidate(uint8 kind, bytes calldata signer) internal view returns (bytes32 officerId) {
        if (kind == Kind.VERIFIER) {
            if (signer.length <= ADDRESS_BYTES) revert QuorumInvalidSigner(kind, signer);
            address verifier = address(bytes20(signer));
            if (!_verifiers[verifier] || !_isContract(verifier)) revert QuorumUnknownVerifier(verifier);
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
        ++_seated[agency];
    }

    /// @dev Ends a seat, or adds to a dismissal that it was compromised.
    /// @return unseated Whether it was seated.
    function _unseat(bytes32 officerId, bool compromised) internal returns (bool unseated) {
        uint256 seat = _seats[officerId];
        unseated = seat & DISMISSED == 0;
        if (!unseated && (!compromised || seat & COMPROMISED != 0)) revert QuorumDismissedOfficer(officerId);
        _seats[officerId] = seat | DISMISSED | (compromised ? COMPROMISED : 0);
        if (unseated) --_seated[uint8(seat)];
    }

    /// @dev Lets the officers take part in no dismissal before the second `until`.
    function _pause(bytes32[] memory officerIds, uint40 until) internal {
        for (uint256 i = 0; i < officerIds.length; ++i) {
            uint256 seat = _seats[officerIds[i]];
            uint40 paused = uint40(seat >> PAUSE_UNTIL);
            if (block.timestamp < paused) revert QuorumDismissalPause(officerIds[i], paused);
            _seats[officerIds[i]] = (seat & BELOW_PAUSE) | (uint256(until) << PAUSE_UNTIL);
        }
    }

    /// @dev The agency that the officer sits, or sat, for.
    function _agencyOf(bytes32 officerId) internal view returns (uint8) {
        uint256 seat = _seats[officerId];
        if (seat == 0) revert QuorumUnknownOfficer(officerId);
        return uint8(seat);
    }

    function _isSeated(bytes32 officerId) internal view returns (bool) {
        uint256 seat = _seats[officerId];
        return seat != 0 && seat & DISMISSED == 0;
    }

    function _isCompromised(bytes32 officerId) internal view returns (bool) {
        return _seats[officerId] & COMPROMISED != 0;
    }

    function _requireNotWithdrawn(bytes32 digest, bytes32 officerId) internal view {
        if (_withdrawn[digest][officerId]) revert QuorumApprovalWithdrawn(digest, officerId);
    }

    function _requireSeated(bytes32 officerId, uint8 kind) internal view {
        uint256 seat = _seats[officerId];
        if (seat == 0 || (kind != 0 && _kind(seat) != kind)) revert QuorumUnknownOfficer(officerId);
        if (seat & DISMISSED != 0) revert QuorumDismissedOfficer(officerId);
    }

    /// @dev Tallies of all approvals given, and of those that ended since: their officers withdrew them or were
    /// dismissed. Ids of those that count, keys before others.
    /// @param signed What they sign: the digest, or that of its bundle.
    /// @param anyWithdrawn Whether anybody withdrew an approval of either.
    function _count(
        bytes32 digest,
        bytes32 signed,
        Approvals calldata approvals,
        bool anyWithdrawn
    ) internal returns (bytes32[] memory officerIds, uint64 given, uint64 ended) {
        uint256 n = _signatures(approvals.keys);
        officerIds = new bytes32[](n + approvals.others.length);
        uint256 counted = 0;
        bytes32 previous = 0;
        for (uint256 i = 0; i < officerIds.length; ++i) {
            if (i == n) previous = 0;
            (bytes32 officerId, uint256 seat, bool was, bool stands) = _approvalAt(
                digest,
                signed,
                approvals,
                n,
                i,
                anyWithdrawn
            );
            if (officerId <= previous) revert QuorumUnorderedOfficer(officerId, previous);
            previous = officerId;
            if (was) given = RuleLib.count(given, uint8(seat));
            if (stands) officerIds[counted++] = officerId;
            else if (was) ended = RuleLib.count(ended, uint8(seat));
        }
        assembly ("memory-safe") {
            mstore(officerIds, counted)
        }
    }

    /// @dev Leaves of the officers those of an agency that the rule needs.
    function _keepNeeded(bytes32[] memory officerIds, uint64 needed) internal view {
        uint256 n = 0;
        for (uint256 i = 0; i < officerIds.length; ++i) {
            if (RuleLib.digit(needed, uint8(_seats[officerIds[i]])) != 0) officerIds[n++] = officerIds[i];
        }
        assembly ("memory-safe") {
            mstore(officerIds, n)
        }
    }

    /// @dev The one officer that approves.
    function _onlyApproval(bytes32 digest, Approvals calldata approvals) internal returns (bytes32 officerId) {
        uint256 n = _signatures(approvals.keys);
        uint256 all = n + approvals.others.length;
        if (all != 1) revert QuorumNotOneApproval(all);
        bool stands;
        (officerId, , , stands) = _approvalAt(digest, digest, approvals, n, 0, true);
        _requireSeated(officerId, 0);
        _requireNotWithdrawn(digest, officerId);
        if (!stands) revert QuorumInvalidSignature(0);
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
            return _affirms(address(bytes20(signer)), abi.encodeCall(IERC1271.isValidSignature, (digest, signature)));
        }
        return SignatureChecker.isValidSignatureNow(signer, digest, signature);
    }

    /// @dev Whether the account answers `question`, one of ERC-1271, with yes in one word: nothing longer is an answer.
    function _affirms(address account, bytes memory question) private view returns (bool affirmed) {
        bytes32 yes = IERC1271.isValidSignature.selector;
        assembly ("memory-safe") {
            affirmed := staticcall(ANSWER_GAS, account, add(question, 32), mload(question), 0, 32)
            affirmed := and(affirmed, and(eq(returndatasize(), 32), eq(mload(0), yes)))
        }
    }

    /// @dev The key officer that made the signature at `index`, which must lie within `keys`, and its seat.
    /// @param kept Whether the same signature may be met again in this transaction.
    function _keyAt(
        bytes32 signed,
        bytes calldata keys,
        uint256 index,
        bool kept
    ) private returns (bytes32 officerId, uint256 seat) {
        unchecked {
            // Within `keys`, whose length is in the call data.
            uint256 start = index * SIGNATURE_BYTES;
            bytes32 place;
            if (kept) {
                place = keccak256(bytes.concat(signed, keys[start:start + SIGNATURE_BYTES]));
                officerId = _known(place);
            }
            if (officerId == 0) {
                (address key, ECDSA.RecoverError fault) = _recover(signed, keys, start);
                if (fault != ECDSA.RecoverError.NoError) revert QuorumInvalidSignature(index);
                officerId = _idOf(key);
                if (kept) _keep(place, officerId);
            }
        }
        seat = _seats[officerId];
        if (_kind(seat) != Kind.KEY) revert QuorumUnknownOfficer(officerId);
    }

    /// @dev The approval at `index`, of which the first `n` are those of keys. A verifier's answer never changes: a
    /// signature that it does not know is a forgery, as one of no key is. A contract's may: what a seated one does not
    /// affirm counts as an approval that ended, so that no change of mind stops a batch. What a dismissed one does not
    /// affirm, and did not approve by calling, it never approved as far as anybody can tell.
    /// @return officerId Its officer.
    /// @return seat The seat of that.
    /// @return was Whether it approved.
    /// @return stands Whether the approval counts.
    function _approvalAt(
        bytes32 digest,
        bytes32 signed,
        Approvals calldata approvals,
        uint256 n,
        uint256 index,
        bool anyWithdrawn
    ) private returns (bytes32 officerId, uint256 seat, bool was, bool stands) {
        was = true;
        if (index < n) {
            (officerId, seat) = _keyAt(signed, approvals.keys, index, signed != digest);
            stands = !(anyWithdrawn && _hasWithdrawn(digest, signed, officerId));
        } else {
            Signed calldata other = approvals.others[index - n];
            officerId = keccak256(other.signer);
            seat = _seats[officerId];
            uint8 kind = _kind(seat);
            if (kind != Kind.CONTRACT && kind != Kind.VERIFIER) revert QuorumUnknownOfficer(officerId);
            stands = !(anyWithdrawn && _hasWithdrawn(digest, signed, officerId));
            if (kind == Kind.VERIFIER || (stands && !_approved[signed][officerId])) {
                if (!_isSignedOnce(kind, other, signed, signed != digest)) {
                    if (kind == Kind.VERIFIER) revert QuorumInvalidSignature(index);
                    was = seat & DISMISSED == 0;
                    stands = false;
                }
            }
        }
        if (seat & DISMISSED != 0) stands = false;
    }

    function _hasWithdrawn(bytes32 digest, bytes32 signed, bytes32 officerId) private view returns (bool) {
        return _withdrawn[digest][officerId] || _withdrawn[signed][officerId];
    }

    /// @dev As {_isSigned}. Asked once in a transaction where the same signature may be met again: who burns the gas of its
    /// answer stops no list.
    function _isSignedOnce(uint8 kind, Signed calldata other, bytes32 signed, bool kept) private returns (bool yes) {
        if (!kept) return _isSigned(kind, other.signer, signed, other.signature);
        bytes32 place = keccak256(abi.encode(signed, other.signer, other.signature));
        bytes32 answer = _known(place);
        if (answer != 0) return answer == YES;
        yes = _isSigned(kind, other.signer, signed, other.signature);
        _keep(place, yes ? YES : NO);
    }

    /// @dev Keeps what is true of `place`, a hash of all that it depends on, until the end of the transaction.
    function _keep(bytes32 place, bytes32 word) internal {
        assembly ("memory-safe") {
            tstore(place, word)
        }
    }

    function _known(bytes32 place) internal view returns (bytes32 word) {
        assembly ("memory-safe") {
            word := tload(place)
        }
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
