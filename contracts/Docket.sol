// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {Asset, Contracts, Numbers} from "./types/Charter.sol";
import {Counters, CountersLib} from "./types/Counters.sol";
import {EffectList, EffectListLib, What} from "./types/Effect.sol";
import {Documents} from "./libraries/Documents.sol";
import {FreezeWindow} from "./libraries/FreezeWindow.sol";
import {Moves} from "./libraries/Moves.sol";
import {HoldBook} from "./base/HoldBook.sol";
import {Hold, HoldLib} from "./types/Hold.sol";
import {Journal} from "./base/Journal.sol";
import {Ledger} from "./base/Ledger.sol";
import {List, Lists, Passed} from "./base/Lists.sol";
import {Act} from "./types/Act.sol";
import {Payment} from "./types/Money.sol";
import {Arrest, Freeze, Lift, OrderHash, Refund, Seize, Target} from "./types/Order.sol";
import {Standing} from "./types/Standing.sol";
import {Account, IDocket} from "./interfaces/IDocket.sol";
import {ILicenceRegister} from "./interfaces/ILicenceRegister.sol";
import {Approvals, IQuorum} from "./interfaces/IQuorum.sol";
import {ISovereignAsset} from "./interfaces/ISovereignAsset.sol";

/// @title Docket
/// @notice Cases, holds, seizure, Return, the one ledger of a case's money, and the journal. Holds no money.
/// Every act executes whole or reverts, and is one entry of the journal.
contract Docket is IDocket, Journal, HoldBook, Ledger, Lists, ReentrancyGuardTransient {
    using OrderHash for *;
    using EffectListLib for EffectList;

    /// @inheritdoc IDocket
    IQuorum public immutable QUORUM;
    /// @inheritdoc IDocket
    /// @dev See {Standing}.
    mapping(address account => uint8) public standingOf;
    /// @inheritdoc IDocket
    mapping(address asset => address) public treasuryOf;
    address[] private _assets;
    address private _disposal;
    ILicenceRegister private _register;

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
        _disposal = contracts.disposal;
        _register = ILicenceRegister(contracts.register);
        (cooling, longestArrest) = (numbers.cooling, numbers.longestArrest);
        _counters = CountersLib.create(numbers.freezesPerDay);
        address[6] memory system = [
            address(0),
            msg.sender,
            address(this),
            contracts.disposal,
            contracts.register,
            VAULT
        ];
        for (uint256 i = 0; i < system.length; ++i) standingOf[system[i]] = Standing.SYSTEM;
        for (uint256 i = 0; i < assets.length; ++i) _installAsset(assets[i]);
        _record(_next(), Act.INSTALL, 0, document, 0, officerIds, effects);
    }

    /// @inheritdoc IDocket
    function freeze(
        Freeze[] calldata orders,
        Approvals[] calldata approvals,
        bytes calldata range
    ) external nonReentrant {
        List memory list = _list(Act.FREEZE, orders.length);
        for (uint256 i = 0; i < orders.length; ++i) list.hashes[i] = orders[i].hash();
        _enlist(list, approvals.length, range);
        for (uint256 i = 0; i < orders.length; ++i) {
            if (_passes(list, i, orders[i].signBy, approvals)) _freeze(orders[i], list.passed);
        }
        _requireAny(list);
    }

    /// @inheritdoc IDocket
    function arrest(
        Arrest[] calldata orders,
        Approvals[] calldata approvals,
        bytes calldata range
    ) external nonReentrant {
        List memory list = _list(Act.ARREST, orders.length);
        for (uint256 i = 0; i < orders.length; ++i) list.hashes[i] = orders[i].hash();
        _enlist(list, approvals.length, range);
        for (uint256 i = 0; i < orders.length; ++i) {
            if (_passes(list, i, orders[i].signBy, approvals)) _arrest(orders[i], list.passed);
        }
        _requireAny(list);
    }

    /// @inheritdoc IDocket
    function lift(Lift calldata order, Approvals calldata approvals) external nonReentrant {
        uint8 act = order.arrested ? Act.LIFT_ARRESTED : Act.LIFT;
        (Passed memory passed, bytes memory reason) = _tryUse(
            act,
            order.hash(),
            order.signBy,
            _next(),
            false,
            approvals
        );
        if (reason.length != 0) _revert(reason);
        if (order.holds.length == 0) revert DocketEmptyOrder();
        _requirePlaced(order.upTo);
        EffectList memory effects = EffectListLib.create(order.holds.length);
        uint32 caseNumber = _requireCase(order.caseId);
        for (uint256 i = 0; i < order.holds.length; ++i) {
            Target calldata target = _targetAt(order.holds, i);
            _lift(target.asset, target.account, caseNumber, target.amount, order.upTo, order.arrested, effects);
        }
        _enter(act, order.caseId, order.document, passed, effects);
    }

    /// @inheritdoc IDocket
    function seize(
        Seize[] calldata orders,
        Approvals[] calldata approvals,
        bytes calldata range
    ) external nonReentrant {
        List memory list = _list(Act.SEIZE, orders.length);
        for (uint256 i = 0; i < orders.length; ++i) list.hashes[i] = orders[i].hash();
        _enlist(list, approvals.length, range);
        for (uint256 i = 0; i < orders.length; ++i) {
            list.idle = !_anyHeld(orders[i]);
            if (_passes(list, i, orders[i].signBy, approvals)) _seize(orders[i], list.passed);
        }
        _requireAny(list);
    }

    /// @inheritdoc IDocket
    function lapse(bytes32 caseId, Account[] calldata accounts) external nonReentrant {
        uint32 caseNumber = _requireCase(caseId);
        EffectList memory effects = EffectListLib.create(accounts.length);
        for (uint256 i = 0; i < accounts.length; ++i) {
            _lapse(accounts[i].asset, accounts[i].account, caseNumber, effects);
        }
        if (effects.length() == 0) revert DocketNothingLapsed(caseId);
        _enterUnsigned(Act.LAPSE, caseId, 0, effects);
    }

    /// @inheritdoc IDocket
    function countSuspense(bytes32 caseId, address asset) external nonReentrant returns (address vault, uint256 added) {
        _requireDisposal();
        _requireCase(caseId);
        _requireAsset(asset);
        vault = vaultOf(caseId);
        added = _countSuspense(caseId, asset, vault);
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
    function giveBack(bytes32 caseId, Refund calldata item) external nonReentrant returns (bool accepted) {
        _requireDisposal();
        return _giveBack(caseId, vaultOf(caseId), item.taken, item.asset, item.account, item.amount);
    }

    /// @inheritdoc IDocket
    function pay(Payment calldata payment) external nonReentrant returns (uint256 proceeds) {
        _requireDisposal();
        return _payOut(payment, vaultOf(payment.caseId));
    }

    /// @inheritdoc IDocket
    function deliver(Payment calldata payment, address proceedsAsset, uint256 proceeds) external nonReentrant {
        _requireDisposal();
        _deliver(payment, vaultOf(payment.caseId), proceedsAsset, proceeds);
    }

    /// @inheritdoc IDocket
    function reserve(
        bytes32 caseId,
        address asset,
        uint256 amount,
        uint40 age
    ) external nonReentrant returns (uint256 proceeds) {
        _requireDisposal();
        return _reserve(caseId, asset, amount, age);
    }

    /// @inheritdoc IDocket
    function unreserve(bytes32 caseId, address asset, uint256 amount, uint256 proceeds) external nonReentrant {
        _requireDisposal();
        _unreserve(caseId, asset, amount, proceeds);
    }

    /// @inheritdoc IDocket
    function setTreasury(address asset, address treasury, bool retires) external {
        _requireDisposal();
        address former = treasuryOf[asset];
        // The vault of a case that was opened since stays a vault.
        if (retires && standingOf[former] == Standing.TREASURY) standingOf[former] = 0;
        (treasuryOf[asset], standingOf[treasury]) = (treasury, Standing.TREASURY);
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
        return effects.encoded;
    }

    /// @inheritdoc IDocket
    function take(bytes32 caseId, address asset, address wallet, uint256 amount) external {
        _requireRegister();
        _countSurrendered(caseId, asset, wallet, amount);
    }

    /// @inheritdoc IDocket
    function mark(address wallet) external {
        _requireRegister();
        _requireHoldable(wallet, true);
        standingOf[wallet] = Standing.PLATFORM;
    }

    /// @inheritdoc IDocket
    function placements() external view returns (uint32) {
        return _counters.placed();
    }

    /// @inheritdoc IDocket
    function nextEntry() external view returns (uint256) {
        return _next();
    }

    /// @inheritdoc IDocket
    function allAssets() external view returns (address[] memory) {
        return _assets;
    }

    function _arrest(Arrest calldata order, Passed memory passed) private {
        if (order.confirm.length + order.place.length == 0) revert DocketEmptyOrder();
        _requirePlaced(order.upTo);
        uint256 latest = block.timestamp + passed.term;
        if (order.until <= block.timestamp || order.until > latest) revert DocketInvalidTerm(order.until, latest);
        EffectList memory effects = EffectListLib.create(order.confirm.length + order.place.length + 1);
        uint32 caseNumber = _openCase(order.caseId, effects);
        for (uint256 i = 0; i < order.confirm.length; ++i) {
            Target calldata target = _targetAt(order.confirm, i);
            _confirm(target.asset, target.account, caseNumber, target.amount, order.upTo, uint40(order.until), effects);
        }
        uint40 start = uint40(block.timestamp);
        uint32 number = _counters.placed();
        Hold form = HoldLib.create(HoldLib.ARRESTED, caseNumber, 0, start, uint40(order.until), 0);
        for (uint256 i = 0; i < order.place.length; ++i) {
            Target calldata target = _targetAt(order.place, i);
            // Of a sub-account only the platform knows the balance: it is asked, whoever was asked before.
            if (standingOf[target.account] == Standing.SUB_ACCOUNT) _register.ask(target.asset, target.account);
            else _requireHoldable(target.account, order.omnibus);
            _placeArrested(target.asset, target.account, form.numbered(++number, target.amount), effects);
        }
        _counters = _counters.placing(order.place.length);
        _enter(Act.ARREST, order.caseId, order.document, passed, effects);
    }

    function _seize(Seize calldata order, Passed memory passed) private {
        EffectList memory effects = EffectListLib.create(order.holds.length + 1);
        uint32 caseNumber = _cases[order.caseId].number;
        address vault = _ensureVault(order.caseId, effects);
        Target[] calldata holds = order.holds;
        for (uint256 i = 0; i < holds.length; ++i) {
            Target calldata target = holds[i];
            if (standingOf[target.account] == Standing.SUB_ACCOUNT) _demand(order, caseNumber, target, effects);
            else _take(order, caseNumber, vault, target, effects);
        }
        _enter(Act.SEIZE, order.caseId, order.document, passed, effects);
    }

    function _freeze(Freeze calldata order, Passed memory passed) private {
        Target[] calldata targets = order.targets;
        uint256 n = targets.length;
        if (n == 0) revert DocketEmptyOrder();
        _requireTerm(order.term, passed.term);
        EffectList memory effects = EffectListLib.create(n + 1);
        uint32 caseNumber = _openCase(order.caseId, effects);
        uint32 number = _countFreezes(n);
        Hold form = _provisional(caseNumber, order.term);
        for (uint256 i = 0; i < n; ++i) {
            Target calldata target = _targetAt(targets, i);
            _requireHoldable(target.account, false);
            Hold hold = form.numbered(++number, target.amount);
            _placeProvisional(target.asset, target.account, hold, uint40(passed.term), effects);
        }
        _enter(Act.FREEZE, order.caseId, order.document, passed, effects);
    }

    /// @dev Counts the targets against the day's limit; answers the last placement number before them.
    function _countFreezes(uint256 n) private returns (uint32 placed) {
        Counters counters = _counters;
        placed = counters.placed();
        (uint24 span, uint144 counts) = counters.window();
        (span, counts) = FreezeWindow.add(span, counts, n, counters.freezesPerDay());
        _counters = counters.placing(n).withWindow(span, counts);
    }

    /// @dev The form of a provisional hold from now on, without number and amount.
    function _provisional(uint32 caseNumber, uint32 term) private view returns (Hold) {
        uint40 start = uint40(block.timestamp);
        return HoldLib.create(HoldLib.PROVISIONAL, caseNumber, 0, start, start + term, 0);
    }

    /// @dev Whether a target of the order, which must be one that could be executed, has a live hold of its case.
    function _anyHeld(Seize calldata order) private view returns (bool any) {
        if (order.holds.length == 0) revert DocketEmptyOrder();
        _requirePlaced(order.upTo);
        uint32 caseNumber = _requireCase(order.caseId);
        for (uint256 i = 0; i < order.holds.length; ++i) {
            Target calldata target = _targetAt(order.holds, i);
            any = any || _isHeldBy(target.asset, target.account, caseNumber, order.upTo);
        }
    }

    /// @dev A sub-account is no balance on chain: the platform owes what is seized of it. Of the holds on which it said
    /// nothing, it owes all.
    function _demand(
        Seize calldata order,
        uint32 caseNumber,
        Target calldata target,
        EffectList memory effects
    ) private {
        (address asset, address account) = (target.asset, target.account);
        (uint256 withheld, uint32 known) = _register.withheldOf(asset, account);
        (uint256 seized, uint256 ofWithheld) = _consume(
            asset,
            account,
            caseNumber,
            target.amount,
            order.upTo,
            withheld,
            known,
            effects
        );
        address wallet = _register.demand(order.caseId, asset, account, seized, ofWithheld);
        effects.add(What.DEMANDED, asset, account, seized, uint160(wallet));
    }

    function _take(
        Seize calldata order,
        uint32 caseNumber,
        address vault,
        Target calldata target,
        EffectList memory effects
    ) private {
        (address asset, address account) = (target.asset, target.account);
        (uint256 taken, ) = _consume(
            asset,
            account,
            caseNumber,
            target.amount,
            order.upTo,
            Moves.balanceOf(asset, account),
            type(uint32).max,
            effects
        );
        if (taken == 0) return;
        uint256 before = Moves.balanceOf(asset, vault);
        ISovereignAsset(asset).forcedTransfer(account, vault, taken);
        uint256 moved = Moves.balanceOf(asset, vault) - before;
        Moves.requireExact(asset, account, taken, moved);
        _countTaken(order.caseId, asset, account, moved);
    }

    function _quorum() internal view override returns (IQuorum) {
        return QUORUM;
    }

    function _nextEntry() internal view override returns (uint256) {
        return _next();
    }

    /// @dev A short place takes less code, and nothing else of the docket is transient.
    function _reentrancyGuardStorageSlot() internal pure override returns (bytes32) {
        return 0;
    }

    function _enter(
        uint8 act,
        bytes32 caseId,
        bytes32 document,
        Passed memory passed,
        EffectList memory effects
    ) private {
        Documents.requireOne(document);
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
        for (uint256 i = 0; i < _assets.length; ++i) _releaseVault(_assets[i], vault, effects);
    }

    function _requireCase(bytes32 caseId) private view returns (uint32 number) {
        number = _cases[caseId].number;
        if (number == 0) revert DocketUnknownCase(caseId);
    }

    /// @dev Who signs an order can only have seen holds that were placed.
    function _requirePlaced(uint32 upTo) private view {
        uint32 placed = _counters.placed();
        if (upTo > placed) revert DocketUnknownHold(upTo, placed);
    }

    function _requireAsset(address asset) private view {
        if (standingOf[asset] != Standing.ASSET) revert DocketUnknownAsset(asset);
    }

    /// @dev The target at `i`, checked for what every target must be.
    function _targetAt(Target[] calldata targets, uint256 i) private view returns (Target calldata target) {
        target = targets[i];
        (address asset, address account) = (target.asset, target.account);
        if (i != 0) _requireAfter(targets[i - 1].asset, targets[i - 1].account, asset, account);
        _requireAsset(asset);
        _requireAmount(asset, account, target.amount);
    }

    function _requireAfter(address asset, address account, address nextAsset, address nextAccount) private pure {
        if (nextAsset < asset || (nextAsset == asset && nextAccount <= account)) {
            revert DocketUnordered(nextAsset, nextAccount);
        }
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

    function _installAsset(Asset calldata installed) private {
        (address asset, address treasury) = (installed.asset, installed.treasury);
        if (standingOf[asset] != 0) revert DocketInvalidAsset(asset, installed.adapter);
        standingOf[asset] = Standing.ASSET;
        _assets.push(asset);
        uint8 standing = standingOf[treasury];
        if (standing != 0 && standing != Standing.TREASURY) revert DocketInvalidTreasury(treasury);
        standingOf[treasury] = Standing.TREASURY;
        treasuryOf[asset] = treasury;
    }
}
