import { readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { makeFolder } from "../../base/files.ts";
import type { Transfers } from "./transfers.ts";
import { AccountTable, ADDRESS_WORDS } from "./accounts.ts";
import { HASH_WORDS, NONE, TransferTable, WIDE_WORDS, type Columns } from "./table.ts";
import { pack, readPacked, writePacked, type Packed, type PackedArray } from "./pack.ts";

/** Rows of a segment. */
export const SEGMENT_ROWS = 1 << 20;

/** What comes before the first segment. */
const START = "0".repeat(64);

interface Header {
  readonly schema: "sequester.transfers/1";
  /** SHA-256 of the segment before. */
  readonly previous: string;
  readonly first: number;
  readonly rows: number;
  /** Which columns the arrays are, in order. */
  readonly columns: readonly string[];
}

/** What a folder of segments is of: written when they are all there. */
interface Index {
  readonly schema: "sequester.transfers/1";
  readonly key: string;
  readonly head: string;
  /** Names of the files that the rows are of; the arrays are each row's line and file, where there are any. */
  readonly files: readonly string[];
}

/** How many accounts, transactions and wide values the rows up to some place refer to. */
interface Extent {
  readonly accounts: number;
  readonly transactions: number;
  readonly wide: number;
}

const ROW_COLUMNS = ["from", "to", "block", "logIndex", "amount", "transaction", "time"] as const;

/**
 * Cuts transfers into segments, each of which is named by the SHA-256 of its rows, of what is new in them and of the segment
 * before: equal hashes mean equal histories up to there.
 */
export class SegmentedTransfers {
  readonly #table: TransferTable;
  readonly #rows: number;
  readonly #extents: Extent[] = [{ accounts: 1, transactions: 0, wide: 0 }];
  readonly #heads: string[] = [START];

  constructor(transfers: Transfers, rows = SEGMENT_ROWS) {
    if (!(transfers instanceof TransferTable)) throw new TypeError("Only transfers of a builder have segments.");
    this.#table = transfers;
    this.#rows = rows;
  }

  /** The hash of all rows before `end`. */
  headAt(end: number): string {
    const full = Math.floor(end / this.#rows);
    while (this.#heads.length <= full) {
      const first = (this.#heads.length - 1) * this.#rows;
      this.#heads.push(pack(this.#segment(first, first + this.#rows)).sha256);
    }
    const first = full * this.#rows;
    return first === end ? (this.#heads[full] as string) : pack(this.#segment(first, end)).sha256;
  }

  /** How many accounts the rows before `end` know; they have the first numbers. */
  accountsAt(end: number): number {
    const full = Math.floor(end / this.#rows);
    return extentOf(this.#table.columns, full * this.#rows, end, this.#extentAt(full)).accounts;
  }

  /**
   * Writes the segments that are not there yet, and removes those of another history.
   * @param key says what the transfers were made from: a hash of the input files.
   */
  write(folder: string, key: string): void {
    const { count } = this.#table;
    makeFolder(folder);
    let number = 0;
    for (let first = 0; first < count; first += this.#rows, number++) {
      const { parts, sha256 } = pack(this.#segment(first, Math.min(count, first + this.#rows)));
      const file = fileOf(folder, number);
      if (readPacked(file)?.sha256 !== sha256) writePacked(file, parts);
      if (first + this.#rows <= count && this.#heads.length === number + 1) this.#heads.push(sha256);
    }
    for (const file of segmentFiles(folder).slice(number)) rmSync(file);
    const { files, line, file } = this.#table.columns;
    const header: Index = { schema: "sequester.transfers/1", key, head: this.headAt(count), files };
    const arrays = line === undefined || file === undefined ? [] : [line, file];
    writePacked(indexOf(folder), pack({ header, arrays }).parts);
  }

  #segment(first: number, end: number): Packed<Header> {
    const { columns } = this.#table;
    const number = first / this.#rows;
    const before = this.#extentAt(number);
    const after = extentOf(columns, first, end, before);
    if (end - first === this.#rows) this.#extents[number + 1] = after;
    const arrays = new Map<string, PackedArray>();
    for (const name of ROW_COLUMNS) {
      const column = columns[name];
      if (column !== undefined) arrays.set(name, column.subarray(first, end));
    }
    const { words } = columns.accounts;
    arrays.set("words", words.subarray(before.accounts * ADDRESS_WORDS, after.accounts * ADDRESS_WORDS));
    arrays.set("wide", columns.wide.subarray(before.wide * WIDE_WORDS, after.wide * WIDE_WORDS));
    arrays.set("hashes", columns.hashes.subarray(before.transactions * HASH_WORDS, after.transactions * HASH_WORDS));
    const header: Header = {
      schema: "sequester.transfers/1",
      previous: this.#heads[number] as string,
      first,
      rows: end - first,
      columns: [...arrays.keys()],
    };
    return { header, arrays: [...arrays.values()] };
  }

  #extentAt(number: number): Extent {
    while (this.#extents.length <= number) {
      const first = (this.#extents.length - 1) * this.#rows;
      this.#extents.push(extentOf(this.#table.columns, first, first + this.#rows, this.#extents.at(-1) as Extent));
    }
    return this.#extents[number] as Extent;
  }
}

/** The transfers that `write` put there with this key; undefined where there are none, or something of them was changed. */
export function readTransfers(folder: string, key: string): Transfers | undefined {
  const index = readPacked<Index>(indexOf(folder));
  if (index?.header.key !== key) return undefined;
  const segments: Map<string, PackedArray>[] = [];
  let previous = START;
  for (const file of segmentFiles(folder)) {
    const segment = readPacked<Header>(file);
    if (segment === undefined || segment.header.previous !== previous) return undefined;
    previous = segment.sha256;
    segments.push(new Map(segment.header.columns.map((name, i) => [name, segment.arrays[i] as PackedArray])));
  }
  return previous === index.header.head ? tableOf(segments, index) : undefined;
}

function tableOf(segments: readonly ReadonlyMap<string, PackedArray>[], index: Packed<Index>): TransferTable {
  const joined = <T extends PackedArray>(name: string, empty: T): T | undefined => {
    const parts = segments.map((arrays) => arrays.get(name) as T | undefined);
    if (parts.some((part) => part === undefined)) return undefined;
    const Kind = empty.constructor as new (length: number) => T;
    const all = new Kind(parts.reduce((sum, part) => sum + part!.length, 0));
    parts.reduce((at, part) => (all.set(part as never, at), at + part!.length), 0);
    return all;
  };
  const words = joined("words", new Uint32Array()) as Uint32Array;
  const zero = new Uint32Array(words.length + ADDRESS_WORDS);
  zero.set(words, ADDRESS_WORDS);
  return new TransferTable({
    accounts: AccountTable.from(zero),
    from: joined("from", new Uint32Array())!,
    to: joined("to", new Uint32Array())!,
    block: joined("block", new Float64Array())!,
    logIndex: joined("logIndex", new Uint32Array())!,
    amount: joined("amount", new Float64Array())!,
    wide: joined("wide", new BigUint64Array())!,
    transaction: joined("transaction", new Uint32Array()),
    hashes: joined("hashes", new Uint32Array())!,
    time: joined("time", new Float64Array()),
    line: index.arrays[0] as Columns["line"],
    file: index.arrays[1] as Columns["file"],
    files: index.header.files,
  });
}

const indexOf = (folder: string) => path.join(folder, "transfers.index");
const fileOf = (folder: string, number: number) => path.join(folder, `${String(number).padStart(6, "0")}.segment`);

function segmentFiles(folder: string): string[] {
  const names = readdirSync(folder).filter((name) => /^\d{6}\.segment$/.test(name));
  return names.sort().map((name) => path.join(folder, name));
}

function extentOf(columns: Columns, first: number, end: number, before: Extent): Extent {
  let { accounts, transactions, wide } = before;
  const { from, to, amount, transaction } = columns;
  for (let row = first; row < end; row++) {
    accounts = Math.max(accounts, from[row]! + 1, to[row]! + 1);
    if (amount[row]! < 0) wide = Math.max(wide, -amount[row]!);
    const number = transaction?.[row] ?? NONE;
    if (number !== NONE) transactions = Math.max(transactions, number + 1);
  }
  return { accounts, transactions, wide };
}
