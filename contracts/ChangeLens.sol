// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Disposal} from "./Disposal.sol";
import {Consent} from "./Consent.sol";
import {DelayedOrder, DelayedOrders, DelayedState} from "./DelayedOrders.sol";
import {Docket} from "./Docket.sol";
import {What} from "./Effects.sol";
import {LicenceRegister} from "./LicenceRegister.sol";
import {Officers} from "./Officers.sol";
import {
    Act,
    Admit,
    Cancel,
    Configure,
    Dismiss,
    License,
    OrderHash,
    SetAdapter,
    SetTreasury,
    Stay,
    Suspend,
    Veto
} from "./Orders.sol";
import {Quorum} from "./Quorum.sol";
import {RuleBook} from "./RuleBook.sol";
import {PackedRule, RuleLib, SELF} from "./Rules.sol";
import {Standing} from "./Standing.sol";
import {Approvals, IQuorum} from "./interfaces/IQuorum.sol";
import {Need, Preview, VoteStanding} from "./lens/Ballots.sol";
import {Checks} from "./lens/Checks.sol";
import {Findings, FindingsLib} from "./lens/Findings.sol";
import {System} from "./lens/System.sol";

/// @title ChangeLens
/// @notice What would become of orders about other orders, officers, rules, treasuries and licences.
contract ChangeLens is Checks {
    using OrderHash for *;

    uint8 private constant ADMIT_WITHOUT_COURT = 2;
    uint40 private constant DISMISSAL_PAUSE = 7 days;
    uint40 private constant PUBLIC_TERM = 7 days;

    constructor(
        Quorum quorum,
        Docket docket,
        Disposal disposal,
        LicenceRegister register
    ) System(quorum, docket, disposal, register) {}

    /// @notice What would become of a {Stay}.
    function previewStay(
        Stay calldata order,
        Approvals calldata approvals
    ) external view returns (Preview memory preview) {
        Findings memory found = FindingsLib.create(1);
        preview = _ballot(Act.STAY, NO_AGENCY, order.hash(), order.signBy, approvals, found);
        _requireDocument(order.document, found);
        DelayedOrder memory delayed = _delayedOf(order.order);
        _requireWaiting(order.order, delayed, found);
        if (delayed.state == DelayedState.WAITS) {
            Need memory rule = _ruleOf(preview, approvals);
            uint64 latest = uint64(block.timestamp) + rule.term;
            if (delayed.act < Act.FORFEIT || delayed.act > Act.TRANSFER) {
                found.refuse(DelayedOrders.QuorumCannotStay.selector, abi.encode(order.order, delayed.act));
            }
            if (delayed.stays & RuleLib.agencies(rule.officers) != 0) {
                bytes4 selector = DelayedOrders.QuorumStayedBefore.selector;
                found.refuse(selector, abi.encode(order.order, delayed.stays));
            }
            if (order.until <= delayed.start || order.until > latest) {
                bytes4 selector = DelayedOrders.QuorumStayTerm.selector;
                found.refuse(selector, abi.encode(order.order, order.until, delayed.start, latest));
            } else {
                uint256 deadline = delayed.deadline + order.until - delayed.start;
                uint256 times = (uint256(order.until) << 40) | deadline;
                found.add(What.STAYED, address(0), address(0), uint256(order.order), times);
            }
        }
        _conclude(preview, found);
    }

    /// @notice What would become of a {Veto}.
    function previewVeto(
        Veto calldata order,
        Approvals calldata approvals
    ) external view returns (Preview memory preview) {
        Findings memory found = FindingsLib.create(1);
        DelayedOrder memory delayed = _delayedOf(order.order);
        preview = _ballot(Act.VETO, delayed.about, order.hash(), order.signBy, approvals, found);
        _requireDocument(order.document, found);
        _requireWaiting(order.order, delayed, found);
        if (delayed.state == DelayedState.WAITS) {
            uint8 named = preview.alternative == NONE ? approvals.alternative : preview.alternative;
            bool bySelf = RuleLib.digit(QUORUM.rule(Act.VETO, named % 6).officers(), SELF) != 0;
            bool isAdmit = delayed.act == Act.ADMIT;
            bool can =
                bySelf ? isAdmit && delayed.alternative != 0 : !isAdmit || delayed.alternative != ADMIT_WITHOUT_COURT;
            if (!can) {
                bytes4 selector = DelayedOrders.QuorumCannotVeto.selector;
                found.refuse(selector, abi.encode(order.order, delayed.act, delayed.alternative));
            }
        }
        found.add(What.VETOED, address(0), address(0), uint256(order.order), 0);
        _conclude(preview, found);
    }

    /// @notice What would become of a {Cancel}. `approvals` are the one of the officer that withdraws; no rule decides.
    function previewCancel(
        Cancel calldata order,
        Approvals calldata approvals
    ) external view returns (Preview memory preview) {
        Findings memory found = FindingsLib.create(1);
        preview.digest = _digest(order.hash());
        preview.act = Act.CANCEL;
        preview.alternative = NONE;
        preview.entry = _entryOf(preview.digest);
        preview.votes = _votes(preview.digest, approvals, found);
        _requireUnused(preview.digest, found);
        if (block.timestamp > order.signBy) {
            found.refuse(Quorum.QuorumOrderExpired.selector, abi.encode(preview.digest, order.signBy));
        }
        _requireUnused(order.order, found);
        if (preview.votes.length != 1) {
            found.refuse(Quorum.QuorumNotOneApproval.selector, abi.encode(preview.votes.length));
        } else {
            bytes32 officerId = preview.votes[0].officerId;
            if (preview.votes[0].standing == VoteStanding.DISMISSED) {
                found.refuse(Officers.QuorumDismissedOfficer.selector, abi.encode(officerId));
            }
            bytes4 selector = Quorum.QuorumApprovalWithdrawn.selector;
            if (preview.votes[0].standing == VoteStanding.WITHDRAWN) {
                found.refuse(selector, abi.encode(preview.digest, officerId));
            }
            if (QUORUM.isWithdrawn(order.order, officerId)) {
                found.refuse(selector, abi.encode(order.order, officerId));
            }
            found.add(What.APPROVAL_WITHDRAWN, address(0), address(0), uint256(order.order), uint256(officerId));
        }
        preview.passes = found.obstacles.length == 0;
        preview.obstacles = found.obstacles;
        preview.effects = found.effects.encoded;
    }

    /// @notice What would become of an {Admit}: of its scheduling or, once it is scheduled, of its execution.
    /// @param consent The candidate's own signature over the order.
    function previewAdmit(
        Admit calldata order,
        Approvals calldata approvals,
        bytes calldata consent
    ) external view returns (Preview memory preview) {
        Findings memory found = FindingsLib.create(1);
        preview = _ballot(Act.ADMIT, order.agency, order.hash(), order.signBy, approvals, found);
        _probe(abi.encodeCall(QUORUM.admit, (order, _nobody(), consent)), preview.delayed.state != 0, found);
        if (preview.delayed.state == 0) {
            _addSchedule(preview, approvals, found);
        } else {
            uint256 seat = (uint256(order.kind) << 8) | order.agency;
            bytes32 officerId = keccak256(order.signer);
            found.add(What.ADMITTED, address(0), address(bytes20(order.signer)), seat, uint256(officerId));
        }
        _conclude(preview, found);
    }

    /// @notice What would become of a {Dismiss}. Of an officer that was dismissed before nobody can see the agency: where a
    /// rule asks for officers of its own, `needs` names them as those of agency 15.
    function previewDismiss(
        Dismiss calldata order,
        Approvals calldata approvals
    ) external view returns (Preview memory preview) {
        Findings memory found = FindingsLib.create(1);
        bytes32 officerId = order.officerId;
        (uint8 kind, uint8 agency) = QUORUM.officer(officerId);
        (bool dismissed, bool compromised) = QUORUM.dismissalOf(officerId);
        if (kind == 0) agency = NO_AGENCY;
        preview = _ballot(Act.DISMISS, agency, order.hash(), order.signBy, approvals, found);
        _requireDocument(order.document, found);
        if (kind == 0 && !dismissed) {
            found.refuse(Officers.QuorumUnknownOfficer.selector, abi.encode(officerId));
        } else if (dismissed && (!order.compromised || compromised)) {
            found.refuse(Officers.QuorumDismissedOfficer.selector, abi.encode(officerId));
        } else if (!dismissed) {
            _requireDismissible(preview, approvals, agency, officerId, found);
        }
        uint256 how = (uint256(order.compromised ? 1 : 0) << 8) | agency;
        found.add(What.DISMISSED, address(0), address(0), how, uint256(officerId));
        _conclude(preview, found);
    }

    /// @notice What would become of a {Configure}: of its scheduling or, once it is scheduled, of its execution.
    function previewConfigure(
        Configure calldata order,
        Approvals calldata approvals
    ) external view returns (Preview memory preview) {
        Findings memory found = FindingsLib.create(6);
        preview = _ballot(Act.CONFIGURE, NO_AGENCY, order.hash(), order.signBy, approvals, found);
        uint256 before = found.obstacles.length;
        _probe(abi.encodeCall(QUORUM.configure, (order, _nobody())), false, found);
        if (preview.delayed.state == 0) {
            _addSchedule(preview, approvals, found);
        } else if (found.obstacles.length == before) {
            for (uint8 i = 0; i < 6; ++i) {
                uint256 packed = 0;
                if (i < order.rules.length) packed = PackedRule.unwrap(RuleLib.pack(order.rules[i]));
                else if (QUORUM.rule(order.act, i).officers() == 0) break;
                found.add(What.RULE_SET, address(0), address(0), (uint256(order.act) << 8) | i, packed);
            }
        }
        _conclude(preview, found);
    }

    /// @notice What would become of a {SetTreasury}: of its scheduling or, once it is scheduled, of its execution.
    function previewSetTreasury(
        SetTreasury calldata order,
        Approvals calldata approvals
    ) external view returns (Preview memory preview) {
        Findings memory found = FindingsLib.create(1);
        preview = _ballot(Act.SET_TREASURY, NO_AGENCY, order.hash(), order.signBy, approvals, found);
        _requireTreasury(order.asset, order.treasury, found);
        if (preview.delayed.state == 0) {
            if (order.document == 0) found.refuse(Docket.DocketZeroDocument.selector);
            _addSchedule(preview, approvals, found);
        } else {
            found.add(What.TREASURY_SET, order.asset, order.treasury, 0, 0);
        }
        _conclude(preview, found);
    }

    /// @notice What would become of a {SetAdapter}: nothing, while no contract executes it.
    function previewSetAdapter(
        SetAdapter calldata order,
        Approvals calldata approvals
    ) external view returns (Preview memory preview) {
        Findings memory found = FindingsLib.create(0);
        preview = _ballot(Act.SET_ADAPTER, NO_AGENCY, order.hash(), order.signBy, approvals, found);
        if (preview.needs.length != 0) {
            found.refuse(RuleBook.QuorumNoRule.selector, abi.encode(Act.SET_ADAPTER, 0));
        }
        _conclude(preview, found);
    }

    /// @notice What would become of a {License}.
    /// @param signature Of the wallet; empty where it is the caller.
    function previewLicense(
        License calldata order,
        Approvals calldata approvals,
        bytes calldata signature
    ) external view returns (Preview memory preview) {
        Findings memory found = FindingsLib.create(1);
        preview = _ballot(Act.LICENSE, NO_AGENCY, order.hash(), order.signBy, approvals, found);
        _requirePlatform(order.document, order.platform, found);
        if (!_consents(order.wallet, preview.digest, signature)) {
            found.refuse(Consent.ConsentMissing.selector, abi.encode(order.wallet));
        }
        LicenceRegister.Licence memory licence = REGISTER.licenceOf(order.wallet);
        bool renews =
            REGISTER.isLicensed(order.wallet) && licence.platform == order.platform && licence.omnibus == order.omnibus;
        uint40 first = renews ? licence.first : uint40(block.timestamp) + PUBLIC_TERM;
        if (order.until <= first || order.until <= block.timestamp || order.until > type(uint40).max) {
            found.refuse(LicenceRegister.RegisterInvalidTerm.selector, abi.encode(order.until, first));
        }
        _requireHoldable(order.wallet, true, found);
        uint256 terms = (uint256(order.omnibus ? 1 : 0) << 80) | (uint256(first) << 40) | order.until;
        found.add(What.LICENSED, address(0), order.wallet, terms, uint256(order.platform));
        _conclude(preview, found);
    }

    /// @notice What would become of a {Suspend}.
    function previewSuspend(
        Suspend calldata order,
        Approvals calldata approvals
    ) external view returns (Preview memory preview) {
        Findings memory found = FindingsLib.create(1);
        preview = _ballot(Act.SUSPEND, NO_AGENCY, order.hash(), order.signBy, approvals, found);
        _requirePlatform(order.document, order.platform, found);
        found.add(What.SUSPENDED, address(0), address(0), 0, uint256(order.platform));
        _conclude(preview, found);
    }

    function _requireDismissible(
        Preview memory preview,
        Approvals calldata approvals,
        uint8 agency,
        bytes32 officerId,
        Findings memory found
    ) private view {
        Officers.Agency memory seats = QUORUM.agencyOf(agency);
        if (seats.seated == 1) {
            found.refuse(Quorum.QuorumLastOfficer.selector, abi.encode(agency, officerId));
        }
        uint8 named = preview.alternative == NONE ? approvals.alternative : preview.alternative;
        if (RuleLib.digit(QUORUM.rule(Act.DISMISS, named % 6).officers(), SELF) != 0) return;
        uint40 next = seats.lastDismissal + DISMISSAL_PAUSE;
        if (seats.lastDismissal != 0 && block.timestamp < next) {
            found.refuse(Quorum.QuorumDismissalPause.selector, abi.encode(agency, next));
        }
    }

    /// @dev Whether the account can become the treasury of the asset.
    function _requireTreasury(address asset, address treasury, Findings memory found) private view {
        _requireAsset(asset, found);
        uint8 standing = _standingOf(treasury);
        if ((standing != 0 && standing != Standing.TREASURY) || treasury == DOCKET.treasuryOf(asset)) {
            found.refuse(Docket.DocketInvalidTreasury.selector, abi.encode(treasury));
        }
        address[] memory assets = DOCKET.allAssets();
        for (uint256 i = 0; i < assets.length; ++i) {
            (uint256 held, ) = DOCKET.heldOf(assets[i], treasury);
            bytes4 selector = Docket.DocketHeldTreasury.selector;
            if (held != 0) found.refuse(selector, abi.encode(assets[i], treasury, held));
        }
    }

    /// @dev Asks the quorum itself, with nobody's approval: what it finds wrong before it counts is wrong with the order.
    /// @param scheduled Whether the candidate's consent, which an execution does not ask for, was given before.
    function _probe(bytes memory call, bool scheduled, Findings memory found) private view {
        (bool done, bytes memory fault) = address(QUORUM).staticcall(call);
        bytes4 selector = bytes4(fault);
        if (
            done ||
            selector == IQuorum.QuorumNotMet.selector ||
            selector == IQuorum.QuorumWithdrawn.selector ||
            selector == IQuorum.QuorumOrderUsed.selector ||
            selector == Quorum.QuorumOrderExpired.selector ||
            selector == RuleBook.QuorumNoRule.selector ||
            (scheduled && selector == Quorum.QuorumNoConsent.selector)
        ) return;
        found.refuse(fault);
    }

    function _requireUnused(bytes32 digest, Findings memory found) private view {
        uint256 entry = _entryOf(digest);
        if (entry != 0) found.refuse(IQuorum.QuorumOrderUsed.selector, abi.encode(digest, entry));
    }

    function _nobody() private pure returns (Approvals memory nobody) {}

    function _requireDocument(bytes32 document, Findings memory found) private pure {
        if (document == 0) found.refuse(Quorum.QuorumZeroDocument.selector);
    }

    function _requirePlatform(bytes32 document, bytes32 platform, Findings memory found) private pure {
        if (document == 0) found.refuse(LicenceRegister.RegisterZeroDocument.selector);
        if (platform == 0) found.refuse(LicenceRegister.RegisterZeroPlatform.selector);
    }
}
