// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice A signature of an officer that is a contract or a verifier's key (ERC-7913 signer bytes). Empty where a
/// contract officer approved on chain.
struct Signed {
    bytes signer;
    bytes signature;
}

/// @notice How an order was approved.
/// @param alternative Which alternative of the act's rules it meets, from 0.
/// @param keys Signatures of keys, 65 bytes each (r, s, v), strictly ascending by officer id.
/// @param others Signatures of all other kinds of officers, strictly ascending by officer id.
struct Approvals {
    uint8 alternative;
    bytes keys;
    Signed[] others;
}

interface IQuorum {
    /// @notice The order has been used.
    error QuorumOrderUsed(bytes32 digest, uint256 entry);
    /// @notice The approvals fall short of the rule. One hex digit per agency.
    error QuorumNotMet(bytes32 digest, uint64 have, uint64 need);
    /// @notice The approvals would meet the rule, but officers withdrew theirs or were dismissed. One hex digit per
    /// agency.
    error QuorumWithdrawn(bytes32 digest, uint64 have, uint64 need);

    /// @notice Lets an order pass once, or reverts. Called by the contracts of the system alone.
    /// @param act Number of the act.
    /// @param about The agency that the order is about; 15 when it is about none.
    /// @param structHash EIP-712 struct hash of the order.
    /// @param signBy Last second in which the order may execute.
    /// @param entry Number of the journal's entry that the order becomes.
    /// @return digest The EIP-712 digest that the officers signed.
    /// @return term Longest term of the rule that was met, in seconds.
    /// @return officerIds The officers whose approvals count, ascending.
    function use(
        uint8 act,
        uint8 about,
        bytes32 structHash,
        uint64 signBy,
        uint256 entry,
        Approvals calldata approvals
    ) external returns (bytes32 digest, uint32 term, bytes32[] memory officerIds);

    /// @notice Lets an order pass that may be executed only after a delay, or reverts. Called by the contracts of the
    /// system alone.
    /// @param caseId The case of the order, or zero.
    /// @return digest The EIP-712 digest that the officers signed.
    /// @return start First second in which the order may be executed.
    /// @return deadline Last second in which the order may be executed.
    /// @return officerIds The officers whose approvals count.
    function schedule(
        uint8 act,
        uint8 about,
        bytes32 structHash,
        uint64 signBy,
        bytes32 caseId,
        uint256 entry,
        Approvals calldata approvals
    ) external returns (bytes32 digest, uint40 start, uint40 deadline, bytes32[] memory officerIds);

    /// @notice Lets a scheduled order execute, once, or reverts. Called by the contract that scheduled it.
    /// @param officerIds The officers whose approvals counted when it was scheduled.
    function execute(uint8 act, bytes32 structHash, bytes32[] calldata officerIds) external returns (bytes32 digest);

    /// @notice Moves the start of a delayed order so that an appeal can be answered before, once. Called by the disposal
    /// alone, before the start.
    /// @return caseId The case of the order, zero where it has none.
    /// @return start First second in which the order may be executed.
    /// @return deadline Last second in which the order may be executed.
    function appeal(bytes32 digest) external returns (bytes32 caseId, uint40 start, uint40 deadline);

    /// @notice EIP-712 domain separator of every order.
    function domainSeparator() external view returns (bytes32);
}
