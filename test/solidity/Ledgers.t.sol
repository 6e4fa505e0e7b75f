// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Ledgers} from "../../contracts/base/Ledgers.sol";
import {IQuorum} from "../../contracts/interfaces/IQuorum.sol";
import {Random, VM} from "./Vm.sol";

/// @notice The ledger of one case alone, with a door to what a Return and a Convert count.
contract OpenLedgers is Ledgers {
    bytes32 private constant CASE = "CASE-1";

    function QUORUM() external pure returns (IQuorum) {
        return IQuorum(address(0));
    }

    function convert(address asset, uint256 taken, uint256 amount, address proceedsAsset, uint256 proceeds) external {
        _countConversion(CASE, asset, taken, amount, proceedsAsset, proceeds);
    }

    /// @return used Of what was taken. Base units.
    function giveBack(
        address taken,
        address asset,
        address account,
        uint256 takenFrom,
        uint256 amount
    ) external returns (uint256 used) {
        used = taken == asset ? amount : _useProceeds(CASE, taken, asset, amount);
        _useLimit(CASE, taken, account, takenFrom, used);
    }
}

/// @notice Conversions and what holders get back of them, beside exact fractions.
contract LedgersTest {
    uint256 private constant HOLDERS = 4;
    uint256 private constant STEPS = 30;
    bytes32 private constant CASE = "CASE-1";
    address private constant TAKEN = address(0xA);
    address private constant PROCEEDS = address(0xB);

    OpenLedgers private ledgers;

    /// @dev What holders get in kind and in proceeds together is never worth more than what was taken from them, at the
    /// price of the conversions, and each unit of rounding is to their debit, not the case's.
    function testFuzz_roundingFavoursNoHolder(uint256 seed) external {
        Random memory random = Random(seed);
        ledgers = new OpenLedgers();
        uint256 scale = 10 ** random.below(24);
        uint256[HOLDERS] memory takenFrom;
        uint256[HOLDERS] memory returned;
        uint256 all = 0;
        for (uint256 i = 0; i < HOLDERS; ++i) all += takenFrom[i] = random.between(1, 1000 * scale);
        uint256 converted = 0;
        uint256 proceeds = 0;
        uint256 returnedProceeds = 0;
        for (uint256 step = 0; step < STEPS; ++step) {
            uint256 i = random.below(HOLDERS);
            uint256 way = random.below(4);
            if (way == 0) {
                uint256 amount = random.between(1, all - converted + (random.oneIn(4) ? 1 : all / 8));
                uint256 came = random.between(1, 1000 * scale);
                bytes memory data = abi.encodeCall(OpenLedgers.convert, (TAKEN, all, amount, PROCEEDS, came));
                bool may = amount <= all - converted;
                VM.assertTrue(_succeeds(data) == may, "no more is converted than was taken");
                if (may) (converted, proceeds) = (converted + amount, proceeds + came);
            } else if (way == 1 || proceeds == 0) {
                uint256 amount = random.between(1, takenFrom[i] / 2 + 1);
                bool may = amount <= takenFrom[i] - returned[i];
                VM.assertTrue(_gives(TAKEN, i, takenFrom[i], amount) == may, "no more goes back than was taken");
                if (may) returned[i] += amount;
            } else {
                uint256 amount = random.between(1, (takenFrom[i] * proceeds) / converted / 2 + 2);
                uint256 used = _exact(amount, converted, proceeds);
                bool may = amount <= proceeds - returnedProceeds && used <= takenFrom[i] - returned[i];
                VM.assertTrue(
                    _gives(PROCEEDS, i, takenFrom[i], amount) == may,
                    "no more proceeds go back than are due"
                );
                if (may) (returned[i], returnedProceeds) = (returned[i] + used, returnedProceeds + amount);
            }
            VM.assertEq(
                ledgers.returnedTo(CASE, TAKEN, _account(i)),
                returned[i],
                "what a holder got, in what was taken"
            );
            VM.assertLe(returned[i], takenFrom[i], "a holder got back more than was taken from it");
            VM.assertLe(returnedProceeds, proceeds, "holders got more than the proceeds");
        }
        Ledgers.Conversion memory conversion = ledgers.conversionOf(CASE, TAKEN, PROCEEDS);
        VM.assertTrue(conversion.converted == converted && conversion.proceeds == proceeds, "conversions add up");
        VM.assertEq(conversion.returned, returnedProceeds, "what was returned of the proceeds adds up");
    }

    /// @dev The smallest whole amount that is at least the exact fraction.
    function _exact(uint256 amount, uint256 converted, uint256 proceeds) private pure returns (uint256 used) {
        used = (amount * converted) / proceeds;
        while (used * proceeds < amount * converted) ++used;
    }

    function _gives(address asset, uint256 holder, uint256 takenFrom, uint256 amount) private returns (bool) {
        bytes memory data = abi.encodeCall(OpenLedgers.giveBack, (TAKEN, asset, _account(holder), takenFrom, amount));
        return _succeeds(data);
    }

    function _account(uint256 holder) private pure returns (address) {
        return address(uint160(0x1000 + holder));
    }

    function _succeeds(bytes memory data) private returns (bool success) {
        (success, ) = address(ledgers).call(data);
    }
}
