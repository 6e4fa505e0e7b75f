// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Effect, What} from "../../contracts/types/Effect.sol";
import {Act} from "../../contracts/types/Act.sol";
import {AGENCIES} from "./Seats.sol";
import {GIVEN, SOLD, TAKEN} from "./ToldMoney.sol";
import {VM} from "./Vm.sol";

/// @notice Officers, rules, delayed orders, treasuries and licences, as the journal tells of them.
abstract contract ToldPowers {
    struct ToldSeat {
        uint8 agency;
        bool known;
        bool dismissed;
        bool compromised;
        uint256 pausedUntil;
    }

    /// @dev `amount` of `asset` to `account`, and `value`, as PROPOSED. `state`: 1 waits, 2 executed, 3 vetoed.
    /// `stayed`: days, by agency.
    struct ToldOrder {
        uint8 act;
        uint8 state;
        bool appealed;
        uint8[AGENCIES] stayed;
        uint256 scheduledAt;
        uint256 start;
        uint256 deadline;
        uint256 delay;
        bytes32 caseId;
        bytes32[] approvers;
        address asset;
        address account;
        uint256 amount;
        uint256 value;
    }

    struct ToldLicence {
        bytes32 platform;
        bool omnibus;
        uint256 first;
        uint256 until;
        uint256 entry;
    }

    /// @dev The least time between an order and a payment to anybody but recorded holders and the treasury.
    uint256 private constant OPEN_TERM = 48 hours;
    uint256 private constant APPEAL_TERM = 15 days;
    uint256 private constant PUBLIC_TERM = 7 days;
    uint256 private constant ALTERNATIVES = 6;
    uint256 private constant SELF = 15;

    mapping(bytes32 officerId => ToldSeat) public seatOf;
    mapping(uint8 act => mapping(uint256 alternative => uint256)) public ruleOf;
    mapping(bytes32 digest => ToldOrder) private _orders;
    /// @dev Disposals of the asset, and when appeals against them came.
    mapping(bytes32 caseId => mapping(address asset => bytes32[])) private _disposals;
    mapping(bytes32 caseId => mapping(address asset => uint256[])) private _appeals;
    mapping(address asset => address) public treasuryOf;
    mapping(address wallet => ToldLicence) public licenceOf;
    mapping(bytes32 platform => uint256) private _suspensions;
    /// @dev Of the payment that was told last, what its entry has still to tell as proceeds.
    uint256 private _ofProceeds;

    function orderOf(bytes32 digest) external view returns (ToldOrder memory) {
        return _orders[digest];
    }

    function isLicensed(address wallet) public view returns (bool) {
        ToldLicence storage licence = licenceOf[wallet];
        return
            block.timestamp >= licence.first &&
            block.timestamp <= licence.until &&
            licence.entry > _suspensions[licence.platform];
    }

    /// @dev Who the entry says decided it: officers who could, by the rules and seats of that moment.
    function _checkOfficers(uint8 act, bytes32 order, bytes32[] memory ids) internal view {
        if (act == Act.INSTALL) return;
        if (act == Act.EXECUTE) {
            bytes32[] storage approvers = _orders[order].approvers;
            bool compromised = false;
            for (uint256 i = 0; i < approvers.length; ++i) {
                if (seatOf[approvers[i]].compromised) compromised = true;
            }
            // Counted anew, or as they were.
            bool stands =
                compromised
                    ? _meetsAny(_orders[order].act, _tally(ids))
                    : keccak256(abi.encodePacked(ids)) == keccak256(abi.encodePacked(approvers));
            VM.assertTrue(stands, "an order of a compromised officer, or of others than approved it, was executed");
        } else if (act <= Act.SUSPEND) {
            VM.assertTrue(_meetsAny(act, _tally(ids)), "an executed order met no rule");
        } else {
            VM.assertEq(ids.length, act == Act.CANCEL ? 1 : 0, "officers of an act that needs none");
        }
    }

    function _applyPower(
        uint8 act,
        uint256 entry,
        bytes32 caseId,
        bytes32 order,
        bytes32[] memory ids,
        Effect memory effect
    ) internal {
        uint8 what = effect.what;
        if (what == What.ADMITTED) {
            seatOf[bytes32(effect.value)] = ToldSeat(uint8(effect.amount), true, false, false, 0);
        } else if (what == What.DISMISSED) {
            ToldSeat storage seat = seatOf[bytes32(effect.value)];
            seat.dismissed = true;
            if (effect.amount >> 8 == 1) seat.compromised = true;
            _pause(ids);
        } else if (what == What.RULE_SET) {
            ruleOf[uint8(effect.amount >> 8)][effect.amount & 0xff] = effect.value;
        } else if (what == What.TREASURY_SET) {
            treasuryOf[effect.asset] = effect.account;
        } else if (what == What.PROPOSED) {
            ToldOrder storage proposed = _orders[order];
            (proposed.asset, proposed.account) = (effect.asset, effect.account);
            (proposed.amount, proposed.value) = (effect.amount, effect.value);
        } else if (what == What.SCHEDULED) {
            _schedule(act, caseId, order, ids, effect);
        } else if (what == What.STAYED || what == What.APPEALED || what == What.VETOED) {
            _touch(caseId, ids, effect);
        } else if (what == What.LICENSED) {
            _license(entry, effect);
        } else if (what == What.SUSPENDED) {
            _suspensions[bytes32(effect.value)] = entry;
        }
        if (act == Act.EXECUTE) _checkNamed(order, effect);
    }

    /// @dev A delayed order ends in its time and once.
    function _end(bytes32 digest) internal {
        ToldOrder storage order = _orders[digest];
        VM.assertEq(order.state, 1, "an order was executed that did not wait");
        VM.assertLe(order.start, block.timestamp, "an order was executed before its start");
        VM.assertLe(block.timestamp, order.deadline, "an order was executed after its deadline");
        order.state = 2;
    }

    function _schedule(uint8 act, bytes32 caseId, bytes32 digest, bytes32[] memory ids, Effect memory effect) private {
        ToldOrder storage order = _orders[digest];
        bool sooner = act == Act.ADMIT && order.state == 1 && effect.amount < order.start;
        VM.assertTrue(order.state == 0 || sooner, "an order was scheduled twice");
        (order.act, order.state, order.caseId, order.scheduledAt) = (act, 1, caseId, block.timestamp);
        (order.start, order.deadline) = (effect.amount, effect.value);
        (order.delay, order.approvers) = (order.start - block.timestamp, ids);
        VM.assertLe(block.timestamp + OPEN_TERM, order.start, "a delayed order starts within 48 hours");
        if (act < Act.FORFEIT || act > Act.TRANSFER) return;
        _disposals[caseId][order.asset].push(digest);
        uint256[] storage appeals = _appeals[caseId][order.asset];
        uint256 n = appeals.length;
        if (n != 0 && block.timestamp < appeals[n - 1] + APPEAL_TERM) _move(order);
    }

    /// @dev Stays, appeals and vetoes of an order that is alive.
    function _touch(bytes32 caseId, bytes32[] memory ids, Effect memory effect) private {
        ToldOrder storage order = _orders[bytes32(effect.amount)];
        VM.assertEq(order.caseId, caseId, "what is done about an order stands in its case");
        VM.assertEq(order.state, 1, "an order was touched that does not wait");
        VM.assertLe(block.timestamp, order.deadline, "a dead order was touched");
        if (effect.what == What.VETOED) {
            order.state = 3;
            return;
        }
        (uint256 start, uint256 deadline) = (uint40(effect.value >> 40), uint40(effect.value));
        if (effect.what == What.APPEALED) {
            VM.assertTrue(effect.asset == order.asset, "an appeal about another asset");
            _appealAll(caseId, order.asset);
        } else {
            uint256 from = order.start < block.timestamp ? block.timestamp : order.start;
            VM.assertTrue(start > from, "a stay that does not move the start");
            order.stayed[seatOf[ids[0]].agency] += uint8((start - from + 1 days - 1) / 1 days);
            (order.start, order.deadline) = (start, order.deadline + start - from);
        }
        VM.assertEq(start, order.start, "stays and appeals move an order as the design says");
        VM.assertEq(deadline, order.deadline, "start and deadline moved apart");
    }

    /// @dev Moves every order on the asset that is alive, once.
    function _appealAll(bytes32 caseId, address asset) private {
        _appeals[caseId][asset].push(block.timestamp);
        bytes32[] storage digests = _disposals[caseId][asset];
        for (uint256 i = 0; i < digests.length; ++i) {
            ToldOrder storage order = _orders[digests[i]];
            if (order.state == 1 && block.timestamp <= order.deadline && !order.appealed) _move(order);
        }
    }

    function _move(ToldOrder storage order) private {
        order.appealed = true;
        (order.start, order.deadline) = (order.start + APPEAL_TERM, order.deadline + APPEAL_TERM);
    }

    /// @dev Officers who took part in a dismissal take part in none for 7 days, after a rescue, which takes four, for 2.
    function _pause(bytes32[] memory ids) private {
        for (uint256 i = 0; i < ids.length; ++i) {
            ToldSeat storage seat = seatOf[ids[i]];
            VM.assertLe(seat.pausedUntil, block.timestamp, "an officer took part in two dismissals");
            seat.pausedUntil = block.timestamp + (ids.length < 4 ? 7 days : 2 days);
        }
    }

    function _license(uint256 entry, Effect memory effect) private {
        ToldLicence storage licence = licenceOf[effect.account];
        bool omnibus = effect.amount >> 80 == 1;
        uint256 first = uint40(effect.amount >> 40);
        bool renews =
            isLicensed(effect.account) && licence.platform == bytes32(effect.value) && licence.omnibus == omnibus;
        VM.assertEq(first, renews ? licence.first : block.timestamp + PUBLIC_TERM, "a licence that came overnight");
        licenceOf[effect.account] = ToldLicence(bytes32(effect.value), omnibus, first, uint40(effect.amount), entry);
    }

    /// @dev Nobody is paid whom the order does not name, and nobody but the treasury within 48 hours of it.
    function _checkNamed(bytes32 digest, Effect memory effect) private {
        ToldOrder storage order = _orders[digest];
        uint8 what = effect.what;
        bool pays = what == What.FORFEITED || what == What.CONVERTED || what == What.TRANSFERRED;
        if (what == What.PROCEEDS_SPENT) {
            VM.assertEq(effect.amount, _ofProceeds, "what was taken goes first, as far as it is old enough");
            _ofProceeds = 0;
        }
        if (!pays && what != What.RESERVED && what != What.PROCEEDS) return;
        if (what == What.PROCEEDS) {
            VM.assertLe(order.value, effect.amount, "less proceeds than the order asks for");
            return;
        }
        VM.assertTrue(
            effect.asset == order.asset && effect.amount == order.amount,
            "another amount than the order names was paid"
        );
        _checkAge(order, effect);
        if (pays) VM.assertTrue(effect.account == order.account, "somebody was paid whom the order does not name");
        if (what == What.FORFEITED) {
            VM.assertEq(order.act, Act.FORFEIT, "a forfeiture by another order");
            VM.assertTrue(effect.account == treasuryOf[effect.asset], "a treasury that is not registered was paid");
            return;
        }
        VM.assertLe(order.scheduledAt + OPEN_TERM, block.timestamp, "a stranger was paid within 48 hours of the order");
        if (what == What.RESERVED) VM.assertEq(order.act, Act.COMPENSATE, "a compensation by another order");
        if (what == What.CONVERTED) {
            VM.assertEq(order.act, Act.CONVERT, "a conversion by another order");
            VM.assertTrue(isLicensed(effect.account), "a wallet without licence converted");
        }
        if (what == What.TRANSFERRED) {
            VM.assertEq(order.act, Act.TRANSFER, "a transfer by another order");
            VM.assertEq(effect.value, order.value, "another source than the order names");
        }
    }

    /// @dev What is left of the money of a kind that came until the second `latest`.
    function _leftOf(bytes32 caseId, address asset, uint8 kind, uint256 latest) internal view virtual returns (uint256);

    /// @dev When something was last taken from the account.
    function _takenAt(bytes32 caseId, address asset, address account) internal view virtual returns (uint256);

    /// @dev An order disposes only of money that has been there for its delay, and the time of an appeal, of what was taken
    /// first. Whoever appealed within the delay after its money came keeps it for 15 days from then, under whatever order.
    function _checkAge(ToldOrder storage order, Effect memory effect) private {
        uint256 source = effect.what == What.TRANSFERRED ? effect.value >> 160 : 1;
        if (source == 3) return;
        uint256 age = order.delay + (order.appealed ? APPEAL_TERM : 0);
        uint256 latest = block.timestamp - age;
        VM.assertLe(
            effect.amount,
            _freeAt(order, effect, source, latest),
            "an order disposed of money that came less than its delay ago"
        );
        uint256[] storage appeals = _appeals[order.caseId][effect.asset];
        for (uint256 i = appeals.length; i > 0 && block.timestamp < appeals[i - 1] + APPEAL_TERM; --i) {
            uint256 free = _freeAt(order, effect, source, appeals[i - 1] - order.delay);
            VM.assertLe(effect.amount, free, "money of one who appealed was disposed of within 15 days");
        }
        if (source == 2) return;
        uint256 taken = _leftOf(order.caseId, effect.asset, TAKEN, latest);
        _ofProceeds = effect.amount > taken ? effect.amount - taken : 0;
        address holder = effect.what == What.TRANSFERRED ? address(uint160(effect.value)) : address(0);
        if (holder == address(0)) return;
        VM.assertLe(
            _takenAt(order.caseId, effect.asset, holder),
            latest,
            "a holder's money went to another before it could appeal"
        );
    }

    /// @dev What an order may dispose of that lay there in the second `latest`: a conversion takes no proceeds.
    function _freeAt(
        ToldOrder storage order,
        Effect memory effect,
        uint256 source,
        uint256 latest
    ) private view returns (uint256 free) {
        if (source == 2) return _leftOf(order.caseId, effect.asset, GIVEN, latest);
        free = _leftOf(order.caseId, effect.asset, TAKEN, latest);
        if (effect.what != What.CONVERTED) free += _leftOf(order.caseId, effect.asset, SOLD, latest);
    }

    /// @dev The entry told what of the money that it moved came as proceeds.
    function _checkProceedsTold() internal view {
        VM.assertEq(_ofProceeds, 0, "proceeds were spent, and nobody told");
    }

    /// @dev Officers of each agency, counted one by one. Fails where one is unknown, dismissed, or counted twice.
    function _tally(bytes32[] memory ids) private view returns (uint256[AGENCIES] memory have) {
        for (uint256 k = 0; k < ids.length; ++k) {
            ToldSeat storage seat = seatOf[ids[k]];
            for (uint256 i = 0; i < k; ++i) VM.assertTrue(ids[k] != ids[i], "an officer counted twice");
            VM.assertTrue(seat.known && !seat.dismissed, "an unknown officer counted");
            ++have[seat.agency];
        }
    }

    /// @dev Whether an alternative of the act is met, about some agency where it has SELF: which one, the entry does not
    /// tell.
    function _meetsAny(uint8 act, uint256[AGENCIES] memory have) private view returns (bool) {
        for (uint256 i = 0; i < ALTERNATIVES; ++i) {
            uint256 rule = ruleOf[act][i];
            if (rule == 0) continue;
            uint256 self = (rule >> (4 * SELF)) & 0xf;
            for (uint256 about = 0; about < (self == 0 ? 1 : AGENCIES); ++about) {
                bool met = true;
                for (uint256 agency = 0; agency < AGENCIES; ++agency) {
                    uint256 need = ((rule >> (4 * agency)) & 0xf) + (agency == about ? self : 0);
                    if (have[agency] < need) met = false;
                }
                if (met) return true;
            }
        }
        return false;
    }
}
