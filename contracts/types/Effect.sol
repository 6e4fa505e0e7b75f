// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice What one act changed. An entry of the journal carries `abi.encode(Effect[])`, from which every state of the
/// system can be rebuilt.
/// @param what Number of the change, see {What}.
/// @param amount Base units, or as {What} says.
/// @param value Further data, as {What} says.
struct Effect {
    uint8 what;
    address asset;
    address account;
    uint256 amount;
    uint256 value;
}

/// @notice Numbers of the changes. Fixed: no later version changes one.
///
/// Those on a hold tell every word that the docket keeps of an account, in the order of its list. `amount` is what the act
/// concerns, `value` the packed {Hold} as it stands afterwards: a reader puts it in the place of the word that is named
/// below. A hold that ends whole keeps its word, with amount 0 and `until` = the second of its end. Words of amount 0 from
/// which nothing counts any more are taken out untold, as {HoldBook-_fallOut} says: after the effects of an entry on the
/// account, and before each FORGOTTEN. Who wants to know only what is held leaves out all words of amount 0, and MARKED and
/// FORGOTTEN with them.
library What {
    /// @dev A provisional hold of `amount` was placed: `value` is the list's new last word.
    uint8 internal constant HELD = 1;
    /// @dev An arrested hold of `amount` was placed: `value` is the list's new last word.
    uint8 internal constant ARRESTED = 2;
    /// @dev `amount` of a provisional hold was confirmed: of the one provisional word with this number. Where it was more,
    /// the rest follows it, without OPENS.
    uint8 internal constant CONFIRMED = 3;
    /// @dev `amount` of a live hold ended by decision: of the last word that is `value` with `amount` more. Where it ended
    /// whole, its `until` may have been later.
    uint8 internal constant LIFTED = 4;
    /// @dev `amount` of a hold had ended by time: `value` is the same word with amount 0.
    uint8 internal constant LAPSED = 5;
    /// @dev `amount` of a hold was moved into the vault of the case, or is demanded of a platform. Zero when nothing was left
    /// for it. Which word it was is told as for LIFTED, but the first.
    uint8 internal constant SEIZED = 6;
    /// @dev `amount` of an arrested hold was confirmed again: of the first live arrested word with this number behind those
    /// that this entry extended before. Where it was more, the rest follows it, without OPENS.
    uint8 internal constant EXTENDED = 7;
    /// @dev Behind the hold placed just before, which counts from earlier, stands the word `value`, of no case: it keeps
    /// since when no provisional hold may roll over.
    uint8 internal constant MARKED = 8;
    /// @dev The word `value`, of a hold that had ended, gave its place to an arrest.
    uint8 internal constant FORGOTTEN = 9;

    /// @dev The case was opened. `value`: its number. 17 is not used any more.
    uint8 internal constant CASE_OPENED = 16;
    /// @dev The vault `account` was created.
    uint8 internal constant VAULT_CREATED = 18;
    /// @dev `amount` in the vault that no act put there was booked as suspense.
    uint8 internal constant SUSPENSE = 19;
    /// @dev A document was opened. `amount`: its salt, `value`: the SHA-256 of its file.
    uint8 internal constant DOCUMENT_OPENED = 20;

    /// @dev `amount` was paid back to `account`. `value`: the asset that was taken from it.
    uint8 internal constant RETURNED = 32;
    /// @dev `amount` could not be paid to `account` and waits for it as a claim. `value`: the asset that was taken.
    uint8 internal constant CLAIM_DUE = 33;
    /// @dev A claim of `amount` was paid to `account`.
    uint8 internal constant CLAIMED = 34;

    /// @dev `amount` was paid to the treasury `account`.
    uint8 internal constant FORFEITED = 35;
    /// @dev `amount` was reserved for the claims of a compensation. `value`: the last second for a claim.
    uint8 internal constant RESERVED = 36;
    /// @dev A claim of a compensation of `amount` was paid to `account`. `value`: its index in the list.
    uint8 internal constant COMPENSATED = 37;
    /// @dev `amount` of a compensation that nobody claimed is free again. `value`: the compensation's digest.
    uint8 internal constant UNRESERVED = 38;
    /// @dev `amount` was delivered to the wallet `account` against payment. `value`: the asset that was paid.
    uint8 internal constant CONVERTED = 39;
    /// @dev `amount` was paid by the wallet `account` into the vault. `value`: the asset that was delivered.
    uint8 internal constant PROCEEDS = 40;
    /// @dev `amount` was paid to the free payee `account`. `value`: source << 160 | holder.
    uint8 internal constant TRANSFERRED = 41;

    /// @dev `amount` of what the effect before pays or reserves came as proceeds; the rest was taken.
    uint8 internal constant PROCEEDS_SPENT = 42;

    /// @dev An officer was seated. `account`: its key, contract or verifier, `amount`: kind << 8 | agency, `value`: its id.
    uint8 internal constant ADMITTED = 48;
    /// @dev An approval was withdrawn. `amount`: the order's digest, `value`: the officer's id.
    uint8 internal constant APPROVAL_WITHDRAWN = 49;
    /// @dev A rule was set. `amount`: act << 8 | alternative, `value`: the packed rule; zero: the alternative is gone.
    uint8 internal constant RULE_SET = 50;
    /// @dev An agency was named. `amount`: its index, `value`: its name, left-aligned.
    uint8 internal constant AGENCY_NAMED = 51;
    /// @dev `asset` was installed. `account`: its adapter, the asset itself when it is sovereign.
    uint8 internal constant ASSET_INSTALLED = 52;
    /// @dev The treasury `account` of `asset` was registered.
    uint8 internal constant TREASURY_SET = 53;
    /// @dev A contract of the system was named. `amount`: 1 Docket, 2 Disposal, 3 the vaults' implementation, 4
    /// LicenceRegister.
    uint8 internal constant CONTRACT_INSTALLED = 54;
    /// @dev A number of the charter was fixed. `amount`: its place in {Numbers}, `value`: the number.
    uint8 internal constant NUMBER_SET = 55;
    /// @dev An officer was dismissed. `amount`: compromised << 8 | agency, `value`: its id.
    uint8 internal constant DISMISSED = 56;
    /// @dev Keys of the ERC-7913 verifier `account` may be seated.
    uint8 internal constant VERIFIER_ALLOWED = 57;
    /// @dev A contract officer approved an order on chain. `amount`: the order's digest, `value`: the officer's id.
    uint8 internal constant APPROVED = 58;

    /// @dev A delayed order was scheduled. `amount`: its start, `value`: its deadline, both Unix seconds, both before any
    /// appeal; of an Admit that is scheduled again, those of the second time.
    uint8 internal constant SCHEDULED = 64;
    /// @dev A delayed order was stayed. `amount`: its digest, `value`: start << 40 | deadline as they are now.
    uint8 internal constant STAYED = 65;
    /// @dev A delayed order was vetoed. `amount`: its digest.
    uint8 internal constant VETOED = 66;
    /// @dev The holder `account` appeals against a delayed order on `asset`. `amount`: its digest, `value`: start << 40 |
    /// deadline as they are now.
    uint8 internal constant APPEALED = 67;
    /// @dev What a scheduled disposal is to do: `amount` of `asset` to `account` (zero: to claimants). `value`: of a
    /// Compensate the root, of a Convert the least proceeds, of a Transfer source << 160 | holder.
    uint8 internal constant PROPOSED = 68;

    /// @dev The wallet `account` was licensed. `amount`: omnibus << 80 | first << 40 | last second, `value`: its platform.
    uint8 internal constant LICENSED = 80;
    /// @dev Every wallet of a platform was suspended. `value`: the platform.
    uint8 internal constant SUSPENDED = 81;
    /// @dev `account` stands for a sub-account of a platform. `amount`: the platform's wallet, `value`: the sub-account.
    /// Every hold placed on it, in any asset, asks the platform to withhold.
    uint8 internal constant SUB_ACCOUNT = 82;
    /// @dev The platform said that it withholds `amount` in the sub-account `account` for all holds placed so far. `value`:
    /// seconds since it was asked.
    uint8 internal constant ACKNOWLEDGED = 83;
    /// @dev A seizure demands `amount` of the sub-account `account`. `value`: the wallet that owes it.
    uint8 internal constant DEMANDED = 84;
    /// @dev `amount` was surrendered by the wallet `account`. `value`: the sub-account's address in holds.
    uint8 internal constant SURRENDERED = 85;
}

/// @notice Effects under construction, already in the form of `abi.encode(Effect[])`.
/// @param capacity Bytes that `encoded` has room for.
struct EffectList {
    bytes encoded;
    uint256 capacity;
}

library EffectListLib {
    uint256 private constant EFFECT_BYTES = 5 * 32;
    uint256 private constant HEAD_BYTES = 2 * 32;

    /// @notice An empty list with room for `capacity` effects; it grows where that is not enough.
    function create(uint256 capacity) internal pure returns (EffectList memory list) {
        list.capacity = HEAD_BYTES + capacity * EFFECT_BYTES;
        list.encoded = _allocate(list.capacity);
    }

    /// @notice The list with what another contract of the system added to an empty one.
    function wrap(bytes memory encoded) internal pure returns (EffectList memory list) {
        (list.encoded, list.capacity) = (encoded, encoded.length);
    }

    function add(
        EffectList memory list,
        uint8 what,
        address asset,
        address account,
        uint256 amount,
        uint256 value
    ) internal pure {
        bytes memory encoded = list.encoded;
        if (encoded.length == list.capacity) encoded = _grow(list);
        assembly ("memory-safe") {
            let size := mload(encoded)
            let tail := add(encoded, size)
            mstore(add(tail, 32), what)
            mstore(add(tail, 64), asset)
            mstore(add(tail, 96), account)
            mstore(add(tail, 128), amount)
            mstore(add(tail, 160), value)
            mstore(encoded, add(size, EFFECT_BYTES))
            mstore(add(encoded, 64), add(mload(add(encoded, 64)), 1))
        }
    }

    function length(EffectList memory list) internal pure returns (uint256) {
        return (list.encoded.length - HEAD_BYTES) / EFFECT_BYTES;
    }

    function _grow(EffectList memory list) private pure returns (bytes memory encoded) {
        // Twice the effects and one: always head and whole effects, so that {add} meets the end exactly.
        list.capacity = 2 * list.capacity - HEAD_BYTES + EFFECT_BYTES;
        bytes memory old = list.encoded;
        encoded = _allocate(list.capacity);
        assembly ("memory-safe") {
            mcopy(encoded, old, add(mload(old), 32))
        }
        list.encoded = encoded;
    }

    /// @dev The encoding of an empty array, with room for `capacity` bytes.
    function _allocate(uint256 capacity) private pure returns (bytes memory encoded) {
        assembly ("memory-safe") {
            encoded := mload(0x40)
            mstore(0x40, add(encoded, add(32, capacity)))
            mstore(encoded, HEAD_BYTES)
            mstore(add(encoded, 32), 32)
            mstore(add(encoded, 64), 0)
        }
    }
}
