/** One transfer of the asset that is traced, as every source of transfers gives it. */
export interface TransferRow {
  readonly block: number;
  /** Place in the block; the transaction index where the source has no log index. */
  readonly logIndex: number;
  /** Transaction hash, null where the source has none. */
  readonly hash: string | null;
  /** Unix seconds, null where the source has none. */
  readonly time: number | null;
  /** Lower-case address; the zero address in a mint. */
  readonly from: string;
  /** Lower-case address; the zero address in a burn. */
  readonly to: string;
  /** Base units, up to 2^256 - 1. */
  readonly value: bigint;
}

/** Takes transfers one after another, as TransfersBuilder does; `source` says where the row is from. */
export interface RowSink {
  add(row: TransferRow, source?: string): void;
}

/** From and to of mints and burns. */
export const ZERO_ADDRESS = "0x0000000000000000000000000000000000000000";
