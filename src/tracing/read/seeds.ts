import type { Seed } from "../trace.ts";
import type { ReadTransfers } from "./transfers.ts";
import type { ListFile } from "./list.ts";

/** The seeds of a trace: entries = seeds + repeated. */
export interface ReadSeeds {
  /** By row, each row once. */
  readonly seeds: readonly Seed[];
  readonly file: ListFile;
  /** Entries that say again what another entry said. */
  readonly repeated: number;
  /** Seeds that taint nothing, as the transfer is of no value or to its sender; in sentences. */
  readonly withoutEffect: readonly string[];
}

/**
 * Reads seeds, JSON or CSV of `transaction_hash,log_index,amount` or `block_number,transaction_index,amount` (base units; no
 * amount means the whole transfer), and finds their transfers.
 * @throws EntryRefusedError, ListRefusedError, FileAccessError
 */
export function readSeeds(file: string, { transfers, place }: Pick<ReadTransfers, "transfers" | "place">): ReadSeeds {
  throw new Error(`being written: ${file} ${place} ${transfers.count}`);
}
