// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {CaseVault} from "../../contracts/CaseVault.sol";
import {Disposal} from "../../contracts/Disposal.sol";
import {Account, Docket} from "../../contracts/Docket.sol";
import {Hold, HoldLib} from "../../contracts/Holds.sol";
import {Act, Arrest, Cancel, Freeze, Lift, Refund, Return, Seize, Target} from "../../contracts/Orders.sol";
import {Quorum} from "../../contracts/Quorum.sol";
import {Tenge} from "../../contracts/Tenge.sol";
import {Approvals} from "../../contracts/interfaces/IQuorum.sol";
import {Auditor} from "./Auditor.t.sol";
import {Fussy} from "./Fussy.t.sol";
import {System} from "./System.t.sol";
import {Random, Vm, VM} from "./Vm.sol";

uint256 constant CASES = 3;
uint256 constant ASSETS = 2;

/// @notice Holders, officers and strangers at work. Every function is one step, drawn from its seed; none reverts unless
/// a property is broken. All money stays among {accounts}.
contract Handler {
    uint256 private constant HOLDERS = 3;
    uint256 private constant ISSUED = 1000;

    System public system;
    Auditor public auditor;
    Docket private _docket;
    Disposal private _disposal;
    Tenge private _tenge;
    Fussy private _fussy;

    /// @notice Holders first, then the vaults of the cases, the treasury and the issuer.
    address[] public accounts;
    /// @notice Whom orders name, ascending: the holders, and the vault of the last case.
    address[] public targets;
    bytes32[] public caseIds;
    /// @notice Ascending.
    address[] public assets;
    /// @notice What was paid into the vault of a case by no act. Base units.
    mapping(bytes32 caseId => mapping(address asset => uint256)) public deposited;
    /// @notice How often an act was executed.
    mapping(uint8 act => uint256) public executed;
    /// @notice How often a call was refused.
    uint256 public refused;

    uint256 private _salts;
    /// @dev By how much a balance may fall in this step.
    mapping(address asset => mapping(address account => uint256)) private _mayFall;

    /// @dev No balance falls by more than the step allowed.
    modifier watched() {
        uint256[] memory before = _balances();
        VM.recordLogs();
        _;
        uint256[] memory afterwards = _balances();
        for (uint256 i = 0; i < before.length; ++i) {
            (address asset, address account) = (assets[i % ASSETS], accounts[i / ASSETS]);
            uint256 allowed = _mayFall[asset][account];
            VM.assertLe(before[i], afterwards[i] + allowed, "a balance fell by no act of its holder and no order");
            if (allowed != 0) _mayFall[asset][account] = 0;
        }
    }

    constructor(System system_, Auditor auditor_) {
        (system, auditor) = (system_, auditor_);
        (_docket, _disposal) = (system_.docket(), system_.disposal());
        (_tenge, _fussy) = (system_.tenge(), system_.fussy());
        bool tengeFirst = address(_tenge) < address(_fussy);
        assets.push(tengeFirst ? address(_tenge) : address(_fussy));
        assets.push(tengeFirst ? address(_fussy) : address(_tenge));
        caseIds.push("CASE-1");
        caseIds.push("CASE-2");
        caseIds.push("CASE-3");
        for (uint256 i = 0; i < HOLDERS; ++i) {
            address holder = VM.addr(_key(i));
            accounts.push(holder);
            _insertTarget(holder);
            VM.prank(system_.ISSUER());
            _tenge.mint(holder, ISSUED);
            _fussy.mint(holder, ISSUED);
        }
        for (uint256 i = 0; i < CASES; ++i) accounts.push(_docket.vaultOf(caseIds[i]));
        _insertTarget(_docket.vaultOf(caseIds[CASES - 1]));
        accounts.push(system_.TREASURY());
        accounts.push(system_.ISSUER());
    }

    function accountCount() external view returns (uint256) {
        return accounts.length;
    }

    function targetCount() external view returns (uint256) {
        return targets.length;
    }

    // Holders

    function transfer(uint256 seed) external watched {
        Random memory random = Random(seed);
        (address from, address to) = (_holder(random), accounts[random.below(HOLDERS)]);
        _transfer(random, from, to);
    }

    function deposit(uint256 seed) external watched {
        Random memory random = Random(seed);
        bytes32 caseId = caseIds[random.below(CASES)];
        (address asset, uint256 amount) = _transfer(random, _holder(random), _docket.vaultOf(caseId));
        deposited[caseId][asset] += amount;
    }

    function transferFrom(uint256 seed) external watched {
        Random memory random = Random(seed);
        (address from, address spender) = (_holder(random), address(this));
        (uint256 balance, uint256 free) = _free(address(_tenge), from);
        uint256 amount = random.below(balance + 2);
        if (random.oneIn(2)) {
            VM.prank(from);
            _tenge.approve(spender, amount);
        } else {
            _permit(random, from, spender, amount);
        }
        _mayFall[address(_tenge)][from] = amount;
        bytes memory data = abi.encodeCall(_tenge.transferFrom, (from, accounts[random.below(HOLDERS)], amount));
        (bool ok, ) = address(_tenge).call(data);
        VM.assertTrue(ok == (amount <= free), "a hold stops exactly what it holds (transferFrom)");
    }

    function burn(uint256 seed) external watched {
        Random memory random = Random(seed);
        address holder = _holder(random);
        (uint256 balance, uint256 free) = _free(address(_tenge), holder);
        uint256 amount = random.below(balance / 4 + 2);
        _mayFall[address(_tenge)][holder] = amount;
        VM.prank(holder);
        (bool ok, ) = address(_tenge).call(abi.encodeCall(_tenge.burn, (amount)));
        VM.assertTrue(ok == (amount <= free), "a hold stops exactly what it holds (burn)");
    }

    function mint(uint256 seed) external watched {
        Random memory random = Random(seed);
        address to = accounts[random.below(HOLDERS)];
        uint256 amount = random.below(ISSUED);
        if (random.oneIn(2)) {
            VM.prank(system.ISSUER());
            _tenge.mint(to, amount);
        } else {
            _fussy.mint(to, amount);
        }
    }

    function refuse(uint256 seed) external watched {
        Random memory random = Random(seed);
        _fussy.refuse(accounts[random.below(HOLDERS)], uint8(random.below(3)));
    }

    // Orders

    function freeze(uint256 seed) external watched {
        Random memory random = Random(seed);
        Freeze memory order = _freeze(random, caseIds[random.below(CASES)]);
        (uint8 alternative, uint256 signers) = _draw(random, Act.FREEZE);
        (bytes memory data, ) = system.freezeCall(order, alternative, signers);
        _order(random, address(_docket), data, alternative, signers);
    }

    /// @dev Several orders at once, of which a stranger executes one before.
    function freezeMany(uint256 seed) external watched {
        Random memory random = Random(seed);
        Freeze[] memory orders = new Freeze[](CASES);
        Approvals[] memory approvals = new Approvals[](CASES);
        uint256 signers = system.quorumFor(Act.FREEZE, 0, random.seed);
        for (uint256 i = 0; i < CASES; ++i) {
            orders[i] = _freeze(random, caseIds[i]);
            approvals[i] = system.approve(system.lens().digestOfFreeze(orders[i]), 0, signers);
        }
        uint256 early = random.below(CASES);
        (bytes memory one, ) = system.freezeCall(orders[early], 0, signers);
        bool done = _execute(address(_docket), one) != 0;
        uint256 entries = auditor.entries();
        if (_execute(address(_docket), abi.encodeCall(Docket.freeze, (orders, approvals))) == 0) return;
        VM.assertEq(auditor.entries(), entries + (done ? CASES - 1 : CASES), "one order executed early stops no other");
    }

    function arrest(uint256 seed) external watched {
        Random memory random = Random(seed);
        Arrest memory order;
        (order.caseId, order.document, order.signBy, order.salt) = _frame(caseIds[random.below(CASES)]);
        order.until = uint64(block.timestamp + random.between(1 days, 180 days));
        (bool found, address asset, address account, Hold hold) = _pick(random, true);
        if (found && !random.oneIn(4)) {
            order.caseId = _docket.caseIdOf(hold.caseNumber());
            if (random.oneIn(2) && order.until < hold.until()) order.until = hold.until();
            order.confirm = new Target[](1);
            order.confirm[0] = Target(asset, account, _upTo(random, _live(asset, account, hold.caseNumber())));
        }
        if (order.confirm.length == 0 || random.oneIn(3)) order.place = _drawTargets(random);
        (uint8 alternative, uint256 signers) = _draw(random, Act.ARREST);
        (bytes memory data, ) = system.arrestCall(order, alternative, signers);
        bool done = _order(random, address(_docket), data, alternative, signers);
        if (!done || order.confirm.length == 0) return;
        VM.assertLe(order.until - block.timestamp, system.ARREST_TERM(), "an arrest above its longest term");
        VM.assertLe(
            order.until,
            uint256(hold.since()) + system.LONGEST_ARREST(),
            "an arrest beyond the longest since its hold began"
        );
    }

    function lift(uint256 seed) external watched {
        Random memory random = Random(seed);
        (bool found, address asset, address account, Hold hold) = _pick(random, true);
        if (!found) return;
        Lift memory order;
        (order.caseId, order.document, order.signBy, order.salt) = _frame(_docket.caseIdOf(hold.caseNumber()));
        uint256 live = _live(asset, account, hold.caseNumber());
        order.holds = new Target[](1);
        order.holds[0] = Target(asset, account, _upTo(random, live));
        uint8 act = hold.kind() == HoldLib.ARRESTED ? Act.LIFT_ARRESTED : Act.LIFT;
        (uint8 alternative, uint256 signers) = _draw(random, act);
        (bytes memory data, ) = system.liftCall(order, alternative, signers);
        bool done = _order(random, address(_docket), data, alternative, signers);
        VM.assertTrue(!done || order.holds[0].amount <= live, "more was lifted than was held");
    }

    /// @dev From one account, or from all in which the case has live holds.
    function seize(uint256 seed) external watched {
        Random memory random = Random(seed);
        (bool found, address asset, address account, Hold hold) = _pick(random, true);
        if (!found) return;
        Seize memory order;
        (order.caseId, order.document, order.signBy, order.salt) = _frame(_docket.caseIdOf(hold.caseNumber()));
        (order.holds, ) = _liveTargets(hold.caseNumber());
        if (!random.oneIn(3)) {
            order.holds = new Target[](1);
            order.holds[0] = Target(asset, account, _live(asset, account, hold.caseNumber()));
        }
        uint256[] memory seizable = new uint256[](order.holds.length);
        uint256[] memory before = new uint256[](order.holds.length);
        for (uint256 i = 0; i < order.holds.length; ++i) {
            Target memory target = order.holds[i];
            target.amount = random.between(1, 2 * target.amount);
            if (target.amount > HoldLib.MAX_AMOUNT) target.amount = HoldLib.MAX_AMOUNT;
            before[i] = IERC20(target.asset).balanceOf(target.account);
            seizable[i] = _seizable(target.asset, target.account, hold.caseNumber(), before[i]);
            if (seizable[i] > target.amount) seizable[i] = target.amount;
            _mayFall[target.asset][target.account] = seizable[i];
        }
        (uint8 alternative, uint256 signers) = _draw(random, Act.SEIZE);
        (bytes memory data, ) = system.seizeCall(order, alternative, signers);
        if (!_order(random, address(_docket), data, alternative, signers)) return;
        for (uint256 i = 0; i < order.holds.length; ++i) {
            Target memory target = order.holds[i];
            uint256 seized = before[i] - IERC20(target.asset).balanceOf(target.account);
            VM.assertEq(seized, seizable[i], "seized is what earlier holds leave");
            bytes32 ofVault = _caseOfVault(target.account);
            if (ofVault != 0) deposited[ofVault][target.asset] -= seized;
        }
    }

    function refund(uint256 seed) external watched {
        Random memory random = Random(seed);
        (bool found, bytes32 caseId, address asset, address account, uint256 left) = _pickTaken(random);
        if (!found) return;
        Return memory order;
        (order.caseId, order.document, order.signBy, order.salt) = _frame(caseId);
        order.holders = new Refund[](1);
        uint256 amount = random.oneIn(8) ? left + 1 : random.between(1, left);
        order.holders[0] = Refund(asset, asset, account, amount);
        uint256 before = IERC20(asset).balanceOf(account) + _disposal.claimOf(caseId, asset, account).amount;
        _mayFall[asset][_docket.vaultOf(caseId)] = amount;
        (uint8 alternative, uint256 signers) = _draw(random, Act.RETURN);
        (bytes memory data, ) = system.returnCall(order, alternative, signers);
        if (!_order(random, address(_disposal), data, alternative, signers)) return;
        VM.assertLe(amount, left, "more was returned than was taken");
        uint256 afterwards = IERC20(asset).balanceOf(account) + _disposal.claimOf(caseId, asset, account).amount;
        VM.assertEq(afterwards - before, amount, "a refund reaches its holder or becomes its claim");
        bytes32 ofVault = _caseOfVault(account);
        if (ofVault != 0) deposited[ofVault][asset] += amount;
    }

    /// @dev An officer withdraws an approval before the order is executed.
    function withdraw(uint256 seed) external watched {
        Random memory random = Random(seed);
        Freeze memory order = _freeze(random, caseIds[random.below(CASES)]);
        (uint8 alternative, uint256 signers) = _draw(random, Act.FREEZE);
        if (random.oneIn(2)) signers |= random.below(1 << system.officerCount());
        (bytes memory data, bytes32 digest) = system.freezeCall(order, alternative, signers);
        uint256 withdrawing = 1 << random.below(system.officerCount());
        bytes32 salt = keccak256(abi.encode(++_salts));
        (bytes memory cancel, ) = system.cancelCall(Cancel(digest, system.SIGN_BY(), salt), withdrawing);
        VM.assertTrue(_execute(address(system.quorum()), cancel) == Act.CANCEL, "an officer cannot withdraw");
        _order(random, address(_docket), data, alternative, signers & ~withdrawing);
    }

    /// @dev The approvals are of another order: one with another amount, term or salt.
    function forge(uint256 seed) external watched {
        Random memory random = Random(seed);
        Freeze memory order = _freeze(random, caseIds[random.below(CASES)]);
        bytes32 digest = system.lens().digestOfFreeze(order);
        uint256 field = random.below(4);
        if (field == 0) order.targets[0].amount += 1;
        else if (field == 1) order.term = order.term == 1 ? 2 : order.term - 1;
        else if (field == 2) order.salt = keccak256(abi.encode(++_salts));
        else order.caseId = order.caseId == caseIds[0] ? caseIds[1] : caseIds[0];
        Freeze[] memory orders = new Freeze[](1);
        Approvals[] memory approvals = new Approvals[](1);
        orders[0] = order;
        approvals[0] = system.approve(digest, 0, system.quorumFor(Act.FREEZE, 0, random.seed));
        uint8 act = _execute(address(_docket), abi.encodeCall(Docket.freeze, (orders, approvals)));
        VM.assertEq(act, 0, "approvals of one order executed another");
    }

    /// @dev Just the signatures that are needed, but one doubled, two exchanged, one a stranger's, or one cut short.
    function botch(uint256 seed) external watched {
        Random memory random = Random(seed);
        Freeze[] memory orders = new Freeze[](1);
        Approvals[] memory approvals = new Approvals[](1);
        orders[0] = _freeze(random, caseIds[random.below(CASES)]);
        bytes32 digest = system.lens().digestOfFreeze(orders[0]);
        uint256 signers = system.quorumFor(Act.FREEZE, 0, random.seed);
        bytes[3] memory signatures;
        for (uint256 i = 0; i < 3; ++i) {
            uint256 one = signers & ~(signers - 1);
            signatures[i] = system.approve(digest, 0, one).keys;
            signers ^= one;
        }
        (uint256 a, uint256 b) = (random.below(3), random.between(1, 2));
        b = (a + b) % 3;
        uint256 way = random.below(5);
        if (way < 2) signatures[a] = signatures[b];
        else if (way == 2) (signatures[a], signatures[b]) = (signatures[b], signatures[a]);
        else if (way == 3) signatures[a] = _sign(_key(a), digest);
        else signatures[a] = abi.encodePacked(bytes32(signatures[a]));
        approvals[0].keys = abi.encodePacked(signatures[0], signatures[1], signatures[2]);
        uint8 act = _execute(address(_docket), abi.encodeCall(Docket.freeze, (orders, approvals)));
        VM.assertEq(act, 0, "botched signatures executed an order");
    }

    /// @dev A case can always be wound up: what is held is lifted or lapses, what was taken goes back, and it closes.
    function windUp(uint256 seed) external watched {
        Random memory random = Random(seed);
        bytes32 caseId = caseIds[random.below(CASES)];
        if (_docket.caseOf(caseId).number == 0) return;
        _liftAll(caseId);
        _execute(address(_docket), abi.encodeCall(Docket.lapse, (caseId, _everywhere())));
        VM.assertEq(_docket.caseOf(caseId).holds, 0, "a hold that can neither be lifted nor lapse");
        _refundAll(caseId);
        uint256 due =
            uint256(_disposal.ledgerOf(caseId, assets[0]).reserved) + _disposal.ledgerOf(caseId, assets[1]).reserved;
        bool closed = _docket.caseOf(caseId).closed;
        uint8 act = _execute(address(_docket), abi.encodeCall(Docket.close, (caseId)));
        VM.assertEq(act, due == 0 && !closed ? Act.CLOSE : 0, "a case without hold and money closes");
    }

    // Anyone

    function lapse(uint256 seed) external watched {
        Random memory random = Random(seed);
        (bool found, , , Hold hold) = _pick(random, false);
        if (!found) return;
        bytes memory data = abi.encodeCall(Docket.lapse, (_docket.caseIdOf(hold.caseNumber()), _everywhere()));
        VM.assertEq(_execute(address(_docket), data), Act.LAPSE, "a hold that ended does not lapse");
    }

    function book(uint256 seed) external watched {
        Random memory random = Random(seed);
        bytes32 caseId = caseIds[random.below(CASES)];
        address asset = assets[random.below(ASSETS)];
        bool known = _docket.caseOf(caseId).number != 0;
        bool due = known && deposited[caseId][asset] != _docket.suspenseOf(caseId, asset);
        uint8 act = _execute(address(_docket), abi.encodeCall(Docket.book, (caseId, asset)));
        VM.assertEq(act, due ? Act.BOOK : 0, "a deposit in a known case is booked once");
    }

    function close(uint256 seed) external watched {
        _execute(address(_docket), abi.encodeCall(Docket.close, (caseIds[seed % CASES])));
    }

    function open(uint256 seed) external watched {
        bytes32 caseId = caseIds[seed % CASES];
        bool known = _docket.caseOf(caseId).number != 0;
        uint8 act = _execute(address(_docket), abi.encodeCall(Docket.open, (caseId, bytes32(seed), bytes32(~seed))));
        VM.assertEq(act, known ? Act.OPEN : 0, "a document of a known case can be opened");
    }

    function claim(uint256 seed) external watched {
        Random memory random = Random(seed);
        uint256 start = random.below(CASES * HOLDERS);
        for (uint256 i = 0; i < CASES * HOLDERS; ++i) {
            uint256 place = (start + i) % (CASES * HOLDERS);
            (bytes32 caseId, address account) = (caseIds[place % CASES], accounts[place / CASES]);
            uint256 due = _disposal.claimOf(caseId, address(_fussy), account).amount;
            if (due == 0) continue;
            _mayFall[address(_fussy)][_docket.vaultOf(caseId)] = due;
            bool pays = _fussy.refusal(account) == 0;
            bytes memory data = abi.encodeCall(Disposal.claim, (caseId, address(_fussy), account));
            uint8 act = _execute(address(_disposal), data);
            VM.assertEq(act, pays ? Act.CLAIM : 0, "a claim is paid as soon as its holder can be paid");
            return;
        }
    }

    function trespass(uint256 seed) external watched {
        Random memory random = Random(seed);
        address caller = random.oneIn(2) ? _holder(random) : system.ISSUER();
        address victim = accounts[random.below(accounts.length)];
        uint256 way = random.below(8);
        address to = address(_docket);
        bytes memory data;
        if (way < 3) to = address(_tenge);
        if (way == 0) data = abi.encodeCall(_tenge.setHeld, (victim, 0, 0));
        else if (way == 1) data = abi.encodeCall(_tenge.setFrozenTokens, (victim, 0));
        else if (way == 2) data = abi.encodeCall(_tenge.forcedTransfer, (victim, caller, 0));
        else if (way == 3) data = abi.encodeCall(_docket.record, (auditor.entries() + 1, 1, 0, 0, 0, _none(), ""));
        else if (way == 4) {
            to = address(system.quorum());
            Approvals memory approvals = system.approve(0, 0, 0);
            data = abi.encodeCall(Quorum.use, (1, 15, 0, type(uint64).max, auditor.entries() + 1, approvals));
        } else {
            to = way == 5 ? _docket.vaultOf(caseIds[random.below(CASES)]) : address(system.vaults());
            if (to.code.length == 0) return;
            data = abi.encodeCall(CaseVault.pay, (IERC20(address(_tenge)), caller, 0));
        }
        VM.prank(caller);
        (bool ok, ) = to.call(data);
        VM.assertTrue(!ok, "a stranger did what only the system may do");
    }

    /// @dev Whom nobody can hold, whoever signs.
    function overreach(uint256 seed) external watched {
        Random memory random = Random(seed);
        address[8] memory standing = [
            address(0),
            system.TREASURY(),
            address(system.quorum()),
            address(_docket),
            address(_disposal),
            address(system.vaults()),
            address(_tenge),
            address(_fussy)
        ];
        bytes32 caseId = caseIds[random.below(CASES)];
        bool vault = random.oneIn(2) && _docket.caseOf(caseId).hasVault;
        address account = vault ? _docket.vaultOf(caseId) : standing[random.below(standing.length)];
        Target[] memory drawn = new Target[](1);
        drawn[0] = Target(assets[random.below(ASSETS)], account, ISSUED);
        bytes memory data;
        if (random.oneIn(2)) {
            Freeze memory freeze_ = _freeze(random, caseId);
            freeze_.targets = drawn;
            (data, ) = system.freezeCall(freeze_, 0, system.quorumFor(Act.FREEZE, 0, seed));
        } else {
            Arrest memory arrest_;
            (arrest_.caseId, arrest_.document, arrest_.signBy, arrest_.salt) = _frame(caseId);
            (arrest_.place, arrest_.until) = (drawn, uint64(block.timestamp + 1 days));
            (data, ) = system.arrestCall(arrest_, 0, system.quorumFor(Act.ARREST, 0, seed));
        }
        VM.assertEq(_execute(address(_docket), data), 0, "an account that can never be held was held");
    }

    function warp(uint256 seed) external watched {
        Random memory random = Random(seed);
        uint256 way = random.below(6);
        uint256 to = block.timestamp;
        if (way == 0) to += random.between(1, 1 hours);
        else if (way == 1) to += random.between(1, 1 days);
        else if (way == 2) to += random.between(1, 10 days);
        else if (way == 3) to += random.between(1, 60 days);
        else {
            (bool found, , , Hold hold) = _pick(random, true);
            if (found) to = uint256(hold.until()) + way - 4;
        }
        VM.warp(to);
    }

    // How

    /// @dev Executes a call of the system as a stranger and has the auditor read what it entered.
    /// @return act Number of the last act that was entered; 0 when the call was refused.
    function _execute(address to, bytes memory data) private returns (uint8 act) {
        (bool ok, ) = to.call(data);
        Vm.Log[] memory logs = VM.getRecordedLogs();
        if (!ok) {
            ++refused;
            return 0;
        }
        act = auditor.read(logs);
        VM.assertTrue(act != 0, "a change of state that did not enter the journal");
        ++executed[act];
    }

    /// @dev Executes an order, at times twice, and checks that its officers could.
    function _order(
        Random memory random,
        address to,
        bytes memory data,
        uint8 alternative,
        uint256 signers
    ) private returns (bool) {
        uint8 act = _execute(to, data);
        if (act == 0) return false;
        VM.assertTrue(system.meets(act, alternative, signers), "an order was executed without the officers it needs");
        if (random.oneIn(4)) VM.assertEq(_execute(to, data), 0, "an order was executed twice");
        return true;
    }

    /// @dev Officers for an order: mostly just those that it needs, at times some others.
    function _draw(Random memory random, uint8 act) private view returns (uint8 alternative, uint256 signers) {
        uint256 officers = system.officerCount();
        alternative = uint8(random.below(system.alternativeCount(act)));
        signers = system.quorumFor(act, alternative, random.seed);
        uint256 way = random.below(10);
        if (way < 2) signers ^= 1 << random.below(officers);
        else if (way == 2) signers = random.below(1 << officers);
    }

    /// @dev By several orders where more is held than one may name.
    function _liftAll(bytes32 caseId) private {
        Lift memory order;
        (order.caseId, order.document, order.signBy, order.salt) = _frame(caseId);
        bool arrested;
        (order.holds, arrested) = _liveTargets(_docket.caseOf(caseId).number);
        if (order.holds.length == 0) return;
        uint8 act = arrested ? Act.LIFT_ARRESTED : Act.LIFT;
        (bytes memory data, ) = system.liftCall(order, 0, system.quorumFor(act, 0, _salts));
        if (_execute(address(_docket), data) == act) return _liftAll(caseId);
        // What is arrested may be younger or older than what is lifted first.
        (data, ) = system.liftCall(order, 0, system.quorumFor(Act.LIFT, 0, _salts));
        VM.assertEq(_execute(address(_docket), data), Act.LIFT, "live holds cannot be lifted");
        _liftAll(caseId);
    }

    /// @dev What the case holds everywhere, as one order may name it, and whether any of it is arrested.
    function _liveTargets(uint32 caseNumber) private view returns (Target[] memory all, bool arrested) {
        all = new Target[](_pairs());
        uint256 n = 0;
        for (uint256 i = 0; i < _pairs(); ++i) {
            (address asset, address account) = _pair(i);
            Hold[] memory holds = _docket.holdsOf(asset, account);
            uint256 live = 0;
            for (uint256 k = 0; k < holds.length; ++k) {
                if (!holds[k].isLiveOf(caseNumber)) continue;
                live += holds[k].amount();
                if (holds[k].kind() == HoldLib.ARRESTED) arrested = true;
            }
            if (live > HoldLib.MAX_AMOUNT) live = HoldLib.MAX_AMOUNT;
            if (live != 0) all[n++] = Target(asset, account, live);
        }
        assembly ("memory-safe") {
            mstore(all, n)
        }
    }

    function _refundAll(bytes32 caseId) private {
        Return memory order;
        (order.caseId, order.document, order.signBy, order.salt) = _frame(caseId);
        order.holders = new Refund[](_pairs());
        uint256 n = 0;
        for (uint256 i = 0; i < _pairs(); ++i) {
            (address asset, address account) = _pair(i);
            (address vault, , uint256 taken) = _docket.custodyOf(caseId, asset, account);
            uint256 left = taken - _disposal.returnedTo(caseId, asset, account);
            if (left == 0) continue;
            order.holders[n++] = Refund(asset, asset, account, left);
            _mayFall[asset][vault] += left;
            bytes32 ofVault = _caseOfVault(account);
            if (ofVault != 0) deposited[ofVault][asset] += left;
        }
        if (n == 0) return;
        Refund[] memory all = order.holders;
        assembly ("memory-safe") {
            mstore(all, n)
        }
        (bytes memory data, ) = system.returnCall(order, 1, system.quorumFor(Act.RETURN, 1, _salts));
        VM.assertEq(_execute(address(_disposal), data), Act.RETURN, "what was taken cannot be returned");
    }

    function _frame(bytes32 caseId) private returns (bytes32, bytes32, uint64, bytes32) {
        return (caseId, system.DOCUMENT(), system.SIGN_BY(), keccak256(abi.encode(++_salts)));
    }

    function _freeze(Random memory random, bytes32 caseId) private returns (Freeze memory order) {
        (order.caseId, order.document, order.signBy, order.salt) = _frame(caseId);
        order.targets = _drawTargets(random);
        order.term = uint32(random.between(1, random.oneIn(2) ? 1 days : system.TERM()));
    }

    /// @dev One or two targets, ascending.
    function _drawTargets(Random memory random) private view returns (Target[] memory drawn) {
        uint256 n = random.oneIn(3) ? 2 : 1;
        uint256 index = random.below(_pairs() - n + 1);
        drawn = new Target[](n);
        for (uint256 i = 0; i < n; ++i) {
            (drawn[i].asset, drawn[i].account) = _pair(index + i);
            drawn[i].amount = random.oneIn(16) ? HoldLib.MAX_AMOUNT : random.between(1, ISSUED);
        }
    }

    /// @dev Mostly at most `most`, at times one above.
    function _upTo(Random memory random, uint256 most) private pure returns (uint256) {
        return
            random.oneIn(8)
                ? most + 1
                : random.oneIn(3)
                    ? most
                    : random.between(1, most);
    }

    /// @dev A hold that is live, or one that ended and was not recorded.
    function _pick(
        Random memory random,
        bool live
    ) private view returns (bool found, address asset, address account, Hold hold) {
        uint256 start = random.below(_pairs());
        for (uint256 i = 0; i < _pairs(); ++i) {
            (asset, account) = _pair((start + i) % _pairs());
            Hold[] memory holds = _docket.holdsOf(asset, account);
            uint256 first = random.below(32);
            for (uint256 k = 0; k < holds.length; ++k) {
                hold = holds[(first + k) % holds.length];
                if (hold.amount() != 0 && (block.timestamp <= hold.until()) == live) {
                    return (true, asset, account, hold);
                }
            }
        }
    }

    function _pickTaken(
        Random memory random
    ) private view returns (bool found, bytes32 caseId, address asset, address account, uint256 left) {
        uint256 n = CASES * _pairs();
        uint256 start = random.below(n);
        for (uint256 i = 0; i < n; ++i) {
            uint256 place = (start + i) % n;
            caseId = caseIds[place % CASES];
            (asset, account) = _pair(place / CASES);
            (, , uint256 takenFrom) = _docket.custodyOf(caseId, asset, account);
            left = takenFrom - _disposal.returnedTo(caseId, asset, account);
            if (left != 0) return (true, caseId, asset, account, left);
        }
    }

    function _transfer(Random memory random, address from, address to) private returns (address asset, uint256 moved) {
        asset = assets[random.below(ASSETS)];
        (uint256 balance, uint256 free) = _free(asset, from);
        uint256 amount = random.oneIn(4) ? random.between(free, balance + 1) : random.below(free / 4 + 1);
        _mayFall[asset][from] = amount;
        VM.prank(from);
        (bool ok, bytes memory answer) = asset.call(abi.encodeCall(IERC20.transfer, (to, amount)));
        ok = ok && abi.decode(answer, (bool));
        bool accepted = asset != address(_fussy) || _fussy.refusal(to) == 0;
        VM.assertTrue(ok == (accepted && amount <= free), "a hold stops exactly what it holds (transfer)");
        moved = ok ? amount : 0;
    }

    function _permit(Random memory random, address owner, address spender, uint256 amount) private {
        uint256 i = 0;
        while (accounts[i] != owner) ++i;
        uint256 deadline = block.timestamp + random.below(2 days);
        bytes32 permit = keccak256(
            abi.encode(
                keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"),
                owner,
                spender,
                amount,
                _tenge.nonces(owner),
                deadline
            )
        );
        bytes32 digest = keccak256(abi.encodePacked(hex"1901", _tenge.DOMAIN_SEPARATOR(), permit));
        (uint8 v, bytes32 r, bytes32 s) = VM.sign(_key(i), digest);
        _tenge.permit(owner, spender, amount, deadline, v, r, s);
    }

    /// @dev What an account has, and what no live hold names; the sum of the holds by plain counting.
    function _free(address asset, address account) private view returns (uint256 balance, uint256 free) {
        balance = IERC20(asset).balanceOf(account);
        uint256 held = _live(asset, account, 0);
        free = balance > held ? balance - held : 0;
    }

    /// @dev Sum of the live holds of a case (0: of all).
    function _live(address asset, address account, uint32 caseNumber) private view returns (uint256 live) {
        Hold[] memory holds = _docket.holdsOf(asset, account);
        for (uint256 i = 0; i < holds.length; ++i) {
            if (block.timestamp > holds[i].until()) continue;
            if (caseNumber == 0 || holds[i].caseNumber() == caseNumber) live += holds[i].amount();
        }
    }

    /// @dev Serves the live holds one after the other from the balance; answers what those of the case get.
    function _seizable(
        address asset,
        address account,
        uint32 caseNumber,
        uint256 balance
    ) private view returns (uint256 seizable) {
        Hold[] memory holds = _docket.holdsOf(asset, account);
        for (uint256 i = 0; i < holds.length; ++i) {
            if (block.timestamp > holds[i].until()) continue;
            uint256 served = holds[i].amount() < balance ? holds[i].amount() : balance;
            balance -= served;
            if (holds[i].caseNumber() == caseNumber) seizable += served;
        }
    }

    /// @dev The case whose vault the account is; 0 for none.
    function _caseOfVault(address account) private view returns (bytes32) {
        for (uint256 i = 0; i < CASES; ++i) {
            if (account == _docket.vaultOf(caseIds[i])) return caseIds[i];
        }
        return 0;
    }

    function _holder(Random memory random) private view returns (address) {
        return accounts[random.below(HOLDERS)];
    }

    function _sign(uint256 key, bytes32 digest) private pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = VM.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }

    function _key(uint256 holder) private pure returns (uint256) {
        return uint256(keccak256(abi.encode("holder", holder)));
    }

    function _none() private pure returns (bytes32[] memory) {
        return new bytes32[](0);
    }

    function _balances() private view returns (uint256[] memory balances) {
        balances = new uint256[](accounts.length * ASSETS);
        for (uint256 i = 0; i < balances.length; ++i) {
            balances[i] = IERC20(assets[i % ASSETS]).balanceOf(accounts[i / ASSETS]);
        }
    }

    /// @dev Every pair.
    function _everywhere() private view returns (Account[] memory all) {
        all = new Account[](_pairs());
        for (uint256 i = 0; i < all.length; ++i) (all[i].asset, all[i].account) = _pair(i);
    }

    /// @dev Number of pairs of an asset and an account that orders may name.
    function _pairs() private view returns (uint256) {
        return ASSETS * targets.length;
    }

    /// @dev They ascend with the index.
    function _pair(uint256 index) private view returns (address asset, address account) {
        return (assets[index / targets.length], targets[index % targets.length]);
    }

    function _insertTarget(address account) private {
        targets.push(account);
        for (uint256 i = targets.length - 1; i > 0 && targets[i - 1] > account; --i) {
            targets[i] = targets[i - 1];
            targets[i - 1] = account;
        }
    }
}
