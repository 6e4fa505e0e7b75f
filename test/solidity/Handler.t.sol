// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {CaseVault} from "../../contracts/CaseVault.sol";
import {Hold} from "../../contracts/types/Hold.sol";
import {Payment, Source} from "../../contracts/types/Money.sol";
import {Quorum} from "../../contracts/Quorum.sol";
import {Approvals} from "../../contracts/interfaces/IQuorum.sol";
import {Auditor} from "./Auditor.t.sol";
import {HolderGames} from "./HolderGames.sol";
import {LicenceGames} from "./LicenceGames.sol";
import {ListGames} from "./ListGames.sol";
import {CASES, Stage} from "./Stage.sol";
import {System} from "./System.t.sol";
import {Random, VM} from "./Vm.sol";

/// @notice Holders, officers, platforms and strangers at work, with the keys of all officers. {play} is one step, drawn
/// from its seed; it reverts only where a property is broken.
contract Handler is HolderGames, LicenceGames, ListGames {
    uint256 private constant STEPS = 43;
    /// @dev How often each step is played: those of holders; orders on holds; lists; what goes back; what is taken
    /// for good; platforms; changes.
    bytes private constant WEIGHTS =
        hex"020201010202"
        hex"040301080101010101"
        hex"0c040101"
        hex"0201020102"
        hex"020504040308020e0201"
        hex"0301020203"
        hex"02010901";

    constructor(System system_, Auditor auditor_) Stage(system_, auditor_) {}

    function pendingCount() external view returns (uint256) {
        return _pending.length;
    }

    function pendingAt(uint256 index) external view returns (bytes32) {
        return _pending[index].digest;
    }

    function walletCount() external pure returns (uint256) {
        return WALLETS;
    }

    function walletAt(uint256 index) external view returns (address) {
        return _wallet(index);
    }

    function play(uint256 seed) external watched {
        Random memory random = Random(seed);
        function(Random memory) internal[STEPS] memory steps = _steps();
        uint256 all = 0;
        for (uint256 i = 0; i < STEPS; ++i) all += uint8(WEIGHTS[i]);
        uint256 draw = random.below(all);
        uint256 step = 0;
        while (draw >= uint8(WEIGHTS[step])) draw -= uint8(WEIGHTS[step++]);
        steps[step](random);
    }

    function _steps() private pure returns (function(Random memory) internal[STEPS] memory) {
        return
            [
                _playTransfer,
                _playDeposit,
                _playTransferFrom,
                _playBurn,
                _playMint,
                _playRefuse,
                _playFreeze,
                _playArrest,
                _playLift,
                _playSeize,
                _playWithdraw,
                _playForge,
                _playBotch,
                _playLapse,
                _playOverreach,
                _playSit,
                _playBring,
                _playUnsign,
                _playForgeList,
                _playRefund,
                _playWindUp,
                _playBook,
                _playOpen,
                _playClaim,
                _playForfeit,
                _playCompensate,
                _playConvert,
                _playTransferAway,
                _playAppeal,
                _playClaimCompensation,
                _playUnreserve,
                _playExecute,
                _playStay,
                _playVeto,
                _playLicense,
                _playSuspend,
                _playExchangeHold,
                _playAcknowledge,
                _playSurrender,
                _playChange,
                _playTrespass,
                _playWarp,
                _playSetTreasury
            ];
    }

    function _playChange(Random memory random) private {
        uint256 way = random.below(3);
        if (way == 0) _playAdmit(random);
        else if (way == 1) _playDismiss(random);
        else _playConfigure(random);
    }

    /// @dev What only a contract of the system may do.
    function _playTrespass(Random memory random) private {
        address caller = random.oneIn(2) ? _holder(random) : system.ISSUER();
        address victim = accounts[random.below(accounts.length)];
        bytes32 caseId = caseIds[random.below(CASES)];
        uint256 way = random.below(19);
        address to = address(_docket);
        bytes memory data;
        if (way < 3) to = address(_tenge);
        else if (way < 6) to = address(system.quorum());
        else if (way == 6) to = address(_register);
        else if (way < 9) to = way == 7 ? _docket.vaultOf(caseId) : address(system.vaults());
        if (to.code.length == 0) return;
        Approvals memory none = system.approve(0, 0);
        if (way == 0) data = abi.encodeCall(_tenge.setHeld, (victim, 0, 0));
        else if (way == 1) data = abi.encodeCall(_tenge.setFrozenTokens, (victim, 0));
        else if (way == 2) data = abi.encodeCall(_tenge.forcedTransfer, (victim, caller, 0));
        else if (way == 3)
            data = abi.encodeCall(Quorum.use, (1, 15, 0, type(uint64).max, auditor.entries() + 1, false, none));
        else if (way == 4) data = abi.encodeCall(Quorum.execute, (7, 0, _none(), none));
        else if (way == 5) data = abi.encodeCall(Quorum.appeal, (bytes32(random.seed)));
        else if (way == 6) data = abi.encodeCall(_register.demand, (caseId, assets[0], victim, 1, 0));
        else if (way < 9) data = abi.encodeCall(CaseVault.pay, (IERC20(address(_tenge)), caller, 0));
        else if (way == 9) data = abi.encodeCall(_docket.record, (auditor.entries() + 1, 1, 0, 0, 0, _none(), ""));
        else if (way == 10) data = abi.encodeCall(_docket.prepare, (caseId, true));
        else if (way == 11) data = abi.encodeCall(_docket.holdSubAccount, (caseId, assets[0], victim, 1, 1, 1));
        else if (way == 12) data = abi.encodeCall(_docket.take, (caseId, assets[0], victim, 1));
        else if (way == 13) data = abi.encodeCall(_docket.mark, (victim));
        else if (way == 14) data = abi.encodeCall(_docket.setTreasury, (assets[0], victim, true));
        else if (way == 15) data = abi.encodeCall(_docket.reserve, (caseId, assets[0], 0, 0));
        else if (way == 16) data = abi.encodeCall(_docket.unreserve, (caseId, assets[0], 0, 0));
        else {
            Payment memory payment = Payment(caseId, assets[0], Source.CUSTODY, address(0), caller, 0, 0);
            data =
                way == 17
                    ? abi.encodeCall(_docket.pay, (payment))
                    : abi.encodeCall(_docket.deliver, (payment, assets[1], 0));
        }
        VM.prank(caller);
        (bool ok, ) = to.call(data);
        VM.assertTrue(!ok, "a stranger did what only the system may do");
    }

    /// @dev By some time, or to where something begins or ends. At times a year, after which claims may be moved.
    function _playWarp(Random memory random) private {
        uint256 way = random.below(20);
        uint256 to = block.timestamp;
        if (way == 0) to += random.between(1, 1 hours);
        else if (way < 3) to += random.between(1, 1 days);
        else if (way < 5) to += random.between(1, 10 days);
        else if (way == 5) to += random.between(1, 60 days);
        else if (way == 6) to += random.oneIn(4) ? random.between(365 days, 400 days) : 101 days;
        else if (way < 10) {
            (bool found, , , Hold hold) = _pick(random, true);
            if (found) to = uint256(hold.until()) + random.below(2);
        } else {
            (bool found, Pending storage delayed) = _pickPending(random, false);
            if (!found) return;
            uint256 moment = random.oneIn(5) ? delayed.deadline + random.below(2) : delayed.start + random.below(3) - 1;
            if (moment > to) to = moment;
        }
        VM.warp(to);
    }
}
