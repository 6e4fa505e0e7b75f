import { encodeFunctionData, type Abi, type Address, type Hex } from "viem";
import { abiOf } from "../../chain/artifacts.ts";
import { bringing, bringingList, executing } from "../../orders/calls.ts";
import { rangeOf, type BundledType, type Order } from "../../orders/index.ts";
import type { Call } from "./embedded.ts";
import type { Stage } from "./stage.ts";
import type { PreparedOrder } from "./stage.ts";

type Executor = "docket" | "disposal" | "quorum" | "register";

const CONTRACTS = { docket: "Docket", disposal: "Disposal", quorum: "Quorum", register: "LicenceRegister" } as const;

/** A call of a contract of the system. */
export function callTo(
  { deployment }: Stage,
  what: string,
  from: Address,
  [executor, functionName]: [Executor, string],
  args: readonly unknown[],
): Call {
  const abi = abiOf(CONTRACTS[executor]) as Abi;
  return { what, from, to: deployment.addresses[executor], data: encodeFunctionData({ abi, functionName, args }) };
}

/** A call of an asset. */
export function assetCall(
  what: string,
  from: Address,
  to: Address,
  functionName: "approve" | "mint" | "transfer",
  args: readonly [Address, bigint],
): Call {
  return { what, from, to, data: encodeFunctionData({ abi: abiOf("Tenge"), functionName, args }) };
}

/** The relayer's call that brings prepared orders: one, or some that follow each other in a bundle. */
export function callOf({ chain, deployment }: Stage, prepared: readonly PreparedOrder[]): Call {
  const from = chain.roles.relayer;
  const [{ order, digest, approvals, bundle, act, case: caseId, consent }] = prepared as [PreparedOrder];
  const what = prepared.length > 1 ? `${act} by ${prepared.length} orders` : whatOf(act, caseId);
  if (bundle === undefined) return { what, from, ...bringing(deployment.addresses, order, approvals, consent) };
  const orders = prepared.map((it) => it.order) as [Order<BundledType>];
  const range = rangeOf(bundle, bundle.leaves.indexOf(digest), orders.length);
  return { what, from, ...bringingList(deployment.addresses, orders, [approvals], range) };
}

/** The call that executes a scheduled order: anyone's, or of a conversion the wallet's, which pays `proceeds`. */
export function executionOf(
  { chain, deployment }: Stage,
  { order, officerIds, case: caseId }: PreparedOrder,
  proceeds: bigint | undefined,
): Call {
  const from = payerOf(order) ?? chain.roles.stranger;
  const what = whatOf(`execution of a ${order.primaryType}`, caseId);
  return { what, from, ...executing(deployment.addresses, order, officerIds, undefined, proceeds) };
}

const payerOf = (order: Order): Hex | undefined => (order.primaryType === "Convert" ? order.message.wallet : undefined);

/** An act and its case, for errors. */
export const whatOf = (act: string, caseId: string): string => (caseId === "" ? act : `${act} in case ${caseId}`);
