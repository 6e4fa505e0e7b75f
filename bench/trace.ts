// Measures the tracing: each method beside the naive way and a raw scan of the same rows, each in a process of its own.
import { execFileSync } from "node:child_process";
import path from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { tableOf } from "../src/base/table.ts";
import { endedBy } from "../src/cli/told.ts";
import { benchDecode, type DecodeRow } from "./decode.ts";
import { WORKS, type Measured, type Work } from "./pass.ts";

/** One work: milliseconds of processor time for all events, bytes of memory at most. */
interface PassRow {
  readonly work: Work;
  readonly events: number;
  readonly ours_ms: number;
  /** The same work over a `Map` of bigints. */
  readonly naive_ms: number;
  /** Reading every row once. */
  readonly scan_ms: number;
  readonly ours_rss: number;
  readonly naive_rss: number;
}

/** What one run of the bench measured. */
interface Bench {
  readonly schema: "sequester.bench.trace/1";
  readonly rows: readonly (PassRow | DecodeRow)[];
}

interface Options {
  events: number;
  wallets: number;
  json?: boolean;
}

/** Megabytes of heap that the naive way may take. */
const HEAP = 12_288;
const LEAST_WALLETS = 10;
const MOST_LOGS = 200_000;

const program = new Command("bench:trace")
  .description("Each method of tracing: ours, the naive way and a raw scan in one run, each in a process of its own.")
  .option("--events <n>", "transfers", countOf(1), 10_000_000)
  .option("--wallets <n>", "wallets", countOf(LEAST_WALLETS), 1_000_000)
  .option("--json", "print one line of JSON")
  .allowExcessArguments(false)
  .showHelpAfterError("Add --help to see what there is.")
  .exitOverride();

try {
  const options = program.parse().opts<Options>();
  const bench: Bench = {
    schema: "sequester.bench.trace/1",
    rows: [...WORKS.map((work) => measure(work, options)), ...decoded(options)],
  };
  console.log(options.json ? JSON.stringify(bench) : reportOf(bench).join("\n"));
} catch (error) {
  process.exitCode = endedBy(error);
}

function countOf(least: number): (text: string) => number {
  return (text) => {
    const count = Number(text);
    if (!/^\d{1,9}$/.test(text) || count < least) throw new InvalidArgumentError(`needs to be ${least} or more.`);
    return count;
  };
}

function measure(work: Work, options: Options): PassRow {
  const ours = measured(work, "ours", options);
  const naive = measured(work, "naive", options);
  if (ours.found !== naive.found) throw new Error(`Ours and the naive way do not find the same by ${work}.`);
  return {
    work,
    events: options.events,
    ours_ms: rounded(ours.ms),
    naive_ms: rounded(naive.ms),
    scan_ms: rounded(ours.scan_ms ?? NaN),
    ours_rss: ours.rss,
    naive_rss: naive.rss,
  };
}

function measured(work: Work, way: "ours" | "naive", { events, wallets }: Options): Measured {
  console.error(`${work}, ${way} ...`);
  const script = path.join(import.meta.dirname, "pass.ts");
  const args = [`--max-old-space-size=${HEAP}`, script, work, way, String(events), String(wallets)];
  const out = execFileSync(process.execPath, args, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
  return JSON.parse(out) as Measured;
}

/** Logs, as many as events, but no more than are needed to tell. */
function decoded({ events }: Options): DecodeRow[] {
  console.error("decode ...");
  return benchDecode(Math.min(events, MOST_LOGS));
}

/** The bench as lines for people. */
function reportOf({ rows }: Bench): string[] {
  const cells = rows.map((row) => {
    const { work, events, ours_ms, naive_ms } = row;
    const common = [work, events.toLocaleString("en-US"), `${ours_ms}`, `${naive_ms}`, ratio(naive_ms, ours_ms)];
    if (row.work === "decode") return [...common, "", "", "", "", ""];
    const { scan_ms, ours_rss, naive_rss } = row;
    return [
      ...common,
      `${scan_ms}`,
      ratio(ours_ms, scan_ms),
      megabytes(ours_rss),
      megabytes(naive_rss),
      ratio(naive_rss, ours_rss),
    ];
  });
  const header = ["work", "events", "ours ms", "naive ms", "faster", "scan ms", "scans", "ours MB", "naive MB", "less"];
  return tableOf([header, ...cells]);
}

function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}

function ratio(a: number, b: number): string {
  return `${(a / b).toFixed(1)}x`;
}

function megabytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(0);
}
