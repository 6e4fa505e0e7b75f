import { EXIT, SequesterError } from "../../../base/errors.ts";
import { numberOfQuantity, quantityOf, wordOf } from "../../../chain/quantity.ts";
import { MalformedAnswerError, textOf, waitAfter, type Endpoint } from "../../../chain/rpc.ts";

/** What is needed of a block's header. */
export interface Header {
  readonly number: number;
  readonly hash: string;
  readonly parentHash: string;
  /** Unix seconds. */
  readonly time: number;
  /** 256 bytes in lower-case hexadecimal, with 0x. */
  readonly logsBloom: string;
}

/** The node does not have a block that it must have. Exit code 5. */
export class HeaderMissingError extends SequesterError {
  override name = "HeaderMissingError";
  constructor(endpoint: string, block: string) {
    super(`The node at ${endpoint} does not have block ${block}.`, {
      code: EXIT.node,
      metaMessages: ["has: no such block, each time it was asked", "needs: every block up to its finalized one"],
    });
  }
}

/** Two blocks that follow each other by number do not follow by hash. Exit code 5. */
export class BrokenHeaderChainError extends SequesterError {
  override name = "BrokenHeaderChainError";
  constructor(endpoint: string, header: Header, parent: string) {
    super(`The blocks of the node at ${endpoint} are no chain at block ${header.number}.`, {
      code: EXIT.node,
      metaMessages: [
        `has: the parent ${header.parentHash}`,
        `needs: ${parent}, the hash of block ${header.number - 1}`,
      ],
    });
  }
}

const BLOOM = /^0x[0-9a-f]{512}$/;
/** The headers of the blocks from `first` to `last`, both included. @throws HeaderMissingError, MalformedAnswerError */
export async function headersOf(endpoint: Endpoint, first: number, last: number): Promise<Header[]> {
  const params = Array.from({ length: last - first + 1 }, (_, i) => [quantityOf(first + i), false]);
  const answers = await endpoint.callAll("eth_getBlockByNumber", params);
  const headers: Header[] = [];
  for (const [i, answer] of answers.entries()) {
    const header = await certainly(endpoint, String(first + i), answer, params[i]!);
    if (header.number !== first + i) throw wrongNumber(endpoint, header.number, first + i);
    headers.push(header);
  }
  return headers;
}

/** The header of the block with a tag; undefined where the node knows no such block. @throws MalformedAnswerError */
export async function headerTagged(endpoint: Endpoint, tag: "finalized" | "safe"): Promise<Header | undefined> {
  const answer = await endpoint.call("eth_getBlockByNumber", [tag, false]);
  return answer === null ? undefined : headerIn(endpoint, answer);
}

/** Checks that each header is the parent of the next, and the first one's parent where it is known. @throws BrokenHeaderChainError */
export function checkChain(endpoint: Endpoint, headers: readonly Header[], parent: string | undefined): void {
  let before = parent;
  for (const header of headers) {
    if (before !== undefined && header.parentHash !== before)
      throw new BrokenHeaderChainError(endpoint.name, header, before);
    before = header.hash;
  }
}

/** A node in a pool may lag behind the one that told of the head. */
async function certainly(
  endpoint: Endpoint,
  block: string,
  answer: unknown,
  params: readonly unknown[],
): Promise<Header> {
  let has = answer;
  for (let attempt = 1; has === null; attempt++) {
    if (attempt === endpoint.patience.attempts) throw new HeaderMissingError(endpoint.name, block);
    await waitAfter(attempt, endpoint.patience);
    has = await endpoint.call("eth_getBlockByNumber", params);
  }
  return headerIn(endpoint, has);
}

function headerIn(endpoint: Endpoint, answer: unknown): Header {
  const fields = (answer ?? {}) as Record<string, unknown>;
  const number = numberOfQuantity(fields.number);
  const hash = wordOf(fields.hash);
  const parentHash = wordOf(fields.parentHash);
  const time = numberOfQuantity(fields.timestamp);
  const logsBloom = typeof fields.logsBloom === "string" ? fields.logsBloom.toLowerCase() : "";
  const whole = number !== undefined && hash !== undefined && parentHash !== undefined && time !== undefined;
  if (!whole || !BLOOM.test(logsBloom)) {
    throw new MalformedAnswerError(endpoint.name, "eth_getBlockByNumber", textOf(answer), "a block of a chain");
  }
  return { number, hash, parentHash, time, logsBloom };
}

const wrongNumber = (endpoint: Endpoint, has: number, needs: number) =>
  new MalformedAnswerError(endpoint.name, "eth_getBlockByNumber", `block ${has}`, `block ${needs}`);
