// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Numbers of the acts. 1 to 20 are decided by officers under a rule, the others need none. 70 is not used any more.
library Act {
    uint8 internal constant FREEZE = 1;
    uint8 internal constant ARREST = 2;
    uint8 internal constant LIFT = 3;
    /// @dev A {Lift} that may touch arrested holds.
    uint8 internal constant LIFT_ARRESTED = 4;
    uint8 internal constant SEIZE = 5;
    uint8 internal constant RETURN = 6;
    uint8 internal constant FORFEIT = 7;
    uint8 internal constant COMPENSATE = 8;
    uint8 internal constant CONVERT = 9;
    uint8 internal constant TRANSFER = 10;
    uint8 internal constant EXCHANGE_HOLD = 11;
    uint8 internal constant STAY = 12;
    uint8 internal constant VETO = 13;
    uint8 internal constant ADMIT = 14;
    uint8 internal constant DISMISS = 15;
    uint8 internal constant CONFIGURE = 16;
    uint8 internal constant SET_TREASURY = 17;
    uint8 internal constant SET_ADAPTER = 18;
    uint8 internal constant LICENSE = 19;
    uint8 internal constant SUSPEND = 20;

    uint8 internal constant INSTALL = 64;
    uint8 internal constant CANCEL = 65;
    uint8 internal constant APPROVE = 66;
    uint8 internal constant REVOKE = 67;
    uint8 internal constant LAPSE = 68;
    uint8 internal constant BOOK = 69;
    uint8 internal constant OPEN = 71;
    uint8 internal constant CLAIM = 72;
    uint8 internal constant APPEAL = 73;
    uint8 internal constant OBSERVE = 74;
    uint8 internal constant ACKNOWLEDGE = 75;
    uint8 internal constant SURRENDER = 76;
    uint8 internal constant EXECUTE = 77;
    uint8 internal constant UNRESERVE = 78;
}
