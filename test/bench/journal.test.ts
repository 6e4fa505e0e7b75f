// Long: starts the bench as a process.
import { spawnSync } from "node:child_process";
import path from "node:path";
import { expect } from "chai";

const SCRIPT = path.resolve(import.meta.dirname, "../../bench/journal.ts");

const run = (...args: string[]) => spawnSync(process.execPath, [SCRIPT, ...args], { encoding: "utf8" });

describe("bench:journal", function () {
  this.timeout(60_000);

  it("measures verification, replay and an index of each number of entries, and prints one line of JSON", () => {
    const { stdout, stderr, status } = run("--entries", "50", "1000", "--json");
    expect(status, stderr).to.equal(0);
    const { schema, rows } = JSON.parse(stdout) as { schema: string; rows: Record<string, unknown>[] };
    expect(schema).to.equal("sequester.bench.journal/1");
    const works = ["verify", "replay", "index", "continue"];
    const measured = [50, 1_000].flatMap((entries) => works.map((work) => [work, entries]));
    expect(rows.map(({ work, entries }) => [work, entries])).to.deep.equal(measured);
    for (const { entries_per_s, memory_mb } of rows) {
      expect(entries_per_s).to.be.a("number").above(0);
      expect(memory_mb).to.be.a("number").at.least(0);
    }
    expect(run("--entries", "50").stdout).to.match(/^work +entries +entries\/s +memory MB\nverify +50 /);
  });

  it("refuses numbers that are none", () => {
    for (const args of [["--entries", "0"], ["--entries", "many"], ["more"]]) {
      expect(run(...args).status, args.join(" ")).to.equal(64);
    }
  });
});
