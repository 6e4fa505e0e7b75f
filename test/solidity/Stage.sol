// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Disposal} from "../../contracts/Disposal.sol";
import {Docket} from "../../contracts/Docket.sol";
import {Hold, HoldLib} from "../../contracts/types/Hold.sol";
import {LicenceRegister} from "../../contracts/LicenceRegister.sol";
import {Target} from "../../contracts/types/Order.sol";
import {Tenge} from "../../contracts/Tenge.sol";
import {Auditor} from "./Auditor.t.sol";
import {Fussy} from "./Fussy.t.sol";
import {NO_AGENCY} from "./Seats.sol";
import {System} from "./System.t.sol";
import {Random, Vm, VM} from "./Vm.sol";

uint256 constant CASES = 3;
uint256 constant ASSETS = 2;

/// @notice Who plays, with what, and how a step is watched: no balance falls but by its holder's act or an executed order,
/// and no order executes without the officers that it needs. All money stays among {accounts}.
abstract contract Stage {
    /// @dev What the docket counts of conversions. Base units.
    struct Conversion {
        uint256 converted;
        uint256 proceeds;
    }

    uint256 internal constant HOLDERS = 3;
    uint256 internal constant WALLETS = 2;
    uint256 internal constant ISSUED = 1000;
    bytes32 internal constant SUB_ACCOUNT = "customer";

    System public system;
    Auditor public auditor;
    Docket internal _docket;
    Disposal internal _disposal;
    LicenceRegister internal _register;
    Tenge internal _tenge;
    Fussy internal _fussy;

    /// @notice Holders first, then the platforms' wallets, two victims, a free payee, both treasuries; then the vaults of
    /// the cases and the issuer.
    address[] public accounts;
    /// @notice Whom orders name, ascending: the holders, the vault of the last case, wallets and their sub-accounts.
    address[] public targets;
    bytes32[] public caseIds;
    /// @notice Ascending.
    address[] public assets;
    /// @notice What was paid into the vault of a case by no act. Base units.
    mapping(bytes32 caseId => mapping(address asset => uint256)) public deposited;
    /// @notice How often an act was executed.
    mapping(uint8 act => uint256) public executed;
    /// @notice How often a call was refused.
    uint256 public refused;

    uint256 internal _salts;
    /// @dev How many of {accounts} may be paid, from the first on.
    uint256 internal _payees;
    /// @dev By how much a balance may fall in this step.
    mapping(address asset => mapping(address account => uint256)) internal _mayFall;

    /// @dev No balance falls by more than the step allowed.
    modifier watched() {
        uint256[] memory before = _balances();
        VM.recordLogs();
        _;
        uint256[] memory afterwards = _balances();
        for (uint256 i = 0; i < before.length; ++i) {
            (address asset, address account) = (assets[i % ASSETS], accounts[i / ASSETS]);
            uint256 allowed = _mayFall[asset][account];
            VM.assertLe(before[i], afterwards[i] + allowed, "a balance fell by no act of its holder and no order");
            if (allowed != 0) _mayFall[asset][account] = 0;
        }
    }

    constructor(System system_, Auditor auditor_) {
        (system, auditor) = (system_, auditor_);
        (_docket, _disposal, _register) = (system_.docket(), system_.disposal(), system_.register());
        (_tenge, _fussy) = (system_.tenge(), system_.fussy());
        bool tengeFirst = address(_tenge) < address(_fussy);
        assets.push(tengeFirst ? address(_tenge) : address(_fussy));
        assets.push(tengeFirst ? address(_fussy) : address(_tenge));
        caseIds.push("CASE-1");
        caseIds.push("CASE-2");
        caseIds.push("CASE-3");
        for (uint256 i = 0; i < HOLDERS + WALLETS; ++i) {
            address holder = VM.addr(_key(i));
            accounts.push(holder);
            _insertTarget(holder);
            if (i >= HOLDERS) _insertTarget(_register.accountOf(holder, SUB_ACCOUNT));
            VM.prank(system_.ISSUER());
            _tenge.mint(holder, ISSUED);
            _fussy.mint(holder, ISSUED);
        }
        accounts.push(address(0xF1C7));
        accounts.push(address(0xF1C8));
        accounts.push(address(0xF0E1));
        accounts.push(system_.TREASURY());
        accounts.push(system_.NEXT_TREASURY());
        _payees = accounts.length;
        for (uint256 i = 0; i < CASES; ++i) accounts.push(_docket.vaultOf(caseIds[i]));
        _insertTarget(_docket.vaultOf(caseIds[CASES - 1]));
        accounts.push(system_.ISSUER());
    }

    function accountCount() external view returns (uint256) {
        return accounts.length;
    }

    function targetCount() external view returns (uint256) {
        return targets.length;
    }

    /// @dev Executes a call of the system as a stranger and has the auditor read what it entered.
    /// @return act Number of the last act that was entered; 0 when the call was refused.
    function _execute(address to, bytes memory data) internal returns (uint8 act) {
        (act, , ) = _tell(to, data);
    }

    /// @dev The same, with why the call was refused, and what it told.
    function _tell(
        address to,
        bytes memory data
    ) internal returns (uint8 act, bytes memory reason, Vm.Log[] memory logs) {
        bool ok;
        (ok, reason) = to.call(data);
        logs = VM.getRecordedLogs();
        if (!ok) {
            ++refused;
            return (0, reason, logs);
        }
        act = auditor.read(logs);
        VM.assertTrue(act != 0, "a change of state that did not enter the journal");
        ++executed[act];
    }

    function _executeAs(address caller, address to, bytes memory data) internal returns (uint8) {
        VM.prank(caller);
        return _execute(to, data);
    }

    /// @dev Executes an order, at times twice, and checks that its officers could.
    function _order(Random memory random, address to, bytes memory data, uint256 signers) internal returns (bool) {
        uint8 act = _execute(to, data);
        if (act == 0) return false;
        VM.assertTrue(_able(act, signers), "an order was executed without the officers it needs");
        if (random.oneIn(4)) VM.assertEq(_execute(to, data), 0, "an order was executed twice");
        return true;
    }

    function _able(uint8 act, uint256 signers) internal view returns (bool able) {
        (able, ) = system.firstMet(act, NO_AGENCY, signers);
    }

    /// @dev Officers for an order: mostly just those that an alternative needs, at times some others, or all.
    function _draw(Random memory random, uint8 act) internal view returns (uint256) {
        return _drawAbout(random, act, NO_AGENCY);
    }

    function _drawAbout(Random memory random, uint8 act, uint8 about) internal view returns (uint256 signers) {
        uint256 officers = system.officerCount();
        uint8 alternative = uint8(random.below(system.alternativeCount(act)));
        signers = system.quorumAbout(act, alternative, about, random.seed);
        uint256 way = random.below(16);
        if (way < 2) signers ^= 1 << random.below(officers);
        else if (way == 2) signers = random.below(1 << officers);
        else if (way == 3) signers = (1 << officers) - 1;
    }

    function _frame(bytes32 caseId) internal returns (bytes32, bytes32, uint64, bytes32) {
        return (caseId, system.DOCUMENT(), _signBy(), _salt());
    }

    /// @dev Of every kind of order in its time.
    function _signBy() internal view returns (uint64) {
        return uint64(block.timestamp + 7 days);
    }

    function _salt() internal returns (bytes32) {
        return keccak256(abi.encode(++_salts));
    }

    /// @dev The last case is opened late: until then its vault is an account like any other, and can be held.
    function _drawCase(Random memory random) internal view returns (bytes32) {
        uint256 place = random.below(CASES);
        bool late = place == CASES - 1 && _docket.caseOf(caseIds[place]).number == 0;
        return caseIds[late && !random.oneIn(16) ? random.below(CASES - 1) : place];
    }

    /// @dev Mostly the newest hold, at times an older one, or one that was never placed.
    function _drawNewest(Random memory random) internal view returns (uint32) {
        uint32 placed = _docket.placements();
        if (random.oneIn(16)) return placed + 1;
        return random.oneIn(5) ? placed - uint32(random.below(placed < 6 ? placed + 1 : 6)) : placed;
    }

    /// @dev Mostly at most `most`, at times one above.
    function _atMost(Random memory random, uint256 most) internal pure returns (uint256) {
        return
            random.oneIn(8) || most == 0
                ? most + 1
                : random.oneIn(3)
                    ? most
                    : random.between(1, most);
    }

    /// @dev Mostly a part, so that other orders find something too.
    function _partOf(Random memory random, uint256 most) internal pure returns (uint256) {
        return random.oneIn(6) ? _atMost(random, most) : random.between(1, most / 3 + 1);
    }

    /// @dev A hold that is live, or one that ended and was not recorded.
    function _pick(
        Random memory random,
        bool live
    ) internal view returns (bool found, address asset, address account, Hold hold) {
        uint256 start = random.below(_pairs());
        for (uint256 i = 0; i < _pairs(); ++i) {
            (asset, account) = _pair((start + i) % _pairs());
            Hold[] memory holds = _docket.holdsOf(asset, account);
            uint256 first = random.below(32);
            for (uint256 k = 0; k < holds.length; ++k) {
                hold = holds[(first + k) % holds.length];
                if (hold.amount() != 0 && (block.timestamp <= hold.until()) == live) {
                    return (true, asset, account, hold);
                }
            }
        }
    }

    /// @dev A holder from whom something was taken and is not given back.
    function _pickTaken(
        Random memory random
    ) internal view returns (bool found, bytes32 caseId, address asset, address account, uint256 left) {
        uint256 n = CASES * _pairs();
        uint256 start = random.below(n);
        for (uint256 i = 0; i < n; ++i) {
            uint256 place = (start + i) % n;
            caseId = caseIds[place % CASES];
            (asset, account) = _pair(place / CASES);
            left = _leftOf(caseId, asset, account);
            if (left != 0) return (true, caseId, asset, account, left);
        }
    }

    /// @dev A case and asset with money that is neither paid nor reserved; any where there is none.
    function _pickCustody(Random memory random) internal view returns (bytes32 caseId, address asset, uint256 left) {
        uint256 start = random.below(CASES * ASSETS);
        for (uint256 i = 0; i < CASES * ASSETS; ++i) {
            uint256 place = (start + i) % (CASES * ASSETS);
            (caseId, asset) = (caseIds[place % CASES], assets[place / CASES]);
            left = _left(caseId, asset);
            if (left != 0) return (caseId, asset, left);
        }
        caseId = _drawCase(random);
    }

    /// @dev What of the account was taken and is not given back.
    function _leftOf(bytes32 caseId, address asset, address account) internal view returns (uint256 left) {
        (left, , ) = _docket.owedTo(caseId, asset, account);
    }

    /// @dev What the case has in the asset and promised to nobody.
    function _left(bytes32 caseId, address asset) internal view returns (uint256) {
        return _docket.moneyOf(caseId, asset).left;
    }

    /// @dev What of it is no proceeds: what can go back in kind or be converted.
    function _leftInKind(bytes32 caseId, address asset) internal view returns (uint256) {
        return _left(caseId, asset) - _docket.moneyOf(caseId, asset).proceeds;
    }

    function _conversionOf(bytes32 caseId, address taken) internal view returns (Conversion memory conversion) {
        (conversion.converted, conversion.proceeds) = _docket.conversionOf(caseId, taken, _other(taken));
    }

    function _claimOf(bytes32 caseId, address asset, address account) internal view returns (uint256 claimed) {
        (, claimed, ) = _docket.owedTo(caseId, asset, account);
    }

    /// @dev At times the account itself comes for its money: only it may where some of its money is held.
    function _drawClaimant(
        Random memory random,
        address asset,
        address account
    ) internal view returns (address caller, bool may) {
        caller = random.oneIn(3) ? account : address(this);
        may = caller == account || _live(asset, account, 0) == 0;
    }

    /// @dev What an account has, and what no live hold names; the sum of the holds by plain counting.
    function _free(address asset, address account) internal view returns (uint256 balance, uint256 free) {
        balance = IERC20(asset).balanceOf(account);
        uint256 held = _live(asset, account, 0);
        free = balance > held ? balance - held : 0;
    }

    /// @dev Sum of the live holds of a case (0: of all).
    function _live(address asset, address account, uint32 caseNumber) internal view returns (uint256 live) {
        return _reached(asset, account, caseNumber, type(uint32).max, true);
    }

    /// @dev What an order reaches that names its newest hold: the live holds up to that one, with arrested ones or without.
    function _reached(
        address asset,
        address account,
        uint32 caseNumber,
        uint32 newest,
        bool arrested
    ) internal view returns (uint256 live) {
        Hold[] memory holds = _docket.holdsOf(asset, account);
        for (uint256 i = 0; i < holds.length; ++i) {
            Hold hold = holds[i];
            if (block.timestamp > hold.until() || hold.number() > newest) continue;
            if (!arrested && hold.kind() == HoldLib.ARRESTED) continue;
            if (caseNumber == 0 || hold.caseNumber() == caseNumber) live += hold.amount();
        }
    }

    /// @dev What the case holds everywhere, as one order may name it.
    function _liveTargets(uint32 caseNumber) internal view returns (Target[] memory all) {
        all = new Target[](_pairs());
        uint256 n = 0;
        for (uint256 i = 0; i < _pairs(); ++i) {
            (address asset, address account) = _pair(i);
            uint256 live = _live(asset, account, caseNumber);
            if (live > HoldLib.MAX_AMOUNT) live = HoldLib.MAX_AMOUNT;
            if (live != 0) all[n++] = Target(asset, account, live);
        }
        assembly ("memory-safe") {
            mstore(all, n)
        }
    }

    /// @dev Whether the asset lets the account be paid.
    function _accepts(address asset, address account) internal view returns (bool) {
        return asset != address(_fussy) || _fussy.refusal(account) == 0;
    }

    /// @dev Counts a payment that no act of the case of the vault asked for, where the payee is a vault.
    function _countDeposit(address account, address asset, uint256 amount) internal {
        bytes32 ofVault = _caseOfVault(account);
        if (ofVault != 0) deposited[ofVault][asset] += amount;
    }

    /// @dev The case whose vault the account is; 0 for none.
    function _caseOfVault(address account) internal view returns (bytes32) {
        for (uint256 i = 0; i < CASES; ++i) {
            if (account == _docket.vaultOf(caseIds[i])) return caseIds[i];
        }
        return 0;
    }

    function _holder(Random memory random) internal view returns (address) {
        return accounts[random.below(HOLDERS)];
    }

    function _wallet(uint256 index) internal view returns (address) {
        return accounts[HOLDERS + index];
    }

    function _other(address asset) internal view returns (address) {
        return asset == assets[0] ? assets[1] : assets[0];
    }

    function _sign(uint256 key, bytes32 digest) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = VM.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }

    /// @dev The key of a holder or a wallet, by its place in {accounts}.
    function _key(uint256 place) internal pure returns (uint256) {
        return uint256(keccak256(abi.encode("holder", place)));
    }

    function _none() internal pure returns (bytes32[] memory) {
        return new bytes32[](0);
    }

    /// @dev Number of pairs of an asset and an account that orders may name.
    function _pairs() internal view returns (uint256) {
        return ASSETS * targets.length;
    }

    /// @dev They ascend with the index.
    function _pair(uint256 index) internal view returns (address asset, address account) {
        return (assets[index / targets.length], targets[index % targets.length]);
    }

    function _balances() private view returns (uint256[] memory balances) {
        balances = new uint256[](accounts.length * ASSETS);
        for (uint256 i = 0; i < balances.length; ++i) {
            balances[i] = IERC20(assets[i % ASSETS]).balanceOf(accounts[i / ASSETS]);
        }
    }

    function _insertTarget(address account) private {
        targets.push(account);
        for (uint256 i = targets.length - 1; i > 0 && targets[i - 1] > account; --i) {
            targets[i] = targets[i - 1];
            targets[i - 1] = account;
        }
    }
}
