import path from "node:path";
import { EXIT, SequesterError } from "../base/errors.ts";
import { writeNew } from "../base/files.ts";
import { countOf, shellWord } from "../base/words.ts";
import { bringCalls, requireJournal } from "../operation/bring.ts";
import { writeKept } from "../operation/keep.ts";
import { readOperation } from "../operation/folder/readOperation.ts";
import { importTagPack } from "../operation/folder/importTagPack.ts";
import { statementText, writeOrders, writeStatement } from "../operation/outputs.ts";
import type { OperationResult, RunInput } from "../operation/run.ts";
import { StatementDifferenceError, UnexpectedOutcomeError, type Statement } from "../operation/statement/statement.ts";
import { writeTraces } from "../operation/outputs.ts";
import { writeWhole } from "../tracing/evidence/folder.ts";
import { progressOn, type Screen } from "./progress.ts";
import { importForReaders, inShort, planForReaders, planOf, statementForReaders } from "./render.ts";
import type { Terminal } from "./terminal.ts";

/** What the commands write to, and what runs an operation. */
export interface Surroundings {
  stdout: { write(text: string): unknown };
  stderr: Screen;
  run: (input: RunInput) => Promise<OperationResult>;
  /** Who can be asked, if anybody. */
  terminal?: Terminal | undefined;
  /** Waits until whoever has started something that goes on without end wants no more of it; it ends at once where nobody can say so. */
  stopped?: (() => Promise<void>) | undefined;
}

/** One folder was named for two results. Exit code 64. */
export class SameFolderError extends SequesterError {
  override name = "SameFolderError";
  constructor(dir: string) {
    super("The results and the chain need a folder each.", {
      code: EXIT.usage,
      metaMessages: [`has: --out and --keep ${dir}`, "needs: two folders, neither in the other"],
    });
  }
}

export interface RunOptions {
  json?: boolean;
  out?: string;
  keep?: string;
  rpc?: string;
  dryRun?: boolean;
  verbose?: boolean;
}

/** Plays an operation; `version` is that of the program, which evidence names. */
export async function run(
  dir: string,
  { json, out, keep, rpc, dryRun, verbose = false }: RunOptions,
  { stdout, stderr, run }: Surroundings,
  version: string,
) {
  if (out !== undefined && keep !== undefined && overlap(out, keep)) throw new SameFolderError(keep);
  const operation = readOperation(dir);
  const progress = progressOn(stderr, verbose);
  if (dryRun) {
    const result = await run({ operation, progress });
    stdout.write(json ? `${JSON.stringify(planOf(operation, result))}\n` : planForReaders(operation, result, verbose));
    stderr.write("Dry run: played on a chain that is thrown away, nothing was written.\n");
    return;
  }

  const show = (statement: Statement, dir: string | undefined) => {
    stdout.write(json ? statementText(statement) : statementForReaders(operation.name, statement, verbose));
    if (dir !== undefined) writeStatement(dir, statement);
  };
  let fault: Error | undefined;
  let last = "";
  const play = async (dir?: string, chainDir?: string) => {
    try {
      const { statement, orders, traced, pack, kept, deployment } = await run({ operation, progress, prove: true });
      if (rpc !== undefined) {
        const { head, seq } = pack!.evidence.entries.at(-1)!;
        const bringing = { step: "bring", at: operation.timeline.at(-1)?.at } as const;
        await bringCalls(rpc, kept, (done, total) => progress({ ...bringing, done, total }));
        await requireJournal(rpc, deployment, head, kept.block);
        const result = `the node has the same ${countOf(seq, "entry")} of the journal`;
        progress({ ...bringing, done: 1, total: 1, result });
      }
      stderr.write("\n");
      show(statement, dir);
      last = inShort(operation, statement);
      if (chainDir !== undefined) await writeKept(chainDir, { chain: kept, deployment });
      if (dir === undefined) return;
      writeOrders(dir, orders, deployment.domain);
      writeNew(path.join(dir, "pack.zip"), pack!.bytes);
      if (traced !== undefined) await writeTraces(dir, traced, version, out);
    } catch (error) {
      // A statement that does not add up is shown all the same: it is what has to be explained.
      if (!(error instanceof StatementDifferenceError || error instanceof UnexpectedOutcomeError)) throw error;
      show(error.statement, dir);
      fault = error;
    }
  };
  const began = performance.now();
  await inFolder(keep, async (chainDir) => {
    await inFolder(out, (dir) => play(dir, chainDir));
    if (fault !== undefined) throw fault;
  });
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  const places = [out && `the files are in ${out}`, keep && `the chain is in ${keep}`].filter(Boolean);
  stderr.write(`\nDone in ${seconds} s${places.length > 0 ? `; ${places.join(", ")}` : ""}.\n`);
  if (keep !== undefined) stderr.write(`Open it: npx --no-install sequester chain open ${shellWord(keep)}\n`);
  if (!json) stdout.write(`\n${last}`);
}

/** Writes into a folder that is there whole or not at all, where one is wanted. */
const inFolder = (dir: string | undefined, fill: (part?: string) => Promise<void>): Promise<void> =>
  dir === undefined ? fill() : writeWhole(dir, fill);

/** Whether two folders are one, or one lies in the other. */
const overlap = (a: string, b: string): boolean =>
  [path.relative(a, b), path.relative(b, a)].some((way) => way.split(path.sep)[0] !== ".." && !path.isAbsolute(way));

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
    file,
    out,
    decimals,
    amount,
    parameters,
    assetSymbol: asset,
    casePrefix: cases ?? prefixOf(file),
    start: start ?? `${new Date().toISOString().slice(0, 10)}T06:00:00Z`,
  });
  const data = { schema: "sequester.import/1", ...report };
  stdout.write(json ? `${JSON.stringify(data)}\n` : importForReaders(report, out));
  stderr.write(`Run it: npx --no-install sequester operation run ${out}\n`);
}

/** Case ids are short and plain, whatever the file is called. */
const prefixOf = (file: string): string =>
  path
    .parse(file)
    .name.toUpperCase()
    .replace(/[^A-Z0-9]+/g, "-")
    .replace(/^-|-$/g, "")
    .slice(0, 24) || "LIST";
