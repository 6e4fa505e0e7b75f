import { readFileSync } from "node:fs";
import { getAddress } from "viem";
import { parse } from "yaml";
import { rowsOf } from "./files.ts";
import { placeOf, type Row } from "./replay.ts";

/** Addresses below are made by no key. */
const FIRST_WALLET = 2n ** 96n;

/** One entry of a list, whatever it is written in. */
type Entry = Readonly<Record<string, string>>;

/** Stolen units as they are listed: of a transaction's transfer, or of a place in a block. */
export interface SeedEntry {
  readonly tx: string | null;
  readonly block: number | null;
  /** Log or transaction index; null where a transaction has but one transfer. */
  readonly log: number | null;
  /** Null: the whole transfer. */
  readonly amount: bigint | null;
}

/** @param place what orders the transfers of a block: only then does an index say which one is meant. */
export async function readSeeds(file: string, place: string): Promise<SeedEntry[]> {
  return (await entriesOf(file)).map((entry) => {
    const tx = entry.transaction_hash ? entry.transaction_hash.toLowerCase() : null;
    const byLog = place === "log index" ? entry.log_index : undefined;
    return {
      tx,
      block: numberIn(entry.block_number),
      log: numberIn(tx === null && place === "transaction index" ? entry.transaction_index : byLog),
      amount: entry.amount ? BigInt(entry.amount) : null,
    };
  });
}

/** Whether an entry may be about a transfer. */
const fits = (entry: SeedEntry, { block, log }: Pick<Row, "block" | "log">, tx: string | null): boolean =>
  (entry.tx === null || entry.tx === tx) &&
  (entry.block === null || entry.block === block) &&
  (entry.log === null || entry.log === log);

/** The seeds by place. Throws where an entry is about no transfer, or about several. */
export function placeSeeds(entries: readonly SeedEntry[], rows: readonly Row[], late: boolean): Map<string, bigint> {
  const byTx = new Map<string, Row[]>();
  const byPlace = new Map<string, Row>();
  for (const row of rows) {
    byPlace.set(placeOf(row), row);
    if (row.tx !== null) byTx.set(row.tx, [...(byTx.get(row.tx) ?? []), row]);
  }
  const seeds = new Map<string, bigint>();
  for (const entry of entries) {
    const near = entry.tx === null ? [byPlace.get(`${entry.block}/${entry.log}`)] : (byTx.get(entry.tx) ?? []);
    const found = near.filter((row) => row !== undefined && fits(entry, row, row.tx)) as Row[];
    // A seed after the evidence block is about a transfer that was not read.
    if (found.length === 0 && late) continue;
    if (found.length !== 1) throw new Error(`a seed is about ${found.length} transfers: ${entry.tx ?? entry.block}`);
    const [row] = found as [Row];
    const amount = entry.amount ?? row.value;
    if (amount > row.value) throw new Error(`a seed of ${amount} is larger than its transfer of ${row.value}`);
    seeds.set(placeOf(row), amount);
  }
  return seeds;
}

export interface Stop {
  readonly address: string;
  readonly label: string;
}

/** The stops of all lists by address: Ethereum wallets only, of several entries the first. */
export async function readStops(files: readonly string[]): Promise<Map<string, Stop>> {
  const stops = new Map<string, Stop>();
  for (const file of files) {
    for (const { address: text = "", label = "" } of await entriesOf(file)) {
      const address = walletOf(oneLine(text));
      if (address !== undefined && !stops.has(address)) stops.set(address, { address, label: oneLine(label) });
    }
  }
  return stops;
}

/** Lower-case; undefined for what is no wallet of this kind of chain. */
function walletOf(text: string): string | undefined {
  if (!/^0x[0-9a-f]{40}$/i.test(text)) return undefined;
  const lower = text.toLowerCase();
  const isMixed = text.slice(2) !== lower.slice(2) && text.slice(2) !== text.slice(2).toUpperCase();
  if (isMixed && getAddress(lower) !== text) return undefined;
  return BigInt(lower) < FIRST_WALLET ? undefined : lower;
}

export async function readOpening(file: string): Promise<Map<string, bigint>> {
  const entries = await entriesOf(file);
  return new Map(entries.map(({ account = "", balance = "" }) => [account.toLowerCase(), BigInt(balance)]));
}

async function entriesOf(file: string): Promise<Entry[]> {
  const text = readFileSync(file, "utf8").replace(/^\uFEFF/, "");
  if (/^\s*[[{]/.test(text)) {
    const content = JSON.parse(text, asWritten) as Record<string, unknown>[] | TagPack;
    return Array.isArray(content) ? content.map(textsOf) : tagsOf(content);
  }
  // YAML begins with a key, after comments perhaps; CSV with a comma somewhere in its first line.
  if (/^(?:\s|#.*\n|---.*\n)*"?[\w-]+"?:(?:\s|$)/.test(text))
    return tagsOf(parse(text, { schema: "failsafe" }) as TagPack);
  const entries: Entry[] = [];
  let header: string[] | undefined;
  for await (const cells of rowsOf(file)) {
    if (header === undefined) header = cells.map((cell) => cell.trim());
    else entries.push(Object.fromEntries(header.map((name, i) => [name, (cells[i] ?? "").trim()])));
  }
  return entries;
}

interface TagPack {
  readonly label?: string;
  readonly tags: readonly Record<string, string>[];
}

/** Tags with what they inherit from the head of their pack. */
const tagsOf = ({ tags, ...head }: TagPack): Entry[] =>
  tags.map((tag) => ({ ...(head.label === undefined ? {} : { label: head.label }), ...tag }));

/** Numbers with all of their digits: a double would not hold them. */
const asWritten = (_key: string, value: unknown, context?: { source?: string }): unknown =>
  typeof value === "number" ? (context?.source ?? String(value)) : value;

const oneLine = (text: string): string => text.replace(/[\p{Cc}\s]+/gu, " ").trim();

const textsOf = (entry: Record<string, unknown>): Entry =>
  Object.fromEntries(
    Object.entries(entry)
      .filter(([, value]) => value !== null && value !== undefined)
      .map(([key, value]) => [key, String(value as string).trim()]),
  );

const numberIn = (text: string | undefined): number | null => (text === undefined || text === "" ? null : Number(text));
