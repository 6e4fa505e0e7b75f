// Measures how long an officer waits for the orders of a whole operation: each command started anew, as a person starts it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Command } from "commander";
import { tableOf } from "../src/base/table.ts";
import { ensureBuilt } from "../src/cli/build.ts";
import { serveChain } from "../src/cli/chain/serve.ts";
import { endedBy } from "../src/cli/told.ts";

/** One command, started once. */
interface Row {
  readonly work: string;
  readonly seconds: number;
}

/** What one run of the bench measured. */
interface Bench {
  readonly schema: "sequester.bench.orders/1";
  readonly orders: number;
  readonly targets: number;
  readonly rows: readonly Row[];
  readonly seconds: number;
}

const ROOT = path.resolve(import.meta.dirname, "..");
const ENTRY = path.join(ROOT, "src/cli/sequester.mjs");
const TUMAR = path.join(ROOT, "operations/tumar");
/** A target with the ends of another one. */
const LOOK_ALIKE = "0xb27140F18f4ee2dDfD7C0A5A080e860E71dbF90b";

const program = new Command("bench:orders")
  .description("How long the orders of Operation Tumar take to be written, shown, signed as one, verified and counted.")
  .option("--json", "print one line of JSON")
  .allowExcessArguments(false)
  .showHelpAfterError("Add --help to see what there is.")
  .exitOverride();

try {
  const options = program.parse().opts<{ json?: boolean }>();
  await ensureBuilt();
  const bench = await measure();
  console.log(options.json ? JSON.stringify(bench) : reportOf(bench).join("\n"));
} catch (error) {
  process.exitCode = endedBy(error);
}

async function measure(): Promise<Bench> {
  // After the build, for it reads what was built.
  const { readOperation } = await import("../src/operation/folder/readOperation.ts");
  const { openChain, raise } = await import("../src/operation/run.ts");
  const operation = readOperation(TUMAR);
  const chain = await openChain(operation);
  const dir = mkdtempSync(path.join(tmpdir(), "sequester-bench-"));
  const node = await serveChain(chain.connection.provider, 0);
  try {
    const { deployment } = await raise(operation, chain);
    const at = (name: string) => path.join(dir, name);
    writeFileSync(at("deployment.json"), JSON.stringify(deployment));
    const rulings = new Map(operation.cases.map(({ id, ruling }) => [id, path.join(TUMAR, ruling.path)]));
    const [header = "", ...lines] = readFileSync(path.join(TUMAR, "targets.csv"), "utf8").trim().split("\n");
    const withRuling = lines.map((line) => `${line},${rulings.get(line.split(",")[0]!)!}`);
    writeFileSync(at("targets.csv"), [`${header},ruling`, ...withRuling].join("\n"));

    const place = ["--deployment", at("deployment.json")];
    const folder = at("orders");
    const papers = path.join(TUMAR, "rulings");
    const meant = ["--look-alike", LOOK_ALIKE];
    const from = ["--from", at("targets.csv"), "--folder", folder, "--term", "10d", ...meant];
    const lists = ["--targets", path.join(TUMAR, "targets.csv"), "--stops", path.join(TUMAR, "trace/stops.json")];
    const key = ["--account", operation.officers[0]!.name, "--seed", operation.seed];
    const works: [work: string, args: string[]][] = [
      ["new --folder", ["new", "freeze", ...from]],
      ["show", ["show", folder, ...lists]],
      ["sign --bundle", ["sign", "--bundle", folder, "--rulings", papers, ...key, "--yes"]],
      ["verify --offline", ["verify", folder, "--ruling", papers, "--offline"]],
      ["status", ["status", folder, "--rpc", node.url]],
    ];
    const rows: Row[] = [];
    for (const [work, args] of works) rows.push({ work, seconds: await timed(["order", ...args, ...place]) });
    return {
      schema: "sequester.bench.orders/1",
      orders: new Set(lines.map((line) => line.split(",")[0])).size,
      targets: lines.length,
      rows,
      seconds: hundredths(rows.reduce((sum, { seconds }) => sum + seconds, 0)),
    };
  } finally {
    await node.close();
    await chain.close();
    rmSync(dir, { recursive: true });
  }
}

/** Seconds until a command ends well. */
async function timed(args: readonly string[]): Promise<number> {
  const began = performance.now();
  const child = spawn(process.execPath, [ENTRY, ...args], { stdio: ["ignore", "ignore", "pipe"] });
  let stderr = "";
  child.stderr.on("data", (text: Buffer) => (stderr += text.toString()));
  const [status] = (await once(child, "close")) as [number | null];
  if (status !== 0) throw new Error(`${args.slice(0, 2).join(" ")} ended with ${status}: ${stderr}`);
  return hundredths((performance.now() - began) / 1000);
}

function hundredths(seconds: number): number {
  return Math.round(seconds * 100) / 100;
}

/** The bench as lines for people. */
function reportOf({ orders, targets, rows, seconds }: Bench): string[] {
  const cells = [...rows, { work: "in all", seconds }].map((row) => [row.work, row.seconds.toFixed(2)]);
  return [`${orders} orders, ${targets} targets`, ...tableOf([["work", "seconds"], ...cells])];
}
