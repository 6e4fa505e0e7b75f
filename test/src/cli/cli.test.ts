// Long: starts programs that play whole operations.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { expect } from "chai";
import { main } from "../../../src/cli/program.ts";
import { progressOn, waitingOn } from "../../../src/cli/progress.ts";
import { amountsOf, tableOf } from "../../../src/base/table.ts";
import type { RunInput } from "../../../src/operation/run.ts";
import type { Statement } from "../../../src/operation/statement/statement.ts";
import { SequesterError } from "../../../src/base/errors.ts";
import { folderOf, removeTemporaryFolders, temporaryFolder } from "../operation/folders.ts";
import { changed, HOT, MULE, tracedFiles } from "../operation/history.ts";
import { account, smallFiles } from "../operation/small.ts";

const ROOT = path.resolve(import.meta.dirname, "../../..");
const COMMAND = path.join(ROOT, "src/cli/sequester.mjs");
const TAMPERED = path.join(import.meta.dirname, "tampered.ts");

/** Runs the command line as a process of its own, from another folder than the project's. */
function sequester(args: readonly string[], { script = COMMAND, cwd = temporaryFolder() } = {}) {
  const env = { ...process.env, HARDHAT_CONFIG: path.join(ROOT, "hardhat.config.ts") };
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], { cwd, env, encoding: "utf8" });
  return { status, stdout, stderr };
}

describe("the command line", function () {
  this.timeout(120_000);
  let dir: string;

  before(() => {
    dir = folderOf(smallFiles());
  });
  after(removeTemporaryFolders);

  it("prints the statement alone with --json, and talks on stderr", () => {
    const { status, stdout, stderr } = sequester(["operation", "run", dir, "--json"]);
    expect(stderr).to.match(/^0d +freeze +4 targets in 2 cases: 2 orders, 1 transaction$/m);
    expect(stderr).to.match(/^Done in \d+\.\d s\.$/m);
    // Plain lines where nobody watches.
    expect(stderr).to.not.include("\r").and.not.include("\u001b");
    const statement = JSON.parse(stdout) as Statement;
    expect(statement).to.include({ schema: "sequester.statement/1", targets: 4, cases: 2, arrested: 3, lapsed: 1 });
    expect(statement.difference).to.equal("0");
    expect(stdout).to.equal(`${JSON.stringify(statement)}\n`);
    expect(status).to.equal(0);
  });

  it("prints a statement to read without, and writes files with --out", () => {
    const out = path.join(temporaryFolder(), "results");
    const { status, stdout } = sequester(["operation", "run", dir, "--out", out]);
    expect(stdout).to.equal(
      [
        /^Small operation: closing statement at block \d+, 2026-03-06T09:00:00Z/.exec(stdout)?.[0],
        "",
        "asset  placed   held  covered  lapsed  lifted  seized  taken  returned  in custody  suspense",
        "KZTE   180.50  80.00    80.00   50.50   20.00   30.00  30.00      0.00       30.00      0.00",
        "USDX     7.00   0.00     0.00    0.00    0.00    7.00   7.00      5.00        2.00      3.00",
        "",
        "holds that ended by time: 1",
        "at                    case      amount   recorded",
        "2026-01-15T09:00:00Z   ONE  50.50 KZTE  by nobody",
        "",
        "holds that were wrong and lifted: 1",
        "at                    case      amount  held for      by",
        "2026-01-17T09:00:00Z   ONE  20.00 KZTE       12d  arrest",
        "",
        "4 targets in 2 cases; 3 arrested, 1 lapsed; 0 cases closed",
        "difference between the journal and the chain: 0 base units",
        "",
        "$37 was seized: $5 went back to holders and $32 is in custody.",
        "The journal and the chain agree to the base unit; anybody can work every figure out again from the journal.",
        "What each line means stands in docs/tumar.md; --verbose shows gas and addresses, --out keeps orders and statement.",
        "",
      ].join("\n"),
    );
    expect(readdirSync(out).sort()).to.deep.equal([
      "cases.csv",
      "orders",
      "orders.csv",
      "pack.zip",
      "statement.csv",
      "statement.json",
    ]);
    expect((JSON.parse(readFileSync(path.join(out, "statement.json"), "utf8")) as Statement).difference).to.equal("0");
    expect(status).to.equal(0);
  });

  it("shows gas and addresses with --verbose, and no hexadecimal digits without", () => {
    const plain = sequester(["operation", "run", dir]);
    expect(plain.stdout + plain.stderr)
      .to.not.match(/0x[0-9a-f]/i)
      .and.not.match(/\bgas$/m);
    const verbose = sequester(["operation", "run", dir, "--verbose"]);
    expect(verbose.stderr).to.match(/^0d +freeze +4 targets in 2 cases: 2 orders, 1 transaction; [\d,]+ gas$/m);
    expect(verbose.stdout).to.include(`2026-01-15T09:00:00Z   ONE  ${account(2)}  50.50 KZTE  by nobody`);
  });

  it("refuses a broken folder with file, line and reason, exit 64, before anything is compiled or sent", () => {
    const files = smallFiles();
    files.set("targets.csv", files.get("targets.csv")!.replace(",50.5,", ",50.555,"));
    files.delete("rulings/TWO.md");
    const { status, stdout, stderr } = sequester(["operation", "run", folderOf(files), "--json"]);
    expect(stderr).to.match(/^ +case\.json:\d+: MissingRuling: /m);
    expect(stderr).to.match(/^ +targets\.csv:3: TooManyDecimals: the amount 50\.555 has 3 decimals, the asset 2$/m);
    expect(stderr).to.not.include("deploy");
    expect([status, stdout]).to.deep.equal([64, ""]);
  });

  it("does its work to the end where nobody listens to what it says", async () => {
    const child = spawn(process.execPath, [COMMAND, "operation", "run", dir, "--dry-run", "--json"]);
    child.stderr.destroy();
    let printed = "";
    child.stdout.on("data", (text) => (printed += text));
    const [code] = (await once(child, "close")) as [number];
    expect(JSON.parse(printed)).to.include({ targets: 4 });
    expect(code).to.equal(0);
  });

  it("ends with 3 and the statement where the chain says something else than the journal", () => {
    const out = temporaryFolder();
    const { status, stdout, stderr } = sequester(["operation", "run", dir, "--json", "--out", out], {
      script: TAMPERED,
    });
    const statement = JSON.parse(stdout) as Statement;
    expect(statement.difference).to.equal("1");
    expect(stderr).to.include("sequester: The statement differs from the chain by 1 base unit.");
    expect(stderr).to.match(/^ +TWO, USDX: vault's balance: has 499, needs 500$/m);
    expect(JSON.parse(readFileSync(path.join(out, "statement.json"), "utf8"))).to.deep.equal(statement);
    expect(status).to.equal(3);
  });

  it("says with --dry-run what would be done, and does nothing", () => {
    const out = path.join(temporaryFolder(), "out");
    const { status, stdout, stderr } = sequester(["operation", "run", dir, "--dry-run", "--json", "--out", out]);
    const plan = JSON.parse(stdout) as { timeline: unknown[] };
    expect(plan).to.include({ schema: "sequester.plan/1", targets: 4, cases: 2, arrested: 3, lapsed: 1 });
    expect(plan.timeline.slice(0, 2)).to.deep.equal([
      { at: "0d", act: "freeze", cases: 2, targets: 4 },
      { at: "9d", act: "arrest", cases: 2, targets: 3 },
    ]);
    expect(stderr).to.match(/^14d +seize +2 targets in 1 case: /m);
    expect(stderr).to.match(/\nDry run: played on a chain that is thrown away, nothing was written\.\n$/);
    expect([status, existsSync(out)]).to.deep.equal([0, false]);
    const readable = sequester(["operation", "run", dir, "--dry-run"]);
    expect(readable.stdout).to.match(/^0d +freeze +2 +4$/m);
  });

  it("tells what the contracts refuse by line, who has what and needs what, and ends with 64", () => {
    const freeze = (at: string, cases: "*" | string[]) => ({ at, act: "freeze" as const, cases });
    const timeline = [freeze("0d", "*"), freeze("1d", ["TWO"])];
    const refused = folderOf(smallFiles({ timeline, expect: {} }));
    for (const more of [["--dry-run"], []]) {
      const { status, stdout, stderr } = sequester(["operation", "run", refused, ...more]);
      expect(stderr).to.match(
        /\nsequester: case\.json:\d+: freeze: DocketRollover: Freeze in case TWO\n +who: asset \w+, account 0x\w+\n +has: since 0d, until 11d\n +needs: latest until 10d\n$/,
      );
      expect([status, stdout]).to.deep.equal([64, ""]);
    }
  });

  it("traces first where the folder has histories, and writes the evidence that it leaves", () => {
    const [traced, out] = [folderOf(tracedFiles()), path.join(temporaryFolder(), "results")];
    const { status, stdout, stderr } = sequester(["operation", "run", traced, "--json", "--out", out]);
    const [first, second] = stderr.split("\n");
    expect(first).to.match(
      /^before +trace +10 transfers of 1 asset by fifo: 5 targets, 1 of them by a later move; 3 hops/,
    );
    expect(second).to.match(/^before +deploy /);
    const { trace, difference } = JSON.parse(stdout) as Statement;
    expect([status, difference, trace!.targets, trace!.assets[0]!.difference]).to.deep.equal([0, "0", 5, "0"]);
    expect(JSON.parse(readFileSync(path.join(out, "statement.json"), "utf8"))).to.have.deep.property("trace", trace);
    const verified = sequester(["trace", "verify", path.join(out, "trace/USDX")]);
    expect(verified.stdout).to.include("Everything was found again: 10 transfers");
    expect(verified.status, verified.stderr).to.equal(0);
  });

  it("says with --dry-run where traced money is, and refuses a list that is not what was traced", () => {
    const { status, stdout } = sequester(["operation", "run", folderOf(tracedFiles()), "--dry-run"]);
    expect(stdout).to.match(/^USDX +10 +3 +292\.00 +250\.00 +42\.00 +0\.00 +0\.00$/m);
    expect(stdout)
      .to.match(/^service 1 +30\.00$/m)
      .and.to.match(/^service 2 +12\.00$/m);
    expect(status).to.equal(0);
    const other = folderOf(
      tracedFiles({ transfers: changed({ 4: [MULE, account(4), 3_999], 7: [MULE, HOT, 1_001] }) }),
    );
    for (const more of [["--dry-run"], []]) {
      const refused = sequester(["operation", "run", other, ...more]);
      expect(refused.stderr).to.include(
        "targets.csv:5: OtherThanTraced: the trace by fifo has 39.99 USDX, the list 40 USDX",
      );
      expect(refused.stderr).to.not.include("deploy");
      expect([refused.status, refused.stdout]).to.deep.equal([64, ""]);
    }
  });

  it("does not begin where the results would be written over something else, such as those of an earlier run", () => {
    const out = folderOf(new Map([["statement.json", "dear"]]));
    const { status, stderr } = sequester(["operation", "run", folderOf(tracedFiles()), "--out", out]);
    expect(stderr).to.include(`The results cannot be written to ${out}.\n  has: statement.json\n`);
    expect(stderr).to.not.include("deploy");
    expect([status, readdirSync(out)]).to.deep.equal([64, ["statement.json"]]);
    expect(readFileSync(path.join(out, "statement.json"), "utf8")).to.equal("dear");
  });

  it("makes a folder of a published list, which runs", () => {
    const labels = path.join(temporaryFolder(), "My labels.yaml");
    const tags = ["0x52908400098527886E0F7030069857D2E4169EE7", "0x8617E340B3D1FA5F11F306F4090FD50E238070D", "0x01"];
    writeFileSync(labels, `title: A list\ntags:\n${tags.map((it) => `  - address: "${it}"\n`).join("")}`);
    const out = path.join(temporaryFolder(), "made");
    const made = sequester(["operation", "import", labels, "--asset", "USDT", "-o", out, "--json"]);
    expect(JSON.parse(made.stdout)).to.include({ schema: "sequester.import/1", entries: 3, kept: 1, cases: 1 });
    expect(made.status, made.stderr).to.equal(0);
    expect(readFileSync(path.join(out, "case.json"), "utf8")).to.include('"MY-LABELS-01"');
    const { status, stdout } = sequester(["operation", "run", out, "--json"]);
    expect(JSON.parse(stdout)).to.include({ targets: 1, arrested: 1, difference: "0" });
    expect(status).to.equal(0);

    const again = sequester(["operation", "import", labels, "--asset", "USDT", "-o", out]);
    expect([again.status, again.stdout]).to.deep.equal([64, ""]);
    expect(again.stderr).to.include("OutNotEmpty");
  });

  for (const [args, says] of [
    [[], "Usage: sequester"],
    [["operation", "run"], "missing required argument 'dir'"],
    [["operation", "run", "x", "--fast"], "unknown option '--fast'"],
    [["operation", "runn", "x"], "unknown command 'runn'"],
    [["operation", "import", "x", "-o", "y"], "required option '--asset <symbol>'"],
    [["operation", "import", "x", "-o", "y", "--asset", "A", "--decimals", "six"], "needs a whole number"],
    [["operation", "run", "nowhere"], "nowhere has no file case.json"],
  ] as const) {
    it(`ends with 64 and an empty stdout for: sequester ${args.join(" ")}`, () => {
      const { status, stdout, stderr } = sequester(args);
      expect(stderr).to.include(says);
      expect([status, stdout]).to.deep.equal([64, ""]);
    });
  }

  it("shows its version and help on stdout", () => {
    const { version } = JSON.parse(readFileSync(path.join(ROOT, "package.json"), "utf8")) as { version: string };
    expect(sequester(["--version"])).to.deep.equal({ status: 0, stdout: `${version}\n`, stderr: "" });
    const help = sequester(["operation", "run", "--help"]);
    expect(help.stdout).to.include("--dry-run").and.include("--json");
    expect([help.status, help.stderr]).to.deep.equal([0, ""]);
  });

  describe("in this process", () => {
    async function ended(
      run: (input: RunInput) => Promise<never>,
      args: readonly string[] = ["operation", "run", dir],
    ) {
      const said = { out: "", err: "" };
      const code = await main(args, {
        stdout: { write: (text) => (said.out += text) },
        stderr: { write: (text) => (said.err += text) },
        run,
      });
      return { code, ...said };
    }

    it("ends with the code of the library's error, told in its own words", async () => {
      const fault = new SequesterError("The device is locked.", { code: 4, metaMessages: ["needs: its PIN"] });
      const { code, out, err } = await ended(() => Promise.reject(fault));
      expect([code, out]).to.deep.equal([4, ""]);
      expect(err).to.equal("sequester: The device is locked.\n  needs: its PIN\n");
    });

    it("ends with 1 and one line for a fault that nobody foresaw; the stack is for who asks", async () => {
      const { code, err } = await ended(() => Promise.reject(new TypeError("x is undefined")));
      expect(code).to.equal(1);
      expect(err).to.equal("sequester: unexpected fault: x is undefined\n  SEQUESTER_DEBUG=1 shows where\n");
      process.env.SEQUESTER_DEBUG = "1";
      try {
        expect((await ended(() => Promise.reject(new TypeError("x is undefined")))).err).to.include("cli.test.ts");
      } finally {
        delete process.env.SEQUESTER_DEBUG;
      }
    });

    it("leaves no half of the results where a run ends with a fault", async () => {
      const parent = temporaryFolder();
      const out = path.join(parent, "results");
      const run = () => {
        expect(readdirSync(parent)).to.have.length(1);
        return Promise.reject(new SequesterError("The chain is gone."));
      };
      expect((await ended(run, ["operation", "run", dir, "--out", out])).err).to.include("The chain is gone.");
      expect(readdirSync(parent)).to.deep.equal([]);
    });

    it("does not begin when the results could not be written", async () => {
      const file = path.join(temporaryFolder(), "file");
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, "");
      const never = () => Promise.reject(new Error("it ran"));
      const { code, err } = await ended(never, ["operation", "run", dir, "--out", path.join(file, "below")]);
      expect(code).to.equal(64);
      expect(err)
        .to.include(`${path.join(file, "below")} cannot be used`)
        .and.not.include("it ran");
    });
  });
});

describe("progressOn", () => {
  const record = (screen: { isTTY?: boolean; columns?: number }) => {
    let text = "";
    const show = progressOn({ ...screen, write: (more) => (text += more) });
    show({ step: "arrest", at: 777_600, done: 0, total: 81 });
    show({ step: "arrest", at: 777_600, done: 81, total: 81, result: "352 targets" });
    return text;
  };

  it("is one line per step where nobody watches", () => {
    expect(record({})).to.equal("9d       arrest        352 targets\n");
  });

  it("is a live line on a terminal, which the step's own line replaces", () => {
    expect(record({ isTTY: true, columns: 120 })).to.equal(
      `\r\u001b[2K9d       arrest        ${".".repeat(24)} 0/81\r\u001b[2K9d       arrest        352 targets\n`,
    );
  });

  it("never fills a terminal's line", () => {
    const [live = ""] = record({ isTTY: true, columns: 20 }).split("\r\u001b[2K").slice(1);
    expect(live).to.have.length(19);
  });
});

describe("waitingOn", () => {
  it("is one line where nobody watches", () => {
    let text = "";
    waitingOn({ write: (more) => (text += more) }, "Compiling")();
    expect(text).to.equal("Compiling ...\n");
  });

  it("counts the seconds on a terminal, and is gone at the end", async () => {
    const texts: string[] = [];
    const end = waitingOn({ isTTY: true, write: (more) => texts.push(more) }, "Compiling");
    await setTimeout(1_200);
    end();
    await setTimeout(1_200);
    expect(texts).to.deep.equal(["Compiling ... 0 s", "Compiling ... 1 s", ""].map((line) => `\r\u001b[2K${line}`));
  });
});

describe("tables", () => {
  it("align amounts of one asset by their decimals", () => {
    expect(amountsOf([0n, 1_234_567_891n, 5n], 6)).to.deep.equal(["0.000000", "1,234.567891", "0.000005"]);
    expect(amountsOf([100n, 123_456_700n], 2)).to.deep.equal(["1.00", "1,234,567.00"]);
    expect(amountsOf([7n, 1_000n], 0)).to.deep.equal(["7", "1,000"]);
  });

  it("have their first column to the left and the others to the right", () => {
    expect(
      tableOf([
        ["a", "b"],
        ["long", "1"],
        ["x", "100"],
      ]),
    ).to.deep.equal(["a       b", "long    1", "x     100"]);
  });
});
