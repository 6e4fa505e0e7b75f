import type { Accounts } from "./accounts.ts";

export { ZERO, type Accounts } from "./accounts.ts";

/** Transfers of one asset in order of (block, log index). A row is the number of a transfer in this order, from 0. */
export interface Transfers {
  readonly count: number;
  readonly accounts: Accounts;
  readonly from: Uint32Array;
  readonly to: Uint32Array;
  readonly block: Float64Array;
  /** Place in the block: the transaction index where the source has no log index. */
  readonly logIndex: Uint32Array;
  /** Values up to 2^53 - 1 base units; a negative number stands for a greater one, which `value` tells. */
  readonly amount: Float64Array;
  /** Whether a value is 2^53 or more. */
  readonly isWide: boolean;
  /** Base units. */
  value(row: number): bigint;
  /** Transaction hash, lower-case; null where the source has none. */
  hash(row: number): string | null;
  /** Unix seconds; null where the source has none. */
  time(row: number): number | null;
  /** Where the row was read, as FILE:LINE; null for one that is of no file. */
  source(row: number): string | null;
  /** The row at a place. */
  find(block: number, logIndex: number): number | undefined;
  /** All rows of each of these transactions, by lower-case hash: in one pass over all rows. */
  rowsOf(hashes: Iterable<string>): Map<string, number[]>;
  /** How many rows are of this block or an earlier one. */
  countTo(block: number): number;
}
