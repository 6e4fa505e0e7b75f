import type { Hex } from "viem";
import { EXIT, SequesterError } from "../base/errors.ts";
import type { Node } from "./node.ts";
import { saysTaken } from "./nodeRefusals.ts";
import { NodeRefusedError, waitAfter, WHILE_IT_LAGS } from "./rpc.ts";

/** A fault in one line: what, and what there was. */
export const inOneLine = ({ shortMessage, metaMessages: [has = ""] }: SequesterError): string =>
  `${shortMessage.replace(/\.$/, "")}: ${has.replace(/^\w+: /, "")}`;

/** What was to take a transaction failed, and may have taken it. Exit code 5. */
export class UnknownOutcomeError extends SequesterError {
  override name = "UnknownOutcomeError";
  constructor(hash: Hex, fault: SequesterError) {
    super("Whether the transaction was sent is not known.", {
      code: EXIT.node,
      metaMessages: [
        `who: ${hash}`,
        `has: ${inOneLine(fault)}`,
        "needs: order status, or the node that knows it; then the same command, which does nothing twice",
      ],
    });
  }
}

/** What took a transaction calls it by another hash than its own: it may be another one. Exit code 5. */
export class OtherTransactionError extends SequesterError {
  override name = "OtherTransactionError";
  constructor(has: Hex, needs: Hex) {
    super("What was to send the transaction answers with the hash of another one.", {
      code: EXIT.node,
      metaMessages: [`has: ${has}`, `needs: ${needs}`],
    });
  }
}

/** A transaction that is signed, and who takes it: the node, or a relay. */
export interface Handed {
  raw: Hex;
  hash: Hex;
  taker: Pick<Node, "call">;
}

/** By which a transaction is handed over; the same one any number of times. */
export const SEND = "eth_sendRawTransaction";

/**
 * Gives a transaction to who takes it. Where that fails, or answers as if there were another one, the node tells whether it has it.
 * @throws NodeRefusedError where nothing was sent; UnknownOutcomeError where nobody knows
 */
export async function handOver({ raw, hash, taker }: Handed, node: Pick<Node, "call">): Promise<void> {
  const fault = await taker.call(SEND, [raw]).then(
    (told) => (told === hash ? undefined : new OtherTransactionError(told as Hex, hash)),
    (error: Error) => error,
  );
  if (fault === undefined) return;
  if (!(fault instanceof SequesterError) || fault.code !== EXIT.node) throw fault;
  const isRefused = fault instanceof NodeRefusedError;
  const isTaken = isRefused && saysTaken(fault.reason);
  // It may have it, and not tell yet.
  for (let attempt = 1; ; attempt++) {
    const known = await isKnown(node, hash);
    if (known === true) return;
    if (isRefused && !isTaken) throw fault;
    if (known === undefined || attempt === WHILE_IT_LAGS.attempts) break;
    await waitAfter(attempt, WHILE_IT_LAGS);
  }
  // By its number alone, it may be another transaction that was before it.
  if (isTaken && !/nonce|replacement/i.test(fault.reason)) return;
  throw isTaken ? fault : new UnknownOutcomeError(hash, fault);
}

/** Whether the node has the transaction; undefined: it does not say. */
const isKnown = (node: Pick<Node, "call">, hash: Hex): Promise<boolean | undefined> =>
  node.call("eth_getTransactionByHash", [hash]).then(
    (told) => told !== null,
    () => undefined,
  );
