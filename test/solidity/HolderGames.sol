// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Stage, CASES, ASSETS} from "./Stage.sol";
import {Random, VM} from "./Vm.sol";

/// @notice What holders do with their money, and an issuer.
abstract contract HolderGames is Stage {
    function _playTransfer(Random memory random) internal {
        (address from, address to) = (_holder(random), accounts[random.below(HOLDERS)]);
        _transfer(random, from, to);
    }

    function _playDeposit(Random memory random) internal {
        bytes32 caseId = caseIds[random.below(CASES)];
        (address asset, uint256 amount) = _transfer(random, _holder(random), _docket.vaultOf(caseId));
        deposited[caseId][asset] += amount;
    }

    function _playTransferFrom(Random memory random) internal {
        (address from, address spender) = (_holder(random), address(this));
        (uint256 balance, uint256 free) = _free(address(_tenge), from);
        uint256 amount = random.below(balance + 2);
        if (random.oneIn(2)) {
            VM.prank(from);
            _tenge.approve(spender, amount);
        } else {
            _permit(random, from, spender, amount);
        }
        _mayFall[address(_tenge)][from] = amount;
        bytes memory data = abi.encodeCall(_tenge.transferFrom, (from, accounts[random.below(HOLDERS)], amount));
        (bool ok, ) = address(_tenge).call(data);
        VM.assertTrue(ok == (amount <= free), "a hold stops exactly what it holds (transferFrom)");
    }

    function _playBurn(Random memory random) internal {
        address holder = _holder(random);
        (uint256 balance, uint256 free) = _free(address(_tenge), holder);
        uint256 amount = random.below(balance / 4 + 2);
        _mayFall[address(_tenge)][holder] = amount;
        VM.prank(holder);
        (bool ok, ) = address(_tenge).call(abi.encodeCall(_tenge.burn, (amount)));
        VM.assertTrue(ok == (amount <= free), "a hold stops exactly what it holds (burn)");
    }

    function _playMint(Random memory random) internal {
        address to = accounts[random.below(HOLDERS + WALLETS)];
        uint256 amount = random.below(ISSUED);
        if (random.oneIn(2)) {
            VM.prank(system.ISSUER());
            _tenge.mint(to, amount);
        } else {
            _fussy.mint(to, amount);
        }
    }

    function _playRefuse(Random memory random) internal {
        _fussy.refuse(accounts[random.below(_payees)], random.oneIn(3) ? uint8(random.below(3)) : 0);
    }

    function _transfer(Random memory random, address from, address to) private returns (address asset, uint256 moved) {
        asset = assets[random.below(ASSETS)];
        (uint256 balance, uint256 free) = _free(asset, from);
        uint256 amount = random.oneIn(4) ? random.between(free, balance + 1) : random.below(free / 4 + 1);
        _mayFall[asset][from] = amount;
        VM.prank(from);
        (bool ok, bytes memory answer) = asset.call(abi.encodeCall(IERC20.transfer, (to, amount)));
        ok = ok && abi.decode(answer, (bool));
        VM.assertTrue(ok == (_accepts(asset, to) && amount <= free), "a hold stops exactly what it holds (transfer)");
        moved = ok ? amount : 0;
    }

    function _permit(Random memory random, address owner, address spender, uint256 amount) private {
        uint256 i = 0;
        while (accounts[i] != owner) ++i;
        uint256 deadline = block.timestamp + random.below(2 days);
        bytes32 permit = keccak256(
            abi.encode(
                keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"),
                owner,
                spender,
                amount,
                _tenge.nonces(owner),
                deadline
            )
        );
        bytes32 digest = keccak256(abi.encodePacked(hex"1901", _tenge.DOMAIN_SEPARATOR(), permit));
        (uint8 v, bytes32 r, bytes32 s) = VM.sign(_key(i), digest);
        _tenge.permit(owner, spender, amount, deadline, v, r, s);
    }
}
