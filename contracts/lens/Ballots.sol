// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {DelayedOrder, DelayedOrders, DelayedState} from "../DelayedOrders.sol";
import {Kind, Officers} from "../Officers.sol";
import {Quorum} from "../Quorum.sol";
import {RuleBook} from "../RuleBook.sol";
import {PackedRule, RuleLib} from "../Rules.sol";
import {Approvals, IQuorum, Signed} from "../interfaces/IQuorum.sol";
import {Findings} from "./Findings.sol";
import {System} from "./System.sol";

/// @notice What an order needs and has, and what would become of it.
/// @param act Number of the act.
/// @param entry The journal's entry that used or scheduled the order; 0: none.
/// @param passes Whether it would do now what `effects` tell: an order that is scheduled, its execution; any other, the
/// act or its scheduling.
/// @param alternative The rule that the approvals meet: the one that they name, else the first; 255: none.
/// @param needs One per alternative of the act.
/// @param votes One per approval, keys before others.
/// @param delayed State, start, deadline, stays and appeal of an order that is scheduled. All zero: it is not.
/// @param obstacles The errors with which the contracts would refuse it, encoded as they revert; missing approvals aside.
/// @param effects `abi.encode(Effect[])` as its entry would tell, without holds that ended by time or lie on a vault; a hold that would be
/// placed has the number 0.
struct Preview {
    bytes32 digest;
    uint8 act;
    uint256 entry;
    bool passes;
    uint8 alternative;
    Need[] needs;
    Vote[] votes;
    DelayedOrder delayed;
    bytes[] obstacles;
    bytes effects;
}

/// @notice What an alternative needs. One hex digit per agency, times in seconds.
/// @param missing The officers that are still to approve.
struct Need {
    uint64 officers;
    uint64 missing;
    uint32 delay;
    uint32 grace;
    uint32 term;
}

/// @notice An approval.
/// @param agency The officer's; 15 where it has no seat.
/// @param standing See {VoteStanding}.
struct Vote {
    bytes32 officerId;
    uint8 agency;
    uint8 standing;
}

library VoteStanding {
    uint8 internal constant COUNTS = 1;
    /// @dev Withdrawn by its officer for ever.
    uint8 internal constant WITHDRAWN = 2;
    /// @dev Of an officer that was dismissed.
    uint8 internal constant DISMISSED = 3;
    /// @dev Of nobody who has a seat of this kind, or out of order, or no signature over this order: the quorum reverts.
    uint8 internal constant WRONG = 4;
}

/// @title Ballots
/// @notice Who approved an order, and which approvals are missing.
abstract contract Ballots is System {
    uint8 internal constant NONE = type(uint8).max;
    uint8 internal constant NO_AGENCY = 15;
    uint256 private constant SIGNATURE_BYTES = 65;
    uint256 private constant MOST_ALTERNATIVES = 6;
    uint64 private constant MOST_OF_AGENCY = 7;

    /// @dev Begins the preview of an order that may be scheduled or used.
    function _ballot(
        uint8 act,
        uint8 about,
        bytes32 structHash,
        uint64 signBy,
        Approvals calldata approvals,
        Findings memory found
    ) internal view returns (Preview memory preview) {
        bytes32 digest = _digest(structHash);
        preview.digest = digest;
        preview.act = act;
        preview.entry = _entryOf(digest);
        preview.delayed = _delayedOf(digest);
        preview.votes = _votes(digest, approvals, found);
        _tally(preview, about, approvals.alternative, found);
        if (preview.delayed.state != 0) {
            _requireReleased(digest, preview.delayed, preview.votes, found);
        } else if (preview.entry != 0) {
            found.refuse(IQuorum.QuorumOrderUsed.selector, abi.encode(digest, preview.entry));
        } else if (block.timestamp > signBy) {
            found.refuse(Quorum.QuorumOrderExpired.selector, abi.encode(digest, signBy));
        }
    }

    /// @dev Ends the preview.
    function _conclude(Preview memory preview, Findings memory found) internal pure {
        bool decided = preview.alternative != NONE || preview.delayed.state != 0;
        preview.passes = decided && found.obstacles.length == 0;
        preview.obstacles = found.obstacles;
        preview.effects = found.effects.encoded;
    }

    /// @dev The rule that the approvals meet, else the one that they name.
    function _ruleOf(Preview memory preview, Approvals calldata approvals) internal pure returns (Need memory need) {
        uint8 alternative = preview.alternative == NONE ? approvals.alternative : preview.alternative;
        if (alternative < preview.needs.length) need = preview.needs[alternative];
    }

    /// @dev Whether the delayed order at `digest` waits and its time has not run out.
    function _requireWaiting(bytes32 digest, DelayedOrder memory delayed, Findings memory found) internal view {
        if (delayed.state == 0) {
            found.refuse(DelayedOrders.QuorumNotScheduled.selector, abi.encode(digest));
        } else if (delayed.state != DelayedState.WAITS) {
            found.refuse(DelayedOrders.QuorumOrderEnded.selector, abi.encode(digest, delayed.state));
        } else if (block.timestamp > delayed.deadline) {
            found.refuse(DelayedOrders.QuorumTooLate.selector, abi.encode(digest, delayed.deadline));
        }
    }

    /// @dev Whether `account` sent or signed what has this digest, see {Consent}.
    function _consents(address account, bytes32 digest, bytes calldata signature) internal view returns (bool) {
        if (msg.sender == account) return true;
        (address signer, ECDSA.RecoverError fault, ) = ECDSA.tryRecoverCalldata(digest, signature);
        if (fault == ECDSA.RecoverError.NoError && signer == account) return true;
        return SignatureChecker.isValidERC1271SignatureNowCalldata(account, digest, signature);
    }

    function _requireReleased(
        bytes32 digest,
        DelayedOrder memory delayed,
        Vote[] memory votes,
        Findings memory found
    ) private view {
        _requireWaiting(digest, delayed, found);
        if (delayed.state != DelayedState.WAITS) return;
        if (block.timestamp < delayed.start) {
            found.refuse(DelayedOrders.QuorumTooEarly.selector, abi.encode(digest, delayed.start));
        }
        for (uint256 i = 0; i < votes.length; ++i) {
            (, bool compromised) = QUORUM.dismissalOf(votes[i].officerId);
            if (!compromised) continue;
            found.refuse(DelayedOrders.QuorumStale.selector, abi.encode(digest, votes[i].officerId));
            return;
        }
    }

    function _tally(Preview memory preview, uint8 about, uint8 named, Findings memory found) private view {
        uint64 have = _counted(preview.votes, found);
        Need[] memory needs = new Need[](MOST_ALTERNATIVES);
        preview.alternative = NONE;
        uint8 n = 0;
        for (; n < MOST_ALTERNATIVES; ++n) {
            PackedRule rule = QUORUM.rule(preview.act, n);
            if (rule.officers() == 0) break;
            uint64 officers = rule.needed(about);
            needs[n] = Need(officers, _missing(have, officers), rule.delay(), rule.grace(), rule.term());
            if (needs[n].missing == 0 && (preview.alternative == NONE || n == named)) preview.alternative = n;
        }
        if (n == 0) found.refuse(RuleBook.QuorumNoRule.selector, abi.encode(preview.act, named));
        assembly ("memory-safe") {
            mstore(needs, n)
        }
        preview.needs = needs;
    }

    function _counted(Vote[] memory votes, Findings memory found) private pure returns (uint64 have) {
        for (uint256 i = 0; i < votes.length; ++i) {
            if (votes[i].standing != VoteStanding.COUNTS) continue;
            uint8 agency = votes[i].agency;
            if (RuleLib.digit(have, agency) == MOST_OF_AGENCY) {
                uint64 counted = have + uint64(1 << (4 * uint256(agency)));
                found.refuse(RuleLib.RuleDigitTooLarge.selector, abi.encode(counted));
                return have;
            }
            have = RuleLib.count(have, agency);
        }
    }

    function _missing(uint64 have, uint64 need) private pure returns (uint64 missing) {
        for (uint256 agency = 0; agency <= NO_AGENCY; ++agency) {
            (uint64 has, uint64 needs) = (RuleLib.digit(have, agency), RuleLib.digit(need, agency));
            if (needs > has) missing |= (needs - has) << uint64(4 * agency);
        }
    }

    function _votes(
        bytes32 digest,
        Approvals calldata approvals,
        Findings memory found
    ) internal view returns (Vote[] memory votes) {
        uint256 length = approvals.keys.length;
        uint256 n = length / SIGNATURE_BYTES;
        if (n * SIGNATURE_BYTES != length) {
            found.refuse(Officers.QuorumSignatureLength.selector, abi.encode(length));
        }
        uint256 others = approvals.others.length;
        votes = new Vote[](n + others);
        for (uint256 i = 0; i < n + others; ++i) {
            bytes32 previous = i == 0 || i == n ? bytes32(0) : votes[i - 1].officerId;
            if (i < n) _castKey(votes[i], digest, approvals.keys[i * SIGNATURE_BYTES:][:SIGNATURE_BYTES], i, found);
            else _castOther(votes[i], digest, approvals.others[i - n], i, found);
            bytes32 officerId = votes[i].officerId;
            if (officerId > previous) continue;
            votes[i].standing = VoteStanding.WRONG;
            found.refuse(Officers.QuorumUnorderedOfficer.selector, abi.encode(officerId, previous));
        }
    }

    function _castKey(
        Vote memory vote,
        bytes32 digest,
        bytes calldata signature,
        uint256 index,
        Findings memory found
    ) private view {
        (address key, ECDSA.RecoverError fault, ) = ECDSA.tryRecoverCalldata(digest, signature);
        if (fault != ECDSA.RecoverError.NoError) return _reject(vote, index, found);
        vote.officerId = keccak256(abi.encodePacked(key));
        _seat(vote, digest, false, found);
    }

    function _castOther(
        Vote memory vote,
        bytes32 digest,
        Signed calldata signed,
        uint256 index,
        Findings memory found
    ) private view {
        vote.officerId = keccak256(signed.signer);
        uint8 kind = _seat(vote, digest, true, found);
        if (vote.standing != VoteStanding.COUNTS || QUORUM.isApproved(digest, vote.officerId)) return;
        if (!_isSigned(kind, signed, digest)) _reject(vote, index, found);
    }

    /// @dev Whether the officer has a seat of this sort, and has not withdrawn.
    function _seat(
        Vote memory vote,
        bytes32 digest,
        bool other,
        Findings memory found
    ) private view returns (uint8 kind) {
        vote.agency = NO_AGENCY;
        (bool dismissed, ) = QUORUM.dismissalOf(vote.officerId);
        if (dismissed) {
            vote.standing = VoteStanding.DISMISSED;
            return 0;
        }
        uint8 agency;
        (kind, agency) = QUORUM.officer(vote.officerId);
        if (kind == 0 || (kind != Kind.KEY) != other) {
            vote.standing = VoteStanding.WRONG;
            found.refuse(Officers.QuorumUnknownOfficer.selector, abi.encode(vote.officerId));
            return 0;
        }
        vote.agency = agency;
        bool withdrawn = QUORUM.isWithdrawn(digest, vote.officerId);
        vote.standing = withdrawn ? VoteStanding.WITHDRAWN : VoteStanding.COUNTS;
    }

    function _isSigned(uint8 kind, Signed calldata signed, bytes32 digest) private view returns (bool) {
        if (kind == Kind.VERIFIER) {
            return SignatureChecker.isValidSignatureNow(signed.signer, digest, signed.signature);
        }
        address account = address(bytes20(signed.signer));
        bool affirmed = SignatureChecker.isValidERC1271SignatureNowCalldata(account, digest, signed.signature);
        uint256 answered;
        assembly ("memory-safe") {
            answered := returndatasize()
        }
        return affirmed && answered == 32;
    }

    function _reject(Vote memory vote, uint256 index, Findings memory found) private pure {
        vote.agency = NO_AGENCY;
        vote.standing = VoteStanding.WRONG;
        found.refuse(Officers.QuorumInvalidSignature.selector, abi.encode(index));
    }
}
