// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

// Every signed type, its EIP-712 type hash and the number of its act. Fixed: no later version changes one.
// Amounts are base units, times and terms are seconds, `caseId` is at most 31 printable ASCII characters, left-aligned,
// `document` is `keccak256(abi.encode(documentSalt, sha256(file)))` and never zero. Arrays are strictly ascending by
// (asset, account), refunds by (taken, asset, account).

/// @notice An amount of an asset in one account. Base units.
struct Target {
    address asset;
    address account;
    uint256 amount;
}

/// @notice Provisional hold of `targets` for `term` seconds from execution.
struct Freeze {
    bytes32 caseId;
    bytes32 document;
    Target[] targets;
    uint32 term;
    bool wholeAccount;
    uint64 signBy;
    bytes32 salt;
}

/// @notice The court confirms live holds of the case and places new ones, until the second `until`.
/// @param upTo The newest placement number that may be confirmed: it cannot meet a later hold than the court was shown.
struct Arrest {
    bytes32 caseId;
    bytes32 document;
    Target[] confirm;
    Target[] place;
    uint32 upTo;
    uint64 until;
    bool wholeAccount;
    bool omnibus;
    uint64 signBy;
    bytes32 salt;
}

/// @notice Ends holds of the case, in whole or in part.
/// @param upTo The newest placement number that may be touched.
/// @param arrested Whether arrested holds may be touched, which another rule decides.
struct Lift {
    bytes32 caseId;
    bytes32 document;
    Target[] holds;
    uint32 upTo;
    bool arrested;
    uint64 signBy;
    bytes32 salt;
}

/// @notice Moves held money into the vault of the case and nowhere else.
/// @param upTo The newest placement number that may be touched.
struct Seize {
    bytes32 caseId;
    bytes32 document;
    Target[] holds;
    uint32 upTo;
    uint64 signBy;
    bytes32 salt;
}

/// @notice What a holder gets back in `asset` for what was taken from it in `taken`. Base units of `asset`.
struct Refund {
    address taken;
    address asset;
    address account;
    uint256 amount;
}

/// @notice Gives money back to the holders from whom it was taken.
struct Return {
    bytes32 caseId;
    bytes32 document;
    Refund[] holders;
    uint64 signBy;
    bytes32 salt;
}

/// @notice Moves custody to the registered treasury.
struct Forfeit {
    bytes32 caseId;
    bytes32 document;
    address asset;
    address treasury;
    uint256 amount;
    uint64 signBy;
    bytes32 salt;
}

/// @notice Reserves `total` for the claims below `root`, for `claimTerm` seconds from execution.
struct Compensate {
    bytes32 caseId;
    bytes32 document;
    address asset;
    uint256 total;
    bytes32 root;
    bytes32 list;
    uint32 claimTerm;
    uint64 signBy;
    bytes32 salt;
}

/// @notice Delivery versus payment with one licensed wallet; the proceeds stay in the vault.
struct Convert {
    bytes32 caseId;
    bytes32 document;
    address asset;
    uint256 amount;
    address wallet;
    address proceedsAsset;
    uint256 leastProceeds;
    uint64 signBy;
    bytes32 salt;
}

/// @notice Moves money of the case to a free payee. `source`: 1 custody, 2 suspense, 3 the unclaimed of `holder`.
struct Transfer {
    bytes32 caseId;
    bytes32 document;
    address asset;
    uint8 source;
    address holder;
    address to;
    uint256 amount;
    uint64 signBy;
    bytes32 salt;
}

/// @notice A hold on the sub-account of a licensed platform.
struct ExchangeHold {
    bytes32 caseId;
    bytes32 document;
    address asset;
    address wallet;
    bytes32 subAccount;
    uint256 amount;
    uint32 term;
    uint64 signBy;
    bytes32 salt;
}

/// @notice Postpones the start of a scheduled disposal until the second `until`.
struct Stay {
    bytes32 order;
    bytes32 document;
    uint64 until;
    uint64 signBy;
    bytes32 salt;
}

/// @notice Ends a delayed order for ever.
struct Veto {
    bytes32 order;
    bytes32 document;
    uint64 signBy;
    bytes32 salt;
}

/// @notice The affected holder contests a scheduled disposal.
struct Appeal {
    bytes32 order;
    bytes32 document;
    address asset;
    address holder;
    uint64 signBy;
    bytes32 salt;
}

/// @notice Withdraws the signer's own approval of one order for ever.
struct Cancel {
    bytes32 order;
    uint64 signBy;
    bytes32 salt;
}

/// @notice Seats an officer. Signed by the candidate too.
struct Admit {
    uint8 agency;
    uint8 kind;
    bytes signer;
    bytes32 document;
    uint64 signBy;
    bytes32 salt;
}

/// @notice Unseats an officer for ever.
struct Dismiss {
    bytes32 officerId;
    bytes32 document;
    bool compromised;
    uint64 signBy;
    bytes32 salt;
}

/// @notice What one alternative of an act needs: officers per agency, delay, grace and longest term in seconds (see {RuleLib}).
struct Rule {
    bytes8 officers;
    uint32 delay;
    uint32 grace;
    uint32 term;
}

/// @notice Replaces the rules of an act.
struct Configure {
    uint8 act;
    bytes32 document;
    Rule[] rules;
    uint64 signBy;
    bytes32 salt;
}

/// @notice Registers the treasury of an asset.
struct SetTreasury {
    address asset;
    address treasury;
    bytes32 document;
    uint64 signBy;
    bytes32 salt;
}

/// @notice Registers the adapter of an asset; `adapter = asset` means sovereign.
struct SetAdapter {
    address asset;
    address adapter;
    bytes32 codeHash;
    bytes32 document;
    uint64 signBy;
    bytes32 salt;
}

/// @notice Registers a wallet of a licensed platform.
struct License {
    address wallet;
    bytes32 platform;
    bool omnibus;
    uint64 until;
    bytes32 document;
    uint64 signBy;
    bytes32 salt;
}

/// @notice Suspends every wallet of a platform.
struct Suspend {
    bytes32 platform;
    bytes32 document;
    uint64 signBy;
    bytes32 salt;
}

/// @notice EIP-712 struct hashes of the signed types.
library OrderHash {
    bytes32 internal constant TARGET_TYPEHASH = keccak256("Target(address asset,address account,uint256 amount)");
    bytes32 internal constant FREEZE_TYPEHASH = keccak256(
        "Freeze(bytes32 caseId,bytes32 document,Target[] targets,uint32 term,bool wholeAccount,uint64 signBy,bytes32 salt)"
        "Target(address asset,address account,uint256 amount)"
    );
    bytes32 internal constant ARREST_TYPEHASH = keccak256(
        "Arrest(bytes32 caseId,bytes32 document,Target[] confirm,Target[] place,uint32 upTo,uint64 until,bool wholeAccount,bool omnibus,uint64 signBy,bytes32 salt)"
        "Target(address asset,address account,uint256 amount)"
    );
    bytes32 internal constant LIFT_TYPEHASH = keccak256(
        "Lift(bytes32 caseId,bytes32 document,Target[] holds,uint32 upTo,bool arrested,uint64 signBy,bytes32 salt)"
        "Target(address asset,address account,uint256 amount)"
    );
    bytes32 internal constant SEIZE_TYPEHASH = keccak256(
        "Seize(bytes32 caseId,bytes32 document,Target[] holds,uint32 upTo,uint64 signBy,bytes32 salt)"
        "Target(address asset,address account,uint256 amount)"
    );
    bytes32 internal constant REFUND_TYPEHASH = keccak256(
        "Refund(address taken,address asset,address account,uint256 amount)"
    );
    bytes32 internal constant RETURN_TYPEHASH = keccak256(
        "Return(bytes32 caseId,bytes32 document,Refund[] holders,uint64 signBy,bytes32 salt)"
        "Refund(address taken,address asset,address account,uint256 amount)"
    );
    bytes32 internal constant FORFEIT_TYPEHASH = keccak256(
        "Forfeit(bytes32 caseId,bytes32 document,address asset,address treasury,uint256 amount,uint64 signBy,bytes32 salt)"
    );
    bytes32 internal constant COMPENSATE_TYPEHASH = keccak256(
        "Compensate(bytes32 caseId,bytes32 document,address asset,uint256 total,bytes32 root,bytes32 list,uint32 claimTerm,uint64 signBy,bytes32 salt)"
    );
    bytes32 internal constant CONVERT_TYPEHASH = keccak256(
        "Convert(bytes32 caseId,bytes32 document,address asset,uint256 amount,address wallet,address proceedsAsset,uint256 leastProceeds,uint64 signBy,bytes32 salt)"
    );
    bytes32 internal constant TRANSFER_TYPEHASH = keccak256(
        "Transfer(bytes32 caseId,bytes32 document,address asset,uint8 source,address holder,address to,uint256 amount,uint64 signBy,bytes32 salt)"
    );
    bytes32 internal constant EXCHANGE_HOLD_TYPEHASH = keccak256(
        "ExchangeHold(bytes32 caseId,bytes32 document,address asset,address wallet,bytes32 subAccount,uint256 amount,uint32 term,uint64 signBy,bytes32 salt)"
    );
    bytes32 internal constant STAY_TYPEHASH = keccak256(
        "Stay(bytes32 order,bytes32 document,uint64 until,uint64 signBy,bytes32 salt)"
    );
    bytes32 internal constant VETO_TYPEHASH = keccak256(
        "Veto(bytes32 order,bytes32 document,uint64 signBy,bytes32 salt)"
    );
    bytes32 internal constant APPEAL_TYPEHASH = keccak256(
        "Appeal(bytes32 order,bytes32 document,address asset,address holder,uint64 signBy,bytes32 salt)"
    );
    bytes32 internal constant CANCEL_TYPEHASH = keccak256("Cancel(bytes32 order,uint64 signBy,bytes32 salt)");
    bytes32 internal constant ADMIT_TYPEHASH = keccak256(
        "Admit(uint8 agency,uint8 kind,bytes signer,bytes32 document,uint64 signBy,bytes32 salt)"
    );
    bytes32 internal constant DISMISS_TYPEHASH = keccak256(
        "Dismiss(bytes32 officerId,bytes32 document,bool compromised,uint64 signBy,bytes32 salt)"
    );
    bytes32 internal constant RULE_TYPEHASH = keccak256("Rule(bytes8 officers,uint32 delay,uint32 grace,uint32 term)");
    bytes32 internal constant CONFIGURE_TYPEHASH = keccak256(
        "Configure(uint8 act,bytes32 document,Rule[] rules,uint64 signBy,bytes32 salt)"
        "Rule(bytes8 officers,uint32 delay,uint32 grace,uint32 term)"
    );
    bytes32 internal constant SET_TREASURY_TYPEHASH = keccak256(
        "SetTreasury(address asset,address treasury,bytes32 document,uint64 signBy,bytes32 salt)"
    );
    bytes32 internal constant SET_ADAPTER_TYPEHASH = keccak256(
        "SetAdapter(address asset,address adapter,bytes32 codeHash,bytes32 document,uint64 signBy,bytes32 salt)"
    );
    bytes32 internal constant LICENSE_TYPEHASH = keccak256(
        "License(address wallet,bytes32 platform,bool omnibus,uint64 until,bytes32 document,uint64 signBy,bytes32 salt)"
    );
    bytes32 internal constant SUSPEND_TYPEHASH = keccak256(
        "Suspend(bytes32 platform,bytes32 document,uint64 signBy,bytes32 salt)"
    );

    function hash(Freeze calldata order) internal pure returns (bytes32) {
        bytes memory arrays = abi.encode(_hash(order.targets));
        uint256 head;
        assembly ("memory-safe") {
            head := order
        }
        return _hash(FREEZE_TYPEHASH, head, 7, arrays);
    }

    function hash(Arrest calldata order) internal pure returns (bytes32) {
        bytes memory arrays = abi.encode(_hash(order.confirm), _hash(order.place));
        uint256 head;
        assembly ("memory-safe") {
            head := order
        }
        return _hash(ARREST_TYPEHASH, head, 10, arrays);
    }

    function hash(Lift calldata order) internal pure returns (bytes32) {
        bytes memory arrays = abi.encode(_hash(order.holds));
        uint256 head;
        assembly ("memory-safe") {
            head := order
        }
        return _hash(LIFT_TYPEHASH, head, 7, arrays);
    }

    function hash(Seize calldata order) internal pure returns (bytes32) {
        bytes memory arrays = abi.encode(_hash(order.holds));
        uint256 head;
        assembly ("memory-safe") {
            head := order
        }
        return _hash(SEIZE_TYPEHASH, head, 6, arrays);
    }

    function hash(Return calldata order) internal pure returns (bytes32) {
        bytes memory arrays = abi.encode(_hash(order.holders));
        uint256 head;
        assembly ("memory-safe") {
            head := order
        }
        return _hash(RETURN_TYPEHASH, head, 5, arrays);
    }

    function hash(Forfeit calldata order) internal pure returns (bytes32) {
        return keccak256(abi.encode(FORFEIT_TYPEHASH, order));
    }

    function hash(Compensate calldata order) internal pure returns (bytes32) {
        return keccak256(abi.encode(COMPENSATE_TYPEHASH, order));
    }

    function hash(Convert calldata order) internal pure returns (bytes32) {
        return keccak256(abi.encode(CONVERT_TYPEHASH, order));
    }

    function hash(Transfer calldata order) internal pure returns (bytes32) {
        return keccak256(abi.encode(TRANSFER_TYPEHASH, order));
    }

    function hash(ExchangeHold calldata order) internal pure returns (bytes32) {
        return keccak256(abi.encode(EXCHANGE_HOLD_TYPEHASH, order));
    }

    function hash(Stay calldata order) internal pure returns (bytes32) {
        return keccak256(abi.encode(STAY_TYPEHASH, order));
    }

    function hash(Veto calldata order) internal pure returns (bytes32) {
        return keccak256(abi.encode(VETO_TYPEHASH, order));
    }

    function hash(Appeal calldata order) internal pure returns (bytes32) {
        return keccak256(abi.encode(APPEAL_TYPEHASH, order));
    }

    function hash(Cancel calldata order) internal pure returns (bytes32) {
        return keccak256(abi.encode(CANCEL_TYPEHASH, order));
    }

    function hash(Admit calldata order) internal pure returns (bytes32) {
        return
            keccak256(
                abi.encode(
                    ADMIT_TYPEHASH,
                    order.agency,
                    order.kind,
                    keccak256(order.signer),
                    order.document,
                    order.signBy,
                    order.salt
                )
            );
    }

    function hash(Dismiss calldata order) internal pure returns (bytes32) {
        return keccak256(abi.encode(DISMISS_TYPEHASH, order));
    }

    function hash(Configure calldata order) internal pure returns (bytes32) {
        return
            keccak256(
                abi.encode(CONFIGURE_TYPEHASH, order.act, order.document, _hash(order.rules), order.signBy, order.salt)
            );
    }

    function hash(SetTreasury calldata order) internal pure returns (bytes32) {
        return keccak256(abi.encode(SET_TREASURY_TYPEHASH, order));
    }

    function hash(SetAdapter calldata order) internal pure returns (bytes32) {
        return keccak256(abi.encode(SET_ADAPTER_TYPEHASH, order));
    }

    function hash(License calldata order) internal pure returns (bytes32) {
        return keccak256(abi.encode(LICENSE_TYPEHASH, order));
    }

    function hash(Suspend calldata order) internal pure returns (bytes32) {
        return keccak256(abi.encode(SUSPEND_TYPEHASH, order));
    }

    /// @dev Of an order whose arrays follow its case and document. The words of its head lie in the call data as they are
    /// hashed, but for those of the arrays, so they are copied. A dirty word makes a digest that nobody signed.
    /// @param head Where the order begins in the call data.
    /// @param words How many words its head has.
    /// @param arrays The hash of each array, in their order.
    function _hash(
        bytes32 typeHash,
        uint256 head,
        uint256 words,
        bytes memory arrays
    ) private pure returns (bytes32 hashed) {
        assembly ("memory-safe") {
            let encoded := mload(0x40)
            mstore(encoded, typeHash)
            calldatacopy(add(encoded, 32), head, mul(words, 32))
            mcopy(add(encoded, 96), add(arrays, 32), mload(arrays))
            hashed := keccak256(encoded, mul(add(words, 1), 32))
        }
    }

    function _hash(Target[] calldata targets) private pure returns (bytes32) {
        uint256 start;
        assembly ("memory-safe") {
            start := targets.offset
        }
        return _hashArray(TARGET_TYPEHASH, start, targets.length, 3);
    }

    function _hash(Refund[] calldata refunds) private pure returns (bytes32) {
        uint256 start;
        assembly ("memory-safe") {
            start := refunds.offset
        }
        return _hashArray(REFUND_TYPEHASH, start, refunds.length, 4);
    }

    function _hash(Rule[] calldata rules) private pure returns (bytes32) {
        uint256 start;
        assembly ("memory-safe") {
            start := rules.offset
        }
        return _hashArray(RULE_TYPEHASH, start, rules.length, 4);
    }

    /// @dev Hash of the hashes of `length` structs of `words` members that lie at `start` in the call data as they are hashed,
    /// so they are copied. A dirty word makes a digest that nobody signed.
    function _hashArray(
        bytes32 typeHash,
        uint256 start,
        uint256 length,
        uint256 words
    ) private pure returns (bytes32 hashed) {
        assembly ("memory-safe") {
            let hashes := mload(0x40)
            let item := add(hashes, mul(length, 32))
            let size := mul(words, 32)
            mstore(item, typeHash)
            for {
                let i := 0
            } lt(i, length) {
                i := add(i, 1)
            } {
                calldatacopy(add(item, 32), add(start, mul(i, size)), size)
                mstore(add(hashes, mul(i, 32)), keccak256(item, add(size, 32)))
            }
            hashed := keccak256(hashes, mul(length, 32))
        }
    }
}
