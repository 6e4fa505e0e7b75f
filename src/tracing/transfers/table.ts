import type { Transfers } from "./transfers.ts";
import type { AccountTable } from "./accounts.ts";

/** Words of 64 bits in a value that is kept apart, and in a hash. */
export const WIDE_WORDS = 4;
export const HASH_WORDS = 8;

/** No transaction, no file: the row came without. */
export const NONE = 0xffffffff;

/** The columns of a table of transfers, all in order of (block, log index). */
export interface Columns {
  readonly accounts: AccountTable;
  readonly from: Uint32Array<ArrayBuffer>;
  readonly to: Uint32Array<ArrayBuffer>;
  readonly block: Float64Array<ArrayBuffer>;
  readonly logIndex: Uint32Array<ArrayBuffer>;
  /** Values up to 2^53 - 1; of a greater one -1 - its number among the wide ones. */
  readonly amount: Float64Array<ArrayBuffer>;
  /** Four words each, lowest first. */
  readonly wide: BigUint64Array<ArrayBuffer>;
  /** Number of each row's transaction, NONE where there is none; undefined where no row has any. */
  readonly transaction: Uint32Array<ArrayBuffer> | undefined;
  /** Eight big-endian words for each transaction. */
  readonly hashes: Uint32Array<ArrayBuffer>;
  /** Unix seconds, NaN where there is none; undefined where no row has any. */
  readonly time: Float64Array<ArrayBuffer> | undefined;
  /** Line of each row in its file, and the number of the file; undefined where no row has any. */
  readonly line: Uint32Array<ArrayBuffer> | undefined;
  readonly file: Uint32Array<ArrayBuffer> | undefined;
  readonly files: readonly string[];
}

/** Transfers in columns of numbers: some 30 bytes each, and 32 for each transaction. */
export class TransferTable implements Transfers {
  readonly columns: Columns;
  readonly count: number;
  readonly accounts: AccountTable;
  readonly from: Uint32Array;
  readonly to: Uint32Array;
  readonly block: Float64Array;
  readonly logIndex: Uint32Array;
  readonly amount: Float64Array;
  readonly isWide: boolean;

  constructor(columns: Columns) {
    this.columns = columns;
    this.count = columns.from.length;
    this.accounts = columns.accounts;
    this.from = columns.from;
    this.to = columns.to;
    this.block = columns.block;
    this.logIndex = columns.logIndex;
    this.amount = columns.amount;
    this.isWide = columns.wide.length > 0;
  }

  value(row: number): bigint {
    const amount = this.amount[row] as number;
    if (amount >= 0) return BigInt(amount);
    let value = 0n;
    const first = (-1 - amount) * WIDE_WORDS;
    for (let i = WIDE_WORDS - 1; i >= 0; i--) value = (value << 64n) | (this.columns.wide[first + i] as bigint);
    return value;
  }

  hash(row: number): string | null {
    const transaction = this.columns.transaction?.[row] ?? NONE;
    return transaction === NONE ? null : this.#hashOf(transaction);
  }

  time(row: number): number | null {
    const time = this.columns.time?.[row];
    return time === undefined || Number.isNaN(time) ? null : time;
  }

  source(row: number): string | null {
    const { file, line, files } = this.columns;
    const number = file?.[row] ?? NONE;
    return number === NONE ? null : `${files[number]}:${line?.[row]}`;
  }

  find(block: number, logIndex: number): number | undefined {
    const row = this.#firstWhere((i) => this.#isAtOrAfter(i, block, logIndex));
    return this.block[row] === block && this.logIndex[row] === logIndex ? row : undefined;
  }

  rowsOf(hashes: Iterable<string>): Map<string, number[]> {
    const rows = new Map<string, number[]>();
    const sought = new Map<number, Set<string>>();
    for (const hash of hashes) {
      const lower = hash.toLowerCase();
      rows.set(lower, []);
      const head = Number.parseInt(lower.slice(2, 10), 16);
      sought.set(head, (sought.get(head) ?? new Set()).add(lower));
    }
    const { transaction } = this.columns;
    if (transaction === undefined) return rows;
    for (let row = 0; row < this.count; row++) {
      const number = transaction[row] as number;
      if (number === NONE) continue;
      const candidates = sought.get(this.columns.hashes[number * HASH_WORDS] as number);
      if (candidates === undefined) continue;
      const hash = this.#hashOf(number);
      if (candidates.has(hash)) rows.get(hash)?.push(row);
    }
    return rows;
  }

  countTo(block: number): number {
    return this.#firstWhere((i) => (this.block[i] as number) > block);
  }

  #hashOf(transaction: number): string {
    let text = "0x";
    for (let i = 0; i < HASH_WORDS; i++) {
      text += (this.columns.hashes[transaction * HASH_WORDS + i] as number).toString(16).padStart(8, "0");
    }
    return text;
  }

  #isAtOrAfter(row: number, block: number, logIndex: number): boolean {
    const own = this.block[row] as number;
    return own > block || (own === block && (this.logIndex[row] as number) >= logIndex);
  }

  /** The first row of which something is true that stays true; the count of rows where there is none. */
  #firstWhere(isTrue: (row: number) => boolean): number {
    let [low, high] = [0, this.count];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (isTrue(middle)) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
