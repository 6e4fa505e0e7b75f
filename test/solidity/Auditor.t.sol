// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Effect, What} from "../../contracts/Effects.sol";
import {Hold, HoldLib} from "../../contracts/Holds.sol";
import {Journal} from "../../contracts/Journal.sol";
import {Act} from "../../contracts/Orders.sol";
import {System} from "./System.t.sol";
import {VM, Vm} from "./Vm.sol";

/// @notice What somebody who trusts none of the contracts rebuilds from the journal alone.
contract Auditor {
    /// @notice Sums of one case and asset. Base units.
    struct Sums {
        uint256 placed;
        uint256 lifted;
        uint256 lapsed;
        uint256 seized;
        uint256 suspense;
        uint256 returned;
        uint256 claimsDue;
        uint256 claimed;
    }

    System public system;

    bytes32 public head;
    uint256 public entries;
    mapping(bytes32 caseId => bool) public closed;
    mapping(bytes32 caseId => mapping(address asset => Sums)) private _sums;
    mapping(bytes32 caseId => mapping(address asset => mapping(address account => uint256))) public takenFrom;
    mapping(bytes32 caseId => mapping(address asset => mapping(address account => uint256))) public returnedTo;
    mapping(uint256 number => bytes32) private _caseIds;
    mapping(address asset => mapping(address account => Hold[])) private _holds;

    /// @notice An effect is on a hold that no earlier effect placed.
    error AuditorUnknownHold(address asset, address account, Hold hold);

    constructor(System system_) {
        system = system_;
        head = keccak256(abi.encode(block.chainid, address(system_.docket())));
    }

    function sumsOf(bytes32 caseId, address asset) external view returns (Sums memory) {
        return _sums[caseId][asset];
    }

    /// @notice The holds on an account, by priority, without empty ones.
    function holdsOf(address asset, address account) external view returns (Hold[] memory) {
        return _holds[asset][account];
    }

    /// @notice Reads the entries that one call in this second made.
    /// @return last Number of the last act, 0 for none.
    function read(Vm.Log[] calldata logs) external returns (uint8 last) {
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].topics[0] != Journal.Entry.selector) continue;
            VM.assertTrue(logs[i].emitter == address(system.docket()), "an entry outside of the docket");
            last = _read(logs[i]);
        }
    }

    function _read(Vm.Log calldata log) private returns (uint8) {
        (uint8 act, bytes32 document, bytes32[] memory ids, bytes memory effects, bytes32 next) = abi.decode(
            log.data,
            (uint8, bytes32, bytes32[], bytes, bytes32)
        );
        (bytes32 caseId, bytes32 order) = (log.topics[2], log.topics[3]);
        VM.assertEq(uint256(log.topics[1]), ++entries, "an entry is missing or out of order");
        head = keccak256(
            abi.encode(
                head,
                entries,
                act,
                caseId,
                document,
                order,
                keccak256(abi.encodePacked(ids)),
                keccak256(effects),
                block.timestamp
            )
        );
        VM.assertEq(next, head, "the head in the entry");
        if (act <= Act.RETURN) {
            VM.assertTrue(system.meetsAny(act, system.signersOf(ids)), "an executed order met no rule");
            VM.assertTrue(order != 0 && document != 0, "an order without digest or document");
        } else if (act != Act.INSTALL) {
            VM.assertEq(ids.length, act == Act.CANCEL ? 1 : 0, "officers of an act that needs none");
        }
        _apply(act, caseId, abi.decode(effects, (Effect[])));
        return act;
    }

    function _apply(uint8 act, bytes32 caseId, Effect[] memory effects) private {
        for (uint256 i = 0; i < effects.length; ++i) {
            Effect memory effect = effects[i];
            uint8 what = effect.what;
            Sums storage sums = _sums[caseId][effect.asset];
            if (what == What.HELD || what == What.ARRESTED) {
                _holds[effect.asset][effect.account].push(Hold.wrap(effect.value));
                sums.placed += effect.amount;
            } else if (what == What.CONFIRMED) {
                bool first = i == 0 || effects[i - 1].what != what || effects[i - 1].account != effect.account;
                if (first || effects[i - 1].asset != effect.asset) _confirm(effects, i);
            } else if (what >= What.LIFTED && what <= What.SEIZED) {
                _reduce(act, caseId, effect);
            } else if (what == What.CASE_OPENED) {
                _caseIds[effect.value] = caseId;
                closed[caseId] = false;
            } else if (what == What.CASE_CLOSED) {
                closed[caseId] = true;
            } else if (what == What.SUSPENSE) {
                sums.suspense += effect.amount;
            } else if (what == What.RETURNED || what == What.CLAIM_DUE) {
                VM.assertEq(effect.value, uint160(effect.asset), "a refund in another asset");
                if (what == What.RETURNED) sums.returned += effect.amount;
                else sums.claimsDue += effect.amount;
                returnedTo[caseId][effect.asset][effect.account] += effect.amount;
            } else if (what == What.CLAIMED) {
                sums.claimed += effect.amount;
            }
        }
    }

    /// @dev The hold that `effect` leaves behind tells which one it was before.
    function _reduce(uint8 act, bytes32 caseId, Effect memory effect) private {
        Hold then_ = Hold.wrap(effect.value);
        uint256 index = _indexOf(effect.asset, effect.account, then_.withAmount(then_.amount() + effect.amount));
        Hold[] storage holds = _holds[effect.asset][effect.account];
        holds[index] = then_;
        if (then_.amount() == 0) _remove(holds, index);

        bytes32 holder = _caseIds[then_.caseNumber()];
        Sums storage sums = _sums[holder][effect.asset];
        bool live = block.timestamp <= then_.until();
        if (effect.what == What.LAPSED) {
            VM.assertTrue(!live, "a live hold lapsed");
            sums.lapsed += effect.amount;
            return;
        }
        VM.assertTrue(live, "a hold that ended was lifted or seized");
        if (effect.what == What.LIFTED) {
            bool ofVault = effect.account == system.docket().vaultOf(caseId);
            VM.assertTrue(ofVault || holder == caseId, "a hold of another case was lifted");
            bool mayLift = act == Act.LIFT_ARRESTED || (act == Act.LIFT && then_.kind() == HoldLib.PROVISIONAL);
            VM.assertTrue(ofVault || mayLift, "a hold was lifted under the wrong rule");
            sums.lifted += effect.amount;
        } else {
            VM.assertTrue(act == Act.SEIZE && holder == caseId, "a hold of another case was seized");
            sums.seized += effect.amount;
            takenFrom[caseId][effect.asset][effect.account] += effect.amount;
        }
    }

    /// @dev One account's confirmations stand together, its arrested holds before its provisional ones. What they add
    /// up to was taken from the provisional ones as far as these reached.
    function _confirm(Effect[] memory effects, uint256 from) private {
        (address asset, address account) = (effects[from].asset, effects[from].account);
        uint256 end = from;
        uint256 arrested = 0;
        for (; end < effects.length; ++end) {
            Effect memory effect = effects[end];
            if (effect.what != What.CONFIRMED || effect.asset != asset || effect.account != account) break;
            arrested += effect.amount;
        }
        uint256 provisional = _provisional(asset, account, Hold.wrap(effects[from].value).caseNumber());
        arrested = arrested > provisional ? arrested - provisional : 0;
        uint256 place = 0;
        for (uint256 i = from; i < end; ++i) {
            if (arrested == 0) {
                place = _confirmOne(asset, account, HoldLib.PROVISIONAL, Hold.wrap(effects[i].value), 0);
            } else {
                place = _confirmOne(asset, account, HoldLib.ARRESTED, Hold.wrap(effects[i].value), place);
                arrested -= effects[i].amount;
            }
        }
    }

    /// @dev Confirms the first live hold of the number and kind at or after `from`; answers the place behind it.
    function _confirmOne(
        address asset,
        address account,
        uint8 kind,
        Hold confirmed,
        uint256 from
    ) private returns (uint256) {
        Hold[] storage holds = _holds[asset][account];
        for (uint256 i = from; i < holds.length; ++i) {
            Hold hold = holds[i];
            if (hold.number() != confirmed.number() || hold.kind() != kind || !hold.isLive()) continue;
            VM.assertTrue(hold.until() <= confirmed.until(), "a confirmation shortened a hold");
            VM.assertEq(hold.since(), confirmed.since(), "a confirmation changed the beginning");
            VM.assertLe(confirmed.amount(), hold.amount(), "more was confirmed than was held");
            if (hold.amount() > confirmed.amount()) {
                holds[i] = hold.withAmount(hold.amount() - confirmed.amount());
                holds.push(confirmed);
                for (uint256 k = holds.length - 1; k > i; --k) holds[k] = holds[k - 1];
            }
            holds[i] = confirmed;
            return i + 1;
        }
        revert AuditorUnknownHold(asset, account, confirmed);
    }

    function _provisional(address asset, address account, uint32 caseNumber) private view returns (uint256 amount) {
        Hold[] storage holds = _holds[asset][account];
        for (uint256 i = 0; i < holds.length; ++i) {
            Hold hold = holds[i];
            if (hold.kind() == HoldLib.PROVISIONAL && hold.isLiveOf(caseNumber)) amount += hold.amount();
        }
    }

    function _indexOf(address asset, address account, Hold hold) private view returns (uint256 i) {
        Hold[] storage holds = _holds[asset][account];
        while (i < holds.length && Hold.unwrap(holds[i]) != Hold.unwrap(hold)) ++i;
        if (i == holds.length) revert AuditorUnknownHold(asset, account, hold);
    }

    function _remove(Hold[] storage holds, uint256 index) private {
        for (uint256 k = index + 1; k < holds.length; ++k) holds[k - 1] = holds[k];
        holds.pop();
    }
}
