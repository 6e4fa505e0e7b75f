// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";

/// @title Consent
/// @notice Whether an account that is no officer wants what it is said to want.
library Consent {
    error ConsentMissing(address account);

    /// @dev Refuses what `account` neither sent nor signed.
    function requireBy(address account, bytes32 digest, bytes calldata signature) internal view {
        if (msg.sender != account && !isSigned(account, digest, signature)) revert ConsentMissing(account);
    }

    /// @dev Whether `account` signed: as a key, whatever code it has (EIP-7702), or as a contract (ERC-1271).
    function isSigned(address account, bytes32 digest, bytes calldata signature) internal view returns (bool) {
        (address signer, ECDSA.RecoverError fault, ) = ECDSA.tryRecoverCalldata(digest, signature);
        if (fault == ECDSA.RecoverError.NoError && signer == account) return true;
        return SignatureChecker.isValidERC1271SignatureNowCalldata(account, digest, signature);
    }
}
