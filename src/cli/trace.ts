import { readdirSync } from "node:fs";
import { namedEntries, readDeployment } from "../chain/deployments.ts";
import { EXIT, SequesterError } from "../base/errors.ts";
import { INSTANT_FORM, instantOf, OFFSET_FORM, offsetOf } from "../base/time.ts";
import { accessed, placedReasonOf, writeNew } from "../base/files.ts";
import { checkPlan } from "../tracing/evidence/chain.ts";
import { explain, explanationForReaders } from "../tracing/evidence/explain.ts";
import { needEmpty } from "../tracing/evidence/folder.ts";
import { manifestText } from "../tracing/evidence/manifest.ts";
import { planOf, PlanRefusedError, type Spared } from "../tracing/evidence/plan.ts";
import { Evidence } from "../tracing/evidence/read.ts";
import { summaryOf } from "../tracing/evidence/summary.ts";
import { factsOf, writeEvidence } from "../tracing/evidence/write.ts";
import type { Method } from "../tracing/methods.ts";
import { readOpening, type ReadOpening } from "../tracing/lists/opening.ts";
import { readSeeds } from "../tracing/lists/seeds.ts";
import { readStops, stopsByAccount } from "../tracing/lists/stops.ts";
import { readTransfers } from "../tracing/sources/transfers.ts";
import { trace } from "../tracing/trace.ts";
import type { Accounts } from "../tracing/transfers/transfers.ts";
import { readOnce, stateFolder } from "../tracing/sources/readOnce.ts";
import { verify } from "../tracing/verify/verify.ts";
import type { Surroundings } from "./operation.ts";
import { OptionsRefusedError } from "./optionsRefused.ts";
import {
  explanationData,
  jsonOf,
  operationTargets,
  planData,
  tracePlanForReaders,
  verificationData,
} from "./trace-render.ts";
import { countOf } from "../base/words.ts";

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

export interface RunOptions {
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

/** Traces stolen transfers; `version` is that of the program, which evidence names. */
export async function run(options: RunOptions, { stdout, stderr }: Streams, version: string): Promise<void> {
  const { asset, decimals, at, out, work, json, dryRun } = options;
  if (out === undefined && !dryRun) throw new OptionsRefusedError("no --out", "--out DIR, or --dry-run");
  if (out !== undefined && !dryRun) needEmpty(out);
  const began = performance.now();
  const source = { ...sourceOf(options), asset, decimals };
  const keeps = work !== undefined && "files" in source;
  const read = keeps ? await readOnce(work, source) : await readTransfers(source);
  const { transfers } = read;
  stderr.write(`read ${countOf(transfers.count, "transfer")} of ${countOf(transfers.accounts.size - 1, "account")}\n`);
  const seeds = readSeeds(options.seeds, read);
  const stops = readStops(options.stops);
  const opening = openingOf(options.opening, transfers.accounts);
  const methods = [...new Set(options.method)];
  const result = trace(
    {
      transfers,
      methods,
      at,
      seeds: seeds.seeds,
      stops: new Set(stopsByAccount(stops.stops, transfers.accounts).keys()),
      opening: typeof opening === "string" ? opening : opening.opening,
    },
    work === undefined ? undefined : stateFolder(work),
  );
  stderr.write(`traced ${countOf(seeds.seeds.length, "stolen transfer")} by ${methods.join(", ")}\n`);
  const input = {
    read,
    seeds,
    stops,
    opening,
    methods,
    trace: result,
    version,
    at,
    decimals: decimals ?? null,
    ledgers: options.ledgers,
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

/** Makes a trace once more and compares. */
export async function check(
  dir: string,
  { inputs, json }: { inputs?: string; json?: boolean },
  { stdout, stderr }: Streams,
): Promise<void> {
  accessed(dir, () => readdirSync(dir), "a folder that `trace run` wrote");
  const found = await verify(dir, inputs, placedReasonOf);
  if (json) stdout.write(jsonOf(verificationData(found)));
  if (found.differences.length > 0) throw new TraceDifferenceError(dir, found.differences);
  const { transfers, accounts, ledgers, methods, result } = found;
  const words = `${countOf(transfers, "transfer")} of ${countOf(accounts, "account")} by ${methods.join(", ")}, ${countOf(ledgers, "ledger")}`;
  if (!json) stdout.write(`Everything was found again: ${words}.\nSHA-256 of result.csv: ${result}\n`);
  else stderr.write("Everything was found again.\n");
}

export interface PlanCommandOptions {
  method: Method;
  asset?: string;
  least: bigint;
  wholeAccount?: boolean;
  valid: string;
  expires?: string;
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

/** How money came to an account. */
export function tell(
  dir: string,
  account: string,
  options: { method?: Method; json?: boolean },
  { stdout }: Streams,
): void {
  const evidence = new Evidence(dir);
  const explanation = explain(evidence, address(account), options.method ?? evidence.manifest.methods[0]!);
  stdout.write(options.json ? jsonOf(explanationData(explanation)) : explanationForReaders(evidence, explanation));
}

/** What may be frozen. */
export async function plan(dir: string, options: PlanCommandOptions, { stdout, stderr }: Streams): Promise<void> {
  const { method, asset, least, wholeAccount = false, rpc, targets, symbol, case: caseId, json } = options;
  if (targets !== undefined && (caseId === undefined || symbol === undefined)) {
    throw new OptionsRefusedError("--targets alone", "--targets FILE --case ID --symbol SYMBOL");
  }
  const now = Math.floor(Date.now() / 1000);
  const expires =
    options.expires === undefined
      ? now + valueOf("--valid", options.valid, offsetOf, OFFSET_FORM)
      : valueOf("--expires", options.expires, instantOf, INSTANT_FORM);
  if (expires <= now) throw new PlanRefusedError("it is dead already", "an end that is past", "one to come");
  const evidence = new Evidence(dir);
  const never = await neverOf(options);
  const traced = planOf(evidence, { method, asset, least, wholeAccount, expires, never });
  const made = rpc.length === 0 ? traced : await checkPlan(rpc, traced);
  if (targets !== undefined) {
    if (made.decimals === null) throw new OptionsRefusedError("evidence without decimals", "trace run --decimals N");
    writeNew(targets, operationTargets(made, { caseId: caseId!, symbol: symbol! }));
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

/** The value of an option. @throws OptionsRefusedError */
function valueOf<T>(option: string, text: string, parse: (text: string) => T | undefined, needs: string): T {
  const value = parse(text);
  if (value === undefined) throw new OptionsRefusedError(`${option} ${text}`, needs);
  return value;
}

/** The lower-case form of an address. */
function address(text: string): string {
  if (!/^0x[0-9a-f]{40}$/i.test(text)) {
    throw new OptionsRefusedError(JSON.stringify(text), "an address: 0x and 40 hexadecimal digits");
  }
  return text.toLowerCase();
}
