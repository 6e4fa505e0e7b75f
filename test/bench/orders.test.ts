// Long: starts the command line again and again.
import { spawnSync } from "node:child_process";
import path from "node:path";
import { expect } from "chai";

const SCRIPT = path.resolve(import.meta.dirname, "../../bench/orders.ts");

const run = (...args: string[]) => spawnSync(process.execPath, [SCRIPT, ...args], { encoding: "utf8" });

describe("bench:orders", function () {
  this.timeout(300_000);

  it("measures the 81 orders of Tumar, and prints one line of JSON", () => {
    const { stdout, stderr, status } = run("--json");
    expect(status, stderr).to.equal(0);
    const bench = JSON.parse(stdout) as { rows: { work: string; seconds: number }[]; seconds: number };
    expect(bench).to.include({ schema: "sequester.bench.orders/1", orders: 81, targets: 363 });
    const works = ["new --folder", "show", "sign --bundle", "verify --offline", "status"];
    expect(bench.rows.map(({ work }) => work)).to.deep.equal(works);
    for (const { work, seconds } of bench.rows) expect(seconds, work).to.be.above(0);
    const sum = bench.rows.reduce((all, { seconds }) => all + Math.round(seconds * 100), 0);
    expect(Math.round(bench.seconds * 100)).to.equal(sum);
  });

  it("refuses options that it does not have", () => {
    for (const args of [["--runs", "1"], ["more"]]) expect(run(...args).status, args.join(" ")).to.equal(64);
  });
});
