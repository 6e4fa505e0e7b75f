// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Hold, HoldLib} from "../../contracts/types/Hold.sol";
import {BareHoldBook} from "./BareHoldBook.sol";
import {HoldModel, Word} from "./HoldModel.sol";
import {HoldReader} from "./HoldReader.sol";
import {Random, VM} from "./Vm.sol";

/// @notice The docket's words on one account against the same acts on a plain list, and against a reader of the effects:
/// after every step the same acts were refused, the same words count, the same was taken, and the asset knows what is held.
contract HoldBookTest {
    uint256 private constant START = 1_790_000_000;
    uint256 private constant STEPS = 40;
    uint32 private constant TERM = 10 days;
    uint32 private constant WINDOW = 40 days;
    /// @dev Short, so that it is met.
    uint32 private constant TWO_YEARS = 150 days;

    BareHoldBook private book;
    HoldModel private model;
    HoldReader private reader;

    /// @dev The second of the running step. `block.timestamp` is a constant to the optimizer.
    uint256 private time;
    uint32 private placed;
    /// @dev How many cases play: many fill the list, one meets its own words again and again.
    uint32 private cases;

    function setUp() external {
        _warp(START);
        book = new BareHoldBook(WINDOW, TWO_YEARS);
        model = new HoldModel(WINDOW, TWO_YEARS);
        reader = new HoldReader(model);
    }

    function testFuzz_theDocketIsThePlainListAndTheJournalTellsIt(uint256 seed) external {
        Random memory random = Random(seed);
        cases = [uint32(1), 3, 12][random.below(3)];
        uint256 longest = [uint256(6 hours), 4 days, 25 days][random.below(3)];
        for (uint256 step = 0; step < STEPS; ++step) {
            uint32 caseNumber = uint32(random.between(1, cases));
            uint256 way = random.below(20);
            if (way < 6) _freeze(random, caseNumber);
            else if (way < 9) _place(random, caseNumber);
            else if (way < 12) _confirm(random, caseNumber);
            else if (way < 14) _lift(random, caseNumber);
            else if (way < 15) _seize(random, caseNumber);
            else if (way < 16) _lapse(caseNumber);
            else _wait(random, longest);
            _compare();
        }
    }

    function _freeze(Random memory random, uint32 caseNumber) private {
        uint256 f = model.openedAt();
        uint256 most = f != 0 && time < f + TERM && !random.oneIn(5) ? f + TERM - time : TERM;
        (uint256 amount, uint256 until) = (_amount(random), time + random.between(1, most));
        ++placed;
        _play(
            abi.encodeCall(BareHoldBook.freeze, (caseNumber, placed, amount, uint40(until), TERM)),
            abi.encodeCall(HoldModel.freeze, (caseNumber, placed, amount, until, TERM)),
            "freeze"
        );
    }

    function _place(Random memory random, uint32 caseNumber) private {
        (uint256 amount, uint256 until) = (_amount(random), _until(random));
        ++placed;
        _play(
            abi.encodeCall(BareHoldBook.place, (caseNumber, placed, amount, uint40(until))),
            abi.encodeCall(HoldModel.place, (caseNumber, placed, amount, until)),
            "place"
        );
    }

    function _confirm(Random memory random, uint32 caseNumber) private {
        (uint32 upTo, uint256 amount, uint256 until) = (_upTo(random), _part(random, caseNumber), _until(random));
        _play(
            abi.encodeCall(BareHoldBook.confirm, (caseNumber, upTo, amount, uint40(until))),
            abi.encodeCall(HoldModel.confirm, (caseNumber, upTo, amount, until)),
            "confirm"
        );
    }

    function _lift(Random memory random, uint32 caseNumber) private {
        (uint32 upTo, uint256 amount, bool arrested) = (_upTo(random), _part(random, caseNumber), random.oneIn(2));
        _play(
            abi.encodeCall(BareHoldBook.lift, (caseNumber, upTo, arrested, amount)),
            abi.encodeCall(HoldModel.lift, (caseNumber, upTo, arrested, amount)),
            "lift"
        );
    }

    function _seize(Random memory random, uint32 caseNumber) private {
        (uint32 upTo, uint256 amount, uint32 known) = (_upTo(random), _amount(random), _upTo(random));
        uint256 balance = random.below(800);
        (bool expected, bytes memory modelled) = address(model).call(
            abi.encodeCall(HoldModel.seize, (caseNumber, upTo, amount, balance, known))
        );
        (bool done, bytes memory answer) = address(book).call(
            abi.encodeCall(BareHoldBook.seize, (caseNumber, upTo, amount, balance, known))
        );
        VM.assertTrue(done == expected, "seize");
        if (!done) return;
        (bytes memory effects, uint256 taken, uint256 ofBalance) = abi.decode(answer, (bytes, uint256, uint256));
        reader.read(effects);
        (uint256 wouldTake, uint256 wouldCover) = abi.decode(modelled, (uint256, uint256));
        VM.assertEq(taken, wouldTake, "taken");
        VM.assertEq(ofBalance, wouldCover, "of the balance");
    }

    function _lapse(uint32 caseNumber) private {
        _play(abi.encodeCall(BareHoldBook.lapse, (caseNumber)), abi.encodeCall(HoldModel.lapse, (caseNumber)), "lapse");
    }

    /// @dev Some while, or to the second in which something changes, or one beside it.
    function _wait(Random memory random, uint256 longest) private {
        Word[] memory words = model.listed();
        uint256 to = time + random.between(1, longest);
        if (words.length != 0 && random.oneIn(2)) {
            Word memory word = words[random.below(words.length)];
            uint256[4] memory edges = [word.until, word.until + WINDOW, word.since + WINDOW, word.since + TERM];
            to = edges[random.below(4)] + random.below(3) - 1;
        }
        if (to > time) _warp(to);
    }

    function _play(bytes memory call, bytes memory modelled, string memory what) private {
        (bool expected, ) = address(model).call(modelled);
        (bool done, bytes memory answer) = address(book).call(call);
        VM.assertTrue(done == expected, what);
        if (done) reader.read(abi.decode(answer, (bytes)));
    }

    function _compare() private {
        Word[] memory expected = model.counted();
        Hold[] memory stored = book.words();
        Word[] memory told = model.countedOf(reader.words());
        VM.assertEq(stored.length, expected.length, "words");
        VM.assertEq(told.length, expected.length, "words that the journal tells");
        uint256 live = 0;
        for (uint256 i = 0; i < expected.length; ++i) {
            bytes32 word = keccak256(abi.encode(expected[i]));
            VM.assertEq(keccak256(abi.encode(reader.toWord(stored[i]))), word, "word");
            VM.assertEq(keccak256(abi.encode(told[i])), word, "word that the journal tells");
            if (expected[i].until >= time) live += expected[i].amount;
        }
        (uint256 held, uint40 until) = book.heldNow();
        VM.assertEq(held, live < HoldLib.MAX_AMOUNT ? live : HoldLib.MAX_AMOUNT, "held");
        // Past the earliest end the asset asks; until then it knows.
        bool knows = time <= book.heldUntil() || book.heldUntil() == 0;
        VM.assertTrue(!knows || book.held() == held, "what the asset knows");
        VM.assertTrue(!knows || held == 0 || book.heldUntil() == until, "until when the asset knows it");
    }

    function _amount(Random memory random) private pure returns (uint256) {
        return random.oneIn(30) ? HoldLib.MAX_AMOUNT : random.between(1, 300);
    }

    /// @dev Of what the case holds, all or a part, or a unit more.
    function _part(Random memory random, uint32 caseNumber) private view returns (uint256) {
        uint256 live = model.liveOf(caseNumber);
        if (live > HoldLib.MAX_AMOUNT) live = HoldLib.MAX_AMOUNT - 1;
        if (live == 0 || random.oneIn(4)) return live + 1;
        return random.oneIn(2) ? live : random.between(1, live);
    }

    function _upTo(Random memory random) private view returns (uint32) {
        return random.oneIn(3) ? uint32(random.below(placed + 1)) : placed;
    }

    function _until(Random memory random) private view returns (uint256) {
        return time + random.between(1, random.oneIn(3) ? 20 days : 90 days);
    }

    function _warp(uint256 to) private {
        time = to;
        VM.warp(to);
    }
}
