// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice A hold in one word, from the low end: amount u96, until u40, since u40, number u32, caseNumber u32, kind u8.
/// Zero is no hold. One of amount 0 has ended and is remembered, because something still counts from it. The highest bit of
/// the kind, OPENS, marks the hold from whose `since` on no provisional one may roll over.
type Hold is uint256;

using HoldLib for Hold global;

library HoldLib {
    uint8 internal constant PROVISIONAL = 1;
    uint8 internal constant ARRESTED = 2;

    uint256 internal constant MAX_AMOUNT = type(uint96).max;

    uint256 private constant UNTIL = 96;
    uint256 private constant SINCE = 136;
    uint256 private constant NUMBER = 176;
    uint256 private constant CASE = 208;
    uint256 private constant KIND = 240;
    uint256 private constant OPENS = uint256(0x80) << KIND;

    function create(
        uint8 kind_,
        uint32 caseNumber_,
        uint32 number_,
        uint40 since_,
        uint40 until_,
        uint256 amount_
    ) internal pure returns (Hold) {
        return
            Hold.wrap(
                (uint256(kind_) << KIND) |
                    (uint256(caseNumber_) << CASE) |
                    (uint256(number_) << NUMBER) |
                    (uint256(since_) << SINCE) |
                    (uint256(until_) << UNTIL) |
                    amount_
            );
    }

    function exists(Hold hold) internal pure returns (bool) {
        return Hold.unwrap(hold) != 0;
    }

    /// @notice Base units.
    function amount(Hold hold) internal pure returns (uint256) {
        return uint96(Hold.unwrap(hold));
    }

    /// @notice Last second in which the hold is live; of amount 0: the second in which it ended.
    function until(Hold hold) internal pure returns (uint40) {
        return uint40(Hold.unwrap(hold) >> UNTIL);
    }

    /// @notice The second in which the holds of its case on the account began, however often one followed another.
    function since(Hold hold) internal pure returns (uint40) {
        return uint40(Hold.unwrap(hold) >> SINCE);
    }

    /// @notice Placement number: the lower, the earlier its claim is served.
    function number(Hold hold) internal pure returns (uint32) {
        return uint32(Hold.unwrap(hold) >> NUMBER);
    }

    function caseNumber(Hold hold) internal pure returns (uint32) {
        return uint32(Hold.unwrap(hold) >> CASE);
    }

    function kind(Hold hold) internal pure returns (uint8) {
        return uint8(Hold.unwrap(hold) >> KIND) & 0x7f;
    }

    /// @notice Whether no provisional hold may roll over from `since` on.
    function opens(Hold hold) internal pure returns (bool) {
        return Hold.unwrap(hold) & OPENS != 0;
    }

    function isLive(Hold hold) internal view returns (bool) {
        return block.timestamp <= until(hold) && amount(hold) != 0;
    }

    /// @notice Whether the hold is live, of the case, and none that was placed after number `upTo`.
    function isLiveOf(Hold hold, uint32 ofCase, uint32 upTo) internal view returns (bool) {
        return caseNumber(hold) == ofCase && number(hold) <= upTo && isLive(hold);
    }

    /// @notice The hold as the `number_`-th placement, of `amount_`. It must have neither yet.
    function numbered(Hold hold, uint32 number_, uint256 amount_) internal pure returns (Hold) {
        return Hold.wrap(Hold.unwrap(hold) | (uint256(number_) << NUMBER) | amount_);
    }

    function withAmount(Hold hold, uint256 newAmount) internal pure returns (Hold) {
        return Hold.wrap(((Hold.unwrap(hold) >> UNTIL) << UNTIL) | newAmount);
    }

    function withSince(Hold hold, uint40 newSince) internal pure returns (Hold) {
        uint256 others = Hold.unwrap(hold) & ~(uint256(type(uint40).max) << SINCE);
        return Hold.wrap(others | (uint256(newSince) << SINCE));
    }

    /// @notice The hold with OPENS.
    function opening(Hold hold) internal pure returns (Hold) {
        return Hold.wrap(Hold.unwrap(hold) | OPENS);
    }

    /// @notice The hold without OPENS.
    function following(Hold hold) internal pure returns (Hold) {
        return Hold.wrap(Hold.unwrap(hold) & ~OPENS);
    }

    /// @notice A word of no case, that only marks from when on no provisional hold may roll over: from now on.
    function marker(uint32 number_) internal view returns (Hold) {
        return create(0, 0, number_, uint40(block.timestamp), uint40(block.timestamp), 0).opening();
    }

    /// @notice What is remembered of the hold when it ends: now, or when its time was over.
    function ended(Hold hold) internal view returns (Hold) {
        uint40 end = block.timestamp < until(hold) ? uint40(block.timestamp) : until(hold);
        uint256 others = (Hold.unwrap(hold) >> SINCE) << SINCE;
        return Hold.wrap(others | (uint256(end) << UNTIL));
    }

    /// @notice The same claim, of `newAmount`, confirmed by a court until `newUntil`.
    function arrested(Hold hold, uint40 newUntil, uint256 newAmount) internal pure returns (Hold) {
        Hold confirmed = create(ARRESTED, caseNumber(hold), number(hold), since(hold), newUntil, newAmount);
        return opens(hold) ? confirmed.opening() : confirmed;
    }
}
