// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title AnsweringDocket
/// @notice Answers a token as it was told to, or fails.
contract AnsweringDocket {
    struct Answer {
        uint256 held;
        uint40 until;
    }

    bool public failing;
    mapping(address account => Answer) private _answers;

    error AnsweringDocketFails();

    function setFailing(bool fails) external {
        failing = fails;
    }

    function setAnswer(address account, uint256 held, uint40 until) external {
        _answers[account] = Answer(held, until);
    }

    function heldOf(address, address account) external view returns (uint256 held, uint40 until) {
        if (failing) revert AnsweringDocketFails();
        Answer memory answer = _answers[account];
        return (answer.held, answer.until);
    }
}
