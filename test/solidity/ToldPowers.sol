// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Effect, What} from "../../contracts/types/Effect.sol";
import {Act} from "../../contracts/types/Order.sol";
import {AGENCIES} from "./Seats.sol";
import {VM} from "./Vm.sol";

/// @notice Officers, rules, delayed orders, treasuries and licences, as the journal tells of them.
abstract contract ToldPowers {
    struct ToldSeat {
        uint8 agency;
        bool known;
        bool dismissed;
        bool compromised;
    }

    /// @dev `amount` of `asset` to `account`, and `value`, as PROPOSED. `state`: 1 waits, 2 executed, 3 vetoed.
    struct ToldOrder {
        uint8 act;
        uint8 state;
        bool appealed;
        uint8 stays;
        uint256 scheduledAt;
        uint256 start;
        uint256 deadline;
        bytes32 caseId;
        bytes32 approvers;
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
    mapping(address asset => address) public treasuryOf;
    mapping(address wallet => ToldLicence) public licenceOf;
    mapping(bytes32 platform => uint256) private _suspensions;

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
            VM.assertEq(keccak256(abi.encodePacked(ids)), _orders[order].approvers, "other officers executed an order");
            for (uint256 i = 0; i < ids.length; ++i) {
                VM.assertTrue(!seatOf[ids[i]].compromised, "an order of a compromised officer was executed");
            }
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
            seatOf[bytes32(effect.value)] = ToldSeat(uint8(effect.amount), true, false, false);
        } else if (what == What.DISMISSED) {
            ToldSeat storage seat = seatOf[bytes32(effect.value)];
            seat.dismissed = true;
            if (effect.amount >> 8 == 1) seat.compromised = true;
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
            _touch(effect);
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
        VM.assertEq(order.state, 0, "an order was scheduled twice");
        (order.act, order.state, order.caseId, order.scheduledAt) = (act, 1, caseId, block.timestamp);
        (order.start, order.deadline) = (effect.amount, effect.value);
        order.approvers = keccak256(abi.encodePacked(ids));
        VM.assertLe(block.timestamp + OPEN_TERM, order.start, "a delayed order starts within 48 hours");
    }

    /// @dev Stays, appeals and vetoes: each agency stays once, appeals move an order once.
    function _touch(Effect memory effect) private {
        ToldOrder storage order = _orders[bytes32(effect.amount)];
        bool appeals = effect.what == What.APPEALED;
        VM.assertEq(order.state, 1, "an order was touched that does not wait");
        VM.assertLe(block.timestamp, order.deadline, "a dead order was touched");
        if (effect.what == What.VETOED) {
            order.state = 3;
            return;
        }
        (uint256 start, uint256 deadline) = (uint40(effect.value >> 40), uint40(effect.value));
        VM.assertEq(start - order.start, deadline - order.deadline, "start and deadline moved apart");
        if (appeals) {
            uint256 answered = block.timestamp + APPEAL_TERM;
            bool moves = !order.appealed && answered > order.start;
            VM.assertTrue(block.timestamp < order.start, "an appeal after the start");
            VM.assertEq(start, moves ? answered : order.start, "an appeal moves an order once, by its time");
            order.appealed = true;
        } else {
            VM.assertTrue(start > order.start, "a stay that does not move the start");
            VM.assertLe(++order.stays, AGENCIES, "an agency stayed twice");
        }
        (order.start, order.deadline) = (start, deadline);
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
    function _checkNamed(bytes32 digest, Effect memory effect) private view {
        ToldOrder storage order = _orders[digest];
        uint8 what = effect.what;
        bool pays = what == What.FORFEITED || what == What.CONVERTED || what == What.TRANSFERRED;
        if (!pays && what != What.RESERVED && what != What.PROCEEDS) return;
        if (what == What.PROCEEDS) {
            VM.assertLe(order.value, effect.amount, "less proceeds than the order asks for");
            return;
        }
        VM.assertTrue(
            effect.asset == order.asset && effect.amount == order.amount,
            "another amount than the order names was paid"
        );
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

    /// @dev Officers of each agency, counted one by one. Fails where one is unknown, dismissed, or counted twice.
    function _tally(bytes32[] memory ids) private view returns (uint256[AGENCIES] memory have) {
        for (uint256 k = 0; k < ids.length; ++k) {
            ToldSeat storage seat = seatOf[ids[k]];
            if (k != 0) VM.assertTrue(ids[k] > ids[k - 1], "officers do not ascend");
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
