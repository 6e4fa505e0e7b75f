import type { TransactionReceipt } from "viem";
import { longestFitting } from "./batches.ts";
import { callOf } from "./calls.ts";
import type { Call } from "./embedded.ts";
import type { Act } from "../operation.ts";
import type { PreparedOrder } from "./stage.ts";
import type { Stage } from "./stage.ts";

/** What an act came to on the chain. */
export interface Tally {
  transactions: number;
  gas: bigint;
}

/** The relayer brings approved orders. Throws CallRefusedError. */
export async function bring(stage: Stage, prepared: readonly PreparedOrder[], tally?: Tally): Promise<void> {
  const { transactionHash, gasUsed } = await stage.chain.send(callOf(stage, prepared));
  stage.executed.push(...prepared.map((order) => ({ ...order, transaction: transactionHash })));
  if (tally === undefined) return;
  tally.transactions++;
  tally.gas += gasUsed;
}

/**
 * Orders of one act: what is signed together in as few transactions as the gas cap allows, else one each. What is not
 * public cannot be evaded.
 * @throws CallRefusedError
 */
export async function bringAll(stage: Stage, prepared: readonly PreparedOrder[]): Promise<Tally> {
  const tally = { transactions: 0, gas: 0n };
  const waiting = [...prepared];
  while (waiting.length > 0) {
    const together = waiting[0]?.bundle === undefined ? waiting.slice(0, 1) : waiting;
    const batch = await longestFitting(together, (some) => stage.chain.fits(callOf(stage, some)));
    await bring(stage, batch, tally);
    waiting.splice(0, batch.length);
  }
  return tally;
}

/** Calls of one act, a transaction each. Throws CallRefusedError. */
export async function playCalls(
  stage: Stage,
  { act, at }: Pick<Act, "act" | "at">,
  calls: readonly Call[],
  result: string,
  detail?: string,
): Promise<TransactionReceipt[]> {
  const receipts: TransactionReceipt[] = [];
  for (const [done, call] of calls.entries()) {
    await stage.progress({ step: act, at, done, total: calls.length });
    receipts.push(await stage.chain.send(call));
  }
  await stage.progress({ step: act, at, done: calls.length, total: calls.length, result, detail });
  return receipts;
}

/** The news of an act of one order. */
export async function announce(stage: Stage, { act, at }: Pick<Act, "act" | "at">, result: string): Promise<void> {
  await stage.progress({ step: act, at, done: 1, total: 1, result });
}
