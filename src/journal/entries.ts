import type { Address, Hex, PublicClient } from "viem";
import { abiOf } from "../chain/artifacts.ts";

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
  const logs = await client.getContractEvents({
    abi: abiOf("Docket"),
    eventName: "Entry",
    address: docket,
    fromBlock,
    toBlock,
    strict: true,
  });
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
