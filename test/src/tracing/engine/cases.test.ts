import { expect } from "chai";
import { METHODS, type Method } from "../../../../src/tracing/methods.ts";
import { ZERO_ADDRESS } from "../../../../src/tracing/transfers/row.ts";
import { trace } from "../../../../src/tracing/trace.ts";
import type { Step } from "./oracle.ts";
import { account, numbersOf, seedsOf, transfersOf } from "./world.ts";

const [ANN, BOB, CAROL, DAN] = [1, 2, 3, 4].map(account) as [string, string, string, string];
const mint = (to: string, value: bigint): Step => ({ from: ZERO_ADDRESS, to, value });
const move = (from: string, to: string, value: bigint, seed?: bigint): Step => ({
  from,
  to,
  value,
  ...(seed !== undefined && { seed }),
});

/** What each method finds in one account. */
function taintsOf(who: string, steps: readonly Step[], stops: readonly string[] = []): Record<string, bigint> {
  const transfers = transfersOf(steps);
  const found = trace({
    transfers,
    seeds: seedsOf(steps),
    stops: numbersOf(transfers, stops),
    opening: "none",
    methods: METHODS,
  });
  const number = transfers.accounts.find(who) as number;
  return Object.fromEntries(found.methods.map(({ method, taintOf }) => [method, taintOf(number)]));
}

describe("tracing: cases of the books", function () {
  it("180,000 clean, 60,000 stolen, 120,000 spent, 180,000 clean", function () {
    const steps = [
      mint(ANN, 500_000n),
      move(ANN, CAROL, 180_000n),
      move(ANN, CAROL, 60_000n, 60_000n),
      move(CAROL, DAN, 120_000n),
      move(ANN, CAROL, 180_000n),
    ];
    expect(taintsOf(CAROL, steps)).to.deep.equal({
      fifo: 60_000n,
      libr: 60_000n,
      haircut: 30_000n,
      "taint-first": 0n,
      lifo: 0n,
      poison: 300_000n,
    });
  });

  it("Clayton: Paul, Michael and Karen put in 10 each, 10 are spent after two of them", function () {
    // What is Karen's, Michael's and Paul's in the end, by making each of them the victim in turn.
    const shares = (victim: number) => {
      const pay = (who: number) => move(account(10 + who), CAROL, 100n, who === victim ? 100n : undefined);
      const steps = [
        ...[0, 1, 2].map((who) => mint(account(10 + who), 100n)),
        pay(0),
        pay(1),
        move(CAROL, DAN, 100n),
        pay(2),
        move(CAROL, DAN, 100n),
      ];
      return taintsOf(CAROL, steps);
    };
    const of = (method: Method) => [0, 1, 2].map((victim) => shares(victim)[method]);
    expect(of("fifo")).to.deep.equal([0n, 0n, 100n]);
    expect(of("haircut")).to.deep.equal([25n, 25n, 50n]);
    expect(of("lifo")).to.deep.equal([100n, 0n, 0n]);
  });

  it("Roscoe v Winder: money that comes after the lowest balance restores nothing", function () {
    const steps = [mint(ANN, 2_000n), move(ANN, CAROL, 100n, 100n), move(CAROL, DAN, 90n), move(ANN, CAROL, 1_000n)];
    expect(taintsOf(CAROL, steps)).to.include({ libr: 10n, fifo: 10n, haircut: 10n, poison: 1_010n });
    const clean = [mint(CAROL, 50n), ...steps];
    // Clean money leaves first: of 150 with 100 stolen, 90 spent, 60 stolen are left.
    expect(taintsOf(CAROL, clean)).to.include({ libr: 60n, fifo: 60n, "taint-first": 10n, haircut: 40n });
  });
});

describe("tracing: the rules of seeds and stops", function () {
  it("counts what is tainted already first, and injects only the rest", function () {
    const steps = [mint(ANN, 100n), move(ANN, BOB, 100n, 60n), move(BOB, CAROL, 50n, 50n)];
    const transfers = transfersOf(steps);
    const input = { transfers, seeds: seedsOf(steps), stops: new Set<number>(), opening: "none" } as const;
    const injected = Object.fromEntries(
      trace({ ...input, methods: METHODS }).methods.map(({ method, injected }) => [method, injected]),
    );
    // Of Bob's 50, tainted were: all 50 by FIFO, 10 by LIBR, 30 by haircut, 50 by taint-first, 10 by LIFO, all by poison.
    expect(injected).to.deep.equal({
      fifo: 60n,
      libr: 100n,
      haircut: 80n,
      "taint-first": 60n,
      lifo: 100n,
      poison: 60n,
    });
  });

  it("takes the oldest clean units of a partly stolen transfer, and keeps the order of units that move", function () {
    // Ann has 10 tainted, then 10 clean; 20 move with 15 stolen: 10 and the oldest 5 clean ones.
    const steps = [
      mint(DAN, 100n),
      move(DAN, ANN, 10n, 10n),
      move(DAN, ANN, 10n),
      move(ANN, BOB, 20n, 15n),
      move(BOB, CAROL, 17n),
    ];
    expect(taintsOf(CAROL, steps)).to.include({ fifo: 15n, lifo: 12n });
  });

  it("destroys nothing where a seed is less than what is tainted anyway", function () {
    const steps = [mint(ANN, 100n), move(ANN, BOB, 100n, 100n), move(BOB, CAROL, 80n, 5n)];
    expect(taintsOf(CAROL, steps)).to.include({ fifo: 80n, libr: 80n, haircut: 80n, "taint-first": 80n, lifo: 80n });
  });

  it("traces a stolen mint, and a theft from a service", function () {
    const minted = [{ ...mint(ANN, 100n), seed: 70n }, move(ANN, BOB, 100n)];
    for (const [method, taint] of Object.entries(taintsOf(BOB, minted))) {
      expect(taint, method).to.equal(method === "poison" ? 100n : 70n);
    }
    const robbed = [mint(ANN, 100n), move(ANN, BOB, 60n), move(BOB, CAROL, 40n, 40n), move(CAROL, BOB, 40n)];
    for (const [method, taint] of Object.entries(taintsOf(CAROL, robbed.slice(0, 3), [BOB]))) {
      expect(taint, method).to.equal(40n);
    }
    for (const taint of Object.values(taintsOf(BOB, robbed, [BOB]))) expect(taint).to.equal(0n);
  });

  it("counts no seed behind the last block that counts, and none that moves nothing", function () {
    const steps = [mint(ANN, 100n), move(ANN, ANN, 50n, 50n), move(ANN, BOB, 0n, 0n), move(ANN, BOB, 100n, 100n)];
    const transfers = transfersOf(steps);
    const { methods } = trace({
      transfers,
      seeds: seedsOf(steps),
      stops: new Set(),
      opening: "none",
      methods: METHODS,
      at: 100,
    });
    for (const { method, injected, touched } of methods) {
      expect([injected, touched], method).to.deep.equal([0n, []]);
    }
  });
});
