// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice A hold in one word, from the low end: amount u96, until u40, since u40, number u32, caseNumber u32, kind u8.
/// Zero is no hold. A provisional hold of amount 0 only keeps the time until which the account cools down.
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

    /// @notice Last second in which the hold is live.
    function until(Hold hold) internal pure returns (uint40) {
        return uint40(Hold.unwrap(hold) >> UNTIL);
    }

    /// @notice The second in which the hold began.
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
        return uint8(Hold.unwrap(hold) >> KIND);
    }

    function isLive(Hold hold) internal view returns (bool) {
        return block.timestamp <= until(hold) && amount(hold) != 0;
    }

    /// @notice Whether the hold is live and of the case.
    function isLiveOf(Hold hold, uint32 ofCase) internal view returns (bool) {
        return caseNumber(hold) == ofCase && isLive(hold);
    }

    /// @notice The hold as the `number_`-th placement, of `amount_`. It must have neither yet.
    function numbered(Hold hold, uint32 number_, uint256 amount_) internal pure returns (Hold) {
        return Hold.wrap(Hold.unwrap(hold) | (uint256(number_) << NUMBER) | amount_);
    }

    function withAmount(Hold hold, uint256 newAmount) internal pure returns (Hold) {
        return Hold.wrap(((Hold.unwrap(hold) >> UNTIL) << UNTIL) | newAmount);
    }

    /// @notice The same claim, of `newAmount`, confirmed by a court until `newUntil`.
    function arrested(Hold hold, uint40 newUntil, uint256 newAmount) internal pure returns (Hold) {
        return create(ARRESTED, caseNumber(hold), number(hold), since(hold), newUntil, newAmount);
    }
}
