// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessControl} from "@openzeppelin/contracts/access/AccessControl.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @notice A stablecoin that its issuer deployed before there was a docket, and whose roles it grants later.
contract IssuedToken is ERC20, AccessControl {
    bytes32 public constant MINTER = keccak256("MINTER");
    bytes32 public constant ENFORCER = keccak256("ENFORCER");

    /// @notice The one enforcer; zero until the issuer names it.
    address public DOCKET;
    mapping(address account => uint256) public held;

    error HeldBack(address account, uint256 held);

    constructor() ERC20("Issued", "ISSD") {
        _grantRole(DEFAULT_ADMIN_ROLE, msg.sender);
    }

    function obey(address docket) external onlyRole(DEFAULT_ADMIN_ROLE) {
        _revokeRole(ENFORCER, DOCKET);
        _grantRole(ENFORCER, docket);
        DOCKET = docket;
    }

    function decimals() public pure override returns (uint8) {
        return 6;
    }

    function mint(address to, uint256 amount) external onlyRole(MINTER) {
        _mint(to, amount);
    }

    function setHeld(address account, uint256 amount, uint40) external onlyRole(ENFORCER) {
        held[account] = amount;
    }

    function forcedTransfer(address from, address to, uint256 amount) external onlyRole(ENFORCER) returns (bool) {
        _transfer(from, to, amount);
        return true;
    }

    function transfer(address to, uint256 amount) public override returns (bool) {
        if (balanceOf(msg.sender) < held[msg.sender] + amount) revert HeldBack(msg.sender, held[msg.sender]);
        return super.transfer(to, amount);
    }
}
