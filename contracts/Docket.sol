// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Asset, Contracts, Numbers} from "./types/Charter.sol";
import {EffectList, EffectListLib, What} from "./types/Effect.sol";
import {FreezeWindow} from "./libraries/FreezeWindow.sol";
import {HoldBook} from "./base/HoldBook.sol";
import {Hold, HoldLib} from "./types/Hold.sol";
import {Journal} from "./base/Journal.sol";
import {Act, Arrest, Freeze, Lift, OrderHash, Seize, SetTreasury, Target} from "./types/Order.sol";
import {SELF} from "./types/Rule.sol";
import {Standing} from "./types/Standing.sol";
import {IDisposal} from "./interfaces/IDisposal.sol";
import {IDocket} from "./interfaces/IDocket.sol";
import {ILicenceRegister} from "./interfaces/ILicenceRegister.sol";
import {Approvals, IQuorum} from "./interfaces/IQuorum.sol";
import {ISovereignAsset} from "./interfaces/ISovereignAsset.sol";

/// @notice An account of an asset.
struct Account {
    address asset;
    address account;
}

/// @dev An order that the quorum let pass: the entry it becomes, its digest, the approving officers, the rule's term.
struct Passed {
    uint256 entry;
    bytes32 digest;
    uint256 term;
    bytes32[] officerIds;
}

/// @title Docket
/// @notice Cases, holds, seizure, what was taken, and the journal. Holds no money.
/// Every act executes whole or reverts, and is one entry of the journal.
contract Docket is IDocket, Journal, HoldBook, ReentrancyGuardTransient {
    using OrderHash for *;
    using EffectListLib for EffectList;

    /// @dev About no agency, for rules.
    uint8 private constant NO_AGENCY = uint8(SELF);

    /// @dev Base units. Suspense is what arrived in the vault by no act, as far as it was booked.
    struct Custody {
        uint128 taken;
        uint128 suspense;
    }

    IQuorum public immutable QUORUM;

    /// @inheritdoc IDocket
    /// @dev See {Standing}.
    mapping(address account => uint8) public standingOf;
    /// @inheritdoc IDocket
    mapping(address asset => address) public treasuryOf;
    mapping(bytes32 caseId => mapping(address asset => Custody)) private _custody;
    mapping(bytes32 caseId => mapping(address asset => mapping(address account => uint256))) private _takenFrom;
    address[] private _assets;
    ILicenceRegister private _register;

    /// @notice The order at `index` was not executed: used before, or short of approvals because officers withdrew them.
    event Skipped(uint256 indexed index, bytes reason);

    error DocketOnlySystem(address caller);
    error DocketInstalled();
    error DocketInvalidAsset(address asset, address adapter);
    /// @notice Zero, of the system, an asset, a vault, or the treasury already.
    error DocketInvalidTreasury(address treasury);
    /// @notice The account cannot become a treasury, which can never be held: it has a live hold.
    error DocketHeldTreasury(address asset, address treasury, uint256 held);
    error DocketLengths(uint256 orders, uint256 approvals);
    error DocketEmptyOrder();
    error DocketZeroDocument();
    error DocketUnknownCase(bytes32 caseId);
    error DocketUnknownAsset(address asset);
    error DocketCannotHold(address account, uint8 standing);
    error DocketInvalidAmount(address asset, address account, uint256 amount);
    /// @notice Arrays must ascend strictly by (asset, account).
    error DocketUnordered(address asset, address account);
    error DocketInvalidTerm(uint256 term, uint256 longest);
    error DocketNothingLapsed(bytes32 caseId);
    error DocketNothingToBook(bytes32 caseId, address asset);
    error DocketCaseClosed(bytes32 caseId);
    error DocketCaseHolds(bytes32 caseId, uint256 holds);
    error DocketCaseHoldsMoney(bytes32 caseId, address asset, uint256 taken, uint256 paid);
    /// @notice The vault's balance did not move as the act says.
    error DocketMoved(address asset, address account, uint256 expected, uint256 moved);

    constructor(IQuorum quorum) {
        QUORUM = quorum;
    }

    /// @inheritdoc IDocket
    function install(
        Contracts calldata contracts,
        Numbers calldata numbers,
        Asset[] calldata assets,
        bytes32 document,
        bytes32[] calldata officerIds,
        bytes calldata effects
    ) external {
        if (msg.sender != address(QUORUM)) revert DocketOnlySystem(msg.sender);
        if (_disposal != address(0)) revert DocketInstalled();
        (_disposal, _vaultImplementation) = (contracts.disposal, contracts.vault);
        _register = ILicenceRegister(contracts.register);
        (cooling, longestArrest) = (numbers.cooling, numbers.longestArrest);
        _counters.freezesPerDay = numbers.freezesPerDay;
        standingOf[address(0)] = Standing.SYSTEM;
        standingOf[msg.sender] = Standing.SYSTEM;
        standingOf[address(this)] = Standing.SYSTEM;
        standingOf[contracts.disposal] = Standing.SYSTEM;
        standingOf[contracts.register] = Standing.SYSTEM;
        standingOf[contracts.vault] = Standing.SYSTEM;
        for (uint256 i = 0; i < assets.length; ++i) _installAsset(assets[i]);
        _record(_next(), Act.INSTALL, 0, document, 0, officerIds, effects);
    }

    /// @notice Places provisional holds, for one or many cases in one transaction. An order that was used before, or is
    /// short of approvals because officers withdrew them, is skipped; any other fault reverts all, and so does a call
    /// that would execute none.
    function freeze(Freeze[] calldata orders, Approvals[] calldata approvals) external nonReentrant {
        uint256 n = orders.length;
        if (n == 0) revert DocketEmptyOrder();
        if (approvals.length != n) revert DocketLengths(n, approvals.length);
        bool any = false;
        bytes memory reason;
        for (uint256 i = 0; i < n; ++i) {
            reason = _tryFreeze(orders[i], approvals[i]);
            if (reason.length == 0) any = true;
            else emit Skipped(i, reason);
        }
        if (!any) _revert(reason);
    }

    /// @notice The court confirms live holds of the case and places new ones.
    function arrest(Arrest calldata order, Approvals calldata approvals) external nonReentrant {
        Passed memory passed = _use(Act.ARREST, order.hash(), order.signBy, approvals);
        if (order.confirm.length + order.place.length == 0) revert DocketEmptyOrder();
        uint256 latest = block.timestamp + passed.term;
        if (order.until <= block.timestamp || order.until > latest) revert DocketInvalidTerm(order.until, latest);
        EffectList memory effects = EffectListLib.create(order.confirm.length + order.place.length + 1);
        uint32 caseNumber = _openCase(order.caseId, effects);
        for (uint256 i = 0; i < order.confirm.length; ++i) {
            Target calldata target = _targetAt(order.confirm, i);
            _confirm(target.asset, target.account, caseNumber, target.amount, uint40(order.until), effects);
        }
        uint32 number = _counters.placed;
        uint40 start = uint40(block.timestamp);
        Hold form = HoldLib.create(HoldLib.ARRESTED, caseNumber, 0, start, uint40(order.until), 0);
        for (uint256 i = 0; i < order.place.length; ++i) {
            Target calldata target = _targetAt(order.place, i);
            if (standingOf[target.account] != Standing.SUB_ACCOUNT) _requireHoldable(target.account, order.omnibus);
            _placeArrested(target.asset, target.account, form.numbered(++number, target.amount), effects);
        }
        _counters.placed = number;
        _cases[order.caseId].holds += uint32(order.place.length);
        _enter(Act.ARREST, order.caseId, order.document, passed, effects);
    }

    /// @notice Ends holds of the case, in whole or in part. The rule is that of an arrested hold as soon as one is
    /// touched.
    function lift(Lift calldata order, Approvals calldata approvals) external nonReentrant {
        if (order.holds.length == 0) revert DocketEmptyOrder();
        EffectList memory effects = EffectListLib.create(order.holds.length);
        uint32 caseNumber = _requireCase(order.caseId);
        uint8 act = Act.LIFT;
        for (uint256 i = 0; i < order.holds.length; ++i) {
            Target calldata target = _targetAt(order.holds, i);
            if (_lift(target.asset, target.account, caseNumber, target.amount, effects)) act = Act.LIFT_ARRESTED;
        }
        Passed memory passed = _use(act, order.hash(), order.signBy, approvals);
        _enter(act, order.caseId, order.document, passed, effects);
    }

    /// @notice Moves held money into the vault of the case and nowhere else: of each target the least of what the order
    /// names, what the case's live holds name, and the balance less all earlier live holds. The rest stays held. Of a
    /// sub-account the platform then owes what was seized, see {LicenceRegister-surrender}.
    function seize(Seize calldata order, Approvals calldata approvals) external nonReentrant {
        Passed memory passed = _use(Act.SEIZE, order.hash(), order.signBy, approvals);
        if (order.holds.length == 0) revert DocketEmptyOrder();
        EffectList memory effects = EffectListLib.create(order.holds.length + 1);
        uint32 caseNumber = _requireCase(order.caseId);
        address vault = _ensureVault(order.caseId, effects);
        for (uint256 i = 0; i < order.holds.length; ++i) {
            Target calldata target = _targetAt(order.holds, i);
            _seize(order.caseId, caseNumber, vault, target, effects);
        }
        _enter(Act.SEIZE, order.caseId, order.document, passed, effects);
    }

    /// @notice Schedules another treasury of an asset.
    function setTreasury(SetTreasury calldata order, Approvals calldata approvals) external nonReentrant {
        _requireTreasury(order.asset, order.treasury);
        Passed memory passed;
        EffectList memory effects = EffectListLib.create(1);
        (uint40 start, uint40 deadline) = (0, 0);
        passed.entry = _next();
        (passed.digest, start, deadline, passed.officerIds) = QUORUM.schedule(
            Act.SET_TREASURY,
            NO_AGENCY,
            order.hash(),
            order.signBy,
            0,
            passed.entry,
            approvals
        );
        effects.add(What.SCHEDULED, address(0), address(0), start, deadline);
        _enter(Act.SET_TREASURY, 0, order.document, passed, effects);
    }

    /// @notice Registers a treasury as scheduled. Anyone may call. The former one can be held again, unless it is the
    /// treasury of another asset.
    /// @param officerIds The officers whose approvals counted when it was scheduled.
    function executeSetTreasury(SetTreasury calldata order, bytes32[] calldata officerIds) external nonReentrant {
        bytes32 digest = QUORUM.execute(Act.SET_TREASURY, order.hash(), officerIds);
        _requireTreasury(order.asset, order.treasury);
        address former = treasuryOf[order.asset];
        treasuryOf[order.asset] = order.treasury;
        // The vault of a case that was opened since stays a vault.
        if (standingOf[former] == Standing.TREASURY) standingOf[former] = 0;
        address[] memory assets = _assets;
        for (uint256 i = 0; i < assets.length; ++i) {
            address treasury = treasuryOf[assets[i]];
            if (standingOf[treasury] == 0) standingOf[treasury] = Standing.TREASURY;
        }
        EffectList memory effects = EffectListLib.create(1);
        effects.add(What.TREASURY_SET, order.asset, order.treasury, 0, 0);
        _enter(Act.EXECUTE, 0, order.document, Passed(_next(), digest, 0, officerIds), effects);
    }

    /// @notice Records the end of holds of a case that ended by time. Nobody decides it, anyone may call; accounts
    /// without such a hold are passed over.
    function lapse(bytes32 caseId, Account[] calldata accounts) external nonReentrant {
        uint32 caseNumber = _requireCase(caseId);
        EffectList memory effects = EffectListLib.create(accounts.length);
        for (uint256 i = 0; i < accounts.length; ++i) {
            _lapse(accounts[i].asset, accounts[i].account, caseNumber, effects);
        }
        if (effects.length() == 0) revert DocketNothingLapsed(caseId);
        _enterUnsigned(Act.LAPSE, caseId, 0, effects);
    }

    /// @notice Books what arrived in a case's vault by no act as suspense. Anyone may call, as soon as an order named the
    /// case: before that nobody can tell the address from any other, and a stranger's word must not make it a vault.
    function book(bytes32 caseId, address asset) external nonReentrant {
        _requireCase(caseId);
        _requireAsset(asset);
        EffectList memory effects = EffectListLib.create(1);
        address vault = vaultOf(caseId);
        Custody storage custody = _custody[caseId][asset];
        (uint256 paid, uint256 proceeds, uint256 suspensePaid) = IDisposal(_disposal).movedOf(caseId, asset);
        uint256 booked = custody.taken + proceeds + custody.suspense - paid - suspensePaid;
        uint256 added = Math.saturatingSub(IERC20(asset).balanceOf(vault), booked);
        if (added == 0) revert DocketNothingToBook(caseId, asset);
        custody.suspense += uint128(added);
        effects.add(What.SUSPENSE, asset, vault, added, 0);
        _enterUnsigned(Act.BOOK, caseId, 0, effects);
    }

    /// @notice Closes a case that has no hold and no money left. Anyone may call; only a mark: the next order opens it
    /// again. Holds that ended must be recorded as lapsed before.
    function close(bytes32 caseId) external nonReentrant {
        _requireCase(caseId);
        Case storage docketed = _cases[caseId];
        if (docketed.closed) revert DocketCaseClosed(caseId);
        if (docketed.holds != 0) revert DocketCaseHolds(caseId, docketed.holds);
        address[] memory assets = _assets;
        for (uint256 i = 0; i < assets.length; ++i) {
            address asset = assets[i];
            (uint256 paid, uint256 proceeds, ) = IDisposal(_disposal).movedOf(caseId, asset);
            uint256 came = _custody[caseId][asset].taken + proceeds;
            if (came != paid) revert DocketCaseHoldsMoney(caseId, asset, came, paid);
        }
        docketed.closed = true;
        EffectList memory effects = EffectListLib.create(1);
        effects.add(What.CASE_CLOSED, address(0), address(0), 0, docketed.number);
        _enterUnsigned(Act.CLOSE, caseId, 0, effects);
    }

    /// @notice Opens a document on the journal: shows of which file it is the hash. Anyone who has both may call.
    function open(bytes32 caseId, bytes32 documentSalt, bytes32 fileHash) external nonReentrant {
        _requireCase(caseId);
        EffectList memory effects = EffectListLib.create(1);
        effects.add(What.DOCUMENT_OPENED, address(0), address(0), uint256(documentSalt), uint256(fileHash));
        _enterUnsigned(Act.OPEN, caseId, keccak256(abi.encode(documentSalt, fileHash)), effects);
    }

    /// @inheritdoc IDocket
    function record(
        uint256 entry,
        uint8 act,
        bytes32 caseId,
        bytes32 document,
        bytes32 order,
        bytes32[] calldata officerIds,
        bytes calldata effects
    ) external {
        // The disposal's address is known already where it pays.
        if (msg.sender != address(QUORUM) && msg.sender != _disposal) _requireRegister();
        _record(entry, act, caseId, document, order, officerIds, effects);
    }

    /// @inheritdoc IDocket
    function prepare(bytes32 caseId, bool withVault) external returns (bytes memory) {
        _requireDisposal();
        EffectList memory effects = EffectListLib.create(1);
        if (withVault) _ensureVault(caseId, effects);
        else _openCase(caseId, effects);
        return effects.encoded;
    }

    /// @inheritdoc IDocket
    function holdSubAccount(
        bytes32 caseId,
        address asset,
        address account,
        uint256 amount,
        uint32 term,
        uint32 longest
    ) external returns (bytes memory) {
        _requireRegister();
        _requireTerm(term, longest);
        _requireAsset(asset);
        _requireAmount(asset, account, amount);
        standingOf[account] = Standing.SUB_ACCOUNT;
        EffectList memory effects = EffectListLib.create(2);
        Hold form = _provisional(_openCase(caseId, effects), term);
        Hold hold = form.numbered(_countFreezes(1) + 1, amount);
        _placeProvisional(asset, account, hold, longest, effects);
        ++_cases[caseId].holds;
        return effects.encoded;
    }

    /// @inheritdoc IDocket
    function take(bytes32 caseId, address asset, address wallet, uint256 amount) external returns (bytes memory) {
        _requireRegister();
        EffectList memory effects = EffectListLib.create(1);
        _openCase(caseId, effects);
        _countTaken(caseId, asset, wallet, amount);
        return effects.encoded;
    }

    /// @inheritdoc IDocket
    function mark(address wallet) external {
        _requireRegister();
        _requireHoldable(wallet, true);
        standingOf[wallet] = Standing.PLATFORM;
    }

    /// @inheritdoc IDocket
    function nextEntry() external view returns (uint256) {
        return _next();
    }

    /// @inheritdoc IDocket
    function custodyOf(
        bytes32 caseId,
        address asset,
        address account
    ) external view returns (address vault, uint256 taken, uint256 takenFrom) {
        return (vaultOf(caseId), _custody[caseId][asset].taken, _takenFrom[caseId][asset][account]);
    }

    /// @inheritdoc IDocket
    function suspenseOf(bytes32 caseId, address asset) external view returns (uint256) {
        return _custody[caseId][asset].suspense;
    }

    /// @notice The assets that can be held.
    function allAssets() external view returns (address[] memory) {
        return _assets;
    }

    /// @inheritdoc IDocket
    function heldOf(address asset, address account) external view returns (uint256 held, uint40 until) {
        return _heldOf(asset, account);
    }

    /// @return reason Why the order is skipped; empty when it was executed.
    function _tryFreeze(Freeze calldata order, Approvals calldata approvals) private returns (bytes memory reason) {
        uint256 entry = _next();
        try QUORUM.use(Act.FREEZE, NO_AGENCY, order.hash(), order.signBy, entry, approvals) returns (
            bytes32 digest,
            uint32 term,
            bytes32[] memory officerIds
        ) {
            _freeze(order, Passed(entry, digest, term, officerIds));
        } catch (bytes memory fault) {
            bytes4 selector = bytes4(fault);
            if (selector != IQuorum.QuorumOrderUsed.selector && selector != IQuorum.QuorumWithdrawn.selector) {
                _revert(fault);
            }
            return fault;
        }
    }

    function _freeze(Freeze calldata order, Passed memory passed) private {
        uint256 n = order.targets.length;
        if (n == 0) revert DocketEmptyOrder();
        _requireTerm(order.term, passed.term);
        EffectList memory effects = EffectListLib.create(n + 1);
        uint32 caseNumber = _openCase(order.caseId, effects);
        uint32 number = _countFreezes(n);
        Hold form = _provisional(caseNumber, order.term);
        for (uint256 i = 0; i < n; ++i) {
            Target calldata target = _targetAt(order.targets, i);
            _requireHoldable(target.account, false);
            Hold hold = form.numbered(++number, target.amount);
            _placeProvisional(target.asset, target.account, hold, uint40(passed.term), effects);
        }
        _cases[order.caseId].holds += uint32(n);
        _enter(Act.FREEZE, order.caseId, order.document, passed, effects);
    }

    /// @dev Counts the targets against the day's limit; answers the last placement number before them.
    function _countFreezes(uint256 n) private returns (uint32 placed) {
        Counters memory counters = _counters;
        placed = counters.placed;
        (counters.span, counters.counts) = FreezeWindow.add(counters.span, counters.counts, n, counters.freezesPerDay);
        counters.placed = placed + uint32(n);
        _counters = counters;
    }

    /// @dev The form of a provisional hold from now on, without number and amount.
    function _provisional(uint32 caseNumber, uint32 term) private view returns (Hold) {
        uint40 start = uint40(block.timestamp);
        return HoldLib.create(HoldLib.PROVISIONAL, caseNumber, 0, start, start + term, 0);
    }

    function _seize(
        bytes32 caseId,
        uint32 caseNumber,
        address vault,
        Target calldata target,
        EffectList memory effects
    ) private {
        if (standingOf[target.account] == Standing.SUB_ACCOUNT) return _demand(caseId, caseNumber, target, effects);
        _requireHoldable(target.account, true);
        _take(caseId, caseNumber, vault, target, effects);
    }

    /// @dev A sub-account is no balance on chain: the platform owes what is seized of it.
    function _demand(bytes32 caseId, uint32 caseNumber, Target calldata target, EffectList memory effects) private {
        (address asset, address account) = (target.asset, target.account);
        uint256 withheld = _register.withheldOf(asset, account);
        uint256 seized = _consume(asset, account, caseNumber, target.amount, withheld, effects);
        address wallet = _register.demand(caseId, asset, account, seized);
        effects.add(What.DEMANDED, asset, account, seized, uint160(wallet));
    }

    function _take(
        bytes32 caseId,
        uint32 caseNumber,
        address vault,
        Target calldata target,
        EffectList memory effects
    ) private {
        (address asset, address account) = (target.asset, target.account);
        uint256 balance = IERC20(asset).balanceOf(account);
        uint256 taken = _consume(asset, account, caseNumber, target.amount, balance, effects);
        if (taken == 0) return;
        uint256 before = IERC20(asset).balanceOf(vault);
        ISovereignAsset(asset).forcedTransfer(account, vault, taken);
        uint256 moved = IERC20(asset).balanceOf(vault) - before;
        if (moved != taken) revert DocketMoved(asset, account, taken, moved);
        _countTaken(caseId, asset, account, moved);
    }

    function _countTaken(bytes32 caseId, address asset, address account, uint256 amount) private {
        _custody[caseId][asset].taken += uint128(amount);
        _takenFrom[caseId][asset][account] += amount;
    }

    function _use(
        uint8 act,
        bytes32 structHash,
        uint64 signBy,
        Approvals calldata approvals
    ) private returns (Passed memory passed) {
        passed.entry = _next();
        (passed.digest, passed.term, passed.officerIds) = QUORUM.use(
            act,
            NO_AGENCY,
            structHash,
            signBy,
            passed.entry,
            approvals
        );
    }

    function _revert(bytes memory reason) private pure {
        assembly ("memory-safe") {
            revert(add(reason, 32), mload(reason))
        }
    }

    function _enter(
        uint8 act,
        bytes32 caseId,
        bytes32 document,
        Passed memory passed,
        EffectList memory effects
    ) private {
        if (document == 0) revert DocketZeroDocument();
        _record(passed.entry, act, caseId, document, passed.digest, passed.officerIds, effects.encoded);
    }

    function _enterUnsigned(uint8 act, bytes32 caseId, bytes32 document, EffectList memory effects) private {
        _record(_next(), act, caseId, document, 0, new bytes32[](0), effects.encoded);
    }

    /// @dev The case, opened by an order. From its first order on its vault can never be held; whoever guessed its address
    /// and held it before held nothing, in any asset that may ever arrive there.
    function _openCase(bytes32 caseId, EffectList memory effects) private returns (uint32 number) {
        bool first;
        (number, first) = _open(caseId, effects);
        if (!first) return number;
        address vault = vaultOf(caseId);
        standingOf[vault] = Standing.VAULT;
        address[] memory assets = _assets;
        for (uint256 i = 0; i < assets.length; ++i) _releaseVault(assets[i], vault, effects);
    }

    function _requireCase(bytes32 caseId) private view returns (uint32 number) {
        number = _cases[caseId].number;
        if (number == 0) revert DocketUnknownCase(caseId);
    }

    function _requireAsset(address asset) private view {
        if (standingOf[asset] != Standing.ASSET) revert DocketUnknownAsset(asset);
    }

    /// @dev The target at `i`, checked for what every target must be.
    function _targetAt(Target[] calldata targets, uint256 i) private view returns (Target calldata target) {
        target = targets[i];
        (address asset, address account) = (target.asset, target.account);
        if (i != 0) {
            Target calldata previous = targets[i - 1];
            if (asset < previous.asset || (asset == previous.asset && account <= previous.account)) {
                revert DocketUnordered(asset, account);
            }
        }
        _requireAsset(asset);
        _requireAmount(asset, account, target.amount);
    }

    function _requireAmount(address asset, address account, uint256 amount) private pure {
        if (amount == 0 || amount > HoldLib.MAX_AMOUNT) revert DocketInvalidAmount(asset, account, amount);
    }

    function _requireTerm(uint256 term, uint256 longest) private pure {
        if (term == 0 || term > longest) revert DocketInvalidTerm(term, longest);
    }

    /// @param omnibus Whether the wallet of a licensed platform may be held in which the money of many lies.
    function _requireHoldable(address account, bool omnibus) private view {
        uint8 standing = standingOf[account];
        if (standing == 0) return;
        if (standing == Standing.PLATFORM && (omnibus || !_register.isOmnibus(account))) return;
        revert DocketCannotHold(account, standing);
    }

    function _requireDisposal() private view {
        if (msg.sender != _disposal) revert DocketOnlySystem(msg.sender);
    }

    function _requireRegister() private view {
        if (msg.sender != address(_register)) revert DocketOnlySystem(msg.sender);
    }

    /// @dev Refuses an account that cannot become the treasury of the asset.
    function _requireTreasury(address asset, address treasury) private view {
        _requireAsset(asset);
        uint8 standing = standingOf[treasury];
        if ((standing != 0 && standing != Standing.TREASURY) || treasury == treasuryOf[asset]) {
            revert DocketInvalidTreasury(treasury);
        }
        address[] memory assets = _assets;
        for (uint256 i = 0; i < assets.length; ++i) {
            (uint256 held, ) = _heldOf(assets[i], treasury);
            if (held != 0) revert DocketHeldTreasury(assets[i], treasury, held);
        }
    }

    function _installAsset(Asset calldata installed) private {
        (address asset, address treasury) = (installed.asset, installed.treasury);
        if (
            installed.adapter != asset ||
            standingOf[asset] != 0 ||
            asset.code.length == 0 ||
            ISovereignAsset(asset).DOCKET() != address(this)
        ) revert DocketInvalidAsset(asset, installed.adapter);
        standingOf[asset] = Standing.ASSET;
        _assets.push(asset);
        uint8 standing = standingOf[treasury];
        if (treasury == address(0) || (standing != 0 && standing != Standing.TREASURY)) {
            revert DocketInvalidTreasury(treasury);
        }
        standingOf[treasury] = Standing.TREASURY;
        treasuryOf[asset] = treasury;
    }
}
