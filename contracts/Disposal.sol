// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {Compensation, Compensations} from "./base/Compensations.sol";
import {Consent} from "./libraries/Consent.sol";
import {EffectList, EffectListLib, What} from "./types/Effect.sol";
import {Ledgers} from "./base/Ledgers.sol";
import {Act, Appeal, Compensate, Convert, Forfeit, OrderHash, Refund, Return, Transfer} from "./types/Order.sol";
import {SELF} from "./types/Rule.sol";
import {Standing} from "./types/Standing.sol";
import {IDocket} from "./interfaces/IDocket.sol";
import {ILicenceRegister} from "./interfaces/ILicenceRegister.sol";
import {Approvals, IQuorum} from "./interfaces/IQuorum.sol";

/// @notice Where the money of a {Transfer} comes from.
library Source {
    uint8 internal constant CUSTODY = 1;
    uint8 internal constant SUSPENSE = 2;
    /// @dev A claim that its holder did not come for.
    uint8 internal constant UNCLAIMED = 3;
}

/// @title Disposal
/// @notice What ends custody. Holds no money. A Return is done at once; what takes money away from its holders for good is
/// scheduled first, and can be stayed, vetoed and appealed against until it is executed.
contract Disposal is Ledgers, Compensations, ReentrancyGuardTransient {
    using OrderHash for *;
    using EffectListLib for EffectList;
    using SafeERC20 for IERC20;

    uint8 private constant NO_AGENCY = uint8(SELF);
    /// @dev After which a claim that its holder did not come for may be moved by a Transfer.
    uint40 private constant UNCLAIMED_TERM = 365 days;

    IQuorum public immutable QUORUM;
    ILicenceRegister public immutable REGISTER;

    mapping(bytes32 order => mapping(address holder => bool)) private _appealed;

    error DisposalEmptyOrder();
    error DisposalZeroDocument();
    error DisposalInvalidAmount(address asset, address account, uint256 amount);
    /// @notice Refunds must ascend strictly by (taken, asset, account).
    error DisposalUnordered(address taken, address asset, address account);
    /// @notice Not the treasury that is registered for the asset.
    error DisposalWrongTreasury(address asset, address treasury, address registered);
    error DisposalUnknownAsset(address asset);
    /// @notice The asset that is converted itself.
    error DisposalInvalidProceedsAsset(address asset);
    /// @notice Only the wallet that the order names executes a conversion: it pays.
    error DisposalOnlyWallet(address caller, address wallet);
    error DisposalProceedsTooLow(address asset, uint256 have, uint256 need);
    /// @notice No such source, or one that does not go with the holder that is named or missing.
    error DisposalInvalidSource(uint8 source, address holder);
    /// @notice Zero, an asset, a contract of the system, or what stands for a sub-account: money could not leave it again.
    error DisposalInvalidPayee(address payee);
    error DisposalAppealExpired(bytes32 order, uint64 signBy);
    /// @notice Nothing was taken from the holder in the case of the order, or all was given back.
    error DisposalNotAffected(bytes32 order, address asset, address holder);
    error DisposalAppealedBefore(bytes32 order, address holder);

    constructor(IQuorum quorum, IDocket docket, ILicenceRegister register) {
        QUORUM = quorum;
        DOCKET = docket;
        REGISTER = register;
    }

    /// @notice Gives money back to the holders from whom it was taken, and to nobody else. A payment that an asset
    /// refuses becomes a claim of the holder and blocks no other.
    function refund(Return calldata order, Approvals calldata approvals) external nonReentrant {
        uint256 entry = DOCKET.nextEntry();
        (bytes32 digest, , bytes32[] memory officerIds) = QUORUM.use(
            Act.RETURN,
            NO_AGENCY,
            order.hash(),
            order.signBy,
            entry,
            approvals
        );
        _requireDocument(order.document);
        uint256 n = order.holders.length;
        if (n == 0) revert DisposalEmptyOrder();
        EffectList memory effects = EffectListLib.create(n);
        for (uint256 i = 0; i < n; ++i) {
            if (i != 0) _requireAscending(order.holders[i - 1], order.holders[i]);
            _refund(order.caseId, order.holders[i], effects);
        }
        DOCKET.record(entry, Act.RETURN, order.caseId, order.document, digest, officerIds, effects.encoded);
    }

    /// @notice Schedules a payment to the treasury.
    function forfeit(Forfeit calldata order, Approvals calldata approvals) external nonReentrant {
        _requireForfeit(order);
        EffectList memory effects = EffectListLib.wrap(DOCKET.prepare(order.caseId, false));
        effects.add(What.PROPOSED, order.asset, order.treasury, order.amount, 0);
        _schedule(Act.FORFEIT, order.hash(), order.signBy, order.caseId, order.document, approvals, effects);
    }

    /// @notice Pays the treasury as scheduled. Anyone may call.
    /// @param officerIds The officers whose approvals counted when it was scheduled.
    function executeForfeit(Forfeit calldata order, bytes32[] calldata officerIds) external nonReentrant {
        bytes32 digest = QUORUM.execute(Act.FORFEIT, order.hash(), officerIds);
        _requireForfeit(order);
        (address vault, uint256 taken, ) = DOCKET.custodyOf(order.caseId, order.asset, address(0));
        _requireLeft(order.caseId, order.asset, taken, order.amount);
        _payCustody(order.caseId, vault, order.asset, order.treasury, order.amount);
        EffectList memory effects = EffectListLib.create(1);
        effects.add(What.FORFEITED, order.asset, order.treasury, order.amount, 0);
        _enterExecuted(order.caseId, order.document, digest, officerIds, effects);
    }

    /// @notice Schedules a compensation of victims by a list.
    function compensate(Compensate calldata order, Approvals calldata approvals) external nonReentrant {
        _requireAmount(order.asset, address(0), order.total);
        _requireCompensable(order);
        EffectList memory effects = EffectListLib.wrap(DOCKET.prepare(order.caseId, false));
        effects.add(What.PROPOSED, order.asset, address(0), order.total, uint256(order.root));
        _schedule(Act.COMPENSATE, order.hash(), order.signBy, order.caseId, order.document, approvals, effects);
    }

    /// @notice Reserves the total of a compensation as scheduled: from now on its claims are paid. Anyone may call.
    /// @param officerIds The officers whose approvals counted when it was scheduled.
    function executeCompensate(Compensate calldata order, bytes32[] calldata officerIds) external nonReentrant {
        bytes32 digest = QUORUM.execute(Act.COMPENSATE, order.hash(), officerIds);
        (, uint256 taken, ) = DOCKET.custodyOf(order.caseId, order.asset, address(0));
        _requireLeft(order.caseId, order.asset, taken, order.total);
        _reserve(order.caseId, order.asset, order.total);
        uint40 until = _startCompensation(digest, order);
        EffectList memory effects = EffectListLib.create(1);
        effects.add(What.RESERVED, order.asset, address(0), order.total, until);
        _enterExecuted(order.caseId, order.document, digest, officerIds, effects);
    }

    /// @notice Pays a claim of a compensation to the account that the list names. Anyone may call.
    /// @param order Digest of the Compensate.
    /// @param index Place of the claim in the list.
    /// @param proof From the leaf (chain id, docket, case, asset, index, account, amount) to the root, see
    /// OpenZeppelin's StandardMerkleTree.
    function claimCompensation(
        bytes32 order,
        uint256 index,
        address account,
        uint256 amount,
        bytes32[] calldata proof
    ) external nonReentrant {
        Compensation memory compensation = _useClaim(order, address(DOCKET), index, account, amount, proof);
        (bytes32 caseId, address asset) = (compensation.caseId, compensation.asset);
        _payReserved(caseId, _vaultOf(caseId), asset, account, amount);
        EffectList memory effects = EffectListLib.create(1);
        effects.add(What.COMPENSATED, asset, account, amount, index);
        _enterUnsigned(Act.CLAIM, caseId, compensation.document, order, effects);
    }

    /// @notice Frees what nobody claimed of a compensation in time. Anyone may call.
    /// @param order Digest of the Compensate.
    function unreserve(bytes32 order) external nonReentrant {
        Compensation memory compensation = _endCompensation(order);
        (bytes32 caseId, address asset) = (compensation.caseId, compensation.asset);
        _unreserve(caseId, asset, compensation.rest);
        EffectList memory effects = EffectListLib.create(1);
        effects.add(What.UNRESERVED, asset, address(0), compensation.rest, uint256(order));
        _enterUnsigned(Act.UNRESERVE, caseId, compensation.document, order, effects);
    }

    /// @notice Schedules a conversion: delivery versus payment with one licensed wallet.
    function convert(Convert calldata order, Approvals calldata approvals) external nonReentrant {
        _requireConvert(order);
        EffectList memory effects = EffectListLib.wrap(DOCKET.prepare(order.caseId, false));
        effects.add(What.PROPOSED, order.asset, order.wallet, order.amount, order.leastProceeds);
        _schedule(Act.CONVERT, order.hash(), order.signBy, order.caseId, order.document, approvals, effects);
    }

    /// @notice The wallet pays the proceeds into the vault and gets the amount, in one act. It chooses the second within
    /// its window; when it never calls, nothing moves.
    /// @param officerIds The officers whose approvals counted when it was scheduled.
    /// @param proceeds What the wallet pays, at least what the order asks for. Base units. It must have allowed this
    /// contract to take them.
    function executeConvert(
        Convert calldata order,
        bytes32[] calldata officerIds,
        uint256 proceeds
    ) external nonReentrant {
        bytes32 digest = QUORUM.execute(Act.CONVERT, order.hash(), officerIds);
        (bytes32 caseId, address asset, address wallet, uint256 amount) = (
            order.caseId,
            order.asset,
            order.wallet,
            order.amount
        );
        if (msg.sender != wallet) revert DisposalOnlyWallet(msg.sender, wallet);
        REGISTER.requireLicensed(wallet);
        _requireConvert(order);
        _requireAmount(order.proceedsAsset, wallet, proceeds);
        if (proceeds < order.leastProceeds) {
            revert DisposalProceedsTooLow(order.proceedsAsset, proceeds, order.leastProceeds);
        }
        (address vault, uint256 taken, ) = DOCKET.custodyOf(caseId, asset, address(0));
        _requireLeft(caseId, asset, taken, amount);
        _countConversion(caseId, asset, taken, amount, order.proceedsAsset, proceeds);
        _collect(order.proceedsAsset, wallet, vault, proceeds);
        _payCustody(caseId, vault, asset, wallet, amount);
        EffectList memory effects = EffectListLib.create(2);
        effects.add(What.CONVERTED, asset, wallet, amount, uint160(order.proceedsAsset));
        effects.add(What.PROCEEDS, order.proceedsAsset, wallet, proceeds, uint160(asset));
        _enterExecuted(caseId, order.document, digest, officerIds, effects);
    }

    /// @notice Schedules a payment to a free payee.
    function transfer(Transfer calldata order, Approvals calldata approvals) external nonReentrant {
        _requireTransfer(order);
        EffectList memory effects = EffectListLib.wrap(DOCKET.prepare(order.caseId, false));
        effects.add(What.PROPOSED, order.asset, order.to, order.amount, _sourceOf(order));
        _schedule(Act.TRANSFER, order.hash(), order.signBy, order.caseId, order.document, approvals, effects);
    }

    /// @notice Pays a free payee as scheduled. Anyone may call.
    /// @param officerIds The officers whose approvals counted when it was scheduled.
    function executeTransfer(Transfer calldata order, bytes32[] calldata officerIds) external nonReentrant {
        bytes32 digest = QUORUM.execute(Act.TRANSFER, order.hash(), officerIds);
        _requireTransfer(order);
        (bytes32 caseId, address asset, address to, uint256 amount) = (
            order.caseId,
            order.asset,
            order.to,
            order.amount
        );
        EffectList memory effects = EffectListLib.wrap(DOCKET.prepare(caseId, true));
        (address vault, uint256 taken, uint256 takenFrom) = DOCKET.custodyOf(caseId, asset, order.holder);
        if (order.source == Source.CUSTODY) {
            if (order.holder != address(0)) _useLimit(caseId, asset, order.holder, takenFrom, amount);
            _requireLeft(caseId, asset, taken, amount);
            _payCustody(caseId, vault, asset, to, amount);
        } else if (order.source == Source.SUSPENSE) {
            _paySuspense(caseId, vault, asset, to, amount);
        } else {
            _takeOldClaim(caseId, asset, order.holder, amount, UNCLAIMED_TERM);
            _payReserved(caseId, vault, asset, to, amount);
        }
        effects.add(What.TRANSFERRED, asset, to, amount, _sourceOf(order));
        _enterExecuted(caseId, order.document, digest, officerIds, effects);
    }

    /// @notice The affected holder contests a scheduled disposal, without a bond. The first appeal postpones the order
    /// once, so that it can be answered by a Return; every further holder's is recorded.
    /// @param signature Of the holder, a key or a contract (ERC-1271); empty where it calls itself.
    function appeal(Appeal calldata order, bytes calldata signature) external nonReentrant {
        _requireDocument(order.document);
        if (block.timestamp > order.signBy) revert DisposalAppealExpired(order.order, order.signBy);
        bytes32 digest = MessageHashUtils.toTypedDataHash(QUORUM.domainSeparator(), order.hash());
        Consent.requireBy(order.holder, digest, signature);
        if (_appealed[order.order][order.holder]) revert DisposalAppealedBefore(order.order, order.holder);
        _appealed[order.order][order.holder] = true;
        (bytes32 caseId, uint40 start, uint40 deadline) = QUORUM.appeal(order.order);
        if (!_isAffected(caseId, order.asset, order.holder)) {
            revert DisposalNotAffected(order.order, order.asset, order.holder);
        }
        EffectList memory effects = EffectListLib.create(1);
        uint256 times = (uint256(start) << 40) | deadline;
        effects.add(What.APPEALED, order.asset, order.holder, uint256(order.order), times);
        _enterUnsigned(Act.APPEAL, caseId, order.document, digest, effects);
    }

    /// @notice Pays a claim to its claimant. Anyone may call.
    function claim(bytes32 caseId, address asset, address account) external nonReentrant {
        uint256 amount = _takeClaim(caseId, asset, account);
        _payReserved(caseId, _vaultOf(caseId), asset, account, amount);
        EffectList memory effects = EffectListLib.create(1);
        effects.add(What.CLAIMED, asset, account, amount, 0);
        _enterUnsigned(Act.CLAIM, caseId, 0, 0, effects);
    }

    /// @notice Whether the holder has appealed against the order.
    function isAppealed(bytes32 order, address holder) external view returns (bool) {
        return _appealed[order][holder];
    }

    function _refund(bytes32 caseId, Refund calldata item, EffectList memory effects) private {
        (address asset, address account, uint256 amount) = (item.asset, item.account, item.amount);
        if (amount == 0) revert DisposalInvalidAmount(asset, account, amount);
        (address vault, uint256 taken, uint256 takenFrom) = DOCKET.custodyOf(caseId, item.taken, account);
        uint256 used = amount;
        if (item.taken != asset) {
            used = _useProceeds(caseId, item.taken, asset, amount);
            (, taken, ) = DOCKET.custodyOf(caseId, asset, account);
        }
        _useLimit(caseId, item.taken, account, takenFrom, used);
        _requireLeft(caseId, asset, taken, amount);
        bool accepted = _payOrKeep(caseId, vault, asset, account, amount);
        effects.add(accepted ? What.RETURNED : What.CLAIM_DUE, asset, account, amount, uint160(item.taken));
    }

    /// @dev Takes the proceeds of a conversion from the wallet that calls.
    function _collect(address asset, address wallet, address vault, uint256 amount) private {
        uint256 before = IERC20(asset).balanceOf(vault);
        IERC20(asset).safeTransferFrom(wallet, vault, amount);
        uint256 moved = IERC20(asset).balanceOf(vault) - before;
        if (moved != amount) revert DisposalMoved(asset, wallet, amount, moved);
    }

    function _schedule(
        uint8 act,
        bytes32 structHash,
        uint64 signBy,
        bytes32 caseId,
        bytes32 document,
        Approvals calldata approvals,
        EffectList memory effects
    ) private {
        _requireDocument(document);
        uint256 entry = DOCKET.nextEntry();
        (bytes32 digest, uint40 start, uint40 deadline, bytes32[] memory officerIds) = QUORUM.schedule(
            act,
            NO_AGENCY,
            structHash,
            signBy,
            caseId,
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
        bytes32[] calldata officerIds,
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

    function _vaultOf(bytes32 caseId) private view returns (address vault) {
        (vault, , ) = DOCKET.custodyOf(caseId, address(0), address(0));
    }

    function _requireForfeit(Forfeit calldata order) private view {
        _requireAmount(order.asset, order.treasury, order.amount);
        address registered = DOCKET.treasuryOf(order.asset);
        if (order.treasury != registered || registered == address(0)) {
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
        uint8 standing = DOCKET.standingOf(order.to);
        if (standing == Standing.SYSTEM || standing == Standing.ASSET || standing == Standing.SUB_ACCOUNT) {
            revert DisposalInvalidPayee(order.to);
        }
        bool known = order.source >= Source.CUSTODY && order.source <= Source.UNCLAIMED;
        bool held = order.holder != address(0);
        bool fits = order.source == Source.CUSTODY || held == (order.source == Source.UNCLAIMED);
        if (!known || !fits) revert DisposalInvalidSource(order.source, order.holder);
    }

    function _sourceOf(Transfer calldata order) private pure returns (uint256) {
        return (uint256(order.source) << 160) | uint160(order.holder);
    }

    function _requireDocument(bytes32 document) private pure {
        if (document == 0) revert DisposalZeroDocument();
    }

    /// @dev Refuses what is no amount of an asset that the system knows.
    function _requireAmount(address asset, address account, uint256 amount) private view {
        if (DOCKET.standingOf(asset) != Standing.ASSET) revert DisposalUnknownAsset(asset);
        if (amount == 0 || amount > type(uint96).max) revert DisposalInvalidAmount(asset, account, amount);
    }

    function _requireAscending(Refund calldata a, Refund calldata b) private pure {
        if (
            a.taken != b.taken
                ? a.taken < b.taken
                : a.asset != b.asset
                    ? a.asset < b.asset
                    : a.account < b.account
        ) {
            return;
        }
        revert DisposalUnordered(b.taken, b.asset, b.account);
    }
}
