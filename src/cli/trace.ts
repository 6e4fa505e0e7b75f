import { readdirSync, writeFileSync } from "node:fs";
import { InvalidArgumentError, Option, type Command } from "commander";
import { namedEntries, readDeployment } from "../chain/deployments.ts";
import { EXIT, SequesterError } from "../errors.ts";
import { Flaw } from "../operation/faults.ts";
import { parseInstant, parseOffset } from "../operation/values.ts";
import { FileAccessError } from "../orders/disk.ts";
import { checkPlan } from "../tracing/evidence/chain.ts";
import { explain, explanationForReaders } from "../tracing/evidence/explain.ts";
import { needEmpty } from "../tracing/evidence/folder.ts";
import { manifestText } from "../tracing/evidence/manifest.ts";
import { planOf, PlanRefusedError, type Spared } from "../tracing/evidence/plan.ts";
import { Evidence } from "../tracing/evidence/read.ts";
import { summaryOf } from "../tracing/evidence/summary.ts";
import { factsOf, writeEvidence } from "../tracing/evidence/write.ts";
import { COMPARISON_ONLY, METHODS, type Method } from "../tracing/methods.ts";
import { readOpening, type ReadOpening } from "../tracing/read/opening.ts";
import { readSeeds } from "../tracing/read/seeds.ts";
import { readStops, stopsByAccount } from "../tracing/read/stops.ts";
import { readTransfers } from "../tracing/read/transfers.ts";
import { trace } from "../tracing/trace.ts";
import type { Accounts } from "../tracing/transfers.ts";
import { readOnce, stateFolder } from "../tracing/work.ts";
import { verify } from "../tracing/verify/verify.ts";
import type { Surroundings } from "./operation.ts";
import {
  explanationData,
  jsonOf,
  operationTargets,
  planData,
  tracePlanForReaders,
  verificationData,
} from "./trace-render.ts";

type Streams = Pick<Surroundings, "stdout" | "stderr">;

/** The trace, made once more from its inputs, is not what the folder says. Exit code 3. */
export class TraceDifferenceError extends SequesterError {
  override name = "TraceDifferenceError";
  readonly differences: readonly string[];
  constructor(dir: string, differences: readonly string[]) {
    const more = differences.length - MOST_SHOWN;
    super(`The evidence in ${dir} is not what its inputs make.`, {
      code: EXIT.verification,
      metaMessages: [...differences.slice(0, MOST_SHOWN), ...(more > 0 ? [`and ${more} more`] : [])],
    });
    this.differences = differences;
  }
}

const MOST_SHOWN = 20;

/** Adds `sequester trace …`; `version` is that of the program, which evidence names. */
export function addTrace(program: Command, streams: Streams, version: string): void {
  const group = program.command("trace").description("stolen money: where it went, what may be frozen of it");

  group
    .command("run")
    .description("trace stolen transfers through a history, and write the evidence to a folder")
    .option("--transfers <file...>", "CSV or Parquet; ethereum-etl, cryo, Etherscan, or our own columns")
    .option("--rpc <url...>", "nodes instead of files; several must agree")
    .option("--from-block <n>", "with --rpc: the block of the asset's creation, or the first that matters", whole)
    .requiredOption("--seeds <file>", "the stolen transfers, JSON or CSV")
    .option("--stops <file...>", "services at which the trace ends: JSON, CSV or GraphSense TagPacks", [])
    .addOption(
      new Option("--method <method...>", "by which rule; the first one is drawn")
        .choices(METHODS)
        .makeOptionMandatory(),
    )
    .option("--opening <file>", 'balances before the first transfer, or "clean": the least that explains the transfers')
    .option("--asset <address>", "the asset's contract, where the transfers are of several")
    .option("--decimals <n>", "decimals of the asset, where values are decimal", whole)
    .option("--at <block>", "the evidence block: the last one that counts", whole)
    .option("--out <dir>", "the folder to write; empty, or none yet")
    .option("--work <dir>", "keep what was read and how far the trace came: a next run goes on from there")
    .option("--no-ledgers", "write no ledger of each account: explain and disclosure requests need them")
    .option("--json", "print the manifest instead of the summary")
    .option("--dry-run", "read and trace, and write nothing")
    .action((options: RunOptions) => run(options, streams, version));

  group
    .command("verify")
    .description("make the trace once more from its inputs, by other code, and hold it against the folder")
    .argument("<dir>", "the folder that trace run wrote")
    .option("--inputs <dir>", "where the inputs are, if they were moved")
    .option("--json", "print what was found as JSON")
    .action((dir: string, options: { inputs?: string; json?: boolean }) => check(dir, options, streams));

  group
    .command("plan")
    .description("what may be frozen, by one method: what an order is made from")
    .argument("<dir>", "the folder that trace run wrote")
    .addOption(new Option("--method <method>", "of the order").choices(ORDER_METHODS).makeOptionMandatory())
    .option("--asset <address>", "the asset's contract, where the evidence does not name it")
    .option("--least <amount>", "the least amount that is proposed, in base units", units, 1n)
    .option("--whole-account", "the issuer freezes whole accounts only: says what is frozen besides")
    .option("--valid <time>", 'how long the plan is good, such as "24h"', read(parseOffset), 86_400)
    .option("--expires <date>", "until when it is good instead, ISO date and time", read(parseInstant))
    .option("--service <address...>", "services that are not proposed, besides the stops", [])
    .option("--contract <address...>", "contracts that are not proposed", [])
    .option("--vault <address...>", "vaults that are not proposed", [])
    .option("--treasury <address...>", "treasuries that are not proposed", [])
    .option("--never <file...>", "a list of more of them: address,label,kind,source,date", [])
    .option("--deployment <file>", "deployment.json, whose contracts are not proposed")
    .option("--rpc <url...>", "nodes that the plan is held against: no contracts, balances as traced", [])
    .option("--targets <file>", "write targets.csv of an operation; with --case and --symbol")
    .option("--case <id>", "case of the targets")
    .option("--symbol <symbol>", "the asset's symbol in the operation")
    .option("--json", "print the plan as JSON in base units")
    .action((dir: string, options: PlanCommandOptions) => plan(dir, options, streams));

  group
    .command("explain")
    .description("how traced money came to an account, in words")
    .argument("<dir>", "the folder that trace run wrote")
    .argument("<account>", "an address")
    .addOption(new Option("--method <method>", "by which rule; the trace's first unless told").choices(METHODS))
    .option("--json", "print it as JSON in base units")
    .action((dir: string, account: string, options: { method?: Method; json?: boolean }) => {
      const evidence = new Evidence(dir);
      const explanation = explain(evidence, address(account), options.method ?? evidence.manifest.methods[0]!);
      streams.stdout.write(
        options.json ? jsonOf(explanationData(explanation)) : explanationForReaders(evidence, explanation),
      );
    });
}

const ORDER_METHODS = METHODS.filter((method) => !COMPARISON_ONLY.has(method));

interface RunOptions {
  transfers?: string[];
  rpc?: string[];
  fromBlock?: number;
  seeds: string;
  stops: string[];
  method: Method[];
  opening?: string;
  asset?: string;
  decimals?: number;
  at?: number;
  out?: string;
  work?: string;
  ledgers: boolean;
  json?: boolean;
  dryRun?: boolean;
}

/** Options that do not go together, or one that another needs. Exit code 64. */
export class OptionsRefusedError extends SequesterError {
  override name = "OptionsRefusedError";
  constructor(has: string, needs: string) {
    super("The options do not go together.", {
      code: EXIT.usage,
      metaMessages: [`has: ${has}`, `needs: ${needs}`],
    });
  }
}

async function run(options: RunOptions, { stdout, stderr }: Streams, version: string): Promise<void> {
  const { asset, decimals, at, out, work, json, dryRun } = options;
  if (out === undefined && !dryRun) throw new OptionsRefusedError("no --out", "--out DIR, or --dry-run");
  if (out !== undefined && !dryRun) needEmpty(out);
  const began = performance.now();
  const source = { ...sourceOf(options), asset, decimals };
  const keeps = work !== undefined && "files" in source;
  const read = keeps ? await readOnce(work, source) : await readTransfers(source);
  const { transfers } = read;
  stderr.write(`read ${transfers.count} transfers of ${transfers.accounts.size - 1} accounts\n`);
  const seeds = readSeeds(options.seeds, read);
  const stops = readStops(options.stops);
  const opening = openingOf(options.opening, transfers.accounts);
  const methods = [...new Set(options.method)];
  const result = trace(
    {
      ...{ transfers, methods, at, seeds: seeds.seeds },
      stops: new Set(stopsByAccount(stops.stops, transfers.accounts).keys()),
      opening: typeof opening === "string" ? opening : opening.opening,
    },
    work === undefined ? undefined : stateFolder(work),
  );
  stderr.write(`traced ${seeds.seeds.length} stolen transfers by ${methods.join(", ")}\n`);
  const input = {
    ...{ read, seeds, stops, opening, methods, trace: result, version, at },
    ...{ decimals: decimals ?? null, ledgers: options.ledgers },
  };
  if (out === undefined || dryRun) {
    const facts = factsOf(input);
    stdout.write(json ? jsonOf(facts) : summaryOf(facts));
    stderr.write("Dry run: nothing was written.\n");
    return;
  }
  const manifest = await writeEvidence(out, input);
  stdout.write(json ? `${manifestText(manifest)}\n` : summaryOf(manifest));
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  stderr.write(`Done in ${seconds} s; the evidence is in ${out}, its result ${manifest.result}.\n`);
}

function openingOf(named: string | undefined, accounts: Accounts): "none" | "clean" | ReadOpening {
  if (named === undefined) return "none";
  return named === "clean" ? "clean" : readOpening(named, accounts);
}

function sourceOf({ transfers = [], rpc = [], fromBlock, at }: RunOptions) {
  if (rpc.length === 0) {
    if (fromBlock !== undefined) throw new OptionsRefusedError("--from-block without --rpc", "both or none");
    if (transfers.length === 0) throw new OptionsRefusedError("no transfers", "--transfers FILE, or --rpc URL");
    return { files: transfers };
  }
  if (transfers.length > 0) throw new OptionsRefusedError("--transfers and --rpc", "one of them");
  if (fromBlock === undefined) throw new OptionsRefusedError("--rpc without --from-block", "--from-block N");
  return { node: { urls: rpc, fromBlock, ...(at === undefined ? {} : { toBlock: at }) } };
}

async function check(
  dir: string,
  { inputs, json }: { inputs?: string; json?: boolean },
  { stdout, stderr }: Streams,
): Promise<void> {
  needFolder(dir);
  const found = await verify(dir, inputs);
  if (json) stdout.write(jsonOf(verificationData(found)));
  if (found.differences.length > 0) throw new TraceDifferenceError(dir, found.differences);
  const { transfers, accounts, ledgers, methods, result } = found;
  const words = `${transfers} transfers of ${accounts} accounts by ${methods.join(", ")}, ${ledgers} ledgers`;
  if (!json) stdout.write(`Everything was found again: ${words}.\nSHA-256 of result.csv: ${result}\n`);
  else stderr.write("Everything was found again.\n");
}

function needFolder(dir: string): void {
  try {
    readdirSync(dir);
  } catch (cause) {
    throw new FileAccessError(dir, "a folder that `trace run` wrote", cause);
  }
}

interface PlanCommandOptions {
  method: Method;
  asset?: string;
  least: bigint;
  wholeAccount?: boolean;
  /** Seconds. */
  valid: number;
  /** Unix seconds. */
  expires?: number;
  service: string[];
  contract: string[];
  vault: string[];
  treasury: string[];
  never: string[];
  deployment?: string;
  rpc: string[];
  targets?: string;
  case?: string;
  symbol?: string;
  json?: boolean;
}

async function plan(dir: string, options: PlanCommandOptions, { stdout, stderr }: Streams): Promise<void> {
  const { method, asset, least, wholeAccount = false, rpc, targets, symbol, case: caseId, json } = options;
  if (targets !== undefined && (caseId === undefined || symbol === undefined)) {
    throw new OptionsRefusedError("--targets alone", "--targets FILE --case ID --symbol SYMBOL");
  }
  const now = Math.floor(Date.now() / 1000);
  const expires = options.expires ?? now + options.valid;
  if (expires <= now) throw new PlanRefusedError("it is dead already", "an end that is past", "one to come");
  const evidence = new Evidence(dir);
  const never = await neverOf(options);
  const traced = planOf(evidence, { method, asset, least, wholeAccount, expires, never });
  const made = rpc.length === 0 ? traced : await checkPlan(rpc, traced);
  if (targets !== undefined) {
    if (made.decimals === null) throw new OptionsRefusedError("evidence without decimals", "trace run --decimals N");
    write(targets, operationTargets(made, { caseId: caseId!, symbol: symbol! }));
    stderr.write(`Wrote ${targets}\n`);
  }
  stdout.write(json ? jsonOf(planData(made)) : tracePlanForReaders(made));
  if (rpc.length === 0)
    stderr.write("Nothing was asked of a node: --rpc URL leaves contracts out and checks balances.\n");
}

async function neverOf({ service, contract, vault, treasury, never, deployment }: PlanCommandOptions) {
  const spared = new Map<string, Spared>();
  for (const [role, list] of Object.entries({ service, contract, vault, treasury })) {
    for (const account of list) spared.set(address(account), { role, label: "" });
  }
  for (const stop of readStops(never).stops) {
    spared.set(stop.address, { role: stop.kind || "never to be frozen", label: stop.label });
  }
  if (deployment !== undefined) {
    const { addresses } = await readDeployment(deployment);
    for (const [name, account] of namedEntries(addresses)) {
      spared.set(account.toLowerCase(), { role: "contract", label: name });
    }
  }
  return spared;
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text, { flag: "wx" });
  } catch (cause) {
    throw new FileAccessError(file, "a name in a folder that can be written, which is not taken", cause);
  }
}

/** A parser of values as one of options. */
const read =
  <T>(parse: (text: string) => T) =>
  (text: string): T => {
    try {
      return parse(text);
    } catch (error) {
      if (error instanceof Flaw) throw new InvalidArgumentError(error.message);
      throw error;
    }
  };

function whole(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError("needs a whole number");
  return Number(text);
}

function units(text: string): bigint {
  if (!/^\d{1,78}$/.test(text)) throw new InvalidArgumentError("needs base units: a whole number");
  return BigInt(text);
}

/** The lower-case form of an address. */
function address(text: string): string {
  if (!/^0x[0-9a-f]{40}$/i.test(text)) {
    throw new OptionsRefusedError(JSON.stringify(text), "an address: 0x and 40 hexadecimal digits");
  }
  return text.toLowerCase();
}
