// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Cases} from "../../contracts/Cases.sol";
import {Disposal} from "../../contracts/Disposal.sol";
import {Docket} from "../../contracts/Docket.sol";
import {Hold, HoldLib} from "../../contracts/Holds.sol";
import {Act} from "../../contracts/Orders.sol";
import {ISovereignAsset} from "../../contracts/interfaces/ISovereignAsset.sol";
import {Auditor} from "./Auditor.t.sol";
import {ASSETS, CASES, Handler} from "./Handler.t.sol";
import {System} from "./System.t.sol";
import {deploy, VM} from "./Vm.sol";

/// @notice What holds after every step of holders, officers and strangers. The handler checks what one step may do:
/// that no balance falls but by its holder's act or an executed order, and that no order executes below its rule.
/// hardhat-config: invariant.fail-on-revert = true
contract InvariantsTest {
    /// @dev Of the holds that stand, live or not yet recorded as ended: their sums by asset and case number, and how many
    /// each case has.
    struct Open {
        uint256[CASES + 1][ASSETS] sums;
        uint256[CASES + 1] counts;
    }

    System private system;
    Auditor private auditor;
    Handler private handler;
    Docket private docket;
    Disposal private disposal;

    function setUp() public {
        VM.warp(1_790_000_000);
        VM.recordLogs();
        system = System(deploy("test/solidity/System.t.sol:System", ""));
        auditor = Auditor(deploy("test/solidity/Auditor.t.sol:Auditor", abi.encode(system)));
        auditor.read(VM.getRecordedLogs());
        handler = Handler(deploy("test/solidity/Handler.t.sol:Handler", abi.encode(system, auditor)));
        (docket, disposal) = (system.docket(), system.disposal());
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    /// @dev One function, since each one would play all its games anew.
    function invariant_everySumHolds() external view {
        VM.assertEq(auditor.head(), docket.head(), "the recomputed head is the stored head");
        VM.assertEq(auditor.entries(), docket.entries(), "every entry was seen");
        Open memory open;
        for (uint256 a = 0; a < ASSETS; ++a) {
            address asset = handler.assets(a);
            uint256 sum = 0;
            for (uint256 i = 0; i < handler.accountCount(); ++i) sum += IERC20(asset).balanceOf(handler.accounts(i));
            VM.assertEq(sum, IERC20(asset).totalSupply(), "balances add up to the supply");
            for (uint256 i = 0; i < handler.targetCount(); ++i)
                _checkHolds(asset, handler.targets(i), open.sums[a], open.counts);
        }
        for (uint256 i = 0; i < CASES; ++i) _checkCase(handler.caseIds(i), open);
    }

    /// @notice The games above reach every act.
    function test_handlerExecutesEveryAct() external {
        bytes4[23] memory steps = [
            handler.transfer.selector,
            handler.deposit.selector,
            handler.transferFrom.selector,
            handler.burn.selector,
            handler.mint.selector,
            handler.refuse.selector,
            handler.freeze.selector,
            handler.freezeMany.selector,
            handler.arrest.selector,
            handler.lift.selector,
            handler.seize.selector,
            handler.refund.selector,
            handler.withdraw.selector,
            handler.forge.selector,
            handler.lapse.selector,
            handler.book.selector,
            handler.close.selector,
            handler.open.selector,
            handler.claim.selector,
            handler.trespass.selector,
            handler.overreach.selector,
            handler.windUp.selector,
            handler.botch.selector
        ];
        for (uint256 i = 0; i < 2000; ++i) {
            uint256 seed = uint256(keccak256(abi.encode(i)));
            bytes4 step = i % 24 == 23 ? handler.warp.selector : steps[i % 24];
            (bool ok, ) = address(handler).call(abi.encodeWithSelector(step, seed));
            if (!ok)
                assembly ("memory-safe") {
                    returndatacopy(0, 0, returndatasize())
                    revert(0, returndatasize())
                }
        }
        uint8[12] memory acts = [
            Act.FREEZE,
            Act.ARREST,
            Act.LIFT,
            Act.LIFT_ARRESTED,
            Act.SEIZE,
            Act.RETURN,
            Act.CANCEL,
            Act.LAPSE,
            Act.BOOK,
            Act.CLOSE,
            Act.OPEN,
            Act.CLAIM
        ];
        for (uint256 i = 0; i < acts.length; ++i) {
            VM.assertTrue(handler.executed(acts[i]) != 0, "an act that the games never reach");
        }
        VM.assertTrue(handler.refused() != 0, "the games never overstep");
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
            Auditor.Sums memory sums = auditor.sumsOf(caseId, asset);
            (address vault, uint256 taken, uint256 takenFrom) = _checkTaken(caseId, asset);
            uint256 paid = disposal.ledgerOf(caseId, asset).paid;
            uint256 reserved = disposal.ledgerOf(caseId, asset).reserved;
            uint256 suspense = docket.suspenseOf(caseId, asset);
            uint256 balance = IERC20(asset).balanceOf(vault);
            VM.assertEq(taken, takenFrom, "taken is what was taken from its holders");
            VM.assertEq(taken, sums.seized, "taken is what the journal tells");
            VM.assertEq(paid, sums.returned + sums.claimed, "paid is what the journal tells");
            VM.assertEq(reserved, sums.claimsDue - sums.claimed, "reserved is what the journal tells");
            VM.assertEq(suspense, sums.suspense, "suspense is what the journal tells");
            VM.assertLe(paid + reserved, taken, "paid + reserved <= taken");
            VM.assertLe(taken + suspense - paid, balance, "a vault has at least what is booked and not paid");
            VM.assertEq(
                balance,
                taken - paid + handler.deposited(caseId, asset),
                "a vault has what came and did not go"
            );
            if (docketed.hasVault && taken != 0) _checkUnheld(asset, vault);
            if (taken != paid) empty = false;

            uint256 held = open.sums[a][docketed.number];
            VM.assertEq(
                sums.placed,
                held + sums.lapsed + sums.lifted + sums.seized,
                "placed = held + lapsed + lifted + seized"
            );
        }
        VM.assertEq(docketed.holds, holds, "the case counts its holds");
        VM.assertTrue(docketed.closed == auditor.closed(caseId), "closed is what the journal tells");
        VM.assertTrue(!docketed.closed || (holds == 0 && empty), "a closed case has no hold and no money");
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
            takenFrom += from;
        }
    }

    function _checkUnheld(address asset, address account) private view {
        Hold[] memory holds = docket.holdsOf(asset, account);
        for (uint256 i = 0; i < holds.length; ++i) {
            VM.assertEq(holds[i].amount(), 0, "an account that can never be held is held");
        }
    }
}
