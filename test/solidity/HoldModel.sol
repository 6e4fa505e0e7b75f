// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {HoldLib} from "../../contracts/types/Hold.sol";

/// @notice One account's holds as a clerk would keep them: a plain list, read from end to end for every question. An act
/// that the rules refuse reverts.
contract HoldModel {
    struct Entry {
        uint32 caseNumber;
        uint32 number;
        uint8 kind;
        uint256 since;
        uint256 until;
        uint256 amount;
    }

    uint256 private constant TERM = 10 days;
    uint256 private constant COOLING = 40 days;
    uint256 private immutable LONGEST_ARREST;

    /// @dev By priority. An empty provisional entry stays where a cooling began with it.
    Entry[] private _entries;
    uint32 private _placed;

    error Refused(string why);

    constructor(uint32 placed, uint256 longestArrest) {
        (_placed, LONGEST_ARREST) = (placed, longestArrest);
    }

    function freeze(uint32 caseNumber, uint256 amount, uint256 until) external {
        uint256 start = coolingStart();
        if (start != 0 && until > start + TERM) revert Refused("outlasts the first provisional hold");
        // Nothing of a cooling that is over stands beside the next.
        if (start == 0 && _has(HoldLib.PROVISIONAL)) _lapse(0);
        _makeRoom();
        if (_count(HoldLib.PROVISIONAL) == 8) revert Refused("eight provisional holds");
        if (_count(0) == 16) revert Refused("sixteen holds");
        _entries.push(Entry(caseNumber, ++_placed, HoldLib.PROVISIONAL, block.timestamp, until, amount));
        _prune();
    }

    /// @dev An amount of 0 confirms or places nothing.
    function arrest(uint32 caseNumber, uint256 confirmed, uint256 placed, uint256 until) external {
        if (confirmed != 0) _confirm(caseNumber, confirmed, until);
        if (placed != 0) _place(caseNumber, placed, until);
        _prune();
    }

    /// @return anyArrested Whether an arrested hold was touched.
    function lift(uint32 caseNumber, uint256 amount) external returns (bool anyArrested) {
        if (liveOf(caseNumber) < amount) revert Refused("less is held");
        for (uint256 i = _entries.length; i > 0; --i) {
            Entry storage entry = _entries[i - 1];
            if (!_isLive(entry) || entry.caseNumber != caseNumber || amount == 0) continue;
            uint256 part = _min(entry.amount, amount);
            (entry.amount, amount) = (entry.amount - part, amount - part);
            if (entry.kind == HoldLib.ARRESTED) anyArrested = true;
        }
        _prune();
    }

    function seize(uint32 caseNumber, uint256 amount, uint256 balance) external returns (uint256 taken) {
        if (liveOf(caseNumber) == 0) revert Refused("nothing is held");
        uint256 earlier = 0;
        for (uint256 i = 0; i < _entries.length; ++i) {
            Entry storage entry = _entries[i];
            if (!_isLive(entry)) continue;
            if (entry.caseNumber != caseNumber) {
                earlier += entry.amount;
                continue;
            }
            uint256 left = balance > earlier + taken ? balance - earlier - taken : 0;
            uint256 part = _min(_min(entry.amount, amount - taken), left);
            entry.amount -= part;
            taken += part;
        }
        _prune();
    }

    function lapse(uint32 caseNumber) external {
        if (!_lapse(caseNumber)) revert Refused("nothing ended");
        _prune();
    }

    /// @notice The entries that name an amount, live or not recorded as ended.
    function listed() external view returns (Entry[] memory list) {
        list = new Entry[](_count(0));
        uint256 n = 0;
        for (uint256 i = 0; i < _entries.length; ++i) {
            if (_entries[i].amount != 0) list[n++] = _entries[i];
        }
    }

    /// @notice Live claims of a case (0: of all).
    function liveOf(uint32 caseNumber) public view returns (uint256 live) {
        for (uint256 i = 0; i < _entries.length; ++i) {
            Entry storage entry = _entries[i];
            if (_isLive(entry) && (caseNumber == 0 || entry.caseNumber == caseNumber)) live += entry.amount;
        }
    }

    /// @notice Since when the account cools down; 0 when it does not. A provisional hold begins a cooling unless it began
    /// within an older one.
    function coolingStart() public view returns (uint256 start) {
        for (uint256 i = 0; i < _entries.length; ++i) {
            if (_beginsCooling(i)) start = _entries[i].since;
        }
        if (block.timestamp >= start + COOLING) start = 0;
    }

    function _confirm(uint32 caseNumber, uint256 amount, uint256 until) private {
        _makeRoom();
        if (liveOf(caseNumber) < amount) revert Refused("less is held");
        uint256 n = _entries.length;
        uint8[2] memory kinds = [HoldLib.PROVISIONAL, HoldLib.ARRESTED];
        bool[] memory met = new bool[](n);
        for (uint256 k = 0; k < 2; ++k) {
            for (uint256 i = 0; i < n && amount != 0; ++i) {
                Entry storage entry = _entries[i];
                if (met[i] || entry.kind != kinds[k] || !_isLive(entry) || entry.caseNumber != caseNumber) continue;
                if (until < entry.until) revert Refused("shortens a hold");
                if (until > entry.since + LONGEST_ARREST) revert Refused("held too long");
                uint256 part = _min(entry.amount, amount);
                amount -= part;
                met[i] = true;
                if (part < entry.amount) _split(i, part);
                (_entries[i].kind, _entries[i].until) = (HoldLib.ARRESTED, until);
            }
        }
    }

    /// @dev Leaves `part` at the index and the rest behind it.
    function _split(uint256 index, uint256 part) private {
        if (_count(0) == 16) revert Refused("sixteen holds");
        _entries.push(_entries[index]);
        for (uint256 i = _entries.length - 1; i > index; --i) _entries[i] = _entries[i - 1];
        _entries[index].amount = part;
        _entries[index + 1].amount -= part;
    }

    function _place(uint32 caseNumber, uint256 amount, uint256 until) private {
        _makeRoom();
        uint256 since = block.timestamp;
        for (uint256 i = 0; i < _entries.length; ++i) {
            Entry storage entry = _entries[i];
            if (_isLive(entry) && entry.caseNumber == caseNumber) since = _min(since, entry.since);
        }
        if (until > since + LONGEST_ARREST) revert Refused("held too long");
        if (_count(0) == 16) revert Refused("sixteen holds");
        _entries.push(Entry(caseNumber, ++_placed, HoldLib.ARRESTED, since, until, amount));
    }

    function _makeRoom() private {
        if (_count(0) == 16 || _count(HoldLib.PROVISIONAL) == 8) _lapse(0);
    }

    function _lapse(uint32 caseNumber) private returns (bool any) {
        for (uint256 i = 0; i < _entries.length; ++i) {
            Entry storage entry = _entries[i];
            if (entry.amount == 0 || block.timestamp <= entry.until) continue;
            if (caseNumber != 0 && entry.caseNumber != caseNumber) continue;
            entry.amount = 0;
            any = true;
        }
    }

    /// @dev Forgets empty entries, but that with which a cooling began while it lasts, or while a provisional hold stands.
    function _prune() private {
        bool keeps = coolingStart() != 0 || _count(HoldLib.PROVISIONAL) != 0;
        for (uint256 i = _entries.length; i > 0; --i) {
            if (_entries[i - 1].amount != 0 || (keeps && _beginsCooling(i - 1))) continue;
            for (uint256 k = i; k < _entries.length; ++k) _entries[k - 1] = _entries[k];
            _entries.pop();
        }
    }

    function _beginsCooling(uint256 index) private view returns (bool begins) {
        uint256 end = 0;
        for (uint256 i = 0; i <= index; ++i) {
            Entry storage entry = _entries[i];
            begins = entry.kind == HoldLib.PROVISIONAL && entry.since >= end;
            if (begins) end = entry.since + COOLING;
        }
    }

    /// @dev Whether any entry is of the kind, the empty ones included.
    function _has(uint8 kind) private view returns (bool has) {
        for (uint256 i = 0; i < _entries.length; ++i) {
            if (_entries[i].kind == kind) has = true;
        }
    }

    /// @dev Entries of the kind (0: of any) that name an amount.
    function _count(uint8 kind) private view returns (uint256 count) {
        for (uint256 i = 0; i < _entries.length; ++i) {
            if (_entries[i].amount != 0 && (kind == 0 || _entries[i].kind == kind)) ++count;
        }
    }

    function _isLive(Entry storage entry) private view returns (bool) {
        return entry.amount != 0 && block.timestamp <= entry.until;
    }

    function _min(uint256 a, uint256 b) private pure returns (uint256) {
        return a < b ? a : b;
    }
}
