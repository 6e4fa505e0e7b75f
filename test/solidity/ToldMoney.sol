// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Effect, What} from "../../contracts/types/Effect.sol";
import {Act} from "../../contracts/types/Act.sol";
import {VM} from "./Vm.sol";

/// @dev What money that lies in a vault is of.
uint8 constant TAKEN = 0;
uint8 constant SOLD = 1;
uint8 constant GIVEN = 2;

/// @notice What came into the vaults and left them, as the journal tells of it.
abstract contract ToldMoney {
    /// @notice Sums of one case and asset. Base units.
    struct Sums {
        uint256 taken;
        uint256 proceeds;
        uint256 paid;
        uint256 reserved;
        uint256 converted;
        uint256 suspense;
        uint256 suspensePaid;
        uint256 proceedsLeft;
    }

    struct Conversion {
        uint256 converted;
        uint256 proceeds;
    }

    struct Claim {
        uint256 amount;
        uint256 since;
    }

    /// @dev `proceeds`: what of `rest` came as proceeds.
    struct Promise {
        uint256 rest;
        uint256 until;
        uint256 proceeds;
    }

    struct Coming {
        uint256 second;
        uint256 amount;
    }

    /// @dev What a platform said that it withholds in a sub-account, less what was demanded since; for the holds up to
    /// number `answered`.
    struct Answer {
        uint256 withheld;
        uint256 askedAt;
        uint256 answeredAt;
        uint256 answered;
    }

    uint256 private constant UNCLAIMED_TERM = 365 days;

    mapping(bytes32 caseId => mapping(address asset => Sums)) private _sums;
    mapping(bytes32 caseId => mapping(address asset => mapping(address account => uint256))) public takenFrom;
    mapping(bytes32 caseId => mapping(address asset => mapping(address account => uint256))) public returnedTo;
    mapping(bytes32 caseId => mapping(address asset => mapping(address account => Claim))) public claimOf;
    mapping(bytes32 caseId => mapping(address taken => mapping(address proceedsAsset => Conversion)))
        public conversionOf;
    mapping(bytes32 order => Promise) public promiseOf;
    mapping(bytes32 caseId => mapping(address asset => mapping(uint8 kind => Coming[]))) private _comings;
    /// @notice When something was last taken from the account, by others than itself.
    mapping(bytes32 caseId => mapping(address asset => mapping(address account => uint256))) public takenAt;
    mapping(bytes32 order => mapping(uint256 index => bytes32)) private _listed;
    mapping(bytes32 order => mapping(uint256 index => bool)) private _compensated;
    /// @notice What a platform owes of a sub-account.
    mapping(bytes32 caseId => mapping(address asset => mapping(address account => uint256))) public dueOf;
    mapping(address asset => mapping(address account => Answer)) public answerOf;
    mapping(address account => bool) internal _isSubAccount;

    function sumsOf(bytes32 caseId, address asset) public view returns (Sums memory) {
        return _sums[caseId][asset];
    }

    /// @notice What is left of the money of a kind that came until the second `latest`: what leaves is always the oldest.
    /// Base units.
    function leftOf(bytes32 caseId, address asset, uint8 kind, uint256 latest) public view returns (uint256) {
        Sums storage sums = _sums[caseId][asset];
        uint256 left = sums.proceedsLeft;
        if (kind == TAKEN) left = sums.taken + sums.proceeds - sums.paid - sums.reserved - sums.proceedsLeft;
        if (kind == GIVEN) left = sums.suspense - sums.suspensePaid;
        Coming[] storage comings = _comings[caseId][asset][kind];
        uint256 young = 0;
        for (uint256 i = comings.length; i > 0 && comings[i - 1].second > latest; --i) young += comings[i - 1].amount;
        return left > young ? left - young : 0;
    }

    /// @notice The list of a compensation names this claim. The list itself is no part of the journal.
    function list(bytes32 order, uint256 index, address account, uint256 amount) external {
        _listed[order][index] = keccak256(abi.encode(account, amount));
    }

    /// @dev What of `taken` the refund of `amount` of `asset` stands for: what is not whole counts for the holder.
    function _countReturn(bytes32 caseId, address taken, address asset, address account, uint256 amount) private {
        uint256 used = amount;
        if (taken != asset) {
            Conversion storage conversion = conversionOf[caseId][taken][asset];
            VM.assertLe(amount, conversion.proceeds, "more proceeds were returned than came in");
            VM.assertTrue(conversion.converted != 0, "proceeds were returned that answer for nothing");
            _sums[caseId][asset].proceedsLeft -= amount;
            used = (amount * conversion.converted) / conversion.proceeds;
            if (used * conversion.proceeds != amount * conversion.converted) ++used;
            conversion.converted -= used;
            conversion.proceeds -= amount;
        }
        _countBack(caseId, taken, account, used);
    }

    function _countBack(bytes32 caseId, address taken, address account, uint256 amount) private {
        returnedTo[caseId][taken][account] += amount;
        VM.assertLe(
            returnedTo[caseId][taken][account],
            takenFrom[caseId][taken][account],
            "a holder got back more than was taken from it"
        );
    }

    function _countTaken(bytes32 caseId, address asset, address account, uint256 amount) internal {
        _sums[caseId][asset].taken += amount;
        takenFrom[caseId][asset][account] += amount;
        _come(caseId, asset, TAKEN, amount);
    }

    function _come(bytes32 caseId, address asset, uint8 kind, uint256 amount) private {
        _comings[caseId][asset][kind].push(Coming(block.timestamp, amount));
    }

    /// @dev Money that the order `order` moves, or that nobody's order moves.
    /// @param placed Number of the newest hold.
    function _applyMoney(uint8 act, bytes32 caseId, bytes32 order, uint256 placed, Effect memory effect) internal {
        uint8 what = effect.what;
        (address asset, address account, uint256 amount) = (effect.asset, effect.account, effect.amount);
        Sums storage sums = _sums[caseId][asset];
        if (what == What.SUSPENSE) {
            sums.suspense += amount;
            _come(caseId, asset, GIVEN, amount);
        } else if (what == What.RETURNED || what == What.CLAIM_DUE) {
            VM.assertEq(act, Act.RETURN, "a refund by another act");
            if (what == What.RETURNED) {
                sums.paid += amount;
            } else {
                sums.reserved += amount;
                claimOf[caseId][asset][account].amount += amount;
                claimOf[caseId][asset][account].since = block.timestamp;
            }
            _countReturn(caseId, address(uint160(effect.value)), asset, account, amount);
        } else if (what == What.CLAIMED) {
            VM.assertEq(act, Act.CLAIM, "a claim paid by another act");
            VM.assertEq(amount, claimOf[caseId][asset][account].amount, "a claim is paid as a whole");
            delete claimOf[caseId][asset][account];
            _payReserved(sums, amount);
        } else if (what == What.FORFEITED) {
            sums.paid += amount;
        } else if (what == What.RESERVED) {
            VM.assertEq(promiseOf[order].until, 0, "a compensation was executed twice");
            VM.assertLe(block.timestamp + 90 days, effect.value, "victims have less than 90 days");
            sums.reserved += amount;
            promiseOf[order] = Promise(amount, effect.value, 0);
        } else if (what == What.COMPENSATED) {
            VM.assertEq(act, Act.CLAIM, "a victim paid by another act");
            VM.assertEq(
                _listed[order][effect.value],
                keccak256(abi.encode(account, amount)),
                "a victim that no list names was paid"
            );
            VM.assertTrue(!_compensated[order][effect.value], "a victim was paid twice");
            _compensated[order][effect.value] = true;
            VM.assertLe(block.timestamp, promiseOf[order].until, "a victim was paid after its time");
            Promise storage kept = promiseOf[order];
            kept.rest -= amount;
            if (kept.proceeds > kept.rest) kept.proceeds = kept.rest;
            _payReserved(sums, amount);
        } else if (what == What.UNRESERVED) {
            VM.assertEq(bytes32(effect.value), order, "another compensation was freed");
            VM.assertTrue(block.timestamp > promiseOf[order].until, "a compensation was freed before its time");
            VM.assertEq(amount, promiseOf[order].rest, "not the rest of a compensation was freed");
            sums.proceedsLeft += promiseOf[order].proceeds;
            (promiseOf[order].rest, promiseOf[order].proceeds) = (0, 0);
            sums.reserved -= amount;
        } else if (what == What.CONVERTED) {
            sums.paid += amount;
            sums.converted += amount;
            conversionOf[caseId][asset][address(uint160(effect.value))].converted += amount;
        } else if (what == What.PROCEEDS) {
            sums.proceeds += amount;
            sums.proceedsLeft += amount;
            _come(caseId, asset, SOLD, amount);
            conversionOf[caseId][address(uint160(effect.value))][asset].proceeds += amount;
        } else if (what == What.PROCEEDS_SPENT) {
            VM.assertLe(amount, sums.proceedsLeft, "more proceeds were spent than were left");
            sums.proceedsLeft -= amount;
            if (promiseOf[order].rest != 0) promiseOf[order].proceeds = amount;
        } else if (what == What.TRANSFERRED) {
            _applyTransfer(caseId, sums, effect);
        } else if (what == What.SUB_ACCOUNT) {
            _isSubAccount[account] = true;
            _ask(asset, account);
        } else if (what == What.ACKNOWLEDGED) {
            Answer storage answer = answerOf[asset][account];
            VM.assertEq(block.timestamp - answer.askedAt, effect.value, "another answering time is told");
            (answer.withheld, answer.answeredAt, answer.answered) = (amount, block.timestamp, placed);
        } else if (what == What.SURRENDERED) {
            address subAccount = address(uint160(effect.value));
            VM.assertLe(amount, dueOf[caseId][asset][subAccount], "more was surrendered than was due");
            dueOf[caseId][asset][subAccount] -= amount;
            _countTaken(caseId, asset, account, amount);
        } else {
            return;
        }
        VM.assertLe(sums.paid + sums.reserved, sums.taken + sums.proceeds, "paid + reserved <= taken + proceeds");
        VM.assertLe(sums.suspensePaid, sums.suspense, "suspense paid <= suspense");
    }

    /// @dev What the platform owes: what it said that it withholds, and on what it said nothing all.
    function _demand(bytes32 caseId, address asset, address account, uint256 amount, uint32 number) internal {
        dueOf[caseId][asset][account] += amount;
        Answer storage answer = answerOf[asset][account];
        if (number <= answer.answered) answer.withheld -= amount;
    }

    /// @dev A hold on a sub-account asks its platform, unless a question waits.
    function _ask(address asset, address account) internal {
        Answer storage answer = answerOf[asset][account];
        if (answer.askedAt != 0 && answer.answeredAt == 0) return;
        (answer.askedAt, answer.answeredAt) = (block.timestamp, 0);
    }

    function _applyTransfer(bytes32 caseId, Sums storage sums, Effect memory effect) private {
        uint256 source = effect.value >> 160;
        address holder = address(uint160(effect.value));
        if (source == 1) {
            sums.paid += effect.amount;
            if (holder != address(0)) _countBack(caseId, effect.asset, holder, effect.amount);
        } else if (source == 2) {
            sums.suspensePaid += effect.amount;
        } else {
            VM.assertEq(source, 3, "an unknown source");
            Claim storage claim = claimOf[caseId][effect.asset][holder];
            VM.assertLe(claim.since + UNCLAIMED_TERM, block.timestamp, "a claim was moved within a year");
            VM.assertLe(effect.amount, claim.amount, "more than a claim was moved");
            claim.amount -= effect.amount;
            _payReserved(sums, effect.amount);
        }
    }

    function _payReserved(Sums storage sums, uint256 amount) private {
        sums.reserved -= amount;
        sums.paid += amount;
    }
}
