import type { Accounts } from "../transfers.ts";
import type { ListFile } from "./list.ts";

/** A service at which a trace stops. */
export interface Stop {
  /** Lower-case address. */
  readonly address: string;
  /** One line of text as it was published: to be guarded wherever it is written. */
  readonly label: string;
  readonly kind: string;
  readonly source: string;
  /** As published; empty where it is not known. */
  readonly date: string;
}

/** A list of stops, and what became of its entries: entries = kept + notAddresses + notWallets + duplicates. */
export interface StopFile extends ListFile {
  readonly kept: number;
  /** Of other chains, or with a wrong checksum. */
  readonly notAddresses: number;
  /** Below 2^96: the zero address, precompiles and slips of the pen. */
  readonly notWallets: number;
  /** In this list or an earlier one already; the first entry counts. */
  readonly duplicates: number;
  /** The date of the whole list, where it tells one. */
  readonly date: string;
}

export interface ReadStops {
  /** Each address once, in order of the address. */
  readonly stops: readonly Stop[];
  readonly files: readonly StopFile[];
}

/**
 * Reads lists of stops: JSON or CSV of `address,label,kind,source,date`, or GraphSense TagPacks as published.
 * @throws EntryRefusedError, ListRefusedError, FileAccessError
 */
export function readStops(files: readonly string[]): ReadStops {
  throw new Error(`being written: ${files.join()}`);
}

/** The stops that have transfers, by account. */
export function stopsByAccount(stops: readonly Stop[], accounts: Accounts): ReadonlyMap<number, Stop> {
  const found = new Map<number, Stop>();
  for (const stop of stops) {
    const account = accounts.find(stop.address);
    if (account !== undefined) found.set(account, stop);
  }
  return found;
}
