import type { PublicClient } from "viem";
import { verifyDeployment, type Deployment } from "../chain/deployments.ts";
import { answerOf } from "../chain/node.ts";
import type { Entry } from "../journal/entries.ts";
import { powersOf, type Powers } from "../journal/powers.ts";
import { journalAt, unlessBehind } from "../journal/read.ts";
import { replay, type JournalState } from "../journal/replay.ts";
import { known } from "../audit/known.ts";
import { blockOf, pinned, type BlockAsked } from "../audit/pinned.ts";
import { unitsOf, type Units } from "../audit/tables.ts";
import { isoOf } from "../base/time.ts";
import { nodeOf, type NodeOptions } from "./node.ts";

/** A deployment's journal at one block of a node, complete, and what follows from it. */
export interface CustodyAt {
  client: PublicClient;
  deployment: Deployment;
  number: bigint;
  /** Unix second of the block. */
  at: number;
  /** The block, as data and for people. */
  block: { number: string; hash: string; time: string };
  entries: readonly Entry[];
  state: JournalState;
  powers: Powers;
  units: Units;
}

/** Reads the newest block of a node. @throws DeploymentMismatchError, and what `custodyOf` does */
export async function custodyAt(options: NodeOptions): Promise<CustodyAt> {
  const { client, deployment } = await nodeOf(options);
  await answerOf(verifyDeployment(client, deployment));
  return custodyOf(client, deployment);
}

/**
 * The same of a deployment that was held against the node, at the newest block unless another is asked for. All is read again
 * where the block is another one afterwards.
 * @throws BlockUnavailableError, JournalBehindError, JournalBrokenError, JournalContradictionError
 */
export const custodyOf = (
  client: PublicClient,
  deployment: Deployment,
  asked: BlockAsked = "latest",
): Promise<CustodyAt> =>
  pinned(blockOf(client), asked, async ({ number, hash, timestamp }) => {
    const { entries } = await known(String(number), journalAt(client, deployment, number));
    return {
      client,
      deployment,
      number,
      at: Number(timestamp),
      block: { number: String(number), hash, time: isoOf(timestamp) },
      entries,
      state: replay(entries),
      powers: powersOf(entries),
      units: unitsOf(deployment),
    };
  }).catch((fault: unknown) => {
    throw unlessBehind(fault);
  });

/** Of which block something is told, for people. */
export const asOf = ({ block }: Pick<CustodyAt, "block">): string =>
  `As of block ${block.number}, ${block.time}, told by the whole journal.\n`;
