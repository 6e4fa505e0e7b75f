import type { RowSink, TransferRow } from "../row.ts";
import { headerTagged } from "./headers.ts";
import { FinalizedHeads } from "./heads.ts";
import { BLOCKS_PER_SEGMENT, subjectOf } from "./index.ts";
import { Overlay } from "./overlay.ts";
import type { Endpoint } from "./rpc.ts";
import type { Segment, Subject } from "./segment.ts";
import { SegmentWalk } from "./walk.ts";

/** What one look at the chain brought. */
export interface Advance {
  /** The latest finalized block that was read. */
  readonly finalized: number;
  /** Segments that are new. */
  readonly segments: readonly Segment[];
  /** Transfers after the finalized block, up to the safe one: not evidence, and gone when the chain turns. */
  readonly tail: readonly TransferRow[];
  /** Blocks of the earlier tail that are no longer in the chain. */
  readonly dropped: number;
}

/**
 * Follows an asset: rows of finalized blocks go to the sink once and stay, the safe blocks after them are kept apart. A
 * reorganisation throws parts of the tail away and touches nothing else.
 */
export class Follower {
  readonly #endpoints: readonly Endpoint[];
  readonly #walk: SegmentWalk;
  readonly #overlay: Overlay;
  readonly #sink: RowSink;
  readonly #blocksPerSegment: number;
  readonly #heads: FinalizedHeads;

  private constructor(
    endpoints: readonly Endpoint[],
    subject: Subject,
    { fromBlock, blocksPerSegment = BLOCKS_PER_SEGMENT }: FollowOptions,
    sink: RowSink,
  ) {
    this.#endpoints = endpoints;
    this.#heads = new FinalizedHeads(endpoints);
    this.#walk = new SegmentWalk(endpoints, subject, fromBlock);
    this.#overlay = new Overlay(endpoints[0]!, subject.asset);
    this.#sink = sink;
    this.#blocksPerSegment = blocksPerSegment;
  }

  /** A follower of the asset on the nodes' chain. @throws IndexRefusedError */
  static async of(endpoints: readonly Endpoint[], options: FollowOptions, sink: RowSink): Promise<Follower> {
    return new Follower(endpoints, await subjectOf(endpoints, options.asset), options, sink);
  }

  /**
   * Reads what became final since the last time, and the tail after it.
   * @throws FinalizedHeadWentBackError, FinalizedBlockChangedError, and what reading throws.
   */
  async advance(): Promise<Advance> {
    const finalized = await this.#heads.common();
    const read = this.#walk.segments.length;
    while (this.#walk.next <= finalized) {
      const end = Math.min(finalized, this.#walk.next + this.#blocksPerSegment - 1);
      for (const row of (await this.#walk.readTo(end)).rows) {
        this.#sink.add(row, `block ${row.block}, log ${row.logIndex}`);
      }
    }
    const anchor = this.#walk.segments.at(-1);
    const safe = await headerTagged(this.#endpoints[0]!, "safe");
    const dropped =
      anchor === undefined
        ? 0
        : await this.#overlay.update({ number: anchor.last, hash: anchor.lastHash }, safe?.number ?? anchor.last);
    return { finalized, segments: this.#walk.segments.slice(read), tail: this.#overlay.rows(), dropped };
  }
}

export interface FollowOptions {
  /** Address of the ERC-20 contract. */
  readonly asset: string;
  readonly fromBlock: number;
  /** Blocks in a segment at most; 1,000 unless told. */
  readonly blocksPerSegment?: number;
}
