// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Burnable} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Burnable.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {ERC7598} from "./base/ERC7598.sol";
import {IDocket} from "./interfaces/IDocket.sol";
import {IERC7943Fungible} from "./interfaces/IERC7943.sol";
import {ISovereignAsset} from "./interfaces/ISovereignAsset.sol";

/// @title Tenge
/// @notice Reference sovereign stablecoin: ERC-20, ERC-2612, ERC-3009 with ERC-7598, and ERC-7943, obeying the docket directly.
/// A hold touches only its holder's own outgoing money. It ends in its second with no transaction: while no hold of an
/// account has ended, the token answers alone; after that it asks the docket, whose failure stops the transfer.
/// Balances and supply are below 2^96.
contract Tenge is ERC20, ERC20Burnable, ERC20Permit, ERC7598, ISovereignAsset {
    /// @dev One word: balance u96, held u96, until u40, from the low end. `held` may exceed the balance and saturates;
    /// `until` is the first second in which a hold ends. Balances are added to and taken off the word itself: they add
    /// up to the supply, which fits their 96 bits.
    struct Account {
        uint256 word;
    }

    uint256 public constant MAX_SUPPLY = type(uint96).max;

    /// @inheritdoc ISovereignAsset
    address public immutable DOCKET;
    /// @notice The one account that mints.
    address public immutable ISSUER;
    uint8 private immutable DECIMALS;

    uint256 private constant HELD = 96;
    uint256 private constant UNTIL = 192;

    uint256 private _supply;
    mapping(address account => Account) private _accounts;

    error TengeOnlyDocket(address caller, address docket);
    error TengeOnlyIssuer(address caller, address issuer);
    /// @notice The issuer must be given and must not be the deployer, who keeps no right.
    error TengeInvalidIssuer(address issuer);
    error TengeSupplyTooLarge(uint256 supply, uint256 most);

    modifier onlyDocket() {
        if (msg.sender != DOCKET) revert TengeOnlyDocket(msg.sender, DOCKET);
        _;
    }

    constructor(
        address docket,
        address issuer,
        string memory name,
        string memory symbol,
        uint8 decimals_
    ) ERC20(name, symbol) ERC20Permit(name) {
        if (issuer == address(0) || issuer == msg.sender) revert TengeInvalidIssuer(issuer);
        DOCKET = docket;
        ISSUER = issuer;
        DECIMALS = decimals_;
    }

    /// @notice Creates `amount` base units on `to`. Issuer only.
    function mint(address to, uint256 amount) external {
        if (msg.sender != ISSUER) revert TengeOnlyIssuer(msg.sender, ISSUER);
        _mint(to, amount);
    }

    /// @inheritdoc ISovereignAsset
    function setHeld(address account, uint256 amount, uint40 until) external onlyDocket {
        _setHeld(account, amount, until);
    }

    /// @inheritdoc IERC7943Fungible
    /// @dev Docket only, and without an end. The docket itself uses {setHeld}.
    function setFrozenTokens(address account, uint256 amount) external onlyDocket returns (bool) {
        _setHeld(account, amount, type(uint40).max);
        return true;
    }

    /// @inheritdoc IERC7943Fungible
    /// @dev Docket only. Leaves the held amount alone: the docket has set it before, less what this order takes.
    function forcedTransfer(address from, address to, uint256 amount) external onlyDocket returns (bool) {
        if (!canReceive(to)) revert ERC7943CannotReceive(to);
        uint256 balance = balanceOf(from);
        if (balance < amount) revert ERC20InsufficientBalance(from, balance, amount);
        unchecked {
            _accounts[from].word -= amount;
            _accounts[to].word += amount;
        }
        emit Transfer(from, to, amount);
        emit ForcedTransfer(from, to, amount);
        return true;
    }

    /// @inheritdoc ERC20
    /// @dev Moves at once, without the hooks that only mint and burn need.
    function transfer(address to, uint256 amount) public override returns (bool) {
        if (to == address(0)) revert ERC20InvalidReceiver(to);
        _spend(msg.sender, amount);
        unchecked {
            _accounts[to].word += amount;
        }
        emit Transfer(msg.sender, to, amount);
        return true;
    }

    /// @inheritdoc IERC7943Fungible
    function canSend(address account) external pure returns (bool) {
        return account != address(0);
    }

    /// @inheritdoc IERC7943Fungible
    function canReceive(address account) public pure returns (bool) {
        return account != address(0);
    }

    /// @inheritdoc IERC7943Fungible
    /// @dev While an end has passed and the docket does not answer, the amount last set.
    function getFrozenTokens(address account) external view returns (uint256) {
        (uint256 held, ) = _heldOrStored(account);
        return held;
    }

    /// @inheritdoc IERC7943Fungible
    /// @dev False exactly where a transfer would revert with an error of ERC-7943, or for want of the docket.
    function canTransfer(address from, address to, uint256 amount) external view returns (bool) {
        if (from == address(0) || to == address(0)) return false;
        (uint256 held, bool answered) = _heldOrStored(from);
        uint256 balance = balanceOf(from);
        return answered && (amount > balance || amount <= _unheld(balance, held));
    }

    /// @inheritdoc ERC20
    function balanceOf(address account) public view override returns (uint256) {
        return uint96(_accounts[account].word);
    }

    /// @inheritdoc ERC20
    function totalSupply() public view override returns (uint256) {
        return _supply;
    }

    /// @inheritdoc ERC20
    function decimals() public view override returns (uint8) {
        return DECIMALS;
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 interfaceId) external pure returns (bool) {
        return interfaceId == type(IERC7943Fungible).interfaceId || interfaceId == type(IERC165).interfaceId;
    }

    /// @dev No balance overflows: balances add up to the supply, which fits.
    function _update(address from, address to, uint256 amount) internal override {
        if (from == address(0)) {
            uint256 supply = Math.saturatingAdd(_supply, amount);
            if (supply > MAX_SUPPLY) revert TengeSupplyTooLarge(supply, MAX_SUPPLY);
            _supply = supply;
        } else {
            _spend(from, amount);
        }
        unchecked {
            if (to == address(0)) _supply -= amount;
            else _accounts[to].word += amount;
        }
        emit Transfer(from, to, amount);
    }

    /// @dev Lowers the balance of `from` by what its holds leave free. The word of an account that is not held is its balance.
    function _spend(address from, uint256 amount) private {
        Account storage account = _accounts[from];
        uint256 word = account.word;
        if (word > type(uint96).max) word = _requireUnheld(from, word, amount);
        else if (word < amount) revert ERC20InsufficientBalance(from, word, amount);
        unchecked {
            account.word = word - amount;
        }
    }

    /// @dev Refuses to spend what the holds of `from` do not leave free.
    /// @return The account's word as it is now, where the docket had to be asked.
    function _requireUnheld(address from, uint256 word, uint256 amount) private view returns (uint256) {
        uint256 balance = uint96(word);
        if (balance < amount) revert ERC20InsufficientBalance(from, balance, amount);
        uint256 held = uint96(word >> HELD);
        if (block.timestamp > word >> UNTIL) {
            uint40 until;
            (held, until) = IDocket(DOCKET).heldOf(address(this), from);
            word = _pack(balance, held, until);
        }
        uint256 unheld = _unheld(balance, held);
        if (unheld < amount) revert ERC7943InsufficientUnfrozenBalance(from, amount, unheld);
        return word;
    }

    function _setHeld(address account, uint256 amount, uint40 until) private {
        uint256 held = amount < type(uint96).max ? amount : type(uint96).max;
        _accounts[account].word = _pack(balanceOf(account), held, held == 0 ? 0 : until);
        emit Frozen(account, held);
    }

    /// @dev What is held now, and whether the docket answered if it had to be asked.
    function _heldOrStored(address account) private view returns (uint256 held, bool answered) {
        uint256 word = _accounts[account].word;
        held = uint96(word >> HELD);
        if (held == 0 || block.timestamp <= word >> UNTIL) return (held, true);
        try IDocket(DOCKET).heldOf(address(this), account) returns (uint256 live, uint40) {
            return (live, true);
        } catch {
            return (held, false);
        }
    }

    function _pack(uint256 balance, uint256 held, uint40 until) private pure returns (uint256) {
        return balance | (held << HELD) | (uint256(until) << UNTIL);
    }

    function _unheld(uint256 balance, uint256 held) private pure returns (uint256) {
        return balance > held ? balance - held : 0;
    }
}
