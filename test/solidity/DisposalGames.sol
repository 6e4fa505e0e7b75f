// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Compensation} from "../../contracts/base/Compensations.sol";
import {Disposal, Source} from "../../contracts/Disposal.sol";
import {Act, Appeal, Compensate, Convert, Forfeit, Transfer} from "../../contracts/types/Order.sol";
import {Standing} from "../../contracts/types/Standing.sol";
import {Claims, ListedClaim} from "./Claims.sol";
import {DelayedGames} from "./DelayedGames.sol";
import {NO_AGENCY} from "./Seats.sol";
import {ASSETS, CASES} from "./Stage.sol";
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
        (uint8 alternative, uint256 signers) = _draw(random, Act.FORFEIT);
        bytes32 digest = system.lens().digestOfForfeit(order);
        bytes memory data = abi.encodeCall(Disposal.forfeit, (order, system.approve(digest, alternative, signers)));
        Pending memory delayed = _newPending(Act.FORFEIT, alternative, caseId, digest, abi.encode(order));
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
        if (random.oneIn(6)) order.total = _upTo(random, order.total);
        (order.asset, order.list) = (asset, keccak256(abi.encode(list)));
        order.root = list.leaves(address(_docket), caseId, asset).root();
        order.claimTerm = uint32(random.oneIn(8) ? random.below(90 days) : random.between(90 days, 100 days));
        (uint8 alternative, uint256 signers) = _draw(random, Act.COMPENSATE);
        bytes32 digest = system.lens().digestOfCompensate(order);
        bytes memory data = abi.encodeCall(Disposal.compensate, (order, system.approve(digest, alternative, signers)));
        Pending memory delayed = _newPending(Act.COMPENSATE, alternative, caseId, digest, abi.encode(order));
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
        (uint8 alternative, uint256 signers) = _draw(random, Act.CONVERT);
        bytes32 digest = system.lens().digestOfConvert(order);
        bytes memory data = abi.encodeCall(Disposal.convert, (order, system.approve(digest, alternative, signers)));
        Pending memory delayed = _newPending(Act.CONVERT, alternative, caseId, digest, abi.encode(order));
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
            left = _docket.suspenseOf(caseId, asset) - _disposal.ledgerOf(caseId, asset).suspensePaid;
        } else if (order.source == Source.UNCLAIMED || random.oneIn(3)) {
            order.holder = targets[random.below(targets.length)];
            (caseId, asset, order.holder, left) = _pickOwed(random, order.source == Source.UNCLAIMED, order.holder);
        }
        (order.caseId, order.document, order.signBy, order.salt) = _frame(caseId);
        (order.asset, order.amount) = (asset, _partOf(random, left));
        order.to = accounts[random.below(accounts.length)];
        address nobody = _drawNobody(random, asset);
        if (random.oneIn(10)) order.to = nobody;
        (uint8 alternative, uint256 signers) = _draw(random, Act.TRANSFER);
        bytes32 digest = system.lens().digestOfTransfer(order);
        bytes memory data = abi.encodeCall(Disposal.transfer, (order, system.approve(digest, alternative, signers)));
        Pending memory delayed = _newPending(Act.TRANSFER, alternative, caseId, digest, abi.encode(order));
        bool fits = order.source != Source.SUSPENSE || order.holder == address(0);
        if (order.source == Source.UNCLAIMED && order.holder == address(0)) fits = false;
        bool valid = fits && order.source >= 1 && order.source <= 3 && order.to != nobody;
        _schedule(address(_disposal), data, delayed, signers, valid);
    }

    /// @dev The affected holder, by itself or signed; at times somebody else in its name.
    function _playAppeal(Random memory random) internal {
        (bool found, Pending storage delayed) = _pickPending(random, false);
        if (!found) return;
        (uint256 place, address asset) = (random.below(HOLDERS), assets[random.below(ASSETS)]);
        for (uint256 i = 0; i < HOLDERS * ASSETS && _leftOf(delayed.caseId, asset, accounts[place]) == 0; ++i) {
            (place, asset) = ((place + i) % HOLDERS, _other(asset));
        }
        address holder = accounts[place];
        Appeal memory order = Appeal(delayed.digest, system.DOCUMENT(), asset, holder, system.SIGN_BY(), _salt());
        uint256 way = random.below(5);
        bytes memory signature;
        if (way > 1) signature = _sign(_key(way == 4 ? place + 1 : place), system.lens().digestOfAppeal(order));
        bytes memory data = abi.encodeCall(Disposal.appeal, (order, signature));
        bool may =
            way != 4 &&
                _waits(delayed) &&
                block.timestamp < delayed.start &&
                _leftOf(delayed.caseId, asset, holder) != 0 &&
                !_disposal.isAppealed(delayed.digest, holder);
        uint8 act = _executeAs(way < 2 ? holder : address(this), address(_disposal), data);
        VM.assertEq(act, may ? Act.APPEAL : 0, "an appeal is not what the design says");
        if (!may) return;
        uint256 answered = block.timestamp + 15 days;
        if (!delayed.appealed && answered > delayed.start) {
            delayed.deadline += answered - delayed.start;
            delayed.start = answered;
        }
        delayed.appealed = true;
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
        bool may =
            listed &&
                block.timestamp <= made.until &&
                !_disposal.isCompensated(digest, index) &&
                item.amount <= made.rest &&
                _accepts(made.asset, item.account);
        _mayFall[made.asset][_docket.vaultOf(made.caseId)] = item.amount;
        bytes memory data = abi.encodeCall(
            Disposal.claimCompensation,
            (digest, index, item.account, item.amount, path)
        );
        uint8 act = _execute(address(_disposal), data);
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

    function _finishForfeit(Pending storage delayed, bytes32[] memory ids, bool may) internal {
        Forfeit memory order = abi.decode(delayed.order, (Forfeit));
        _mayFall[order.asset][_docket.vaultOf(order.caseId)] = order.amount;
        bool can =
            order.treasury == _docket.treasuryOf(order.asset) &&
                order.treasury != _docket.vaultOf(order.caseId) &&
                order.amount <= _left(order.caseId, order.asset) &&
                _accepts(order.asset, order.treasury);
        bool over = delayed.over;
        bytes memory data = abi.encodeCall(Disposal.executeForfeit, (order, ids));
        _finish(delayed, address(this), address(_disposal), data, may && can);
        if (over != delayed.over) _countDeposit(order.treasury, order.asset, order.amount);
    }

    function _finishCompensate(Pending storage delayed, bytes32[] memory ids, bool may) internal {
        Compensate memory order = abi.decode(delayed.order, (Compensate));
        bytes memory data = abi.encodeCall(Disposal.executeCompensate, (order, ids));
        bool can = order.total <= _left(order.caseId, order.asset);
        bool over = delayed.over;
        _finish(delayed, address(this), address(_disposal), data, may && can);
        if (over != delayed.over) _compensations.push(delayed.digest);
    }

    /// @dev By the wallet, at times by somebody else, with too little, or with what it may not spend.
    function _finishConvert(Random memory random, Pending storage delayed, bytes32[] memory ids, bool may) internal {
        Convert memory order = abi.decode(delayed.order, (Convert));
        address caller = random.oneIn(6) ? address(this) : order.wallet;
        uint256 proceeds = random.oneIn(6) ? order.leastProceeds - 1 : order.leastProceeds + random.below(20);
        (, uint256 free) = _free(order.proceedsAsset, order.wallet);
        bool can = caller == order.wallet && _register.isLicensed(order.wallet) && proceeds >= order.leastProceeds;
        (, uint256 taken, ) = _docket.custodyOf(order.caseId, order.asset, address(0));
        if (order.amount > taken - _disposal.ledgerOf(order.caseId, order.asset).converted) can = false;
        if (order.amount > _left(order.caseId, order.asset) || proceeds > free) can = false;
        if (!_accepts(order.asset, order.wallet)) can = false;
        _mayFall[order.asset][_docket.vaultOf(order.caseId)] = order.amount;
        _mayFall[order.proceedsAsset][order.wallet] = proceeds;
        VM.prank(order.wallet);
        IERC20(order.proceedsAsset).approve(address(_disposal), proceeds);
        bytes memory data = abi.encodeCall(Disposal.executeConvert, (order, ids, proceeds));
        _finish(delayed, caller, address(_disposal), data, may && can);
    }

    function _finishTransfer(Pending storage delayed, bytes32[] memory ids, bool may) internal {
        Transfer memory order = abi.decode(delayed.order, (Transfer));
        address vault = _docket.vaultOf(order.caseId);
        bool can = _accepts(order.asset, order.to) && order.to != vault;
        if (order.source == Source.CUSTODY) {
            if (order.amount > _left(order.caseId, order.asset)) can = false;
            bool limited = order.holder != address(0);
            if (limited && order.amount > _leftOf(order.caseId, order.asset, order.holder)) can = false;
        } else if (order.source == Source.SUSPENSE) {
            uint256 suspense = _docket.suspenseOf(order.caseId, order.asset);
            if (order.amount > suspense - _disposal.ledgerOf(order.caseId, order.asset).suspensePaid) can = false;
        } else {
            Disposal.Claim memory owed = _disposal.claimOf(order.caseId, order.asset, order.holder);
            if (order.amount > owed.amount || block.timestamp <= owed.since + 365 days) can = false;
        }
        _mayFall[order.asset][vault] = order.amount;
        bool over = delayed.over;
        bytes memory data = abi.encodeCall(Disposal.executeTransfer, (order, ids));
        _finish(delayed, address(this), address(_disposal), data, may && can);
        if (over != delayed.over) _countDeposit(order.to, order.asset, order.amount);
    }

    function _newPending(
        uint8 act,
        uint8 alternative,
        bytes32 caseId,
        bytes32 digest,
        bytes memory order
    ) internal pure returns (Pending memory delayed) {
        (delayed.act, delayed.alternative, delayed.about) = (act, alternative, NO_AGENCY);
        (delayed.caseId, delayed.digest, delayed.order) = (caseId, digest, order);
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
            left = claimed ? _disposal.claimOf(caseId, asset, account).amount : _leftOf(caseId, asset, account);
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
