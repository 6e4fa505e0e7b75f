// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Effect, What} from "../../contracts/types/Effect.sol";
import {Hold, HoldLib} from "../../contracts/types/Hold.sol";
import {HoldModel, Word} from "./HoldModel.sol";

/// @notice The words on one account as a reader of the journal knows them: from the effects alone, by what {What} says of
/// each, and from the second of their entry.
contract HoldReader {
    /// @dev Knows what falls out.
    HoldModel private immutable RULES;

    Hold[] private _words;

    /// @notice An effect is on a word that no earlier effect told of.
    error ReaderUnknownWord(uint8 what, Hold word);

    constructor(HoldModel rules) {
        RULES = rules;
    }

    function read(bytes calldata effects) external {
        Effect[] memory list = abi.decode(effects, (Effect[]));
        uint256 extended = 0;
        for (uint256 i = 0; i < list.length; ++i) {
            (uint8 what, Hold value) = (list[i].what, Hold.wrap(list[i].value));
            if (what == What.HELD || what == What.ARRESTED || what == What.MARKED) {
                _words.push(value);
            } else if (what == What.FORGOTTEN) {
                _fallOut();
                _remove(_indexOf(what, value, 0));
            } else if (what == What.EXTENDED) {
                uint256 index = extended;
                while (!_isLive(_words[index], HoldLib.ARRESTED, value.number())) ++index;
                _confirm(index, value);
                extended = index + 1;
            } else if (what == What.CONFIRMED) {
                uint256 index = 0;
                while (!_isLive(_words[index], HoldLib.PROVISIONAL, value.number())) ++index;
                _confirm(index, value);
            } else {
                _words[_indexOf(what, value, list[i].amount)] = value;
            }
        }
        _fallOut();
    }

    function words() public view returns (Word[] memory list) {
        list = new Word[](_words.length);
        for (uint256 i = 0; i < list.length; ++i) {
            list[i] = toWord(_words[i]);
        }
    }

    function toWord(Hold hold) public pure returns (Word memory) {
        bool arrested = hold.kind() == HoldLib.ARRESTED;
        return
            Word(hold.caseNumber(), hold.number(), arrested, hold.opens(), hold.since(), hold.until(), hold.amount());
    }

    function _fallOut() private {
        Word[] memory left = RULES.countedOf(words());
        delete _words;
        for (uint256 i = 0; i < left.length; ++i) _words.push(_toHold(left[i]));
    }

    function _toHold(Word memory word) private pure returns (Hold hold) {
        uint8 kind =
            word.caseNumber == 0
                ? 0
                : word.arrested
                    ? HoldLib.ARRESTED
                    : HoldLib.PROVISIONAL;
        hold = HoldLib.create(
            kind,
            uint32(word.caseNumber),
            uint32(word.number),
            uint40(word.since),
            uint40(word.until),
            word.amount
        );
        if (word.opens) hold = hold.opening();
    }

    function _confirm(uint256 index, Hold confirmed) private {
        Hold before = _words[index];
        _words[index] = confirmed;
        if (before.amount() == confirmed.amount()) return;
        _words.push(before);
        for (uint256 i = _words.length - 1; i > index + 1; --i) _words[i] = _words[i - 1];
        _words[index + 1] = before.following().withAmount(before.amount() - confirmed.amount());
    }

    /// @dev The word that is `value` with `amount` more: the last one of those that were lifted, else the first. One that
    /// ended may have had a later end.
    function _indexOf(uint8 what, Hold value, uint256 amount) private view returns (uint256 index) {
        index = _words.length;
        for (uint256 i = 0; i < _words.length; ++i) {
            Hold word = _words[i];
            uint256 had = value.amount() + amount;
            bool ends = value.amount() == 0 && word.amount() == had && word.until() >= value.until();
            Hold like_ = ends ? word.ended() : word.withAmount(value.amount());
            if (word.amount() != had || Hold.unwrap(like_) != Hold.unwrap(value)) continue;
            if (index == _words.length || what == What.LIFTED) index = i;
        }
        if (index == _words.length) revert ReaderUnknownWord(what, value);
    }

    function _isLive(Hold word, uint8 kind, uint32 number) private view returns (bool) {
        return word.kind() == kind && word.number() == number && word.isLive();
    }

    function _remove(uint256 index) private {
        for (uint256 i = index + 1; i < _words.length; ++i) _words[i - 1] = _words[i];
        _words.pop();
    }
}
