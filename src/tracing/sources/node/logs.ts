import { EXIT, SequesterError } from "../../../base/errors.ts";
import { TRANSFER_TOPIC, type RawLog } from "./decode.ts";
import { quantityOf } from "../../../chain/quantity.ts";
import { suggestedEnd } from "../../../chain/nodeRefusals.ts";
import { MalformedAnswerError, NodeRefusedError, textOf, type Endpoint } from "../../../chain/rpc.ts";

/** The node refuses even one block for its size, which cannot be split. Exit code 5. */
export class BlockTooLargeError extends SequesterError {
  override name = "BlockTooLargeError";
  constructor(endpoint: string, block: string, refused: NodeRefusedError) {
    super(`The node at ${endpoint} does not give the logs of block ${block}, alone as it is.`, {
      code: EXIT.node,
      metaMessages: [`has: ${refused.reason}`, "needs: a node that answers for one block"],
      cause: refused,
    });
  }
}

/** Logs that one request was answered with, for the blocks from `first` to `last`. */
export interface LogAnswer {
  readonly first: number;
  readonly last: number;
  readonly logs: readonly RawLog[];
}

/**
 * The logs of the asset's transfers in the blocks from `first` to `last`, one answer after another without a gap. A range
 * is split where the node says that it is too large, and for no other reason: what failed otherwise is not hidden by
 * asking for less.
 * @throws BlockTooLargeError, MalformedAnswerError, and what the endpoint throws.
 */
export async function logsOfRange(
  endpoint: Endpoint,
  asset: string,
  first: number,
  last: number,
): Promise<LogAnswer[]> {
  try {
    const range = { fromBlock: quantityOf(first), toBlock: quantityOf(last) };
    return [{ first, last, logs: await ask(endpoint, { ...range, ...filterOf(asset) }) }];
  } catch (error) {
    if (!(error instanceof NodeRefusedError) || error.kind !== "size") throw error;
    if (first === last) throw new BlockTooLargeError(endpoint.name, String(first), error);
    const middle = suggestedEnd(error.reason, first, last) ?? Math.floor((first + last) / 2);
    const left = await logsOfRange(endpoint, asset, first, middle);
    return [...left, ...(await logsOfRange(endpoint, asset, middle + 1, last))];
  }
}

/** The logs of the asset's transfers in the block with this hash, and in no other block of its number. */
export async function logsOfBlock(endpoint: Endpoint, asset: string, blockHash: string): Promise<readonly RawLog[]> {
  try {
    return await ask(endpoint, { blockHash, ...filterOf(asset) });
  } catch (error) {
    if (!(error instanceof NodeRefusedError) || error.kind !== "size") throw error;
    throw new BlockTooLargeError(endpoint.name, blockHash, error);
  }
}

const filterOf = (asset: string) => ({ address: asset, topics: [TRANSFER_TOPIC] });

async function ask(endpoint: Endpoint, filter: object): Promise<readonly RawLog[]> {
  const answer = await endpoint.call("eth_getLogs", [filter]);
  const isLog = (log: unknown) => log !== null && typeof log === "object";
  if (!Array.isArray(answer) || !answer.every(isLog)) {
    throw new MalformedAnswerError(endpoint.name, "eth_getLogs", textOf(answer), "a list of logs");
  }
  return answer as RawLog[];
}
