import { indexTransfers, type Indexed, type IndexOptions } from "./node/indexTransfers.ts";
import { ZERO_ADDRESS } from "../transfers/row.ts";
import { TransfersBuilder } from "../transfers/builder.ts";
import { type Transfers } from "../transfers/transfers.ts";
import { addressOf } from "./cells.ts";
import { readCsv, type FileEnd } from "./csv.ts";
import { knownHeaders, type FormatName } from "./formats.ts";
import { TransferIntake } from "./intake.ts";
import { isParquet, readParquet } from "./parquet.ts";
import type { Place } from "./place.ts";
import { HeaderRefusedError, shown, TransfersRefusedError } from "./refused.ts";

export interface ReadTransfersOptions {
  /** CSV and Parquet files. None where a node is asked. */
  readonly files?: readonly string[] | undefined;
  /** Nodes instead of files; `asset` is needed then. The last block is the latest final one unless told. */
  readonly node?: Pick<IndexOptions, "urls" | "fromBlock" | "toBlock" | "patience" | "onSegment"> | undefined;
  /** The asset's contract, where the files have several. */
  readonly asset?: string | undefined;
  /** Decimals of the asset; needed where the values of a file are decimal. */
  readonly decimals?: number | undefined;
  /** Bytes of a CSV file that are read at a time; any number gives the same. 4 MiB unless told. */
  readonly chunkBytes?: number | undefined;
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

/** Decimals of an asset at most: 10^77 is the greatest power of ten below 2^256. */
const MOST_DECIMALS = 77;

/**
 * Reads all transfers of one asset, from files in any order or from nodes.
 * @throws HeaderRefusedError, RowRefusedError, FileRefusedError, TransfersRefusedError, DuplicateTransferError,
 * FileAccessError, and what indexing throws.
 */
export async function readTransfers(options: ReadTransfersOptions): Promise<ReadTransfers> {
  const { files = [], node, decimals } = options;
  const asset = options.asset === undefined ? undefined : assetOf(options.asset);
  if (decimals !== undefined && !(Number.isInteger(decimals) && decimals >= 0 && decimals <= MOST_DECIMALS)) {
    throw new TransfersRefusedError("the decimals are none", String(decimals), `a whole number, 0 to ${MOST_DECIMALS}`);
  }
  if (files.length > 0 === (node !== undefined)) {
    const has = node === undefined ? "neither files nor a node" : "both files and a node";
    throw new TransfersRefusedError("their source is not clear", has, "either files or a node");
  }
  const read = node === undefined ? await fromFiles(files, { ...options, asset }) : await fromNode(node, asset);
  if (read.transfers.count > 0) return read;
  const has = asset === undefined ? "no row" : `no row of the asset ${asset}`;
  throw new TransfersRefusedError("there is none", has, "one transfer or more");
}

function assetOf(text: string): string {
  const asset = addressOf(text);
  const fault = typeof asset === "string" ? asset : asset.address === ZERO_ADDRESS ? "is the zero address" : undefined;
  if (typeof asset !== "string" && fault === undefined) return asset.address;
  throw new TransfersRefusedError(`the asset ${fault}`, shown(text), "the address of a contract");
}

async function fromNode(
  node: NonNullable<ReadTransfersOptions["node"]>,
  asset: string | undefined,
): Promise<ReadTransfers> {
  if (asset === undefined) {
    throw new TransfersRefusedError("the asset is not known", "a node, which has many", "--asset ADDRESS");
  }
  const builder = new TransfersBuilder();
  const indexed = await indexTransfers({ ...node, asset }, { add: (row) => builder.add(row) });
  const transfers = builder.build();
  return { transfers, asset, place: "log index", files: [], indexed, assumptions: indexed.unproved };
}

async function fromFiles(
  paths: readonly string[],
  { asset, decimals, chunkBytes }: ReadTransfersOptions,
): Promise<ReadTransfers> {
  const builder = new TransfersBuilder();
  const intake = new TransferIntake(builder, { asset, decimals });
  const files: TransferFile[] = [];
  const assumptions: string[] = [];
  const untold: string[] = [];
  for (const path of paths) {
    const container = isParquet(path) ? "parquet" : "csv";
    const end = container === "parquet" ? await parquetInto(intake, path) : csvInto(intake, path, chunkBytes);
    const { format, ...counts } = intake.end();
    files.push({ path, sha256: end.sha256, bytes: end.bytes, format: format.name, container, ...counts });
    if (!intake.tellsAsset) untold.push(path);
    if (format.place === "order in the file") {
      assumptions.push(`${path} does not tell the order of transfers in a block: the order of its rows is taken.`);
    }
    if (end.openEnd !== undefined) {
      assumptions.push(`${path} ends in line ${end.openEnd} without a line break: that row is taken to be whole.`);
    }
  }
  for (const path of intake.asset === null ? [] : untold) {
    assumptions.push(`${path} does not tell its asset: all of its rows are taken to be of ${intake.asset}.`);
  }
  // Files were read, or there was none and it was refused: some place is known.
  return { transfers: builder.build(), asset: intake.asset, place: intake.place!, files, indexed: null, assumptions };
}

function csvInto(intake: TransferIntake, path: string, chunkBytes: number | undefined): FileEnd {
  let hasHeader = false;
  const end = readCsv(
    path,
    (record, line) => {
      if (hasHeader) intake.take(record, line);
      else intake.begin(path, record.texts());
      hasHeader = true;
    },
    chunkBytes,
  );
  if (!hasHeader) throw new HeaderRefusedError(path, [], knownHeaders());
  return end;
}

const parquetInto = (intake: TransferIntake, path: string): Promise<FileEnd> =>
  readParquet(
    path,
    (header) => intake.begin(path, header),
    (record, row) => intake.take(record, row),
  );
