// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC3009} from "@openzeppelin/contracts/token/ERC20/extensions/draft-ERC3009.sol";
import {Consent} from "../libraries/Consent.sol";

/// @title ERC7598
/// @notice ERC-3009 with signatures of any form (https://eips.ethereum.org/EIPS/eip-7598): those of contract wallets too
/// (ERC-1271), and those of keys, whatever code they have (EIP-7702).
abstract contract ERC7598 is ERC3009 {
    /// @notice Moves `value` base units of `from`, as `from` signed.
    /// @param from Whose money it is, a key or a contract.
    /// @param to Who gets it.
    /// @param value Base units.
    /// @param validAfter Unix seconds, exclusive: it passes only after this second.
    /// @param validBefore Unix seconds, exclusive: it passes only before this second. Where both bear the flag of ERC-4337
    /// they are numbers of blocks.
    /// @param nonce Of the authorization; each can be used or withdrawn once.
    /// @param signature Of `from` over the authorization.
    function transferWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        bytes calldata signature
    ) external {
        bytes32 structHash = keccak256(
            abi.encode(TRANSFER_WITH_AUTHORIZATION_TYPEHASH, from, to, value, validAfter, validBefore, nonce)
        );
        _requireSigned(from, structHash, signature);
        _transferWithAuthorization(from, to, value, validAfter, validBefore, nonce);
    }

    /// @notice Moves `value` base units of `from` to the caller, as `from` signed.
    /// @param from Whose money it is, a key or a contract.
    /// @param to Who gets it: the caller.
    /// @param value Base units.
    /// @param validAfter Unix seconds, exclusive: it passes only after this second.
    /// @param validBefore Unix seconds, exclusive: it passes only before this second. Where both bear the flag of ERC-4337
    /// they are numbers of blocks.
    /// @param nonce Of the authorization; each can be used or withdrawn once.
    /// @param signature Of `from` over the authorization.
    function receiveWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        bytes calldata signature
    ) external {
        bytes32 structHash = keccak256(
            abi.encode(RECEIVE_WITH_AUTHORIZATION_TYPEHASH, from, to, value, validAfter, validBefore, nonce)
        );
        _requireSigned(from, structHash, signature);
        if (to != msg.sender) revert ERC20InvalidReceiver(to);
        _transferWithAuthorization(from, to, value, validAfter, validBefore, nonce);
    }

    /// @notice Withdraws an authorization that was not used, as `authorizer` signed.
    /// @param authorizer Whose authorization it is, a key or a contract.
    /// @param nonce Of the authorization.
    /// @param signature Of `authorizer` over the withdrawal.
    function cancelAuthorization(address authorizer, bytes32 nonce, bytes calldata signature) external {
        _requireSigned(authorizer, keccak256(abi.encode(CANCEL_AUTHORIZATION_TYPEHASH, authorizer, nonce)), signature);
        _cancelAuthorization(authorizer, nonce);
    }

    function _requireSigned(address account, bytes32 structHash, bytes calldata signature) private view {
        if (!Consent.isSigned(account, _hashTypedDataV4(structHash), signature)) revert ERC3009InvalidSignature();
    }
}
