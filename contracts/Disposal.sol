// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {Compensations} from "./base/Compensations.sol";
import {List, Lists, Passed} from "./base/Lists.sol";
import {Consent} from "./libraries/Consent.sol";
import {Documents} from "./libraries/Documents.sol";
import {Moves} from "./libraries/Moves.sol";
import {SignBy} from "./libraries/SignBy.sol";
import {Terms} from "./libraries/Terms.sol";
import {EffectList, EffectListLib, What} from "./types/Effect.sol";
import {Act} from "./types/Act.sol";
import {Compensation, Payment, Source} from "./types/Money.sol";
import {
    Appeal,
    Compensate,
    Convert,
    Forfeit,
    OrderHash,
    Refund,
    Return,
    SetTreasury,
    Transfer
} from "./types/Order.sol";
import {NO_AGENCY} from "./types/Rule.sol";
import {Standing} from "./types/Standing.sol";
import {IDisposal} from "./interfaces/IDisposal.sol";
import {IDocket} from "./interfaces/IDocket.sol";
import {ILicenceRegister} from "./interfaces/ILicenceRegister.sol";
import {IMember} from "./interfaces/IMember.sol";
import {Approvals, IQuorum} from "./interfaces/IQuorum.sol";

/// @title Disposal
/// @notice What takes money away from its holders for good: each act is scheduled first, and can be stayed, vetoed and
/// appealed against until it is executed. Decides, and has the docket pay; holds no money and no ledger. Also registers the
/// treasuries that forfeitures go to.
contract Disposal is IDisposal, Lists, Compensations, ReentrancyGuardTransient {
    using OrderHash for *;
    using EffectListLib for EffectList;

    /// @inheritdoc IMember
    IQuorum public immutable QUORUM;
    /// @inheritdoc IMember
    IDocket public immutable DOCKET;
    /// @inheritdoc IDisposal
    ILicenceRegister public immutable REGISTER;

    mapping(bytes32 order => mapping(address holder => bool)) private _appealed;

    constructor(IQuorum quorum, IDocket docket, ILicenceRegister register) {
        QUORUM = quorum;
        DOCKET = docket;
        REGISTER = register;
    }

    /// @inheritdoc IDisposal
    function refund(
        Return[] calldata orders,
        Approvals[] calldata approvals,
        bytes calldata range
    ) external nonReentrant {
        List memory list = _list(Act.RETURN, orders.length);
        for (uint256 i = 0; i < orders.length; ++i) list.hashes[i] = orders[i].hash();
        _enlist(list, approvals.length, range);
        for (uint256 i = 0; i < orders.length; ++i) {
            if (_passes(list, i, orders[i].signBy, approvals)) _refund(orders[i], list.passed);
        }
        _requireAny(list);
    }

    /// @inheritdoc IDisposal
    function forfeit(Forfeit calldata order, Approvals calldata approvals) external nonReentrant {
        _requireForfeit(order);
        EffectList memory effects = EffectListLib.wrap(DOCKET.prepare(order.caseId, false));
        effects.add(What.PROPOSED, order.asset, order.treasury, order.amount, 0);
        _schedule(
            Act.FORFEIT,
            order.hash(),
            order.signBy,
            order.caseId,
            order.asset,
            order.document,
            approvals,
            effects
        );
    }

    /// @inheritdoc IDisposal
    function executeForfeit(
        Forfeit calldata order,
        bytes32[] calldata officerIds,
        Approvals calldata further
    ) external nonReentrant {
        (bytes32 digest, uint40 age, bytes32[] memory counted) = QUORUM.execute(
            Act.FORFEIT,
            order.hash(),
            officerIds,
            further
        );
        _requireForfeit(order);
        uint256 proceeds = _pay(
            order.caseId,
            order.asset,
            Source.CUSTODY,
            address(0),
            order.treasury,
            order.amount,
            age
        );
        EffectList memory effects = EffectListLib.create(2);
        effects.add(What.FORFEITED, order.asset, order.treasury, order.amount, 0);
        _tellProceeds(effects, order.asset, proceeds);
        _enterExecuted(order.caseId, order.document, digest, counted, effects);
    }

    /// @inheritdoc IDisposal
    function compensate(Compensate calldata order, Approvals calldata approvals) external nonReentrant {
        _requireAmount(order.asset, address(0), order.total);
        _requireCompensable(order);
        EffectList memory effects = EffectListLib.wrap(DOCKET.prepare(order.caseId, false));
        effects.add(What.PROPOSED, order.asset, address(0), order.total, uint256(order.root));
        _schedule(
            Act.COMPENSATE,
            order.hash(),
            order.signBy,
            order.caseId,
            order.asset,
            order.document,
            approvals,
            effects
        );
    }

    /// @inheritdoc IDisposal
    function executeCompensate(
        Compensate calldata order,
        bytes32[] calldata officerIds,
        Approvals calldata further
    ) external nonReentrant {
        (bytes32 digest, uint40 age, bytes32[] memory counted) = QUORUM.execute(
            Act.COMPENSATE,
            order.hash(),
            officerIds,
            further
        );
        uint256 proceeds = DOCKET.reserve(order.caseId, order.asset, order.total, age);
        uint40 until = _startCompensation(digest, order, proceeds);
        EffectList memory effects = EffectListLib.create(2);
        effects.add(What.RESERVED, order.asset, address(0), order.total, until);
        _tellProceeds(effects, order.asset, proceeds);
        _enterExecuted(order.caseId, order.document, digest, counted, effects);
    }

    /// @inheritdoc IDisposal
    function claimCompensation(
        bytes32 order,
        uint256 index,
        address account,
        uint256 amount,
        bytes32[] calldata proof
    ) external nonReentrant {
        Compensation memory compensation = _useClaim(order, address(DOCKET), index, account, amount, proof);
        (bytes32 caseId, address asset) = (compensation.caseId, compensation.asset);
        _requirePayee(caseId, account);
        _requireClaimant(asset, account);
        _pay(caseId, asset, Source.RESERVED, address(0), account, amount, 0);
        EffectList memory effects = EffectListLib.create(1);
        effects.add(What.COMPENSATED, asset, account, amount, index);
        _enterUnsigned(Act.CLAIM, caseId, compensation.document, order, effects);
    }

    /// @inheritdoc IDisposal
    function unreserve(bytes32 order) external nonReentrant {
        Compensation memory compensation = _endCompensation(order);
        (bytes32 caseId, address asset) = (compensation.caseId, compensation.asset);
        DOCKET.unreserve(caseId, asset, compensation.rest, compensation.proceeds);
        EffectList memory effects = EffectListLib.create(1);
        effects.add(What.UNRESERVED, asset, address(0), compensation.rest, uint256(order));
        _enterUnsigned(Act.UNRESERVE, caseId, compensation.document, order, effects);
    }

    /// @inheritdoc IDisposal
    function convert(Convert calldata order, Approvals calldata approvals) external nonReentrant {
        _requireConvert(order);
        EffectList memory effects = EffectListLib.wrap(DOCKET.prepare(order.caseId, false));
        effects.add(What.PROPOSED, order.asset, order.wallet, order.amount, order.leastProceeds);
        _schedule(
            Act.CONVERT,
            order.hash(),
            order.signBy,
            order.caseId,
            order.asset,
            order.document,
            approvals,
            effects
        );
    }

    /// @inheritdoc IDisposal
    function executeConvert(
        Convert calldata order,
        bytes32[] calldata officerIds,
        Approvals calldata further,
        uint256 proceeds
    ) external nonReentrant {
        if (msg.sender != order.wallet) revert DisposalOnlyWallet(msg.sender, order.wallet);
        (bytes32 digest, uint40 age, bytes32[] memory counted) = QUORUM.execute(
            Act.CONVERT,
            order.hash(),
            officerIds,
            further
        );
        (bytes32 caseId, address asset, address wallet, uint256 amount) = (
            order.caseId,
            order.asset,
            order.wallet,
            order.amount
        );
        REGISTER.requireLicensed(wallet);
        _requireAmount(order.proceedsAsset, wallet, proceeds);
        if (proceeds < order.leastProceeds) {
            revert DisposalProceedsTooLow(order.proceedsAsset, proceeds, order.leastProceeds);
        }
        Payment memory delivery = Payment(caseId, asset, Source.CUSTODY, address(0), wallet, amount, age);
        DOCKET.deliver(delivery, order.proceedsAsset, proceeds);
        Moves.pull(order.proceedsAsset, wallet, DOCKET.vaultOf(caseId), proceeds);
        EffectList memory effects = EffectListLib.create(2);
        effects.add(What.CONVERTED, asset, wallet, amount, uint160(order.proceedsAsset));
        effects.add(What.PROCEEDS, order.proceedsAsset, wallet, proceeds, uint160(asset));
        _enterExecuted(caseId, order.document, digest, counted, effects);
    }

    /// @inheritdoc IDisposal
    function transfer(Transfer calldata order, Approvals calldata approvals) external nonReentrant {
        _requireTransfer(order);
        EffectList memory effects = EffectListLib.wrap(DOCKET.prepare(order.caseId, false));
        effects.add(What.PROPOSED, order.asset, order.to, order.amount, _sourceOf(order));
        _schedule(
            Act.TRANSFER,
            order.hash(),
            order.signBy,
            order.caseId,
            order.asset,
            order.document,
            approvals,
            effects
        );
    }

    /// @inheritdoc IDisposal
    function executeTransfer(
        Transfer calldata order,
        bytes32[] calldata officerIds,
        Approvals calldata further
    ) external nonReentrant {
        (bytes32 digest, uint40 age, bytes32[] memory counted) = QUORUM.execute(
            Act.TRANSFER,
            order.hash(),
            officerIds,
            further
        );
        _requireTransfer(order);
        (bytes32 caseId, address asset, address to, uint256 amount) = (
            order.caseId,
            order.asset,
            order.to,
            order.amount
        );
        EffectList memory effects = EffectListLib.wrap(DOCKET.prepare(caseId, true));
        if (order.source == Source.UNCLAIMED) age = Terms.UNCLAIMED;
        uint256 proceeds = _pay(caseId, asset, order.source, order.holder, to, amount, age);
        effects.add(What.TRANSFERRED, asset, to, amount, _sourceOf(order));
        _tellProceeds(effects, asset, proceeds);
        _enterExecuted(caseId, order.document, digest, counted, effects);
    }

    /// @inheritdoc IDisposal
    function setTreasury(SetTreasury calldata order, Approvals calldata approvals) external nonReentrant {
        _requireTreasury(order.asset, order.treasury);
        _schedule(
            Act.SET_TREASURY,
            order.hash(),
            order.signBy,
            0,
            order.asset,
            order.document,
            approvals,
            EffectListLib.create(1)
        );
    }

    /// @inheritdoc IDisposal
    function executeSetTreasury(
        SetTreasury calldata order,
        bytes32[] calldata officerIds,
        Approvals calldata further
    ) external nonReentrant {
        (bytes32 digest, , bytes32[] memory counted) = QUORUM.execute(
            Act.SET_TREASURY,
            order.hash(),
            officerIds,
            further
        );
        _requireTreasury(order.asset, order.treasury);
        DOCKET.setTreasury(order.asset, order.treasury, _retires(order.asset));
        EffectList memory effects = EffectListLib.create(1);
        effects.add(What.TREASURY_SET, order.asset, order.treasury, 0, 0);
        _enterExecuted(0, order.document, digest, counted, effects);
    }

    /// @inheritdoc IDisposal
    function appeal(Appeal calldata order, bytes calldata signature) external nonReentrant {
        Documents.requireOne(order.document);
        bytes32 digest = MessageHashUtils.toTypedDataHash(QUORUM.domainSeparator(), order.hash());
        SignBy.requireInTime(digest, order.signBy);
        Consent.requireBy(order.holder, digest, signature);
        if (_appealed[order.order][order.holder]) revert DisposalAppealedBefore(order.order, order.holder);
        _appealed[order.order][order.holder] = true;
        (bytes32 caseId, address asset, uint40 start, uint40 deadline) = QUORUM.appeal(order.order);
        if (order.asset != asset) revert DisposalWrongAsset(order.order, asset, order.asset);
        if (!isAffected(caseId, order.asset, order.holder)) {
            revert DisposalNotAffected(order.order, order.asset, order.holder);
        }
        EffectList memory effects = EffectListLib.create(1);
        uint256 times = (uint256(start) << 40) | deadline;
        effects.add(What.APPEALED, order.asset, order.holder, uint256(order.order), times);
        _enterUnsigned(Act.APPEAL, caseId, order.document, digest, effects);
    }

    /// @inheritdoc IDisposal
    function claim(bytes32 caseId, address asset, address account) external nonReentrant {
        (, uint256 amount, ) = DOCKET.owedTo(caseId, asset, account);
        if (amount == 0) revert DisposalNoClaim(caseId, asset, account);
        _requireClaimant(asset, account);
        _pay(caseId, asset, Source.UNCLAIMED, account, account, amount, 0);
        EffectList memory effects = EffectListLib.create(1);
        effects.add(What.CLAIMED, asset, account, amount, 0);
        _enterUnsigned(Act.CLAIM, caseId, 0, 0, effects);
    }

    /// @inheritdoc IDisposal
    function book(bytes32 caseId, address asset) external nonReentrant {
        (address vault, uint256 added) = DOCKET.countSuspense(caseId, asset);
        EffectList memory effects = EffectListLib.create(1);
        effects.add(What.SUSPENSE, asset, vault, added, 0);
        _enterUnsigned(Act.BOOK, caseId, 0, 0, effects);
    }

    /// @inheritdoc IDisposal
    function open(bytes32 caseId, bytes32 documentSalt, bytes32 fileHash) external nonReentrant {
        if (DOCKET.caseOf(caseId).number == 0) revert DisposalUnknownCase(caseId);
        EffectList memory effects = EffectListLib.create(1);
        effects.add(What.DOCUMENT_OPENED, address(0), address(0), uint256(documentSalt), uint256(fileHash));
        _enterUnsigned(Act.OPEN, caseId, keccak256(abi.encode(documentSalt, fileHash)), 0, effects);
    }

    /// @inheritdoc IDisposal
    function isAppealed(bytes32 order, address holder) external view returns (bool) {
        return _appealed[order][holder];
    }

    /// @inheritdoc IDisposal
    function isAffected(bytes32 caseId, address asset, address holder) public view returns (bool) {
        (uint256 owed, uint256 claimed, ) = DOCKET.owedTo(caseId, asset, holder);
        if (owed + claimed != 0) return true;
        address[] memory assets = DOCKET.allAssets();
        for (uint256 i = 0; i < assets.length; ++i) {
            (uint256 converted, ) = DOCKET.conversionOf(caseId, assets[i], asset);
            if (converted == 0) continue;
            (owed, , ) = DOCKET.owedTo(caseId, assets[i], holder);
            if (owed != 0) return true;
        }
        return false;
    }

    function _refund(Return calldata order, Passed memory passed) private {
        Documents.requireOne(order.document);
        Refund[] calldata holders = order.holders;
        if (holders.length == 0) revert DisposalEmptyOrder();
        EffectList memory effects = EffectListLib.create(holders.length);
        for (uint256 i = 0; i < holders.length; ++i) {
            Refund calldata item = holders[i];
            if (i != 0) _requireAfter(holders[i - 1], item);
            (address asset, address account, uint256 amount) = (item.asset, item.account, item.amount);
            // Of an unknown asset nothing is owed.
            _requireInRange(asset, account, amount);
            uint8 what = DOCKET.giveBack(order.caseId, item) ? What.RETURNED : What.CLAIM_DUE;
            effects.add(what, asset, account, amount, uint160(item.taken));
        }
        DOCKET.record(
            passed.entry,
            Act.RETURN,
            order.caseId,
            order.document,
            passed.digest,
            passed.officerIds,
            effects.encoded
        );
    }

    function _requireAfter(Refund calldata one, Refund calldata next) private pure {
        bool after_ = next.taken > one.taken;
        if (next.taken == one.taken) {
            after_ = next.asset > one.asset || (next.asset == one.asset && next.account > one.account);
        }
        if (!after_) revert DisposalUnordered(next.taken, next.asset, next.account);
    }

    function _quorum() internal view override returns (IQuorum) {
        return QUORUM;
    }

    function _nextEntry() internal view override returns (uint256) {
        return DOCKET.nextEntry();
    }

    function _pay(
        bytes32 caseId,
        address asset,
        uint8 source,
        address holder,
        address to,
        uint256 amount,
        uint40 age
    ) private returns (uint256 proceeds) {
        return DOCKET.pay(Payment(caseId, asset, source, holder, to, amount, age));
    }

    function _tellProceeds(EffectList memory effects, address asset, uint256 proceeds) private pure {
        if (proceeds != 0) effects.add(What.PROCEEDS_SPENT, asset, address(0), proceeds, 0);
    }

    function _schedule(
        uint8 act,
        bytes32 structHash,
        uint64 signBy,
        bytes32 caseId,
        address asset,
        bytes32 document,
        Approvals calldata approvals,
        EffectList memory effects
    ) private {
        Documents.requireOne(document);
        uint256 entry = DOCKET.nextEntry();
        (bytes32 digest, uint40 start, uint40 deadline, bytes32[] memory officerIds) = QUORUM.schedule(
            act,
            NO_AGENCY,
            structHash,
            signBy,
            caseId,
            asset,
            entry,
            approvals
        );
        effects.add(What.SCHEDULED, address(0), address(0), start, deadline);
        DOCKET.record(entry, act, caseId, document, digest, officerIds, effects.encoded);
    }

    function _enterExecuted(
        bytes32 caseId,
        bytes32 document,
        bytes32 digest,
        bytes32[] memory officerIds,
        EffectList memory effects
    ) private {
        DOCKET.record(DOCKET.nextEntry(), Act.EXECUTE, caseId, document, digest, officerIds, effects.encoded);
    }

    function _enterUnsigned(
        uint8 act,
        bytes32 caseId,
        bytes32 document,
        bytes32 digest,
        EffectList memory effects
    ) private {
        DOCKET.record(DOCKET.nextEntry(), act, caseId, document, digest, new bytes32[](0), effects.encoded);
    }

    /// @dev Refuses an account that cannot become the treasury of the asset.
    function _requireTreasury(address asset, address treasury) private view {
        _requireAsset(asset);
        uint8 standing = DOCKET.standingOf(treasury);
        if ((standing != 0 && standing != Standing.TREASURY) || treasury == DOCKET.treasuryOf(asset)) {
            revert DisposalInvalidTreasury(treasury);
        }
        address[] memory assets = DOCKET.allAssets();
        for (uint256 i = 0; i < assets.length; ++i) {
            (uint256 held, ) = DOCKET.heldOf(assets[i], treasury);
            if (held != 0) revert DisposalHeldTreasury(assets[i], treasury, held);
        }
    }

    /// @dev Whether the treasury of the asset is that of no other.
    function _retires(address asset) private view returns (bool) {
        address treasury = DOCKET.treasuryOf(asset);
        address[] memory assets = DOCKET.allAssets();
        for (uint256 i = 0; i < assets.length; ++i) {
            if (assets[i] != asset && DOCKET.treasuryOf(assets[i]) == treasury) return false;
        }
        return true;
    }

    function _requireForfeit(Forfeit calldata order) private view {
        _requireAmount(order.asset, order.treasury, order.amount);
        address registered = DOCKET.treasuryOf(order.asset);
        if (order.treasury != registered) {
            revert DisposalWrongTreasury(order.asset, order.treasury, registered);
        }
    }

    function _requireConvert(Convert calldata order) private view {
        _requireAmount(order.asset, order.wallet, order.amount);
        _requireAmount(order.proceedsAsset, order.wallet, order.leastProceeds);
        if (order.proceedsAsset == order.asset) revert DisposalInvalidProceedsAsset(order.proceedsAsset);
    }

    function _requireTransfer(Transfer calldata order) private view {
        _requireAmount(order.asset, order.to, order.amount);
        _requirePayee(order.caseId, order.to);
        bool known = order.source >= Source.CUSTODY && order.source <= Source.UNCLAIMED;
        bool held = order.holder != address(0);
        bool fits = order.source == Source.CUSTODY || held == (order.source == Source.UNCLAIMED);
        if (!known || !fits) revert DisposalInvalidSource(order.source, order.holder);
    }

    function _sourceOf(Transfer calldata order) private pure returns (uint256) {
        return (uint256(order.source) << 160) | uint160(order.holder);
    }

    /// @dev Refuses what is no amount of an asset that the system knows.
    function _requireAmount(address asset, address account, uint256 amount) private view {
        _requireAsset(asset);
        _requireInRange(asset, account, amount);
    }

    function _requireInRange(address asset, address account, uint256 amount) private pure {
        if (amount == 0 || amount > type(uint96).max) revert DisposalInvalidAmount(asset, account, amount);
    }

    function _requireAsset(address asset) private view {
        if (DOCKET.standingOf(asset) != Standing.ASSET) revert DisposalUnknownAsset(asset);
    }

    /// @dev Refuses an account that money could not leave again, or would not even reach.
    function _requirePayee(bytes32 caseId, address payee) private view {
        uint8 standing = DOCKET.standingOf(payee);
        if (
            standing == Standing.SYSTEM ||
            standing == Standing.ASSET ||
            standing == Standing.SUB_ACCOUNT ||
            payee == DOCKET.vaultOf(caseId)
        ) revert DisposalInvalidPayee(payee);
    }

    /// @dev Where an account's money is held the next seizure would take what is paid: only itself may ask for it.
    function _requireClaimant(address asset, address account) private view {
        if (msg.sender == account) return;
        (uint256 held, ) = DOCKET.heldOf(asset, account);
        if (held != 0) revert DisposalHeldPayee(asset, account, held);
    }
}
