// Measures how long a person waits for help: the command line's entry file beside an empty program of the same Node.
import { spawnSync } from "node:child_process";
import path from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { tableOf } from "../src/base/table.ts";
import { endedBy } from "../src/cli/told.ts";

/** One Node: milliseconds until it ends, the middle of all runs. */
interface Row {
  readonly node: string;
  readonly empty_ms: number;
  readonly help_ms: number;
  readonly version_ms: number;
}

/** What one run of the bench measured. */
interface Bench {
  readonly schema: "sequester.bench.help/1";
  readonly rows: readonly Row[];
}

interface Options {
  runs: number;
  node: string[];
  json?: boolean;
}

const ENTRY = path.resolve(import.meta.dirname, "../src/cli/sequester.mjs");

const WORKS = {
  empty_ms: ["-e", "0"],
  help_ms: [ENTRY, "trace", "plan", "--help"],
  version_ms: [ENTRY, "--version"],
} as const;

const program = new Command("bench:help")
  .description("How long `--help` and `--version` take, beside `node -e 0` in the same run.")
  .option("--runs <n>", "runs of each, in turn", runs, 15)
  .option("--node <file...>", "the Nodes that start it", [process.execPath, "node"])
  .option("--json", "print one line of JSON")
  .allowExcessArguments(false)
  .showHelpAfterError("Add --help to see what there is.")
  .exitOverride();

try {
  const options = program.parse().opts<Options>();
  // By version: npm may have put the project's own Node first.
  const nodes = new Map(options.node.map((node) => [printed(node, ["--version"]).trim(), node]));
  const rows = [...nodes].map(([version, node]) => measure(version, node, options.runs));
  const bench: Bench = { schema: "sequester.bench.help/1", rows };
  console.log(options.json ? JSON.stringify(bench) : reportOf(bench).join("\n"));
} catch (error) {
  process.exitCode = endedBy(error);
}

function runs(text: string): number {
  if (!/^[1-9]\d{0,2}$/.test(text)) throw new InvalidArgumentError("needs to be 1 to 999.");
  return Number(text);
}

/** In turn, so that what else the machine does meets all works alike; the first runs fill Node's cache. */
function measure(version: string, node: string, runs: number): Row {
  const works = Object.entries(WORKS).map(([name, args]) => ({ name, args, ms: [] as number[] }));
  for (let run = 0; run <= runs; run++) {
    for (const { args, ms } of works) {
      const began = performance.now();
      printed(node, args);
      if (run > 0) ms.push(performance.now() - began);
    }
  }
  return { node: version, ...Object.fromEntries(works.map(({ name, ms }) => [name, middle(ms)])) } as unknown as Row;
}

function printed(node: string, args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(node, args, { encoding: "utf8" });
  if (status !== 0) throw error ?? new Error(`${node} ${args.join(" ")} ended with ${status}: ${stderr}`);
  return stdout;
}

function middle(ms: readonly number[]): number {
  return Math.round(ms.toSorted((a, b) => a - b)[Math.floor(ms.length / 2)]! * 10) / 10;
}

/** The bench as lines for people. */
function reportOf({ rows }: Bench): string[] {
  const cells = rows.flatMap(({ node, empty_ms, help_ms, version_ms }) =>
    Object.entries({ "--help": help_ms, "--version": version_ms }).map(([work, ms]) => [
      work,
      node,
      `${ms}`,
      `${empty_ms}`,
      (ms - empty_ms).toFixed(1),
      `${(ms / empty_ms).toFixed(1)}x`,
    ]),
  );
  return tableOf([["work", "node", "ours ms", "empty ms", "above", "ratio"], ...cells]);
}
