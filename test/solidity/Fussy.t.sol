// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {IDocket} from "../../contracts/interfaces/IDocket.sol";
import {IERC7943Fungible} from "../../contracts/interfaces/IERC7943.sol";
import {ISovereignAsset} from "../../contracts/interfaces/ISovereignAsset.sol";

/// @notice A sovereign asset that pays nobody whom it is told to refuse, so that refunds fall back to claims.
contract Fussy is ERC20, ISovereignAsset {
    uint8 public constant REVERTS = 1;
    uint8 public constant ANSWERS_FALSE = 2;

    address public immutable DOCKET;
    /// @notice What the docket said last.
    mapping(address account => uint256) public getFrozenTokens;
    /// @notice How a payment to the account fails. 0: it does not.
    mapping(address account => uint8) public refusal;

    error FussyOnlyDocket();
    error FussyRefuses(address account);

    modifier onlyDocket() {
        if (msg.sender != DOCKET) revert FussyOnlyDocket();
        _;
    }

    constructor(address docket) ERC20("Fussy", "FSY") {
        DOCKET = docket;
    }

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function refuse(address account, uint8 how) external {
        refusal[account] = how;
    }

    function setHeld(address account, uint256 amount, uint40) external onlyDocket {
        getFrozenTokens[account] = amount;
    }

    function setFrozenTokens(address account, uint256 amount) external onlyDocket returns (bool) {
        getFrozenTokens[account] = amount;
        return true;
    }

    function forcedTransfer(address from, address to, uint256 amount) external onlyDocket returns (bool) {
        _transfer(from, to, amount);
        return true;
    }

    function transfer(address to, uint256 amount) public override returns (bool) {
        return _pays(msg.sender, to, amount) && super.transfer(to, amount);
    }

    function transferFrom(address from, address to, uint256 amount) public override returns (bool) {
        return _pays(from, to, amount) && super.transferFrom(from, to, amount);
    }

    function canSend(address account) external pure returns (bool) {
        return account != address(0);
    }

    function canReceive(address account) external view returns (bool) {
        return refusal[account] == 0;
    }

    function canTransfer(address from, address to, uint256 amount) external view returns (bool) {
        return refusal[to] == 0 && amount + getFrozenTokens[from] <= balanceOf(from);
    }

    function supportsInterface(bytes4 interfaceId) external pure returns (bool) {
        return interfaceId == type(IERC7943Fungible).interfaceId || interfaceId == type(IERC165).interfaceId;
    }

    function _pays(address from, address to, uint256 amount) private view returns (bool) {
        if (refusal[to] == REVERTS) revert FussyRefuses(to);
        if (refusal[to] == ANSWERS_FALSE) return false;
        (uint256 held, ) = IDocket(DOCKET).heldOf(address(this), from);
        uint256 balance = balanceOf(from);
        uint256 unheld = balance > held ? balance - held : 0;
        if (amount <= balance && amount > unheld) {
            revert ERC7943InsufficientUnfrozenBalance(from, amount, unheld);
        }
        return true;
    }
}
