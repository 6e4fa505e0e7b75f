import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { hashOf } from "./files.ts";
import { ledgerAccounts, LedgerCheck } from "./ledgers.ts";
import { placeSeeds, readOpening, readSeeds, readStops, type Stop } from "./lists.ts";
import { replay, type Case, type Outcome, type Replayed } from "./replay.ts";
import { burnedText, resultText, sinksText } from "./texts.ts";
import { readTransfers } from "./transfers.ts";

/** What is read of manifest.json; the rest is for people. */
interface Manifest {
  readonly schema: string;
  readonly asset: string | null;
  readonly decimals: number | null;
  readonly methods: readonly string[];
  readonly evidence: { readonly block: number };
  readonly inputs: {
    readonly transfers: readonly Input[];
    readonly seeds: Input;
    readonly stops: readonly Input[];
    readonly opening: Input | null;
  };
  readonly place: "log index" | "transaction index" | "order in the file";
  readonly opening: "none" | "clean" | "file";
  readonly transfers: { readonly traced: number };
  readonly seeds: readonly { readonly block: number; readonly logIndex: number; readonly amount: string }[];
  readonly stops: readonly Stop[];
  readonly assumptions: { readonly openings: readonly { readonly account: string; readonly amount: string }[] };
  readonly totals: readonly Readonly<Record<"injected" | "held" | "sinks" | "burned" | "difference", string>>[];
  readonly files: Readonly<Record<string, string>>;
  readonly result: string;
}

interface Input {
  readonly name: string;
  readonly sha256: string;
}

/** Where the inputs lay, as seen from the folder. */
interface Locations {
  readonly transfers: readonly string[];
  readonly seeds: string;
  readonly stops: readonly string[];
  readonly opening: string | null;
}

export interface Verification {
  /** What is not as the evidence says, in sentences. None: everything was found again. */
  readonly differences: readonly string[];
  readonly transfers: number;
  readonly accounts: number;
  readonly ledgers: number;
  readonly methods: readonly string[];
  /** SHA-256 of the result that was computed here; null where it could not be. */
  readonly result: string | null;
}

/**
 * Traces everything once more from the inputs and holds it against a folder of evidence. It shares no code with the trace:
 * plain maps, whole numbers of any size, one transfer after another. Whatever cannot be read is a difference.
 * @param inputs a folder in which inputs are looked for by their names first.
 * @param told says why something could not be read.
 */
export async function verify(
  dir: string,
  inputs?: string,
  told = (error: unknown) => (error as Error).message,
): Promise<Verification> {
  const differences: string[] = [];
  const nothing = { differences, transfers: 0, accounts: 0, ledgers: 0, methods: [], result: null };
  const attempt = async <T>(what: string, work: () => T | Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      differences.push(`${what}: ${told(error)}`);
      return undefined;
    }
  };
  const manifest = await attempt("manifest.json", () => manifestIn(dir));
  if (manifest === undefined) return nothing;
  await attempt("the files", () => checkFiles(dir, manifest, differences));
  const found = await attempt("the inputs", () => inputsOf(dir, manifest, inputs));
  if (found === undefined) return nothing;
  const again = await attempt("the inputs", () => caseOf(dir, manifest, found, differences));
  if (again === undefined) return nothing;
  const { labels, ...input } = again;
  const ledgers = await attempt("the ledgers", () => new LedgerCheck(dir, input.methods, input.stops));
  if (ledgers === undefined) return nothing;
  const replayed = await attempt("the trace", () => replay(input, ledgers.watch));
  if (replayed === undefined) return nothing;
  differences.push(...ledgers.end());
  const texts = {
    "result.csv": resultText(manifest.methods, replayed),
    "sinks.csv": sinksText(manifest.methods, replayed, labels),
    "burned.csv": burnedText(manifest.methods, replayed, input.rows),
  };
  for (const [name, text] of Object.entries(texts)) {
    const has = await attempt(name, () => readFileSync(path.join(dir, name), "utf8"));
    if (has !== undefined && has !== text) differences.push(`${name}: ${firstDifference(has, text)}`);
  }
  checkNumbers(manifest, input, replayed, differences);
  const result = createHash("sha256").update(texts["result.csv"]).digest("hex");
  if (result !== manifest.result) differences.push(`manifest.json: result has ${manifest.result}, needs ${result}`);
  return {
    differences,
    transfers: input.rows.length,
    accounts: replayed.balances.size,
    ledgers: ledgers.count,
    methods: manifest.methods,
    result,
  };
}

function manifestIn(dir: string): Manifest {
  const manifest = JSON.parse(readFileSync(path.join(dir, "manifest.json"), "utf8")) as Manifest;
  if (manifest.schema !== "sequester.trace/1") throw new Error(`the schema ${manifest.schema} is not known`);
  return manifest;
}

/** Files that the manifest cannot know: itself, and where the inputs lay. */
const UNLISTED = new Set(["manifest.json", "inputs.json"]);

function checkFiles(dir: string, { files }: Manifest, differences: string[]): void {
  const listed = readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(dir, path.join(entry.parentPath, entry.name)).split(path.sep).join("/"));
  const there = new Set(listed);
  for (const name of there) {
    if (!UNLISTED.has(name) && !(name in files)) differences.push(`${name}: it is not in the manifest`);
  }
  for (const [name, needs] of Object.entries(files)) {
    const has = there.has(name) ? hashOf(path.join(dir, name)) : "no such file";
    if (has !== needs) differences.push(`${name}: has ${has}, needs SHA-256 ${needs}`);
  }
}

interface Found {
  readonly transfers: readonly string[];
  readonly seeds: string;
  readonly stops: readonly string[];
  readonly opening: string | null;
}

/** The inputs, each with the hash that the manifest says. */
function inputsOf(dir: string, { inputs }: Manifest, folder: string | undefined): Found {
  const lay = JSON.parse(readFileSync(path.join(dir, "inputs.json"), "utf8")) as Locations;
  const find = ({ name, sha256 }: Input, location: string | undefined): string => {
    const places = [
      ...(folder === undefined ? [] : [path.join(folder, name)]),
      ...(location === undefined ? [] : [path.resolve(dir, location)]),
    ];
    const file = places.find((place) => existsSync(place));
    if (file === undefined) throw new Error(`${name} is not found; --inputs FOLDER says where it is`);
    const has = hashOf(file);
    if (has !== sha256) throw new Error(`${name} has SHA-256 ${has}, needs ${sha256}`);
    return file;
  };
  const all = (list: readonly Input[], locations: readonly string[]): string[] =>
    list.map((input, i) => find(input, locations[i]));
  return {
    transfers: all(inputs.transfers, lay.transfers),
    seeds: find(inputs.seeds, lay.seeds),
    stops: all(inputs.stops, lay.stops),
    opening: inputs.opening === null ? null : find(inputs.opening, lay.opening ?? undefined),
  };
}

/** What is to be traced, from the inputs alone; lists that the manifest tells otherwise are differences. */
async function caseOf(dir: string, manifest: Manifest, found: Found, differences: string[]) {
  const { asset, decimals, place, evidence, methods } = manifest;
  const entries = await readSeeds(found.seeds, place);
  const stops = await readStops(found.stops);
  const ledgers = new Set(ledgerAccounts(dir));
  const rows = await readTransfers(found.transfers, {
    asset,
    decimals,
    place,
    at: evidence.block,
    keepsTx: (row, tx) => ledgers.has(row.from) || ledgers.has(row.to) || entries.some((entry) => entry.tx === tx),
  });
  const late = manifest.seeds.filter(({ block }) => block > evidence.block);
  const seeds = placeSeeds(entries, rows, late.length > 0);
  compare(
    "the seeds",
    new Map(
      manifest.seeds
        .filter((seed) => !late.includes(seed))
        .map(({ block, logIndex, amount }) => [`${block}/${logIndex}`, amount]),
    ),
    new Map([...seeds].map(([key, amount]) => [key, String(amount)])),
    differences,
  );
  const labels = (list: Iterable<Stop>) => new Map([...list].map(({ address, label }) => [address, label]));
  compare("the stops", labels(manifest.stops), labels(stops.values()), differences);
  const opening: Case["opening"] =
    manifest.opening === "clean" ? "clean" : found.opening === null ? new Map() : await readOpening(found.opening);
  if ((manifest.opening === "file") !== (found.opening !== null)) {
    differences.push(`manifest.json: the opening is ${manifest.opening}, its file ${found.opening ?? "none"}`);
  }
  return { rows, seeds, stops: new Set(stops.keys()), opening, methods, labels: stops };
}

function checkNumbers(manifest: Manifest, input: Case, replayed: Replayed, differences: string[]): void {
  const { totals, assumptions, transfers } = manifest;
  if (transfers.traced !== input.rows.length) {
    differences.push(`manifest.json: transfers has ${transfers.traced}, needs ${input.rows.length}`);
  }
  compare(
    "the assumed openings",
    new Map(assumptions.openings.map(({ account, amount }) => [account, amount])),
    new Map([...replayed.assumed].map(([account, amount]) => [account, String(amount)])),
    differences,
  );
  for (const [i, method] of input.methods.entries()) {
    const needs = sumsOf(replayed.outcomes[i]!);
    const has = new Map(Object.entries(totals[i] ?? {}).filter(([key]) => needs.has(key)));
    compare(`the totals of ${method}`, has, needs, differences);
    // Poison alone conserves nothing.
    if (method !== "poison" && needs.get("difference") !== "0") {
      differences.push(`${method}: the difference is ${needs.get("difference")}, needs 0`);
    }
  }
}

function sumsOf({ injected, taints, sinks, burned }: Outcome): Map<string, string> {
  const sum = (amounts: ReadonlyMap<string, bigint>) => [...amounts.values()].reduce((a, b) => a + b, 0n);
  const [held, inSinks, redeemed] = [sum(taints), sum(sinks), sum(burned)];
  const sums = { injected, held, sinks: inSinks, burned: redeemed, difference: injected - held - inSinks - redeemed };
  return new Map(Object.entries(sums).map(([key, value]) => [key, String(value)]));
}

function compare(
  what: string,
  has: ReadonlyMap<string, string>,
  needs: ReadonlyMap<string, string>,
  differences: string[],
): void {
  for (const key of new Set([...has.keys(), ...needs.keys()])) {
    if (has.get(key) === needs.get(key)) continue;
    differences.push(`${what}: ${key} has ${has.get(key) ?? "nothing"}, needs ${needs.get(key) ?? "nothing"}`);
  }
}

function firstDifference(has: string, needs: string): string {
  const [own, right] = [has.split("\n"), needs.split("\n")];
  const line = right.findIndex((text, i) => text !== own[i]);
  const at = line < 0 ? right.length : line;
  return `line ${at + 1} has ${own[at] ?? "nothing"}, needs ${right[at] ?? "nothing"}`;
}
