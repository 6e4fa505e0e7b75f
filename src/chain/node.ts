import { createPublicClient, custom, type PublicClient } from "viem";
import { SequesterError } from "../base/errors.ts";
import { HttpEndpoint } from "./rpc.ts";

/** Requests at most, so that somebody who waits before a screen soon hears that no node answers. */
const ATTEMPTS = 4;

/** A client of the JSON-RPC node at `url`, patient with one that is busy. @throws BadEndpointError */
export function clientOf(url: string): PublicClient {
  const endpoint = new HttpEndpoint(url, { attempts: ATTEMPTS });
  const request = ({ method, params }: { method: string; params?: readonly unknown[] }) =>
    endpoint.call(method, params ?? []);
  return createPublicClient({ transport: custom({ request }, { retryCount: 0 }), cacheTime: 0 });
}

/**
 * The answer of a client of `clientOf`, whose errors are the endpoint's own and not viem's around them.
 * @throws NodeRefusedError, NodeUnreachableError, MalformedAnswerError
 */
export async function answerOf<T>(answer: Promise<T>): Promise<T> {
  return answer.catch((error: unknown) => {
    for (let fault = error; fault instanceof Error; fault = fault.cause) {
      if (fault instanceof SequesterError) throw fault;
    }
    throw error;
  });
}
