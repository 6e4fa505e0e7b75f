// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @notice An asset that obeys the docket, and fails its payees in the way that a test chooses.
contract FaultyTenge is ERC20 {
    enum Fault {
        NONE,
        REVERT,
        RETURN_FALSE,
        RETURN_NOTHING,
        RETURN_FALSE_AND_MOVE,
        MOVE_NOTHING,
        MOVE_LESS,
        FEE_ON_TOP,
        FEE_FROM_PAYEE
    }

    uint256 public constant FEE = 1;

    address public immutable DOCKET;

    mapping(address account => uint256) public held;
    /// @notice How transfers to an account fail.
    mapping(address payee => Fault) public faultOf;

    address private _hookTarget;
    bytes private _hookData;
    /// @notice What came of the hook's last call.
    bool public hookSucceeded;
    bytes public hookAnswer;

    error FaultyTengeRefused(address payee);

    constructor(address docket) ERC20("Faulty", "FLTY") {
        DOCKET = docket;
    }

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function setFault(address payee, Fault fault) external {
        faultOf[payee] = fault;
    }

    /// @notice From now on every transfer also calls `target` with `data`. Address zero: none.
    function setHook(address target, bytes calldata data) external {
        (_hookTarget, _hookData) = (target, data);
    }

    function setHeld(address account, uint256 amount, uint40) external {
        held[account] = amount;
    }

    function forcedTransfer(address from, address to, uint256 amount) external returns (bool) {
        _callHook();
        _transfer(from, to, amount);
        return true;
    }

    function transfer(address to, uint256 amount) public override returns (bool) {
        return _move(msg.sender, to, amount);
    }

    /// @dev Calls the hook before the money moves, and once more when it has.
    function transferFrom(address from, address to, uint256 amount) public override returns (bool moved) {
        _spendAllowance(from, msg.sender, amount);
        moved = _move(from, to, amount);
        _callHook();
    }

    function _move(address from, address to, uint256 amount) private returns (bool) {
        _callHook();
        Fault fault = faultOf[to];
        if (fault == Fault.REVERT) revert FaultyTengeRefused(to);
        if (fault == Fault.RETURN_FALSE) return false;
        if (fault == Fault.MOVE_NOTHING) return true;
        if (fault == Fault.MOVE_LESS) amount -= FEE;
        _transfer(from, to, amount);
        if (fault == Fault.FEE_ON_TOP) _transfer(from, DOCKET, FEE);
        if (fault == Fault.FEE_FROM_PAYEE) _transfer(to, DOCKET, FEE);
        if (fault == Fault.RETURN_NOTHING) {
            assembly ("memory-safe") {
                return(0, 0)
            }
        }
        return fault != Fault.RETURN_FALSE_AND_MOVE;
    }

    function _callHook() private {
        if (_hookTarget == address(0)) return;
        (hookSucceeded, hookAnswer) = _hookTarget.call(_hookData);
    }
}
