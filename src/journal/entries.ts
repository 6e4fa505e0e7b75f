import {
  isAddressEqual,
  parseEventLogs,
  type Address,
  type Hex,
  type PublicClient,
  type TransactionReceipt,
} from "viem";
import { abiOf } from "../chain/artifacts.ts";
import { answerOf } from "../chain/node.ts";
import { NodeRefusedError } from "../chain/rpc.ts";

/** What the docket stores of its journal: the number of entries and the head over all of them. */
export interface Head {
  entries: bigint;
  head: Hex;
}

/** One act as the journal tells it. */
export interface Entry {
  seq: bigint;
  act: number;
  /** Zero where the act is about no case. */
  caseId: Hex;
  /** Digest of the order; zero where the act needs none. */
  order: Hex;
  document: Hex;
  /** Ids of the officers whose approvals counted: keys ascending, then all others ascending. */
  officerIds: readonly Hex[];
  /** `abi.encode(Effect[])`. */
  effects: Hex;
  /** The head that the journal claims after this entry. */
  head: Hex;
  /** Unix seconds of its block. */
  timestamp: bigint;
  blockNumber: bigint;
  transactionHash: Hex;
}

/**
 * Reads the journal of a docket from its events, up to a block, in the order of the chain. Events are no proof of
 * completeness: `verifyChain` shows whether one is missing or altered.
 */
export async function readEntries(
  client: PublicClient,
  docket: Address,
  { fromBlock = 0n, toBlock }: { fromBlock?: bigint; toBlock: bigint },
): Promise<Entry[]> {
  const logs = await entryLogs(client, docket, fromBlock, toBlock);
  const timestamps = new Map<bigint, bigint>();
  for (const blockNumber of new Set(logs.map((log) => log.blockNumber))) {
    timestamps.set(blockNumber, (await client.getBlock({ blockNumber })).timestamp);
  }
  return logs.map(({ args, blockNumber, transactionHash }) => ({
    ...args,
    timestamp: timestamps.get(blockNumber)!,
    blockNumber,
    transactionHash,
  }));
}

/** The entries that a transaction made, by its receipt; `timestamp` is the second of its block. */
export const entriesIn = ({ logs }: Pick<TransactionReceipt, "logs">, docket: Address, timestamp: bigint): Entry[] =>
  parseEventLogs({ abi: abiOf("Docket"), eventName: "Entry", logs })
    .filter(({ address }) => isAddressEqual(address, docket))
    .map(({ args, blockNumber, transactionHash }) => ({ ...args, timestamp, blockNumber, transactionHash }));

const askLogs = (client: PublicClient, address: Address, fromBlock: bigint, toBlock: bigint) =>
  answerOf(
    client.getContractEvents({
      abi: abiOf("Docket"),
      eventName: "Entry",
      address,
      fromBlock,
      toBlock,
      strict: true,
    }),
  );

type Logs = Awaited<ReturnType<typeof askLogs>>;

/** The journal's events in a range of blocks, in the order of the chain. Asks for half the range where the node finds it, or the answer, too large, or still says that it is asked too much after all waits. */
export async function entryLogs(
  client: PublicClient,
  docket: Address,
  fromBlock: bigint,
  toBlock: bigint,
): Promise<Logs> {
  try {
    return await askLogs(client, docket, fromBlock, toBlock);
  } catch (error) {
    const isTooMuch = error instanceof NodeRefusedError && (error.kind === "size" || error.kind === "rate");
    if (!isTooMuch || fromBlock >= toBlock) throw error;
    const middle = (fromBlock + toBlock) / 2n;
    const first = await entryLogs(client, docket, fromBlock, middle);
    return [...first, ...(await entryLogs(client, docket, middle + 1n, toBlock))];
  }
}

/** Reads the docket's count and head of its journal. */
export async function readHead(client: PublicClient, docket: Address, blockNumber: bigint): Promise<Head> {
  const contract = { abi: abiOf("Docket"), address: docket, blockNumber } as const;
  const [entries, head] = await Promise.all([
    client.readContract({ ...contract, functionName: "entries" }),
    client.readContract({ ...contract, functionName: "head" }),
  ]);
  return { entries, head };
}
