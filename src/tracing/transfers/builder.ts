import { EXIT, SequesterError } from "../../base/errors.ts";
import type { RowSink, TransferRow } from "./row.ts";
import { AccountTable, ADDRESS_WORDS, digitOf, ZERO } from "./accounts.ts";
import { doubles, longs, words, type Column, type Numbers } from "./column.ts";
import type { Transfers } from "./transfers.ts";
import { HASH_WORDS, NONE, TransferTable, WIDE_WORDS } from "./table.ts";

/** Two transfers are said to be at one place of the chain. Exit code 64. */
export class DuplicateTransferError extends SequesterError {
  override name = "DuplicateTransferError";
  constructor(block: number, logIndex: number, sources: readonly [string, string]) {
    super(`Two transfers are at log index ${logIndex} of block ${block}.`, {
      code: EXIT.usage,
      metaMessages: [`has: ${sources[0]} and ${sources[1]}`, "needs: each transfer once"],
    });
  }
}

/** A transfer that cannot be: a number or an address out of its range. Exit code 64. */
export class BadTransferError extends SequesterError {
  override name = "BadTransferError";
  constructor(source: string, what: string, has: string, needs: string) {
    super(`The transfer at ${source} is none: its ${what} cannot be.`, {
      code: EXIT.usage,
      metaMessages: [`has: ${has}`, `needs: ${needs}`],
    });
  }
}

const MOST_VALUE = 2n ** 256n - 1n;
const LONG = 2n ** 64n - 1n;
const HASH = /^0x[0-9a-f]{64}$/i;
const SOURCE = /^(.*):(\d{1,9})$/s;

/**
 * Gathers transfers, in any order, and puts them in order. A reader that has bytes and not rows gives the numbers of
 * `accounts` to `append`, which makes no text at all; any other one uses `add`.
 */
export class TransfersBuilder implements RowSink {
  /** Gives addresses their numbers. */
  readonly accounts = new AccountTable();
  readonly #from = words();
  readonly #to = words();
  readonly #block = doubles();
  readonly #logIndex = words();
  readonly #amount = doubles();
  readonly #wide = longs();
  readonly #transaction = words();
  readonly #hashes = words();
  readonly #hash = new Uint32Array(HASH_WORDS);
  readonly #time = doubles();
  readonly #line = words();
  readonly #file = words();
  readonly #files = new Map<string, number>();
  #ofFile = NONE;

  get count(): number {
    return this.#from.length;
  }

  /** @param source FILE:LINE. @throws BadTransferError */
  add(row: TransferRow, source?: string): void {
    const { block, logIndex, hash, time, value } = row;
    const refuse = (what: string, has: unknown, needs: string) =>
      new BadTransferError(source ?? `log index ${logIndex} of block ${block}`, what, String(has), needs);
    if (!Number.isSafeInteger(block) || block < 0) throw refuse("block", block, "a whole number");
    if (!Number.isInteger(logIndex) || logIndex < 0 || logIndex >= NONE) {
      throw refuse("log index", logIndex, `a whole number below ${NONE}`);
    }
    if (value < 0n || value > MOST_VALUE) throw refuse("value", value, "0 to 2^256 - 1 base units");
    if (hash !== null && !HASH.test(hash)) throw refuse("transaction hash", hash, "0x and 64 hexadecimal digits");
    const [from, to] = [this.accounts.of(row.from), this.accounts.of(row.to)];
    if (from < 0) throw refuse("from", row.from, "0x and 40 hexadecimal digits");
    if (to < 0) throw refuse("to", row.to, "0x and 40 hexadecimal digits");
    const match = source === undefined ? null : SOURCE.exec(source);
    this.file(match?.[1] ?? source ?? null);
    this.append(block, logIndex, from, to, value, Number(match?.[2] ?? 0), time);
    if (hash !== null) this.hash(hash);
  }

  /** The rows that follow are of this file, or of none. */
  file(name: string | null): void {
    if (name !== null && !this.#files.has(name)) this.#files.set(name, this.#files.size);
    this.#ofFile = name === null ? NONE : (this.#files.get(name) as number);
  }

  /**
   * Adds a transfer whose parts were checked: numbers of `accounts`, a value of 0 to 2^256 - 1 base units (a number below
   * 2^53 is faster than a bigint), the line in the file that was named last. Time in Unix seconds.
   */
  append(
    block: number,
    logIndex: number,
    from: number,
    to: number,
    value: number | bigint,
    line = 0,
    time: number | null = null,
  ): void {
    const row = this.#from.length;
    this.#from.push(from);
    this.#to.push(to);
    this.#block.push(block);
    this.#logIndex.push(logIndex);
    this.#amount.push(typeof value === "number" ? value : this.#amountOf(value));
    if (time !== null) {
      pad(this.#time, row, NaN);
      this.#time.push(time);
    }
    if (this.#ofFile !== NONE) {
      pad(this.#file, row, NONE);
      pad(this.#line, row, 0);
      this.#file.push(this.#ofFile);
      this.#line.push(line);
    }
  }

  /** Transaction hash of the row that was added last: 0x and 64 hexadecimal digits. */
  hash(hash: string): void {
    for (let i = 0, at = 2; i < HASH_WORDS; i++) {
      let word = 0;
      for (const end = at + 8; at < end; at++) word = (word << 4) | digitOf(hash.charCodeAt(at));
      this.#hash[i] = word;
    }
    this.#addHash();
  }

  /** The same, of the 64 hexadecimal digits (no 0x) that begin at `at`; false for what is none. */
  hashDigits(bytes: Uint8Array, at: number): boolean {
    for (let i = 0; i < HASH_WORDS; i++) {
      let word = 0;
      for (const end = at + 8; at < end; at++) {
        const digit = digitOf(bytes[at]);
        if (digit > 15) return false;
        word = (word << 4) | digit;
      }
      this.#hash[i] = word;
    }
    this.#addHash();
    return true;
  }

  /** All transfers in order; the builder is used up. @throws DuplicateTransferError */
  build(): Transfers {
    const count = this.count;
    const takenBlock = this.#block.take();
    const takenIndex = this.#logIndex.take();
    const order = isOrdered(takenBlock, takenIndex) ? undefined : orderOf(takenBlock, takenIndex);
    const sorted = <T extends Float64Array<ArrayBuffer> | Uint32Array<ArrayBuffer>>(column: T): T =>
      order === undefined ? column : (column.map((_, i) => column[order[i] as number] as number) as T);
    const optional = <T extends Numbers>(column: Column<T>, filler: T[number]): T | undefined => {
      if (column.length === 0) return undefined;
      pad(column, count, filler);
      return column.take(order);
    };
    const from = this.#from.take(order);
    const to = this.#to.take(order);
    const amount = this.#amount.take(order);
    const transaction = optional(this.#transaction, NONE);
    let [accounts, wide, hashes] = [this.accounts, this.#wide.take(), this.#hashes.take()];
    if (order !== undefined) {
      accounts = renumberAccounts(from, to, accounts);
      wide = renumberWide(amount, wide);
      if (transaction !== undefined) hashes = renumberTransactions(transaction, hashes);
    }
    const table = new TransferTable({
      accounts,
      from,
      to,
      block: sorted(takenBlock),
      logIndex: sorted(takenIndex),
      amount,
      wide,
      transaction,
      hashes,
      time: optional(this.#time, NaN),
      line: optional(this.#line, 0),
      file: optional(this.#file, NONE),
      files: [...this.#files.keys()],
    });
    refuseRepeated(table);
    return table;
  }

  #amountOf(value: bigint): number {
    if (value <= Number.MAX_SAFE_INTEGER) return Number(value);
    const index = this.#wide.length / WIDE_WORDS;
    for (let i = 0; i < WIDE_WORDS; i++) this.#wide.push((value >> BigInt(64 * i)) & LONG);
    return -1 - index;
  }

  /** Transfers of one transaction mostly follow one another: it is kept once for them. */
  #addHash(): void {
    const row = this.#from.length - 1;
    let transaction = this.#hashes.length / HASH_WORDS - 1;
    if (transaction < 0 || !this.#isHashOf(transaction)) {
      for (let i = 0; i < HASH_WORDS; i++) this.#hashes.push(this.#hash[i] as number);
      transaction += 1;
    }
    pad(this.#transaction, row, NONE);
    this.#transaction.push(transaction);
  }

  #isHashOf(transaction: number): boolean {
    for (let i = 0; i < HASH_WORDS; i++) {
      if (this.#hash[i] !== this.#hashes.at(transaction * HASH_WORDS + i)) return false;
    }
    return true;
  }
}

function pad<T extends Numbers>(column: Column<T>, length: number, filler: T[number]): void {
  while (column.length < length) column.push(filler);
}

/** Gives accounts their numbers in the order in which they come up in the rows, which are changed. */
function renumberAccounts(from: Uint32Array, to: Uint32Array, { words, size }: AccountTable): AccountTable {
  const numbers = new Uint32Array(size).fill(NONE);
  const inOrder = new Uint32Array(words.length);
  let next = 0;
  const numberOf = (old: number): number => {
    if (numbers[old] !== NONE) return numbers[old] as number;
    for (let i = 0; i < ADDRESS_WORDS; i++)
      inOrder[next * ADDRESS_WORDS + i] = words[old * ADDRESS_WORDS + i] as number;
    return (numbers[old] = next++);
  };
  numberOf(ZERO);
  for (let row = 0; row < from.length; row++) {
    from[row] = numberOf(from[row] as number);
    to[row] = numberOf(to[row] as number);
  }
  return AccountTable.from(inOrder.subarray(0, next * ADDRESS_WORDS));
}

/** The same of transactions, as `append` does it: each row's is that of the row before or a new one. */
function renumberTransactions(transaction: Uint32Array, hashes: Uint32Array): Uint32Array<ArrayBuffer> {
  const inOrder = words();
  const isLast = (old: number): boolean => {
    const last = inOrder.length - HASH_WORDS;
    for (let i = 0; i < HASH_WORDS; i++)
      if (last < 0 || inOrder.at(last + i) !== hashes[old * HASH_WORDS + i]) return false;
    return true;
  };
  for (let row = 0; row < transaction.length; row++) {
    const old = transaction[row] as number;
    if (old === NONE) continue;
    if (!isLast(old)) for (let i = 0; i < HASH_WORDS; i++) inOrder.push(hashes[old * HASH_WORDS + i] as number);
    transaction[row] = inOrder.length / HASH_WORDS - 1;
  }
  return inOrder.take();
}

/** The same of the values that are kept apart. */
function renumberWide(amount: Float64Array, all: BigUint64Array): BigUint64Array<ArrayBuffer> {
  const wide = new BigUint64Array(all.length);
  let size = 0;
  for (let row = 0; row < amount.length; row++) {
    if (amount[row]! >= 0) continue;
    const first = (-1 - amount[row]!) * WIDE_WORDS;
    wide.set(all.subarray(first, first + WIDE_WORDS), size * WIDE_WORDS);
    amount[row] = -1 - size++;
  }
  return wide;
}

function refuseRepeated(table: TransferTable): void {
  const { block, logIndex, count } = table;
  for (let row = 1; row < count; row++) {
    if (block[row] !== block[row - 1] || logIndex[row] !== logIndex[row - 1]) continue;
    const [first, second] = [row - 1, row].map((i) => table.source(i) ?? `transaction ${table.hash(i) ?? "unknown"}`);
    throw new DuplicateTransferError(block[row] as number, logIndex[row] as number, [first!, second!]);
  }
}

const DIGIT = 1 << 16;

/**
 * The order of rows by (block, log index): for each place, which row is there; rows of one place stay as they are.
 * Counts digits (radix sort), because comparing ten million rows takes ten times as long.
 */
function orderOf(block: Float64Array, logIndex: Uint32Array): Uint32Array {
  const first = block.reduce((least, number) => Math.min(least, number), Infinity);
  let order = Uint32Array.from({ length: block.length }, (_, i) => i);
  let spare = new Uint32Array(block.length);
  const sortBy = (digitOf: (row: number) => number) => {
    const starts = new Uint32Array(DIGIT + 1);
    for (let row = 0; row < block.length; row++) starts[digitOf(row) + 1]! += 1;
    if (starts.includes(block.length)) return;
    for (let digit = 0; digit < DIGIT; digit++) starts[digit + 1]! += starts[digit]!;
    for (let i = 0; i < order.length; i++) {
      const row = order[i]!;
      spare[starts[digitOf(row)]!++] = row;
    }
    [order, spare] = [spare, order];
  };
  sortBy((row) => logIndex[row]! & (DIGIT - 1));
  sortBy((row) => logIndex[row]! >>> 16);
  for (const scale of [1, 2 ** 16, 2 ** 32, 2 ** 48]) {
    sortBy((row) => Math.floor((block[row]! - first) / scale) % DIGIT);
  }
  return order;
}

/** Whether each row stands after the one before it or at the same place. */
function isOrdered(block: Float64Array, logIndex: Uint32Array): boolean {
  for (let i = 1; i < block.length; i++) {
    if (block[i]! < block[i - 1]! || (block[i] === block[i - 1] && logIndex[i]! < logIndex[i - 1]!)) return false;
  }
  return true;
}
