import { encodeFunctionData } from "viem";
import { abiOf } from "../chain/artifacts.ts";
import { SequesterError } from "../errors.ts";
import {
  derivedSalt,
  documentHash,
  sentence,
  type ActName,
  type Order,
  type Target as OrderTarget,
} from "../orders/index.ts";
import { approve } from "./approve.ts";
import { GAS_CAP, type Call } from "./embedded.ts";
import type { PlannedOrder } from "./operation.ts";
import { assetOf, type ExecutedOrder, type Stage } from "./stage.ts";

/** An approved order that waits for its execution. */
export type PreparedOrder = Omit<ExecutedOrder, "transaction">;

/** What every order has, however it is built. */
export interface Base {
  caseId: string;
  document: `0x${string}`;
  signBy: bigint;
  salt: `0x${string}`;
}

/** Builds the order of an act over the targets. */
export type Draft = (base: Base, targets: OrderTarget[]) => Order;

/** One target alone needs more gas than a transaction may have. */
export class OrderTooLargeError extends SequesterError {
  override name = "OrderTooLargeError";
  constructor(act: ActName, caseId: string) {
    super(`${act} in case ${caseId} is too large for one transaction, and cannot be divided further.`, {
      metaMessages: [`needs: more than ${GAS_CAP} gas for one target`],
    });
  }
}

/** Seconds after an act's time in which its order may be executed. */
const APPROVAL_LIFE = 86_400;

/**
 * Has a planned order built and approved: as one order, or divided into as few equal ones as fit into a transaction each.
 * What does not fit never leaves this process.
 * @throws OrderTooLargeError, RuleNotMetError, ActRefusedError
 */
export async function prepare(
  stage: Stage,
  at: number,
  act: ActName,
  planned: PlannedOrder,
  draft: Draft,
): Promise<PreparedOrder[]> {
  const { holdings } = planned;
  for (let parts = 1; parts <= holdings.length; parts++) {
    const size = Math.ceil(holdings.length / parts);
    const prepared: PreparedOrder[] = [];
    for (let i = 0; i < holdings.length; i += size) {
      const part = { ...planned, holdings: holdings.slice(i, i + size) };
      const order = await prepareOne(stage, at, act, part, prepared.length, draft);
      if (!(await stage.chain.fits(callOf(stage, [order])))) break;
      prepared.push(order);
    }
    if (prepared.length === Math.ceil(holdings.length / size)) return prepared;
  }
  throw new OrderTooLargeError(act, planned.case);
}

async function prepareOne(
  stage: Stage,
  at: number,
  act: ActName,
  planned: PlannedOrder,
  part: number,
  draft: Draft,
): Promise<PreparedOrder> {
  const { operation, executed, words, deployment, parameters, officers } = stage;
  const { case: caseId, ruling, holdings } = planned;
  const earlier = executed.filter((other) => other.case === caseId && other.act === act).length;
  const source = { seed: operation.seed, caseId, act, index: earlier + part };
  const documentSalt = derivedSalt({ ...source, purpose: "documentSalt" });
  const base = {
    caseId,
    document: documentHash(documentSalt, ruling.sha256),
    signBy: BigInt(operation.start + at + APPROVAL_LIFE),
    salt: derivedSalt({ ...source, purpose: "salt" }),
  };
  const targets = holdings.map(({ asset, account, amount }) => ({ asset: assetOf(stage, asset), account, amount }));
  const order = draft(base, targets);
  const approved = await approve(act, order, { domain: deployment.domain, parameters, officers });
  return {
    act,
    case: caseId,
    order,
    documentSalt,
    ruling: { file: ruling.file, sha256: ruling.sha256 },
    sentence: sentence(order, words),
    ...approved,
  };
}

/** The relayer's call that executes prepared orders: many Freezes, or one of any other act. */
export function callOf({ chain, deployment }: Stage, prepared: readonly PreparedOrder[]): Call {
  const { docket, disposal } = deployment.addresses;
  const abi = abiOf("Docket");
  const [{ order, approvals, act, case: caseId }] = prepared as [PreparedOrder];
  const what = prepared.length > 1 ? `${act} of ${prepared.length} cases` : `${act} in case ${caseId}`;
  const call = { what, from: chain.roles.relayer, to: docket };
  switch (order.primaryType) {
    case "Freeze": {
      const orders = prepared.flatMap((it) => (it.order.primaryType === "Freeze" ? [it.order.message] : []));
      const args = [orders, prepared.map((it) => it.approvals)] as const;
      return { ...call, data: encodeFunctionData({ abi, functionName: "freeze", args }) };
    }
    case "Arrest":
      return { ...call, data: encodeFunctionData({ abi, functionName: "arrest", args: [order.message, approvals] }) };
    case "Lift":
      return { ...call, data: encodeFunctionData({ abi, functionName: "lift", args: [order.message, approvals] }) };
    case "Seize":
      return { ...call, data: encodeFunctionData({ abi, functionName: "seize", args: [order.message, approvals] }) };
    case "Return": {
      const refund = { abi: abiOf("Disposal"), functionName: "refund", args: [order.message, approvals] } as const;
      return { ...call, to: disposal, data: encodeFunctionData(refund) };
    }
    default:
      throw new Error(`no contract executes a ${order.primaryType} yet`);
  }
}
