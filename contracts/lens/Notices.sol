// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Case} from "../interfaces/IDocket.sol";
import {ILicenceRegister} from "../interfaces/ILicenceRegister.sol";
import {DelayedOrder} from "../types/Delayed.sol";
import {Hold} from "../types/Hold.sol";
import {Money} from "../types/Money.sol";
import {Standing} from "../types/Standing.sol";
import {System} from "./System.sol";

/// @notice A hold on an account. Amounts in base units, times in Unix seconds.
/// @param vault Of its case, where a seizure would bring the money; it may not exist yet.
/// @param number Placement number: the lower, the earlier the claim is served.
/// @param kind See {HoldLib}.
/// @param live Whether it is a claim now; one that ended by time may stand here until its lapse is recorded.
/// @param since Since when its case has held the account: from then on its two years count.
/// @param until Last second in which it is live.
/// @param covered What of the account's balance it can claim, after all earlier live holds.
/// @param withheld What of later receipts it can claim.
struct HoldView {
    bytes32 caseId;
    address vault;
    uint32 number;
    uint8 kind;
    bool live;
    uint40 since;
    uint40 until;
    uint256 amount;
    uint256 covered;
    uint256 withheld;
}

/// @notice What a case took from an account and still has to answer for. Base units of the asset that the notice is about.
/// What was taken and given back in all stands in the journal.
/// @param owed What was taken and not given back, in kind or in proceeds.
/// @param claim A payment that the account could not receive and may claim, in this asset.
/// @param due What a platform owes to the vault of what was seized in this sub-account.
struct TakenView {
    bytes32 caseId;
    address vault;
    uint256 owed;
    uint256 claim;
    uint256 due;
}

/// @notice What there is about an account of an asset.
/// @param standing What the account is to the system, see {Standing}.
/// @param balance Of a platform's sub-account: what the platform said that it withholds.
/// @param held Sum of all live holds.
/// @param covered What of the balance is held.
/// @param withheld What of later receipts is held.
/// @param until Last second in which all live holds are live; 0: none is.
/// @param heldSince Since when the account has been held, by one case after the other, as far as the docket remembers. Gaps
/// of up to {IDocket-cooling} between holds of one case count as held; the journal tells it exactly, and what was before
/// (src/journal/unbroken.ts). 0: it is not held.
/// @param heldBy How many cases have held it since then, by the same count.
/// @param subAccount Where the account stands for a sub-account of a platform.
/// @param holds By priority; all of them.
/// @param cases How many cases there are: `taken` looks at a page of them.
struct Notice {
    uint8 standing;
    uint256 balance;
    uint256 held;
    uint256 covered;
    uint256 withheld;
    uint40 until;
    uint40 heldSince;
    uint256 heldBy;
    ILicenceRegister.SubAccount subAccount;
    HoldView[] holds;
    TakenView[] taken;
    uint256 cases;
}

/// @notice A delayed order from the point of view of a holder.
/// @param appealed Whether the holder has appealed against it.
/// @param affected Whether it concerns the holder, who may then appeal, see {IDisposal-isAffected}.
struct PendingView {
    bytes32 order;
    DelayedOrder delayed;
    bool appealed;
    bool affected;
}

/// @notice A case. See {Case}.
/// @param assets How many assets there are: `sums` are a page of them.
struct CaseView {
    uint32 number;
    bool hasVault;
    address vault;
    uint256 assets;
    SumsView[] sums;
}

/// @notice What a case has of an asset. Base units, see {Money}; what it took and paid in all stands in the journal.
/// @param left What is neither paid nor reserved.
/// @param proceeds What of `left` came as proceeds.
/// @param reserved What is promised to claimants.
/// @param suspense What came by no act, was booked and is not paid.
/// @param inVault Balance of the vault.
struct SumsView {
    address asset;
    address treasury;
    uint256 left;
    uint256 proceeds;
    uint256 reserved;
    uint256 suspense;
    uint256 inVault;
}

/// @title Notices
/// @notice What a holder, and anyone else, can read about an account and a case.
abstract contract Notices is System {
    /// @notice What there is about an account of an asset, and what the cases number `from` + 1 to `from` + `count` took
    /// from it.
    function noticeOf(
        address asset,
        address account,
        uint256 from,
        uint256 count
    ) external view returns (Notice memory notice) {
        notice.standing = _standingOf(account);
        notice.subAccount = REGISTER.subAccountOf(asset, account);
        (notice.balance, ) = _balanceOf(asset, account);
        notice.holds = _holdsOf(asset, account);
        for (uint256 i = 0; i < notice.holds.length; ++i) {
            HoldView memory hold = notice.holds[i];
            if (!hold.live) continue;
            notice.held += hold.amount;
            notice.covered += hold.covered;
            notice.withheld += hold.withheld;
            if (notice.until == 0 || hold.until < notice.until) notice.until = hold.until;
        }
        if (notice.held != 0) (notice.heldSince, notice.heldBy) = _unbroken(_holdsOn(asset, account));
        notice.cases = DOCKET.caseCount();
        notice.taken = _takenOf(asset, account, from, _last(notice.cases, from, count));
    }

    /// @notice The holds on an account by priority.
    function holdsOf(address asset, address account) external view returns (HoldView[] memory) {
        return _holdsOf(asset, account);
    }

    /// @notice Delayed orders as they concern a holder, each in the asset that it disposes of. The journal tells which there
    /// are.
    /// @param orders Their digests: one page.
    function pendingOf(bytes32[] calldata orders, address holder) external view returns (PendingView[] memory pending) {
        pending = new PendingView[](orders.length);
        for (uint256 i = 0; i < orders.length; ++i) {
            DelayedOrder memory delayed = _delayedOf(orders[i]);
            bool affected = DISPOSAL.isAffected(delayed.caseId, delayed.asset, holder);
            pending[i] = PendingView(orders[i], delayed, DISPOSAL.isAppealed(orders[i], holder), affected);
        }
    }

    /// @notice A case and, of `count` assets from the one at `from` on, what it has now.
    function caseOf(bytes32 caseId, uint256 from, uint256 count) external view returns (CaseView memory docketed) {
        Case memory found = _caseAt(caseId);
        (docketed.number, docketed.hasVault) = (found.number, found.hasVault);
        docketed.vault = _vaultOf(caseId);
        address[] memory assets = DOCKET.allAssets();
        docketed.assets = assets.length;
        uint256 to = _last(assets.length, from, count);
        docketed.sums = new SumsView[](to - from);
        for (uint256 i = from; i < to; ++i) {
            docketed.sums[i - from] = _sumsOf(caseId, docketed.vault, assets[i]);
        }
    }

    function _sumsOf(bytes32 caseId, address vault, address asset) private view returns (SumsView memory sums) {
        Money memory money = DOCKET.moneyOf(caseId, asset);
        (sums.asset, sums.treasury) = (asset, DOCKET.treasuryOf(asset));
        (sums.left, sums.proceeds) = (money.left, money.proceeds);
        (sums.reserved, sums.suspense) = (money.reserved, money.suspense);
        sums.inVault = IERC20(asset).balanceOf(vault);
    }

    function _holdsOf(address asset, address account) private view returns (HoldView[] memory views) {
        Hold[] memory holds = _holdsOn(asset, account);
        (uint256 balance, uint32 known) = _balanceOf(asset, account);
        views = new HoldView[](holds.length);
        uint256 n = 0;
        for (uint256 i = 0; i < holds.length; ++i) {
            Hold hold = holds[i];
            // One of amount 0 is no claim: something counts from it.
            if (hold.amount() == 0) continue;
            HoldView memory shown = views[n++];
            shown.caseId = DOCKET.caseIdOf(hold.caseNumber());
            shown.vault = _vaultOf(shown.caseId);
            (shown.number, shown.kind, shown.live) = (hold.number(), hold.kind(), hold.isLive());
            (shown.since, shown.until, shown.amount) = (hold.since(), hold.until(), hold.amount());
            if (!shown.live) continue;
            if (hold.number() <= known) {
                shown.covered = Math.min(shown.amount, balance);
                balance -= shown.covered;
            } else {
                shown.covered = shown.amount;
            }
            shown.withheld = shown.amount - shown.covered;
        }
        assembly ("memory-safe") {
            mstore(views, n)
        }
    }

    /// @dev Since when there was no second without a hold on an account that is held, and of how many cases. Gaps between
    /// the holds of one case are not seen: its two years count them too.
    function _unbroken(Hold[] memory holds) private view returns (uint40 since, uint256 cases) {
        since = uint40(block.timestamp);
        for (uint256 i = 0; i < holds.length; ++i) {
            for (uint256 k = 0; k < holds.length; ++k) {
                if (_reaches(holds[k], since) && holds[k].since() < since) since = holds[k].since();
            }
        }
        for (uint256 i = 0; i < holds.length; ++i) {
            bool counts = _reaches(holds[i], since);
            for (uint256 k = 0; k < i && counts; ++k) {
                counts = holds[k].caseNumber() != holds[i].caseNumber() || !_reaches(holds[k], since);
            }
            if (counts) ++cases;
        }
    }

    /// @dev Whether a case still held the account in the second before `since`, or later.
    function _reaches(Hold hold, uint40 since) private pure returns (bool) {
        return hold.caseNumber() != 0 && hold.until() + 1 >= since;
    }

    /// @dev Of the cases at `from` to before `to`, those that owe the account something, or are owed something of it.
    function _takenOf(
        address asset,
        address account,
        uint256 from,
        uint256 to
    ) private view returns (TakenView[] memory views) {
        views = new TakenView[](to - from);
        uint256 n = 0;
        for (uint256 i = from; i < to; ++i) {
            bytes32 caseId = DOCKET.caseIdOf(i + 1);
            (uint256 owed, uint256 claim, ) = DOCKET.owedTo(caseId, asset, account);
            uint256 due = REGISTER.dueOf(caseId, asset, account);
            if (owed == 0 && claim == 0 && due == 0) continue;
            views[n++] = TakenView(caseId, _vaultOf(caseId), owed, claim, due);
        }
        assembly ("memory-safe") {
            mstore(views, n)
        }
    }

    /// @dev The balance, and the newest hold for which it counts: later ones a platform owes whole, see
    /// {ILicenceRegister-withheldOf}.
    function _balanceOf(address asset, address account) private view returns (uint256 balance, uint32 known) {
        if (_standingOf(account) == Standing.SUB_ACCOUNT) return REGISTER.withheldOf(asset, account);
        return (IERC20(asset).balanceOf(account), type(uint32).max);
    }

    /// @dev First index after the page of `count` from `from` on; never below `from`.
    function _last(uint256 length, uint256 from, uint256 count) private pure returns (uint256) {
        return from >= length ? from : from + Math.min(length - from, count);
    }
}
