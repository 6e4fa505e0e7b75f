import { RowRefusedError, TransfersRefusedError } from "./refused.ts";

/** A transfer of a file that does not tell its place in the block. */
export interface Unplaced {
  readonly block: number;
  readonly line: number;
}

/**
 * Places of transfers in their blocks by the order of their files, of which each must go up or down in blocks all the way.
 * Two files cannot have the same block, since nothing tells which of their transfers came first.
 */
export class FileOrder<T extends Unplaced> {
  readonly #place: (transfer: T, place: number) => void;
  /** File of each block that is done. */
  readonly #files = new Map<number, string>();
  #file = "";
  #waiting: T[] = [];
  #goesDown: boolean | undefined;

  constructor(place: (transfer: T, place: number) => void) {
    this.#place = place;
  }

  begin(file: string): void {
    this.#file = file;
    this.#goesDown = undefined;
  }

  /** @throws RowRefusedError, TransfersRefusedError */
  add(transfer: T): void {
    const before = this.#waiting[0]?.block ?? transfer.block;
    if (transfer.block !== before) {
      this.#goesDown ??= transfer.block < before;
      if (transfer.block < before !== this.#goesDown) {
        const needs = "rows in order of the block, since the file does not tell which of one block came first";
        const has = `block ${transfer.block} after block ${before}`;
        throw new RowRefusedError({ file: this.#file, line: transfer.line }, "its block is out of order", has, needs);
      }
      this.#placeWaiting();
    }
    this.#waiting.push(transfer);
  }

  /** The file has no more rows. */
  end(): void {
    this.#placeWaiting();
  }

  #placeWaiting(): void {
    const [first] = this.#waiting;
    if (first === undefined) return;
    const other = this.#files.get(first.block);
    if (other !== undefined) {
      const has = `transfers of block ${first.block} in ${other} and in ${this.#file}`;
      throw new TransfersRefusedError("their order is not known", has, "all transfers of a block in one file");
    }
    this.#files.set(first.block, this.#file);
    if (this.#goesDown) this.#waiting.reverse();
    this.#waiting.forEach((transfer, place) => this.#place(transfer, place));
    this.#waiting = [];
  }
}
