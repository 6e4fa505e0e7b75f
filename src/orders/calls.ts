import { encodeFunctionData, type Abi, type Address, type Hex } from "viem";
import { abiOf } from "../chain/artifacts.ts";
import { CONTRACTS, type Executor } from "./acts/act.ts";
import { definitionOf } from "./acts/index.ts";
import { NO_APPROVALS, type PackedApprovals } from "./approvals.ts";
import { isBundled, type BundledType } from "./bundle.ts";
import { typesWith, type Order, type PrimaryType } from "./types.ts";

/** Where the contracts that take orders stand. */
export type Executors = Readonly<Record<Executor, Address>>;

/** A call that brings an order. */
export interface OrderCall {
  to: Address;
  data: Hex;
}

/** Types that are scheduled first, and executed by a second call. */
export const DELAYED = typesWith("delayed");

function takerOf(primaryType: PrimaryType): readonly [Executor, string] {
  const { call } = definitionOf(primaryType);
  if (call === undefined) throw new Error(`No contract takes a ${primaryType}.`);
  return call;
}

/** Which contract takes orders of a type. */
export const executorOf = (primaryType: PrimaryType): Executor => takerOf(primaryType)[0];

/**
 * The call that brings an order with its approvals.
 * @param consent Of the candidate of an Admit, the wallet of a License, the holder of an Appeal; empty where it calls itself.
 */
export function bringing(at: Executors, order: Order, approvals: PackedApprovals, consent: Hex = "0x"): OrderCall {
  const { primaryType, message } = order;
  if (isBundled(primaryType)) return bringingList(at, [order as Order<BundledType>], [approvals]);
  const definition = definitionOf(primaryType);
  const signed = definition.unapproved ? [] : [approvals];
  return call(at, takerOf(primaryType), [message, ...signed, ...(definition.consent === undefined ? [] : [consent])]);
}

/**
 * The call that brings orders of one act.
 * @param approvals One for each order, or one for all that stand in a bundle.
 * @param range Where they stand in it, see `rangeOf`; empty where each has its own.
 */
export function bringingList<P extends BundledType>(
  at: Executors,
  orders: readonly [Order<P>, ...Order<P>[]],
  approvals: readonly PackedApprovals[],
  range: Hex = "0x",
): OrderCall {
  const [{ primaryType }] = orders;
  return call(at, takerOf(primaryType), [orders.map(({ message }) => message), approvals, range]);
}

/**
 * The call that executes a scheduled order.
 * @param officerIds Of those whose approvals counted when it was scheduled.
 * @param further Approvals in the place of those that ended since; none where none did.
 * @param proceeds Of a Convert: what its wallet, which alone may call, pays. Base units.
 */
export function executing(
  at: Executors,
  { primaryType, message }: Order,
  officerIds: readonly Hex[],
  further: PackedApprovals = NO_APPROVALS,
  proceeds?: bigint,
): OrderCall {
  const [executor] = takerOf(primaryType);
  const paid = primaryType === "Convert" ? [proceeds ?? message.leastProceeds] : [];
  return call(at, [executor, `execute${primaryType}`], [message, officerIds, further, ...paid]);
}

function call(
  at: Executors,
  [executor, functionName]: readonly [Executor, string],
  args: readonly unknown[],
): OrderCall {
  const abi = abiOf(CONTRACTS[executor]) as Abi;
  return { to: at[executor], data: encodeFunctionData({ abi, functionName, args }) };
}
