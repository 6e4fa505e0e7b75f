import { TransactionReceiptNotFoundError, type Hex, type PublicClient, type TransactionReceipt } from "viem";
import { answerOf } from "../../chain/node.ts";
import { inOneLine, SEND, type Handed } from "../../chain/handing.ts";
import { EXIT, SequesterError } from "../../base/errors.ts";

/** A transaction that was sent and is not in a block after all that time, or whose block the node does not tell. Exit code 5. */
export class NotMinedError extends SequesterError {
  override name = "NotMinedError";
  constructor(who: string, has?: string) {
    super("The transaction was sent, and is in no block yet.", {
      code: EXIT.node,
      metaMessages: [
        `who: ${who}`,
        ...(has === undefined ? [] : [`has: ${has}`]),
        "needs: time; then order status, and the same command without what is used",
      ],
    });
  }
}

/** Milliseconds that a transaction is waited for; between two looks; after which it is sent again, in case it was lost. */
const [LONGEST_MS, LOOK_MS, AGAIN_MS] = [10 * 60_000, 500, 30_000];

/**
 * The receipt of a transaction under so many blocks, its own among them, and the second of its block, which the chain has still.
 * What waits long is sent again: it is the same one, and no node does it twice.
 * @throws NotMinedError
 */
export async function minedOf(
  { raw, hash, taker }: Handed,
  client: PublicClient,
  confirmations: number,
): Promise<{ receipt: TransactionReceipt; timestamp: bigint }> {
  const looks = LONGEST_MS / LOOK_MS;
  for (let look = 1; look <= looks; look++) {
    const found = await answerOf(lookFor(client, hash, confirmations)).catch((fault: unknown) => {
      if (!(fault instanceof SequesterError) || fault.code !== EXIT.node) throw fault;
      throw new NotMinedError(hash, inOneLine(fault));
    });
    if (found !== undefined) return found;
    if (look % (AGAIN_MS / LOOK_MS) === 0) await taker.call(SEND, [raw]).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  throw new NotMinedError(hash);
}

/** One look; undefined: not yet, or in a block that the chain does not have any more. */
async function lookFor(client: PublicClient, hash: Hex, confirmations: number) {
  const receipt = await client.getTransactionReceipt({ hash }).catch((fault: unknown) => {
    if (fault instanceof TransactionReceiptNotFoundError) return undefined;
    throw fault;
  });
  if (receipt === undefined) return undefined;
  const newest = await client.getBlockNumber({ cacheTime: 0 });
  if (newest - receipt.blockNumber + 1n < BigInt(confirmations)) return undefined;
  const block = await client.getBlock({ blockNumber: receipt.blockNumber });
  return block.hash === receipt.blockHash ? { receipt, timestamp: block.timestamp } : undefined;
}
