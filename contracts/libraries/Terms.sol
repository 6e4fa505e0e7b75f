// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev Of an act. Not in the library: no array takes its length from one.
uint256 constant MOST_ALTERNATIVES = 6;

/// @title Terms
/// @notice Every number of the law that no deployment chooses and no decision of officers can change. Times in seconds.
library Terms {
    /// @dev Least time between the decision of an act and its execution.
    uint32 internal constant LEAST_DELAY_FORFEIT = 7 days;
    uint32 internal constant LEAST_DELAY_COMPENSATE = 7 days;
    uint32 internal constant LEAST_DELAY_CONVERT = 48 hours;
    uint32 internal constant LEAST_DELAY_TRANSFER = 14 days;
    uint32 internal constant LEAST_DELAY_ADMIT = 48 hours;
    /// @dev Of every alternative of Admit but the first, which goes without the agency itself.
    uint32 internal constant LEAST_DELAY_ADMIT_WITHOUT_SELF = 14 days;
    uint32 internal constant LEAST_DELAY_CHANGE = 14 days;
    /// @dev Less would let a delayed order die before anybody can execute it.
    uint32 internal constant LEAST_GRACE = 1 days;
    /// @dev A conversion is an option of the wallet that buys, for no longer than this.
    uint32 internal constant LONGEST_CONVERT_GRACE = 7 days;

    /// @dev By which an appeal makes the delay of a disposal longer, once: in it the appeal is answered.
    uint40 internal constant APPEAL = 15 days;
    /// @dev After which a claim that its holder did not come for may be moved by a Transfer.
    uint40 internal constant UNCLAIMED = 365 days;
    /// @dev In which the claims of a compensation are open: so that a victim hears of it, and money is not locked for long.
    uint32 internal constant LEAST_CLAIM_TERM = 90 days;
    uint32 internal constant LONGEST_CLAIM_TERM = 366 days;

    /// @dev In which a licence that should not be is seen: a conversion cannot pay a wallet that came overnight.
    uint40 internal constant LICENCE_DELAY = 7 days;

    /// @dev Most holds on one account, live or remembered, of which those that no court arrested may be half: so
    /// investigators can never lock the court out.
    uint256 internal constant MOST_HOLDS = 16;
    uint256 internal constant MOST_UNARRESTED = 8;

    /// @dev How far ahead the last second of an order may lie: one in milliseconds is refused.
    uint64 internal constant LONGEST_SIGN_BY = 366 days;
    uint64 internal constant LONGEST_DISMISS_SIGN_BY = 7 days;
    /// @dev In which an officer that took part in a dismissal takes part in none: stolen keys cannot empty a court overnight.
    uint40 internal constant DISMISSAL_PAUSE = 7 days;
    uint40 internal constant RESCUE_PAUSE = 2 days;
    /// @dev Keys that court and prosecutor seat from the start, and every other agency that a rule names.
    uint256 internal constant LEAST_GUARD_KEYS = 4;
    uint256 internal constant LEAST_KEYS = 2;
    /// @dev Admit: with SELF, and two that share no agency. Dismiss: SELF, one that is no rescue, and two rescues.
    uint256 internal constant LEAST_WAYS_ADMIT = 3;
    uint256 internal constant LEAST_WAYS_DISMISS = 4;
    /// @dev The alternatives of Dismiss from this one on are rescues: they may dismiss the last officer of an agency.
    uint256 internal constant FIRST_RESCUE = 2;
    /// @dev The days for which an agency stayed an order are one byte.
    uint32 internal constant LONGEST_STAY = 255 days;
}
