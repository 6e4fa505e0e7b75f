import type { Indexed, IndexOptions } from "../node/index.ts";
import type { Transfers } from "../transfers.ts";
import type { FormatName } from "./formats.ts";
import type { Place } from "./place.ts";

export interface ReadTransfersOptions {
  /** CSV and Parquet files. None where a node is asked. */
  readonly files?: readonly string[];
  /** Nodes instead of files; `asset` is needed then. The last block is the latest final one unless told. */
  readonly node?: Pick<IndexOptions, "urls" | "fromBlock" | "toBlock" | "patience" | "onSegment">;
  /** The asset's contract, where the files have several. */
  readonly asset?: string;
  /** Decimals of the asset; needed where the values of a file are decimal. */
  readonly decimals?: number;
}

/** A file of transfers, and what became of its rows: rows = taken + otherAssets. */
export interface TransferFile {
  /** As it was named. */
  readonly path: string;
  /** In hexadecimal without 0x. */
  readonly sha256: string;
  readonly bytes: number;
  readonly format: FormatName;
  readonly container: "csv" | "parquet";
  readonly rows: number;
  readonly taken: number;
  /** Rows of other assets than the one that is traced. */
  readonly otherAssets: number;
}

/** All transfers of one asset, and where they are from. */
export interface ReadTransfers {
  readonly transfers: Transfers;
  /** Lower-case address; null where neither the files nor the options tell it. */
  readonly asset: string | null;
  readonly place: Place;
  readonly files: readonly TransferFile[];
  /** What was read from a node, with its proofs; null where files were read. */
  readonly indexed: Indexed | null;
  /** What had to be taken for granted, in sentences; a report must show them. */
  readonly assumptions: readonly string[];
}

/**
 * Reads all transfers of one asset, from files in any order or from nodes.
 * @throws HeaderRefusedError, RowRefusedError, TransfersRefusedError, DuplicateTransferError, FileAccessError, and what indexing throws.
 */
export async function readTransfers(options: ReadTransfersOptions): Promise<ReadTransfers> {
  throw new Error(`being written: ${JSON.stringify(options)}`);
}
