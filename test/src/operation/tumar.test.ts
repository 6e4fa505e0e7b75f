import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { generateTumar } from "../../../scripts/generate-tumar.ts";
import { SequesterError } from "../../../src/errors.ts";
import { readOperation, type Operation } from "../../../src/operation/folder.ts";
import { AGENCIES, removeTemporaryFolders, temporaryFolder } from "./folders.ts";

const TUMAR = path.resolve(import.meta.dirname, "../../../operations/tumar");

const contents = (dir: string) =>
  new Map(
    readdirSync(dir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name))
      .sort()
      .map((file) => [path.relative(dir, file).replaceAll(path.sep, "/"), readFileSync(file, "utf8")]),
  );

/** Per key: how many targets, and hundredths of US dollars. */
function sums({ cases, assets }: Operation, keyOf: (id: string, asset: string) => string) {
  const result: Record<string, [targets: number, cents: bigint]> = {};
  for (const { symbol, decimals, perUsd } of assets) {
    const amounts = new Map<string, { count: number; sum: bigint }>();
    for (const { id, targets } of cases) {
      const own = targets.filter(({ asset }) => asset === symbol);
      if (own.length === 0) continue;
      const { count, sum } = amounts.get(keyOf(id, symbol)) ?? { count: 0, sum: 0n };
      amounts.set(keyOf(id, symbol), {
        count: count + own.length,
        sum: own.reduce((a, { amount }) => a + amount, sum),
      });
    }
    for (const [key, { count, sum }] of amounts) {
      const [dividend, divisor] = [sum * perUsd.scale * 100n, perUsd.units * 10n ** BigInt(decimals)];
      expect(dividend % divisor, `rest of ${symbol} in ${key}`).to.equal(0n);
      const [targets, cents] = result[key] ?? [0, 0n];
      result[key] = [targets + count, cents + dividend / divisor];
    }
  }
  return result;
}

describe("Operation Tumar", () => {
  let operation: Operation;

  before(() => {
    operation = readOperation(TUMAR, AGENCIES);
  });
  after(removeTemporaryFolders);

  it("is what the generator writes, byte for byte", () => {
    const dir = temporaryFolder();
    generateTumar(dir, "tumar");
    const [has, needs] = [contents(TUMAR), contents(dir)];
    expect([...has.keys()]).to.deep.equal([...needs.keys()]);
    for (const [file, text] of needs) expect(has.get(file), file).to.equal(text);
  });

  it("has the totals of the scenario", () => {
    const { usd, ...totals } = operation.totals;
    expect(totals).to.deep.equal({
      targets: 363,
      cases: 81,
      accounts: 363,
      platforms: 130,
      groups: 81,
      arrested: 352,
      lapsed: 11,
    });
    expect(usd.units).to.equal(16_700_000n * usd.scale);
    expect(operation.cases[0]?.id).to.equal("TUMAR-A-01");
    expect(operation.cases.at(-1)?.id).to.equal("TUMAR-D-40");
  });

  it("has the scenario's groups, platforms, wallets and dollars in every tier", () => {
    const tierOf = (id: string) => id.split("-")[1] ?? "";
    expect(sums(operation, tierOf)).to.deep.equal({
      A: [67, 970_000_000n],
      B: [96, 460_000_000n],
      C: [160, 210_000_000n],
      D: [40, 30_000_000n],
    });
    const counted = ["A", "B", "C", "D"].map((tier) => {
      const own = operation.cases.filter(({ id }) => tierOf(id) === tier);
      return [own.length, new Set(own.flatMap(({ targets }) => targets.map(({ platform }) => platform))).size];
    });
    expect(counted).to.deep.equal([
      [1, 6],
      [8, 24],
      [32, 60],
      [40, 40],
    ]);
  });

  it("has the scenario's amount of every asset", () => {
    const dollars = sums(operation, (_, asset) => asset);
    expect(
      Object.fromEntries(Object.entries(dollars).map(([asset, [, cents]]) => [asset, cents / 100n])),
    ).to.deep.equal({
      "USDT.b": 11_190_000n,
      "USDT.a": 3_060_000n,
      USDC: 1_420_000n,
      KZTE: 430_000n,
      AxCNH: 350_000n,
      WUSD: 250_000n,
    });
    const amountOf = (symbol: string) =>
      operation.cases
        .flatMap(({ targets }) => targets)
        .reduce((a, it) => (it.asset === symbol ? a + it.amount : a), 0n);
    expect(amountOf("KZTE")).to.equal(235_511_000n * 10n ** 6n);
    expect(amountOf("AxCNH")).to.equal(2_492_000n * 10n ** 2n);
  });

  it("keeps every case with a target through the arrest, and closes the three where nothing is left", () => {
    const acts = operation.timeline;
    const seize = acts.find(({ act }) => act === "seize");
    expect(seize?.act === "seize" && seize.orders.map((order) => order.case)).to.deep.equal(
      operation.cases.map(({ id }) => id),
    );
    expect(acts.map(({ act }) => act).join(" ")).to.equal(
      "freeze arrest lapse lift seize deposit book return return return return return close",
    );
    const close = acts.at(-1);
    expect(close?.act === "close" && close.cases).to.deep.equal(["TUMAR-C-05", "TUMAR-D-07", "TUMAR-D-19"]);
  });

  it("keeps its totals under any seed, over an older operation too", () => {
    const dir = temporaryFolder();
    mkdirSync(path.join(dir, "rulings"));
    writeFileSync(path.join(dir, "case.json"), "{}");
    writeFileSync(path.join(dir, "rulings/stale.md"), "stale");
    generateTumar(dir, "another");
    const other = readOperation(dir, AGENCIES);
    expect(other.totals).to.deep.equal(operation.totals);
    expect(contents(dir).has("rulings/stale.md")).to.equal(false);
    const accounts = new Set(operation.cases.flatMap(({ targets }) => targets.map(({ account }) => account)));
    expect(other.cases.some(({ targets }) => targets.some(({ account }) => accounts.has(account)))).to.equal(false);
  });

  it("is not written over a folder of something else", () => {
    const dir = temporaryFolder();
    writeFileSync(path.join(dir, "letter.txt"), "dear");
    expect(() => generateTumar(dir, "tumar"))
      .to.throw(SequesterError)
      .with.property("code", 64);
    expect([...contents(dir).keys()]).to.deep.equal(["letter.txt"]);
  });
});
