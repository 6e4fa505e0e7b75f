// Long: random histories, and each in another zone and language.
import { expect } from "chai";
import { METHODS, type Method } from "../../../../src/tracing/methods.ts";
import { QueuePass } from "../../../../src/tracing/engine/queues.ts";
import { ZERO_ADDRESS } from "../../../../src/tracing/transfers/row.ts";
import { NegativeBalanceError, trace, type TraceResult } from "../../../../src/tracing/trace.ts";
import type { Transfers } from "../../../../src/tracing/transfers/transfers.ts";
import { randomFrom } from "../../orders/random.ts";
import { oracles, type Step } from "./oracle.ts";
import { account, expectSame, numbersOf, plainOf, seedsOf, transfersOf, worldOf } from "./world.ts";

const [ANN, BOB, CAROL, DAN] = [1, 2, 3, 4].map(account) as [string, string, string, string];
const CONSERVING = METHODS.filter((method) => method !== "poison");
const mint = (to: string, value: bigint): Step => ({ from: ZERO_ADDRESS, to, value });
const move = (from: string, to: string, value: bigint, seed?: bigint): Step => ({
  from,
  to,
  value,
  ...(seed !== undefined && { seed }),
});

function traced(steps: readonly Step[], methods: readonly Method[] = METHODS, stops: readonly string[] = []) {
  const transfers = transfersOf(steps);
  const input = { transfers, seeds: seedsOf(steps), stops: numbersOf(transfers, stops), methods };
  return { transfers, found: trace({ ...input, opening: "none" }) };
}

const plain = ({ transfers, found }: { transfers: Transfers; found: TraceResult }) =>
  found.methods.map((one) => plainOf(transfers, one));
const taintOf = ({ transfers, found }: ReturnType<typeof traced>, who: string, method: Method) =>
  found.methods.find((one) => one.method === method)!.taintOf(transfers.accounts.find(who) as number);

describe("tracing: pitfalls of the pass", function () {
  this.timeout(60_000);

  const theft = [mint(ANN, 1_000n), mint(BOB, 500n), move(ANN, BOB, 400n, 300n), move(BOB, CAROL, 600n)];

  it("bait of no value changes nothing and touches nobody", function () {
    const bait = Array.from({ length: 500 }, (_, i) => move(BOB, account(100 + (i % 50)), 0n));
    expect(plain(traced([...theft, ...bait, move(CAROL, DAN, 100n)]))).to.deep.equal(
      plain(traced([...theft, move(CAROL, DAN, 100n)])),
    );
  });

  it("a transfer to oneself changes nothing, not even the order of units", function () {
    const selves = [move(BOB, BOB, 450n), move(CAROL, CAROL, 600n), move(CAROL, CAROL, 9_999n, 1n)];
    expect(plain(traced([...theft, ...selves, move(CAROL, DAN, 100n)]))).to.deep.equal(
      plain(traced([...theft, move(CAROL, DAN, 100n)])),
    );
  });

  it("a burn of tainted money is a named sink, a mint to a tainted wallet is clean, and zero to zero is nothing", function () {
    const steps = [...theft, move(CAROL, ZERO_ADDRESS, 600n), mint(CAROL, 50n), mint(ZERO_ADDRESS, 7n)];
    const { transfers, found } = traced(steps, CONSERVING);
    for (const { method, burned, taintOf } of found.methods) {
      const left = taintOf(transfers.accounts.find(BOB) as number);
      expect(taintOf(transfers.accounts.find(CAROL) as number), method).to.equal(0n);
      expect(burned, method).to.deep.equal(left === 300n ? [] : [{ row: 4, taint: 300n - left }]);
    }
  });

  it("rows may come in any order, but two places that are exchanged give another result", function () {
    const steps = [mint(ANN, 100n), mint(BOB, 100n), move(ANN, BOB, 50n, 50n), move(BOB, CAROL, 100n)];
    const exchanged = [steps[0]!, steps[1]!, steps[3]!, steps[2]!];
    expect(taintOf(traced(steps), CAROL, "haircut")).to.equal(33n);
    expect(taintOf(traced(exchanged), CAROL, "haircut")).to.equal(0n);
    const shuffled = transfersOf(steps, [3, 1, 0, 2]);
    const found = trace({
      transfers: shuffled,
      seeds: seedsOf(steps),
      stops: new Set(),
      opening: "none",
      methods: METHODS,
    });
    expect(plain({ transfers: shuffled, found })).to.deep.equal(plain(traced(steps)));
  });

  it("gifts of tainted dust change no total", function () {
    const gifts = Array.from({ length: 200 }, (_, i) => move(BOB, account(100 + i), 1n));
    const steps = [mint(ANN, 1_000n), move(ANN, BOB, 1_000n, 1_000n), ...gifts];
    for (const { method, injected, touched, taintOf } of traced(steps, CONSERVING).found.methods) {
      const [bob, ...others] = touched.map(taintOf);
      expect([injected, bob, others.length], method).to.deep.equal([1_000n, 800n, 200]);
      expect(
        others.every((taint) => taint === 1n),
        method,
      ).to.equal(true);
    }
  });

  it("splitting gains a haircut's sender less than a unit for each transfer, and it stays with the sender", function () {
    const parts = Array.from({ length: 400 }, () => move(CAROL, DAN, 1n));
    const steps = [mint(ANN, 1_000n), move(ANN, CAROL, 500n, 500n), move(ANN, CAROL, 500n), ...parts];
    const split = traced(steps);
    expect([CAROL, DAN].map((who) => taintOf(split, who, "haircut"))).to.deep.equal([500n, 0n]);
    const swept = traced([...steps, move(CAROL, BOB, 600n)]);
    expect([CAROL, BOB].map((who) => taintOf(swept, who, "haircut"))).to.deep.equal([0n, 500n]);
  });

  it("a wallet of many lots moves as one, and its lots are not multiplied", function () {
    const pairs = 20_000;
    const steps: Step[] = [mint(ANN, BigInt(2 * pairs))];
    for (let i = 0; i < pairs; i++) steps.push(move(ANN, CAROL, 1n, 1n), move(ANN, CAROL, 1n));
    for (let hop = 0; hop < 500; hop++) steps.push(move(account(3 + hop), account(4 + hop), BigInt(2 * pairs)));
    const transfers = transfersOf(steps);
    const pass = new QueuePass({ transfers, stops: new Set() }, "fifo");
    for (const [row, { seed }] of steps.entries()) {
      expect(seed === undefined ? pass.run(row, row + 1) : pass.seed(row, Number(seed))).to.equal(true);
    }
    const [, , , , lots] = pass.save(transfers.accounts.size).arrays;
    expect(lots?.length).to.be.at.most(2 * pairs + 2);
    expect(pass.results()[0]!.taintOf(transfers.accounts.find(account(503)) as number)).to.equal(BigInt(pairs));
    expect(taintOf(traced(steps, ["fifo"]), account(503), "fifo")).to.equal(BigInt(pairs));
  });

  it("money that bounces is counted once", function () {
    const bounces = Array.from({ length: 1_000 }, (_, i) =>
      i % 2 === 0 ? move(BOB, CAROL, 700n) : move(CAROL, BOB, 650n),
    );
    const steps = [...theft.slice(0, 3), mint(BOB, 10_000n), mint(CAROL, 3_000n), ...bounces.slice(0, 200)];
    const { transfers, found } = traced(steps, CONSERVING);
    for (const { method, injected, touched, taintOf } of found.methods) {
      expect(injected, method).to.equal(300n);
      expect(
        touched.map(taintOf).reduce((sum, taint) => sum + taint),
        method,
      ).to.equal(300n);
    }
    expectSame({ transfers, found }, oracles(steps));
  });

  it("what reaches a service or a mixer stays there; what others take out is clean", function () {
    const through = [move(BOB, CAROL, 900n), move(CAROL, DAN, 900n)];
    const others = [mint(BOB, 900n), move(BOB, DAN, 900n), move(DAN, account(9), 1_000n)];
    const steps = [...theft.slice(0, 3), ...through, ...others];
    const { transfers, found } = traced(steps, CONSERVING, [DAN]);
    for (const { method, sinks, taintOf, touched } of found.methods) {
      expect(taintOf(transfers.accounts.find(account(9)) as number), method).to.equal(0n);
      expect([...sinks], method).to.deep.equal([[transfers.accounts.find(DAN), 300n]]);
      expect(touched, method).not.to.include(transfers.accounts.find(DAN));
    }
  });

  it("a balance that the transfers do not explain halts with account, block and row", function () {
    const steps = [mint(ANN, 100n), move(ANN, BOB, 40n), move(ANN, BOB, 10n), move(ANN, BOB, 51n)];
    const error = (() => {
      try {
        return traced(steps);
      } catch (error) {
        return error;
      }
    })();
    expect(error).to.be.instanceOf(NegativeBalanceError);
    expect(error).to.include({ account: ANN, block: 101, row: 3, code: 64 });
    expect((error as Error).message)
      .to.include("has: 50 base units")
      .and.include("needs: 51")
      .and.include("steps:3");
    // The same where amounts are beyond doubles.
    const large = steps.map((step) => ({ ...step, value: step.value << 200n }));
    expect(() => traced(large)).to.throw(NegativeBalanceError, `${ANN} would go below zero in block 101`);
  });

  it("a transfer that is left out is noticed, or was nobody's to send on", function () {
    const random = randomFrom("left out");
    let noticed = 0;
    for (let trial = 0; trial < 300; trial++) {
      const { steps } = worldOf(random, { steps: 60, accounts: 5, bits: 20 });
      const left = random.below(steps.length);
      const balances = (list: readonly Step[]) => {
        const { transfers, found } = traced(list, ["libr"]);
        const own = (who: string) => found.balanceOf(transfers.accounts.find(who) ?? -1);
        return [1, 2, 3, 4, 5].map((n) => (transfers.accounts.find(account(n)) === undefined ? 0n : own(account(n))));
      };
      const { from, to, value } = steps[left] as Step;
      if (value === 0n || from === to) continue;
      const whole = balances(steps);
      const rest = steps.filter((_, i) => i !== left).map(({ from, to, value }) => ({ from, to, value }));
      try {
        // Where nobody goes below zero, the balances are not those that the chain tells of.
        expect(balances(rest)).not.to.deep.equal(whole);
      } catch (error) {
        if (!(error instanceof NegativeBalanceError)) throw error;
        noticed += 1;
      }
    }
    expect(noticed).to.be.greaterThan(50);
  });

  it("amounts around 2^53, 2^64 and up to 2^256 - 1 are traced to the unit", function () {
    for (const edge of [2n ** 53n - 1n, 2n ** 53n, 2n ** 64n - 1n, 2n ** 64n, 2n ** 255n, 2n ** 256n - 1n]) {
      const third = edge / 3n;
      const steps = [
        mint(ANN, edge),
        move(ANN, BOB, third, third - 1n),
        move(ANN, BOB, edge - third),
        move(BOB, CAROL, edge - 5n),
        move(CAROL, DAN, third + 7n),
        move(DAN, ZERO_ADDRESS, third),
      ];
      const { transfers, found } = traced(steps);
      expectSame({ transfers, found }, oracles(steps));
    }
  });

  it("a seed above its transfer, and one row that is seeded twice, are refused", function () {
    const transfers = transfersOf(theft);
    const run = (seeds: { row: number; amount: bigint }[]) =>
      trace({ transfers, seeds, stops: new Set(), opening: "none", methods: ["fifo"] });
    expect(() => run([{ row: 2, amount: 401n }])).to.throw(/seed.*block 100.*\n.*401.*\n.*0 to 400/);
    expect(() =>
      run([
        { row: 2, amount: 1n },
        { row: 2, amount: 1n },
      ]),
    ).to.throw(/two seeds/);
    expect(() => run([{ row: 4, amount: 1n }])).to.throw(/row 4.*\n.*\n.*below 4/);
    expect(() => run([{ row: 2, amount: -1n }])).to.throw(/-1 base units/);
  });

  it("by FIFO the parts of two victims, each traced alone, add up to both", function () {
    const random = randomFrom("victims");
    for (let run = 0; run < 40; run++) {
      const { steps } = worldOf(random, { steps: 80, accounts: 6, bits: 30 });
      const bare = steps.map(({ from, to, value }): Step => ({ from, to, value }));
      const mints = bare.flatMap(({ from, value }, row) => (from === ZERO_ADDRESS && value > 0n ? [row] : []));
      const victims = [mints[1] ?? 0, mints[3] ?? 1];
      const of = (seeded: readonly number[]) => {
        const list = bare.map((step, row) => (seeded.includes(row) ? { ...step, seed: step.value } : step));
        return [1, 2, 3, 4, 5, 6].map((n) => {
          const one = traced(list, ["fifo"]);
          return one.transfers.accounts.find(account(n)) === undefined ? 0n : taintOf(one, account(n), "fifo");
        });
      };
      const [first, second, both] = [of([victims[0]!]), of([victims[1]!]), of(victims)];
      expect(both).to.deep.equal(first.map((taint, i) => taint + second[i]!));
    }
  });

  it("zone and language of the computer change nothing", function () {
    const before = process.env["TZ"];
    const here = plain(traced(theft));
    process.env["TZ"] = "Pacific/Kiritimati";
    try {
      expect(plain(traced(theft))).to.deep.equal(here);
    } finally {
      if (before === undefined) delete process.env["TZ"];
      else process.env["TZ"] = before;
    }
  });
});
