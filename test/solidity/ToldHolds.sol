// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Effect, What} from "../../contracts/types/Effect.sol";
import {Hold, HoldLib} from "../../contracts/types/Hold.sol";
import {Act} from "../../contracts/types/Order.sol";
import {VM} from "./Vm.sol";

/// @notice The holds, as the journal tells of them.
abstract contract ToldHolds {
    /// @notice Sums of one case and asset. Base units.
    struct HoldSums {
        uint256 placed;
        uint256 lifted;
        uint256 lapsed;
        uint256 seized;
    }

    mapping(bytes32 caseId => mapping(address asset => HoldSums)) private _holdSums;
    mapping(uint256 number => bytes32) private _caseIds;
    mapping(address asset => mapping(address account => Hold[])) private _holds;

    /// @notice An effect is on a hold that no earlier effect placed.
    error AuditorUnknownHold(address asset, address account, Hold hold);

    function holdSumsOf(bytes32 caseId, address asset) external view returns (HoldSums memory) {
        return _holdSums[caseId][asset];
    }

    /// @notice The holds on an account, by priority, without empty ones.
    function holdsOf(address asset, address account) external view returns (Hold[] memory) {
        return _holds[asset][account];
    }

    function _nameCase(bytes32 caseId, uint256 number) internal {
        _caseIds[number] = caseId;
    }

    /// @dev Whether the effect at `i` is on a hold.
    function _applyHold(uint8 act, bytes32 caseId, Effect[] memory effects, uint256 i) internal returns (bool) {
        Effect memory effect = effects[i];
        uint8 what = effect.what;
        if (what < What.HELD || what > What.SEIZED) return false;
        if (what == What.HELD || what == What.ARRESTED) {
            _holds[effect.asset][effect.account].push(Hold.wrap(effect.value));
            _holdSums[caseId][effect.asset].placed += effect.amount;
        } else if (what == What.CONFIRMED) {
            bool first = i == 0 || effects[i - 1].what != what || effects[i - 1].account != effect.account;
            if (first || effects[i - 1].asset != effect.asset) _confirm(effects, i);
        } else {
            _reduce(act, caseId, effect);
        }
        return true;
    }

    /// @dev What was held of the account is now the case's.
    function _seized(bytes32 caseId, address asset, address account, uint256 amount) internal virtual;

    function _vaultOf(bytes32 caseId) internal view virtual returns (address);

    /// @dev The hold that `effect` leaves behind tells which one it was before.
    function _reduce(uint8 act, bytes32 caseId, Effect memory effect) private {
        Hold then_ = Hold.wrap(effect.value);
        uint256 index = _indexOf(effect.asset, effect.account, then_.withAmount(then_.amount() + effect.amount));
        Hold[] storage holds = _holds[effect.asset][effect.account];
        holds[index] = then_;
        if (then_.amount() == 0) _remove(holds, index);

        bytes32 holder = _caseIds[then_.caseNumber()];
        HoldSums storage sums = _holdSums[holder][effect.asset];
        bool live = block.timestamp <= then_.until();
        if (effect.what == What.LAPSED) {
            VM.assertTrue(!live, "a live hold lapsed");
            sums.lapsed += effect.amount;
            return;
        }
        VM.assertTrue(live, "a hold that ended was lifted or seized");
        if (effect.what == What.LIFTED) {
            bool ofVault = effect.account == _vaultOf(caseId);
            VM.assertTrue(ofVault || holder == caseId, "a hold of another case was lifted");
            bool mayLift = act == Act.LIFT_ARRESTED || (act == Act.LIFT && then_.kind() == HoldLib.PROVISIONAL);
            VM.assertTrue(ofVault || mayLift, "a hold was lifted under the wrong rule");
            sums.lifted += effect.amount;
        } else {
            VM.assertTrue(act == Act.SEIZE && holder == caseId, "a hold of another case was seized");
            sums.seized += effect.amount;
            _seized(caseId, effect.asset, effect.account, effect.amount);
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
