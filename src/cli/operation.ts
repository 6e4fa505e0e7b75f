import path from "node:path";
import { InvalidArgumentError, type Command } from "commander";
import { readOperation } from "../operation/folder.ts";
import { importTagPack } from "../operation/import.ts";
import { makeFolder, statementText, writeOrders, writeStatement } from "../operation/outputs.ts";
import { checkOperation } from "../operation/preflight.ts";
import type { OperationResult, RunInput } from "../operation/run.ts";
import { StatementDifferenceError, UnexpectedOutcomeError, type Statement } from "../operation/statement.ts";
import { traceOperation } from "../operation/traced.ts";
import { needPlaces, writeTraces } from "../operation/traceOutputs.ts";
import { ensureBuilt } from "./build.ts";
import { progressOn, type Screen } from "./progress.ts";
import { importForReaders, planForReaders, planOf, statementForReaders } from "./render.ts";

/** What the commands write to, and what runs an operation. */
export interface Surroundings {
  stdout: { write(text: string): unknown };
  stderr: Screen;
  run: (input: RunInput) => Promise<OperationResult>;
}

/** Loaded when it is needed: with it comes Hardhat, and the contracts must be compiled before. */
export async function runCompiled(input: RunInput): Promise<OperationResult> {
  ensureBuilt();
  const { runOperation } = await import("../operation/run.ts");
  return runOperation(input);
}

/** Adds `sequester operation …`; `version` is that of the program, which evidence names. */
export function addOperation(program: Command, surroundings: Surroundings, version: string): void {
  const operation = program.command("operation").description("case files: play them, make them");

  operation
    .command("run")
    .description("play a case file on an embedded chain, from the first freeze to the closing statement")
    .argument("<dir>", "the operation's folder: case.json, targets.csv, rulings/")
    .option("--json", "print the statement alone, as JSON in base units")
    .option(
      "--out <dir>",
      "write the statement as JSON and CSV, the orders with their sentences, and a trace's evidence",
    )
    .option("--dry-run", "check the folder, trace, and say what would be done")
    .action((dir: string, options: RunOptions) => run(dir, options, surroundings, version));

  operation
    .command("import")
    .description("make an operation's folder of a published GraphSense TagPack")
    .argument("<labels>", "the TagPack, a YAML file")
    .requiredOption("--asset <symbol>", "symbol of the asset that every wallet holds")
    .requiredOption("-o, --out <dir>", "the folder to make; empty, or none yet")
    .option("--decimals <n>", "decimals of the asset", wholeNumber, 6)
    .option("--amount <amount>", "what every wallet is given, in decimal units", "1000")
    .option("--cases <prefix>", "cases are named PREFIX-01, PREFIX-02, ...; after the file unless told")
    .option(
      "--parameters <name|file>",
      "a jurisdiction of deploy/parameters, or a .json5 file, which is copied",
      "kazakhstan",
    )
    .option("--start <date>", "date and time of the first freeze; today at 06:00 UTC unless told")
    .option("--json", "print the report as JSON")
    .action((labels: string, options: ImportOptions) => importLabels(labels, options, surroundings));
}

interface RunOptions {
  json?: boolean;
  out?: string;
  dryRun?: boolean;
}

async function run(
  dir: string,
  { json, out, dryRun }: RunOptions,
  { stdout, stderr, run }: Surroundings,
  version: string,
) {
  const operation = readOperation(dir);
  checkOperation(operation);
  if (dryRun) {
    const trace = (await traceOperation(operation))?.statement;
    stdout.write(json ? `${JSON.stringify(planOf(operation, trace))}\n` : planForReaders(operation, trace));
    stderr.write("Dry run: nothing was sent.\n");
    return;
  }
  if (out !== undefined) {
    makeFolder(out);
    needPlaces(out, operation);
  }

  const show = (statement: Statement) => {
    stdout.write(json ? statementText(statement) : `${statementForReaders(operation.name, statement)}`);
    if (out !== undefined) writeStatement(out, statement);
  };
  const began = performance.now();
  try {
    const { statement, orders, traced } = await run({ operation, progress: progressOn(stderr) });
    stderr.write("\n");
    show(statement);
    if (out !== undefined) {
      writeOrders(out, orders);
      if (traced !== undefined) await writeTraces(out, traced, version);
    }
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    stderr.write(`\nDone in ${seconds} s${out === undefined ? "" : `; the files are in ${out}`}.\n`);
  } catch (error) {
    // A statement that does not add up is shown all the same: it is what has to be explained.
    if (error instanceof StatementDifferenceError || error instanceof UnexpectedOutcomeError) show(error.statement);
    throw error;
  }
}

interface ImportOptions {
  asset: string;
  out: string;
  decimals: number;
  amount: string;
  cases?: string;
  parameters: string;
  start?: string;
  json?: boolean;
}

function importLabels(file: string, options: ImportOptions, { stdout, stderr }: Surroundings): void {
  const { asset, out, decimals, amount, cases, parameters, start, json } = options;
  const report = importTagPack({
    ...{ file, out, decimals, amount, parameters },
    assetSymbol: asset,
    casePrefix: cases ?? prefixOf(file),
    start: start ?? `${new Date().toISOString().slice(0, 10)}T06:00:00Z`,
  });
  const data = { schema: "sequester.import/1", ...report };
  stdout.write(json ? `${JSON.stringify(data)}\n` : importForReaders(report, out));
  stderr.write(`Run it: npx sequester operation run ${out}\n`);
}

/** Case ids are short and plain, whatever the file is called. */
const prefixOf = (file: string): string =>
  path
    .parse(file)
    .name.toUpperCase()
    .replace(/[^A-Z0-9]+/g, "-")
    .replace(/^-|-$/g, "")
    .slice(0, 24) || "LIST";

function wholeNumber(text: string): number {
  if (!/^\d{1,3}$/.test(text)) throw new InvalidArgumentError("needs a whole number");
  return Number(text);
}
