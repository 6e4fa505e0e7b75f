import { writeTransferRows } from "../transfers/file.ts";
import { readdirSync, writeFileSync, closeSync, openSync } from "node:fs";
import path from "node:path";
import type { Method } from "../methods.ts";
import { plainPass, type Move } from "../engine/plain.ts";
import type { ReadOpening } from "../lists/opening.ts";
import type { ReadSeeds } from "../lists/seeds.ts";
import { stopsByAccount, type ReadStops } from "../lists/stops.ts";
import type { ReadTransfers } from "../sources/transfers.ts";
import { ZERO_ADDRESS } from "../transfers/row.ts";
import type { TraceResult } from "../trace.ts";
import { ZERO, type Transfers } from "../transfers/transfers.ts";
import { sha256OfFile } from "./canonical.ts";
import { flowOf, type Movement } from "./flow.ts";
import { writeWhole } from "./folder.ts";
import { Ledgers } from "./ledger.ts";
import { MANIFEST_FILE, MANIFEST_SCHEMA, manifestText, type Facts, type Manifest } from "./manifest.ts";
import { summaryOf } from "./summary.ts";
import { svgOf } from "./svg.ts";
import { burnedCsv, resultCsv, sinksCsv } from "./tables.ts";
import { totalsOf } from "./totals.ts";
import { countOf } from "../../base/words.ts";

/** A trace with all that it came from. */
export interface EvidenceInput {
  readonly read: ReadTransfers;
  readonly seeds: ReadSeeds;
  readonly stops: ReadStops;
  /** Opening balances: none, as clean as need be, or those of a file. */
  readonly opening: "none" | "clean" | ReadOpening;
  readonly methods: readonly Method[];
  readonly trace: TraceResult;
  /** Of the asset, where it is known. */
  readonly decimals: number | null;
  /** The last block that counts; the last one that is known unless told. */
  readonly at?: number | undefined;
  /** Version of the program. */
  readonly version: string;
  /** Whether ledgers are written; they are unless told. */
  readonly ledgers?: boolean;
}

/**
 * Writes the evidence of a trace to a folder, which must be empty or not yet there; it appears whole or not at all.
 * @param place where the folder will lie, if it is moved when all is written.
 * @throws FolderNotEmptyError, FileAccessError
 */
export async function writeEvidence(dir: string, input: EvidenceInput, place = dir): Promise<Manifest> {
  const { read, seeds, stops, opening } = input;
  let manifest: Manifest | undefined;
  await writeWhole(dir, (part) => {
    const isNode = read.indexed !== null;
    if (isNode) writeTransfers(path.join(part, TRANSFERS_FILE), read.transfers);
    writeTables(part, input);
    const ledgers = writePaths(part, input);
    const facts = factsOf(input, isNode ? transfersOfNode(part, read) : undefined);
    writeFileSync(path.join(part, "summary.txt"), summaryOf(facts));
    manifest = { ...facts, files: hashesOf(part, ledgers), result: sha256OfFile(path.join(part, "result.csv")) };
    writeFileSync(path.join(part, MANIFEST_FILE), manifestText(manifest));
    const locations = {
      transfers: isNode ? [path.join(place, TRANSFERS_FILE)] : read.files.map((file) => file.path),
      seeds: seeds.file.path,
      stops: stops.files.map((file) => file.path),
      opening: typeof opening === "string" ? null : opening.file.path,
    };
    writeFileSync(path.join(part, LOCATIONS_FILE), locationsText(place, locations));
  });
  return manifest as Manifest;
}

function writeTables(dir: string, { read: { transfers }, stops, trace }: EvidenceInput): void {
  const byAccount = stopsByAccount(stops.stops, transfers.accounts);
  writeFileSync(path.join(dir, "result.csv"), resultCsv(transfers, trace));
  writeFileSync(path.join(dir, "sinks.csv"), sinksCsv(transfers, trace, byAccount));
  writeFileSync(path.join(dir, "burned.csv"), burnedCsv(transfers, trace));
}

/**
 * Ledgers and the picture, by a second pass over the rows of the accounts that the first one found; answers the hashes of
 * the ledgers by their names.
 */
function writePaths(dir: string, input: EvidenceInput): Map<string, string> {
  const { read, methods, trace, decimals } = input;
  const { transfers, asset } = read;
  const byAccount = stopsByAccount(input.stops.stops, transfers.accounts);
  const stops = new Set(byAccount.keys());
  const count = countAt(transfers, input.at);
  const seeds = new Map(input.seeds.seeds.map(({ row, amount }) => [row, amount]));
  const robbed = [...seeds.keys()].filter((row) => row < count).map((row) => transfers.from[row]!);
  const touched = new Set([...trace.methods.flatMap((method) => [...method.touched]), ...robbed]);
  touched.delete(ZERO);
  const openings = openingsOf(input);
  const ledgers =
    input.ledgers === false
      ? undefined
      : new Ledgers(dir, { transfers, methods, accounts: difference(touched, stops), stops, openings });
  const movements: Movement[] = [];
  const note = ({ row, arrived }: Move) => {
    if (arrived === 0n) return;
    const { accounts, block, from, to } = transfers;
    movements.push({
      from: accounts.address(from[row]!),
      to: accounts.address(to[row]!),
      taint: arrived,
      block: block[row]!,
    });
  };
  const reached = trace.methods.flatMap(({ sinks }) => [...sinks.keys()]);
  plainPass({
    transfers,
    seeds,
    stops,
    openings,
    methods,
    count,
    accounts: new Set([...touched, ...reached]),
    observe(move) {
      ledgers?.add(move);
      if (move.method === methods[0]) note(move);
    },
  });
  const [first] = trace.methods;
  const flow = flowOf({
    movements,
    held: (address) => first?.taintOf(transfers.accounts.find(address) as number) ?? 0n,
    sinks: new Map([...byAccount.values()].map(({ address, label }) => [address, label])),
    zero: ZERO_ADDRESS,
  });
  const block = evidenceOf(read, input.at).block;
  writeFileSync(path.join(dir, "flow.svg"), svgOf(flow, { method: methods[0]!, asset, decimals, block }));
  return ledgers?.close() ?? new Map<string, string>();
}

function openingsOf({ opening, trace }: EvidenceInput): ReadonlyMap<number, bigint> {
  if (opening === "clean") return trace.assumed;
  return opening === "none" ? new Map() : opening.opening;
}

/** What a manifest of a trace says of everything but the files that would be written. */
export function factsOf(input: EvidenceInput, files = transfersOfFiles(input.read)): Facts {
  const { read, seeds, stops, opening, methods, trace, decimals, at, version } = input;
  const { transfers, indexed } = read;
  const { accounts } = transfers;
  const count = countAt(transfers, at);
  const late = seeds.seeds.filter(({ row }) => row >= count).length;
  return {
    schema: MANIFEST_SCHEMA,
    tool: { name: "sequester", version },
    asset: read.asset,
    decimals,
    methods: [...methods],
    evidence: evidenceOf(read, at),
    inputs: {
      transfers: files,
      seeds: { ...listOf(seeds.file), repeated: seeds.repeated },
      stops: stops.files.map(({ kept, notAddresses, notWallets, duplicates, date, ...file }) => ({
        ...listOf(file),
        kept,
        notAddresses,
        notWallets,
        duplicates,
        date,
      })),
      opening:
        typeof opening === "string" ? null : { ...listOf(opening.file), withoutTransfers: opening.withoutTransfers },
      node:
        indexed === null
          ? null
          : {
              chainId: indexed.chainId,
              fromBlock: indexed.fromBlock,
              toBlock: indexed.toBlock,
              segments: indexed.segments.map(({ sha256 }) => sha256),
              repaired: indexed.repaired,
            },
    },
    place: read.place,
    transfers: { traced: count, read: transfers.count, accounts: accounts.size - 1 },
    opening: typeof opening === "string" ? opening : "file",
    seeds: seeds.seeds.map(({ row, amount }) => ({
      block: transfers.block[row]!,
      logIndex: transfers.logIndex[row]!,
      transaction: transfers.hash(row),
      from: accounts.address(transfers.from[row]!),
      to: accounts.address(transfers.to[row]!),
      amount: String(amount),
    })),
    stops: stops.stops.map(({ address, label, kind, source, date }) => ({ address, label, kind, source, date })),
    assumptions: {
      statements: [
        ...[...read.assumptions, ...seeds.withoutEffect, ...stops.doubtful].map((text) => namesOnly(text, input)),
        ...(late > 0 ? [`Later than the evidence block, and so without effect: ${countOf(late, "seed")}.`] : []),
      ],
      openings: [...trace.assumed]
        .map(([account, amount]) => ({ account: accounts.address(account), amount: String(amount) }))
        .sort((a, b) => (a.account < b.account ? -1 : 1)),
    },
    totals: trace.methods.map(totalsOf).map(({ method, conserves, accounts: holders, ...amounts }) => ({
      method,
      conserves,
      accounts: holders,
      injected: String(amounts.injected),
      held: String(amounts.held),
      sinks: String(amounts.sinks),
      burned: String(amounts.burned),
      difference: String(amounts.difference),
    })),
  };
}

/** A sentence with names of files instead of where they lie: the same inputs have the same manifest anywhere. */
function namesOnly(text: string, { read, seeds, stops }: EvidenceInput): string {
  const paths = [...read.files, seeds.file, ...stops.files].map((file) => file.path);
  return paths.reduce((words, file) => words.replaceAll(file, path.basename(file)), text);
}

const listOf = (file: { path: string; sha256: string; entries: number }) => ({
  name: path.basename(file.path),
  sha256: file.sha256,
  entries: file.entries,
});

const transfersOfFiles = ({ files }: ReadTransfers): Manifest["inputs"]["transfers"] =>
  files.map(({ path: file, sha256, rows, format, otherAssets }) => ({
    name: path.basename(file),
    sha256,
    entries: rows,
    format,
    otherAssets,
  }));

const transfersOfNode = (dir: string, { transfers }: ReadTransfers): Manifest["inputs"]["transfers"] => [
  {
    name: TRANSFERS_FILE,
    sha256: sha256OfFile(path.join(dir, TRANSFERS_FILE)),
    entries: transfers.count,
    format: "sequester",
    otherAssets: 0,
  },
];

const countAt = (transfers: Transfers, at: number | undefined): number =>
  at === undefined ? transfers.count : transfers.countTo(at);

/** Files tell nothing of blocks after their last transfer, whatever was asked for. */
function evidenceOf({ transfers, indexed }: ReadTransfers, at: number | undefined): Manifest["evidence"] {
  const last = indexed?.toBlock ?? transfers.block[transfers.count - 1] ?? 0;
  const block = Math.min(at ?? last, last);
  const row = countAt(transfers, block) - 1;
  return {
    block,
    hash: indexed?.toBlock === block ? indexed.toHash : null,
    time: row >= 0 && transfers.block[row] === block ? transfers.time(row) : null,
  };
}

function difference(all: ReadonlySet<number>, without: ReadonlySet<number>): Set<number> {
  return new Set([...all].filter((account) => !without.has(account)));
}

/** The hashes of all files; those of ledgers are known from their writing. */
function hashesOf(dir: string, ledgers: ReadonlyMap<string, string>): Record<string, string> {
  const files = readdirSync(dir, { withFileTypes: true }).flatMap((entry) => (entry.isFile() ? [entry.name] : []));
  const hashes = files.map((file): [string, string] => [file, sha256OfFile(path.join(dir, file))]);
  return Object.fromEntries([...hashes, ...ledgers].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Where the inputs lay when the evidence was written: no part of the evidence, which knows them by their hashes. */
const LOCATIONS_FILE = "inputs.json";
const LOCATIONS_SCHEMA = "sequester.trace.inputs/1";

interface Locations {
  readonly transfers: readonly string[];
  readonly seeds: string;
  readonly stops: readonly string[];
  readonly opening: string | null;
}

/** The text of the file, with paths as seen from the folder of the evidence. */
function locationsText(dir: string, { transfers, seeds, stops, opening }: Locations): string {
  const seen = (file: string) => path.relative(path.resolve(dir), path.resolve(file)).split(path.sep).join("/");
  const content = {
    schema: LOCATIONS_SCHEMA,
    transfers: transfers.map(seen),
    seeds: seen(seeds),
    stops: stops.map(seen),
    opening: opening === null ? null : seen(opening),
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}

/** Transfers that were read from a node are part of the evidence: there is no file of them elsewhere. */
const TRANSFERS_FILE = "transfers.csv";

/** Writes all transfers as CSV in our own columns. */
function writeTransfers(file: string, transfers: Transfers): void {
  const out = openSync(file, "wx");
  try {
    writeTransferRows(out, rowsOf(transfers));
  } finally {
    closeSync(out);
  }
}

function* rowsOf(transfers: Transfers) {
  const { accounts, block, logIndex, from, to, count } = transfers;
  for (let row = 0; row < count; row++) {
    yield {
      block: block[row]!,
      logIndex: logIndex[row]!,
      hash: transfers.hash(row),
      from: accounts.address(from[row]!),
      to: accounts.address(to[row]!),
      value: transfers.value(row),
    };
  }
}
