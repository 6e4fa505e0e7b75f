import type { Accounts } from "../transfers.ts";
import type { ListFile } from "./list.ts";

/** Balances before the first transfer: entries = accounts of the map + withoutTransfers. */
export interface ReadOpening {
  /** Base units by account. */
  readonly opening: ReadonlyMap<number, bigint>;
  readonly file: ListFile;
  /** Entries whose account has no transfer, so that they change nothing. */
  readonly withoutTransfers: number;
}

/**
 * Reads opening balances: JSON or CSV of `account,balance` in base units.
 * @throws EntryRefusedError, ListRefusedError, FileAccessError
 */
export function readOpening(file: string, accounts: Accounts): ReadOpening {
  throw new Error(`being written: ${file} ${accounts.size}`);
}
