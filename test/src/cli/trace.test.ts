import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { writeGenerated } from "../../../scripts/transfers/files.ts";
import type { Manifest } from "../../../src/tracing/evidence/manifest.ts";
import { removeTemporaryFolders, temporaryFolder } from "../operation/folders.ts";
import {
  ALL,
  hash,
  manifestIn,
  mule,
  sequester,
  textIn,
  THEFT,
  thief,
  victim,
  writeCase,
  ZERO,
} from "../tracing/evidence/harness.ts";

const ROOT = path.resolve(import.meta.dirname, "../../..");
const COMMAND = path.join(ROOT, "src/cli/sequester.mjs");

describe("sequester trace", function () {
  this.timeout(60_000);
  after(removeTemporaryFolders);

  it("traces, verifies, plans and explains generated thefts, as a process from another folder", () => {
    const dir = temporaryFolder();
    writeGenerated({ events: 3_000, wallets: 300, seed: "cli", thefts: 2 }, path.join(dir, "transfers.csv"));
    const env = { ...process.env, HARDHAT_CONFIG: path.join(ROOT, "hardhat.config.ts") };
    const run = (...args: string[]) =>
      spawnSync(process.execPath, [COMMAND, "trace", ...args], { cwd: dir, env, encoding: "utf8" });

    const inputs = ["--transfers", "transfers.csv", "--seeds", "seeds.json", "--stops", "stops.json"];
    const done = run(
      "run",
      ...inputs,
      ...ALL,
      "--decimals",
      "6",
      "--asset",
      ZERO.replace(/.$/, "9"),
      "--out",
      "out",
      "--json",
    );
    expect(done.status, done.stderr).to.equal(0);
    const manifest = JSON.parse(done.stdout) as Manifest;
    expect(done.stdout).to.equal(`${textIn(path.join(dir, "out"), "manifest.json")}\n`);
    expect(manifest.totals.filter(({ conserves }) => conserves).map(({ difference }) => difference)) //
      .to.deep.equal(["0", "0", "0", "0", "0"]);
    expect(manifest.totals[0]!.accounts).to.be.greaterThan(5);

    const verified = run("verify", "out");
    expect([verified.status, verified.stdout.includes(manifest.result)], verified.stderr).to.deep.equal([0, true]);
    const plan = JSON.parse(run("plan", "out", "--method", "fifo", "--json").stdout) as Record<
      "targets",
      { account: string }[]
    >;
    expect(plan.targets).to.have.length(manifest.totals[0]!.accounts);
    const explained = run("explain", "out", plan.targets[0]!.account);
    expect(explained.stdout).to.include("is stolen money");

    writeFileSync(
      path.join(dir, "out/result.csv"),
      textIn(path.join(dir, "out"), "result.csv").replace(/\d\n$/, "x\n"),
    );
    const altered = run("verify", "out");
    expect([altered.status, altered.stdout]).to.deep.equal([3, ""]);
    expect(altered.stderr).to.include("result.csv: has").and.not.include("unexpected fault");
  });

  it("reads and traces with --dry-run, and writes nothing", async () => {
    const { dir, options } = writeCase(THEFT);
    const out = path.join(dir, "out");
    const { code, stdout, stderr } = await sequester("trace", "run", ...options, ...ALL, "--out", out, "--dry-run");
    expect([code, existsSync(out)]).to.deep.equal([0, false]);
    expect(stdout).to.match(/^fifo +600 +480 +2 +120 +0 +0$/m);
    expect(stderr).to.include("Dry run: nothing was written.");
  });

  it("halts where an account has less than it sends, with account, block and row, and writes nothing", async () => {
    const { dir, options } = writeCase({
      transfers: [
        [ZERO, victim, 5],
        [victim, thief, 6],
      ],
      seeds: [[1]],
    });
    const out = path.join(dir, "out");
    const { code, stderr } = await sequester("trace", "run", ...options, "--method", "fifo", "--out", out);
    expect(code).to.equal(64);
    expect(stderr).to.include(victim).and.include("101").and.include("transfers.csv:3");
    expect(existsSync(out)).to.equal(false);
    const opening = path.join(dir, "opening.csv");
    writeFileSync(opening, `account,balance\n${victim},1\n`);
    const opened = await sequester("trace", "run", ...options, "--method", "fifo", "--out", out, "--opening", opening);
    expect(opened.code, opened.stderr).to.equal(0);
    expect(manifestIn(out)).to.include({ opening: "file" });
    expect((await sequester("trace", "verify", out)).code).to.equal(0);
  });

  it("refuses a folder with anything in it before it reads, and options that do not go together, with exit 64", async () => {
    const { dir, options } = writeCase(THEFT);
    const fifo = ["--method", "fifo"];
    const full = await sequester("trace", "run", "--transfers", "none.csv", "--seeds", "none", ...fifo, "--out", dir);
    expect([full.code, full.stderr.includes(`cannot be written to ${dir}`)]).to.deep.equal([64, true]);
    expect(existsSync(path.join(dir, "manifest.json"))).to.equal(false);
    const out = path.join(dir, "out");
    const refused: string[][] = [
      [...options, ...fifo],
      [...options, "--out", out],
      [...options, "--method", "guess", "--out", out],
      ["--transfers", "t.csv", ...fifo, "--out", out],
      ["--seeds", "s.json", ...fifo, "--out", out],
      [...options, "--rpc", "http://127.0.0.1:1", "--from-block", "1", ...fifo, "--out", out],
      [...options, "--from-block", "1", ...fifo, "--out", out],
      ["--rpc", "http://127.0.0.1:1", "--seeds", "s.json", ...fifo, "--out", out],
      [...options, ...fifo, "--at", "soon", "--out", out],
      [...options, ...fifo, "--decimals", "-1", "--out", out],
    ];
    for (const args of refused) {
      expect((await sequester("trace", "run", ...args)).code, args.join(" ")).to.equal(64);
      expect(existsSync(out)).to.equal(false);
    }
  });

  it("refuses hostile input of each kind with file and row, exit 64, and writes nothing", async () => {
    const row = (i: number, value = "5") => `${100 + i},7,${hash(i + 1)},${ZERO},${victim},${value}\n`;
    const header = "block_number,log_index,transaction_hash,from,to,value\n";
    const good = header + row(0) + row(1);
    const seed = JSON.stringify([{ transaction_hash: hash(1), log_index: 7 }]);
    const cases: [what: string, transfers: string, seeds: string, says: RegExp][] = [
      ["a header that is not known", good.replace("log_index", "logidx"), seed, /transfers\.csv:1 .*header/],
      ["an address that is none", good + row(2).replace(victim, "0x12"), seed, /transfers\.csv:4/],
      ["a negative value", good + row(2, "-5"), seed, /transfers\.csv:4 .*negative/],
      ["2^256", good + row(2, String(2n ** 256n)), seed, /transfers\.csv:4 .*2\^256/],
      ["a place twice", good + row(1), seed, /transfers\.csv:3 and .*transfers\.csv:4/],
      ["a file that was cut", good.slice(0, -60), seed, /transfers\.csv:3/],
      ["a seed without a transfer", good, seed.replace(/1"/, '9"'), /seeds\.json:1 .*matches no transfer/],
      [
        "a seed that is too large",
        good,
        seed.replace("}", ',"amount":"6"}'),
        /seeds\.json:1 .*larger than its transfer/,
      ],
    ];
    for (const [what, transfers, seeds, says] of cases) {
      const dir = temporaryFolder();
      writeFileSync(path.join(dir, "transfers.csv"), transfers);
      writeFileSync(path.join(dir, "seeds.json"), seeds);
      const files = ["--transfers", path.join(dir, "transfers.csv"), "--seeds", path.join(dir, "seeds.json")];
      const { code, stderr } = await sequester(
        "trace",
        "run",
        ...files,
        "--method",
        "fifo",
        "--out",
        path.join(dir, "out"),
      );
      expect([code, says.test(stderr), existsSync(path.join(dir, "out"))], `${what}: ${stderr}`) //
        .to.deep.equal([64, true, false]);
    }
  });

  it("takes lists of options at once or one by one, and a method twice as once", async () => {
    const { dir, options } = writeCase(THEFT);
    const out = path.join(dir, "out");
    const methods = ["--method", "haircut", "fifo", "--method", "haircut"];
    expect((await sequester("trace", "run", ...options, ...methods, "--out", out)).code).to.equal(0);
    expect(manifestIn(out).methods).to.deep.equal(["haircut", "fifo"]);
    expect(readFileSync(path.join(out, "burned.csv"), "utf8")).to.match(
      new RegExp(`,haircut,fifo\\n106,7,${mule},26,0\\n$`),
    );
  });

  it("says in its help what there is", async () => {
    const { code, stdout } = await sequester("trace", "run", "--help");
    expect(code).to.equal(0);
    for (const option of [
      "--transfers",
      "--seeds",
      "--stops",
      "--method",
      "--opening",
      "--at",
      "--rpc",
      "--out",
      "--json",
    ]) {
      expect(stdout).to.include(option);
    }
    expect((await sequester("trace", "--help")).stdout).to.match(/run[^]*verify[^]*plan[^]*explain/);
  });
});
