import type { TransferRow } from "../row.ts";
import { HeaderMissingError, headersOf, type Header } from "./headers.ts";
import { NodeRefusedError, type Endpoint } from "./rpc.ts";
import { rowsOfBlock } from "./segment.ts";

interface OverlayBlock {
  readonly header: Header;
  readonly rows: readonly TransferRow[];
}

/** Looks at the chain while it turns, before the tail is left empty until the next time. */
const ATTEMPTS = 3;

/**
 * The transfers of blocks that are not final yet: each kept under its block's hash, in a chain of parents that begins at
 * the last finalized block. What is not in the node's chain any more is dropped; nothing in it is ever made final, for
 * finalized blocks are read anew.
 */
export class Overlay {
  readonly #endpoint: Endpoint;
  readonly #asset: string;
  #blocks: readonly OverlayBlock[] = [];

  constructor(endpoint: Endpoint, asset: string) {
    this.#endpoint = endpoint;
    this.#asset = asset;
  }

  /** The tail's transfers, by block and log index. */
  rows(): TransferRow[] {
    return this.#blocks.flatMap(({ rows }) => rows);
  }

  /** Hashes of the tail's blocks, in order. */
  hashes(): string[] {
    return this.#blocks.map(({ header }) => header.hash);
  }

  /**
   * Makes the tail the chain after the finalized block, up to block `last`.
   * @returns the count of blocks that were dropped because they are in the chain no more.
   */
  async update(finalized: { number: number; hash: string }, last: number): Promise<number> {
    const before = this.#blocks;
    this.#blocks = [];
    this.#blocks = await this.#blocksAfter(finalized, last, before);
    const now = new Set(this.hashes());
    return before.filter(({ header }) => header.number > finalized.number && !now.has(header.hash)).length;
  }

  /** The blocks of the tail; none where the chain turns while they are read. */
  async #blocksAfter(
    finalized: { number: number; hash: string },
    last: number,
    before: readonly OverlayBlock[],
  ): Promise<OverlayBlock[]> {
    const kept = new Map(before.map((block) => [block.header.hash, block]));
    try {
      const blocks: OverlayBlock[] = [];
      for (const header of await this.#chainAfter(finalized, last)) {
        const known = kept.get(header.hash);
        blocks.push(known ?? { header, rows: await rowsOfBlock(this.#endpoint, this.#asset, header) });
      }
      return blocks;
    } catch (error) {
      const isGone = error instanceof NodeRefusedError && error.kind === "lagging";
      if (!isGone && !(error instanceof HeaderMissingError)) throw error;
      return [];
    }
  }

  /** Headers that follow each other from the finalized block on; none where the chain turns at every look. */
  async #chainAfter(finalized: { number: number; hash: string }, last: number): Promise<readonly Header[]> {
    if (last <= finalized.number) return [];
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const headers = await headersOf(this.#endpoint, finalized.number + 1, last);
      const linked = headers.every(({ parentHash }, i) => parentHash === (headers[i - 1]?.hash ?? finalized.hash));
      if (linked) return headers;
    }
    return [];
  }
}
