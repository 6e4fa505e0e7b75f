import {
  AbiDecodingDataSizeTooSmallError,
  AbiDecodingZeroDataError,
  BaseError,
  BlockNotFoundError,
  ContractFunctionZeroDataError,
  createPublicClient,
  custom,
  InvalidBytesBooleanError,
  SizeOverflowError,
  type PublicClient,
} from "viem";
import { EXIT, SequesterError } from "../base/errors.ts";
import { quantityOf } from "./quantity.ts";
import { faultOfAnswer } from "./answers.ts";
import {
  HttpEndpoint,
  MalformedAnswerError,
  NodeRefusedError,
  textOf,
  waitAfter,
  type Endpoint,
  type Patience,
} from "./rpc.ts";

/** Requests at most, so that somebody who waits before a screen soon hears that no node answers. */
const ATTEMPTS = 4;

/** A node that is asked one thing after the other. */
export type Node = Pick<Endpoint, "name" | "call">;

/**
 * The JSON-RPC node at `url`, patient with one that is busy or lags, whose answers have the form that they should have: another
 * form, another block than was asked for, or another chain than before is the node's fault. `chainId`: the chain that it was of before.
 * @throws BadEndpointError
 */
export function nodeAt(url: string, patience: Partial<Patience> = { attempts: ATTEMPTS }, chainId?: number): Node {
  const endpoint = new HttpEndpoint(url, patience);
  const { name } = endpoint;
  let chain: unknown = chainId && quantityOf(chainId);
  const call = async (method: string, params: readonly unknown[]): Promise<unknown> => {
    for (let attempt = 1; ; attempt++) {
      const answer = await endpoint.call(method, params);
      const fault = faultOfAnswer(method, params, answer);
      if (fault === undefined) {
        if (method !== "eth_chainId") return answer;
        chain ??= answer;
        if (answer === chain) return answer;
        throw new MalformedAnswerError(name, method, textOf(answer), `${textOf(chain)}, as before`);
      }
      if (fault.later === undefined) throw new MalformedAnswerError(name, method, textOf(answer), fault.needs);
      if (attempt >= endpoint.patience.attempts) {
        throw new NodeRefusedError(name, method, "lagging", `it does not know ${fault.needs}`, attempt);
      }
      await waitAfter(attempt, endpoint.patience);
    }
  };
  return { name, call };
}

/** A client of the node at `url`, as `nodeAt` has it. @throws BadEndpointError */
export function clientOf(url: string, chainId?: number): PublicClient {
  const node = nodeAt(url, undefined, chainId);
  const request = ({ method, params }: { method: string; params?: readonly unknown[] }) =>
    node.call(method, params ?? []);
  return createPublicClient({ transport: custom({ request }, { retryCount: 0 }), cacheTime: 0 });
}

/** What a client of `clientOf` asks, without viem's words for it. */
export const callsOf = (client: PublicClient): Pick<Node, "call"> => ({
  call: (method, params) => answerOf(client.request({ method, params } as never)),
});

/** The node's answer to a call is nothing that the contract returns. Exit code 5. */
export class UnreadableAnswerError extends SequesterError {
  override name = "UnreadableAnswerError";
  constructor(has: string) {
    super("The node's answer cannot be read.", {
      code: EXIT.node,
      metaMessages: [`has: ${has}`, "needs: what the contract returns: a node that has the block and its state"],
    });
  }
}

/** What viem says of an answer that is none. */
const UNREADABLE = [
  AbiDecodingDataSizeTooSmallError,
  AbiDecodingZeroDataError,
  BlockNotFoundError,
  ContractFunctionZeroDataError,
  InvalidBytesBooleanError,
  SizeOverflowError,
];
/** The same of errors that viem does not export. */
const UNREADABLE_NAMES: readonly string[] = [
  "PositionOutOfBoundsError",
  "NegativeOffsetError",
  "RecursiveReadLimitExceededError",
  "AbiDecodingSizeLimitExceededError",
];

const isUnreadable = (fault: Error): boolean =>
  UNREADABLE.some((it) => fault instanceof it) || UNREADABLE_NAMES.includes(fault.name);

/** An error of a client of `clientOf` as the project's own, where the node is at fault; else as it is. */
export function ownFault(error: unknown): unknown {
  for (let fault = error; fault instanceof Error; fault = fault.cause) {
    if (fault instanceof SequesterError) return fault;
    if (isUnreadable(fault))
      return new UnreadableAnswerError(fault instanceof BaseError ? fault.shortMessage : fault.message);
  }
  return error;
}

/**
 * The answer of a client of `clientOf`, whose errors are the endpoint's own and not viem's around them.
 * @throws NodeRefusedError, NodeUnreachableError, MalformedAnswerError, UnreadableAnswerError
 */
export async function answerOf<T>(answer: Promise<T>): Promise<T> {
  return answer.catch((error: unknown) => {
    throw ownFault(error);
  });
}
