// Long: starts the command line again and again.
import { spawnSync } from "node:child_process";
import path from "node:path";
import { expect } from "chai";

const SCRIPT = path.resolve(import.meta.dirname, "../../bench/help.ts");

const run = (...args: string[]) => spawnSync(process.execPath, [SCRIPT, ...args], { encoding: "utf8" });

describe("bench:help", function () {
  this.timeout(60_000);

  it("measures help and version beside an empty Node, and prints one line of JSON", () => {
    const { stdout, stderr, status } = run("--runs", "1", "--node", process.execPath, "--json");
    expect(status, stderr).to.equal(0);
    const { schema, rows } = JSON.parse(stdout) as { schema: string; rows: Record<string, unknown>[] };
    expect(schema).to.equal("sequester.bench.help/1");
    expect(rows.map(({ node }) => node)).to.deep.equal([process.version]);
    for (const name of ["empty_ms", "help_ms", "version_ms"]) expect(rows[0]![name], name).to.be.a("number").above(0);
  });

  it("refuses numbers that are none", () => {
    for (const args of [["--runs", "0"], ["--runs", "many"], ["more"]]) {
      expect(run(...args).status, args.join(" ")).to.equal(64);
    }
  });
});
