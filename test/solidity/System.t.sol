// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ActRules, Asset, Charter, Contracts, Numbers, Seat} from "../../contracts/Charter.sol";
import {CaseVault} from "../../contracts/CaseVault.sol";
import {Disposal} from "../../contracts/Disposal.sol";
import {LicenceRegister} from "../../contracts/LicenceRegister.sol";
import {Docket} from "../../contracts/Docket.sol";
import {Lens} from "../../contracts/Lens.sol";
import {Act, Admit, Arrest, Cancel, Freeze, Lift, Return, Rule, Seize} from "../../contracts/Orders.sol";
import {Quorum} from "../../contracts/Quorum.sol";
import {Tenge} from "../../contracts/Tenge.sol";
import {Approvals} from "../../contracts/interfaces/IQuorum.sol";
import {Fussy} from "./Fussy.t.sol";
import {deploy, VM} from "./Vm.sol";

uint256 constant AGENCIES = 6;

/// @notice The whole system, deployed and installed, with officers whose keys it knows. A set of officers is a number
/// whose bit i stands for the officer at i; they stand in the order of their ids, as approvals must.
contract System {
    struct Officer {
        uint256 key;
        bytes32 id;
        uint8 agency;
    }

    /// @dev Least officers of each agency, counted out: what the packed rule of the quorum is compared with.
    struct Alternative {
        uint8[AGENCIES] officers;
        uint32 term;
    }

    uint8 public constant FMA = 0;
    uint8 public constant KNB = 1;
    uint8 public constant GPO = 2;
    uint8 public constant COURT = 3;
    uint8 public constant NBK = 4;
    uint8 public constant MOF = 5;

    uint64 public constant SIGN_BY = type(uint40).max;
    bytes32 public constant DOCUMENT = keccak256("ruling");
    uint32 public constant TERM = 10 days;
    uint32 public constant ARREST_TERM = 180 days;
    uint32 public constant COOLING = 40 days;
    uint32 public constant LONGEST_ARREST = 300 days;
    uint16 public constant FREEZES_PER_DAY = 1000;

    address public constant ISSUER = address(0x155E);
    address public constant TREASURY = address(0x7EA5);

    Quorum public immutable quorum;
    Docket public immutable docket;
    Disposal public immutable disposal;
    LicenceRegister public immutable register;
    CaseVault public immutable vaults;
    Lens public immutable lens;
    Tenge public immutable tenge;
    Fussy public immutable fussy;

    Officer[] private _officers;
    mapping(uint8 act => Alternative[]) private _rules;

    constructor() {
        quorum = Quorum(deploy("contracts/Quorum.sol:Quorum", ""));
        docket = Docket(deploy("contracts/Docket.sol:Docket", abi.encode(quorum)));
        register = LicenceRegister(deploy("contracts/LicenceRegister.sol:LicenceRegister", abi.encode(quorum, docket)));
        disposal = Disposal(deploy("contracts/Disposal.sol:Disposal", abi.encode(quorum, docket, register)));
        vaults = CaseVault(deploy("contracts/CaseVault.sol:CaseVault", ""));
        lens = Lens(deploy("contracts/Lens.sol:Lens", abi.encode(quorum)));
        tenge = Tenge(deploy("contracts/Tenge.sol:Tenge", abi.encode(docket, ISSUER, "Tenge", "KZTE", 6)));
        fussy = Fussy(deploy("test/solidity/Fussy.t.sol:Fussy", abi.encode(docket)));
        uint8[AGENCIES] memory seats = [3, 2, 3, 3, 2, 1];
        for (uint8 agency = 0; agency < AGENCIES; ++agency) {
            for (uint256 n = 0; n < seats[agency]; ++n) _seat(agency, n);
        }
        // FMA, KNB, GPO, COURT, NBK, MOF
        _rules[Act.FREEZE].push(Alternative([2, 0, 1, 0, 0, 0], TERM));
        _rules[Act.FREEZE].push(Alternative([1, 1, 1, 0, 0, 0], TERM));
        _rules[Act.ARREST].push(Alternative([1, 0, 1, 1, 0, 0], ARREST_TERM));
        _rules[Act.LIFT].push(Alternative([0, 0, 0, 2, 0, 0], 0));
        _rules[Act.LIFT].push(Alternative([0, 0, 1, 1, 0, 0], 0));
        _rules[Act.LIFT].push(Alternative([1, 0, 1, 0, 0, 0], 0));
        _rules[Act.LIFT_ARRESTED].push(Alternative([0, 0, 1, 1, 0, 0], 0));
        _rules[Act.LIFT_ARRESTED].push(Alternative([0, 0, 0, 2, 0, 0], 0));
        _rules[Act.SEIZE].push(Alternative([1, 0, 1, 1, 1, 0], 0));
        _rules[Act.RETURN].push(Alternative([0, 0, 0, 1, 1, 0], 0));
        _rules[Act.RETURN].push(Alternative([0, 0, 0, 2, 0, 0], 0));
        _rules[Act.RETURN].push(Alternative([1, 0, 1, 0, 1, 0], 0));
        Charter memory charter = _charter();
        quorum.install(charter, _admissions(charter));
    }

    function officerCount() external view returns (uint256) {
        return _officers.length;
    }

    function alternativeCount(uint8 act) public view returns (uint256) {
        return _rules[act].length;
    }

    /// @notice Just the officers that an alternative needs; `rotation` decides which of each agency.
    function quorumFor(uint8 act, uint8 alternative, uint256 rotation) external view returns (uint256 signers) {
        Alternative memory rule = _rules[act][alternative];
        uint256 n = _officers.length;
        for (uint256 i = 0; i < n; ++i) {
            uint256 index = (i + (rotation % n)) % n;
            uint8 agency = _officers[index].agency;
            if (rule.officers[agency] == 0) continue;
            --rule.officers[agency];
            signers |= 1 << index;
        }
    }

    /// @notice Whether the officers meet an alternative, counted one by one.
    function meets(uint8 act, uint256 alternative, uint256 signers) public view returns (bool) {
        if (alternative >= _rules[act].length) return false;
        uint256[AGENCIES] memory have;
        for (uint256 i = 0; i < _officers.length; ++i) {
            if ((signers >> i) & 1 == 1) ++have[_officers[i].agency];
        }
        for (uint256 agency = 0; agency < AGENCIES; ++agency) {
            if (have[agency] < _rules[act][alternative].officers[agency]) return false;
        }
        return true;
    }

    /// @notice Whether the officers meet any alternative of the act.
    function meetsAny(uint8 act, uint256 signers) external view returns (bool) {
        for (uint256 i = 0; i < _rules[act].length; ++i) {
            if (meets(act, i, signers)) return true;
        }
        return false;
    }

    /// @notice The set of the officers with these ids. Fails when one is unknown or they do not ascend.
    function signersOf(bytes32[] calldata ids) external view returns (uint256 signers) {
        for (uint256 k = 0; k < ids.length; ++k) {
            if (k != 0) VM.assertTrue(ids[k] > ids[k - 1], "officers do not ascend");
            bool known = false;
            for (uint256 i = 0; i < _officers.length; ++i) {
                if (_officers[i].id != ids[k]) continue;
                signers |= 1 << i;
                known = true;
            }
            VM.assertTrue(known, "an unknown officer counted");
        }
    }

    /// @notice Signatures of the officers over a digest.
    function approve(
        bytes32 digest,
        uint8 alternative,
        uint256 signers
    ) public view returns (Approvals memory approvals) {
        approvals.alternative = alternative;
        for (uint256 i = 0; i < _officers.length; ++i) {
            if ((signers >> i) & 1 == 0) continue;
            approvals.keys = abi.encodePacked(approvals.keys, _sign(_officers[i].key, digest));
        }
    }

    /// @notice The call that executes an order with these approvals; the order's digest.
    function freezeCall(
        Freeze memory order,
        uint8 alternative,
        uint256 signers
    ) public view returns (bytes memory data, bytes32 digest) {
        digest = lens.digestOfFreeze(order);
        Freeze[] memory orders = new Freeze[](1);
        Approvals[] memory approvals = new Approvals[](1);
        (orders[0], approvals[0]) = (order, approve(digest, alternative, signers));
        data = abi.encodeCall(Docket.freeze, (orders, approvals));
    }

    function arrestCall(
        Arrest memory order,
        uint8 alternative,
        uint256 signers
    ) public view returns (bytes memory data, bytes32 digest) {
        digest = lens.digestOfArrest(order);
        data = abi.encodeCall(Docket.arrest, (order, approve(digest, alternative, signers)));
    }

    function liftCall(
        Lift memory order,
        uint8 alternative,
        uint256 signers
    ) public view returns (bytes memory data, bytes32 digest) {
        digest = lens.digestOfLift(order);
        data = abi.encodeCall(Docket.lift, (order, approve(digest, alternative, signers)));
    }

    function seizeCall(
        Seize memory order,
        uint8 alternative,
        uint256 signers
    ) public view returns (bytes memory data, bytes32 digest) {
        digest = lens.digestOfSeize(order);
        data = abi.encodeCall(Docket.seize, (order, approve(digest, alternative, signers)));
    }

    function returnCall(
        Return memory order,
        uint8 alternative,
        uint256 signers
    ) public view returns (bytes memory data, bytes32 digest) {
        digest = lens.digestOfReturn(order);
        data = abi.encodeCall(Disposal.refund, (order, approve(digest, alternative, signers)));
    }

    function cancelCall(Cancel memory order, uint256 signers) public view returns (bytes memory data, bytes32 digest) {
        digest = lens.digestOfCancel(order);
        data = abi.encodeCall(Quorum.cancel, (order, approve(digest, 0, signers)));
    }

    function _sign(uint256 key, bytes32 digest) private pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = VM.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }

    /// @dev Seats a new officer in the order of the ids.
    function _seat(uint8 agency, uint256 n) private {
        uint256 key = uint256(keccak256(abi.encode("officer", agency, n)));
        Officer memory officer = Officer(key, keccak256(abi.encodePacked(VM.addr(key))), agency);
        _officers.push(officer);
        for (uint256 i = _officers.length - 1; i > 0 && _officers[i - 1].id > officer.id; --i) {
            _officers[i] = _officers[i - 1];
            _officers[i - 1] = officer;
        }
    }

    function _charter() private view returns (Charter memory charter) {
        charter.document = keccak256("charter");
        charter.signBy = SIGN_BY;
        charter.agencies = new bytes32[](AGENCIES);
        bytes3[AGENCIES] memory names = [bytes3("FMA"), "KNB", "GPO", "CRT", "NBK", "MOF"];
        for (uint256 i = 0; i < AGENCIES; ++i) charter.agencies[i] = names[i];
        (charter.court, charter.prosecutor) = (COURT, GPO);
        charter.seats = new Seat[](_officers.length);
        for (uint256 i = 0; i < _officers.length; ++i) {
            bytes memory signer = abi.encodePacked(VM.addr(_officers[i].key));
            charter.seats[i] = Seat(_officers[i].agency, 1, signer);
        }
        charter.rules = new ActRules[](Act.RETURN + 3);
        for (uint8 act = Act.FREEZE; act <= Act.RETURN; ++act) charter.rules[act - 1] = _packed(act);
        charter.rules[Act.RETURN] = _ruled(Act.ADMIT, Rule(0x1000000000001100, 2 days, 30 days, 0));
        charter.rules[Act.RETURN + 1] = _ruled(Act.DISMISS, Rule(0x2000000000000000, 0, 0, 0));
        charter.rules[Act.RETURN + 2] = _ruled(Act.CONFIGURE, Rule(0x0000000000112101, 30 days, 30 days, 0));
        charter.contracts = Contracts(address(docket), address(disposal), address(register), address(vaults));
        charter.assets = new Asset[](2);
        charter.assets[0] = Asset(address(tenge), address(tenge), TREASURY);
        charter.assets[1] = Asset(address(fussy), address(fussy), TREASURY);
        charter.numbers = Numbers(FREEZES_PER_DAY, COOLING, LONGEST_ARREST);
    }

    function _ruled(uint8 act, Rule memory alternative) private pure returns (ActRules memory rules) {
        rules.act = act;
        rules.alternatives = new Rule[](1);
        rules.alternatives[0] = alternative;
    }

    function _packed(uint8 act) private view returns (ActRules memory rules) {
        rules.act = act;
        rules.alternatives = new Rule[](_rules[act].length);
        for (uint256 i = 0; i < rules.alternatives.length; ++i) {
            uint64 digits = 0;
            for (uint256 agency = 0; agency < AGENCIES; ++agency) {
                digits |= uint64(_rules[act][i].officers[agency]) << uint64(4 * agency);
            }
            rules.alternatives[i] = Rule(bytes8(digits), 0, 0, _rules[act][i].term);
        }
    }

    function _admissions(Charter memory charter) private view returns (bytes[] memory signatures) {
        bytes32 salt = keccak256(abi.encode(charter));
        signatures = new bytes[](_officers.length);
        for (uint256 i = 0; i < _officers.length; ++i) {
            Seat memory seat = charter.seats[i];
            Admit memory admission = Admit(seat.agency, 1, seat.signer, charter.document, SIGN_BY, salt);
            signatures[i] = _sign(_officers[i].key, lens.digestOfAdmit(admission));
        }
    }
}
