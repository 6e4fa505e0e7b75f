// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC3009} from "@openzeppelin/contracts/token/ERC20/extensions/draft-ERC3009.sol";
import {ERC20Burnable} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Burnable.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {Tenge} from "../../contracts/Tenge.sol";
import {IERC7943Fungible} from "../../contracts/interfaces/IERC7943.sol";
import {deploy, Random, Vm, VM} from "./Vm.sol";

/// @notice OpenZeppelin's token with the same extensions and nothing else.
contract Plain is ERC20, ERC20Burnable, ERC20Permit, ERC3009 {
    constructor() ERC20("Tenge", "KZTE") ERC20Permit("Tenge") {}

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }
}

/// @notice Without holds, and below 2^96, Tenge and OpenZeppelin's token answer every call alike: the same success, the
/// same return data and errors, the same events, balances and allowances.
contract TengeLikePlainTest {
    struct Outcome {
        bool ok;
        bytes answer;
        bytes events;
    }

    uint256 private constant ACTORS = 3;
    uint256 private constant STEPS = 24;
    address private constant ISSUER = address(0x155E);

    Tenge private tenge;
    Plain private plain;
    /// @dev Those with keys, then the issuer and nobody.
    address[] private actors;

    function setUp() external {
        VM.warp(1_790_000_000);
        // No docket answers there: whoever asks it, fails.
        tenge = Tenge(deploy("contracts/Tenge.sol:Tenge", abi.encode(address(1), ISSUER, "Tenge", "KZTE", 18)));
        plain = new Plain();
        for (uint256 i = 0; i < ACTORS; ++i) actors.push(VM.addr(_key(i)));
        actors.push(ISSUER);
        actors.push(address(0));
    }

    function testFuzz_behavesLikeOpenZeppelin(uint256 seed) external {
        Random memory random = Random(seed);
        for (uint256 i = 0; i < ACTORS; ++i) _mint(random, actors[i]);
        for (uint256 step = 0; step < STEPS; ++step) {
            uint256 way = random.below(11);
            if (way == 0) _mint(random, _anyone(random));
            else if (way <= 6) _plainCall(random, way);
            else if (way == 7) _permit(random);
            else _authorization(random, way);
            _compare();
        }
    }

    function test_describesItselfLikeOpenZeppelin() external view {
        VM.assertEq(bytes(tenge.name()), bytes(plain.name()), "name");
        VM.assertEq(bytes(tenge.symbol()), bytes(plain.symbol()), "symbol");
        VM.assertEq(tenge.decimals(), plain.decimals(), "decimals");
    }

    /// @dev Keeps the supply below 2^96, at times only just.
    function _mint(Random memory random, address to) private {
        uint256 room = type(uint96).max - tenge.totalSupply();
        uint256 amount = random.below(room + 1) >> random.below(96);
        _both(ISSUER, abi.encodeCall(Plain.mint, (to, random.oneIn(20) ? room : amount)));
    }

    function _plainCall(Random memory random, uint256 way) private {
        address caller = actors[random.below(ACTORS)];
        address from = _anyone(random);
        address to = _anyone(random);
        uint256 amount = _amount(random, way == 3 || way == 6 ? from : caller);
        if (way == 1) _both(caller, abi.encodeCall(IERC20.transfer, (to, amount)));
        else if (way == 2) _both(caller, abi.encodeCall(IERC20.approve, (to, amount)));
        else if (way == 3) _both(caller, abi.encodeCall(IERC20.transferFrom, (from, to, amount)));
        else if (way == 4) _both(caller, abi.encodeCall(ERC20Burnable.burn, (amount)));
        else if (way == 5) {
            // A spender that was approved, so that not every transferFrom fails.
            _both(from, abi.encodeCall(IERC20.approve, (caller, random.oneIn(3) ? type(uint256).max : amount)));
            _both(caller, abi.encodeCall(IERC20.transferFrom, (from, to, _amount(random, from))));
        } else _both(caller, abi.encodeCall(ERC20Burnable.burnFrom, (from, amount)));
    }

    function _permit(Random memory random) private {
        uint256 signer = random.below(ACTORS);
        address owner = random.oneIn(4) ? _anyone(random) : actors[signer];
        address spender = _anyone(random);
        uint256 amount = _amount(random, owner);
        uint256 deadline = block.timestamp + 1 - random.below(3);
        bytes32 hash = keccak256(
            abi.encode(
                keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"),
                owner,
                spender,
                amount,
                tenge.nonces(owner),
                deadline
            )
        );
        bytes memory call = abi.encodePacked(ERC20Permit.permit.selector, abi.encode(owner, spender, amount, deadline));
        _bothSigned(random, signer, hash, call);
    }

    /// @dev transferWithAuthorization, receiveWithAuthorization or cancelAuthorization, of few nonces.
    function _authorization(Random memory random, uint256 way) private {
        uint256 signer = random.below(ACTORS);
        address from = random.oneIn(4) ? _anyone(random) : actors[signer];
        bytes32 nonce = bytes32(random.below(4));
        bytes memory fields = abi.encode(
            from,
            _anyone(random),
            _amount(random, from),
            block.timestamp - random.below(2),
            block.timestamp + random.below(2),
            nonce
        );
        if (way == 8) {
            fields = abi.encode(from, nonce);
            _bothSigned(
                random,
                signer,
                _hash("CancelAuthorization(address authorizer,bytes32 nonce)", fields),
                abi.encodePacked(
                    bytes4(keccak256("cancelAuthorization(address,bytes32,uint8,bytes32,bytes32)")),
                    fields
                )
            );
            return;
        }
        string memory name = way == 9 ? "Transfer" : "Receive";
        string memory types =
            "WithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)";
        string memory call = "WithAuthorization(address,address,uint256,uint256,uint256,bytes32,uint8,bytes32,bytes32)";
        bytes4 selector = bytes4(keccak256(bytes(string.concat(way == 9 ? "transfer" : "receive", call))));
        _bothSigned(random, signer, _hash(string.concat(name, types), fields), abi.encodePacked(selector, fields));
    }

    /// @dev Each token gets the signature over its own domain.
    function _bothSigned(Random memory random, uint256 signer, bytes32 hash, bytes memory call) private {
        address caller = _anyone(random);
        bytes memory one = abi.encodePacked(call, _sign(signer, tenge.DOMAIN_SEPARATOR(), hash));
        bytes memory other = abi.encodePacked(call, _sign(signer, plain.DOMAIN_SEPARATOR(), hash));
        _bothCalls(caller, one, other);
    }

    function _both(address caller, bytes memory data) private {
        _bothCalls(caller, data, data);
    }

    function _bothCalls(address caller, bytes memory one, bytes memory other) private {
        Outcome memory ours = _call(caller, address(tenge), one);
        Outcome memory plains = _call(caller, address(plain), other);
        VM.assertTrue(ours.ok == plains.ok, "one succeeds, the other does not");
        VM.assertEq(ours.answer, plains.answer, "return data");
        VM.assertEq(ours.events, plains.events, "events");
    }

    function _call(address caller, address token, bytes memory data) private returns (Outcome memory outcome) {
        VM.recordLogs();
        VM.prank(caller);
        (outcome.ok, outcome.answer) = token.call(data);
        Vm.Log[] memory logs = VM.getRecordedLogs();
        for (uint256 i = 0; outcome.ok && i < logs.length; ++i) {
            outcome.events = abi.encode(outcome.events, logs[i].topics, logs[i].data);
        }
    }

    function _compare() private view {
        VM.assertEq(tenge.totalSupply(), plain.totalSupply(), "supply");
        for (uint256 i = 0; i < actors.length; ++i) {
            VM.assertEq(tenge.balanceOf(actors[i]), plain.balanceOf(actors[i]), "balance");
            VM.assertEq(tenge.nonces(actors[i]), plain.nonces(actors[i]), "nonce");
            for (uint256 k = 0; k < actors.length; ++k) {
                uint256 allowance = tenge.allowance(actors[i], actors[k]);
                VM.assertEq(allowance, plain.allowance(actors[i], actors[k]), "allowance");
            }
        }
    }

    /// @dev About the balance mostly, at times any number.
    function _amount(Random memory random, address of_) private view returns (uint256) {
        uint256 balance = tenge.balanceOf(of_);
        uint256 way = random.below(8);
        if (way == 0) return balance + 1;
        if (way == 1) return balance;
        if (way == 2) return random.seed >> random.below(256);
        if (way == 3) return 0;
        return random.below(balance + 1);
    }

    function _anyone(Random memory random) private view returns (address) {
        return actors[random.oneIn(8) ? random.below(actors.length) : random.below(ACTORS)];
    }

    function _hash(string memory typed, bytes memory fields) private pure returns (bytes32) {
        return keccak256(abi.encodePacked(keccak256(bytes(typed)), fields));
    }

    function _sign(uint256 signer, bytes32 domain, bytes32 hash) private pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = VM.sign(_key(signer), keccak256(abi.encodePacked(hex"1901", domain, hash)));
        return abi.encode(v, r, s);
    }

    function _key(uint256 actor) private pure returns (uint256) {
        return uint256(keccak256(abi.encode("actor", actor)));
    }
}

/// @notice What a hold does to its holder's money; this test is the docket.
contract TengeHeldTest {
    address private constant ISSUER = address(0x155E);
    address private constant HOLDER = address(0xA11CE);
    address private constant OTHER = address(0xB0B);
    uint256 private constant START = 1_790_000_000;

    Tenge private tenge;
    /// @dev What the docket answers when it is asked; it fails while `silent`.
    uint256 private live;
    uint40 private liveUntil;
    bool private silent;

    error Silent();

    function setUp() external {
        VM.warp(START);
        tenge = Tenge(deploy("contracts/Tenge.sol:Tenge", abi.encode(address(this), ISSUER, "Tenge", "KZTE", 6)));
    }

    function heldOf(address asset, address account) external view returns (uint256, uint40) {
        VM.assertTrue(asset == address(tenge) && account == HOLDER, "asked about another account");
        if (silent) revert Silent();
        return (live, liveUntil);
    }

    /// @dev `afterwards` is what lives on once the first hold has ended.
    function testFuzz_holdWithholdsExactlyItsAmount(
        uint96 balance,
        uint256 held,
        uint96 afterwards,
        uint16 waited,
        uint256 amount
    ) external {
        if (held < afterwards) afterwards = uint96(held);
        _setUp(balance, held, afterwards, waited);
        bool ended = waited > 1000;
        uint256 now_ =
            ended
                ? afterwards
                : held > type(uint96).max
                    ? type(uint96).max
                    : held;
        uint256 free = balance > now_ ? balance - now_ : 0;
        amount = amount % (uint256(balance) + 2);
        VM.assertEq(tenge.getFrozenTokens(HOLDER), now_, "frozen");
        VM.assertTrue(
            tenge.canTransfer(HOLDER, OTHER, amount) == (amount > balance || amount <= free),
            "canTransfer is false exactly where a hold stops the transfer"
        );
        bytes memory expected = "";
        if (amount > balance) {
            expected = abi.encodeWithSelector(IERC20Errors.ERC20InsufficientBalance.selector, HOLDER, balance, amount);
        } else if (amount > free) {
            expected = abi.encodeWithSelector(
                IERC7943Fungible.ERC7943InsufficientUnfrozenBalance.selector,
                HOLDER,
                amount,
                free
            );
        }
        VM.prank(HOLDER);
        (bool ok, bytes memory answer) = address(tenge).call(abi.encodeCall(tenge.transfer, (OTHER, amount)));
        VM.assertTrue(ok == (amount <= free), "a hold stops exactly what it holds");
        VM.assertEq(answer, ok ? abi.encode(true) : expected, "answer");
        VM.assertEq(tenge.balanceOf(HOLDER), balance - (ok ? amount : 0), "balance");
        VM.assertEq(tenge.getFrozenTokens(HOLDER), now_, "a transfer changes no hold");
    }

    /// @dev Receipts, mints and forced transfers touch no hold; what comes in is withheld up to the amount.
    function testFuzz_laterReceiptsAreWithheld(uint80 balance, uint80 held, uint80 receipt, uint80 forced) external {
        _setUp(balance, held, held, 0);
        VM.prank(ISSUER);
        tenge.mint(OTHER, receipt);
        VM.prank(OTHER);
        tenge.transfer(HOLDER, receipt);
        uint256 sum = uint256(balance) + receipt;
        forced = uint80(forced % (sum + 1));
        tenge.forcedTransfer(HOLDER, OTHER, forced);
        VM.assertEq(tenge.balanceOf(HOLDER), sum - forced, "balance");
        VM.assertEq(tenge.getFrozenTokens(HOLDER), held, "a forced transfer leaves the held amount alone");
        uint256 free = sum - forced > held ? sum - forced - held : 0;
        VM.assertTrue(tenge.canTransfer(HOLDER, OTHER, free), "what no hold names is free");
        VM.prank(HOLDER);
        (bool ok, ) = address(tenge).call(abi.encodeCall(tenge.transfer, (OTHER, free + 1)));
        VM.assertTrue(!ok, "a receipt slipped past the hold");
    }

    /// @dev While the docket does not answer, nothing held before moves once an end has passed, and nothing else stops.
    function testFuzz_silentDocketStopsOnlyWhatWasHeld(
        uint96 balance,
        uint96 held,
        uint16 waited,
        uint96 amount
    ) external {
        _setUp(balance, held, 0, waited);
        silent = true;
        amount = uint96(amount % (uint256(balance) + 1));
        bool asks = held != 0 && waited > 1000;
        uint256 free = balance > held ? balance - held : 0;
        bool moves = !asks && amount <= free;
        VM.assertTrue(tenge.canTransfer(HOLDER, OTHER, amount) == moves, "canTransfer without a docket");
        VM.assertEq(tenge.getFrozenTokens(HOLDER), held, "without a docket, what was last set");
        VM.prank(HOLDER);
        (bool ok, bytes memory answer) = address(tenge).call(abi.encodeCall(tenge.transfer, (OTHER, amount)));
        VM.assertTrue(ok == moves, "transfer without a docket");
        if (asks) VM.assertEq(answer, abi.encodeWithSelector(Silent.selector), "the docket's own reason");
    }

    /// @dev A balance, a hold whose end comes after 1000 seconds, and `waited` seconds.
    function _setUp(uint96 balance, uint256 held, uint96 afterwards, uint16 waited) private {
        VM.prank(ISSUER);
        tenge.mint(HOLDER, balance);
        tenge.setHeld(HOLDER, held, held == 0 ? 0 : uint40(START + 1000));
        (live, liveUntil) = (afterwards, afterwards == 0 ? 0 : uint40(START + 100_000));
        VM.warp(START + waited);
    }
}
