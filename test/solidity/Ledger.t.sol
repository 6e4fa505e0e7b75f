// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {Docket} from "../../contracts/Docket.sol";
import {Asset, Contracts, Numbers} from "../../contracts/types/Charter.sol";
import {Money, Payment, Source} from "../../contracts/types/Money.sol";
import {Refund} from "../../contracts/types/Order.sol";
import {deploy, Random, VM} from "./Vm.sol";

/// @notice An asset that anyone may mint.
contract LedgerAsset is ERC20("", "") {
    address public immutable DOCKET;

    constructor(address docket) {
        DOCKET = docket;
    }

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }
}

/// @notice The money of one case in two assets, beside plain sums and exact fractions. The test plays quorum, disposal and
/// register.
contract LedgerTest {
    /// @dev What the sums of an asset should be.
    struct Sums {
        uint256 left;
        uint256 proceeds;
        uint256 reserved;
        uint256 suspense;
    }

    struct Sale {
        uint256 converted;
        uint256 proceeds;
    }

    bytes32 private constant CASE = "CASE-1";
    uint256 private constant HOLDERS = 3;
    uint256 private constant STEPS = 50;
    address private constant PAYEE = address(0xFA1);
    address private constant TREASURY = address(0x7EA);

    Docket private docket;
    LedgerAsset[2] private assets;
    address private vault;

    Sums[2] private sums;
    /// @dev From the asset at the index into the other one.
    Sale[2] private sales;
    uint256[HOLDERS][2] private owed;

    /// @dev What can be done is exactly what the plain sums allow, and the ledger is always equal to them: so no holder gets
    /// back more than was taken from it, no proceeds are converted again, and each unit of rounding is to a holder's debit.
    function testFuzz_theLedgerIsThePlainSums(uint256 seed) external {
        Random memory random = Random(seed);
        _begin();
        uint256 scale = 10 ** random.below(20);
        for (uint256 step = 0; step < STEPS; ++step) {
            uint256 a = random.below(2);
            uint256 way = random.below(10);
            if (way < 2) _take(a, random.below(HOLDERS), random.between(1, 1000 * scale));
            else if (way == 2) _returnInKind(a, random.below(HOLDERS), _near(random, sums[a].left));
            else if (way == 3) _returnProceeds(a, random.below(HOLDERS), _near(random, sums[1 - a].proceeds));
            else if (way == 4) _pay(a, random.below(HOLDERS + 1), _near(random, sums[a].left));
            else if (way == 5) _reserve(a, _near(random, sums[a].left));
            else if (way == 6) _payReserved(a, _near(random, sums[a].reserved));
            else if (way == 7) _deliver(a, _near(random, sums[a].left), random.between(1, 1000 * scale));
            else if (way == 8) _book(a, random.below(100));
            else _paySuspense(a, _near(random, sums[a].suspense));
            _compare(0);
            _compare(1);
        }
    }

    function _begin() private {
        docket = Docket(deploy("contracts/Docket.sol:Docket", abi.encode(address(this))));
        Asset[] memory installed = new Asset[](2);
        for (uint256 i = 0; i < 2; ++i) {
            assets[i] = new LedgerAsset(address(docket));
            installed[i] = Asset(address(assets[i]), address(assets[i]), TREASURY);
        }
        docket.install(
            Contracts(address(docket), address(this), address(this), docket.VAULT()),
            Numbers(1, 40 days, 730 days),
            installed,
            "document",
            new bytes32[](0),
            ""
        );
        docket.prepare(CASE, false);
        docket.prepare(CASE, true);
        vault = docket.vaultOf(CASE);
    }

    function _take(uint256 a, uint256 holder, uint256 amount) private {
        docket.take(CASE, address(assets[a]), _account(holder), amount);
        assets[a].mint(vault, amount);
        sums[a].left += amount;
        owed[a][holder] += amount;
    }

    function _returnInKind(uint256 a, uint256 holder, uint256 amount) private {
        bool may = amount <= owed[a][holder] && amount <= sums[a].left - sums[a].proceeds;
        VM.assertTrue(_refund(a, a, holder, amount) == may, "no more goes back in kind than was taken and is left");
        if (!may) return;
        owed[a][holder] -= amount;
        sums[a].left -= amount;
    }

    /// @dev Of what the asset at `a` was converted into.
    function _returnProceeds(uint256 a, uint256 holder, uint256 amount) private {
        Sale storage sale = sales[a];
        uint256 p = 1 - a;
        uint256 used = sale.converted == 0 ? 0 : _exact(amount, sale.converted, sale.proceeds);
        bool may = used != 0 && amount <= sale.proceeds && amount <= sums[p].proceeds && used <= owed[a][holder];
        VM.assertTrue(_refund(a, p, holder, amount) == may, "no more proceeds go back than are due");
        if (!may) return;
        owed[a][holder] -= used;
        sale.converted -= used;
        sale.proceeds -= amount;
        sums[p].left -= amount;
        sums[p].proceeds -= amount;
    }

    /// @param holder `HOLDERS`: none is named.
    function _pay(uint256 a, uint256 holder, uint256 amount) private {
        bool named = holder < HOLDERS;
        bool may = amount <= sums[a].left && (!named || amount <= owed[a][holder]);
        bool done = _pays(a, Source.CUSTODY, named ? _account(holder) : address(0), amount);
        VM.assertTrue(done == may, "no more is paid than is left, and is owed to whom it is counted");
        if (!may) return;
        if (named) owed[a][holder] -= amount;
        _spend(a, amount);
    }

    function _reserve(uint256 a, uint256 amount) private {
        bytes memory data = abi.encodeCall(Docket.reserve, (CASE, address(assets[a]), amount, 0));
        (bool done, bytes memory answer) = address(docket).call(data);
        VM.assertTrue(done == (amount <= sums[a].left), "no more is reserved than is left");
        if (!done) return;
        uint256 before = sums[a].proceeds;
        _spend(a, amount);
        sums[a].reserved += amount;
        uint256 proceeds = abi.decode(answer, (uint256));
        VM.assertEq(proceeds, before - sums[a].proceeds, "what is reserved is what was taken first, then proceeds");
        if (amount % 2 == 0) return;
        docket.unreserve(CASE, address(assets[a]), amount, proceeds);
        sums[a].reserved -= amount;
        sums[a].left += amount;
        sums[a].proceeds = before;
    }

    function _payReserved(uint256 a, uint256 amount) private {
        bool may = amount <= sums[a].reserved;
        VM.assertTrue(_pays(a, Source.RESERVED, address(0), amount) == may, "no more is claimed than is reserved");
        if (may) sums[a].reserved -= amount;
    }

    function _deliver(uint256 a, uint256 amount, uint256 proceeds) private {
        uint256 p = 1 - a;
        Payment memory payment = Payment(CASE, address(assets[a]), Source.CUSTODY, address(0), PAYEE, amount, 0);
        bytes memory data = abi.encodeCall(Docket.deliver, (payment, address(assets[p]), proceeds));
        bool may = amount <= sums[a].left - sums[a].proceeds;
        VM.assertTrue(_succeeds(data) == may, "no more is converted than was taken, and no proceeds again");
        if (!may) return;
        assets[p].mint(vault, proceeds);
        sums[a].left -= amount;
        sums[p].left += proceeds;
        sums[p].proceeds += proceeds;
        sales[a].converted += amount;
        sales[a].proceeds += proceeds;
    }

    function _book(uint256 a, uint256 amount) private {
        assets[a].mint(vault, amount);
        bytes memory data = abi.encodeCall(Docket.countSuspense, (CASE, address(assets[a])));
        VM.assertTrue(_succeeds(data) == (amount != 0), "what is booked is what no act brought");
        sums[a].suspense += amount;
    }

    function _paySuspense(uint256 a, uint256 amount) private {
        bool may = amount <= sums[a].suspense;
        VM.assertTrue(_pays(a, Source.SUSPENSE, address(0), amount) == may, "no more suspense is paid than was booked");
        if (may) sums[a].suspense -= amount;
    }

    /// @dev Proceeds go last.
    function _spend(uint256 a, uint256 amount) private {
        sums[a].left -= amount;
        if (sums[a].proceeds > sums[a].left) sums[a].proceeds = sums[a].left;
    }

    function _compare(uint256 a) private view {
        address asset = address(assets[a]);
        Money memory money = docket.moneyOf(CASE, asset);
        VM.assertEq(money.left, sums[a].left, "left");
        VM.assertEq(money.proceeds, sums[a].proceeds, "proceeds");
        VM.assertEq(money.reserved, sums[a].reserved, "reserved");
        VM.assertEq(money.suspense, sums[a].suspense, "suspense");
        VM.assertEq(assets[a].balanceOf(vault), money.left + money.reserved + money.suspense, "the vault's balance");
        for (uint256 i = 0; i < HOLDERS; ++i) {
            (uint256 due, uint256 claim, ) = docket.owedTo(CASE, asset, _account(i));
            VM.assertEq(due, owed[a][i], "owed to a holder");
            VM.assertEq(claim, 0, "no payment was refused");
        }
        (uint256 converted, uint256 proceeds) = docket.conversionOf(CASE, asset, address(assets[1 - a]));
        Sale storage sale = sales[a];
        VM.assertTrue(converted == sale.converted && proceeds == sale.proceeds, "conversions add up");
    }

    function _refund(uint256 taken, uint256 asset, uint256 holder, uint256 amount) private returns (bool) {
        Refund memory item = Refund(address(assets[taken]), address(assets[asset]), _account(holder), amount);
        return _succeeds(abi.encodeCall(Docket.giveBack, (CASE, item)));
    }

    function _pays(uint256 a, uint8 source, address holder, uint256 amount) private returns (bool) {
        Payment memory payment = Payment(CASE, address(assets[a]), source, holder, PAYEE, amount, 0);
        return _succeeds(abi.encodeCall(Docket.pay, (payment)));
    }

    /// @dev The smallest whole amount that is at least the exact fraction.
    function _exact(uint256 amount, uint256 converted, uint256 proceeds) private pure returns (uint256 used) {
        used = (amount * converted) / proceeds;
        while (used * proceeds < amount * converted) ++used;
    }

    /// @dev From 1 on, mostly within what there is, at times a unit more.
    function _near(Random memory random, uint256 most) private pure returns (uint256) {
        if (random.oneIn(6)) return most + 1;
        return random.between(1, random.oneIn(3) ? most + 1 : most / 2 + 1);
    }

    function _account(uint256 holder) private pure returns (address) {
        return address(uint160(0x1000 + holder));
    }

    function _succeeds(bytes memory data) private returns (bool success) {
        (success, ) = address(docket).call(data);
    }
}
