// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice A word on an account, as a clerk would write it down.
struct Word {
    uint256 caseNumber;
    uint256 number;
    bool arrested;
    bool opens;
    uint256 since;
    uint256 until;
    uint256 amount;
}

/// @notice The words on one account, kept by the rules as they are told and not as the docket keeps them: a list that is
/// copied for every question. An act that the rules refuse reverts.
contract HoldModel {
    uint256 private constant MOST = 16;
    uint256 private constant MOST_UNARRESTED = 8;

    uint256 private immutable WINDOW;
    uint256 private immutable TWO_YEARS;

    Word[] private _words;

    error Refused(string why);

    constructor(uint256 window, uint256 twoYears) {
        (WINDOW, TWO_YEARS) = (window, twoYears);
    }

    /// @param longest Of the rule, in seconds.
    function freeze(uint256 caseNumber, uint256 number, uint256 amount, uint256 until, uint256 longest) external {
        _begin();
        uint256 since = _first(caseNumber);
        uint256 f = openedAt();
        if (until > since + TWO_YEARS) revert Refused("two years");
        if (f != 0 && until > f + longest) revert Refused("rolls over");
        bool opens = f == 0 && since == block.timestamp;
        _words.push(Word(caseNumber, number, false, opens, since, until, amount));
        if (f == 0 && !opens) _words.push(Word(0, number, false, true, block.timestamp, block.timestamp, 0));
        _fit(false);
    }

    function place(uint256 caseNumber, uint256 number, uint256 amount, uint256 until) external {
        _begin();
        uint256 since = _first(caseNumber);
        if (until > since + TWO_YEARS) revert Refused("two years");
        _words.push(Word(caseNumber, number, true, false, since, until, amount));
        _fit(true);
    }

    function confirm(uint256 caseNumber, uint256 upTo, uint256 amount, uint256 until) external {
        _begin();
        bool[] memory met = new bool[](_words.length + 1);
        for (uint256 pass = 0; pass < 2; ++pass) {
            for (uint256 i = 0; i < _words.length && amount != 0; ++i) {
                Word memory word = _words[i];
                if (met[i] || word.arrested != (pass == 1) || !_reached(word, caseNumber, upTo)) continue;
                if (until < word.until) revert Refused("shortened");
                if (until > word.since + TWO_YEARS) revert Refused("two years");
                uint256 part = _min(word.amount, amount);
                amount -= part;
                met[i] = true;
                if (part < word.amount) {
                    _insert(
                        i + 1,
                        Word(caseNumber, word.number, word.arrested, false, word.since, word.until, word.amount - part)
                    );
                }
                (_words[i].arrested, _words[i].until, _words[i].amount) = (true, until, part);
            }
        }
        if (amount != 0) revert Refused("less is held");
        _fit(true);
    }

    function lift(uint256 caseNumber, uint256 upTo, bool arrested, uint256 amount) external {
        _begin();
        for (uint256 i = _words.length; i > 0; --i) {
            Word storage word = _words[i - 1];
            if (!_reached(word, caseNumber, upTo) || (word.arrested && !arrested)) continue;
            uint256 part = _min(word.amount, amount);
            amount -= part;
            _take(word, part);
        }
        if (amount != 0) revert Refused("less is held");
        _fallOut();
    }

    /// @param known Holds above this number are covered whole.
    /// @return taken In all.
    /// @return ofBalance What of it the balance covers.
    function seize(
        uint256 caseNumber,
        uint256 upTo,
        uint256 amount,
        uint256 balance,
        uint256 known
    ) external returns (uint256 taken, uint256 ofBalance) {
        _begin();
        uint256 others = 0;
        bool any = false;
        for (uint256 i = 0; i < _words.length && taken < amount; ++i) {
            Word storage word = _words[i];
            if (!_isLive(word)) continue;
            if (!_reached(word, caseNumber, upTo)) {
                others += word.amount;
                continue;
            }
            any = true;
            uint256 part = _min(word.amount, amount - taken);
            if (word.number <= known) {
                uint256 left = balance > others + ofBalance ? balance - others - ofBalance : 0;
                part = _min(part, left);
                ofBalance += part;
            }
            taken += part;
            _take(word, part);
        }
        if (!any) revert Refused("nothing is held");
        _fallOut();
    }

    function lapse(uint256 caseNumber) external {
        _begin();
        if (!_dropEnded(caseNumber)) revert Refused("nothing ended");
        _fallOut();
    }

    /// @notice The words that count now.
    function counted() external returns (Word[] memory) {
        _fallOut();
        return _words;
    }

    /// @notice The words of another list that count now.
    function countedOf(Word[] calldata words) external returns (Word[] memory) {
        Word[] memory own = _words;
        _replace(words);
        _fallOut();
        Word[] memory left = _words;
        _replace(own);
        return left;
    }

    /// @notice The last numbers and ends that the words tell: where something changes.
    function listed() external view returns (Word[] memory) {
        return _words;
    }

    function liveOf(uint256 caseNumber) external view returns (uint256 live) {
        for (uint256 i = 0; i < _words.length; ++i) {
            if (_isLive(_words[i]) && _words[i].caseNumber == caseNumber) live += _words[i].amount;
        }
    }

    /// @notice F; 0 while none is open.
    function openedAt() public view returns (uint256) {
        for (uint256 i = 0; i < _words.length; ++i) {
            if (_words[i].opens && block.timestamp < _words[i].since + WINDOW) return _words[i].since;
        }
        return 0;
    }

    /// @dev What has fallen out is taken out before anything is read.
    function _begin() private {
        _fallOut();
    }

    function _first(uint256 caseNumber) private view returns (uint256 since) {
        since = block.timestamp;
        for (uint256 i = 0; i < _words.length; ++i) {
            Word memory word = _words[i];
            if (word.caseNumber == caseNumber && block.timestamp <= word.until + WINDOW)
                since = _min(since, word.since);
        }
    }

    /// @dev One at a time, from the front, until none falls out any more.
    function _fallOut() private {
        for (uint256 i = 0; i < _words.length;) {
            if (_stays(i)) {
                ++i;
            } else {
                _remove(i);
                i = 0;
            }
        }
    }

    function _stays(uint256 index) private view returns (bool) {
        Word memory word = _words[index];
        if (word.amount != 0 || _keepsF(word)) return true;
        if (word.caseNumber == 0 || block.timestamp > word.until + WINDOW) return false;
        for (uint256 i = 0; i < _words.length; ++i) {
            Word memory other = _words[i];
            if (i == index || other.caseNumber != word.caseNumber) continue;
            bool later = other.until > word.until || (other.until == word.until && i > index);
            if (_isLive(other) || later) return false;
        }
        return true;
    }

    function _fit(bool byCourt) private {
        _fallOut();
        (uint256 all, uint256 unarrested) = _count();
        if (all > MOST || (!byCourt && unarrested > MOST_UNARRESTED)) {
            _dropEnded(0);
            _fallOut();
        }
        for (;;) {
            (all, unarrested) = _count();
            if (all <= MOST) break;
            if (!byCourt) revert Refused("sixteen");
            uint256 latest = type(uint256).max;
            for (uint256 i = 0; i < _words.length; ++i) {
                if (_words[i].amount != 0 || _keepsF(_words[i])) continue;
                if (latest == type(uint256).max || _words[i].since >= _words[latest].since) latest = i;
            }
            if (latest == type(uint256).max) revert Refused("sixteen");
            _remove(latest);
        }
        if (!byCourt && unarrested > MOST_UNARRESTED) revert Refused("eight");
    }

    function _count() private view returns (uint256 all, uint256 unarrested) {
        for (uint256 i = 0; i < _words.length; ++i) {
            if (_words[i].amount == 0 && _keepsF(_words[i])) continue;
            ++all;
            if (!_words[i].arrested) ++unarrested;
        }
    }

    function _dropEnded(uint256 caseNumber) private returns (bool any) {
        for (uint256 i = 0; i < _words.length; ++i) {
            Word storage word = _words[i];
            if (word.amount == 0 || _isLive(word)) continue;
            if (caseNumber != 0 && word.caseNumber != caseNumber) continue;
            _take(word, word.amount);
            any = true;
        }
    }

    function _take(Word storage word, uint256 part) private {
        word.amount -= part;
        if (word.amount == 0) word.until = _min(word.until, block.timestamp);
    }

    function _insert(uint256 index, Word memory word) private {
        _words.push(word);
        for (uint256 i = _words.length - 1; i > index; --i) _words[i] = _words[i - 1];
        _words[index] = word;
    }

    function _remove(uint256 index) private {
        for (uint256 i = index + 1; i < _words.length; ++i) _words[i - 1] = _words[i];
        _words.pop();
    }

    function _replace(Word[] memory words) private {
        delete _words;
        for (uint256 i = 0; i < words.length; ++i) _words.push(words[i]);
    }

    function _keepsF(Word memory word) private view returns (bool) {
        return word.opens && block.timestamp < word.since + WINDOW;
    }

    function _isLive(Word memory word) private view returns (bool) {
        return word.amount != 0 && block.timestamp <= word.until;
    }

    function _reached(Word memory word, uint256 caseNumber, uint256 upTo) private view returns (bool) {
        return _isLive(word) && word.caseNumber == caseNumber && word.number <= upTo;
    }

    function _min(uint256 a, uint256 b) private pure returns (uint256) {
        return a < b ? a : b;
    }
}
