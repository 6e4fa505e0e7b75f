import type { Hex } from "viem";
import { abiOf } from "../chain/artifacts.ts";
import { definitionOf } from "./acts/index.ts";
import type { QuorumAt } from "./proofs.ts";
import type { Order } from "./types.ts";

/** What became of an order. */
export interface OrderState {
  /** Open: nothing yet; used: done at once; scheduled: waits; dead: waited and was not executed in its time. */
  is: "open" | "expired" | "used" | "scheduled" | "executed" | "vetoed" | "dead";
  /** The entry of the journal that used it. */
  entry?: bigint;
  /** Of a scheduled one: the first and last second in which it may be executed. */
  start?: number;
  deadline?: number;
}

/** As contracts/types/Delayed.sol numbers them. */
const DELAYED_STATES = { 2: "executed", 3: "vetoed" } as const;

/** What became of an order without a node: only its time tells. */
export const stateAlone = ({ message }: Order, now: bigint): OrderState => ({
  is: message.signBy < now ? "expired" : "open",
});

/** What became of an order, by the Quorum at `time`, the second of the block that is asked. */
export async function stateAt(
  { client, quorum, blockNumber }: QuorumAt,
  time: bigint,
  order: Order,
  digest: Hex,
): Promise<OrderState> {
  const views = { address: quorum, abi: abiOf("Quorum"), blockNumber, args: [digest] } as const;
  const entry = await client.readContract({ ...views, functionName: "entryOf" });
  if (entry === 0n) return stateAlone(order, time);
  if (definitionOf(order.primaryType).delayed === undefined) return { is: "used", entry };
  const { state, start, deadline } = await client.readContract({ ...views, functionName: "delayedOf" });
  const ended = DELAYED_STATES[state as keyof typeof DELAYED_STATES];
  return { is: ended ?? (time > BigInt(deadline) ? "dead" : "scheduled"), entry, start, deadline };
}
