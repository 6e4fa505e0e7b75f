// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Disposal} from "../../contracts/Disposal.sol";
import {Act} from "../../contracts/types/Act.sol";
import {Admit, Configure, Dismiss, SetTreasury} from "../../contracts/types/Order.sol";
import {Quorum} from "../../contracts/Quorum.sol";
import {Approvals} from "../../contracts/interfaces/IQuorum.sol";
import {DisposalGames} from "./DisposalGames.sol";
import {AGENCIES, NO_AGENCY, Seats} from "./Seats.sol";
import {ASSETS, CASES} from "./Stage.sol";
import {Random, VM} from "./Vm.sol";

/// @notice Officers, rules and treasuries change; delayed orders of every kind are executed.
abstract contract ChangeGames is DisposalGames {
    uint256 private constant MOST_OFFICERS = 30;
    /// @dev Left of each agency, so that every act stays possible.
    uint256 private constant KEPT = 2;

    mapping(bytes32 digest => uint256 key) private _candidates;

    function _playAdmit(Random memory random) internal {
        if (system.officerCount() >= MOST_OFFICERS) return;
        uint256 key = uint256(keccak256(abi.encode("candidate", ++_salts)));
        Admit memory order;
        (order.agency, order.kind) = (uint8(random.below(AGENCIES + (random.oneIn(8) ? 1 : 0))), 1);
        order.signer = abi.encodePacked(VM.addr(key));
        (order.document, order.signBy, order.salt) = (system.DOCUMENT(), _signBy(), _salt());
        bool known = order.agency < AGENCIES;
        uint256 signers = _drawAbout(random, Act.ADMIT, known ? order.agency : NO_AGENCY);
        bytes32 digest = system.lens().digestOfAdmit(order);
        bool forged = random.oneIn(6);
        bytes memory data = abi.encodeCall(
            Quorum.admit,
            (order, system.approve(digest, signers), _sign(forged ? key + 1 : key, digest))
        );
        Pending memory delayed = _newPending(Act.ADMIT, 0, address(0), digest, abi.encode(order));
        delayed.about = order.agency;
        _candidates[digest] = key;
        bool valid = known && !forged;
        if (!_schedule(address(system.quorum()), data, delayed, signers, valid) || !random.oneIn(2)) return;
        // An admission that waits is scheduled again where that makes it sooner.
        Pending storage kept = _pending[_pending.length - 1];
        signers = system.quorumAbout(Act.ADMIT, 0, order.agency, random.seed);
        (bool able, uint8 first) = system.firstMet(Act.ADMIT, order.agency, signers);
        data = abi.encodeCall(Quorum.admit, (order, system.approve(digest, signers), _sign(key, digest)));
        bool sooner = able && first == 0 && kept.alternative != 0;
        uint8 act = _execute(address(system.quorum()), data);
        VM.assertEq(act, sooner ? Act.ADMIT : 0, "an admission is scheduled again just where it is sooner");
        if (!sooner) return;
        (kept.alternative, kept.ids) = (0, system.idsOf(Act.ADMIT, 0, order.agency, signers));
        kept.start = block.timestamp + system.alternativeAt(Act.ADMIT, 0).delay;
        kept.deadline = kept.start + system.alternativeAt(Act.ADMIT, 0).grace;
    }

    function _playDismiss(Random memory random) internal {
        _dismiss(random, random.below(system.officerCount()));
    }

    function _dismiss(Random memory random, uint256 place) internal {
        Seats.Officer memory officer = system.officerAt(place);
        if (!officer.dismissed && system.seatedOf(officer.agency) <= KEPT) return;
        Dismiss memory order;
        (order.officerId, order.compromised) = (officer.id, random.oneIn(2));
        (order.document, order.signBy, order.salt) = (system.DOCUMENT(), _signBy(), _salt());
        uint256 signers = _drawAbout(random, Act.DISMISS, officer.agency);
        bytes32 digest = system.lens().digestOfDismiss(order);
        bytes memory data = abi.encodeCall(Quorum.dismiss, (order, system.approve(digest, signers)));
        (bool able, uint8 alternative) = system.firstMet(Act.DISMISS, officer.agency, signers);
        bytes32[] memory ids = system.idsOf(Act.DISMISS, alternative, officer.agency, signers);
        bool changes = !officer.dismissed || (order.compromised && !officer.compromised);
        bool may = able && changes && !system.anyPaused(ids);
        uint8 act = _execute(address(system.quorum()), data);
        VM.assertEq(act, may ? Act.DISMISS : 0, "a dismissal is not what the design says");
        if (!may) return;
        system.pause(ids, block.timestamp + (alternative < 2 ? 7 days : 2 days));
        system.unseat(place, order.compromised);
    }

    /// @dev Other times for an act, at times below its floor.
    function _playConfigure(Random memory random) internal {
        uint8[4] memory acts = [Act.FORFEIT, Act.COMPENSATE, Act.CONVERT, Act.TRANSFER];
        uint32[4] memory floors = [uint32(7 days), 7 days, 2 days, 14 days];
        uint256 drawn = random.below(4);
        Configure memory order;
        (order.act, order.rules) = (acts[drawn], system.rulesOf(acts[drawn]));
        bool below = random.oneIn(4);
        uint32 delay = random.oneIn(3) ? floors[drawn] : uint32(random.between(floors[drawn], 20 days));
        order.rules[0].delay = below ? floors[drawn] - 1 : delay;
        order.rules[0].grace = uint32(random.between(1 days, 7 days));
        (order.document, order.signBy, order.salt) = (system.DOCUMENT(), _signBy(), _salt());
        uint256 signers = _draw(random, Act.CONFIGURE);
        bytes32 digest = system.lens().digestOfConfigure(order);
        bytes memory data = abi.encodeCall(Quorum.configure, (order, system.approve(digest, signers)));
        Pending memory delayed = _newPending(Act.CONFIGURE, 0, address(0), digest, abi.encode(order));
        _schedule(address(system.quorum()), data, delayed, signers, !below);
    }

    function _playSetTreasury(Random memory random) internal {
        SetTreasury memory order;
        order.asset = assets[random.below(ASSETS)];
        order.treasury = random.oneIn(4) ? _docket.vaultOf(caseIds[CASES - 1]) : _otherTreasury(order.asset);
        (order.document, order.signBy, order.salt) = (system.DOCUMENT(), _signBy(), _salt());
        uint256 signers = _draw(random, Act.SET_TREASURY);
        bytes32 digest = system.lens().digestOfSetTreasury(order);
        bytes memory data = abi.encodeCall(Disposal.setTreasury, (order, system.approve(digest, signers)));
        Pending memory delayed = _newPending(Act.SET_TREASURY, 0, address(0), digest, abi.encode(order));
        _schedule(address(_disposal), data, delayed, signers, _canBeTreasury(order));
    }

    /// @dev Executes a delayed order, at times in the name of other officers. Where one that approved it was found
    /// compromised, others approve in its place, or not.
    function _playExecute(Random memory random) internal {
        (bool found, Pending storage delayed) = _pickPending(random, true);
        if (!found) return;
        bool may = !random.oneIn(10);
        bytes32[] memory ids = may ? delayed.ids : _none();
        uint256 signers = random.oneIn(3) ? 0 : _drawAbout(random, delayed.act, delayed.about);
        Approvals memory further = system.approve(delayed.digest, signers);
        if (may && system.anyCompromised(ids)) {
            may = system.recount(delayed.act, delayed.alternative, delayed.about, ids, signers);
        }
        if (delayed.act == Act.FORFEIT) _finishForfeit(delayed, ids, further, may);
        else if (delayed.act == Act.COMPENSATE) _finishCompensate(delayed, ids, further, may);
        else if (delayed.act == Act.CONVERT) _finishConvert(random, delayed, ids, further, may);
        else if (delayed.act == Act.TRANSFER) _finishTransfer(delayed, ids, further, may);
        else if (delayed.act == Act.ADMIT) _finishAdmit(delayed, ids, further, may);
        else if (delayed.act == Act.CONFIGURE) _finishConfigure(delayed, ids, further, may);
        else _finishSetTreasury(delayed, ids, further, may);
    }

    function _finishAdmit(Pending storage delayed, bytes32[] memory ids, Approvals memory further, bool may) private {
        Admit memory order = abi.decode(delayed.order, (Admit));
        bool over = delayed.over;
        bytes memory data = abi.encodeCall(Quorum.executeAdmit, (order, ids, further));
        _finish(delayed, address(this), address(system.quorum()), data, may);
        if (over != delayed.over) system.seat(order.agency, _candidates[delayed.digest]);
    }

    function _finishConfigure(
        Pending storage delayed,
        bytes32[] memory ids,
        Approvals memory further,
        bool may
    ) private {
        Configure memory order = abi.decode(delayed.order, (Configure));
        bool over = delayed.over;
        bytes memory data = abi.encodeCall(Quorum.executeConfigure, (order, ids, further));
        _finish(delayed, address(this), address(system.quorum()), data, may);
        if (over != delayed.over) system.retime(order.act, order.rules);
    }

    function _finishSetTreasury(
        Pending storage delayed,
        bytes32[] memory ids,
        Approvals memory further,
        bool may
    ) private {
        SetTreasury memory order = abi.decode(delayed.order, (SetTreasury));
        bytes memory data = abi.encodeCall(Disposal.executeSetTreasury, (order, ids, further));
        _finish(delayed, address(this), address(_disposal), data, may && _canBeTreasury(order));
    }

    /// @dev Neither the vault of a case that was opened, nor one that is held, as another account may be.
    function _canBeTreasury(SetTreasury memory order) private view returns (bool) {
        if (order.treasury == _docket.treasuryOf(order.asset)) return false;
        for (uint256 a = 0; a < ASSETS; ++a) {
            if (_live(assets[a], order.treasury, 0) != 0) return false;
        }
        bool opened = _docket.caseOf(caseIds[CASES - 1]).number != 0;
        return !opened || order.treasury != _docket.vaultOf(caseIds[CASES - 1]);
    }

    function _otherTreasury(address asset) private view returns (address) {
        address treasury = system.TREASURY();
        return _docket.treasuryOf(asset) == treasury ? system.NEXT_TREASURY() : treasury;
    }
}
