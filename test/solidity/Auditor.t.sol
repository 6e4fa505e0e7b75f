// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Effect, What} from "../../contracts/types/Effect.sol";
import {IDocket} from "../../contracts/interfaces/IDocket.sol";
import {Act} from "../../contracts/types/Act.sol";
import {System} from "./System.t.sol";
import {ToldHolds} from "./ToldHolds.sol";
import {ToldMoney} from "./ToldMoney.sol";
import {ToldPowers} from "./ToldPowers.sol";
import {VM, Vm} from "./Vm.sol";

/// @notice What somebody who trusts none of the contracts rebuilds from the journal alone, and beside it every movement
/// out of a vault: each is told by the journal, and none is told that did not happen.
contract Auditor is ToldHolds, ToldMoney, ToldPowers {
    /// @dev Money that left a vault.
    struct Payment {
        address vault;
        address asset;
        address account;
        uint256 amount;
    }

    System public system;

    bytes32 public head;
    uint256 public entries;
    mapping(bytes32 caseId => uint256) public caseNumberOf;
    mapping(bytes32 caseId => bool) public hasVault;
    /// @notice How often each change was told.
    mapping(uint8 what => uint256) public seen;
    mapping(address account => bool) private _isVault;
    mapping(bytes32 order => bool) private _entered;
    /// @dev What was seen of one call, and how much of it the journal has told.
    Payment[] private _seen;
    uint256 private _told;

    constructor(System system_) {
        system = system_;
        head = keccak256(abi.encode(block.chainid, address(system_.docket())));
    }

    /// @notice Reads the entries that one call in this second made.
    /// @return last Number of the last act, 0 for none.
    function read(Vm.Log[] calldata logs) external returns (uint8 last) {
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].topics[0] == IDocket.Entry.selector) {
                VM.assertTrue(logs[i].emitter == address(system.docket()), "an entry outside of the docket");
                last = _read(logs[i]);
            } else if (logs[i].topics[0] == IERC20.Transfer.selector) {
                _see(logs[i]);
            }
        }
        VM.assertEq(_told, _seen.length, "money left a vault and the journal does not tell of it");
        delete _seen;
        _told = 0;
    }

    function _see(Vm.Log calldata log) private {
        (address from, address to) = (
            address(uint160(uint256(log.topics[1]))),
            address(uint160(uint256(log.topics[2])))
        );
        if (_isVault[from]) _seen.push(Payment(from, log.emitter, to, abi.decode(log.data, (uint256))));
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
        _checkOfficers(act, order, ids);
        if (act <= Act.SUSPEND || act == Act.EXECUTE) {
            VM.assertTrue(order != 0 && document != 0, "an order without digest or document");
        }
        if (act == Act.EXECUTE) _end(order);
        else if (act <= Act.SUSPEND && act != Act.ADMIT) {
            VM.assertTrue(!_entered[order], "an order was entered twice");
            _entered[order] = true;
        }
        _apply(act, caseId, order, ids, abi.decode(effects, (Effect[])));
        return act;
    }

    function _apply(uint8 act, bytes32 caseId, bytes32 order, bytes32[] memory ids, Effect[] memory effects) private {
        _tidy(effects);
        for (uint256 i = 0; i < effects.length; ++i) {
            Effect memory effect = effects[i];
            ++seen[effect.what];
            if (effect.what == What.ARRESTED && _isSubAccount[effect.account]) _ask(effect.asset, effect.account);
            if (_applyHold(act, caseId, effects, i)) continue;
            if (effect.what == What.CASE_OPENED) {
                _nameCase(caseId, effect.value);
                caseNumberOf[caseId] = effect.value;
                _isVault[_vaultOf(caseId)] = true;
            } else if (effect.what == What.VAULT_CREATED) {
                hasVault[caseId] = true;
            } else if (_pays(effect.what)) {
                _matchPayment(caseId, effect);
            }
            _applyPower(act, entries, caseId, order, ids, effect);
            _applyMoney(act, caseId, order, placements, effect);
        }
        _checkProceedsTold();
        _tidy(effects);
    }

    function _pays(uint8 what) private pure returns (bool) {
        return
            what == What.RETURNED ||
            what == What.CLAIMED ||
            what == What.FORFEITED ||
            what == What.COMPENSATED ||
            what == What.CONVERTED ||
            what == What.TRANSFERRED;
    }

    function _matchPayment(bytes32 caseId, Effect memory effect) private {
        VM.assertTrue(_told < _seen.length, "the journal tells of a payment that was not made");
        Payment memory payment = _seen[_told++];
        VM.assertTrue(
            payment.vault == _vaultOf(caseId) &&
                payment.asset == effect.asset &&
                payment.account == effect.account &&
                payment.amount == effect.amount,
            "a payment is not what the journal tells"
        );
    }

    /// @dev Of a sub-account the platform owes it.
    function _seized(bytes32 caseId, address asset, address account, uint256 amount, uint32 number) internal override {
        if (_isSubAccount[account]) _demand(caseId, asset, account, amount, number);
        else if (amount != 0) {
            _countTaken(caseId, asset, account, amount);
            takenAt[caseId][asset][account] = block.timestamp;
        }
    }

    function _leftOf(
        bytes32 caseId,
        address asset,
        uint8 kind,
        uint256 latest
    ) internal view override returns (uint256) {
        return leftOf(caseId, asset, kind, latest);
    }

    function _takenAt(bytes32 caseId, address asset, address account) internal view override returns (uint256) {
        return takenAt[caseId][asset][account];
    }

    function _vaultOf(bytes32 caseId) internal view override returns (address) {
        return system.docket().vaultOf(caseId);
    }
}
