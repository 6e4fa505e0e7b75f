// Long: plays a whole operation.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import type { Address } from "viem";
import { generateTumar } from "../../../scripts/generate-tumar.ts";
import { SequesterError } from "../../../src/base/errors.ts";
import { shareOut } from "../../../src/compensation/index.ts";
import {
  readOperation,
  type Act,
  type ActOf,
  type Disposal,
  type Holding,
  type Operation,
} from "../../../src/operation/folder/readOperation.ts";
import { traceOperation, type Traced } from "../../../src/operation/traceOperation.ts";
import { playedTumar, TUMAR } from "./tumar.ts";
import { removeTemporaryFolders, temporaryFolder } from "./folders.ts";

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

describe("Operation Tumar", function () {
  this.timeout(120_000);
  let operation: Operation;
  /** As they were played. */
  let played: Act[];

  before(async () => {
    const { operation: read, result } = await playedTumar();
    [operation, played] = [read, result.acts];
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

  const acts = <Name extends Act["act"]>(name: Name) => played.filter((act): act is ActOf<Name> => act.act === name);
  const order = (id: string) => played.flatMap((act) => ("id" in act && act.id === id ? act.disposals : []));
  const units = (whole: number) => BigInt(whole) * 10n ** 6n;

  it("seizes in every case", () => {
    const seized = new Set(acts("seize").flatMap(({ orders }) => orders.map((it) => it.case)));
    expect([...seized].sort()).to.deep.equal(operation.cases.map(({ id }) => id).sort());
  });

  describe("plays the messy cases with their exact figures", () => {
    const targetOf = (address: Address) => {
      const found = operation.cases.flatMap(({ id, targets }) => targets.map((it) => ({ ...it, case: id })));
      return found.find(({ account }) => account === address)!;
    };

    it("a look-alike's 84,200 USDT are lifted by its own agencies within 72 hours", () => {
      const [wrong] = acts("lift");
      expect(wrong!.at).to.be.below(72 * 3_600);
      expect(wrong!.by).to.deep.equal(["FMA-1", "GPO-1"]);
      const [{ account, amount }] = wrong!.orders[0].holdings as [Holding];
      expect(amount).to.equal(units(84_200));
      const ends = (address: Address) => [address.slice(0, 8), address.slice(-4)].join().toLowerCase();
      const alike = operation.cases
        .find(({ id }) => id === wrong!.orders[0].case)!
        .targets.filter((it) => ends(it.account) === ends(account));
      expect(alike).to.have.length(2);
    });

    it("of 2,000,000 USDC in an exchange's wallet 61,300 in one sub-account are held, the wallet never", () => {
      const { address, omnibus, holds } = operation.wallets[0]!;
      expect([omnibus, holds.get("USDC")]).to.deep.equal([true, units(2_000_000)]);
      const [attempt] = acts("attempt");
      expect(attempt).to.include({ kind: "freeze", refused: "DocketCannotHold" });
      expect(attempt!.order.holdings[0]!.account).to.equal(address);
      expect(acts("exchange-hold")[0]!.order.amount).to.equal(units(61_300));
      expect(acts("surrender").reduce((sum, { surrendered }) => sum + surrendered.amount, 0n)).to.equal(units(61_300));
    });

    it("of an appealed lot of 575,000 the appeal wins 230,000 back, and 345,000 are forfeited", () => {
      const [appeal] = acts("appeal");
      expect(order("appealed")[0]).to.include({ act: "forfeit", amount: units(575_000) });
      const back = acts("return").find(({ orders }) => orders[0].holdings[0]!.account === appeal!.holder)!;
      expect(back.orders[0].holdings[0]).to.include({ amount: units(230_000), asset: "USDT.b", taken: "USDT.b" });
      expect(acts("veto")[0]!.order).to.equal("appealed");
      expect(order("after-appeal")[0]!.amount).to.equal(units(345_000));
    });

    it("41,250 USDT that the court did not sanction lapse one second after ten days, and cannot be seized", () => {
      const [lapse] = acts("lapse");
      expect(lapse!.at).to.equal(10 * 86_400 + 1);
      const attempt = acts("attempt").find(({ kind }) => kind === "seize")!;
      const { account, amount } = attempt.order.holdings[0]!;
      expect([amount, attempt.refused]).to.deep.equal([units(41_250), "DocketNothingHeld"]);
      const ended = lapse!.ended.flatMap(({ holdings }) => holdings);
      expect(ended.find((it) => it.account === account)!.amount).to.equal(amount);
    });

    it("a buyer gets 125,000 of a lot of 400,000, of which 275,000 are forfeited meanwhile", () => {
      const [transfer] = order("buyer");
      expect(transfer).to.include({ act: "transfer", source: "custody", amount: units(125_000) });
      expect(transfer!.act === "transfer" && targetOf(transfer!.holder!).amount).to.equal(units(400_000));
      expect(order("after-buyer")[0]!.amount).to.equal(units(275_000));
      const executed = (id: string) => acts("execute").find(({ orders }) => orders.includes(id))!.at;
      expect(executed("after-buyer")).to.be.below(executed("buyer"));
    });

    it("a pool of 1,240,000 gives an owner 90,000 and five victims half of 2,300,000", () => {
      const [compensation] = order("victims");
      if (compensation?.act !== "compensate") return expect.fail("no compensation");
      const { claims, pool, amount } = compensation;
      expect([pool, amount]).to.deep.equal([units(1_240_000), units(1_240_000)]);
      expect(shareOut(claims, pool).map((share) => [share.id, share.amount])).to.deep.equal([
        ["O1", units(90_000)],
        ["V1", units(450_000)],
        ["V2", units(320_000)],
        ["V3", 166_666_665_000n],
        ["V4", 13_333_335_000n],
        ["V5", units(200_000)],
      ]);
    });

    it("3,000,000 USDT become 1,636,661,700 tenge in six deliveries, above the least of 1,634,884,500", () => {
      const orders = played.flatMap((act) => (act.act === "convert" ? act.disposals : []));
      const sum = (of: (it: Extract<Disposal, { act: "convert" }>) => bigint) =>
        orders.reduce((total, it) => total + (it.act === "convert" ? of(it) : 0n), 0n);
      expect(orders).to.have.length(6);
      expect(sum(({ amount }) => amount)).to.equal(units(3_000_000));
      expect(sum(({ leastProceeds }) => leastProceeds)).to.equal(units(1_634_884_500));
      const execution = acts("execute").find(({ proceeds }) => proceeds !== undefined)!;
      expect(execution.proceeds! * BigInt(execution.orders.length)).to.equal(units(1_636_661_700));
    });

    it("what leaked before the freeze is held where it went, and lapses where it was", () => {
      const [move] = acts("move");
      expect(move!.amount).to.equal(units(50_000));
      const frozen = acts("freeze")[0]!.orders.flatMap(({ holdings }) => holdings);
      expect(frozen.find(({ account }) => account === move!.from)!.amount).to.equal(units(100_000));
      expect(frozen.some(({ account }) => account === move!.to)).to.equal(false);
      const arrested = acts("arrest")[0]!.orders;
      const confirmed = arrested.flatMap(({ holdings }) => holdings);
      expect(confirmed.find(({ account }) => account === move!.from)!.amount).to.equal(units(50_000));
      expect(arrested.flatMap(({ place = [] }) => place)).to.deep.equal([
        { asset: "USDT.a", account: move!.to, amount: units(50_000) },
      ]);
    });

    it("one agency alone moves nothing, and a letter without a judge lifts nothing", () => {
      const short = acts("attempt").filter(({ refused }) => refused === "QuorumNotMet");
      expect(short.map(({ kind, by }) => [kind, by])).to.deep.equal([
        ["transfer", ["FMA-1", "FMA-2", "FMA-3"]],
        ["lift", ["FMA-2"]],
      ]);
    });

    it("a stranger's 1,000 USDT are suspense", () => {
      expect(acts("deposit")[0]).to.include({ case: "TUMAR-A-01", asset: "USDT.b", amount: units(1_000) });
      expect(acts("book")).to.have.length(1);
    });

    it("a terminated case gives all back; two judges do while the custodian is silent", () => {
      const back = (id: string) => acts("return").find(({ orders }) => orders[0].case === id)!;
      const seized = acts("seize").flatMap(({ orders }) => orders);
      for (const id of ["TUMAR-C-05", "TUMAR-D-07"]) {
        const returned = back(id).orders[0].holdings.map(({ taken: _, ...it }) => it);
        expect(returned).to.have.deep.members(seized.find((it) => it.case === id)!.holdings);
      }
      expect(back("TUMAR-D-07").by).to.deep.equal(["COURT-1", "COURT-2"]);
    });

    it("an officer leaves when it has approved a seizure", () => {
      expect(acts("seize")[0]!.leaves).to.include({ officer: "FMA-1", how: "dismiss" });
    });

    it("of 600,000 after the victims 120,000 are a foreign partner's, 480,000 the treasury's", () => {
      expect(order("foreign-share")[0]).to.include({ act: "transfer", amount: units(120_000) });
      expect(order("treasury-share")[0]).to.include({ act: "forfeit", amount: units(480_000) });
      const executed = (id: string) => acts("execute").find(({ orders }) => orders.includes(id))!.at;
      expect(executed("victims")).to.be.below(executed("foreign-share")).and.below(executed("treasury-share"));
    });
  });

  describe("is traced", () => {
    let traced: Traced;

    before(async () => {
      traced = (await traceOperation(operation))!;
    });

    it("to 362 of its targets to the base unit, by one method; a look-alike alone is named by hand", () => {
      const { method, targets, moved, untraced, byHand } = traced.statement;
      expect([method, targets, moved, untraced]).to.deep.equal(["fifo", 362, 1, 1]);
      const [wrong] = acts("lift")[0]!.orders[0].holdings;
      expect(byHand.map(({ account }) => account)).to.deep.equal([wrong!.account]);
    });

    it("in some 6,000 transfers, over 12 hops at most, with nothing lost on the way", () => {
      const { assets } = traced.statement;
      expect(assets.map(({ symbol }) => symbol)).to.deep.equal(operation.assets.map(({ symbol }) => symbol));
      expect(assets.reduce((sum, { transfers }) => sum + transfers, 0)).to.be.within(5_000, 7_000);
      expect(Math.max(...assets.map(({ hops }) => hops))).to.equal(12);
      for (const { symbol, injected, found, sinks, burned, difference, notProposed } of assets) {
        const atServices = sinks.reduce((sum, { amount }) => sum + BigInt(amount), 0n);
        expect(BigInt(injected), symbol).to.equal(BigInt(found) + atServices);
        expect([burned, difference, notProposed], symbol).to.deep.equal(["0", "0", []]);
      }
    });

    it("to six licensed platforms, at one of them to just what it is asked to withhold", () => {
      const sinks = traced.statement.assets.flatMap((it) => it.sinks.map((sink) => ({ ...sink, asset: it.symbol })));
      expect(new Set(sinks.map(({ account }) => account)).size).to.equal(6);
      const known = sinks.filter(({ wallet }) => wallet !== undefined);
      expect(known.map(({ wallet, asset, amount }) => [wallet, asset, amount])).to.deep.equal([
        ["EXCHANGE-HOT", "USDC", String(units(61_300))],
      ]);
      const targets = new Set(operation.cases.flatMap(({ targets }) => targets.map(({ account }) => account)));
      expect(sinks.some(({ account }) => targets.has(account))).to.equal(false);
    });

    it("in files of a size that a folder can hold, with addresses in lower case", () => {
      const files = [...contents(path.join(TUMAR, "trace")).values()];
      expect(files.reduce((sum, text) => sum + text.length, 0)).to.be.below(1_500_000);
      expect(files.some((text) => /0x[0-9a-f]*[A-F]/.test(text))).to.equal(false);
    });
  });

  it("keeps its totals under any seed, over an older operation too", async () => {
    const dir = temporaryFolder();
    mkdirSync(path.join(dir, "rulings"));
    writeFileSync(path.join(dir, "case.json"), "{}");
    writeFileSync(path.join(dir, "rulings/stale.md"), "stale");
    generateTumar(dir, "another");
    const other = readOperation(dir);
    expect(other.totals).to.deep.equal(operation.totals);
    expect((await traceOperation(other))!.statement).to.include({ targets: 362, moved: 1, untraced: 1 });
    expect(other.timeline.map(({ at, act }) => [at, act])).to.deep.equal(
      operation.timeline.map(({ at, act }) => [at, act]),
    );
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
