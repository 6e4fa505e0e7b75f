// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {CaseVault} from "../CaseVault.sol";
import {Case, IDocket} from "../interfaces/IDocket.sol";
import {EffectList, EffectListLib, What} from "../types/Effect.sol";

/// @title Cases
/// @notice The cases, and the vault of each at an address known before it exists.
abstract contract Cases is IDocket {
    using EffectListLib for EffectList;

    mapping(bytes32 caseId => Case) internal _cases;
    /// @dev Case n is at n - 1.
    bytes32[] internal _caseIds;
    /// @inheritdoc IDocket
    address public immutable VAULT = address(new CaseVault());

    /// @inheritdoc IDocket
    function vaultOf(bytes32 caseId) public view returns (address) {
        return Clones.predictDeterministicAddress(VAULT, caseId);
    }

    /// @inheritdoc IDocket
    function caseOf(bytes32 caseId) external view returns (Case memory) {
        return _cases[caseId];
    }

    /// @inheritdoc IDocket
    function caseIdOf(uint256 number) external view returns (bytes32) {
        return _caseIds[number - 1];
    }

    /// @inheritdoc IDocket
    function caseCount() external view returns (uint256) {
        return _caseIds.length;
    }

    /// @dev Opens the case if it was never opened; answers its number, and whether this is its first time.
    function _open(bytes32 caseId, EffectList memory effects) internal returns (uint32 number, bool first) {
        number = _cases[caseId].number;
        if (number != 0) return (number, false);
        _requireCaseId(caseId);
        _caseIds.push(caseId);
        number = uint32(_caseIds.length);
        _cases[caseId].number = number;
        effects.add(What.CASE_OPENED, address(0), address(0), 0, number);
        return (number, true);
    }

    /// @dev The vault of the case, created if it does not exist.
    function _ensureVault(bytes32 caseId, EffectList memory effects) internal returns (address vault) {
        Case storage docketed = _cases[caseId];
        if (docketed.hasVault) return vaultOf(caseId);
        docketed.hasVault = true;
        vault = Clones.cloneDeterministic(VAULT, caseId);
        effects.add(What.VAULT_CREATED, address(0), vault, 0, 0);
    }

    function _requireCaseId(bytes32 caseId) private pure {
        bool ended = false;
        for (uint256 i = 0; i < 32; ++i) {
            bytes1 char = caseId[i];
            if (char == 0) ended = true;
            else if (ended || char < 0x20 || char > 0x7e) revert DocketInvalidCaseId(caseId);
        }
        if (!ended || caseId == 0) revert DocketInvalidCaseId(caseId);
    }
}
