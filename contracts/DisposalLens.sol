// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Quorum} from "./Quorum.sol";
import {LicenceRegister} from "./LicenceRegister.sol";
import {Docket} from "./Docket.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Compensations} from "./Compensations.sol";
import {Consent} from "./Consent.sol";
import {Disposal, Source} from "./Disposal.sol";
import {What} from "./Effects.sol";
import {Ledgers} from "./Ledgers.sol";
import {Act, Appeal, Compensate, Convert, Forfeit, OrderHash, Refund, Return, Transfer} from "./Orders.sol";
import {DelayedOrder, DelayedOrders, DelayedState} from "./DelayedOrders.sol";
import {Standing} from "./Standing.sol";
import {ILicenceRegister} from "./interfaces/ILicenceRegister.sol";
import {IERC7943Fungible} from "./interfaces/IERC7943.sol";
import {Approvals} from "./interfaces/IQuorum.sol";
import {Preview} from "./lens/Ballots.sol";
import {Checks} from "./lens/Checks.sol";
import {Findings, FindingsLib} from "./lens/Findings.sol";
import {System} from "./lens/System.sol";

/// @title DisposalLens
/// @notice What would become of orders that end custody. Whether an asset would refuse a payee is what its own
/// `canTransfer` (ERC-7943) says.
contract DisposalLens is Checks {
    using OrderHash for *;

    uint32 private constant LEAST_CLAIM_TERM = 90 days;
    uint32 private constant MOST_CLAIM_TERM = 3 * 365 days;
    uint40 private constant UNCLAIMED_TERM = 365 days;
    uint40 private constant APPEAL_TERM = 15 days;

    constructor(
        Quorum quorum,
        Docket docket,
        Disposal disposal,
        LicenceRegister register
    ) System(quorum, docket, disposal, register) {}

    /// @notice What would become of a {Return}, and which payments would stay behind as claims: `count` payments from the
    /// one at `from` on, those before counted against the same limits.
    function previewReturn(
        Return calldata order,
        Approvals calldata approvals,
        uint256 from,
        uint256 count
    ) external view returns (Preview memory preview) {
        uint256 to = _end(order.holders.length, from, count);
        Findings memory found = FindingsLib.create(to - from);
        preview = _ballot(Act.RETURN, NO_AGENCY, order.hash(), order.signBy, approvals, found);
        _requireDocument(order.document, found);
        if (order.holders.length == 0) found.refuse(Disposal.DisposalEmptyOrder.selector);
        _refunds(order, from, to, found);
        _conclude(preview, found);
    }

    /// @notice What would become of a {Forfeit}: of its scheduling or, once it is scheduled, of its execution.
    function previewForfeit(
        Forfeit calldata order,
        Approvals calldata approvals
    ) external view returns (Preview memory preview) {
        Findings memory found = FindingsLib.create(3);
        preview = _ballot(Act.FORFEIT, NO_AGENCY, order.hash(), order.signBy, approvals, found);
        _requireAmount(order.asset, order.treasury, order.amount, found);
        address registered = DOCKET.treasuryOf(order.asset);
        if (order.treasury != registered || registered == address(0)) {
            found.refuse(Disposal.DisposalWrongTreasury.selector, abi.encode(order.asset, order.treasury, registered));
        }
        if (preview.delayed.state == 0) {
            _openCase(order.caseId, found);
            found.add(What.PROPOSED, order.asset, order.treasury, order.amount, 0);
            _schedule(preview, approvals, order.document, found);
        } else {
            _requireLeft(order.caseId, order.asset, order.amount, found);
            _requirePayable(order.caseId, order.asset, order.treasury, order.amount, found);
            found.add(What.FORFEITED, order.asset, order.treasury, order.amount, 0);
        }
        _conclude(preview, found);
    }

    /// @notice What would become of a {Compensate}: of its scheduling or, once it is scheduled, of its execution.
    function previewCompensate(
        Compensate calldata order,
        Approvals calldata approvals
    ) external view returns (Preview memory preview) {
        Findings memory found = FindingsLib.create(3);
        preview = _ballot(Act.COMPENSATE, NO_AGENCY, order.hash(), order.signBy, approvals, found);
        if (preview.delayed.state == 0) {
            _requireAmount(order.asset, address(0), order.total, found);
            if (order.root == 0) found.refuse(Compensations.DisposalZeroRoot.selector);
            if (order.claimTerm < LEAST_CLAIM_TERM || order.claimTerm > MOST_CLAIM_TERM) {
                bytes4 selector = Compensations.DisposalInvalidClaimTerm.selector;
                found.refuse(selector, abi.encode(order.claimTerm, LEAST_CLAIM_TERM, MOST_CLAIM_TERM));
            }
            _openCase(order.caseId, found);
            found.add(What.PROPOSED, order.asset, address(0), order.total, uint256(order.root));
            _schedule(preview, approvals, order.document, found);
        } else {
            _requireLeft(order.caseId, order.asset, order.total, found);
            found.add(What.RESERVED, order.asset, address(0), order.total, block.timestamp + order.claimTerm);
        }
        _conclude(preview, found);
    }

    /// @notice What would become of a {Convert}: of its scheduling or, once it is scheduled, of its execution by the
    /// wallet that it names, with the least proceeds.
    function previewConvert(
        Convert calldata order,
        Approvals calldata approvals
    ) external view returns (Preview memory preview) {
        Findings memory found = FindingsLib.create(3);
        preview = _ballot(Act.CONVERT, NO_AGENCY, order.hash(), order.signBy, approvals, found);
        _requireAmount(order.asset, order.wallet, order.amount, found);
        _requireAmount(order.proceedsAsset, order.wallet, order.leastProceeds, found);
        if (order.proceedsAsset == order.asset) {
            found.refuse(Disposal.DisposalInvalidProceedsAsset.selector, abi.encode(order.proceedsAsset));
        }
        if (preview.delayed.state == 0) {
            _openCase(order.caseId, found);
            found.add(What.PROPOSED, order.asset, order.wallet, order.amount, order.leastProceeds);
            _schedule(preview, approvals, order.document, found);
        } else {
            _requireConvertible(order, found);
            found.add(What.CONVERTED, order.asset, order.wallet, order.amount, uint160(order.proceedsAsset));
            found.add(What.PROCEEDS, order.proceedsAsset, order.wallet, order.leastProceeds, uint160(order.asset));
        }
        _conclude(preview, found);
    }

    /// @notice What would become of a {Transfer}: of its scheduling or, once it is scheduled, of its execution.
    function previewTransfer(
        Transfer calldata order,
        Approvals calldata approvals
    ) external view returns (Preview memory preview) {
        Findings memory found = FindingsLib.create(3);
        preview = _ballot(Act.TRANSFER, NO_AGENCY, order.hash(), order.signBy, approvals, found);
        _requireTransfer(order, found);
        uint256 value = (uint256(order.source) << 160) | uint160(order.holder);
        if (preview.delayed.state == 0) {
            _openCase(order.caseId, found);
            found.add(What.PROPOSED, order.asset, order.to, order.amount, value);
            _schedule(preview, approvals, order.document, found);
        } else {
            if (!_caseAt(order.caseId).hasVault) {
                found.add(What.VAULT_CREATED, address(0), _vaultOf(order.caseId), 0, 0);
            }
            _requireSource(order, found);
            _requirePayable(order.caseId, order.asset, order.to, order.amount, found);
            found.add(What.TRANSFERRED, order.asset, order.to, order.amount, value);
        }
        _conclude(preview, found);
    }

    /// @notice What would become of an {Appeal}. Nobody approves it: the holder calls, or signs.
    /// @param signature Of the holder; empty where it is the caller.
    function previewAppeal(
        Appeal calldata order,
        bytes calldata signature
    ) external view returns (Preview memory preview) {
        Findings memory found = FindingsLib.create(1);
        preview.digest = _digest(order.hash());
        preview.act = Act.APPEAL;
        preview.delayed = _delayedOf(order.order);
        DelayedOrder memory delayed = preview.delayed;
        _requireDocument(order.document, found);
        if (block.timestamp > order.signBy) {
            bytes4 selector = Disposal.DisposalAppealExpired.selector;
            found.refuse(selector, abi.encode(order.order, order.signBy));
        }
        if (!_consents(order.holder, preview.digest, signature)) {
            found.refuse(Consent.ConsentMissing.selector, abi.encode(order.holder));
        }
        if (DISPOSAL.isAppealed(order.order, order.holder)) {
            bytes4 selector = Disposal.DisposalAppealedBefore.selector;
            found.refuse(selector, abi.encode(order.order, order.holder));
        }
        _requireWaiting(order.order, delayed, found);
        if (delayed.state == DelayedState.WAITS && block.timestamp >= delayed.start) {
            found.refuse(DelayedOrders.QuorumStarted.selector, abi.encode(order.order, delayed.start));
        }
        (, uint256 takenFrom) = _takenOf(delayed.caseId, order.asset, order.holder);
        if (takenFrom <= _returnedTo(delayed.caseId, order.asset, order.holder)) {
            bytes4 selector = Disposal.DisposalNotAffected.selector;
            found.refuse(selector, abi.encode(order.order, order.asset, order.holder));
        }
        uint256 start = delayed.appealed ? delayed.start : Math.max(delayed.start, block.timestamp + APPEAL_TERM);
        uint256 times = (start << 40) | (delayed.deadline + start - delayed.start);
        found.add(What.APPEALED, order.asset, order.holder, uint256(order.order), times);
        preview.alternative = NONE;
        preview.passes = found.obstacles.length == 0;
        preview.obstacles = found.obstacles;
        preview.effects = found.effects.encoded;
    }

    function _refunds(Return calldata order, uint256 from, uint256 to, Findings memory found) private view {
        if (from == to) return;
        bytes32 caseId = order.caseId;
        address vault = _vaultOf(caseId);
        uint256[] memory used = new uint256[](to);
        uint256 ofProceeds = 0;
        for (uint256 i = 0; i < to; ++i) {
            Refund calldata item = order.holders[i];
            bool sameGroup =
                i != 0 && item.taken == order.holders[i - 1].taken && item.asset == order.holders[i - 1].asset;
            if (!sameGroup) ofProceeds = 0;
            used[i] = item.amount;
            if (item.taken != item.asset) {
                used[i] = _proceedsUsed(caseId, item, ofProceeds, i < from ? FindingsLib.create(0) : found);
                ofProceeds = Math.saturatingAdd(ofProceeds, item.amount);
            }
            if (i < from) continue;
            if (i != 0) _requireAscending(order.holders[i - 1], item, found);
            if (item.amount == 0) _refuseAmount(item.asset, item.account, 0, found);
            _requireLimit(order, used, i, found);
            (uint256 left, uint256 before) = (_left(caseId, item.asset), _before(order, i));
            if (item.amount > Math.saturatingSub(left, before)) {
                _refuseCustody(caseId, item.asset, Math.saturatingSub(left, before), item.amount, found);
            }
            bool accepted = _accepts(vault, item.asset, item.account, item.amount);
            uint8 what = accepted ? What.RETURNED : What.CLAIM_DUE;
            found.add(what, item.asset, item.account, item.amount, uint160(item.taken));
        }
    }

    /// @dev What of the taken asset a payment of proceeds stands for, rounded up, after `before` of them were paid.
    function _proceedsUsed(
        bytes32 caseId,
        Refund calldata item,
        uint256 before,
        Findings memory found
    ) private view returns (uint256) {
        if (item.amount == 0) return 0;
        Ledgers.Conversion memory conversion = DISPOSAL.conversionOf(caseId, item.taken, item.asset);
        uint256 left = Math.saturatingSub(conversion.proceeds - conversion.returned, before);
        if (item.amount > left) {
            bytes4 selector = Ledgers.DisposalExceedsProceeds.selector;
            found.refuse(selector, abi.encode(caseId, item.taken, item.asset, left, item.amount));
            return 0;
        }
        return Math.ceilDiv(item.amount * conversion.converted, conversion.proceeds);
    }

    /// @dev Whether the payment at `i` is within what was taken from its holder, less what earlier ones give it.
    function _requireLimit(
        Return calldata order,
        uint256[] memory used,
        uint256 i,
        Findings memory found
    ) private view {
        Refund calldata item = order.holders[i];
        (, uint256 takenFrom) = _takenOf(order.caseId, item.taken, item.account);
        uint256 left = takenFrom - _returnedTo(order.caseId, item.taken, item.account);
        for (uint256 j = 0; j < i; ++j) {
            Refund calldata other = order.holders[j];
            if (other.taken != item.taken || other.account != item.account) continue;
            left = Math.saturatingSub(left, used[j]);
        }
        if (used[i] <= left) return;
        bytes4 selector = Ledgers.DisposalExceedsTaken.selector;
        found.refuse(selector, abi.encode(item.taken, item.account, left, used[i]));
    }

    /// @dev What the payments before the one at `i` take of its asset.
    function _before(Return calldata order, uint256 i) private pure returns (uint256 sum) {
        for (uint256 j = 0; j < i; ++j) {
            if (order.holders[j].asset != order.holders[i].asset) continue;
            sum = Math.saturatingAdd(sum, order.holders[j].amount);
        }
    }

    function _requireConvertible(Convert calldata order, Findings memory found) private view {
        if (!REGISTER.isLicensed(order.wallet)) {
            found.refuse(ILicenceRegister.RegisterNotLicensed.selector, abi.encode(order.wallet));
        }
        _requireLeft(order.caseId, order.asset, order.amount, found);
        (uint256 taken, ) = _takenOf(order.caseId, order.asset, address(0));
        uint256 convertible = taken - _ledgerOf(order.caseId, order.asset).converted;
        if (order.amount > convertible) {
            bytes4 selector = Ledgers.DisposalExceedsConvertible.selector;
            found.refuse(selector, abi.encode(order.caseId, order.asset, convertible, order.amount));
        }
        _requirePayable(order.caseId, order.asset, order.wallet, order.amount, found);
    }

    function _requireTransfer(Transfer calldata order, Findings memory found) private view {
        _requireAmount(order.asset, order.to, order.amount, found);
        uint8 standing = _standingOf(order.to);
        if (standing == Standing.SYSTEM || standing == Standing.ASSET || standing == Standing.SUB_ACCOUNT) {
            found.refuse(Disposal.DisposalInvalidPayee.selector, abi.encode(order.to));
        }
        bool known = order.source >= Source.CUSTODY && order.source <= Source.UNCLAIMED;
        bool held = order.holder != address(0);
        if (!known || (order.source != Source.CUSTODY && held != (order.source == Source.UNCLAIMED))) {
            bytes4 selector = Disposal.DisposalInvalidSource.selector;
            found.refuse(selector, abi.encode(order.source, order.holder));
        }
    }

    /// @dev Whether the source of a transfer holds enough.
    function _requireSource(Transfer calldata order, Findings memory found) private view {
        (bytes32 caseId, address asset, uint256 amount) = (order.caseId, order.asset, order.amount);
        if (order.source == Source.CUSTODY) {
            if (order.holder != address(0)) {
                (, uint256 takenFrom) = _takenOf(caseId, asset, order.holder);
                uint256 left = takenFrom - _returnedTo(caseId, asset, order.holder);
                bytes4 selector = Ledgers.DisposalExceedsTaken.selector;
                if (amount > left) found.refuse(selector, abi.encode(asset, order.holder, left, amount));
            }
            _requireLeft(caseId, asset, amount, found);
        } else if (order.source == Source.SUSPENSE) {
            uint256 left = DOCKET.suspenseOf(caseId, asset) - _ledgerOf(caseId, asset).suspensePaid;
            bytes4 selector = Ledgers.DisposalExceedsSuspense.selector;
            if (amount > left) found.refuse(selector, abi.encode(caseId, asset, left, amount));
        } else {
            Ledgers.Claim memory due = DISPOSAL.claimOf(caseId, asset, order.holder);
            uint40 free = due.since + UNCLAIMED_TERM;
            if (amount <= due.amount && block.timestamp > free) return;
            bytes4 selector = Ledgers.DisposalClaimKept.selector;
            found.refuse(selector, abi.encode(caseId, asset, order.holder, due.amount, free + 1));
        }
    }

    /// @dev The effect of scheduling under the rule that the approvals meet, else the one that they name.
    function _schedule(
        Preview memory preview,
        Approvals calldata approvals,
        bytes32 document,
        Findings memory found
    ) private view {
        _requireDocument(document, found);
        _addSchedule(preview, approvals, found);
    }

    function _requireLeft(bytes32 caseId, address asset, uint256 amount, Findings memory found) private view {
        uint256 left = _left(caseId, asset);
        if (amount > left) _refuseCustody(caseId, asset, left, amount, found);
    }

    /// @dev What the case has left in the asset.
    function _left(bytes32 caseId, address asset) private view returns (uint256) {
        (uint256 taken, ) = _takenOf(caseId, asset, address(0));
        Ledgers.Ledger memory ledger = _ledgerOf(caseId, asset);
        return taken + ledger.proceeds - ledger.paid - ledger.reserved;
    }

    function _requirePayable(
        bytes32 caseId,
        address asset,
        address account,
        uint256 amount,
        Findings memory found
    ) private view {
        if (_accepts(_vaultOf(caseId), asset, account, amount)) return;
        bytes4 selector = Ledgers.DisposalPaymentRefused.selector;
        found.refuse(selector, abi.encode(caseId, asset, account, amount));
    }

    /// @dev Whether the asset lets the vault pay; one that does not say counts as willing.
    function _accepts(address vault, address asset, address account, uint256 amount) private view returns (bool) {
        (bool answered, bytes memory answer) = asset.staticcall(
            abi.encodeCall(IERC7943Fungible.canTransfer, (vault, account, amount))
        );
        return !answered || answer.length != 32 || uint256(bytes32(answer)) != 0;
    }

    function _requireDocument(bytes32 document, Findings memory found) private pure {
        if (document == 0) found.refuse(Disposal.DisposalZeroDocument.selector);
    }

    function _requireAmount(address asset, address account, uint256 amount, Findings memory found) private view {
        if (_standingOf(asset) != Standing.ASSET) {
            found.refuse(Disposal.DisposalUnknownAsset.selector, abi.encode(asset));
        }
        if (amount == 0 || amount > type(uint96).max) _refuseAmount(asset, account, amount, found);
    }

    function _requireAscending(Refund calldata a, Refund calldata b, Findings memory found) private pure {
        bool ascends =
            a.taken != b.taken
                ? a.taken < b.taken
                : a.asset != b.asset
                    ? a.asset < b.asset
                    : a.account < b.account;
        if (ascends) return;
        found.refuse(Disposal.DisposalUnordered.selector, abi.encode(b.taken, b.asset, b.account));
    }

    function _refuseAmount(address asset, address account, uint256 amount, Findings memory found) private pure {
        found.refuse(Disposal.DisposalInvalidAmount.selector, abi.encode(asset, account, amount));
    }

    function _refuseCustody(
        bytes32 caseId,
        address asset,
        uint256 have,
        uint256 need,
        Findings memory found
    ) private pure {
        found.refuse(Ledgers.DisposalExceedsCustody.selector, abi.encode(caseId, asset, have, need));
    }
}
