// Long: random histories against a plain reading of the rules.
import { expect } from "chai";
import { METHODS } from "../../../../src/tracing/methods.ts";
import { FastPass } from "../../../../src/tracing/engine/fast.ts";
import { plainPass } from "../../../../src/tracing/engine/plain.ts";
import { trace } from "../../../../src/tracing/trace.ts";
import { randomFrom } from "../../orders/random.ts";
import { oracles } from "./oracle.ts";
import { expectSame, numbersOf, placeOf, plainOf, seedsOf, transfersOf, worldOf } from "./world.ts";

/** Values of so many bits: small ones that meet one another, ones whose products need care, and ones beyond doubles. */
const SIZES = [3, 20, 45, 49, 52, 53, 64, 128, 256];

describe("tracing: every engine against a plain reading of the rules", function () {
  this.timeout(60_000);

  for (const bits of SIZES) {
    it(`finds the same, to the unit, for values of ${bits} bits`, function () {
      const random = randomFrom(`pass ${bits}`);
      for (let run = 0; run < 60; run++) {
        const { steps, stops } = worldOf(random, { steps: 120, accounts: 3 + random.below(8), bits });
        const transfers = transfersOf(steps);
        const input = { transfers, seeds: seedsOf(steps), stops: numbersOf(transfers, stops), methods: METHODS };
        const expected = oracles(steps, stops);
        expectSame({ transfers, found: trace({ ...input, opening: "none" }) }, expected);
        const seeds = new Map(input.seeds.map(({ row, amount }) => [row, amount]));
        const plain = plainPass({ ...input, seeds, openings: new Map(), count: steps.length });
        expectSame({ transfers, found: plain }, expected);
      }
    });
  }

  it("uses doubles as long as every sum fits, and only then", function () {
    const passes = (bits: number) => {
      const { steps } = worldOf(randomFrom("range"), { steps: 60, accounts: 4, bits });
      const input = { transfers: transfersOf(steps), stops: new Set<number>(), openings: new Map(), methods: METHODS };
      return FastPass.of({ ...input, seeds: new Map() })?.advance(steps.length);
    };
    expect([40, 53, 64].map(passes)).to.deep.equal([true, false, undefined]);
  });

  it("finds the same in every order of the rows, and stops after any block", function () {
    const random = randomFrom("order");
    for (let run = 0; run < 20; run++) {
      const { steps, stops } = worldOf(random, { steps: 90, accounts: 6, bits: 30 });
      const shuffled = transfersOf(steps, random.shuffle([...steps.keys()]));
      const end = random.below(steps.length);
      const { block } = placeOf(end);
      const seeds = seedsOf(steps);
      const input = { transfers: shuffled, seeds, stops: numbersOf(shuffled, stops), methods: METHODS };
      const found = trace({ ...input, opening: "none", at: block });
      const upTo = steps.filter((_, row) => placeOf(row).block <= block);
      expectSame({ transfers: shuffled, found }, oracles(upTo, stops));
      const whole = trace({ ...input, opening: "none" });
      const again = transfersOf(steps);
      const other = trace({ ...input, transfers: again, stops: numbersOf(again, stops), opening: "none" });
      expect(whole.methods.map((one) => plainOf(shuffled, one))).to.deep.equal(
        other.methods.map((one) => plainOf(again, one)),
      );
    }
  });
});
