// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {EffectList, EffectListLib, What} from "../types/Effect.sol";

/// @title Cases
/// @notice The cases, and the vault of each at an address known before it exists.
abstract contract Cases {
    using EffectListLib for EffectList;

    /// @param number From 1; 0: never opened.
    /// @param holds Holds of the case, those included that ended and were not recorded as lapsed.
    /// @param closed Only a mark: the next order opens the case again.
    /// @param hasVault Whether the vault exists.
    struct Case {
        uint32 number;
        uint32 holds;
        bool closed;
        bool hasVault;
    }

    mapping(bytes32 caseId => Case) internal _cases;
    /// @dev Case n is at n - 1.
    bytes32[] internal _caseIds;
    /// @dev Set by install.
    address internal _disposal;
    address internal _vaultImplementation;

    /// @notice Not 1 to 31 printable ASCII characters, left-aligned.
    error DocketInvalidCaseId(bytes32 caseId);

    /// @notice Address of the vault of a case, also before it exists.
    function vaultOf(bytes32 caseId) public view returns (address) {
        return Clones.predictDeterministicAddressWithImmutableArgs(_vaultImplementation, _vaultArgs(caseId), caseId);
    }

    /// @notice State of a case. All zero: never opened.
    function caseOf(bytes32 caseId) external view returns (Case memory) {
        return _cases[caseId];
    }

    /// @notice The case with this number, from 1 on.
    function caseIdOf(uint256 number) external view returns (bytes32) {
        return _caseIds[number - 1];
    }

    /// @notice Number of cases ever opened.
    function caseCount() external view returns (uint256) {
        return _caseIds.length;
    }

    /// @dev Opens the case if it was never opened, or closed; answers its number, and whether this is its first time.
    function _open(bytes32 caseId, EffectList memory effects) internal returns (uint32 number, bool first) {
        Case storage docketed = _cases[caseId];
        number = docketed.number;
        if (number != 0 && !docketed.closed) return (number, false);
        first = number == 0;
        if (first) {
            _requireCaseId(caseId);
            _caseIds.push(caseId);
            number = uint32(_caseIds.length);
            docketed.number = number;
        }
        docketed.closed = false;
        effects.add(What.CASE_OPENED, address(0), address(0), 0, number);
    }

    /// @dev The vault of the case, created if it does not exist.
    function _ensureVault(bytes32 caseId, EffectList memory effects) internal returns (address vault) {
        Case storage docketed = _cases[caseId];
        if (docketed.hasVault) return vaultOf(caseId);
        docketed.hasVault = true;
        vault = Clones.cloneDeterministicWithImmutableArgs(_vaultImplementation, _vaultArgs(caseId), caseId);
        effects.add(What.VAULT_CREATED, address(0), vault, 0, 0);
    }

    function _vaultArgs(bytes32 caseId) private view returns (bytes memory) {
        return abi.encode(_disposal, caseId);
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
