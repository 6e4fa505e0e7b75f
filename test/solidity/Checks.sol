// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Case} from "../../contracts/interfaces/IDocket.sol";
import {Disposal} from "../../contracts/Disposal.sol";
import {Docket} from "../../contracts/Docket.sol";
import {Compensation, Money} from "../../contracts/types/Money.sol";
import {DelayedOrder} from "../../contracts/types/Delayed.sol";
import {Hold, HoldLib} from "../../contracts/types/Hold.sol";
import {LicenceRegister} from "../../contracts/LicenceRegister.sol";
import {Act} from "../../contracts/types/Act.sol";
import {PackedRule} from "../../contracts/types/Rule.sol";
import {ISovereignAsset} from "../../contracts/interfaces/ISovereignAsset.sol";
import {Auditor} from "./Auditor.t.sol";
import {Handler} from "./Handler.t.sol";
import {ASSETS, CASES} from "./Stage.sol";
import {AGENCIES} from "./Seats.sol";
import {System} from "./System.t.sol";
import {deploy, VM} from "./Vm.sol";

/// @notice What holds after every step of holders, officers, platforms and strangers, who have the keys of all officers.
/// The handler checks what one step may do: that no balance falls but by its holder's act or an executed order, and that
/// an act executes exactly when the design lets it. The auditor checks at each entry who decided it, that each payment out
/// of a vault is one that an executed order names, and that nobody but recorded holders and the registered treasury is
/// paid within 48 hours of an order.
abstract contract Checks {
    /// @dev Sums of the holds that stand, live or not yet recorded as ended, by asset and case number.
    struct Open {
        uint256[CASES + 1][ASSETS] sums;
    }

    /// @dev Delayed orders that are looked at, the last ones.
    uint256 private constant RECENT = 16;

    System internal system;
    Auditor internal auditor;
    Handler internal handler;
    Docket internal docket;
    Disposal internal disposal;
    LicenceRegister internal register;

    function _begin() internal {
        VM.warp(1_790_000_000);
        VM.recordLogs();
        system = System(deploy("test/solidity/System.t.sol:System", ""));
        auditor = Auditor(deploy("test/solidity/Auditor.t.sol:Auditor", abi.encode(system)));
        auditor.read(VM.getRecordedLogs());
        handler = Handler(deploy("test/solidity/Handler.t.sol:Handler", abi.encode(system, auditor)));
        (docket, disposal, register) = (system.docket(), system.disposal(), system.register());
    }

    function _check() internal view {
        VM.assertEq(auditor.head(), docket.head(), "the recomputed head is the stored head");
        VM.assertEq(auditor.entries(), docket.entries(), "every entry was seen");
        Open memory open;
        for (uint256 a = 0; a < ASSETS; ++a) {
            address asset = handler.assets(a);
            uint256 sum = 0;
            for (uint256 i = 0; i < handler.accountCount(); ++i) sum += IERC20(asset).balanceOf(handler.accounts(i));
            VM.assertEq(sum, IERC20(asset).totalSupply(), "balances add up to the supply");
            VM.assertTrue(
                docket.treasuryOf(asset) == auditor.treasuryOf(asset),
                "the treasury is what the journal tells"
            );
            for (uint256 i = 0; i < handler.targetCount(); ++i) {
                _checkHolds(asset, handler.targets(i), open.sums[a]);
                _checkAnswer(asset, handler.targets(i));
            }
        }
        for (uint256 i = 0; i < CASES; ++i) _checkCase(handler.caseIds(i), open);
        _checkOfficers();
        _checkRules();
        uint256 n = handler.pendingCount();
        for (uint256 i = n > RECENT ? n - RECENT : 0; i < n; ++i) _checkDelayed(handler.pendingAt(i));
        for (uint256 i = 0; i < handler.walletCount(); ++i) {
            address wallet = handler.walletAt(i);
            VM.assertTrue(
                register.isLicensed(wallet) == auditor.isLicensed(wallet),
                "licences are what the journal tells"
            );
        }
    }

    /// @dev What the docket lists, what the token withholds, and what the journal tells are the same.
    function _checkHolds(address asset, address account, uint256[CASES + 1] memory sums) private view {
        Hold[] memory holds = docket.holdsOf(asset, account);
        Hold[] memory told = auditor.holdsOf(asset, account);
        uint256 live = 0;
        uint256 until = type(uint256).max;
        VM.assertEq(holds.length, told.length, "as many words as the journal tells of");
        VM.assertLe(holds.length, 17, "too many words");
        for (uint256 i = 0; i < holds.length; ++i) {
            Hold hold = holds[i];
            if (i != 0) VM.assertLe(holds[i - 1].number(), hold.number(), "holds stand by priority");
            VM.assertEq(Hold.unwrap(hold), Hold.unwrap(told[i]), "the journal tells of another hold");
            sums[hold.caseNumber()] += hold.amount();
            if (block.timestamp > hold.until() || hold.amount() == 0) continue;
            live += hold.amount();
            if (hold.until() < until) until = hold.until();
        }

        (uint256 held, uint256 heldUntil) = docket.heldOf(asset, account);
        VM.assertEq(held, live > HoldLib.MAX_AMOUNT ? HoldLib.MAX_AMOUNT : live, "held is the sum of live claims");
        VM.assertEq(heldUntil, live == 0 ? 0 : until, "held until the first live claim ends");
        if (asset == address(system.tenge())) {
            VM.assertEq(ISovereignAsset(asset).getFrozenTokens(account), held, "the token withholds what is held");
        }
    }

    function _checkCase(bytes32 caseId, Open memory open) private view {
        Case memory docketed = docket.caseOf(caseId);
        for (uint256 a = 0; a < ASSETS; ++a) {
            address asset = handler.assets(a);
            Auditor.HoldSums memory sums = auditor.holdSumsOf(caseId, asset);
            uint256 held = open.sums[a][docketed.number];
            VM.assertEq(
                sums.placed,
                held + sums.lapsed + sums.lifted + sums.seized,
                "placed = held + lapsed + lifted + seized"
            );
            _checkMoney(caseId, asset);
            if (docketed.number != 0) _checkUnheld(asset, docket.vaultOf(caseId));
        }
        VM.assertEq(docketed.number, auditor.caseNumberOf(caseId), "a case is numbered as the journal tells");
        VM.assertTrue(docketed.hasVault == auditor.hasVault(caseId), "a vault exists as the journal tells");
    }

    /// @dev The docket keeps what is left, the journal tells what came and went.
    function _checkMoney(bytes32 caseId, address asset) private view {
        Auditor.Sums memory sums = auditor.sumsOf(caseId, asset);
        Money memory money = docket.moneyOf(caseId, asset);
        uint256 came = sums.taken + sums.proceeds;
        VM.assertLe(sums.paid + sums.reserved, came, "paid + reserved <= taken + proceeds");
        VM.assertLe(sums.converted, sums.paid, "paid includes converted");
        VM.assertLe(sums.suspensePaid, sums.suspense, "suspense paid <= suspense");
        VM.assertEq(money.left, came - sums.paid - sums.reserved, "what is left is what the journal tells");
        VM.assertEq(money.reserved, sums.reserved, "reserved is what the journal tells");
        VM.assertEq(money.proceeds, sums.proceedsLeft, "proceeds that are left are what the journal tells");
        VM.assertEq(money.suspense, sums.suspense - sums.suspensePaid, "suspense is what the journal tells");
        uint256 balance = IERC20(asset).balanceOf(docket.vaultOf(caseId));
        VM.assertLe(money.left + money.reserved + money.suspense, balance, "a vault has at least what is booked");
        VM.assertEq(
            balance + sums.paid + sums.suspensePaid,
            came + handler.deposited(caseId, asset),
            "a vault has what came and did not go"
        );
        VM.assertEq(sums.taken, _checkTaken(caseId, asset), "taken is what was taken from its holders");
        _checkConversion(caseId, asset, sums.converted);
    }

    /// @dev There are two assets: what was converted of the one came in of the other.
    function _checkConversion(bytes32 caseId, address asset, uint256 converted) private view {
        address other = handler.assets(asset == handler.assets(0) ? 1 : 0);
        (uint256 made, uint256 proceeds) = docket.conversionOf(caseId, asset, other);
        (uint256 toldMade, uint256 toldProceeds) = auditor.conversionOf(caseId, asset, other);
        VM.assertLe(made, converted, "no more is to answer for than was converted");
        VM.assertEq(made, toldMade, "a conversion is what the journal tells");
        VM.assertEq(proceeds, toldProceeds, "proceeds of a conversion are what the journal tells");
        VM.assertLe(proceeds, auditor.sumsOf(caseId, other).proceeds, "proceeds are those of conversions");
    }

    function _checkTaken(bytes32 caseId, address asset) private view returns (uint256 takenFrom) {
        for (uint256 i = 0; i < handler.targetCount(); ++i) {
            address account = handler.targets(i);
            uint256 from = auditor.takenFrom(caseId, asset, account);
            (uint256 owed, uint256 claim, uint256 since) = docket.owedTo(caseId, asset, account);
            VM.assertEq(owed, from - auditor.returnedTo(caseId, asset, account), "owed to a holder, by the journal");
            VM.assertEq(
                register.dueOf(caseId, asset, account),
                auditor.dueOf(caseId, asset, account),
                "what a platform owes, by the journal"
            );
            (uint256 claimed, uint256 claimedSince) = auditor.claimOf(caseId, asset, account);
            VM.assertEq(claim, claimed, "a holder's claim, by the journal");
            VM.assertTrue(claim == 0 || since == claimedSince, "since when a claim waits, by the journal");
            takenFrom += from;
        }
    }

    function _checkAnswer(address asset, address account) private view {
        (uint256 withheld, uint256 askedAt, uint256 answeredAt, uint256 answered) = auditor.answerOf(asset, account);
        LicenceRegister.SubAccount memory kept = register.subAccountOf(asset, account);
        VM.assertTrue(kept.withheld == withheld && kept.answered == answered, "a platform's answer, by the journal");
        VM.assertTrue(kept.askedAt == askedAt && kept.answeredAt == answeredAt, "its time, by the journal");
    }

    function _checkOfficers() private view {
        uint256[AGENCIES] memory seated;
        for (uint256 i = 0; i < system.officerCount(); ++i) {
            System.Officer memory officer = system.officerAt(i);
            (uint8 agency, bool known, bool dismissed, bool compromised, uint256 paused) = auditor.seatOf(officer.id);
            VM.assertEq(system.quorum().pauseOf(officer.id), paused, "a pause is what the journal tells");
            (uint8 kind, ) = system.quorum().officer(officer.id);
            VM.assertTrue(known && agency == officer.agency, "an officer that the journal does not tell of");
            VM.assertTrue((kind == 0) == dismissed, "an officer is seated as the journal tells");
            VM.assertTrue(
                dismissed == officer.dismissed && compromised == officer.compromised,
                "a dismissal is what the journal tells"
            );
            if (!dismissed) ++seated[agency];
        }
        for (uint8 agency = 0; agency < AGENCIES; ++agency) {
            VM.assertEq(system.quorum().agencyOf(agency), seated[agency], "an agency counts its officers");
            VM.assertTrue(seated[agency] != 0, "an agency without an officer");
        }
    }

    function _checkRules() private view {
        for (uint8 act = Act.FREEZE; act <= Act.SUSPEND; ++act) {
            for (uint8 i = 0; i < system.alternativeCount(act); ++i) {
                uint256 packed = PackedRule.unwrap(system.quorum().rule(act, i));
                VM.assertEq(packed, auditor.ruleOf(act, i), "a rule is what the journal tells");
                if (act == Act.FORFEIT || act == Act.COMPENSATE) _checkDelay(packed, 7 days);
                else if (act == Act.CONVERT) _checkDelay(packed, 2 days);
                else if (act == Act.TRANSFER) _checkDelay(packed, 14 days);
            }
        }
    }

    function _checkDelay(uint256 packed, uint256 floor) private pure {
        VM.assertLe(floor, uint32(packed >> 64), "a delay below its floor");
    }

    function _checkDelayed(bytes32 digest) private view {
        DelayedOrder memory delayed = system.quorum().delayedOf(digest);
        Auditor.ToldOrder memory told = auditor.orderOf(digest);
        VM.assertTrue(
            delayed.act == told.act && delayed.state == told.state && delayed.caseId == told.caseId,
            "a delayed order is what the journal tells"
        );
        VM.assertTrue(
            told.state != 1 || (delayed.start == told.start && delayed.deadline == told.deadline),
            "start and deadline are what the journal tells"
        );
        VM.assertEq(delayed.delay, told.delay, "a delay is what the journal tells");
        for (uint8 agency = 0; agency < AGENCIES; ++agency) {
            uint256 stayed = system.quorum().stayedBy(digest, agency);
            VM.assertEq(stayed, told.stayed[agency], "the days of a stay are what the journal tells");
        }
        (uint256 rest, uint256 until, uint256 proceeds) = auditor.promiseOf(digest);
        Compensation memory made = disposal.compensationOf(digest);
        VM.assertTrue(
            made.rest == rest && made.until == until && made.proceeds == proceeds,
            "what a compensation reserves, and until when, is what the journal tells"
        );
    }

    function _checkUnheld(address asset, address account) private view {
        Hold[] memory holds = docket.holdsOf(asset, account);
        for (uint256 i = 0; i < holds.length; ++i) {
            VM.assertEq(holds[i].amount(), 0, "an account that can never be held is held");
        }
    }
}
