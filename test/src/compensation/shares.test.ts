import { expect } from "chai";
import { InvalidPoolError, shareOut, type Claim } from "../../../src/compensation/index.ts";
import { randomFrom } from "../orders/random.ts";
import { AMOUNTS, claim, CLAIMS, POOL } from "./claimants.ts";

const amountsOf = (claims: readonly Claim[], pool: bigint) => shareOut(claims, pool).map(({ amount }) => amount);
const sumOf = (amounts: readonly bigint[]) => amounts.reduce((sum, amount) => sum + amount, 0n);

/** The same rule told in another way: unit by unit to whoever is furthest below its exact share. */
function plainly(claims: readonly Claim[], pool: bigint): Map<string, bigint> {
  const losses = sumOf(claims.map(({ loss }) => loss));
  if (losses <= pool) return new Map(claims.map(({ id, loss }) => [id, loss]));
  const shares = new Map(claims.map(({ id, loss }) => [id, (loss * pool) / losses]));
  while (sumOf([...shares.values()]) < pool) {
    const behind = claims.map(({ id, loss }) => ({ id, by: loss * pool - shares.get(id)! * losses }));
    const [next] = behind.sort((a, b) => (a.by === b.by ? (a.id < b.id ? -1 : 1) : a.by > b.by ? -1 : 1));
    shares.set(next!.id, shares.get(next!.id)! + 1n);
  }
  return shares;
}

describe("shares of a pool", () => {
  it("are the owner's whole loss, then half of every victim's, to the base unit", () => {
    const shares = shareOut(CLAIMS, POOL);
    expect(shares.map(({ amount }) => amount)).to.deep.equal(AMOUNTS);
    expect(sumOf(AMOUNTS)).to.equal(POOL);
    expect(shares.map(({ amount: _, ...rest }) => rest)).to.deep.equal(CLAIMS);
  });

  it("are the same whatever the order of the claims, by class and then by id", () => {
    const shuffled = [4, 0, 5, 2, 1, 3].map((i) => CLAIMS[i]!);
    expect(shareOut(shuffled, POOL)).to.deep.equal(shareOut(CLAIMS, POOL));
  });

  it("give what is left over to the largest remainders", () => {
    // Of 10: 2.5, 3.75 and 3.75.
    expect(amountsOf([claim("A", 4n), claim("B", 6n), claim("C", 6n)], 10n)).to.deep.equal([2n, 4n, 4n]);
  });

  it("give it, of equal remainders, to the lower claim id", () => {
    const claims = ["C", "B", "A"].map((id) => claim(id, 10n));
    expect(shareOut(claims, 5n).map(({ id, amount }) => [id, amount])).to.deep.equal([
      ["A", 2n],
      ["B", 2n],
      ["C", 1n],
    ]);
    // As characters, not as numbers.
    expect(shareOut([claim("2", 1n), claim("10", 1n)], 1n).map(({ amount }) => amount)).to.deep.equal([1n, 0n]);
  });

  it("are all losses where the pool is larger, and no more", () => {
    expect(amountsOf(CLAIMS, 10n * POOL)).to.deep.equal(CLAIMS.map(({ loss }) => loss));
  });

  it("leave nothing to victims while owners lack something", () => {
    const claims = [claim("V", 100n), claim("O1", 30n, "owner"), claim("O2", 60n, "owner")];
    expect(amountsOf(claims, 80n)).to.deep.equal([27n, 53n, 0n]);
    expect(amountsOf(claims, 91n)).to.deep.equal([30n, 60n, 1n]);
  });

  it("are refused of nothing, and of more than a vault can pay", () => {
    for (const pool of [0n, -1n, 2n ** 96n]) expect(() => shareOut(CLAIMS, pool)).to.throw(InvalidPoolError);
  });

  it("agree with a plain reading of the rule, never exceed a loss and always sum up, on 2,000 random pools", () => {
    const random = randomFrom("shares");
    for (let n = 0; n < 2_000; ++n) {
      const claims = Array.from({ length: 1 + random.below(6) }, (_, i) =>
        claim(
          `${random.below(100)}-${i}`,
          1n + BigInt(random.below(n % 2 ? 20 : 1_000_000)),
          random.pick(["owner", "victim"]),
        ),
      );
      const pool = 1n + BigInt(random.below(n % 3 ? 60 : 2_000_000));
      const shares = shareOut(claims, pool);
      const losses = sumOf(claims.map(({ loss }) => loss));
      expect(sumOf(shares.map(({ amount }) => amount))).to.equal(pool < losses ? pool : losses);
      for (const { amount, loss } of shares) expect(amount >= 0n && amount <= loss).to.equal(true);
      const owners = claims.filter((it) => it.class === "owner");
      const forOwners = sumOf(owners.map(({ loss }) => loss));
      const rest = pool > forOwners ? pool - forOwners : 0n;
      const needs = new Map([
        ...plainly(owners, pool),
        ...plainly(
          claims.filter((it) => it.class === "victim"),
          rest,
        ),
      ]);
      for (const { id, amount } of shares) expect(amount, id).to.equal(needs.get(id));
    }
  });
});
