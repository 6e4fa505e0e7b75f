import type { PublicClient } from "viem";
import { EXIT, SequesterError } from "../base/errors.ts";
import { waitAfter, WHILE_IT_LAGS } from "../chain/rpc.ts";
import type { Deployment } from "../chain/deployments.ts";
import { JournalBrokenError, verifyChain } from "./chain.ts";
import { readEntries, readHead, type Entry, type Head } from "./entries.ts";
import type { JournalIndex } from "./store.ts";

/** A node tells a whole journal, and that the docket stands elsewhere, each time it is asked. Exit code 5. */
export class JournalBehindError extends SequesterError {
  override name = "JournalBehindError";
  constructor({ shortMessage, metaMessages }: JournalBrokenError) {
    super("The node contradicts itself about where the journal ends.", {
      code: EXIT.node,
      metaMessages: [`who: ${shortMessage}`, ...metaMessages, "a node that lags does so: ask it later, or another one"],
    });
  }
}

/** A journal's fault, as the node's where one that lags would tell the same. */
export const unlessBehind = (fault: unknown): unknown =>
  fault instanceof JournalBrokenError && fault.isBehind ? new JournalBehindError(fault) : fault;

/** What is known already of a journal. */
export type Known = Pick<JournalIndex, "last" | "entries" | "append" | "clear">;

/** A journal that is complete: its hashes lead to the head. */
export interface Journal {
  readonly entries: Entry[];
  readonly head: Head;
}

/**
 * The journal of a deployment up to a block, complete: its hashes lead to the head that the docket stores there.
 * @throws JournalBrokenError where it still does not when it was asked for again; JournalBehindError where a lag explains it
 */
export async function readJournal(client: PublicClient, deployment: Deployment, toBlock: bigint): Promise<Journal> {
  // A journal that does not lead to the docket's head is asked for again: a node that lags is no thief.
  for (let attempt = 1; ; attempt++) {
    try {
      return await journalAt(client, deployment, toBlock);
    } catch (error) {
      if (!(error instanceof JournalBrokenError) || attempt === WHILE_IT_LAGS.attempts) throw unlessBehind(error);
      await waitAfter(attempt, WHILE_IT_LAGS);
    }
  }
}

/**
 * The same, asked for once. What an index has is not asked of the node again; where the docket's head says that it is of another history, it is
 * dropped, and all is read.
 * @throws JournalBrokenError
 */
export async function journalAt(
  client: PublicClient,
  deployment: Deployment,
  toBlock: bigint,
  index?: Known,
): Promise<Journal> {
  const { chainId, addresses, block } = deployment;
  const { docket } = addresses;
  const head = await readHead(client, docket, toBlock);
  const last = index?.last(head.entries);
  const old = last === undefined ? [] : [...index!.entries(last.seq)];
  const fromBlock = last?.blockNumber ?? BigInt(block);
  // One that is of a later block is of another chain: nobody is asked for what came since.
  const isAll = last !== undefined && (last.seq === head.entries || fromBlock > toBlock);
  const read = isAll ? [] : await readEntries(client, docket, { fromBlock, toBlock });
  // The block of the newest that is known may have more.
  const entries = [...old, ...(last === undefined ? read : read.filter(({ seq }) => seq > last.seq))];
  try {
    verifyChain(entries, { chainId, docket, stored: head });
  } catch (error) {
    if (last === undefined || !(error instanceof JournalBrokenError)) throw error;
    // Whose fault it was, the node's whole journal tells.
    const whole = await journalAt(client, deployment, toBlock);
    index!.clear();
    await keep(client, index!, whole.entries);
    return whole;
  }
  if (index !== undefined) await keep(client, index, entries.slice(old.length));
  return { entries, head };
}

/** Keeps what no reorganization takes back; from a node that does not know what that is, nothing. */
async function keep(client: PublicClient, index: Known, entries: readonly Entry[]): Promise<void> {
  if (entries.length === 0) return;
  const final = await client.getBlock({ blockTag: "finalized" }).catch(() => undefined);
  const count = entries.findIndex(({ blockNumber }) => final === undefined || blockNumber > final.number);
  index.append(count === -1 ? entries : entries.slice(0, count));
}
