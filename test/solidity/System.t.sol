// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ActRules, Asset, Charter, Contracts, Numbers, Seat} from "../../contracts/types/Charter.sol";
import {CaseVault} from "../../contracts/CaseVault.sol";
import {Disposal} from "../../contracts/Disposal.sol";
import {LicenceRegister} from "../../contracts/LicenceRegister.sol";
import {Docket} from "../../contracts/Docket.sol";
import {Lens} from "../../contracts/Lens.sol";
import {Act} from "../../contracts/types/Act.sol";
import {Admit, Arrest, Cancel, Freeze, Lift, Return, Seize} from "../../contracts/types/Order.sol";
import {Quorum} from "../../contracts/Quorum.sol";
import {Tenge} from "../../contracts/Tenge.sol";
import {Approvals} from "../../contracts/interfaces/IQuorum.sol";
import {Fussy} from "./Fussy.t.sol";
import {AGENCIES, Seats} from "./Seats.sol";
import {deploy, VM} from "./Vm.sol";

/// @notice The whole system, deployed and installed.
contract System is Seats {
    bytes32 public constant DOCUMENT = keccak256("ruling");
    uint32 public constant TERM = 10 days;
    uint32 public constant ARREST_TERM = 180 days;
    uint32 public constant COOLING = 40 days;
    uint32 public constant LONGEST_ARREST = 300 days;
    uint16 public constant FREEZES_PER_DAY = 1000;

    address public constant ISSUER = address(0x155E);
    address public constant TREASURY = address(0x7EA5);
    address public constant NEXT_TREASURY = address(0x7EA6);

    Quorum public immutable quorum;
    Docket public immutable docket;
    Disposal public immutable disposal;
    LicenceRegister public immutable register;
    CaseVault public immutable vaults;
    Lens public immutable lens;
    /// @notice The digests of orders of another Quorum.
    Lens public immutable twin;
    Tenge public immutable tenge;
    Fussy public immutable fussy;

    constructor() {
        quorum = Quorum(deploy("contracts/Quorum.sol:Quorum", ""));
        docket = Docket(deploy("contracts/Docket.sol:Docket", abi.encode(quorum)));
        vaults = CaseVault(docket.VAULT());
        register = LicenceRegister(deploy("contracts/LicenceRegister.sol:LicenceRegister", abi.encode(quorum, docket)));
        disposal = Disposal(deploy("contracts/Disposal.sol:Disposal", abi.encode(quorum, docket, register)));
        lens = Lens(deploy("contracts/Lens.sol:Lens", abi.encode(quorum, docket, disposal, register)));
        address other = deploy("contracts/Quorum.sol:Quorum", "");
        twin = Lens(deploy("contracts/Lens.sol:Lens", abi.encode(other, docket, disposal, register)));
        tenge = Tenge(deploy("contracts/Tenge.sol:Tenge", abi.encode(docket, ISSUER, "Tenge", "KZTE", 6)));
        fussy = Fussy(deploy("test/solidity/Fussy.t.sol:Fussy", abi.encode(docket)));
        uint8[AGENCIES] memory seats = [3, 2, 4, 4, 3, 2, 3];
        for (uint8 agency = 0; agency < AGENCIES; ++agency) {
            for (uint256 n = 0; n < seats[agency]; ++n)
                seat(agency, uint256(keccak256(abi.encode("officer", agency, n))));
        }
        _adoptRules();
        Charter memory charter = _charter();
        quorum.install(charter, _admissions(charter));
    }

    /// @notice The call that executes an order with these approvals; the order's digest.
    function freezeCall(Freeze memory order, uint256 signers) public view returns (bytes memory data, bytes32 digest) {
        digest = lens.digestOfFreeze(order);
        Freeze[] memory orders = new Freeze[](1);
        Approvals[] memory approvals = new Approvals[](1);
        (orders[0], approvals[0]) = (order, approve(digest, signers));
        data = abi.encodeCall(Docket.freeze, (orders, approvals, ""));
    }

    function arrestCall(Arrest memory order, uint256 signers) public view returns (bytes memory data, bytes32 digest) {
        digest = lens.digestOfArrest(order);
        Arrest[] memory orders = new Arrest[](1);
        Approvals[] memory approvals = new Approvals[](1);
        (orders[0], approvals[0]) = (order, approve(digest, signers));
        data = abi.encodeCall(Docket.arrest, (orders, approvals, ""));
    }

    function liftCall(Lift memory order, uint256 signers) public view returns (bytes memory data, bytes32 digest) {
        digest = lens.digestOfLift(order);
        data = abi.encodeCall(Docket.lift, (order, approve(digest, signers)));
    }

    function seizeCall(Seize memory order, uint256 signers) public view returns (bytes memory data, bytes32 digest) {
        digest = lens.digestOfSeize(order);
        Seize[] memory orders = new Seize[](1);
        Approvals[] memory approvals = new Approvals[](1);
        (orders[0], approvals[0]) = (order, approve(digest, signers));
        data = abi.encodeCall(Docket.seize, (orders, approvals, ""));
    }

    function returnCall(Return memory order, uint256 signers) public view returns (bytes memory data, bytes32 digest) {
        digest = lens.digestOfReturn(order);
        Return[] memory orders = new Return[](1);
        Approvals[] memory approvals = new Approvals[](1);
        (orders[0], approvals[0]) = (order, approve(digest, signers));
        data = abi.encodeCall(Disposal.refund, (orders, approvals, ""));
    }

    function cancelCall(Cancel memory order, uint256 signers) public view returns (bytes memory data, bytes32 digest) {
        digest = lens.digestOfCancel(order);
        data = abi.encodeCall(Quorum.cancel, (order, approve(digest, signers)));
    }

    /// @dev Who decides what: FMA, KNB, GPO, COURT, NBK, MOF, AFSA.
    function _adoptRules() private {
        _atOnce(Act.FREEZE, [2, 0, 1, 0, 0, 0, 0], TERM);
        _atOnce(Act.FREEZE, [1, 1, 1, 0, 0, 0, 0], TERM);
        _atOnce(Act.ARREST, [1, 0, 1, 1, 0, 0, 0], ARREST_TERM);
        _atOnce(Act.LIFT, [0, 0, 0, 2, 0, 0, 0], 0);
        _atOnce(Act.LIFT, [0, 0, 1, 1, 0, 0, 0], 0);
        _atOnce(Act.LIFT, [1, 0, 1, 0, 0, 0, 0], 0);
        _atOnce(Act.LIFT_ARRESTED, [0, 0, 1, 1, 0, 0, 0], 0);
        _atOnce(Act.LIFT_ARRESTED, [0, 0, 0, 2, 0, 0, 0], 0);
        _atOnce(Act.SEIZE, [1, 0, 1, 1, 1, 0, 0], 0);
        _atOnce(Act.RETURN, [0, 0, 0, 1, 1, 0, 0], 0);
        _atOnce(Act.RETURN, [0, 0, 0, 2, 0, 0, 0], 0);
        _atOnce(Act.RETURN, [1, 0, 1, 0, 1, 0, 0], 0);
        _delayed(Act.FORFEIT, [0, 0, 1, 1, 0, 1, 0], 15 days, 90 days);
        _delayed(Act.COMPENSATE, [0, 0, 1, 1, 0, 1, 0], 15 days, 30 days);
        _delayed(Act.CONVERT, [0, 0, 1, 1, 2, 1, 0], 2 days, 7 days);
        _delayed(Act.TRANSFER, [0, 0, 2, 2, 1, 1, 0], 30 days, 30 days);
        _atOnce(Act.EXCHANGE_HOLD, [2, 0, 1, 0, 0, 0, 0], TERM);
        _atOnce(Act.EXCHANGE_HOLD, [1, 1, 1, 0, 0, 0, 0], TERM);
        _atOnce(Act.STAY, [0, 0, 0, 1, 0, 0, 0], 90 days);
        _atOnce(Act.STAY, [0, 0, 1, 0, 0, 0, 0], 30 days);
        _atOnce(Act.STAY, [1, 0, 0, 0, 0, 0, 0], 3 days);
        _atOnce(Act.STAY, [0, 1, 0, 0, 0, 0, 0], 3 days);
        _atOnce(Act.STAY, [0, 0, 0, 0, 1, 0, 0], 3 days);
        _atOnce(Act.STAY, [0, 0, 0, 0, 0, 1, 0], 3 days);
        _atOnce(Act.VETO, [0, 0, 0, 1, 0, 0, 0], 0);
        _withSelf(Act.VETO, 1, [0, 0, 0, 0, 0, 0, 0], 0, 0);
        _withSelf(Act.ADMIT, 1, [0, 0, 1, 1, 0, 0, 0], 2 days, 30 days);
        _delayed(Act.ADMIT, [0, 0, 1, 2, 0, 0, 0], 21 days, 30 days);
        _delayed(Act.ADMIT, [1, 1, 0, 0, 1, 1, 0], 21 days, 30 days);
        _withSelf(Act.DISMISS, 2, [0, 0, 0, 0, 0, 0, 0], 0, 0);
        _atOnce(Act.DISMISS, [0, 0, 1, 1, 0, 0, 0], 0);
        _atOnce(Act.DISMISS, [1, 0, 0, 2, 1, 0, 0], 0);
        _atOnce(Act.DISMISS, [0, 1, 2, 0, 0, 1, 0], 0);
        _delayed(Act.CONFIGURE, [1, 0, 1, 2, 1, 1, 0], 30 days, 30 days);
        _delayed(Act.SET_TREASURY, [1, 0, 1, 2, 1, 1, 0], 30 days, 30 days);
        _atOnce(Act.LICENSE, [0, 0, 0, 0, 0, 0, 2], 0);
        _atOnce(Act.SUSPEND, [0, 0, 0, 0, 0, 0, 1], 0);
    }

    function _charter() private view returns (Charter memory charter) {
        charter.document = keccak256("charter");
        charter.signBy = uint64(block.timestamp);
        charter.agencies = new bytes32[](AGENCIES);
        bytes4[AGENCIES] memory names = [bytes4("FMA"), "KNB", "GPO", "CRT", "NBK", "MOF", "AFSA"];
        for (uint256 i = 0; i < AGENCIES; ++i) charter.agencies[i] = names[i];
        (charter.court, charter.prosecutor) = (COURT, GPO);
        charter.seats = new Seat[](_officers.length);
        for (uint256 i = 0; i < _officers.length; ++i) {
            bytes memory signer = abi.encodePacked(VM.addr(_officers[i].key));
            charter.seats[i] = Seat(_officers[i].agency, 1, signer);
        }
        charter.rules = new ActRules[](Act.SUSPEND - 1);
        uint256 n = 0;
        for (uint8 act = Act.FREEZE; act <= Act.SUSPEND; ++act) {
            if (act != Act.SET_ADAPTER) charter.rules[n++] = ActRules(act, rulesOf(act));
        }
        charter.contracts = Contracts(address(docket), address(disposal), address(register), address(vaults));
        charter.assets = new Asset[](2);
        charter.assets[0] = Asset(address(tenge), address(tenge), TREASURY);
        charter.assets[1] = Asset(address(fussy), address(fussy), TREASURY);
        charter.numbers = Numbers(FREEZES_PER_DAY, COOLING, LONGEST_ARREST);
    }

    function _admissions(Charter memory charter) private view returns (bytes[] memory signatures) {
        bytes32 salt = keccak256(abi.encode(charter));
        signatures = new bytes[](_officers.length);
        for (uint256 i = 0; i < _officers.length; ++i) {
            Seat memory seat = charter.seats[i];
            Admit memory admission = Admit(seat.agency, 1, seat.signer, charter.document, charter.signBy, salt);
            signatures[i] = _sign(_officers[i].key, lens.digestOfAdmit(admission));
        }
    }
}
