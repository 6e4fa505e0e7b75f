// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Act} from "../../contracts/types/Act.sol";
import {Rule} from "../../contracts/types/Order.sol";
import {Approvals} from "../../contracts/interfaces/IQuorum.sol";
import {VM} from "./Vm.sol";

uint256 constant AGENCIES = 7;
/// @dev About no agency.
uint8 constant NO_AGENCY = 15;

/// @notice The officers, whose keys it knows, and the rules, in a plain form beside that of the quorum. A set of officers
/// is a number whose bit i stands for the officer at i; they stand in the order of their ids, as approvals must.
abstract contract Seats {
    struct Officer {
        uint256 key;
        bytes32 id;
        uint8 agency;
        bool dismissed;
        bool compromised;
        uint256 pausedUntil;
    }

    /// @dev Least officers of each agency, counted out: what the packed rule of the quorum is compared with. `self` are
    /// added to those of the agency that the order is about. Times in seconds.
    struct Alternative {
        uint8[AGENCIES] officers;
        uint8 self;
        uint32 delay;
        uint32 grace;
        uint32 term;
    }

    /// @dev More approvals of one agency are refused.
    uint256 private constant MOST_OF_AGENCY = 7;

    uint8 public constant FMA = 0;
    uint8 public constant KNB = 1;
    uint8 public constant GPO = 2;
    uint8 public constant COURT = 3;
    uint8 public constant NBK = 4;
    uint8 public constant MOF = 5;
    uint8 public constant AFSA = 6;

    Officer[] internal _officers;
    mapping(uint8 act => Alternative[]) internal _rules;

    function officerCount() external view returns (uint256) {
        return _officers.length;
    }

    function officerAt(uint256 index) external view returns (Officer memory) {
        return _officers[index];
    }

    function alternativeCount(uint8 act) public view returns (uint256) {
        return _rules[act].length;
    }

    function alternativeAt(uint8 act, uint256 alternative) external view returns (Alternative memory) {
        return _rules[act][alternative];
    }

    /// @notice Officers of an agency that were not dismissed.
    function seatedOf(uint8 agency) external view returns (uint256 seated) {
        for (uint256 i = 0; i < _officers.length; ++i) {
            if (_officers[i].agency == agency && !_officers[i].dismissed) ++seated;
        }
    }

    /// @notice Just the officers that an alternative needs; `rotation` decides which of each agency.
    function quorumFor(uint8 act, uint8 alternative, uint256 rotation) external view returns (uint256) {
        return quorumAbout(act, alternative, NO_AGENCY, rotation);
    }

    /// @notice The same for an order that is about an agency.
    function quorumAbout(
        uint8 act,
        uint8 alternative,
        uint8 about,
        uint256 rotation
    ) public view returns (uint256 signers) {
        uint8[AGENCIES] memory need = _needed(act, alternative, about);
        uint256 n = _officers.length;
        for (uint256 i = 0; i < n; ++i) {
            uint256 index = (i + (rotation % n)) % n;
            Officer memory officer = _officers[index];
            if (officer.dismissed || need[officer.agency] == 0) continue;
            --need[officer.agency];
            signers |= 1 << index;
        }
    }

    /// @notice The first alternative that the officers meet, counted one by one.
    /// @return met Whether there is one: of Dismiss it is met by just its officers, of Stay by those of one agency.
    function firstMet(uint8 act, uint8 about, uint256 signers) public view returns (bool met, uint8 alternative) {
        (uint256[AGENCIES] memory have, uint256[AGENCIES] memory given) = _tally(signers);
        for (; alternative < _rules[act].length; ++alternative) {
            if (_rules[act][alternative].self != 0 && about >= AGENCIES) continue;
            uint8[AGENCIES] memory need = _needed(act, alternative, about);
            bool clean = true;
            met = true;
            for (uint256 agency = 0; agency < AGENCIES; ++agency) {
                if (have[agency] < need[agency] || given[agency] > MOST_OF_AGENCY) met = false;
                if (act == Act.DISMISS && have[agency] > need[agency]) met = false;
                if (act == Act.STAY && need[agency] == 0 && given[agency] != 0) clean = false;
            }
            if (met) return (clean, alternative);
        }
        return (false, 0);
    }

    /// @notice Whether the officers would meet an alternative of the act, had none of them been dismissed.
    function wouldMeet(uint8 act, uint256 signers) external view returns (bool met) {
        (, uint256[AGENCIES] memory given) = _tally(signers);
        for (uint256 alternative = 0; alternative < _rules[act].length && !met; ++alternative) {
            uint8[AGENCIES] memory need = _needed(act, alternative, NO_AGENCY);
            met = true;
            for (uint256 agency = 0; agency < AGENCIES; ++agency) {
                if (given[agency] < need[agency] || given[agency] > MOST_OF_AGENCY) met = false;
            }
        }
    }

    /// @notice Whether those of the officers `ids` that are still seated meet the alternative together with `signers`.
    function recount(
        uint8 act,
        uint8 alternative,
        uint8 about,
        bytes32[] calldata ids,
        uint256 signers
    ) external view returns (bool) {
        (, uint256[AGENCIES] memory given) = _tally(signers);
        for (uint256 k = 0; k < ids.length; ++k) signers |= 1 << indexOf(ids[k]);
        (uint256[AGENCIES] memory have, ) = _tally(signers);
        uint8[AGENCIES] memory need = _needed(act, alternative, about);
        for (uint256 agency = 0; agency < AGENCIES; ++agency) {
            if (have[agency] < need[agency] || given[agency] > MOST_OF_AGENCY) return false;
            if (need[agency] != 0 && have[agency] > MOST_OF_AGENCY) return false;
        }
        return true;
    }

    /// @notice The ids of those of the officers whose approvals count, ascending: not dismissed, and of an agency that the
    /// alternative needs.
    function idsOf(
        uint8 act,
        uint8 alternative,
        uint8 about,
        uint256 signers
    ) external view returns (bytes32[] memory ids) {
        uint8[AGENCIES] memory need = _needed(act, alternative, about);
        ids = new bytes32[](_officers.length);
        uint256 n = 0;
        for (uint256 i = 0; i < _officers.length; ++i) {
            if ((signers >> i) & 1 == 0 || _officers[i].dismissed || need[_officers[i].agency] == 0) continue;
            ids[n++] = _officers[i].id;
        }
        assembly ("memory-safe") {
            mstore(ids, n)
        }
    }

    /// @notice The ids of the officers, ascending.
    function allIdsOf(uint256 signers) external view returns (bytes32[] memory ids) {
        ids = new bytes32[](_officers.length);
        uint256 n = 0;
        for (uint256 i = 0; i < _officers.length; ++i) if ((signers >> i) & 1 == 1) ids[n++] = _officers[i].id;
        assembly ("memory-safe") {
            mstore(ids, n)
        }
    }

    /// @notice Whether one of the officers was dismissed as compromised.
    function anyCompromised(bytes32[] calldata ids) external view returns (bool) {
        for (uint256 k = 0; k < ids.length; ++k) {
            if (_officers[indexOf(ids[k])].compromised) return true;
        }
        return false;
    }

    /// @notice Whether one of the officers takes part in no dismissal now.
    function anyPaused(bytes32[] calldata ids) external view returns (bool) {
        for (uint256 k = 0; k < ids.length; ++k) {
            if (block.timestamp < _officers[indexOf(ids[k])].pausedUntil) return true;
        }
        return false;
    }

    /// @notice Where the officer stands now.
    function indexOf(bytes32 id) public view returns (uint256 index) {
        while (_officers[index].id != id) ++index;
    }

    /// @notice Signatures of the officers over a digest.
    function approve(bytes32 digest, uint256 signers) public view returns (Approvals memory approvals) {
        for (uint256 i = 0; i < _officers.length; ++i) {
            if ((signers >> i) & 1 == 0) continue;
            approvals.keys = abi.encodePacked(approvals.keys, _sign(_officers[i].key, digest));
        }
    }

    /// @notice Seats an officer, in the order of the ids: as the quorum did.
    function seat(uint8 agency, uint256 key) public {
        Officer memory officer = Officer(key, keccak256(abi.encodePacked(VM.addr(key))), agency, false, false, 0);
        _officers.push(officer);
        for (uint256 i = _officers.length - 1; i > 0 && _officers[i - 1].id > officer.id; --i) {
            _officers[i] = _officers[i - 1];
            _officers[i - 1] = officer;
        }
    }

    /// @notice Dismisses an officer: as the quorum did.
    function unseat(uint256 index, bool compromised) external {
        _officers[index].dismissed = true;
        if (compromised) _officers[index].compromised = true;
    }

    /// @notice Lets the officers take part in no dismissal before `until`: as the quorum did.
    function pause(bytes32[] calldata ids, uint256 until) external {
        for (uint256 k = 0; k < ids.length; ++k) _officers[indexOf(ids[k])].pausedUntil = until;
    }

    /// @notice Changes the times of an act's alternatives: as the quorum did.
    function retime(uint8 act, Rule[] calldata rules) external {
        for (uint256 i = 0; i < rules.length; ++i) {
            Alternative storage rule = _rules[act][i];
            (rule.delay, rule.grace, rule.term) = (rules[i].delay, rules[i].grace, rules[i].term);
        }
    }

    /// @notice The rules of an act as the quorum takes them.
    function rulesOf(uint8 act) public view returns (Rule[] memory rules) {
        rules = new Rule[](_rules[act].length);
        for (uint256 i = 0; i < rules.length; ++i) {
            Alternative memory rule = _rules[act][i];
            uint64 digits = uint64(rule.self) << 60;
            for (uint256 agency = 0; agency < AGENCIES; ++agency) {
                digits |= uint64(rule.officers[agency]) << uint64(4 * agency);
            }
            rules[i] = Rule(bytes8(digits), rule.delay, rule.grace, rule.term);
        }
    }

    function _atOnce(uint8 act, uint8[AGENCIES] memory officers, uint32 term) internal {
        _rules[act].push(Alternative(officers, 0, 0, 0, term));
    }

    function _delayed(uint8 act, uint8[AGENCIES] memory officers, uint32 delay, uint32 grace) internal {
        _rules[act].push(Alternative(officers, 0, delay, grace, 0));
    }

    function _withSelf(uint8 act, uint8 self, uint8[AGENCIES] memory officers, uint32 delay, uint32 grace) internal {
        _rules[act].push(Alternative(officers, self, delay, grace, 0));
    }

    function _sign(uint256 key, bytes32 digest) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = VM.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }

    /// @dev Those of the officers that were not dismissed, and all of them, by agency.
    function _tally(
        uint256 signers
    ) private view returns (uint256[AGENCIES] memory have, uint256[AGENCIES] memory given) {
        for (uint256 i = 0; i < _officers.length; ++i) {
            if ((signers >> i) & 1 == 0) continue;
            ++given[_officers[i].agency];
            if (!_officers[i].dismissed) ++have[_officers[i].agency];
        }
    }

    function _needed(uint8 act, uint256 alternative, uint8 about) private view returns (uint8[AGENCIES] memory need) {
        Alternative memory rule = _rules[act][alternative];
        need = rule.officers;
        if (about < AGENCIES) need[about] += rule.self;
    }
}
