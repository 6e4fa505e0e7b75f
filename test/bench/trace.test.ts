// Long: traces histories as a bench does.
import { spawnSync } from "node:child_process";
import path from "node:path";
import { expect } from "chai";

const SCRIPT = path.resolve(import.meta.dirname, "../../bench/trace.ts");

const run = (...args: string[]) => spawnSync(process.execPath, [SCRIPT, ...args], { encoding: "utf8" });

describe("bench:trace", function () {
  this.timeout(120_000);

  it("measures every work beside the naive way, which finds the same, and prints one line of JSON", function () {
    const { stdout, stderr, status } = run("--events", "30000", "--wallets", "3000", "--json");
    expect(status, stderr).to.equal(0);
    const { schema, rows } = JSON.parse(stdout) as { schema: string; rows: Record<string, unknown>[] };
    expect(schema).to.equal("sequester.bench.trace/1");
    expect(rows.map(({ work }) => work)).to.deep.equal(["haircut", "libr", "taint-first", "fifo", "fused3", "decode"]);
    for (const { work, events, ...figures } of rows) {
      expect(events).to.equal(30_000);
      const names =
        work === "decode"
          ? ["ours_ms", "naive_ms", "ethers_ms"]
          : ["ours_ms", "naive_ms", "scan_ms", "ours_rss", "naive_rss"];
      expect(figures, String(work)).to.have.all.keys(names);
      for (const [name, figure] of Object.entries(figures))
        expect(figure, `${String(work)} ${name}`)
          .to.be.a("number")
          .above(0);
    }
  });

  it("refuses numbers that are none", function () {
    for (const args of [["--events", "0"], ["--wallets", "3"], ["--events", "many"], ["more"]]) {
      expect(run(...args).status, args.join(" ")).to.equal(64);
    }
  });
});
