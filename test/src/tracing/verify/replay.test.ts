import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { NOBODY, replay, type Case, type Replayed, type Row } from "../../../../src/tracing/verify/replay.ts";

const METHODS = ["fifo", "libr", "haircut", "taint-first", "lifo", "poison"];
const CONSERVING = METHODS.slice(0, 5);

type Sent = readonly [from: string, to: string, value: number];

/** A case of transfers one a block; seeds by their place. */
function played(sent: readonly Sent[], seeds: Record<number, number>, more: Partial<Case> = {}): Replayed {
  const rows = sent.map(([from, to, value], block): Row => ({
    block,
    log: 0,
    from,
    to,
    value: BigInt(value),
    tx: null,
  }));
  return replay({
    rows,
    seeds: new Map(Object.entries(seeds).map(([place, amount]) => [`${place}/0`, BigInt(amount)])),
    stops: new Set<string>(),
    opening: new Map<string, bigint>(),
    methods: METHODS,
    ...more,
  });
}

/** What every method says of an account. */
const taints = ({ outcomes }: Replayed, account: string, methods = METHODS): Record<string, number> =>
  Object.fromEntries(methods.map((method, i) => [method, Number(outcomes[i]!.taints.get(account) ?? 0n)]));

describe("the trace that verifies", () => {
  it("gives the figures of partial taint: 180,000 clean, 60,000 stolen, 120,000 spent, 180,000 clean", () => {
    const found = played(
      [
        [NOBODY, "A", 180_000],
        [NOBODY, "T", 60_000],
        ["T", "A", 60_000],
        ["A", "B", 120_000],
        [NOBODY, "A", 180_000],
      ],
      { 2: 60_000 },
    );
    expect(found.balances.get("A")).to.equal(300_000n);
    expect(taints(found, "A")).to.deep.equal({
      fifo: 60_000,
      libr: 60_000,
      haircut: 30_000,
      "taint-first": 0,
      lifo: 0,
      poison: 300_000,
    });
  });

  for (const [who, seed, fifo, haircut] of [
    ["Paul", 1, 0, 2_500],
    ["Michael", 3, 0, 2_500],
    ["Karen", 6, 10_000, 5_000],
  ] as const) {
    it(`leaves ${who} of 10, 10, -10, 10, -10 by first in, first out ${fifo}, by rolling charge ${haircut}`, () => {
      const found = played(
        [
          [NOBODY, "P", 10_000],
          ["P", "pool", 10_000],
          [NOBODY, "M", 10_000],
          ["M", "pool", 10_000],
          ["pool", "out", 10_000],
          [NOBODY, "K", 10_000],
          ["K", "pool", 10_000],
          ["pool", "out", 10_000],
        ],
        { [seed]: 10_000 },
      );
      expect(taints(found, "pool")).to.include({ fifo, haircut });
    });
  }

  it("never restores by clean money what was spent of stolen money (Roscoe v Winder)", () => {
    const found = played(
      [
        [NOBODY, "T", 100],
        ["T", "A", 100],
        ["A", "B", 90],
        [NOBODY, "A", 1_000],
      ],
      { 1: 100 },
    );
    expect(taints(found, "A")).to.include({ libr: 10 });
    expect(taints(found, "B")).to.include({ libr: 90 });
  });

  it("counts what is tainted already to a seed, and injects the rest into the oldest clean units", () => {
    const found = played(
      [
        [NOBODY, "T", 10],
        ["T", "A", 10], // a first theft
        [NOBODY, "A", 90],
        ["A", "B", 50], // first in, first out: 10 stolen, 40 clean; 30 are declared stolen
        ["B", "C", 30],
      ],
      { 1: 10, 3: 30 },
    );
    const [fifo, libr] = found.outcomes;
    expect(fifo!.injected).to.equal(30n);
    expect(libr!.injected).to.equal(40n);
    // The oldest 30 of the 50 are the 10 stolen before and the oldest 20 clean ones.
    expect(taints(found, "C")).to.include({ fifo: 30, lifo: 10 });
    expect(taints(found, "B")).to.include({ fifo: 0, lifo: 20 });
  });

  it("injects nothing by a seed below what is tainted already, and destroys nothing", () => {
    const found = played(
      [
        [NOBODY, "T", 100],
        ["T", "A", 100],
        ["A", "B", 60],
      ],
      { 1: 100, 2: 25 },
    );
    for (const { injected } of found.outcomes.slice(0, 5)) expect(injected).to.equal(100n);
    expect(taints(found, "B", CONSERVING)).to.deep.equal(Object.fromEntries(CONSERVING.map((it) => [it, 60])));
  });

  it("keeps in its sink what reaches a stop, what leaves a stop is clean; a burn is told by its place", () => {
    const found = played(
      [
        [NOBODY, "T", 100],
        ["T", "A", 100],
        ["A", "S", 70],
        ["S", "B", 70],
        ["A", NOBODY, 20],
      ],
      { 1: 100 },
      { stops: new Set(["S"]) },
    );
    for (const { sinks, burned, taints } of found.outcomes.slice(0, 5)) {
      expect([...sinks]).to.deep.equal([["S", 70n]]);
      expect([...burned]).to.deep.equal([["4/0", 20n]]);
      expect([...taints]).to.deep.equal([["A", 10n]]);
    }
  });

  it("lets transfers of no value and to oneself change nothing, not even the order of units", () => {
    const base: Sent[] = [
      [NOBODY, "A", 50],
      [NOBODY, "T", 50],
      ["T", "A", 50],
      ["A", "B", 30],
    ];
    const still: Sent[] = [
      ["A", "A", 70],
      ["A", "B", 0],
    ];
    const plain = played(base, { 2: 50 });
    const stirred = played([...base.slice(0, 3), ...still, ...base.slice(3)], { 2: 50 });
    expect(stirred.outcomes.map(({ taints }) => taints)).to.deep.equal(plain.outcomes.map(({ taints }) => taints));
  });

  it("takes as clean opening the least that explains the transfers, as the oldest units", () => {
    const found = played(
      [
        ["T", "A", 50],
        ["A", "B", 80],
        [NOBODY, "A", 10],
        ["A", "B", 20],
      ],
      { 0: 50 },
      { opening: "clean" },
    );
    expect([...found.assumed].sort()).to.deep.equal([
      ["A", 40n],
      ["T", 50n],
    ]);
    // 40 clean ones went first.
    expect(taints(found, "B")).to.include({ fifo: 50, libr: 50 });
    expect(taints(found, "A")).to.include({ fifo: 0 });
  });

  it("halts where an account has not what it sends, and says who, where, has and needs", () => {
    const halted = () =>
      played(
        [
          [NOBODY, "A", 5],
          ["A", "B", 6],
        ],
        { 0: 5 },
      );
    expect(halted).to.throw("A has 5 and sends 6 in block 1, log 0");
  });

  it("conserves every unit by every method but poison, whatever happens", () => {
    let state = 7;
    const below = (n: number) => (state = (state * 48_271) % 2_147_483_647) % n;
    for (let round = 0; round < 60; round++) {
      const names = ["A", "B", "C", "S", NOBODY];
      const has = new Map<string, number>();
      const sent: Sent[] = [];
      const seeds: Record<number, number> = {};
      for (let i = 0; i < 60; i++) {
        const [from, to] = [names[below(5)]!, names[below(5)]!];
        const value = from === NOBODY ? below(50) : below((has.get(from) ?? 0) + 1);
        if (from === to && from === NOBODY) continue;
        if (below(6) === 0 && from !== to) seeds[sent.length] = below(value + 1);
        has.set(from, (has.get(from) ?? 0) - value);
        has.set(to, (has.get(to) ?? 0) + value);
        sent.push([from, to, value]);
      }
      const { outcomes, balances } = played(sent, seeds, { stops: new Set(["S"]), methods: CONSERVING });
      for (const { injected, taints, sinks, burned } of outcomes) {
        const sum = [...taints.values(), ...sinks.values(), ...burned.values()].reduce((a, b) => a + b, 0n);
        expect(sum).to.equal(injected);
        for (const [account, taint] of taints) expect(taint <= balances.get(account)!).to.equal(true);
        expect(taints.has("S")).to.equal(false);
      }
    }
  });

  it("shares no code with the trace", () => {
    const folder = path.resolve(import.meta.dirname, "../../../../src/tracing/verify");
    for (const file of readdirSync(folder)) {
      const text = readFileSync(path.join(folder, file), "utf8");
      const imports = [...text.matchAll(/(?:from|import\()\s*"([^"]+)"/g)].map(([, name]) => name!);
      const foreign = imports.filter((name) => name.startsWith(".") && !/^\.\/\w+\.ts$/.test(name));
      expect(foreign, file).to.deep.equal([]);
    }
  });
});
