// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {LicenceRegister} from "../../contracts/LicenceRegister.sol";
import {Act} from "../../contracts/types/Act.sol";
import {ExchangeHold, License, Suspend} from "../../contracts/types/Order.sol";
import {ASSETS, CASES, Stage} from "./Stage.sol";
import {Random, VM} from "./Vm.sol";

/// @notice Platforms: the first wallet is one platform's own, in the second one the money of many lies.
abstract contract LicenceGames is Stage {
    struct Suspension {
        uint256 entry;
        bytes32 document;
    }

    uint256 private constant MOST = type(uint96).max;

    mapping(bytes32 platform => Suspension) private _suspensions;

    function _playLicense(Random memory random) internal {
        uint256 index = random.below(WALLETS);
        License memory order;
        (order.platform, order.document, order.signBy, order.salt) = _frame(_platform(index));
        (order.wallet, order.omnibus) = (_wallet(index), index == 1);
        order.until = uint64(block.timestamp + random.between(6 days, 400 days));
        bytes32 suspended = _suspendedBy(index);
        if (suspended != 0 && !random.oneIn(3)) order.document = suspended;
        bool renews = _register.isLicensed(order.wallet);
        uint256 first = renews ? _register.licenceOf(order.wallet).first : block.timestamp + 7 days;
        uint256 signers = _draw(random, Act.LICENSE);
        bytes32 digest = system.lens().digestOfLicense(order);
        bool forged = random.oneIn(6);
        bytes memory data = abi.encodeCall(
            LicenceRegister.license,
            (order, system.approve(digest, signers), _sign(_key(forged ? 0 : HOLDERS + index), digest))
        );
        bool may = !forged && order.until > first && _able(Act.LICENSE, signers);
        if (suspended != 0 && order.document != suspended) may = false;
        if (renews && order.until < _register.licenceOf(order.wallet).until) may = false;
        VM.assertEq(
            _execute(address(_register), data),
            may ? Act.LICENSE : 0,
            "a licence needs its wallet's word, and after a suspension that one's document"
        );
    }

    function _playSuspend(Random memory random) internal {
        if (!random.oneIn(4)) return;
        Suspend memory order;
        (order.platform, order.document, order.signBy, order.salt) = _frame(_platform(random.below(WALLETS)));
        order.document = order.salt;
        uint256 signers = _draw(random, Act.SUSPEND);
        bytes32 digest = system.lens().digestOfSuspend(order);
        bytes memory data = abi.encodeCall(LicenceRegister.suspend, (order, system.approve(digest, signers)));
        if (!_order(random, address(_register), data, signers)) return;
        _suspensions[order.platform] = Suspension(auditor.entries(), order.document);
        for (uint256 i = 0; i < WALLETS; ++i) {
            bool its = _platform(i) == order.platform;
            VM.assertTrue(!its || !_register.isLicensed(_wallet(i)), "a suspension is at once, of every wallet");
        }
    }

    function _playExchangeHold(Random memory random) internal {
        ExchangeHold memory order;
        (order.caseId, order.document, order.signBy, order.salt) = _frame(_drawCase(random));
        (order.asset, order.wallet) = (assets[random.below(ASSETS)], _wallet(random.below(WALLETS)));
        (order.subAccount, order.amount) = (SUB_ACCOUNT, random.between(1, ISSUED));
        order.term = uint32(random.between(1, system.TERM()));
        uint256 signers = _draw(random, Act.EXCHANGE_HOLD);
        bytes32 digest = system.lens().digestOfExchangeHold(order);
        bytes memory data = abi.encodeCall(LicenceRegister.exchangeHold, (order, system.approve(digest, signers)));
        bool known = _register.licenceOf(order.wallet).entry != 0;
        bool done = _order(random, address(_register), data, signers);
        VM.assertTrue(known || !done, "a hold on a sub-account of a wallet that no platform ever had");
    }

    /// @dev By the platform, at times by somebody else.
    function _playAcknowledge(Random memory random) internal {
        address wallet = random.oneIn(6) ? _holder(random) : _wallet(random.below(WALLETS));
        address asset = assets[random.below(ASSETS)];
        uint256 amount = random.oneIn(12) ? MOST + 1 : random.below(ISSUED);
        bool asked = _register.subAccountOf(asset, _register.accountOf(wallet, SUB_ACCOUNT)).askedAt != 0;
        bytes memory data = abi.encodeCall(LicenceRegister.acknowledge, (asset, SUB_ACCOUNT, amount));
        uint8 act = _executeAs(wallet, address(_register), data);
        VM.assertEq(act, asked && amount <= MOST ? Act.ACKNOWLEDGE : 0, "only who was asked answers");
    }

    /// @dev What a seizure demanded, from what the platform can spend.
    function _playSurrender(Random memory random) internal {
        uint256 n = CASES * ASSETS * WALLETS;
        uint256 start = random.below(n);
        for (uint256 i = 0; i < n; ++i) {
            uint256 place = (start + i) % n;
            (bytes32 caseId, address asset) = (caseIds[place % CASES], assets[(place / CASES) % ASSETS]);
            address wallet = _wallet(place / CASES / ASSETS);
            uint256 due = _register.dueOf(caseId, asset, _register.accountOf(wallet, SUB_ACCOUNT));
            if (due == 0 && i < n - 1) continue;
            (, uint256 free) = _free(asset, wallet);
            uint256 amount =
                random.oneIn(3) ? _atMost(random, due) : random.between(1, due < free ? due + 1 : free + 1);
            VM.prank(wallet);
            IERC20(asset).approve(address(_register), amount);
            _mayFall[asset][wallet] = amount;
            bytes memory data = abi.encodeCall(LicenceRegister.surrender, (caseId, asset, SUB_ACCOUNT, amount));
            bool may = amount <= due && amount <= free;
            uint8 act = _executeAs(wallet, address(_register), data);
            VM.assertEq(act, may ? Act.SURRENDER : 0, "a platform surrenders what is due and no more");
            return;
        }
    }

    /// @dev The document of the suspension that came after the wallet's licence; 0 where none did.
    function _suspendedBy(uint256 index) private view returns (bytes32) {
        Suspension memory last = _suspensions[_platform(index)];
        return _register.licenceOf(_wallet(index)).entry < last.entry ? last.document : bytes32(0);
    }

    function _platform(uint256 index) private pure returns (bytes32) {
        return index == 0 ? bytes32("OWN") : bytes32("MANY");
    }
}
