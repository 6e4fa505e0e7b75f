import type { Hex, PublicClient } from "viem";
import { EXIT, SequesterError } from "../base/errors.ts";
import { waitAfter, WHILE_IT_LAGS } from "../chain/rpc.ts";
import { BlockUnavailableError, known } from "./known.ts";

/** Which block: its number, or the newest of a kind. */
export type BlockAsked = bigint | "latest" | "finalized";

/** What pins a block: its hash, its number alone does not. */
export interface Pinned {
  readonly number: bigint;
  readonly hash: Hex;
}

/** The same with its second, Unix time. */
export interface BlockAt extends Pinned {
  readonly timestamp: bigint;
}

/**
 * What `work` finds at one block, whose hash `read` tells before and afterwards. Where it is another one then, or what was
 * found contradicts itself, all is asked again.
 * @throws BlockUnavailableError, and what `work` does the last time
 */
export async function pinned<B extends Pinned, T>(
  read: (asked: BlockAsked) => Promise<B>,
  asked: BlockAsked,
  work: (block: B) => Promise<T>,
): Promise<T> {
  // All is asked again where the block is another one at the end, or what is told of it contradicts it.
  for (let attempt = 1; ; attempt++) {
    const block = await read(asked);
    let fault: SequesterError;
    try {
      const found = await work(block);
      const { hash } = await read(block.number);
      if (hash === block.hash) return found;
      fault = new BlockUnavailableError(
        String(block.number),
        `another block than before: ${hash}, and ${block.hash} first`,
      );
    } catch (error) {
      if (!(error instanceof SequesterError) || error.code !== EXIT.verification) throw error;
      fault = error;
    }
    if (attempt === WHILE_IT_LAGS.attempts) throw fault;
    await waitAfter(attempt, WHILE_IT_LAGS);
  }
}

/** A block as a node tells it. */
export const blockOf =
  (client: PublicClient) =>
  (asked: BlockAsked): Promise<BlockAt> =>
    known(
      String(asked),
      client.getBlock(typeof asked === "bigint" ? { blockNumber: asked } : { blockTag: asked }) as Promise<BlockAt>,
    );
