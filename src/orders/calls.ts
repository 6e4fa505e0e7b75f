import { encodeFunctionData, type Abi, type Address, type Hex } from "viem";
import { abiOf } from "../chain/artifacts.ts";
import { NO_APPROVALS, type PackedApprovals } from "./approvals.ts";
import { isBundled, type BundledType } from "./bundle.ts";
import type { Order, PrimaryType } from "./types.ts";

/** The contracts that take orders. */
const CONTRACTS = { docket: "Docket", disposal: "Disposal", quorum: "Quorum", register: "LicenceRegister" } as const;

type Executor = keyof typeof CONTRACTS;

/** Where the contracts that take orders stand. */
export type Executors = Readonly<Record<Executor, Address>>;

/** A call that brings an order. */
export interface OrderCall {
  to: Address;
  data: Hex;
}

/** Which contract takes an order with its approvals, and by which function. No contract takes a SetAdapter yet. */
const TAKES: Readonly<Record<Exclude<PrimaryType, "SetAdapter">, readonly [Executor, string]>> = {
  Freeze: ["docket", "freeze"],
  Arrest: ["docket", "arrest"],
  Lift: ["docket", "lift"],
  Seize: ["docket", "seize"],
  Return: ["disposal", "refund"],
  Forfeit: ["disposal", "forfeit"],
  Compensate: ["disposal", "compensate"],
  Convert: ["disposal", "convert"],
  Transfer: ["disposal", "transfer"],
  Appeal: ["disposal", "appeal"],
  ExchangeHold: ["register", "exchangeHold"],
  License: ["register", "license"],
  Suspend: ["register", "suspend"],
  Stay: ["quorum", "stay"],
  Veto: ["quorum", "veto"],
  Cancel: ["quorum", "cancel"],
  Admit: ["quorum", "admit"],
  Dismiss: ["quorum", "dismiss"],
  Configure: ["quorum", "configure"],
  SetTreasury: ["disposal", "setTreasury"],
};

/** Types that are signed by somebody who is no officer: the candidate, the wallet, the holder. */
const CONSENTED: readonly PrimaryType[] = ["Admit", "License", "Appeal"];

/** Types that are scheduled first, and executed by a second call. */
export const DELAYED = ["Forfeit", "Compensate", "Convert", "Transfer", "Admit", "Configure", "SetTreasury"] as const;

const takerOf = (primaryType: PrimaryType): readonly [Executor, string] => {
  if (primaryType === "SetAdapter") throw new Error("No contract takes a SetAdapter.");
  return TAKES[primaryType];
};

/** Which contract takes orders of a type. */
export const executorOf = (primaryType: PrimaryType): Executor => takerOf(primaryType)[0];

/**
 * The call that brings an order with its approvals.
 * @param consent Of the candidate of an Admit, the wallet of a License, the holder of an Appeal; empty where it calls itself.
 */
export function bringing(at: Executors, order: Order, approvals: PackedApprovals, consent: Hex = "0x"): OrderCall {
  const { primaryType, message } = order;
  if (isBundled(primaryType)) return bringingList(at, [order as Order<BundledType>], [approvals]);
  const signed = primaryType === "Appeal" ? [] : [approvals];
  return call(at, takerOf(primaryType), [message, ...signed, ...(CONSENTED.includes(primaryType) ? [consent] : [])]);
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
  return call(at, TAKES[primaryType], [orders.map(({ message }) => message), approvals, range]);
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
