// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Money of one kind that a case has in an asset, and what of it came when. Base units.
/// @param left What is in it.
/// @param came All that ever came into it.
/// @param comings In how many different seconds something came.
/// @param list The comings, from 1 on.
struct Purse {
    uint104 left;
    uint104 came;
    uint32 comings;
    mapping(uint256 index => Coming) list;
}

/// @notice A second in which money came, and all that had come by its end. Base units.
struct Coming {
    uint40 second;
    uint104 total;
}

using PurseLib for Purse global;

/// @title PurseLib
/// @notice What leaves a purse counts as the oldest in it: so its youngest money is what came last.
library PurseLib {
    /// @notice Puts `amount` base units in, less than 2^96.
    function come(Purse storage purse, uint256 amount) internal {
        uint104 came = purse.came + uint104(amount);
        uint32 n = purse.comings;
        if (purse.list[n].second != block.timestamp) purse.comings = ++n;
        purse.list[n] = Coming(uint40(block.timestamp), came);
        purse.came = came;
        purse.left += uint104(amount);
    }

    /// @notice What has been in it for `age` seconds or longer. Base units.
    function free(Purse storage purse, uint40 age) internal view returns (uint256) {
        uint256 low = 0;
        uint256 high = purse.comings;
        while (low < high) {
            uint256 middle = (low + high + 1) / 2;
            if (purse.list[middle].second + age <= block.timestamp) low = middle;
            else high = middle - 1;
        }
        uint256 young = purse.came - purse.list[low].total;
        uint256 left = purse.left;
        return left > young ? left - young : 0;
    }
}
