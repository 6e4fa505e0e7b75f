import { BaseError, BlockNotFoundError, ContractFunctionZeroDataError } from "viem";
import { EXIT, SequesterError } from "../base/errors.ts";
import { ownFault } from "../chain/node.ts";
import { NodeRefusedError } from "../chain/rpc.ts";

/** The node does not know the block, or has forgotten its state. Exit code 5. */
export class BlockUnavailableError extends SequesterError {
  override name = "BlockUnavailableError";
  constructor(block: string, has: string) {
    super(`The node cannot prove what stood at block ${block}.`, {
      code: EXIT.node,
      metaMessages: [`has: ${has}`, "needs: a node that keeps the state of this block (an archive node for old ones)"],
    });
  }
}

/** What a node answers that has the block and its state. @throws BlockUnavailableError, NodeRefusedError */
export const known = <T>(block: string, answer: Promise<T>): Promise<T> =>
  answer.catch((fault: unknown) => {
    if (fault instanceof BlockNotFoundError) throw new BlockUnavailableError(block, fault.shortMessage);
    // A node without the state of the block may answer as if nobody were at the address.
    if (fault instanceof BaseError && fault.walk((it) => it instanceof ContractFunctionZeroDataError) !== null) {
      throw new BlockUnavailableError(block, "an answer without data");
    }
    const error = ownFault(fault);
    const gone = error instanceof NodeRefusedError && (error.kind === "state" || error.kind === "lagging");
    throw gone ? new BlockUnavailableError(block, error.reason) : error;
  });
