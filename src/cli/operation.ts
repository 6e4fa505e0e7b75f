import path from "node:path";
import { readOperation } from "../operation/folder.ts";
import { importTagPack } from "../operation/import.ts";
import { statementText, writeOrders, writeStatement } from "../operation/outputs.ts";
import { checkOperation } from "../operation/preflight.ts";
import type { OperationResult, RunInput } from "../operation/run.ts";
import { StatementDifferenceError, UnexpectedOutcomeError, type Statement } from "../operation/statement.ts";
import { traceOperation } from "../operation/traced.ts";
import { writeTraces } from "../operation/traceOutputs.ts";
import { writeWhole } from "../tracing/evidence/folder.ts";
import { progressOn, type Screen } from "./progress.ts";
import { importForReaders, planForReaders, planOf, statementForReaders } from "./render.ts";

/** What the commands write to, and what runs an operation. */
export interface Surroundings {
  stdout: { write(text: string): unknown };
  stderr: Screen;
  run: (input: RunInput) => Promise<OperationResult>;
}

export interface RunOptions {
  json?: boolean;
  out?: string;
  dryRun?: boolean;
}

/** Plays an operation; `version` is that of the program, which evidence names. */
export async function run(
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

  const show = (statement: Statement, dir: string | undefined) => {
    stdout.write(json ? statementText(statement) : `${statementForReaders(operation.name, statement)}`);
    if (dir !== undefined) writeStatement(dir, statement);
  };
  let fault: Error | undefined;
  const play = async (dir?: string) => {
    try {
      const { statement, orders, traced } = await run({ operation, progress: progressOn(stderr) });
      stderr.write("\n");
      show(statement, dir);
      if (dir === undefined) return;
      writeOrders(dir, orders);
      if (traced !== undefined) await writeTraces(dir, traced, version, out);
    } catch (error) {
      // A statement that does not add up is shown all the same: it is what has to be explained.
      if (!(error instanceof StatementDifferenceError || error instanceof UnexpectedOutcomeError)) throw error;
      show(error.statement, dir);
      fault = error;
    }
  };
  const began = performance.now();
  await (out === undefined ? play() : writeWhole(out, play));
  if (fault !== undefined) throw fault;
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  stderr.write(`\nDone in ${seconds} s${out === undefined ? "" : `; the files are in ${out}`}.\n`);
}

export interface ImportOptions {
  asset: string;
  out: string;
  decimals: number;
  amount: string;
  cases?: string;
  parameters: string;
  start?: string;
  json?: boolean;
}

/** Makes an operation's folder of a published list. */
export function importLabels(file: string, options: ImportOptions, { stdout, stderr }: Surroundings): void {
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
