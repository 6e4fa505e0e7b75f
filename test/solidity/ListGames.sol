// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Disposal} from "../../contracts/Disposal.sol";
import {Docket} from "../../contracts/Docket.sol";
import {Lens} from "../../contracts/Lens.sol";
import {Lists} from "../../contracts/base/Lists.sol";
import {IDocket} from "../../contracts/interfaces/IDocket.sol";
import {Approvals, IQuorum} from "../../contracts/interfaces/IQuorum.sol";
import {Act} from "../../contracts/types/Act.sol";
import {Arrest, Cancel, Freeze, Refund, Return, Seize, Target} from "../../contracts/types/Order.sol";
import {Bundles} from "./Bundles.sol";
import {CaseGames} from "./CaseGames.sol";
import {ChangeGames} from "./ChangeGames.sol";
import {ASSETS, CASES} from "./Stage.sol";
import {Random, Vm, VM} from "./Vm.sol";

/// @notice Many orders of one act, signed in one sitting and brought in one transaction, whole or in runs.
abstract contract ListGames is CaseGames, ChangeGames {
    using Bundles for bytes32[];

    /// @dev Orders of one act. `approvals` and `signers`: of each order, or where they are bundled those of all.
    struct Sitting {
        uint8 act;
        bool bundled;
        uint64 signBy;
        bytes[] orders;
        bytes32[] digests;
        bytes[] approvals;
        bytes32[][] signers;
    }

    /// @dev What came of orders that were brought one after the other.
    /// @param head Of the journal, then.
    /// @param reasons Why each was refused; empty: it was executed.
    /// @param reason Why the last one was that was refused.
    /// @param faulty Whether that is no reason to pass over it.
    /// @param any Whether one was executed.
    struct Outcome {
        bytes32 head;
        bytes[] reasons;
        bytes reason;
        bool faulty;
        bool any;
    }

    error Rehearsed(Outcome outcome);

    bytes4 private constant USED = IQuorum.QuorumOrderUsed.selector;
    bytes4 private constant WITHDRAWN = IQuorum.QuorumWithdrawn.selector;
    bytes4 private constant NOTHING_HELD = IDocket.DocketNothingHeld.selector;
    uint256 private constant MOST = 5;
    uint256 private constant TRIES = 3;
    /// @dev Sittings that are still brought, the last ones.
    uint256 private constant RECENT = 3;

    bytes[] private _sittings;
    mapping(bytes32 digest => bool) private _used;
    mapping(bytes32 digest => mapping(bytes32 officerId => bool)) private _withdrawn;
    /// @notice How often a list of an act, signed singly or as a bundle, was executed, with an order in it passed over for
    /// the reason of a selector. Without one: how often a list was refused whole for a fault.
    mapping(uint8 act => mapping(bool bundled => mapping(bytes4 selector => uint256))) public passedOver;

    /// @dev Officers sign. Strangers bring some before, officers take some back, and what a case held is lifted; then all is
    /// brought.
    function _playSit(Random memory random) internal {
        Sitting memory sitting = _sit(random, _drawListed(random), random.oneIn(2));
        if (sitting.digests.length == 0) return;
        _sittings.push(abi.encode(sitting));
        uint256 n = sitting.digests.length;
        for (uint256 i = random.below(4); i > 0; --i) {
            uint256 place = random.below(n);
            if (sitting.act == Act.SEIZE && random.oneIn(3)) {
                _liftAll(abi.decode(sitting.orders[place], (Seize)).caseId);
            } else if (random.oneIn(2)) {
                _unsign(random, sitting);
            } else {
                _bring(sitting, place, 1);
            }
        }
        if (!random.oneIn(8)) _bring(sitting, 0, n);
    }

    /// @dev Anyone brings a run of a sitting, whatever was brought of it before.
    function _playBring(Random memory random) internal {
        (bool found, Sitting memory sitting) = _pickSitting(random);
        if (!found) return;
        uint256 first = random.oneIn(2) ? 0 : random.below(sitting.digests.length);
        uint256 rest = sitting.digests.length - first;
        _bring(sitting, first, random.oneIn(2) ? rest : random.between(1, rest));
    }

    function _playUnsign(Random memory random) internal {
        (bool found, Sitting memory sitting) = _pickSitting(random);
        if (found) _unsign(random, sitting);
    }

    /// @dev The very list, but what was signed is other orders, fewer, more, in another order, for another act, Quorum or
    /// chain; or one of them alone; or the bundle, for each by itself; or a bundle that was brought just before.
    function _playForgeList(Random memory random) internal {
        uint8 act = _drawListed(random);
        Sitting memory sitting = _sit(random, act, true);
        uint256 n = sitting.digests.length;
        if (n < 2) return;
        bytes32[] memory leaves = _first(sitting.digests, n);
        uint256 way = random.below(10);
        if (way == 0) leaves = _first(leaves, n + 1);
        else if (way == 1) leaves = _first(leaves, n - 1);
        else if (way == 2) leaves[random.below(n)] = bytes32(random.seed);
        else if (way == 3) (leaves[0], leaves[n - 1]) = (leaves[n - 1], leaves[0]);
        else if (way == 4) act = act == Act.FREEZE ? Act.ARREST : Act.FREEZE;
        else if (way == 5) leaves = _digestsOf(system.twin(), sitting);
        else if (way == 6) leaves = _onAnotherChain(sitting);
        bytes32 signed = way == 7 ? leaves[0] : leaves.digest(act);
        bytes memory genuine = sitting.approvals[0];
        sitting.approvals[0] = system.approve(signed, system.quorumFor(sitting.act, 0, random.seed)).keys;
        if (way == 9) {
            sitting.approvals[0] = genuine;
            _bring(sitting, 0, n);
            sitting = _sit(random, act, true);
            if (sitting.digests.length == 0) return;
            (n, sitting.approvals[0]) = (sitting.digests.length, genuine);
        } else if (way == 8) {
            (sitting.bundled, sitting.approvals) = (false, new bytes[](n));
            for (uint256 i = 0; i < n; ++i) sitting.approvals[i] = genuine;
        }
        uint8 done = _execute(_executorOf(sitting.act), _call(sitting, 0, n));
        VM.assertEq(done, 0, "orders were executed by signatures over something else");
    }

    /// @notice What comes of a run of orders one after the other, each by itself: it reverts with it.
    function rehearse(Sitting calldata sitting, uint256 first, uint256 n) external {
        Outcome memory outcome;
        outcome.reasons = new bytes[](n);
        for (uint256 i = 0; i < n && !outcome.faulty; ++i) _rehearseOne(sitting, first, i, outcome);
        outcome.head = _docket.head();
        revert Rehearsed(outcome);
    }

    function _rehearseOne(Sitting memory sitting, uint256 first, uint256 i, Outcome memory outcome) private {
        (bool faulty, bytes4 passing) = _expected(sitting, first + i);
        (uint8 act, bytes memory reason, ) = _tell(_executorOf(sitting.act), _call(sitting, first + i, 1));
        if (act != 0) {
            VM.assertTrue(!faulty && passing == 0, "an order was executed that may not be");
            _used[sitting.digests[first + i]] = outcome.any = true;
            return;
        }
        bytes4 selector = bytes4(reason);
        bool passes = selector == USED || selector == WITHDRAWN || selector == NOTHING_HELD;
        VM.assertTrue(selector == passing || (passing == 0 && !passes), "an order was refused for another reason");
        (outcome.reasons[i], outcome.reason, outcome.faulty) = (reason, reason, !passes);
    }

    /// @dev An officer takes its approval of an order or of a whole bundle back, or is dismissed.
    function _unsign(Random memory random, Sitting memory sitting) private {
        uint256 i = random.below(sitting.digests.length);
        bytes32[] memory signers = sitting.signers[sitting.bundled ? 0 : i];
        if (signers.length == 0) return;
        bytes32 id = signers[random.below(signers.length)];
        uint256 place = system.indexOf(id);
        if (random.oneIn(4)) return _dismiss(random, place);
        bytes32 digest = sitting.bundled && random.oneIn(4) ? _signedFor(sitting, i) : sitting.digests[i];
        bool may = !_used[digest] && !_withdrawn[digest][id] && !system.officerAt(place).dismissed;
        (bytes memory data, ) = system.cancelCall(Cancel(digest, _signBy(), _salt()), 1 << place);
        uint8 act = _execute(address(system.quorum()), data);
        VM.assertEq(act, may ? Act.CANCEL : 0, "a seated officer takes back what is not used, once");
        if (may) _withdrawn[digest][id] = true;
    }

    /// @dev A list does what its orders do one after the other, each by itself, and tells of those that it passes over; or
    /// it does nothing, for the first fault that is no reason to pass over, or where it passes over all.
    function _bring(Sitting memory sitting, uint256 first, uint256 n) private {
        Outcome memory outcome = _rehearse(sitting, first, n);
        mapping(bytes4 => uint256) storage told = passedOver[sitting.act][sitting.bundled];
        bytes32 head = _docket.head();
        for (uint256 i = 0; i < n; ++i) _expectFalls(sitting.act, sitting.orders[first + i]);
        uint256[ASSETS] memory before = _inLastVault();
        (uint8 act, bytes memory reason, Vm.Log[] memory logs) = _tell(
            _executorOf(sitting.act),
            _call(sitting, first, n)
        );
        if (outcome.faulty || !outcome.any) {
            VM.assertEq(act, 0, "a list was executed with a faulty order in it, or of which none may be");
            VM.assertEq(reason, outcome.reason, "a list was refused for another reason than its last order");
            VM.assertEq(_docket.head(), head, "a list that was refused changed something");
            if (outcome.faulty) ++told[0];
            return;
        }
        VM.assertEq(act, sitting.act, "a list was refused of which orders may be executed");
        VM.assertEq(_docket.head(), outcome.head, "a list did something else than its orders one after the other");
        _checkSkipped(logs, outcome.reasons);
        for (uint256 i = 0; i < n; ++i) {
            if (outcome.reasons[i].length != 0) {
                ++told[bytes4(outcome.reasons[i])];
                continue;
            }
            _used[sitting.digests[first + i]] = true;
            if (act == Act.RETURN) _countRefund(abi.decode(sitting.orders[first + i], (Return)));
        }
        if (act != Act.SEIZE || _docket.caseOf(caseIds[CASES - 1]).number != 0) return;
        // The vault of a case that is not open is an account like any other.
        uint256[ASSETS] memory now_ = _inLastVault();
        for (uint256 a = 0; a < ASSETS; ++a) deposited[caseIds[CASES - 1]][assets[a]] -= before[a] - now_[a];
    }

    function _rehearse(Sitting memory sitting, uint256 first, uint256 n) private returns (Outcome memory outcome) {
        try this.rehearse(sitting, first, n) {
            assert(false);
        } catch (bytes memory told) {
            bool foreign = bytes4(told) != Rehearsed.selector;
            assembly ("memory-safe") {
                if foreign {
                    revert(add(told, 32), mload(told))
                }
                let length := sub(mload(told), 4)
                told := add(told, 4)
                mstore(told, length)
            }
            outcome = abi.decode(told, (Outcome));
        }
    }

    /// @dev Each order that was passed over is told with its place and reason, and nothing else is.
    function _checkSkipped(Vm.Log[] memory logs, bytes[] memory reasons) private pure {
        uint256 i = 0;
        for (uint256 k = 0; k < logs.length; ++k) {
            if (logs[k].topics[0] != Lists.Skipped.selector) continue;
            while (i < reasons.length && reasons[i].length == 0) ++i;
            VM.assertTrue(i < reasons.length, "an order was told to be skipped that was executed");
            VM.assertEq(uint256(logs[k].topics[1]), i, "another order was told to be skipped");
            VM.assertEq(abi.decode(logs[k].data, (bytes)), reasons[i++], "an order was skipped for another reason");
        }
        for (; i < reasons.length; ++i) VM.assertEq(reasons[i].length, 0, "an order was skipped and not told");
    }

    /// @dev By what the officers did since they signed, and what is held.
    /// @return faulty Whether the order is refused for what no list passes over.
    /// @return passing For what it is passed over; 0: it is not.
    function _expected(Sitting memory sitting, uint256 i) private view returns (bool faulty, bytes4 passing) {
        bytes32 digest = sitting.digests[i];
        bool found = true;
        if (sitting.act == Act.SEIZE) {
            Seize memory order = abi.decode(sitting.orders[i], (Seize));
            if (order.upTo > _docket.placements()) return (true, 0);
            found = _findsHold(order);
        }
        if (_used[digest]) return (false, USED);
        if (block.timestamp > sitting.signBy) return (true, 0);
        bytes32 signed = _signedFor(sitting, i);
        bytes32[] memory ids = sitting.signers[sitting.bundled ? 0 : i];
        (uint256 gave, uint256 stand) = (0, 0);
        for (uint256 k = 0; k < ids.length; ++k) {
            uint256 bit = 1 << system.indexOf(ids[k]);
            gave |= bit;
            if (!_withdrawn[digest][ids[k]] && !_withdrawn[signed][ids[k]]) stand |= bit;
        }
        if (!system.wouldMeet(sitting.act, gave)) return (true, 0);
        if (!_able(sitting.act, stand)) return (false, WITHDRAWN);
        return (false, found ? bytes4(0) : NOTHING_HELD);
    }

    function _findsHold(Seize memory order) private view returns (bool found) {
        uint32 caseNumber = _docket.caseOf(order.caseId).number;
        for (uint256 i = 0; i < order.holds.length; ++i) {
            Target memory target = order.holds[i];
            if (_reached(target.asset, target.account, caseNumber, order.upTo, true) != 0) found = true;
        }
    }

    /// @dev A seizure takes at most what it names, a refund just that.
    function _expectFalls(uint8 act, bytes memory encoded) private {
        if (act == Act.SEIZE) {
            Target[] memory holds = abi.decode(encoded, (Seize)).holds;
            for (uint256 i = 0; i < holds.length; ++i) _mayFall[holds[i].asset][holds[i].account] += holds[i].amount;
        } else if (act == Act.RETURN) {
            Return memory order = abi.decode(encoded, (Return));
            _mayFall[order.holders[0].asset][_docket.vaultOf(order.caseId)] += order.holders[0].amount;
        }
    }

    function _countRefund(Return memory order) private {
        Refund memory item = order.holders[0];
        if (_accepts(item.asset, item.account)) _countDeposit(item.account, item.asset, item.amount);
    }

    function _inLastVault() private view returns (uint256[ASSETS] memory balances) {
        for (uint256 a = 0; a < ASSETS; ++a) {
            balances[a] = IERC20(assets[a]).balanceOf(_docket.vaultOf(caseIds[CASES - 1]));
        }
    }

    function _drawListed(Random memory random) private pure returns (uint8) {
        return [Act.FREEZE, Act.ARREST, Act.SEIZE, Act.RETURN][random.below(4)];
    }

    /// @dev One of the last sittings.
    function _pickSitting(Random memory random) private view returns (bool found, Sitting memory sitting) {
        uint256 n = _sittings.length;
        if (n == 0) return (false, sitting);
        return (true, abi.decode(_sittings[n - 1 - random.below(n < RECENT ? n : RECENT)], (Sitting)));
    }

    /// @dev Mostly orders that could be executed now, and mostly by just enough officers; none where there is nothing to
    /// decide on.
    function _sit(Random memory random, uint8 act, bool bundled) private returns (Sitting memory sitting) {
        (sitting.act, sitting.bundled, sitting.signBy) = (act, bundled, _signBy());
        sitting.orders = new bytes[](random.between(1, MOST));
        for (uint256 i = 0; i < sitting.orders.length; ++i) {
            sitting.orders[i] = _drawOrder(random, act);
            for (uint256 k = 0; k < TRIES && !_couldBe(act, sitting.orders[i]) && !random.oneIn(8); ++k) {
                sitting.orders[i] = _drawOrder(random, act);
            }
            if (sitting.orders[i].length == 0) sitting.orders = new bytes[](0);
        }
        sitting.digests = _digestsOf(system.lens(), sitting);
        uint256 n = sitting.orders.length;
        if (bundled && n != 0) n = 1;
        (sitting.approvals, sitting.signers) = (new bytes[](n), new bytes32[][](n));
        bool enough = !random.oneIn(4);
        for (uint256 i = 0; i < n; ++i) {
            _approve(sitting, i, enough ? system.quorumFor(act, 0, random.below(32)) : _draw(random, act));
        }
    }

    /// @dev Whether the order, which may be none, could be executed by enough officers.
    function _couldBe(uint8 act, bytes memory order) private returns (bool) {
        if (order.length == 0) return true;
        Sitting memory alone;
        (alone.act, alone.signBy, alone.orders) = (act, _signBy(), new bytes[](1));
        alone.orders[0] = order;
        alone.digests = _digestsOf(system.lens(), alone);
        (alone.approvals, alone.signers) = (new bytes[](1), new bytes32[][](1));
        _approve(alone, 0, system.quorumFor(act, 0, 0));
        return _rehearse(alone, 0, 1).any;
    }

    function _approve(Sitting memory sitting, uint256 i, uint256 signers) private view {
        sitting.approvals[i] = system.approve(_signedFor(sitting, i), signers).keys;
        sitting.signers[i] = system.allIdsOf(signers);
    }

    /// @dev Encoded; empty where there is nothing to decide on.
    function _drawOrder(Random memory random, uint8 act) private returns (bytes memory) {
        if (act == Act.FREEZE) return abi.encode(_freeze(random, _drawCase(random)));
        if (act == Act.ARREST) {
            (Arrest memory arrest_, ) = _arrest(random);
            return abi.encode(arrest_);
        }
        if (act == Act.SEIZE) {
            (bool held, Seize memory seize_) = _seize(random);
            return held ? abi.encode(seize_) : bytes("");
        }
        (bool found, bytes32 caseId, Refund memory item, ) = _drawRefund(random);
        return found ? abi.encode(_return(caseId, item)) : bytes("");
    }

    /// @dev The digest that the officers of the order at `i` signed: its own, or that of the bundle.
    function _signedFor(Sitting memory sitting, uint256 i) private pure returns (bytes32) {
        return sitting.bundled ? sitting.digests.digest(sitting.act) : sitting.digests[i];
    }

    function _digestsOf(Lens lens, Sitting memory sitting) private view returns (bytes32[] memory digests) {
        (uint8 act, bytes[] memory orders) = (sitting.act, sitting.orders);
        digests = new bytes32[](orders.length);
        for (uint256 i = 0; i < orders.length; ++i) {
            if (act == Act.FREEZE) digests[i] = lens.digestOfFreeze(abi.decode(orders[i], (Freeze)));
            else if (act == Act.ARREST) digests[i] = lens.digestOfArrest(abi.decode(orders[i], (Arrest)));
            else if (act == Act.SEIZE) digests[i] = lens.digestOfSeize(abi.decode(orders[i], (Seize)));
            else digests[i] = lens.digestOfReturn(abi.decode(orders[i], (Return)));
        }
    }

    function _onAnotherChain(Sitting memory sitting) private returns (bytes32[] memory digests) {
        uint256 chainId = block.chainid;
        VM.chainId(chainId + 1);
        digests = _digestsOf(system.lens(), sitting);
        VM.chainId(chainId);
    }

    /// @dev The first `n`, and nothing where there are fewer.
    function _first(bytes32[] memory words, uint256 n) private pure returns (bytes32[] memory some) {
        some = new bytes32[](n);
        for (uint256 i = 0; i < n && i < words.length; ++i) some[i] = words[i];
    }

    function _executorOf(uint8 act) private view returns (address) {
        return act == Act.RETURN ? address(_disposal) : address(_docket);
    }

    /// @dev The call that brings a run of the orders.
    function _call(Sitting memory sitting, uint256 first, uint256 n) private pure returns (bytes memory) {
        bool bundled = sitting.bundled;
        Approvals[] memory approvals = new Approvals[](bundled ? 1 : n);
        for (uint256 i = 0; i < approvals.length; ++i) approvals[i].keys = sitting.approvals[bundled ? 0 : first + i];
        bytes memory range = bundled ? sitting.digests.range(first, n) : bytes("");
        bytes[] memory orders = sitting.orders;
        if (sitting.act == Act.FREEZE) {
            Freeze[] memory freezes = new Freeze[](n);
            for (uint256 i = 0; i < n; ++i) freezes[i] = abi.decode(orders[first + i], (Freeze));
            return abi.encodeCall(Docket.freeze, (freezes, approvals, range));
        }
        if (sitting.act == Act.ARREST) {
            Arrest[] memory arrests = new Arrest[](n);
            for (uint256 i = 0; i < n; ++i) arrests[i] = abi.decode(orders[first + i], (Arrest));
            return abi.encodeCall(Docket.arrest, (arrests, approvals, range));
        }
        if (sitting.act == Act.SEIZE) {
            Seize[] memory seizures = new Seize[](n);
            for (uint256 i = 0; i < n; ++i) seizures[i] = abi.decode(orders[first + i], (Seize));
            return abi.encodeCall(Docket.seize, (seizures, approvals, range));
        }
        Return[] memory refunds = new Return[](n);
        for (uint256 i = 0; i < n; ++i) refunds[i] = abi.decode(orders[first + i], (Return));
        return abi.encodeCall(Disposal.refund, (refunds, approvals, range));
    }
}
