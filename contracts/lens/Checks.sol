// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Cases} from "../Cases.sol";
import {Docket} from "../Docket.sol";
import {What} from "../Effects.sol";
import {Standing} from "../Standing.sol";
import {Approvals} from "../interfaces/IQuorum.sol";
import {Ballots, Need, Preview} from "./Ballots.sol";
import {Findings} from "./Findings.sol";

/// @title Checks
/// @notice What orders of several kinds have in common.
abstract contract Checks is Ballots {
    /// @dev Adds the effect of scheduling under that rule.
    function _addSchedule(Preview memory preview, Approvals calldata approvals, Findings memory found) internal view {
        Need memory need = _ruleOf(preview, approvals);
        uint256 start = block.timestamp + need.delay;
        found.add(What.SCHEDULED, address(0), address(0), start, start + need.grace);
    }

    /// @dev The case's number once an order opens it.
    function _openCase(bytes32 caseId, Findings memory found) internal view returns (uint32 number) {
        Cases.Case memory docketed = _caseAt(caseId);
        number = docketed.number;
        if (number != 0 && !docketed.closed) return number;
        if (number == 0) {
            if (!_isCaseId(caseId)) found.refuse(Cases.DocketInvalidCaseId.selector, abi.encode(caseId));
            number = uint32(DOCKET.caseCount() + 1);
        }
        found.add(What.CASE_OPENED, address(0), address(0), 0, number);
    }

    function _requireAsset(address asset, Findings memory found) internal view returns (bool known) {
        known = _standingOf(asset) == Standing.ASSET;
        if (!known) found.refuse(Docket.DocketUnknownAsset.selector, abi.encode(asset));
    }

    /// @param omnibus Whether the wallet of a licensed platform may be held in which the money of many lies.
    function _requireHoldable(
        address account,
        bool omnibus,
        Findings memory found
    ) internal view returns (bool holdable) {
        uint8 standing = _standingOf(account);
        holdable = standing == 0 || (standing == Standing.PLATFORM && (omnibus || !REGISTER.isOmnibus(account)));
        if (!holdable) found.refuse(Docket.DocketCannotHold.selector, abi.encode(account, standing));
    }

    /// @dev First index after the page.
    function _end(uint256 length, uint256 from, uint256 count) internal pure returns (uint256) {
        return from >= length ? from : Math.min(length - from, count) + from;
    }

    /// @dev 1 to 31 printable ASCII characters, left-aligned.
    function _isCaseId(bytes32 caseId) private pure returns (bool) {
        bool ended = false;
        for (uint256 i = 0; i < 32; ++i) {
            bytes1 char = caseId[i];
            if (char == 0) ended = true;
            else if (ended || char < 0x20 || char > 0x7e) return false;
        }
        return ended && caseId != 0;
    }
}
