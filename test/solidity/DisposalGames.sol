// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Disposal} from "../../contracts/Disposal.sol";
import {Approvals} from "../../contracts/interfaces/IQuorum.sol";
import {Act} from "../../contracts/types/Act.sol";
import {Compensation, Source} from "../../contracts/types/Money.sol";
import {Appeal, Compensate, Convert, Forfeit, Transfer} from "../../contracts/types/Order.sol";
import {Standing} from "../../contracts/types/Standing.sol";
import {Claims, ListedClaim} from "./Claims.sol";
import {DelayedGames} from "./DelayedGames.sol";
import {NO_AGENCY} from "./Seats.sol";
import {CASES} from "./Stage.sol";
import {GIVEN, TAKEN} from "./ToldMoney.sol";
import {Random, VM} from "./Vm.sol";

/// @notice Orders that take money away for good, and what holders and victims do about them.
abstract contract DisposalGames is DelayedGames {
    using Claims for ListedClaim[];
    using Claims for bytes32[];

    mapping(bytes32 order => ListedClaim[]) private _lists;
    bytes32[] private _compensations;

    function _playForfeit(Random memory random) internal {
        Forfeit memory order;
        (bytes32 caseId, address asset, uint256 left) = _pickCustody(random);
        (order.caseId, order.document, order.signBy, order.salt) = _frame(caseId);
        (order.asset, order.amount) = (asset, _partOf(random, left));
        order.treasury = random.oneIn(8) ? accounts[random.below(_payees)] : _docket.treasuryOf(asset);
        uint256 signers = _draw(random, Act.FORFEIT);
        bytes32 digest = system.lens().digestOfForfeit(order);
        bytes memory data = abi.encodeCall(Disposal.forfeit, (order, system.approve(digest, signers)));
        Pending memory delayed = _newPending(Act.FORFEIT, caseId, asset, digest, abi.encode(order));
        _schedule(address(_disposal), data, delayed, signers, order.treasury == _docket.treasuryOf(asset));
    }

    /// @dev A list that is worth its total, at times more or less.
    function _playCompensate(Random memory random) internal {
        Compensate memory order;
        (bytes32 caseId, address asset, uint256 left) = _pickCustody(random);
        (order.caseId, order.document, order.signBy, order.salt) = _frame(caseId);
        ListedClaim[] memory list = new ListedClaim[](random.between(1, 4));
        for (uint256 i = 0; i < list.length; ++i) {
            list[i] = ListedClaim(accounts[random.below(_payees)], random.between(1, left / list.length / 2 + 1));
            order.total += list[i].amount;
        }
        if (random.oneIn(6)) order.total = _atMost(random, order.total);
        (order.asset, order.list) = (asset, keccak256(abi.encode(list)));
        order.root = list.leaves(address(_docket), caseId, asset).root();
        order.claimTerm = uint32(random.oneIn(8) ? random.below(90 days) : random.between(90 days, 100 days));
        uint256 signers = _draw(random, Act.COMPENSATE);
        bytes32 digest = system.lens().digestOfCompensate(order);
        bytes memory data = abi.encodeCall(Disposal.compensate, (order, system.approve(digest, signers)));
        Pending memory delayed = _newPending(Act.COMPENSATE, caseId, asset, digest, abi.encode(order));
        if (!_schedule(address(_disposal), data, delayed, signers, order.claimTerm >= 90 days)) return;
        for (uint256 i = 0; i < list.length; ++i) {
            _lists[digest].push(list[i]);
            auditor.list(digest, i, list[i].account, list[i].amount);
        }
    }

    function _playConvert(Random memory random) internal {
        Convert memory order;
        (bytes32 caseId, address asset, uint256 left) = _pickCustody(random);
        (order.caseId, order.document, order.signBy, order.salt) = _frame(caseId);
        (order.asset, order.amount, order.wallet) = (asset, _partOf(random, left), _wallet(random.below(WALLETS)));
        order.proceedsAsset = random.oneIn(8) ? asset : _other(asset);
        order.leastProceeds = random.below(order.amount * 2);
        uint256 signers = _draw(random, Act.CONVERT);
        bytes32 digest = system.lens().digestOfConvert(order);
        bytes memory data = abi.encodeCall(Disposal.convert, (order, system.approve(digest, signers)));
        Pending memory delayed = _newPending(Act.CONVERT, caseId, asset, digest, abi.encode(order));
        bool valid = order.proceedsAsset != asset && order.leastProceeds != 0;
        _schedule(address(_disposal), data, delayed, signers, valid);
    }

    /// @dev From each source, and to vaults, the system and assets too.
    function _playTransferAway(Random memory random) internal {
        Transfer memory order;
        (bytes32 caseId, address asset, uint256 left) = _pickCustody(random);
        order.source = uint8(random.oneIn(16) ? random.below(6) : random.between(1, 3));
        if (order.source == Source.SUSPENSE) {
            caseId = _drawCase(random);
            left = _docket.moneyOf(caseId, asset).suspense;
        } else if (order.source == Source.UNCLAIMED || random.oneIn(3)) {
            order.holder = targets[random.below(targets.length)];
            (caseId, asset, order.holder, left) = _pickOwed(random, order.source == Source.UNCLAIMED, order.holder);
        }
        (order.caseId, order.document, order.signBy, order.salt) = _frame(caseId);
        (order.asset, order.amount) = (asset, _partOf(random, left));
        order.to = accounts[random.below(accounts.length)];
        address nobody = _drawNobody(random, asset);
        if (random.oneIn(10)) order.to = nobody;
        uint256 signers = _draw(random, Act.TRANSFER);
        bytes32 digest = system.lens().digestOfTransfer(order);
        bytes memory data = abi.encodeCall(Disposal.transfer, (order, system.approve(digest, signers)));
        Pending memory delayed = _newPending(Act.TRANSFER, caseId, asset, digest, abi.encode(order));
        bool fits = order.source != Source.SUSPENSE || order.holder == address(0);
        if (order.source == Source.UNCLAIMED && order.holder == address(0)) fits = false;
        if (order.to == nobody || order.to == _docket.vaultOf(caseId)) fits = false;
        bool valid = fits && order.source >= 1 && order.source <= 3;
        _schedule(address(_disposal), data, delayed, signers, valid);
    }

    /// @dev The affected holder, by itself or signed; at times somebody else in its name.
    function _playAppeal(Random memory random) internal {
        (bool found, Pending storage delayed) = _pickPending(random, false);
        if (!found) return;
        (uint256 place, address asset) = (random.below(HOLDERS), delayed.asset);
        if (random.oneIn(8)) asset = _other(asset);
        for (uint256 i = 0; i < HOLDERS && !_isAffected(delayed.caseId, asset, accounts[place]); ++i) {
            place = (place + 1) % HOLDERS;
        }
        address holder = accounts[place];
        Appeal memory order = Appeal(delayed.digest, system.DOCUMENT(), asset, holder, _signBy(), _salt());
        uint256 way = random.below(5);
        bytes memory signature;
        if (way > 1) signature = _sign(_key(way == 4 ? place + 1 : place), system.lens().digestOfAppeal(order));
        bytes memory data = abi.encodeCall(Disposal.appeal, (order, signature));
        bool may =
            way != 4 &&
                _waits(delayed) &&
                _isDisposal(delayed) &&
                asset == delayed.asset &&
                _isAffected(delayed.caseId, asset, holder) &&
                !_disposal.isAppealed(delayed.digest, holder);
        uint8 act = _executeAs(way < 2 ? holder : address(this), address(_disposal), data);
        VM.assertEq(act, may ? Act.APPEAL : 0, "an appeal is not what the design says");
        if (may) _appealAll(delayed.caseId, asset);
    }

    /// @dev A claim of a compensation, rightful or not.
    function _playClaimCompensation(Random memory random) internal {
        if (_compensations.length == 0) return;
        bytes32 digest = _drawCompensation(random);
        Compensation memory made = _disposal.compensationOf(digest);
        ListedClaim[] memory list = _lists[digest];
        uint256 index = random.below(list.length);
        ListedClaim memory item = ListedClaim(list[index].account, list[index].amount);
        bytes32[] memory path = list.leaves(address(_docket), made.caseId, made.asset).proof(index);
        uint256 way = random.below(10);
        if (way == 0) ++item.amount;
        else if (way == 1) item.account = accounts[random.below(accounts.length)];
        else if (way == 2) index = random.below(list.length + 1);
        bool listed =
            index < list.length &&
                _same(item, list[index]) &&
                (way != 2 || _sameProof(path, list.leaves(address(_docket), made.caseId, made.asset).proof(index)));
        (address caller, bool mine) = _drawClaimant(random, made.asset, item.account);
        bool may =
            listed &&
                block.timestamp <= made.until &&
                !_disposal.isCompensated(digest, index) &&
                item.amount <= made.rest &&
                mine &&
                _accepts(made.asset, item.account);
        _mayFall[made.asset][_docket.vaultOf(made.caseId)] = item.amount;
        bytes memory data = abi.encodeCall(
            Disposal.claimCompensation,
            (digest, index, item.account, item.amount, path)
        );
        uint8 act = _executeAs(caller, address(_disposal), data);
        VM.assertEq(act, may ? Act.CLAIM : 0, "a victim is paid what the list names, once, as far as the total goes");
    }

    function _playUnreserve(Random memory random) internal {
        if (_compensations.length == 0) return;
        bytes32 digest = _drawCompensation(random);
        Compensation memory made = _disposal.compensationOf(digest);
        bool may = made.rest != 0 && block.timestamp > made.until;
        uint8 act = _execute(address(_disposal), abi.encodeCall(Disposal.unreserve, (digest)));
        VM.assertEq(act, may ? Act.UNRESERVE : 0, "what nobody claimed in time is free again, once");
    }

    function _finishForfeit(
        Pending storage delayed,
        bytes32[] memory ids,
        Approvals memory further,
        bool may
    ) internal {
        Forfeit memory order = abi.decode(delayed.order, (Forfeit));
        _mayFall[order.asset][_docket.vaultOf(order.caseId)] = order.amount;
        bool can =
            order.treasury == _docket.treasuryOf(order.asset) &&
                order.treasury != _docket.vaultOf(order.caseId) &&
                order.amount <= _freeFor(delayed) &&
                _accepts(order.asset, order.treasury);
        bool over = delayed.over;
        bytes memory data = abi.encodeCall(Disposal.executeForfeit, (order, ids, further));
        _finish(delayed, address(this), address(_disposal), data, may && can);
        if (over != delayed.over) _countDeposit(order.treasury, order.asset, order.amount);
    }

    function _finishCompensate(
        Pending storage delayed,
        bytes32[] memory ids,
        Approvals memory further,
        bool may
    ) internal {
        Compensate memory order = abi.decode(delayed.order, (Compensate));
        bytes memory data = abi.encodeCall(Disposal.executeCompensate, (order, ids, further));
        bool can = order.total <= _freeFor(delayed);
        bool over = delayed.over;
        _finish(delayed, address(this), address(_disposal), data, may && can);
        if (over != delayed.over) _compensations.push(delayed.digest);
    }

    /// @dev By the wallet, at times by somebody else, with too little, or with what it may not spend.
    function _finishConvert(
        Random memory random,
        Pending storage delayed,
        bytes32[] memory ids,
        Approvals memory further,
        bool may
    ) internal {
        Convert memory order = abi.decode(delayed.order, (Convert));
        address caller = random.oneIn(6) ? address(this) : order.wallet;
        uint256 proceeds = random.oneIn(6) ? order.leastProceeds - 1 : order.leastProceeds + random.below(20);
        (, uint256 free) = _free(order.proceedsAsset, order.wallet);
        bool can = caller == order.wallet && _register.isLicensed(order.wallet) && proceeds >= order.leastProceeds;
        if (order.amount > _freeFor(delayed, TAKEN) || proceeds > free) can = false;
        if (!_accepts(order.asset, order.wallet)) can = false;
        _mayFall[order.asset][_docket.vaultOf(order.caseId)] = order.amount;
        _mayFall[order.proceedsAsset][order.wallet] = proceeds;
        VM.prank(order.wallet);
        IERC20(order.proceedsAsset).approve(address(_disposal), proceeds);
        bytes memory data = abi.encodeCall(Disposal.executeConvert, (order, ids, further, proceeds));
        _finish(delayed, caller, address(_disposal), data, may && can);
    }

    function _finishTransfer(
        Pending storage delayed,
        bytes32[] memory ids,
        Approvals memory further,
        bool may
    ) internal {
        Transfer memory order = abi.decode(delayed.order, (Transfer));
        address vault = _docket.vaultOf(order.caseId);
        bool can = _accepts(order.asset, order.to) && order.to != vault;
        if (order.source == Source.CUSTODY) {
            if (order.amount > _freeFor(delayed)) can = false;
            bool limited = order.holder != address(0);
            if (limited && order.amount > _leftOf(order.caseId, order.asset, order.holder)) can = false;
            uint256 since = auditor.takenAt(order.caseId, order.asset, order.holder);
            if (limited && block.timestamp < since + _ageFor(delayed)) can = false;
        } else if (order.source == Source.SUSPENSE) {
            if (order.amount > _freeFor(delayed, GIVEN)) can = false;
        } else {
            (, uint256 claimed, uint256 since) = _docket.owedTo(order.caseId, order.asset, order.holder);
            if (order.amount > claimed || block.timestamp < since + 365 days) can = false;
        }
        _mayFall[order.asset][vault] = order.amount;
        bool over = delayed.over;
        bytes memory data = abi.encodeCall(Disposal.executeTransfer, (order, ids, further));
        _finish(delayed, address(this), address(_disposal), data, may && can);
        if (over != delayed.over) _countDeposit(order.to, order.asset, order.amount);
    }

    function _newPending(
        uint8 act,
        bytes32 caseId,
        address asset,
        bytes32 digest,
        bytes memory order
    ) internal pure returns (Pending memory delayed) {
        (delayed.act, delayed.about, delayed.caseId, delayed.asset) = (act, NO_AGENCY, caseId, asset);
        (delayed.digest, delayed.order) = (digest, order);
    }

    /// @dev Who is owed in the asset, or in one that was converted into it, or has a claim in it.
    function _isAffected(bytes32 caseId, address asset, address holder) private view returns (bool) {
        bool converted = _conversionOf(caseId, _other(asset)).converted != 0;
        return
            _leftOf(caseId, asset, holder) != 0 ||
            _claimOf(caseId, asset, holder) != 0 ||
            (converted && _leftOf(caseId, _other(asset), holder) != 0);
    }

    /// @dev Whom no order can pay: money could not leave it again.
    function _drawNobody(Random memory random, address asset) private view returns (address) {
        address subAccount = _register.accountOf(_wallet(0), SUB_ACCOUNT);
        if (_docket.standingOf(subAccount) == Standing.SUB_ACCOUNT && random.oneIn(2)) return subAccount;
        return random.oneIn(2) ? address(_register) : asset;
    }

    /// @dev Mostly one that still reserves something.
    function _drawCompensation(Random memory random) private view returns (bytes32 digest) {
        for (uint256 i = 0; i < 8 && _disposal.compensationOf(digest).rest == 0; ++i) {
            digest = _compensations[random.below(_compensations.length)];
        }
    }

    /// @dev A holder to whom something is owed: a claim, or what was taken from it.
    function _pickOwed(
        Random memory random,
        bool claimed,
        address otherwise
    ) private view returns (bytes32 caseId, address asset, address account, uint256 left) {
        uint256 n = CASES * _pairs();
        uint256 start = random.below(n);
        for (uint256 i = 0; i < n; ++i) {
            uint256 place = (start + i) % n;
            caseId = caseIds[place % CASES];
            (asset, account) = _pair(place / CASES);
            left = claimed ? _claimOf(caseId, asset, account) : _leftOf(caseId, asset, account);
            if (left != 0) return (caseId, asset, account, left);
        }
        (caseId, account) = (_drawCase(random), otherwise);
    }

    function _same(ListedClaim memory a, ListedClaim memory b) private pure returns (bool) {
        return a.account == b.account && a.amount == b.amount;
    }

    function _sameProof(bytes32[] memory a, bytes32[] memory b) private pure returns (bool) {
        return keccak256(abi.encode(a)) == keccak256(abi.encode(b));
    }
}
