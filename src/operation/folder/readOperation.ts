import { CsvError, parse } from "csv-parse/sync";
import { formatUnits } from "viem";
import type { Parameters } from "../../deployment/parameters.ts";
import { Faults, InputRefusedError, type FaultName } from "./faults.ts";
import type { Asset, Case, Holding, Operation, RulingFile, Target, ToldAct, Totals } from "../operation.ts";
import { locate, type Keys } from "../../base/lines.ts";
import {
  CASE_FILE,
  checkOfficers,
  readAssets,
  readBytes,
  readClaims,
  readRulings,
  readLaw,
  readWallets,
  type At,
} from "./parts.ts";
import { readTimeline } from "./readTimeline.ts";
import { caseFile, issueFaults, TARGET_COLUMNS, type CaseFile } from "./schema.ts";
import { readTraceFiles } from "./traceFiles.ts";
import { MAX_AMOUNT } from "../../orders/types.ts";
import { parseAccount, parseAmount } from "./values.ts";
import { countOf } from "../../base/words.ts";

export type * from "../operation.ts";
export { InputRefusedError } from "./faults.ts";

const TARGETS_FILE = "targets.csv";

/** Targets that one case can have: its freeze is one order. */
export const MAX_TARGETS_PER_CASE = 1000;

type Row = { line: number; values: Record<(typeof TARGET_COLUMNS)[number], string> };

/**
 * Reads an operation's folder (`case.json`, `rulings/`, `targets.csv`) and checks all that it alone can show to be wrong,
 * before anything is sent; what the contracts refuse is said by them, when the timeline is played. The checks go in stages (shape, parts, timeline, totals), since faults of
 * one stage make false ones in the next; a stage names all of its faults.
 * @throws InputRefusedError with the faults by file and line.
 */
export function readOperation(dir: string): Operation {
  const faults = new Faults();
  const stage = <T>(check: () => T): NonNullable<T> => {
    const result = check();
    if (faults.all.length > 0) throw new InputRefusedError(`The operation folder ${dir}`, faults.all);
    return result as NonNullable<T>;
  };

  const [json, rows] = stage(() => [readCaseFile(dir, faults), readRows(dir, faults)] as const);
  const { data, lineOf } = json as NonNullable<typeof json>;
  const at: At = (keys, name, reason) => faults.add(name, CASE_FILE, lineOf(keys), reason);

  const { parameters, assets, cases, wallets, rulings, claims, trace } = stage(() => {
    const parameters = readLaw(dir, data, at);
    checkOfficers(data, parameters?.agencies, at);
    const assets = readAssets(data, at);
    const rulings = readRulings(dir, data, at);
    const ids = new Set(data.cases.map(({ id }) => id));
    const cases = readCases(data, rulings, readTargets(rows as Row[], ids, assets, faults), at);
    const trace = data.trace && readTraceFiles(dir, data.trace, { assets, lineOf, at });
    const wallets = readWallets(data, assets, at);
    return { parameters, assets, cases, wallets, rulings, claims: readClaims(dir, data, at), trace };
  });

  const timeline = stage(() => {
    const named = {
      assets,
      cases,
      wallets,
      officers: data.officers,
      rulingAt: (file: string) => rulings.get(file),
      claimsAt: (file: string) => claims.get(file),
    };
    const acts = readTimeline(
      data.timeline,
      named,
      (index) => lineOf(["timeline", index]),
      (keys, name, reason) => at(["timeline", ...keys], name, reason),
    );
    if (faults.all.length === 0) checkHeld(data, cases, acts, faults, at);
    return acts;
  });

  const totals = stage(() => {
    const { arrested, lapsed } = data.expect;
    const totals = { ...count([...cases.values()], assets), arrested, lapsed };
    checkTotals(totals, data.expect, at);
    return totals;
  });

  const { name, start, seed, officers } = data;
  return {
    name,
    parameters: parameters as Parameters,
    start,
    seed,
    officers,
    assets: [...assets.values()],
    cases: [...cases.values()],
    wallets: [...wallets.values()],
    timeline,
    totals,
    ...(trace && { trace }),
  };
}

/** Every case is frozen, and every target held by a freeze or by a court. */
function checkHeld(data: CaseFile, cases: ReadonlyMap<string, Case>, acts: readonly ToldAct[], faults: Faults, at: At) {
  const keyOf = (id: string, { asset, account }: Holding) => `${id} ${asset} ${account}`;
  const freezes = acts.flatMap((act) => (act.act === "freeze" ? act.orders : []));
  const placed = acts.flatMap((act) => (act.act === "arrest" && "place" in act ? act.place : []));
  const frozen = new Set(freezes.map((it) => it.case));
  const held = new Set([
    ...freezes.flatMap((it) => it.holdings.map((holding) => keyOf(it.case, holding))),
    ...placed.map((holding) => keyOf(holding.case, holding)),
  ]);
  for (const [i, { id }] of data.cases.entries()) {
    if (!frozen.has(id)) at(["cases", i], "CaseNeverFrozen", `no freeze of the timeline names the case ${id}`);
    for (const target of cases.get(id)!.targets) {
      if (!frozen.has(id) || held.has(keyOf(id, target))) continue;
      const reason = `no act of the timeline holds this target of the case ${id}`;
      faults.add("TargetNeverHeld", TARGETS_FILE, target.line, reason);
    }
  }
}

function readText(dir: string, file: string, faults: Faults): string | undefined {
  const bytes = readBytes(dir, file);
  if (bytes === undefined) {
    faults.add("MissingFile", file, undefined, `${dir} has no file ${file} that can be read`);
    return undefined;
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    faults.add("Malformed", file, undefined, "needs to be UTF-8 text");
    return undefined;
  }
}

function readCaseFile(dir: string, faults: Faults): { data: CaseFile; lineOf: (keys: Keys) => number } | undefined {
  const text = readText(dir, CASE_FILE, faults);
  if (text === undefined) return undefined;
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    faults.add("Malformed", CASE_FILE, lineOfSyntaxError(text), (error as Error).message);
    return undefined;
  }

  // JSON is YAML, whose parser knows the line of every value, and that a key comes twice.
  const { document, lineOf, lineOfKey, lineAt } = locate(text);
  for (const { code, pos, message } of document.errors) {
    if (code === "DUPLICATE_KEY") faults.add("Malformed", CASE_FILE, lineAt(pos[0]), message);
  }
  const result = caseFile.safeParse(json);
  if (result.success) return { data: result.data, lineOf };
  for (const { name, keys, key, reason } of issueFaults(result.error)) {
    faults.add(name, CASE_FILE, key === undefined ? lineOf(keys) : lineOfKey(keys, key), reason);
  }
  return undefined;
}

/** The first line up to which the text is no beginning of JSON: not every message of JSON.parse has a position. */
function lineOfSyntaxError(text: string): number {
  const lines = text.trimEnd().split("\n");
  let [low, high] = [1, lines.length];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (canGoOn(lines.slice(0, middle).join("\n"))) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Whether whole lines are JSON so far: a fault, if any, is that they end. A text in quotes ends on its line. */
function canGoOn(beginning: string): boolean {
  try {
    JSON.parse(beginning);
    return true;
  } catch (error) {
    const { message } = error as Error;
    const atEnd = message.includes(` at position ${beginning.length} `) && !message.startsWith("Unterminated string");
    return message === "Unexpected end of JSON input" || atEnd;
  }
}

function readRows(dir: string, faults: Faults): Row[] | undefined {
  const text = readText(dir, TARGETS_FILE, faults);
  if (text === undefined) return undefined;
  let records: { record: string[]; info: { lines: number } }[];
  try {
    const options = { info: true, relax_column_count: true, skip_empty_lines: true, trim: true };
    records = parse(text, options) as unknown as typeof records;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    faults.add("Malformed", TARGETS_FILE, Number(error["lines"]), error.message);
    return undefined;
  }
  const needs = TARGET_COLUMNS.join(",");
  const [header, ...rows] = records;
  if (header?.record.join(",") !== needs) {
    faults.add("Malformed", TARGETS_FILE, 1, `needs the header ${needs}`);
    return undefined;
  }
  return rows.flatMap(({ record, info: { lines: line } }) => {
    if (record.length === TARGET_COLUMNS.length) {
      const values = Object.fromEntries(TARGET_COLUMNS.map((column, i) => [column, record[i]]));
      return [{ line, values: values as Row["values"] }];
    }
    faults.add(
      "Malformed",
      TARGETS_FILE,
      line,
      `has ${countOf(record.length, "field")}, needs ${TARGET_COLUMNS.length}: ${needs}`,
    );
    return [];
  });
}

function readCases(
  data: CaseFile,
  rulings: ReadonlyMap<string, RulingFile>,
  targets: ReadonlyMap<string, Target[]>,
  at: At,
): Map<string, Case> {
  const cases = new Map<string, Case>();
  for (const [i, { id, ruling: file }] of data.cases.entries()) {
    const ruling = rulings.get(file);
    const ofCase = targets.get(id);
    if (cases.has(id)) at(["cases", i, "id"], "DuplicateCase", `the case ${id} comes twice`);
    else if (!ofCase) at(["cases", i, "id"], "CaseWithoutTargets", `the case ${id} has no target in ${TARGETS_FILE}`);
    else if (ruling) cases.set(id, { id, ruling, targets: ofCase });
  }
  return cases;
}

/** The targets by case. A case that is named, even with faults, has its entry. */
function readTargets(
  rows: readonly Row[],
  cases: ReadonlySet<string>,
  assets: ReadonlyMap<string, Asset>,
  faults: Faults,
): Map<string, Target[]> {
  const targets = new Map<string, Target[]>();
  const lineOf = new Map<string, number>();
  const totals = new Map<string, bigint>();
  for (const { line, values } of rows) {
    const fault = (name: FaultName, reason: string) => faults.add(name, TARGETS_FILE, line, reason);
    const ofCase = targets.get(values.case) ?? [];
    if (cases.has(values.case)) targets.set(values.case, ofCase);
    else fault("UnknownCase", `the case ${JSON.stringify(values.case)} is not one of ${CASE_FILE}`);

    const account = faults.try(TARGETS_FILE, line, () => parseAccount(values.account));
    const asset = assets.get(values.asset);
    if (!asset) fault("UnknownAsset", `the asset ${JSON.stringify(values.asset)} is not one of ${CASE_FILE}`);
    const amount = asset && faults.try(TARGETS_FILE, line, () => parseAmount(values.amount, asset.decimals));
    if (account === undefined || asset === undefined || amount === undefined) continue;

    const key = JSON.stringify([values.case, asset.symbol, account]);
    const earlier = lineOf.get(key);
    if (earlier !== undefined) {
      fault(
        "DuplicateTarget",
        `${asset.symbol} of ${account} is a target of ${values.case} already, in line ${earlier}`,
      );
      continue;
    }
    lineOf.set(key, line);

    const before = totals.get(asset.symbol) ?? 0n;
    totals.set(asset.symbol, before + amount);
    if (before <= MAX_AMOUNT && before + amount > MAX_AMOUNT) {
      fault("AmountTooLarge", `the targets of ${asset.symbol} up to here need to sum to less than 2^96 base units`);
    }
    const { platform, group } = values;
    ofCase.push({ asset: asset.symbol, account, amount, platform, group, line });
    if (ofCase.length === MAX_TARGETS_PER_CASE + 1) {
      fault("TooManyTargets", `the case ${values.case} has more than ${MAX_TARGETS_PER_CASE} targets`);
    }
  }
  return targets;
}

function count(cases: readonly Case[], assets: ReadonlyMap<string, Asset>): Totals {
  const targets = cases.flatMap((it) => it.targets);
  const distinct = (values: string[]) => new Set(values.filter((value) => value !== "")).size;
  let usd = { units: 0n, scale: 1n };
  for (const { symbol, decimals, perUsd } of assets.values()) {
    const sum = targets.reduce((total, { asset, amount }) => (asset === symbol ? total + amount : total), 0n);
    const scale = 10n ** BigInt(decimals) * perUsd.units;
    usd = { units: usd.units * scale + sum * perUsd.scale * usd.scale, scale: usd.scale * scale };
  }
  return {
    targets: targets.length,
    cases: cases.length,
    accounts: distinct(targets.map(({ account }) => account)),
    platforms: distinct(targets.map(({ platform }) => platform)),
    groups: distinct(targets.map(({ group }) => group)),
    usd,
  };
}

function checkTotals(totals: Totals, { usd, ...expect }: CaseFile["expect"], at: At): void {
  for (const key of Object.keys(expect) as (keyof typeof expect)[]) {
    const needs = expect[key];
    if (needs === undefined || needs === totals[key]) continue;
    at(["expect", key], "TotalMismatch", `the folder has ${totals[key]} ${key}, expect says ${needs}`);
  }
  if (usd !== undefined && usd.units * totals.usd.scale !== totals.usd.units * usd.scale) {
    const [has, needs] = [totals.usd, usd].map(({ units, scale }) => formatUnits((units * 10n ** 6n) / scale, 6));
    at(["expect", "usd"], "TotalMismatch", `the targets are worth ${has} US dollars, expect says ${needs}`);
  }
}
