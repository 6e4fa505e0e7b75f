import { expect } from "chai";
import { METHODS } from "../../../../src/tracing/methods.ts";
import { ZERO_ADDRESS } from "../../../../src/tracing/transfers/row.ts";
import { trace, type Opening } from "../../../../src/tracing/trace.ts";
import { randomFrom } from "../../orders/random.ts";
import { oracles, type Step } from "./oracle.ts";
import { expectSame, numbersOf, openingOf, seedsOf, transfersOf, worldOf } from "./world.ts";

/** The least that each account lacks, by trying it: in the words of the rule. */
function lacking(steps: readonly Step[]): Map<string, bigint> {
  const [balances, lowest] = [new Map<string, bigint>(), new Map<string, bigint>()];
  for (const { from, to, value } of steps) {
    if (from === to) continue;
    balances.set(from, (balances.get(from) ?? 0n) - value);
    balances.set(to, (balances.get(to) ?? 0n) + value);
    if (from !== ZERO_ADDRESS && balances.get(from)! < (lowest.get(from) ?? 0n)) lowest.set(from, balances.get(from)!);
  }
  return new Map([...lowest].map(([account, amount]) => [account, -amount]));
}

describe("tracing: opening balances", function () {
  this.timeout(60_000);

  for (const bits of [10, 48, 53, 100, 256]) {
    it(`assumes the least clean money that is needed, as the oldest lot, for values of ${bits} bits`, function () {
      const random = randomFrom(`openings ${bits}`);
      for (let run = 0; run < 20; run++) {
        const { steps, stops } = worldOf(random, { steps: 100, accounts: 8, bits });
        // As if the history began later: most money comes from before.
        const rest = steps.filter(({ from }) => from !== ZERO_ADDRESS || random.below(5) === 0);
        const transfers = transfersOf(rest);
        const input = { transfers, seeds: seedsOf(rest), stops: numbersOf(transfers, stops), methods: METHODS };
        const found = trace({ ...input, opening: "clean" });
        const needed = lacking(rest);
        const assumed = [...found.assumed].map(([number, amount]) => [transfers.accounts.address(number), amount]);
        expect(new Map(assumed as [string, bigint][])).to.deep.equal(needed);
        expect([...found.assumed.keys()]).to.deep.equal([...found.assumed.keys()].sort((a, b) => a - b));
        const expected = oracles(rest, stops, needed);
        expectSame({ transfers, found }, expected);
        const told: Opening = openingOf(transfers, needed);
        expectSame({ transfers, found: trace({ ...input, opening: told }) }, expected);
        if (needed.size === 0) continue;
        expect(() => trace({ ...input, opening: "none" })).to.throw("would go below zero");
      }
    });
  }

  it("assumes nothing for rows behind the last block that counts", function () {
    const { steps } = worldOf(randomFrom("openings at"), { steps: 90, accounts: 5, bits: 20 });
    const rest = steps.filter(({ from }) => from !== ZERO_ADDRESS);
    const [all, some] = [transfersOf(rest), transfersOf(rest.slice(0, 30))];
    const input = { seeds: [], stops: new Set<number>(), opening: "clean", methods: ["fifo"] } as const;
    const assumed = trace({ ...input, transfers: all, at: some.block[29] }).assumed;
    expect(assumed).to.deep.equal(trace({ ...input, transfers: some }).assumed);
  });
});
