// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Cases} from "../../contracts/base/Cases.sol";
import {Disposal} from "../../contracts/Disposal.sol";
import {Docket} from "../../contracts/Docket.sol";
import {DelayedOrder} from "../../contracts/base/DelayedOrders.sol";
import {Hold, HoldLib} from "../../contracts/types/Hold.sol";
import {LicenceRegister} from "../../contracts/LicenceRegister.sol";
import {Act} from "../../contracts/types/Order.sol";
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
    /// @dev Of the holds that stand, live or not yet recorded as ended: their sums by asset and case number, and how many
    /// each case has.
    struct Open {
        uint256[CASES + 1][ASSETS] sums;
        uint256[CASES + 1] counts;
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
            for (uint256 i = 0; i < handler.targetCount(); ++i)
                _checkHolds(asset, handler.targets(i), open.sums[a], open.counts);
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
    function _checkHolds(
        address asset,
        address account,
        uint256[CASES + 1] memory sums,
        uint256[CASES + 1] memory counts
    ) private view {
        Hold[] memory holds = docket.holdsOf(asset, account);
        Hold[] memory told = auditor.holdsOf(asset, account);
        uint256 live = 0;
        uint256 until = type(uint256).max;
        uint256 provisional = 0;
        uint256 full = 0;
        for (uint256 i = 0; i < holds.length; ++i) {
            Hold hold = holds[i];
            if (i != 0) VM.assertLe(holds[i - 1].number(), hold.number(), "holds stand by priority");
            if (hold.amount() == 0) {
                VM.assertEq(hold.kind(), HoldLib.PROVISIONAL, "only a provisional hold may stay empty");
                continue;
            }
            if (hold.kind() == HoldLib.PROVISIONAL) ++provisional;
            VM.assertTrue(full < told.length, "a hold that the journal does not tell of");
            VM.assertEq(Hold.unwrap(hold), Hold.unwrap(told[full]), "the journal tells of another hold");
            ++full;
            sums[hold.caseNumber()] += hold.amount();
            ++counts[hold.caseNumber()];
            if (block.timestamp > hold.until()) continue;
            live += hold.amount();
            if (hold.until() < until) until = hold.until();
        }
        VM.assertEq(full, told.length, "a hold that only the journal tells of");
        VM.assertLe(full, 16, "too many holds");
        VM.assertLe(holds.length, full + 1, "more than one empty hold");
        VM.assertLe(provisional, 8, "too many provisional holds");

        (uint256 held, uint256 heldUntil) = docket.heldOf(asset, account);
        VM.assertEq(held, live > HoldLib.MAX_AMOUNT ? HoldLib.MAX_AMOUNT : live, "held is the sum of live claims");
        VM.assertEq(heldUntil, live == 0 ? 0 : until, "held until the first live claim ends");
        if (asset == address(system.tenge())) {
            VM.assertEq(ISovereignAsset(asset).getFrozenTokens(account), held, "the token withholds what is held");
        }
    }

    function _checkCase(bytes32 caseId, Open memory open) private view {
        Cases.Case memory docketed = docket.caseOf(caseId);
        uint256 holds = open.counts[docketed.number];
        bool empty = true;
        for (uint256 a = 0; a < ASSETS; ++a) {
            address asset = handler.assets(a);
            Auditor.HoldSums memory sums = auditor.holdSumsOf(caseId, asset);
            uint256 held = open.sums[a][docketed.number];
            VM.assertEq(
                sums.placed,
                held + sums.lapsed + sums.lifted + sums.seized,
                "placed = held + lapsed + lifted + seized"
            );
            if (_checkMoney(caseId, asset) != 0) empty = false;
            if (docketed.number != 0) _checkUnheld(asset, docket.vaultOf(caseId));
        }
        VM.assertEq(docketed.holds, holds, "the case counts its holds");
        VM.assertTrue(docketed.closed == auditor.closed(caseId), "closed is what the journal tells");
        VM.assertTrue(!docketed.closed || (holds == 0 && empty), "a closed case has no hold and no money");
    }

    /// @dev Answers what the case still has in the asset.
    function _checkMoney(bytes32 caseId, address asset) private view returns (uint256 inCustody) {
        Auditor.Sums memory sums = auditor.sumsOf(caseId, asset);
        Disposal.Ledger memory ledger = disposal.ledgerOf(caseId, asset);
        (address vault, uint256 taken, uint256 takenFrom) = _checkTaken(caseId, asset);
        VM.assertEq(taken, takenFrom, "taken is what was taken from its holders");
        VM.assertEq(taken, sums.taken, "taken is what the journal tells");
        VM.assertEq(ledger.paid, sums.paid, "paid is what the journal tells");
        VM.assertEq(ledger.reserved, sums.reserved, "reserved is what the journal tells");
        VM.assertEq(ledger.proceeds, sums.proceeds, "proceeds are what the journal tells");
        VM.assertEq(ledger.converted, sums.converted, "converted is what the journal tells");
        VM.assertEq(ledger.suspensePaid, sums.suspensePaid, "suspense paid is what the journal tells");
        VM.assertTrue(ledger.hasProceeds == (ledger.proceeds != 0), "a case knows whether it has proceeds");
        uint256 suspense = docket.suspenseOf(caseId, asset);
        VM.assertEq(suspense, sums.suspense, "suspense is what the journal tells");
        uint256 came = taken + ledger.proceeds;
        VM.assertLe(ledger.paid + ledger.reserved, came, "paid + reserved <= taken + proceeds");
        VM.assertLe(ledger.converted, ledger.paid, "paid includes converted");
        VM.assertLe(ledger.suspensePaid, suspense, "suspense paid <= suspense");
        uint256 balance = IERC20(asset).balanceOf(vault);
        VM.assertLe(
            came + suspense - ledger.paid - ledger.suspensePaid,
            balance,
            "a vault has at least what is booked and not paid"
        );
        VM.assertEq(
            balance + ledger.paid + ledger.suspensePaid,
            came + handler.deposited(caseId, asset),
            "a vault has what came and did not go"
        );
        _checkConversion(caseId, asset, ledger.converted);
        return came - ledger.paid;
    }

    /// @dev There are two assets: what was converted of the one came in of the other.
    function _checkConversion(bytes32 caseId, address asset, uint256 converted) private view {
        address other = handler.assets(asset == handler.assets(0) ? 1 : 0);
        Disposal.Conversion memory conversion = disposal.conversionOf(caseId, asset, other);
        (uint256 toldConverted, uint256 toldProceeds, uint256 toldReturned) = auditor.conversionOf(
            caseId,
            asset,
            other
        );
        VM.assertEq(conversion.converted, converted, "conversions add up to what was converted");
        VM.assertEq(conversion.converted, toldConverted, "a conversion is what the journal tells");
        VM.assertEq(conversion.proceeds, toldProceeds, "proceeds of a conversion are what the journal tells");
        VM.assertEq(
            conversion.proceeds,
            disposal.ledgerOf(caseId, other).proceeds,
            "proceeds are those of conversions"
        );
        VM.assertEq(conversion.returned, toldReturned, "returned proceeds are what the journal tells");
    }

    function _checkTaken(
        bytes32 caseId,
        address asset
    ) private view returns (address vault, uint256 taken, uint256 takenFrom) {
        for (uint256 i = 0; i < handler.targetCount(); ++i) {
            address account = handler.targets(i);
            uint256 from;
            (vault, taken, from) = docket.custodyOf(caseId, asset, account);
            uint256 returned = disposal.returnedTo(caseId, asset, account);
            VM.assertLe(returned, from, "more was returned than was taken");
            VM.assertEq(from, auditor.takenFrom(caseId, asset, account), "taken from a holder, by the journal");
            VM.assertEq(returned, auditor.returnedTo(caseId, asset, account), "returned to a holder, by the journal");
            VM.assertEq(
                register.dueOf(caseId, asset, account),
                auditor.dueOf(caseId, asset, account),
                "what a platform owes, by the journal"
            );
            VM.assertEq(
                register.subAccountOf(asset, account).withheld,
                auditor.withheldOf(asset, account),
                "what a platform said that it withholds, by the journal"
            );
            (uint256 claimed, ) = auditor.claimOf(caseId, asset, account);
            VM.assertEq(disposal.claimOf(caseId, asset, account).amount, claimed, "a holder's claim, by the journal");
            takenFrom += from;
        }
    }

    function _checkOfficers() private view {
        uint256[AGENCIES] memory seated;
        for (uint256 i = 0; i < system.officerCount(); ++i) {
            System.Officer memory officer = system.officerAt(i);
            (uint8 agency, bool known, bool dismissed, bool compromised) = auditor.seatOf(officer.id);
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
            VM.assertEq(system.quorum().agencyOf(agency).seated, seated[agency], "an agency counts its officers");
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
            delayed.start == told.start && delayed.deadline == told.deadline && delayed.appealed == told.appealed,
            "start and deadline are what the journal tells"
        );
        (uint256 rest, uint256 until) = auditor.promiseOf(digest);
        VM.assertEq(disposal.compensationOf(digest).rest, rest, "what a compensation reserves, by the journal");
        VM.assertEq(disposal.compensationOf(digest).until, until, "until when it does, by the journal");
    }

    function _checkUnheld(address asset, address account) private view {
        Hold[] memory holds = docket.holdsOf(asset, account);
        for (uint256 i = 0; i < holds.length; ++i) {
            VM.assertEq(holds[i].amount(), 0, "an account that can never be held is held");
        }
    }
}
