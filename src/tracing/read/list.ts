/** A list that was read: seeds, stops or opening balances. */
export interface ListFile {
  /** As it was named. */
  readonly path: string;
  /** In hexadecimal without 0x. */
  readonly sha256: string;
  readonly entries: number;
}
