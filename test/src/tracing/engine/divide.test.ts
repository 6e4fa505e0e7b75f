import { expect } from "chai";
import { shareOf } from "../../../../src/tracing/engine/divide.ts";
import { randomFrom } from "../../orders/random.ts";

describe("tracing: shares in doubles", function () {
  this.timeout(60_000);

  it("are what bigints say, for any whole numbers below 2^53", function () {
    const random = randomFrom("shares");
    const below = (n: number) => Math.floor(((random.below(2 ** 26) * 2 ** 27 + random.below(2 ** 27)) / 2 ** 53) * n);
    let wrong = 0;
    for (let i = 0; i < 400_000; i++) {
      const c = 1 + below(2 ** (1 + random.below(53)) - 1);
      const [a, b] = [below(c + 1), below(c + 1)];
      if (shareOf(a, b, c) !== Number((BigInt(a) * BigInt(b)) / BigInt(c))) wrong += 1;
    }
    expect(wrong).to.equal(0);
  });

  it("are right where the quotient is a whole number, or one below it, or the ends of the range", function () {
    for (const power of [10, 26, 27, 28, 40, 50, 51, 52, 53]) {
      for (const c of [2 ** power - 1, 2 ** power - 2, 2 ** (power - 1) + 1]) {
        for (const a of [1, 2, 3, c - 1, c, Math.floor(c / 3), Math.floor(c / 2)]) {
          for (const b of [1, 2, 3, c - 1, c, Math.ceil(c / 3), Math.ceil(c / 2)]) {
            expect(shareOf(a, b, c), `${a} x ${b} / ${c}`).to.equal(Number((BigInt(a) * BigInt(b)) / BigInt(c)));
          }
        }
      }
    }
  });
});
